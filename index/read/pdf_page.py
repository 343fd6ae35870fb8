"""One page of a PDF by pdfium → its characters, ruled lines and images, as they are shown.

All lengths are points from the upper left corner of the page as a viewer shows it, rotation and
crop included.
"""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

Box = tuple[float, float, float, float]

_THIN = 3.0  # a filled rectangle this thin is a ruled line
_BOLD = 600
_LIGATURES = "—…―─-.·"
_MAX_CHARACTERS = 60_000  # of one page; an A0 poster has fewer


@dataclass(frozen=True, slots=True)
class Character:
    """A glyph that is shown: its text, box and font size; ``blank`` after it in the text layer."""

    text: str
    box: Box
    size: float
    bold: bool
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruled line: ``at`` is its y if ``flat`` and its x if not; from ``start`` to ``end``."""

    flat: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows. ``scanned``: hardly any characters, and an image over most of it."""

    number: int
    width: float
    height: float
    characters: tuple[Character, ...]
    rules: tuple[Rule, ...]
    scanned: bool


class TooMuchError(Exception):
    """A page that holds more than a page can show."""


def read_page(pdf: Any, number: int) -> Page:  # noqa: ANN401 - pypdfium2 is loaded late
    """Read page ``number``, counted from 1, of an open pypdfium2 document."""
    page = pdf[number - 1]
    try:
        shown = _shown(page)
        width, height = page.get_width(), page.get_height()
        characters = tuple(_characters(page, shown))
        rules, covered = _drawn(page, shown, width * height)
        scanned = len(characters) < 12 and covered > 0.4
        return Page(number, width, height, characters, tuple(rules), scanned)
    finally:
        page.close()


def _shown(page: Any) -> Callable[[float, float, float, float], Box]:  # noqa: ANN401
    """Return what turns (left, bottom, right, top) of the file into a box of the page as shown."""
    left, bottom, right, top = page.get_cropbox()
    turn = page.get_rotation() % 360

    def shown(x0: float, y0: float, x1: float, y1: float) -> Box:
        if turn == 90:
            box = (y0 - bottom, x0 - left, y1 - bottom, x1 - left)
        elif turn == 180:
            box = (right - x1, y0 - bottom, right - x0, y1 - bottom)
        elif turn == 270:
            box = (top - y1, right - x1, top - y0, right - x0)
        else:
            box = (x0 - left, top - y1, x1 - left, top - y0)
        return (round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2))

    return shown


def _characters(page: Any, shown: Callable[..., Box]) -> Iterator[Character]:  # noqa: ANN401
    import pypdfium2.raw as c

    text = page.get_textpage()
    try:
        count = text.count_chars()
        if count > _MAX_CHARACTERS:
            raise TooMuchError(f"一页上有 {count} 个字符")
        reader = _GlyphReader(c, text, shown)
        held: Character | None = None
        for index in range(count):
            code = c.FPDFText_GetUnicode(text, index)
            if 0xD800 <= code < 0xE000 or code > 0x10FFFF:
                continue
            # What pdfium gives for a hyphen at the end of a line.
            character = "-" if code == 2 and c.FPDFText_IsHyphen(text, index) == 1 else chr(code)
            generated = c.FPDFText_IsGenerated(text, index) == 1
            if character.isspace() or generated:
                # Blanks that pdfium adds are mere gaps, as between 到 and 2030: they are none.
                if held is not None and not generated:
                    held = Character(held.text, held.box, held.size, held.bold, blank=True)
                continue
            found = reader.glyph(index, character)
            if found is None:
                continue
            if held is not None and _twice(held, found):
                if character not in _LIGATURES:
                    continue
                # One glyph for —— or ……: each has the box of both.
                edge = (found.box[2], found.box[1], found.box[2], found.box[3])
                found = Character(character, edge, found.size, found.bold)
            if held is not None:
                yield held
            held = found
        if held is not None:
            yield held
    finally:
        text.close()


class _GlyphReader:
    """Asks pdfium for one glyph after another, with the buffers made once."""

    def __init__(self, c: Any, text: Any, shown: Callable[..., Box]) -> None:  # noqa: ANN401
        self._c, self._text, self._shown = c, text, shown
        self._loose, self._matrix = c.FS_RECTF(), c.FS_MATRIX()
        self._tight = tuple(ctypes.c_double() for _ in range(4))

    def glyph(self, index: int, character: str) -> Character | None:
        """The glyph at ``index``; None for what no reader sees."""
        c, text = self._c, self._text
        if ord(character) < 32 or character in "\ufffe\uffff\x7f\u200b\ufeff":
            return None
        left, right, bottom, top = self._tight
        if not c.FPDFText_GetCharBox(text, index, left, right, bottom, top):
            return None
        if not c.FPDFText_GetLooseCharBox(text, index, self._loose):
            return None
        box = self._shown(
            min(self._loose.left, self._loose.right), min(self._loose.bottom, self._loose.top),
            max(self._loose.left, self._loose.right), max(self._loose.bottom, self._loose.top),
        )  # fmt: skip
        size = c.FPDFText_GetFontSize(text, index)
        if c.FPDFText_GetMatrix(text, index, self._matrix):
            size *= (self._matrix.c**2 + self._matrix.d**2) ** 0.5
        if not 0 < round(size, 1) < 2000 or not all(abs(edge) < 1e5 for edge in box):
            return None
        # The loose box is as high as the font says, which some fonts exaggerate: the size is not.
        tight = self._shown(left.value, bottom.value, right.value, top.value)
        middle = (box[1] + box[3]) / 2
        if box[3] - box[1] > 1.6 * size or box[3] <= box[1]:
            middle = (tight[1] + tight[3]) / 2
        box = (box[0], round(middle - size / 2, 2), box[2], round(middle + size / 2, 2))
        bold = c.FPDFText_GetFontWeight(text, index) >= _BOLD
        return Character(character, box, round(size, 1), bold)


def _twice(one: Character, other: Character) -> bool:
    """Whether a glyph was set twice to look bold."""
    return (
        one.text == other.text
        and (abs(one.box[0] - other.box[0]) < 0.2 * one.size or one.box[2] == other.box[2])
        and abs(one.box[1] - other.box[1]) < 0.2 * one.size
    )


def _drawn(page: Any, shown: Callable[..., Box], area: float) -> tuple[list[Rule], float]:  # noqa: ANN401
    """Return the ruled lines, and the share of the page that its largest image covers."""
    import pypdfium2.raw as c

    rules: list[Rule] = []
    covered = 0.0
    kinds = [c.FPDF_PAGEOBJ_PATH, c.FPDF_PAGEOBJ_IMAGE]
    for number, drawn in enumerate(page.get_objects(filter=kinds, max_depth=5)):
        if number > 50_000:
            raise TooMuchError("一页上有超过 50000 个图形")
        try:
            bounds = _in_page(drawn)
        except Exception as error:
            if type(error).__name__ != "PdfiumError":
                raise
            continue
        box = shown(*bounds)
        if drawn.type == c.FPDF_PAGEOBJ_IMAGE:
            covered = max(covered, (box[2] - box[0]) * (box[3] - box[1]) / max(1.0, area))
        else:
            rules += _rules(drawn, box, c)
    return rules, covered


def _in_page(drawn: Any) -> Box:  # noqa: ANN401
    """Bounds (left, bottom, right, top) on the page of an object that may stand in a form."""
    left, bottom, right, top = drawn.get_bounds()
    points = [(left, bottom), (right, top)]
    container = drawn.container
    while container is not None:
        matrix = container.get_matrix()
        points = [matrix.on_point(x, y) for x, y in points]
        container = container.container
    (x0, y0), (x1, y1) = points
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _rules(path: Any, box: Box, c: Any) -> Iterator[Rule]:  # noqa: ANN401
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    if high <= _THIN and wide > 2 * _THIN:
        yield Rule(True, (top + bottom) / 2, left, right)
    elif wide <= _THIN and high > 2 * _THIN:
        yield Rule(False, (left + right) / 2, top, bottom)
    elif wide > _THIN and high > _THIN:
        fill, stroke = ctypes.c_int(), c.FPDF_BOOL()
        c.FPDFPath_GetDrawMode(path, fill, stroke)
        if stroke.value and c.FPDFPath_CountSegments(path) in {4, 5}:
            yield Rule(True, top, left, right)
            yield Rule(True, bottom, left, right)
            yield Rule(False, left, top, bottom)
            yield Rule(False, right, top, bottom)


def body_size(pages: list[Page]) -> float:
    """The font size of most characters; 0 without any."""
    sizes = [character.size for page in pages for character in page.characters]
    return median(sizes) if sizes else 0.0
