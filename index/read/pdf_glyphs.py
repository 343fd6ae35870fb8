"""The characters that pdfium finds on a page → glyphs with their boxes, direction and visibility."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import degrees
from typing import Any

Box = tuple[float, float, float, float]

UNKNOWN = "\ufffd"  # stands for a glyph whose font does not say which character it is
_BOLD = 600
_MAX_CHARACTERS = 60_000  # of one page; an A0 poster has fewer
_SLANT = 3.0  # degrees: what runs more across than this is no line of text
_INVISIBLE = (3, 7)  # text rendering modes that paint nothing


class TooMuchError(Exception):
    """A page that holds more than a page can show."""


@dataclass(frozen=True, slots=True)
class Character:
    """A glyph that is shown: its text, box and font size; ``blank`` after it in the text layer."""

    text: str
    box: Box
    size: float
    bold: bool
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character with its box on the page turned so that it reads upright.

    ``turn`` is how far the file's page is turned for that, in degrees clockwise: 0, 90, 180 or 270;
    None for a slant, whose box is that of the file's page unturned. ``hidden``: it paints nothing
    and no image lies below it. ``coded``: the font says which character it is.
    """

    character: Character
    turn: int | None
    hidden: bool
    coded: bool


def turned(crop: Box, turn: int, bounds: Box) -> Box:
    """Return ``bounds``, (left, bottom, right, top) of the file, as a box of the page cropped and turned.

    Boxes of a page are in points from its upper left corner.
    """
    (left, bottom, right, top), (x0, y0, x1, y1) = crop, bounds
    if turn == 90:
        box = (y0 - bottom, x0 - left, y1 - bottom, x1 - left)
    elif turn == 180:
        box = (right - x1, y0 - bottom, right - x0, y1 - bottom)
    elif turn == 270:
        box = (top - y1, right - x1, top - y0, right - x0)
    else:
        box = (x0 - left, top - y1, x1 - left, top - y0)
    return (round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2))


def turned_back(box: Box, turn: int, width: float, height: float) -> Box:
    """Return where ``box`` of a page of ``width`` and ``height`` was before it was turned."""
    left, top, right, bottom = box
    if turn == 90:
        box = (top, width - right, bottom, width - left)
    elif turn == 180:
        box = (width - right, height - bottom, width - left, height - top)
    elif turn == 270:
        box = (height - bottom, left, height - top, right)
    return (round(box[0], 2), round(box[1], 2), round(box[2], 2), round(box[3], 2))


def glyphs(page: Any, images: list[Box]) -> Iterator[Glyph]:  # noqa: ANN401 - pypdfium2 is late
    """Yield the glyphs of an open page in the order of its file.

    Args:
        page: an open pypdfium2 page.
        images: the boxes of its images, (left, bottom, right, top) of the file.

    Raises:
        TooMuchError: no page shows so many.
    """
    text = page.get_textpage()
    try:
        count = text.count_chars()
        if count > _MAX_CHARACTERS:
            raise TooMuchError(f"一页上有 {count} 个字符")
        yield from _Reader(page, text, images).read(count)
    finally:
        text.close()


class _Reader:
    """Asks pdfium for one glyph after another, with the buffers made once."""

    def __init__(self, page: Any, text: Any, images: list[Box]) -> None:  # noqa: ANN401
        import pypdfium2.raw as c

        self._c, self._text, self._images = c, text, images
        self._crop = page.get_cropbox()
        self._loose, self._matrix = c.FS_RECTF(), c.FS_MATRIX()
        self._tight = tuple(ctypes.c_double() for _ in range(4))
        self._object: int | None = None
        self._paints = True

    def read(self, count: int) -> Iterator[Glyph]:
        held: list[Glyph] = []
        owner: int | None = None
        for index in range(count):
            character = self._character(index)
            generated = self._c.FPDFText_IsGenerated(self._text, index) == 1
            if character.isspace() or generated:
                # Blanks that pdfium adds are mere gaps, as between 到 and 2030: they are none.
                if held and character and not generated:
                    held[-1] = _blank_after(held[-1])
                continue
            found = self._glyph(index, character) if character else None
            if found is None:
                continue
            if held and found.turn == held[-1].turn:
                if self._object == owner and found.character.box == held[0].character.box:
                    held.append(found)
                    continue
                if len(held) == 1 and _twice(held[0].character, found.character):
                    continue
            yield from _shared(held)
            held, owner = [found], self._object
        yield from _shared(held)

    def _character(self, index: int) -> str:
        """The character at ``index``; "" for what no reader sees."""
        code = self._c.FPDFText_GetUnicode(self._text, index)
        # What pdfium gives for a hyphen at the end of a line.
        if code == 2 and self._c.FPDFText_IsHyphen(self._text, index) == 1:
            return "-"
        if 0xD800 <= code < 0xE000 or code > 0x10FFFF:
            return ""
        return chr(code)

    def _glyph(self, index: int, character: str) -> Glyph | None:
        c, text = self._c, self._text
        coded = c.FPDFText_HasUnicodeMapError(text, index) != 1
        if coded and (ord(character) < 32 or character in "\ufffe\uffff\x7f\u200b\ufeff"):
            return None
        character = character if coded else UNKNOWN
        left, right, bottom, top = self._tight
        if not c.FPDFText_GetCharBox(text, index, left, right, bottom, top):
            return None
        if not c.FPDFText_GetLooseCharBox(text, index, self._loose):
            return None
        size = c.FPDFText_GetFontSize(text, index)
        if c.FPDFText_GetMatrix(text, index, self._matrix):
            size *= (self._matrix.c**2 + self._matrix.d**2) ** 0.5
        turn = self._turn(index)
        loose = (
            min(self._loose.left, self._loose.right), min(self._loose.bottom, self._loose.top),
            max(self._loose.left, self._loose.right), max(self._loose.bottom, self._loose.top),
        )  # fmt: skip
        box = turned(self._crop, turn or 0, loose)
        if not 0 < round(size, 1) < 2000 or not all(abs(edge) < 1e5 for edge in box):
            return None
        # The loose box is as high as the font says, which some fonts exaggerate: the size is not.
        tight = turned(self._crop, turn or 0, (left.value, bottom.value, right.value, top.value))
        middle = (box[1] + box[3]) / 2
        if box[3] - box[1] > 1.6 * size or box[3] <= box[1]:
            middle = (tight[1] + tight[3]) / 2
        box = (box[0], round(middle - size / 2, 2), box[2], round(middle + size / 2, 2))
        bold = c.FPDFText_GetFontWeight(text, index) >= _BOLD
        hidden = not self._is_painted(index) and not self._on_image(loose)
        return Glyph(Character(character, box, round(size, 1), bold), turn, hidden, coded)

    def _turn(self, index: int) -> int | None:
        # pdfium tells how far the character itself is turned clockwise.
        angle = degrees(self._c.FPDFText_GetCharAngle(self._text, index))
        nearest = round(angle / 90) * 90
        return -nearest % 360 if abs(angle - nearest) <= _SLANT else None

    def _is_painted(self, index: int) -> bool:
        """Whether the text object of the glyph paints; it is remembered as ``_object``."""
        found = self._c.FPDFText_GetTextObject(self._text, index)
        address = ctypes.cast(found, ctypes.c_void_p).value
        if address != self._object:
            self._object = address
            mode = self._c.FPDFTextObj_GetTextRenderMode(found) if address else 0
            self._paints = mode not in _INVISIBLE
        return self._paints

    def _on_image(self, box: Box) -> bool:
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return any(a <= x <= c and b <= y <= d for a, b, c, d in self._images)


def _blank_after(glyph: Glyph) -> Glyph:
    return replace(glyph, character=replace(glyph.character, blank=True))


def _twice(one: Character, other: Character) -> bool:
    """Whether a glyph was set twice to look bold."""
    return (
        one.text == other.text
        and abs(one.box[0] - other.box[0]) < 0.2 * one.size
        and abs(one.box[1] - other.box[1]) < 0.2 * one.size
    )


def _shared(held: list[Glyph]) -> Iterator[Glyph]:
    """Divide the box of one glyph that is several characters: ffi, ——, ……."""
    if len(held) < 2:
        yield from held
        return
    left, top, right, bottom = held[0].character.box
    wide = (right - left) / len(held)
    for number, glyph in enumerate(held):
        box = (round(left + wide * number, 2), top, round(left + wide * (number + 1), 2), bottom)
        yield replace(glyph, character=replace(glyph.character, box=box))
