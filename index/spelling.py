"""Homophone typos: 城镇花率 → 城镇化率, when the corpus knows the one and not the other.

A character is doubted when no passage holds it next to its neighbours; it is replaced by one of the
same sound (tones aside) that the corpus does hold there. Nothing else is ever changed, and the name
of a region never: 山西 and 陕西 sound alike.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from index.regions import find
from index.terms import is_word, segments

# Characters of everyday speech that plans hardly hold; they are meant as typed.
_EVERYDAY = frozenset(
    "几搞啥咋呢吗吧啊了的地得着过都也还就很太会能要想让给跟把被和与或我你他她它们谁哪这那有没不上下里"
)

# 苏州十五五 is not 苏州市五五, nor 北京是 北京市: these are never typed for the end of a name.
_MEANT = frozenset("零一二三四五六七八九十百千万是") | _EVERYDAY

# Gives in how many passages a pair of characters stands.
Known = Callable[[list[str]], list[int]]


@dataclass(frozen=True)
class Speller:
    """Corrects questions by the pairs of characters that the corpus holds."""

    pairs: Known
    characters: frozenset[str]
    names: frozenset[str] = frozenset()

    def correct(self, search: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Return the text with homophone typos mended, and what was changed: (typed, read)."""
        regions = frozenset(at for start, end, _ in find(search) for at in range(start, end))
        text = self._mend_names(search, regions)
        changes = [(a, b) for a, b in zip(search, text, strict=True) if a != b]
        search = text
        in_word = _in_word(search)
        for at in range(len(search)):
            if at in regions or not self._is_doubtful(text, at, in_word[at]):
                continue
            better = self._replacement(text, at)
            if better:
                mended = text[:at] + better + text[at + 1 :]
                changes.append((_around(text, at), _around(mended, at)))
                text = mended
        return text, tuple(changes)

    def _is_doubtful(self, text: str, at: int, word: bool) -> bool:
        """Whether no passage holds the character beside either neighbour, nor is it in a word."""
        if word or not _is_chinese(text[at]) or text[at] in _EVERYDAY or self._names_it(text, at):
            return False
        pairs = _pairs(text, at)
        return bool(pairs) and not any(self.pairs(pairs))

    def _names_it(self, text: str, at: int) -> bool:
        """Whether a region name covers the character at ``at``."""
        return any(
            text[start : start + size] in self.names
            for size in self._sizes
            for start in range(max(0, at - size + 1), at + 1)
        )

    def _replacement(self, text: str, at: int) -> str:
        """The homophone that the corpus holds beside both neighbours, or completes a region name."""
        best, most = "", 0.0
        for other in self._homophones(text[at]):
            mended = text[:at] + other + text[at + 1 :]
            counts = self.pairs(_pairs(mended, at))
            named = self._names_it(mended, at)
            if not named and (len(counts) < 2 or not all(counts)):
                continue
            score = min(counts, default=0) + (1e6 if named else 1.0)
            if score > most:
                best, most = other, score
        return best

    def _mend_names(self, search: str, regions: frozenset[int]) -> str:
        """历程区 → 历城区: a full region name that sounds like a stretch of the text.

        ``regions`` are the places of characters that name a region as typed.
        """
        for name in self._nearly_in(search):
            for at in range(len(search) - len(name) + 1 if len(name) > 2 else 0):
                typed = search[at : at + len(name)]
                wrong = [i for i in range(len(name)) if typed[i] != name[i]]
                if (
                    len(wrong) == 1
                    and at + wrong[0] not in regions
                    and _is_chinese(typed[wrong[0]])
                    and typed[wrong[0]] not in _MEANT
                    and _sound(typed[wrong[0]]) == _sound(name[wrong[0]])
                ):
                    search = search[:at] + name + search[at + len(name) :]
        return search

    def _nearly_in(self, search: str) -> list[str]:
        """The names that a stretch of the text is but for one character, in a fixed order."""
        found = {
            name
            for size in self._sizes
            for at in range(len(search) - size + 1 if size > 2 else 0)
            for gap in range(size)
            for name in self._by_gap.get(
                (search[at : at + gap], search[at + gap + 1 : at + size]), ()
            )
        }
        return sorted(found)

    @cached_property
    def _sizes(self) -> tuple[int, ...]:
        return tuple(sorted({len(name) for name in self.names}))

    @cached_property
    def _by_gap(self) -> dict[tuple[str, str], list[str]]:
        """Names of more than two characters by what is before and after each character."""
        found: dict[tuple[str, str], list[str]] = {}
        for name in self.names:
            for gap in range(len(name) if len(name) > 2 else 0):
                found.setdefault((name[:gap], name[gap + 1 :]), []).append(name)
        return found

    def _homophones(self, character: str) -> list[str]:
        return [c for c in self._by_sound.get(_sound(character), []) if c != character]

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for character in sorted(self.characters | frozenset("".join(self.names))):
            found.setdefault(_sound(character), []).append(character)
        return found


def _in_word(search: str) -> list[bool]:
    """Say for each character whether it is part of a dictionary word of two or more."""
    marks = [False] * len(search)
    for word, start, end in segments(search):
        if len(word) > 1 and is_word(word):
            marks[start:end] = [True] * (end - start)
    return marks


def characters(texts: Iterable[str]) -> frozenset[str]:
    """Return the Chinese characters of ``texts``."""
    return frozenset(c for text in texts for c in text if _is_chinese(c))


def _pairs(text: str, at: int) -> list[str]:
    found = []
    if at > 0 and _is_chinese(text[at - 1]):
        found.append(text[at - 1 : at + 1])
    if at + 1 < len(text) and _is_chinese(text[at + 1]):
        found.append(text[at : at + 2])
    return found


def _around(text: str, at: int) -> str:
    start = at - 1 if at > 0 and _is_chinese(text[at - 1]) else at
    end = at + 2 if at + 1 < len(text) and _is_chinese(text[at + 1]) else at + 1
    return text[start:end]


def _is_chinese(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _sound(character: str) -> str:
    from pypinyin import Style, pinyin

    # 平舌 and 翘舌, 前鼻 and 后鼻 sounds are mixed up in typing too.
    sound = str(pinyin(character, style=Style.NORMAL)[0][0])
    for one, other in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n")):
        sound = sound.replace(one, other)
    return sound
