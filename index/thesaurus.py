"""Lay wording ↔ official wording, and English ↔ Chinese terms, with its data file.

Lay expressions are matched, never shown: some are rude, as people type them.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from index.errors import InputError
from index.normalise import normalise

DATA = Path(__file__).parent / "data" / "thesaurus.jsonl"

_KEYS = ("official", "lay", "en", "questions")
_ENGLISH_STOP = frozenset("a an the of in on for to and or by with at is are be".split())  # noqa: SIM905
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One matter: the official term, its variants, and how people and English texts put it."""

    term: str
    domain: str
    official: tuple[str, ...]
    lay: tuple[str, ...]
    en: tuple[str, ...]
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expansion:
    """An entry that a question's words lead to; ``exact`` when it named an official wording."""

    entry: Entry
    matched: str
    exact: bool

    @property
    def wordings(self) -> tuple[str, ...]:
        """The official term and its variants."""
        return (self.entry.term, *self.entry.official)


@dataclass(frozen=True)
class Thesaurus:
    """Entries with a look-up by what stands in a question."""

    entries: tuple[Entry, ...]

    def expand(self, search: str) -> list[Expansion]:
        """Return the entries that ``search`` (normalised text) leads to, longest match first.

        A wording inside a longer one that matched too does not count: 养老保险 is not 养老.
        """
        found = self._chinese(search) + self._english(search)
        return sorted(found, key=lambda e: (-len(e.matched), e.entry.term))

    def _chinese(self, search: str) -> list[Expansion]:
        hits: list[tuple[int, int, Entry, str, bool]] = []
        for at in range(len(search) - 1):
            for wording, entry, exact in self._by_pair.get(search[at : at + 2], ()):
                if search.startswith(wording, at):
                    hits.append((at, at + len(wording), entry, wording, exact))
        kept = [
            hit
            for hit in hits
            if not any(
                other[0] <= hit[0] and hit[1] <= other[1] and len(other[3]) > len(hit[3])
                for other in hits
            )
        ]
        unique = {(hit[2].term): Expansion(hit[2], hit[3], hit[4]) for hit in reversed(kept)}
        return list(unique.values())

    def _english(self, search: str) -> list[Expansion]:
        """Entries all of whose English words stand in ``search``; the most specific ones."""
        asked = frozenset(map(_stem, _WORD.findall(search.lower()))) - _ENGLISH_STOP
        if not asked:
            return []
        near = {entry.term: entry for stem in asked for entry in self._by_stem.get(stem, ())}
        hits: list[tuple[frozenset[str], Entry, str]] = []
        for entry in near.values():
            for phrase in entry.en:
                stems = frozenset(map(_stem, _WORD.findall(phrase.lower()))) - _ENGLISH_STOP
                if stems and stems <= asked:
                    hits.append((stems, entry, phrase))
        best = [hit for hit in hits if not any(hit[0] < other[0] for other in hits)]
        return [Expansion(entry, phrase, False) for _, entry, phrase in best]

    @cached_property
    def _by_pair(self) -> dict[str, list[tuple[str, Entry, bool]]]:
        found: dict[str, list[tuple[str, Entry, bool]]] = {}
        for entry in self.entries:
            wordings = [(w, True) for w in (entry.term, *entry.official)]
            for wording, exact in wordings + [(w, False) for w in entry.lay]:
                if len(wording) > 1:
                    found.setdefault(wording[:2], []).append((wording, entry, exact))
        return found

    @cached_property
    def _by_stem(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            for stem in {
                _stem(word) for phrase in entry.en for word in _WORD.findall(phrase.lower())
            }:
                found.setdefault(stem, []).append(entry)
        return found


@cache
def embedded() -> Thesaurus:
    """The thesaurus of the package."""
    return Thesaurus(tuple(load(DATA)))


def with_own(files: Sequence[Path]) -> Thesaurus:
    """The embedded thesaurus and the user's own files, whose entries come first.

    The embedded file is stored as search text, which a test sees to; the user's is made so here.
    """
    own = [_searchable(entry) for path in files for entry in load(path)]
    return Thesaurus((*own, *embedded().entries)) if own else embedded()


def _searchable(entry: Entry) -> Entry:
    official, lay = (
        tuple(normalise(wording).text for wording in wordings)
        for wordings in (entry.official, entry.lay)
    )
    return Entry(normalise(entry.term).text, entry.domain, official, lay, entry.en, entry.questions)


def load(path: Path) -> list[Entry]:
    """Read a file of terms: ``{"term", "official", "lay", "en"}`` a line.

    Raises:
        InputError: names the file and the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"词表“{path}”无法读取：应为 UTF-8 编码的 JSONL（{error}）。") from error
    return [
        _entry(line, f"词表“{path}”第 {n} 行") for n, line in enumerate(lines, 1) if line.strip()
    ]


def _entry(line: str, where: str) -> Entry:
    try:
        row = json.loads(line)
        term, domain = row["term"], row.get("domain", "")
        lists = [row.get(key, []) for key in _KEYS]
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise InputError(
            f'{where}有误：应为 {{"term": …, "lay": […]}} 形式的 JSON，出错于 {error}。'
        ) from error
    if not isinstance(term, str) or not term.strip() or not all(map(_is_texts, lists)):
        raise InputError(f"{where}有误：“term”应为非空字符串，{'、'.join(_KEYS)} 应为字符串列表。")
    return Entry(term, str(domain), *(tuple(texts) for texts in lists))


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) and v.strip() for v in value)


def _stem(word: str) -> str:
    """Cut the plural and a few endings, so that rates meets rate; enough to match phrases."""
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 2 and not word.endswith("ss"):
            return word[: -len(ending)] + instead
    return word


def terms_of(expansions: Iterable[Expansion]) -> list[str]:
    """The official terms that lay or English words led to, without repeats."""
    return list(dict.fromkeys(e.entry.term for e in expansions if not e.exact))
