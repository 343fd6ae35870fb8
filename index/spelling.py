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
        strange = [at for at in self._strange(text) if at not in regions]
        # Most questions hold nothing strange, and need not be cut into words.
        in_word = _in_word(text) if strange else []
        for at in strange:
            # A neighbour that was mended may have made it familiar.
            if in_word[at] or self._names_it(text, at) or any(self.pairs(_pairs(text, at))):
                continue
            better = self._replacement(text, at)
            if better:
                mended = text[:at] + better + text[at + 1 :]
                changes.append((_around(text, at), _around(mended, at)))
                text = mended
        return text, tuple(changes)

    def _strange(self, text: str) -> list[int]:
        """The places of Chinese characters that no passage holds beside either neighbour."""
        pairs = [text[at : at + 2] for at in range(len(text) - 1)]
        chinese = list(map(_is_chinese, text))
        asked = [pair for at, pair in enumerate(pairs) if chinese[at] and chinese[at + 1]]
        held = dict(zip(asked, self.pairs(asked), strict=True))
        found = []
        for at, character in enumerate(text):
            own = [pair for pair in pairs[max(0, at - 1) : at + 1] if pair in held]
            if chinese[at] and character not in _EVERYDAY and own and not any(map(held.get, own)):
                found.append(at)
        return found

    def _names_it(self, text: str, at: int) -> bool:
        """Whether a region name covers the character at ``at``."""
        return any(
            text.startswith(name, at - place)
            for name, place in self._by_character.get(text[at], ())
            if place <= at
        )

    def _replacement(self, text: str, at: int) -> str:
        """The homophone that the corpus holds beside both neighbours, or completes a region name."""
        others = self._homophones(text[at])
        versions = [text[:at] + other + text[at + 1 :] for other in others]
        pairs = [_pairs(mended, at) for mended in versions]
        counted = iter(self.pairs([pair for own in pairs for pair in own]))
        best, most = "", 0.0
        for other, mended, own in zip(others, versions, pairs, strict=True):
            counts = [next(counted) for _ in own]
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
            for at in range(len(search) - len(name) + 1):
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
        """The names that a stretch of the text may be but for one character, in a fixed order."""
        found: set[str] = set()
        for at in range(len(search) - 2):
            for key in _openings(search[at : at + 3]):
                found.update(self._by_opening.get(key, ()))
        return sorted(found)

    @cached_property
    def _by_character(self) -> dict[str, list[tuple[str, int]]]:
        """Names, with the place in them, of each of their characters."""
        found: dict[str, list[tuple[str, int]]] = {}
        for name in sorted(self.names):
            for place, character in enumerate(name):
                found.setdefault(character, []).append((name, place))
        return found

    @cached_property
    def _by_opening(self) -> dict[tuple[str, ...], list[str]]:
        """Names of more than two characters by any two of their first three."""
        found: dict[tuple[str, ...], list[str]] = {}
        for name in sorted(self.names):
            for key in _openings(name[:3]) if len(name) > 2 else ():
                found.setdefault(key, []).append(name)
        return found

    def _homophones(self, character: str) -> list[str]:
        return [c for c in self._by_sound.get(_sound(character), []) if c != character]

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for character in sorted(self.characters | frozenset("".join(self.names))):
            found.setdefault(_sound(character), []).append(character)
        return found


def _openings(three: str) -> tuple[tuple[str, ...], ...]:
    """What is left of three characters when one of them is typed wrong."""
    return ("", three[1], three[2]), (three[0], "", three[2]), (three[0], three[1], "")


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
