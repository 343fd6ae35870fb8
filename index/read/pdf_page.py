"""One page of a PDF by pdfium → its characters, ruled lines and images, as they are read.

All lengths are points from the upper left corner of the page turned so that most of its text reads
upright; ``turn`` says how far that is from the page as a viewer shows it, rotation and crop included.
"""

import ctypes
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from index.read.pdf_glyphs import Box, Character, Glyph, TooMuchError, glyphs, turned, turned_back

_THIN = 3.0  # a filled rectangle this thin is a ruled line
_FEW = 12  # characters: less is no text layer
_UNCODED = 0.3  # of the characters: more, and the text layer says nothing


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruled line: ``at`` is its y if ``flat`` and its x if not; from ``start`` to ``end``."""

    flat: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Strip:
    """Characters that run in another direction than the text of their page: up, down or aslant.

    ``turn`` is how far the page is turned, in degrees clockwise, for them to read upright, and
    their boxes are those of that page, ``width`` by ``height``; None for what is set aslant.
    """

    turn: int | None
    width: float
    height: float
    characters: tuple[Character, ...]

    def on_page(self, box: Box) -> Box:
        """Where ``box`` of the turned page lies on the page itself."""
        return turned_back(box, self.turn or 0, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows.

    ``turn``: how far it is turned from how it is shown, in degrees clockwise. ``scanned``: hardly
    any characters, and an image over most of it. ``coded``: its fonts say what its glyphs mean.
    """

    number: int
    width: float
    height: float
    characters: tuple[Character, ...]
    rules: tuple[Rule, ...]
    scanned: bool
    turn: int = 0
    strips: tuple[Strip, ...] = ()
    coded: bool = True

    def as_shown(self, box: Box) -> Box:
        """Where ``box`` lies on the page as a viewer shows it."""
        return turned_back(box, self.turn, self.width, self.height)


def read_page(pdf: Any, number: int) -> Page:  # noqa: ANN401 - pypdfium2 is loaded late
    """Read page ``number``, counted from 1, of an open pypdfium2 document."""
    page = pdf[number - 1]
    try:
        rotation, crop = page.get_rotation() % 360, page.get_cropbox()
        shapes = list(_shapes(page))
        images = [bounds for is_image, bounds, _ in shapes if is_image]
        found = list(glyphs(page, images))
        if sum(not glyph.hidden for glyph in found) >= _FEW:
            found = [glyph for glyph in found if not glyph.hidden]
        coded = sum(glyph.coded for glyph in found) >= (1 - _UNCODED) * len(found)
        found = found if coded else []
        turn = _turn(found, rotation)
        width, height = page.get_width(), page.get_height()
        if (turn - rotation) % 180:
            width, height = height, width
        rules = [
            rule
            for is_image, bounds, is_box in shapes
            if not is_image
            for rule in _rules(turned(crop, turn, bounds), is_box)
        ]
        share = max((_area(bounds) for bounds in images), default=0.0) / max(1.0, width * height)
        own = tuple(glyph.character for glyph in found if glyph.turn == turn)
        strips = tuple(_strips(found, turn, crop, (width, height)))
        scanned = len(found) < _FEW and share > 0.4
        return Page(
            number,
            width,
            height,
            own,
            tuple(rules),
            scanned,
            (turn - rotation) % 360,
            strips,
            coded,
        )
    finally:
        page.close()


def _turn(found: list[Glyph], rotation: int) -> int:
    """How far the file's page is turned to be read: as it is shown, unless most of it runs otherwise."""
    turns = Counter(glyph.turn for glyph in found if glyph.turn is not None)
    if not turns:
        return rotation
    most, count = max(turns.items(), key=lambda item: (item[1], item[0] == rotation))
    return most if count > 1.5 * turns[rotation] and count >= _FEW else rotation


def _strips(found: list[Glyph], turn: int, crop: Box, size: tuple[float, float]) -> Iterator[Strip]:
    """What runs otherwise than the page: for each direction all, aslant each run by itself."""
    kinds: dict[int, list[Character]] = {}
    run: list[Character] = []
    for glyph in found:
        if glyph.turn is None:
            # Its box is that of the file's page: here it is only to be found on this one.
            run.append(_moved(glyph.character, turn, crop))
            continue
        if run:
            yield Strip(None, *size, tuple(run))
            run = []
        if glyph.turn != turn:
            kinds.setdefault((glyph.turn - turn) % 360, []).append(glyph.character)
    if run:
        yield Strip(None, *size, tuple(run))
    for other, characters in kinds.items():
        width, height = size if other == 180 else (size[1], size[0])
        yield Strip(other, width, height, tuple(characters))


def _moved(character: Character, turn: int, crop: Box) -> Character:
    left, top, right, bottom = character.box
    x, y = crop[0], crop[3]
    box = turned(crop, turn, (left + x, y - bottom, right + x, y - top))
    return Character(character.text, box, character.size, character.bold, character.blank)


def _area(bounds: Box) -> float:
    return (bounds[2] - bounds[0]) * (bounds[3] - bounds[1])


def _shapes(page: Any) -> Iterator[tuple[bool, Box, bool]]:  # noqa: ANN401
    """Yield whether it is an image, its bounds in the file, whether it is a drawn rectangle."""
    import pypdfium2.raw as c

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
        is_image = drawn.type == c.FPDF_PAGEOBJ_IMAGE
        yield is_image, bounds, not is_image and _is_box(drawn, c)


def _is_box(path: Any, c: Any) -> bool:  # noqa: ANN401
    fill, stroke = ctypes.c_int(), c.FPDF_BOOL()
    c.FPDFPath_GetDrawMode(path, fill, stroke)
    return bool(stroke.value) and c.FPDFPath_CountSegments(path) in {4, 5}


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


def _rules(box: Box, is_box: bool) -> Iterator[Rule]:
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    if high <= _THIN and wide > 2 * _THIN:
        yield Rule(True, (top + bottom) / 2, left, right)
    elif wide <= _THIN and high > 2 * _THIN:
        yield Rule(False, (left + right) / 2, top, bottom)
    elif wide > _THIN and high > _THIN and is_box:
        yield Rule(True, top, left, right)
        yield Rule(True, bottom, left, right)
        yield Rule(False, left, top, bottom)
        yield Rule(False, right, top, bottom)


def body_size(pages: list[Page]) -> float:
    """The font size of most characters; 0 without any."""
    sizes = [character.size for page in pages for character in page.characters]
    return median(sizes) if sizes else 0.0
