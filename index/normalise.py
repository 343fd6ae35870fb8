"""Original text → search text, with a map from every search character back to the original.

The search text is what is tokenised, embedded and compared; it is never shown. One function serves
build and query, so both sides see the same characters.
"""

import re
import unicodedata
from bisect import bisect_right
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
    characters, offsets = _fold(text)
    characters, offsets = _drop_blanks(characters, offsets)
    characters, offsets = _collapse_marks(characters, offsets)
    return SearchText(_simplify("".join(characters)), (*offsets, len(text)))


def _fold(text: str) -> tuple[list[str], list[int]]:
    characters: list[str] = []
    offsets: list[int] = []
    position = 0
    for gloss in [*GLOSS.finditer(text), None]:
        end = gloss.start() if gloss else len(text)
        for index in range(position, end):
            for folded in _fold_character(text[index]):
                characters.append(folded)
                offsets.append(index)
        position = gloss.end() if gloss else end
    return characters, offsets


@lru_cache(maxsize=65536)
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


def _is_cjk(character: str) -> bool:
    return (
        "\u3400" <= character <= "\u9fff"
        or "\u3000" <= character <= "\u303f"
        or character in "“”‘’—…()[]"
        or character in _MARKS
    )


def _drop_blanks(characters: list[str], offsets: list[int]) -> tuple[list[str], list[int]]:
    """Drop blanks next to Chinese characters or marks; keep one blank between other words."""
    kept: list[str] = []
    places: list[int] = []
    blank: int | None = None
    for character, place in zip(characters, offsets, strict=True):
        if character in " \n":
            blank = place if blank is None else blank
            continue
        if blank is not None and kept and not (_is_cjk(kept[-1]) or _is_cjk(character)):
            kept.append(" ")
            places.append(blank)
        blank = None
        kept.append(character)
        places.append(place)
    return kept, places


def _collapse_marks(characters: list[str], offsets: list[int]) -> tuple[list[str], list[int]]:
    kept: list[str] = []
    places: list[int] = []
    for character, place in zip(characters, offsets, strict=True):
        if character in _MARKS and kept and kept[-1] in _MARKS:
            if _MARKS[character] > _MARKS[kept[-1]]:
                kept[-1], places[-1] = character, place
            continue
        kept.append(character)
        places.append(place)
    return kept, places


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
