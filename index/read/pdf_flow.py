"""Lines and tables of all pages → paragraphs, headings, tables and notes, written in order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from index.labels import BOX_RANK, follows, label, labelled
from index.normalise import normalise
from index.read.compose import Composer, GridCell, Piece, header_rows
from index.read.looks import ENDS, Looks
from index.read.pdf_glyphs import Box, Character
from index.read.pdf_grid import Grid
from index.read.pdf_lines import Line, first_word, lines
from index.read.pdf_pieces import cell as in_cell
from index.read.pdf_pieces import pieces
from index.read.pdf_usual import is_centred

_LEADER = re.compile(r"[.·…．]{4}\s*\d{0,4}$|…{2,}")
_CONTINUED = re.compile(r"续表.{0,12}|.{0,30}[（(]续表?[)）]")


@dataclass(slots=True)
class _OpenTable:
    """A table that the next page, or the next column, may continue."""

    page: int
    edges: tuple[float, ...]
    rows: list[list[GridCell]]


@dataclass(slots=True)
class _OpenBox:
    """A box around paragraphs that the next page may continue; ``start`` is where it is written."""

    start: int
    page: int
    edges: tuple[float, ...]


@dataclass(slots=True)
class Flow:
    """Takes what the pages show, page by page, and writes it.

    Notes that fall inside a paragraph are written after it, so that it is whole.
    """

    composer: Composer
    looks: Looks
    indented: bool
    leading: float = 0.0
    _held: list[Line] = field(default_factory=list)
    _later: list[tuple[list[Piece], str]] = field(default_factory=list)
    _table: _OpenTable | None = None
    _open_box: _OpenBox | None = None
    _apart: bool = False
    _marks: frozenset[str] = frozenset()

    def line(self, line: Line, marks: frozenset[str]) -> None:
        """Take the next line of the text; ``marks`` are those of footnotes on its page."""
        if self._table is not None and _CONTINUED.fullmatch(line.text().strip()):
            self.aside([line], "续表标记")
            return
        self._end_box()
        self._take(line, marks)

    def _take(self, line: Line, marks: frozenset[str]) -> None:
        self._end_table()
        apart = line.text().count("\t") >= 2
        if self._held and (apart or self._apart or not self._continues(self._held[-1], line)):
            self._end_paragraph()
        # What stands far apart in a row is no part of a paragraph.
        self._apart = apart
        self._held.append(line)
        self._marks |= marks

    def aside(self, found: Sequence[Line], reason: str) -> None:
        """Take lines that are no part of the text; ``reason`` is empty for a footnote."""
        if found:
            self._later.append((pieces(found, frozenset()), reason))

    def table(self, line: Line) -> None:
        """Take a table, or a box around paragraphs, with what is inside it."""
        grid, (characters, sideways) = line.grid, line.inside
        if grid is None:
            raise ValueError("expected a line with a grid")
        if len(grid.columns) == 2:
            self._box(line, characters)
            for one in sideways:
                self.aside([one], "")
            return
        self._end_box()
        self._end_paragraph(flush=False)
        rows: dict[int, list[GridCell]] = {}
        for room in grid.rooms:
            inside = lines([c for c in characters if _holds(room.box, c.box)], line.page)
            inside += [one for one in sideways if _holds(room.box, one.box)]
            cell = in_cell(inside) if inside else ()
            rows.setdefault(room.row, []).append(
                GridCell(cell, room.row, room.column, room.height, room.width)
            )
        found = [row for row in rows.values() if any(cell.text for cell in row)]
        if self._table and _runs_on(self._table.page, self._table.edges, line, grid):
            self._carry_on(self._table, found)
            self._table.page, self._table.edges = line.page, grid.columns
        else:
            self._end_table()
            self._table = _OpenTable(line.page, grid.columns, found)

    def end(self) -> None:
        """Write what is still held."""
        self._end_box()
        self._end_table()
        self._end_paragraph()
        self._flush()

    def _box(self, line: Line, characters: Sequence[Character]) -> None:
        grid, box = line.grid, self._open_box
        if grid is None:
            return
        if box is not None and _runs_on(box.page, box.edges, line, grid):
            box.page = line.page
        else:
            self.end()
            self._open_box = _OpenBox(self.composer.length, line.page, grid.columns)
        inside = lines(characters, line.page)
        left = min((one.box[0] for one in inside), default=0.0)
        right = max((one.box[2] for one in inside), default=0.0)
        # The text may fall short of the right edge everywhere: it has as much room as on the left.
        right = max(right, grid.box[2] - (left - grid.box[0]))
        for one in sorted(inside, key=lambda one: one.box[1]):
            one.flow, one.left, one.right = "box", left, right
            self._take(one, frozenset())

    def _end_box(self) -> None:
        if self._open_box is None:
            return
        box, self._open_box = self._open_box, None
        self._end_paragraph(flush=False)
        self.composer.box(box.start)
        self._flush()

    def _carry_on(self, table: _OpenTable, rows: list[list[GridCell]]) -> None:
        """Add the rows of the next page; a repeated header is set aside, a cut row joined."""
        header = header_rows(table.rows)
        while rows and header and _texts(rows[0]) in [_texts(row) for row in table.rows[:header]]:
            self._later.append(([p for cell in rows.pop(0) for p in cell.pieces], "续表表头"))
        filled = sum(bool(cell.text) for cell in rows[0]) if rows else 0
        last = table.rows[-1] if table.rows else []
        cut = 0 < filled <= len(last) / 2 and rows and not rows[0][0].text
        if cut and len(rows[0]) == len(last):
            table.rows[-1] = [
                replace(cell, pieces=(*cell.pieces, *more.pieces))
                for cell, more in zip(last, rows.pop(0), strict=True)
            ]
        table.rows += rows

    def _end_table(self) -> None:
        if self._table is None:
            return
        table, self._table = self._table, None
        numbered = [
            replace(cell, row=number) for number, row in enumerate(table.rows) for cell in row
        ]
        if numbered:
            self.composer.table(numbered)
        self._flush()

    def _end_paragraph(self, *, flush: bool = True) -> None:
        held, self._held = self._held, []
        if held:
            self.composer.paragraph(pieces(held, self._marks), self._level(held))
            self._marks = frozenset()
        if held and flush:
            self._flush()

    def _flush(self) -> None:
        later, self._later = self._later, []
        for made, reason in later:
            if reason:
                self.composer.furniture(made, reason)
            else:
                self.composer.note(made)

    def _level(self, held: Sequence[Line]) -> int:
        """The level of a heading by its look; 0 for text."""
        text = "".join(line.text() for line in held)
        return self.looks.level(text, held[0].size, bold=all(line.bold for line in held))

    def _continues(self, before: Line, line: Line) -> bool:
        """Whether a line was broken only because it was full."""
        if not _is_alike(before, line) or self._is_apart(before, line):
            return False
        text = before.text()
        found = label(normalise(line.text()).text)
        ended = text[-1] in ENDS
        if _LEADER.search(text) or (found and ended and (found[0] <= 30 or self._counts_on(line))):
            return False
        if self.looks.is_larger(before.size):
            return self._heading_continues(before, line)
        if _is_set_apart(before) or _is_set_apart(line):
            return False
        return self._fills(before, line, ended) and (self.indented or not (ended and found))

    def _counts_on(self, line: Line) -> bool:
        """Whether a line begins with the number after that of the paragraph above: 2. after 1."""
        first, this = (labelled(normalise(x.text()).text) for x in (self._held[0], line))
        alike = first is not None and this is not None and first.rank == this.rank
        return (
            first is not None
            and this is not None
            and alike
            and follows(this.ordinal, first.ordinal)
        )

    def _fills(self, before: Line, line: Line, ended: bool) -> bool:
        """Whether a line had no room for the next one's first word, which begins no paragraph."""
        # Programs that keep Chinese words whole leave a few characters of room; a paragraph that
        # ends there ends with a mark.
        slack = before.right - before.box[2] - first_word(line)
        if slack >= (0.6 if ended else 4.0) * line.size:
            return False
        if self.indented:
            hanging = len(self._held) > 1 and abs(line.box[0] - before.box[0]) < 0.3 * line.size
            return line.box[0] - line.left < line.size or (hanging and before.page == line.page)
        return True

    def _is_apart(self, before: Line, line: Line) -> bool:
        """Whether more room stands between two lines of a column than between most."""
        if before.page != line.page or before.flow != line.flow:
            return False
        gap = line.box[1] - before.box[3]
        # Small print may be set as far apart, from line to line, as the text is.
        usual = self.leading + max(0.0, self.looks.body - line.size)
        return gap > usual + 0.35 * line.size or gap < -1.2 * line.size

    @staticmethod
    def _heading_continues(before: Line, line: Line) -> bool:
        """Whether a heading that was too long goes on in the next line."""
        if label(normalise(line.text()).text) or before.page != line.page:
            return False
        above = label(normalise(before.text()).text)
        if above and above[0] != BOX_RANK and is_centred(before) and is_centred(line):
            return True
        # Words of headings are kept whole by some programs.
        return first_word(line) + 2.5 * line.size > before.right - before.box[2]


def _is_alike(before: Line, line: Line) -> bool:
    """Whether two lines are set alike, in one column or in columns beside each other."""
    alike = abs(before.size - line.size) <= 0.07 * before.size and before.bold == line.bold
    return alike and before.flow[:-1] == line.flow[:-1]


def _is_set_apart(line: Line) -> bool:
    """Whether a line begins so far in that it is no line of a paragraph: a signature, a date."""
    return line.box[0] - line.left > 0.35 * (line.right - line.left)


def _holds(box: Box, other: Box) -> bool:
    x, y = (other[0] + other[2]) / 2, (other[1] + other[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _texts(row: Sequence[GridCell]) -> list[str]:
    return [re.sub(r"\s", "", cell.text) for cell in row]


def _runs_on(page: int, edges: tuple[float, ...], line: Line, grid: Grid) -> bool:
    """Whether a table with ``edges`` goes on in ``grid``, on the next page or in the next column.

    Where blanks part the columns their edges are not to be seen: half a column is near enough.
    """
    if len(grid.columns) != len(edges):
        return False
    beside = line.page == page and grid.columns[0] > edges[-1] - 1
    on = beside or line.page == page + 1
    shift = grid.columns[0] - edges[0]
    aligned = zip(grid.columns, edges, strict=True)
    narrow = min(b - a for a, b in pairwise(grid.columns))
    near = 4 if grid.ruled else min(36.0, narrow / 2)
    return on and all(abs(a - b - shift) < near for a, b in aligned)
