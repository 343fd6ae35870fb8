"""Tables without ruled lines: rows whose cells stand under each other, parted by blanks alone.

A table that is none is worse than one not seen: three columns, three rows, alignment in every
column, and figures in one are asked for. What does not meet this stays lines of text.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from index.read.pdf_glyphs import Character
from index.read.pdf_grid import Grid, Room
from index.read.pdf_lines import Line, around, by_row
from index.read.pdf_page import Rule
from index.read.pdf_wraps import COLUMNS, CORRIDOR, Row, columns_of, goes_on, is_in, whole_rows

_ROWS = 3
_WITHIN = 1.2  # ems between words of one cell at most
_ALIGNED = 0.6  # ems by which cells of a column may be off
_GAP = 4.0  # ems between rows: what is further apart is another thing
_TRIES = 3
_HEAD = 3  # rows of a header above the first row that has a cell in each column
_MOST = 1500  # segments of a page: more, and it is a drawing
# ≥90, 3.5%, 500万元, 2026年, 约束性.
_VALUE = re.compile(r"[≥≤><约]?[-−]?\d.{0,12}|[—–-]+|预期性|约束性")
_PAGE = re.compile(r"\d{1,3}")


def blank_tables(found: Sequence[Line], rules: Sequence[Rule]) -> list[Line]:
    """Return ``found`` with the lines of each table that blanks make replaced by one with a grid.

    Args:
        found: the segments of one column of a page, those in one row apart where blanks part them.
        rules: the ruled lines of the page; a flat one between two rows keeps them apart.
    """
    plain = [line for line in found if line.grid is None]
    if len(plain) > _MOST:
        return list(found)
    tables, used = [], set[int]()
    owner: dict[int, int] = {}
    cells: list[Line] = []
    for line in plain:
        parts = list(_parted(line))
        owner |= {id(part): id(line) for part in parts}
        cells += parts
    rows = by_row(cells) if len(cells) <= 2 * _MOST else []
    at = tries = 0
    while at < len(rows):
        region = _region(rows, at)
        found_rows = _table(region, rules) if region else []
        if not found_rows:
            # A row or two above a table may spoil it; to try each of a long region takes too long.
            tries = tries + 1 if region else 0
            at += len(region) if tries > _TRIES else 1
            continue
        tries = 0
        head = _header(rows[:at], region, used, owner)
        tables.append(_line([*head, *found_rows], columns_of(region)))
        used |= {owner[id(line)] for row in (*head, *found_rows) for line in row}
        at += len(region)
    return [*(line for line in found if id(line) not in used), *tables]


def _parted(line: Line) -> Iterator[Line]:
    """The cells that a line may be: what stands apart in it."""
    cuts = [
        at
        for at, (before, after) in enumerate(pairwise(line.characters), 1)
        if after.box[0] - before.box[2] >= CORRIDOR * line.size
    ]
    for start, end in pairwise([0, *cuts, len(line.characters)]):
        yield Line(line.characters[start:end], line.page)


def _region(rows: Sequence[Row], start: int) -> list[Row]:
    """The rows from ``start`` whose segments keep to common columns; [] if they are too few."""
    if len(rows[start]) < COLUMNS:
        return []
    end = start + 1
    while end < len(rows) and _near(rows[end - 1], rows[end]):
        if not _keep_apart(rows[start : end + 1]):
            break
        end += 1
    while end > start and len(rows[end - 1]) < 2 and end - start > 1:
        # A single segment below may be the end of a wrapped cell: what it is is told later.
        if len(rows[end - 1]) == 1 and _is_wrap(rows[start : end - 1], rows[end - 1][0]):
            break
        end -= 1
    region = list(rows[start:end])
    return region if sum(len(row) >= COLUMNS for row in region) >= _ROWS else []


def _header(
    above: Sequence[Row], region: Sequence[Row], used: set[int], owner: dict[int, int]
) -> list[Row]:
    """The rows just above a table that head it, though a cell of them stands over several columns."""
    spans, below = columns_of(region), region[0]
    left, right = spans[0][0], spans[-1][1]
    found: list[Row] = []
    for row in reversed(above[-_HEAD:]):
        size = max(line.size for line in row)
        inside = row[0].box[0] > left - 2 * size and row[-1].box[2] < right + 2 * size
        taken = any(owner[id(line)] in used for line in row)
        # A line by itself is a title unless it stands between two lines of the header.
        close = min(x.box[1] for x in below) - max(x.box[3] for x in row) < 0.4 * size
        if (len(row) < 2 and not close) or taken or not inside or not _near(row, below):
            break
        if not all(_is_over(line, spans) for line in row):
            break
        found.insert(0, row)
        below = row
    return found


def _is_over(line: Line, spans: Sequence[tuple[float, float]]) -> bool:
    """Whether a cell stands in one column, or in the middle of several."""
    over = [span for span in spans if is_in(line, span)]
    if len(over) < 2:
        return len(over) == 1
    middle = (over[0][0] + over[-1][1]) / 2
    return abs((line.box[0] + line.box[2]) / 2 - middle) < 2 * line.size


def _near(above: Row, below: Row) -> bool:
    size = max(line.size for line in above)
    return min(x.box[1] for x in below) - max(x.box[3] for x in above) < _GAP * size


def _keep_apart(rows: Sequence[Row]) -> bool:
    """Whether no segment crosses from one column to another."""
    spans = columns_of(rows)
    if len(spans) < COLUMNS:
        return False
    for row in rows:
        held = [[n for n, span in enumerate(spans) if is_in(line, span)] for line in row]
        if any(len(columns) != 1 for columns in held):
            return False
        for (one, before), (other, after) in pairwise(zip(held, row, strict=True)):
            if one == other and after.box[0] - before.box[2] > _WITHIN * after.size:
                return False
    return True


def _table(region: list[Row], rules: Sequence[Rule]) -> list[Row]:
    """The rows of the table that ``region`` is, wrapped cells joined; [] if it is none."""
    spans = columns_of(region)
    full = [row for row in region if len(row) >= COLUMNS]
    if len(full) < 0.3 * len(region) or not all(_is_aligned(full, span) for span in spans):
        return []
    logical = whole_rows(region, rules)
    if len(logical) < _ROWS or _is_contents(logical) or not _has_values(logical[1:], spans):
        return []
    return logical


def _is_aligned(rows: Sequence[Row], span: tuple[float, float]) -> bool:
    """Whether most cells of a column share their left edge, their right edge or their middle."""
    lines = [line for row in rows for line in row if is_in(line, span)]
    if len(lines) < max(2, 0.4 * len(rows)):
        return False
    size = median(line.size for line in lines)
    for edge in (
        [line.box[0] for line in lines],
        [line.box[2] for line in lines],
        [(line.box[0] + line.box[2]) / 2 for line in lines],
    ):
        usual = median(edge)
        if sum(abs(one - usual) <= _ALIGNED * size for one in edge) >= 0.75 * len(lines):
            return True
    return False


def _has_values(rows: Sequence[Row], spans: Sequence[tuple[float, float]]) -> bool:
    """Whether a column but the first holds figures: names that stand in columns are no table."""
    for span in spans[1:]:
        texts = ["".join(x.text() for x in row if is_in(x, span)).strip() for row in rows]
        texts = [text for text in texts if text]
        if texts and sum(_VALUE.fullmatch(text) is not None for text in texts) >= 0.5 * len(texts):
            return True
    return False


def _is_contents(rows: Sequence[Row]) -> bool:
    """Whether the last column counts pages from the first row on."""
    last = [row[-1].text().strip() for row in rows]
    if not all(_PAGE.fullmatch(text) for text in last):
        return False
    numbers = [int(text) for text in last]
    return numbers == sorted(numbers)


def _is_wrap(rows: Sequence[Row], line: Line) -> bool:
    return any(len(row) > 1 for row in rows) and goes_on(
        list(rows[-1]), [line], [*rows, [line]], ()
    )


def _line(rows: list[Row], spans: Sequence[tuple[float, float]]) -> Line:
    """The table as one line, as ruled ones stand among the lines."""
    lines = [line for row in rows for line in row]
    left, top, right, bottom = around([line.box for line in lines])
    xs = [left, *((a[1] + b[0]) / 2 for a, b in pairwise(spans)), right]
    size = median(line.size for line in lines)
    rooms = tuple(_rooms(rows, xs))
    grid = Grid((left, top, right, bottom), rooms, tuple(xs), ruled=False)
    held = [Character("\ufffc", grid.box, size, bold=False)]
    characters = [character for line in lines for character in line.characters]
    table = Line(held, lines[0].page, grid=grid, inside=(characters, []))
    return table


def _rooms(rows: list[Row], xs: Sequence[float]) -> Iterator[Room]:
    tops = [min(line.box[1] for line in row) for row in rows]
    bottoms = [max(line.box[3] for line in row) for row in rows]
    for number in range(len(rows)):
        top = tops[0] if not number else (bottoms[number - 1] + tops[number]) / 2
        last = number + 1 == len(rows)
        bottom = bottoms[number] if last else (bottoms[number] + tops[number + 1]) / 2
        column = 0
        while column < len(xs) - 1:
            end = column + 1
            # A cell of the header that stands over several columns.
            while end < len(xs) - 1 and any(
                line.box[0] < xs[end] - line.size and line.box[2] > xs[end] + line.size
                for line in rows[number]
            ):
                end += 1
            yield Room((xs[column], top, xs[end], bottom), number, column, 1, end - column)
            column = end
