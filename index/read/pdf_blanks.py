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
from index.read.pdf_lines import Line, around, by_row, first_word
from index.read.pdf_page import Rule

_COLUMNS, _ROWS = 3, 3
_CORRIDOR = 0.45  # ems of white between two columns, in every row
_WITHIN = 1.2  # ems between words of one cell at most
_ALIGNED = 0.6  # ems by which cells of a column may be off
_GAP = 4.0  # ems between rows: what is further apart is another thing
_TRIES = 3
_HEAD = 3  # rows of a header above the first row that has a cell in each column
_MOST = 1500  # segments of a page: more, and it is a drawing
# ≥90, 3.5%, 500万元, 2026年, 约束性.
_VALUE = re.compile(r"[≥≤><约]?[-−]?\d.{0,12}|[—–-]+|预期性|约束性")
_PAGE = re.compile(r"\d{1,3}")

_Row = list[Line]


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
    rows = by_row(cells)
    at = tries = 0
    while at < len(rows):
        region = _region(rows, at)
        logical = _table(region, rules) if region else []
        if not logical:
            # A row or two above a table may spoil it; to try each of a long region takes too long.
            tries = tries + 1 if region else 0
            at += len(region) if tries > _TRIES else 1
            continue
        tries = 0
        head = _header(rows[:at], region, used, owner)
        tables.append(_line([*head, *logical], _columns(region)))
        used |= {owner[id(line)] for row in (*head, *logical) for line in row}
        at += len(region)
    return [*(line for line in found if id(line) not in used), *tables]


def _parted(line: Line) -> Iterator[Line]:
    """The cells that a line may be: what stands apart in it."""
    cuts = [
        at
        for at, (before, after) in enumerate(pairwise(line.characters), 1)
        if after.box[0] - before.box[2] >= _CORRIDOR * line.size
    ]
    for start, end in pairwise([0, *cuts, len(line.characters)]):
        yield Line(line.characters[start:end], line.page)


def _region(rows: Sequence[_Row], start: int) -> list[_Row]:
    """The rows from ``start`` whose segments keep to common columns; [] if they are too few."""
    if len(rows[start]) < _COLUMNS:
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
    return region if sum(len(row) >= _COLUMNS for row in region) >= _ROWS else []


def _header(
    above: Sequence[_Row], region: Sequence[_Row], used: set[int], owner: dict[int, int]
) -> list[_Row]:
    """The rows just above a table that head it, though a cell of them stands over several columns."""
    spans, below = _columns(region), region[0]
    left, right = spans[0][0], spans[-1][1]
    found: list[_Row] = []
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
    over = [span for span in spans if _is_in(line, span)]
    if len(over) < 2:
        return len(over) == 1
    middle = (over[0][0] + over[-1][1]) / 2
    return abs((line.box[0] + line.box[2]) / 2 - middle) < 2 * line.size


def _near(above: _Row, below: _Row) -> bool:
    size = max(line.size for line in above)
    return min(x.box[1] for x in below) - max(x.box[3] for x in above) < _GAP * size


def _keep_apart(rows: Sequence[_Row]) -> bool:
    """Whether no segment crosses from one column to another."""
    spans = _columns(rows)
    if len(spans) < _COLUMNS:
        return False
    for row in rows:
        held = [[n for n, span in enumerate(spans) if _is_in(line, span)] for line in row]
        if any(len(columns) != 1 for columns in held):
            return False
        for (one, before), (other, after) in pairwise(zip(held, row, strict=True)):
            if one == other and after.box[0] - before.box[2] > _WITHIN * after.size:
                return False
    return True


def _columns(rows: Sequence[_Row]) -> list[tuple[float, float]]:
    """What the segments of the rows that have most cells cover, from left to right."""
    full = [row for row in rows if len(row) >= _COLUMNS] or list(rows)
    spans: list[tuple[float, float]] = []
    for line in sorted((line for row in full for line in row), key=lambda line: line.box[0]):
        if spans and line.box[0] < spans[-1][1] + _CORRIDOR * line.size:
            spans[-1] = (spans[-1][0], max(spans[-1][1], line.box[2]))
        else:
            spans.append((line.box[0], line.box[2]))
    return spans


def _table(region: list[_Row], rules: Sequence[Rule]) -> list[_Row]:
    """The rows of the table that ``region`` is, wrapped cells joined; [] if it is none."""
    spans = _columns(region)
    full = [row for row in region if len(row) >= _COLUMNS]
    if len(full) < 0.3 * len(region) or not all(_is_aligned(full, span) for span in spans):
        return []
    logical = _logical(region, rules)
    if len(logical) < _ROWS or _is_contents(logical) or not _has_values(logical[1:], spans):
        return []
    return logical


def _is_aligned(rows: Sequence[_Row], span: tuple[float, float]) -> bool:
    """Whether most cells of a column share their left edge, their right edge or their middle."""
    lines = [line for row in rows for line in row if _is_in(line, span)]
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


def _is_in(line: Line, span: tuple[float, float]) -> bool:
    return line.box[0] < span[1] and line.box[2] > span[0]


def _has_values(rows: Sequence[_Row], spans: Sequence[tuple[float, float]]) -> bool:
    """Whether a column but the first holds figures: names that stand in columns are no table."""
    for span in spans[1:]:
        texts = ["".join(x.text() for x in row if _is_in(x, span)).strip() for row in rows]
        texts = [text for text in texts if text]
        if texts and sum(_VALUE.fullmatch(text) is not None for text in texts) >= 0.5 * len(texts):
            return True
    return False


def _is_contents(rows: Sequence[_Row]) -> bool:
    """Whether the last column counts pages from the first row on."""
    last = [row[-1].text().strip() for row in rows]
    if not all(_PAGE.fullmatch(text) for text in last):
        return False
    numbers = [int(text) for text in last]
    return numbers == sorted(numbers)


def _logical(region: list[_Row], rules: Sequence[Rule]) -> list[_Row]:
    """Join the rows of a region that are one row of the table: wrapped cells."""
    joined: list[_Row] = []
    pending: _Row = []
    for number, row in enumerate(region):
        above = joined[-1] if joined else []
        below = region[number + 1] if number + 1 < len(region) else []
        whole = len(row) >= _COLUMNS
        if not whole and not pending and above and _goes_on(above, row, region, rules):
            above += row
        elif not whole and below and _leads(row, below, region, rules):
            pending += row
        else:
            joined.append([*pending, *row])
            pending = []
    return [*joined, pending] if pending else joined


def _goes_on(above: _Row, row: _Row, region: list[_Row], rules: Sequence[Rule]) -> bool:
    """Whether all of ``row`` are cells of the row above that were too long for one line."""
    if _is_ruled_off(above, row, rules):
        return False
    columns = _columns(region)
    for line in row:
        span = next((span for span in columns if _is_in(line, span)), None)
        cell = [x for x in above if span and _is_in(x, span)]
        if not cell or not _is_full(cell[-1], line, span or (0, 0), region):
            return False
        if line.box[1] - max(x.box[3] for x in cell) > 1.5 * line.size:
            return False
    return True


def _leads(row: _Row, below: _Row, region: list[_Row], rules: Sequence[Rule]) -> bool:
    """Whether ``row`` begins cells that are centred on the row below."""
    if len(below) < 2 or _is_ruled_off(row, below, rules):
        return False
    size = max(line.size for line in row)
    close = min(x.box[1] for x in below) - max(x.box[3] for x in row) < 0.6 * size
    columns = _columns(region)
    return close and all(
        _is_full(line, line, next((s for s in columns if _is_in(line, s)), (0, 0)), region)
        for line in row
    )


def _is_full(line: Line, after: Line, span: tuple[float, float], region: Sequence[_Row]) -> bool:
    """Whether ``line`` fills its column, so that ``after`` could not follow it there."""
    widths = [x.box[2] - x.box[0] for row in region for x in row if _is_in(x, span)]
    room = max(widths, default=0.0)
    return line.box[2] - line.box[0] > room - first_word(after) - 0.6 * after.size


def _is_wrap(rows: Sequence[_Row], line: Line) -> bool:
    return any(len(row) > 1 for row in rows) and _goes_on(
        list(rows[-1]), [line], [*rows, [line]], ()
    )


def _is_ruled_off(above: _Row, below: _Row, rules: Sequence[Rule]) -> bool:
    top, bottom = max(x.box[3] for x in above) - 2, min(x.box[1] for x in below) + 2
    left, right = min(x.box[0] for x in below), max(x.box[2] for x in below)
    return any(r.flat and top <= r.at <= bottom and r.start < right and r.end > left for r in rules)


def _line(rows: list[_Row], spans: Sequence[tuple[float, float]]) -> Line:
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


def _rooms(rows: list[_Row], xs: Sequence[float]) -> Iterator[Room]:
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
