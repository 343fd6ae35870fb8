"""What a chart of a board shows: a panel for each indicator, a line for each figure. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.compare import Cell
from qa.comparison.board import Board, name_of
from qa.comparison.grid import Block, grid
from qa.comparison.wording import Scale, ends, heading, scale_of, when
from qa.words import CHINESE, Words

# More lines than these no one reads; the table holds them all.
MOST_LINES = 60
# Values further apart than this are drawn on a logarithmic axis, which says so.
_WIDE = 40.0


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: what it is of, and where it stands in the panel's scale.

    ``group`` is the head of the row of the table, empty after its first line; ``low`` and ``high``
    differ for a range only; ``dated`` tells that its year is known.
    """

    group: str
    label: str
    low: float
    high: float
    bound: str
    kind: str
    value: str
    disputed: bool
    dated: bool = True


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale from ``low`` to ``high`` with ``ticks`` and how to write them."""

    low: float
    high: float
    ticks: tuple[float, ...]
    logarithmic: bool

    def at(self, value: float) -> float:
        """Where ``value`` stands, 0 to 1."""
        if self.logarithmic:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Panel:
    """The lines of one indicator, and how many figures are not drawn."""

    title: str
    lines: tuple[Line, ...]
    axis: Axis
    left_out: int


def panels(board: Board, say: Words = CHINESE) -> list[Panel]:
    """Return a panel for each indicator that has figures."""
    made = [_panel(board, block, say) for block in grid(board, say).blocks]
    return [panel for panel in made if panel]


def _panel(board: Board, block: Block, say: Words) -> Panel | None:
    table = block.table
    scale = scale_of(table.cells, table.unit)
    lines: list[Line] = []
    for row in block.rows:
        cells = [cell for place in row.places for cell in place]
        lines += _lines(board, row.label, cells, scale, say)
    if not lines:
        return None
    if len({line.label for line in lines}) == 1:
        lines = [replace(line, label="") for line in lines]
    shown = tuple(lines[:MOST_LINES])
    values = [end for line in shown for end in (line.low, line.high)]
    left_out = len(lines) - len(shown) + sum(c.indicator.unit != table.unit for c in table.cells)
    return Panel(heading(table, say), shown, axis(values), left_out)


def _lines(board: Board, group: str, cells: Sequence[Cell], scale: Scale, say: Words) -> list[Line]:
    """The figures of a row; what several documents give alike is drawn once."""
    found: dict[object, Line] = {}
    for cell in cells:
        one = cell.indicator
        if one.unit != scale.base:
            continue
        label = when(cell, say) if board.asked.rows == "regions" else cell.region.short
        if board.asked.rows == "years" and one.period:
            label = f"{label} {when(cell, say)}"
        low, high = (scale.of(end) for end in ends(cell))
        key = (label, one.kind, low, high, one.bound)
        before = found.get(key)
        disputed = name_of(cell) in board.disputed or bool(before and before.disputed)
        head = before.group if before else "" if found else group
        dated = cell.year is not None
        found[key] = Line(head, label, low, high, one.bound, one.kind, cell.value, disputed, dated)
    return list(found.values())


def axis(values: Sequence[float], ticks: int = 5) -> Axis:
    """Return a scale around ``values`` with round ticks, logarithmic where they lie far apart."""
    low, high = min(values), max(values)
    if low > 0 and high / low > _WIDE:
        first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
        return Axis(10.0**first, 10.0**last, tuple(10.0**n for n in range(first, last + 1)), True)
    if low == high:
        room = abs(low) * 0.1 or 1.0
        low, high = low - room, high + room
    step = _round_step((high - low) / (ticks - 1))
    first, last = math.floor(low / step), math.ceil(high / step)
    marks = tuple(float(f"{n * step:.12g}") for n in range(first, last + 1))
    return Axis(marks[0], marks[-1], marks, False)


def _round_step(step: float) -> float:
    """The next of 1, 2, 5 and their tenfolds."""
    power: float = 10.0 ** math.floor(math.log10(step))
    return next(power * n for n in (1, 2, 5, 10) if power * n >= step * 0.999)
