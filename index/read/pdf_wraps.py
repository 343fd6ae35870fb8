"""Rows of segments → the rows of a table that blanks alone make: wrapped cells joined."""

from collections.abc import Sequence

from index.read.pdf_lines import Line, first_word
from index.read.pdf_page import Rule

COLUMNS = 3  # at least, of a table without lines
CORRIDOR = 0.45  # ems of white between two columns, in every row

Row = list[Line]


def columns_of(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """What the segments of the rows that have most cells cover, from left to right."""
    full = [row for row in rows if len(row) >= COLUMNS] or list(rows)
    spans: list[tuple[float, float]] = []
    for line in sorted((line for row in full for line in row), key=lambda line: line.box[0]):
        if spans and line.box[0] < spans[-1][1] + CORRIDOR * line.size:
            spans[-1] = (spans[-1][0], max(spans[-1][1], line.box[2]))
        else:
            spans.append((line.box[0], line.box[2]))
    return spans


def is_in(line: Line, span: tuple[float, float]) -> bool:
    """Whether a segment reaches into a column."""
    return line.box[0] < span[1] and line.box[2] > span[0]


def whole_rows(region: list[Row], rules: Sequence[Rule]) -> list[Row]:
    """Join the rows of a region that are one row of the table: wrapped cells."""
    joined: list[Row] = []
    pending: Row = []
    for number, row in enumerate(region):
        above = joined[-1] if joined else []
        below = region[number + 1] if number + 1 < len(region) else []
        whole = len(row) >= COLUMNS
        if not whole and not pending and above and goes_on(above, row, region, rules):
            above += row
        elif not whole and below and _leads(row, below, region, rules):
            pending += row
        else:
            joined.append([*pending, *row])
            pending = []
    return [*joined, pending] if pending else joined


def goes_on(above: Row, row: Row, region: list[Row], rules: Sequence[Rule]) -> bool:
    """Whether all of ``row`` are cells of the row above that were too long for one line."""
    if _is_ruled_off(above, row, rules):
        return False
    columns = columns_of(region)
    for line in row:
        span = next((span for span in columns if is_in(line, span)), None)
        cell = [x for x in above if span and is_in(x, span)]
        if not cell or not _is_full(cell[-1], line, span or (0, 0), region):
            return False
        if line.box[1] - max(x.box[3] for x in cell) > 1.5 * line.size:
            return False
    return True


def _leads(row: Row, below: Row, region: list[Row], rules: Sequence[Rule]) -> bool:
    """Whether ``row`` begins cells that are centred on the row below."""
    if len(below) < 2 or _is_ruled_off(row, below, rules):
        return False
    size = max(line.size for line in row)
    close = min(x.box[1] for x in below) - max(x.box[3] for x in row) < 0.6 * size
    columns = columns_of(region)
    return close and all(
        _is_full(line, line, next((s for s in columns if is_in(line, s)), (0, 0)), region)
        for line in row
    )


def _is_full(line: Line, after: Line, span: tuple[float, float], region: Sequence[Row]) -> bool:
    """Whether ``line`` fills its column, so that ``after`` could not follow it there."""
    widths = [x.box[2] - x.box[0] for row in region for x in row if is_in(x, span)]
    room = max(widths, default=0.0)
    return line.box[2] - line.box[0] > room - first_word(after) - 0.6 * after.size


def _is_ruled_off(above: Row, below: Row, rules: Sequence[Rule]) -> bool:
    top, bottom = max(x.box[3] for x in above) - 2, min(x.box[1] for x in below) + 2
    left, right = min(x.box[0] for x in below), max(x.box[2] for x in below)
    return any(r.flat and top <= r.at <= bottom and r.start < right and r.end > left for r in rules)
