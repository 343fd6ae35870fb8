"""Original text → search text, with a map from every search character back to the original.

The search text is what is tokenised, embedded and compared; it is never shown. One function serves
build and query, so both sides see the same characters.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from index.documents import Span

VERSION = 1

# A pinyin gloss carries a tone mark, or is one of the few syllables that are written without one.
_TONED = "āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜńňǹḿ"
GLOSS = re.compile(
    rf"(?<=[\u3400-\u9fff])(?:[ \t]*[(（](?:[a-zü]*[{_TONED}][a-zü{_TONED}]*"
    r"|men|de|le|zi|me|ma|ne|ba|la|tou|zhe|guo)[)）])+"
)
# When marks are doubled by a scraper, the strongest one is the author's.
_MARKS = {",": 0, "、": 1, ":": 2, ";": 3, "。": 4, "!": 4, "?": 4}
_DOUBLED = re.compile("[,、:;。!?]{2,}")
_BLANKS = re.compile(r"[ \n]+")
_INVISIBLE = {"\ufeff", "\u200b", "\u200c", "\u200d", "\u2060", "\u00ad"}


@dataclass(frozen=True, slots=True)
class SearchText:
    """Search text and, for each of its characters, the original character's index.

    ``offsets`` has ``len(text) + 1`` entries, ascending; the last is the length of the original.
    """

    text: str
    offsets: tuple[int, ...]

    def original(self, span: Span) -> Span:
        """Map a span of the search text to the span of the original that it came from."""
        if not span:
            at = self.offsets[span.start]
            return Span(at, at)
        return Span(self.offsets[span.start], self.offsets[span.end - 1] + 1)

    def search(self, span: Span) -> Span:
        """Map a span of the original to the search characters that came from inside it."""
        body = self.offsets[:-1]
        return Span(bisect_right(body, span.start - 1), bisect_right(body, span.end - 1))


def normalise(text: str) -> SearchText:
    """Return the search text of ``text``.

    Simplified script, half-width forms, no pinyin glosses, no doubled marks, no blanks or line
    breaks inside Chinese text, no control or invisible characters.
    """
    folded = _collapse_marks(*_drop_blanks(*_fold(text)))
    return SearchText(_simplify(folded[0]), (*folded[1], len(text)))


# Each step takes a text with the original offset of each of its characters and returns the same;
# stretches in which there is nothing to do are passed on whole.


def _fold(text: str) -> tuple[str, Sequence[int]]:
    offsets: Sequence[int] = range(len(text))
    if "(" in text or "（" in text:
        text, offsets = _without(text, offsets, GLOSS)
    folded = text.translate(_FOLDED)
    if _FOLDED.uneven.isdisjoint(text):
        return folded, offsets
    sizes = (len(_FOLDED[ord(character)]) for character in text)
    return folded, [at for at, size in zip(offsets, sizes, strict=True) for _ in range(size)]


def _without(
    text: str, offsets: Sequence[int], pattern: re.Pattern[str]
) -> tuple[str, Sequence[int]]:
    """Leave out what ``pattern`` matches."""
    pieces: list[str] = []
    kept: list[int] = []
    position = 0
    for match in pattern.finditer(text):
        pieces.append(text[position : match.start()])
        kept += offsets[position : match.start()]
        position = match.end()
    if not position:
        return text, offsets
    return "".join([*pieces, text[position:]]), [*kept, *offsets[position:]]


def _fold_character(character: str) -> str:
    if character in _INVISIBLE:
        return ""
    if character.isspace():
        return "\n" if character == "\n" else " "
    if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs"}:
        return ""
    if "\u2460" <= character <= "\u2473":
        # ①2025年 must not become 12025年.
        return character
    folded = unicodedata.normalize("NFKC", character)
    return folded if not folded.isspace() else " "


class _Folded(dict[int, str]):
    """Characters by their code, folded when they are first met; ``uneven``: not to just one."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(folded) != 1:
            self.uneven.add(chr(code))
        self[code] = folded
        return folded


_FOLDED = _Folded()


def _is_cjk(character: str) -> bool:
    return (
        "\u3400" <= character <= "\u9fff"
        or "\u3000" <= character <= "\u303f"
        or character in "“”‘’—…()[]"
        or character in _MARKS
    )


def _drop_blanks(text: str, offsets: Sequence[int]) -> tuple[str, Sequence[int]]:
    """Drop blanks next to Chinese characters or marks; keep one blank between other words."""
    if " " not in text and "\n" not in text:
        return text, offsets
    pieces: list[str] = []
    kept: list[int] = []
    position = 0
    for match in _BLANKS.finditer(text):
        start, end = match.span()
        pieces.append(text[position:start])
        kept += offsets[position:start]
        inside = start > 0 and end < len(text)
        if inside and not (_is_cjk(text[start - 1]) or _is_cjk(text[end])):
            pieces.append(" ")
            kept.append(offsets[start])
        position = end
    return "".join([*pieces, text[position:]]), [*kept, *offsets[position:]]


def _collapse_marks(text: str, offsets: Sequence[int]) -> tuple[str, Sequence[int]]:
    pieces: list[str] = []
    kept: list[int] = []
    position = 0
    for match in _DOUBLED.finditer(text):
        strongest = max(range(*match.span()), key=lambda at: _MARKS[text[at]])
        pieces += [text[position : match.start()], text[strongest]]
        kept += [*offsets[position : match.start()], offsets[strongest]]
        position = match.end()
    if not position:
        return text, offsets
    return "".join([*pieces, text[position:]]), [*kept, *offsets[position:]]


@lru_cache(maxsize=1)
def _converter() -> Any:  # noqa: ANN401 - opencc has no types
    from opencc import OpenCC

    return OpenCC("t2s")


def _simplify(text: str) -> str:
    """Convert to simplified script, one character for each, so that offsets hold."""
    if text.isascii():
        return text
    converted: str = _converter().convert(text)
    if len(converted) == len(text):
        return converted
    # A phrase changed its length: convert by sentence, and by character where that still differs.
    pieces = re.split(r"(?<=[。;!?,])", text)
    if len(pieces) > 1:
        return "".join(_simplify(piece) for piece in pieces)
    singles = (_converter().convert(character) for character in text)
    return "".join(
        single if len(single) == 1 else character
        for single, character in zip(singles, text, strict=True)
    )
