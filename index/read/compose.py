"""Pieces of a page, a paragraph or a sheet → one text with its layout: the way every reader ends."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from index.documents import Cell, Furniture, Hint, Layout, Place, Span, Table
from index.labels import label
from index.normalise import normalise

# 甲市人民政府文件, 甲市发展和改革委员会, 甲政发〔2026〕3号.
_LETTERHEAD = re.compile(
    r"[\u4e00-\u9fff()、]{2,40}(?:政府|政府办公室|委员会|办公[室厅]|[局厅部院])文件"
    r"|[\u4e00-\u9fff]{1,10}[〔\[(]\d{4}[〕\])]第?\d+号"
)
LONGEST_HEADING = 200  # characters: what is longer is set as a heading by mistake


@dataclass(frozen=True, slots=True)
class Extract:
    """What was read from one file: its text, encoding and layout, and what could not be read.

    ``scanned``: pages of it are images that only OCR can read.
    """

    text: str
    encoding: str
    layout: Layout | None = None
    notes: tuple[str, ...] = ()
    scanned: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters and where it stands; the span of ``place`` is set when it is written."""

    text: str
    place: Place = field(default_factory=lambda: Place(Span(0, 0)))


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell before it is written: its pieces and its extent in the grid."""

    pieces: tuple[Piece, ...]
    row: int
    column: int
    height: int = 1
    width: int = 1

    @property
    def text(self) -> str:
        """The characters of the cell."""
        return "".join(piece.text for piece in self.pieces)


class Composer:
    """Collects lines in reading order; every line ends with a newline of its own."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._text: list[str] = []
        self._length = 0
        self._places: list[Place] = []
        self._headings: list[Hint] = []
        self._tables: list[Table] = []
        self._furniture: list[Furniture] = []
        self._aside: list[tuple[tuple[Piece, ...], str]] = []

    @property
    def length(self) -> int:
        """Characters written so far."""
        return self._length

    def paragraph(self, pieces: Iterable[Piece], level: int = 0) -> Span:
        """Write one line; ``level`` above 0 says that the original sets it as a heading."""
        span = self._write(pieces)
        if level and 0 < len(span) <= LONGEST_HEADING:
            self._headings.append(Hint(span, level))
        self._end_line()
        return span

    def note(self, pieces: Iterable[Piece]) -> None:
        """Write a footnote: a line of text that is no heading though it begins with a number."""
        span = self._write(pieces)
        if len(span):
            self._headings.append(Hint(span, 0))
        self._end_line()

    def furniture(self, pieces: Iterable[Piece], reason: str) -> None:
        """Keep a line that is on the page but is no part of the document.

        All such lines are written at the very end: no passage runs over them.
        """
        self._aside.append((tuple(pieces), reason))

    def table(self, cells: Sequence[GridCell]) -> None:
        """Write a table, a line ``| … | … |`` for each row; cells that hold nothing stay empty."""
        rows: dict[int, list[GridCell]] = {}
        for cell in sorted(cells, key=lambda c: (c.row, c.column)):
            rows.setdefault(cell.row, []).append(cell)
        start, spans, written = self._length, [], []
        for number, row in enumerate(rows.values()):
            first = self._length
            self._put("|")
            for cell in row:
                self._put(" ")
                span = self._write(cell.pieces)
                self._put(" |" if len(span) else "|")
                written.append(Cell(span, number, cell.column, cell.height, cell.width))
            spans.append(Span(first, self._length))
            self._end_line()
        if spans:
            table = Span(start, spans[-1].end)
            self._tables.append(
                Table(table, header_rows(list(rows.values())), tuple(spans), tuple(written))
            )

    def box(self, start: int) -> None:
        """Say that the lines from ``start`` to here stand in a box of their own."""
        if self._length > start:
            self._tables.append(Table(Span(start, self._length - 1), 0, (), ()))

    def extract(self, kind: str, encoding: str, notes: Sequence[str] = ()) -> Extract:
        """Return all that was written; a single outermost heading at the top is the title."""
        for pieces, reason in self._aside:
            span = self._write(pieces)
            if len(span):
                self._furniture.append(Furniture(span, reason))
                self._end_line()
        text = "".join(self._text)
        told = [h for h in self._headings if h.level and not _is_letterhead(h.span.of(text))]
        title, headings = split_title(text, told)
        asides = [hint for hint in self._headings if not hint.level]
        hints = tuple(sorted([*headings, *asides], key=lambda hint: hint.span))
        layout = Layout(
            kind, title, tuple(self._places), hints, tuple(self._tables), tuple(self._furniture)
        )
        return Extract(text, encoding, layout, tuple(notes))

    def _write(self, pieces: Iterable[Piece]) -> Span:
        start = self._length
        for piece in pieces:
            if piece.text:
                at = self._length
                self._put(piece.text)
                if piece.place.page or piece.place.paragraph or piece.place.cell:
                    self._places.append(replace(piece.place, span=Span(at, self._length)))
        return Span(start, self._length)

    def _put(self, text: str) -> None:
        self._text.append(text)
        self._length += len(text)

    def _end_line(self) -> None:
        self._put("\n")


def _is_letterhead(text: str) -> bool:
    """Whether a line is the issuer's name or the number above a document: no title, however large."""
    return _LETTERHEAD.fullmatch("".join(normalise(text).text.split())) is not None


def header_rows(rows: Sequence[Sequence[GridCell]]) -> int:
    """How many rows label a table: those before the first with a value; at least one of several."""
    if len(rows) < 2:
        return 0
    reach = max((cell.height for cell in rows[0]), default=1)
    for number, row in enumerate(rows):
        if number >= reach and (number > 2 or any(_is_value(cell.text) for cell in row)):
            return number
        if number < reach and number and any(_is_value(cell.text) for cell in row):
            return number
    return 1


def _is_value(text: str) -> bool:
    """Whether a cell holds a figure or an attribute rather than a label: 78.5, ≥90, 约束性, —."""
    bare = text.strip().replace(",", "")
    if bare in {"预期性", "约束性", "—", "-", "——"}:
        return True
    digits = sum(character.isdigit() for character in bare)
    year = digits == 4 and bare[:2] == "20" and "." not in bare
    return digits > 0 and not year and "年" not in bare and digits * 2 >= len(bare)


def split_title(text: str, headings: Sequence[Hint]) -> tuple[str, tuple[Hint, ...]]:
    """Return (title, the other headings): outermost headings that come first and nowhere else."""
    top = min((hint.level for hint in headings), default=0)
    count = sum(hint.level == top for hint in headings)
    lead = headings[:count]
    first = bool(lead) and not text[: lead[0].span.start].strip(" #\t\r\n")
    if not (0 < count < min(4, len(headings)) or (first and count == len(headings) == 1)):
        return "", tuple(headings)
    if any(hint.level != top for hint in lead):
        return "", tuple(headings)
    between = text[lead[0].span.start : lead[-1].span.end]
    titles = [hint.span.of(text).strip() for hint in lead]
    if between.split() != " ".join(titles).split() or label(normalise(titles[0]).text):
        return "", tuple(headings)
    return "".join(titles), tuple(headings[count:])
