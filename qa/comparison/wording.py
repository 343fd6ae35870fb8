"""How a figure is put in a table: its kind, bound, time and scale, in words and numbers. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from qa.compare import Cell, Table, Year
from qa.words import CHINESE, Words

KINDS = {"target": "目标", "baseline": "现状"}
BOUNDS = {">=": "不低于", "<=": "不高于", "≈": "约", "=": ""}
SIGNS = {">=": "≥", "<=": "≤", "≈": "≈", "=": ""}
# Units that are counted in 万 and 亿 where the figures are large.
_SCALES = ((1e8, "亿"), (1e4, "万"))
_UNSCALED = frozenset({"%", "‰", "年", "岁", "倍", "个百分点", ""})


@dataclass(frozen=True, slots=True)
class Scale:
    """In what a table is counted: values in ``base`` are divided by ``by`` and told in ``unit``."""

    by: float
    unit: str
    base: str

    def of(self, value: float) -> float:
        """Return ``value`` in this scale, without the noise of binary fractions."""
        return float(f"{value / self.by:.12g}")


def scale_of(cells: Iterable[Cell], unit: str) -> Scale:
    """Return the scale in which most of ``cells`` in ``unit`` read as short numbers."""
    sizes = sorted(
        abs(end) for cell in cells if cell.indicator.unit == unit for end in ends(cell)[1:]
    )
    if sizes and unit not in _UNSCALED:
        middle = sizes[len(sizes) // 2]
        for by, name in _SCALES:
            if middle >= by:
                return Scale(by, name + unit, unit)
    return Scale(1.0, unit, unit)


def ends(cell: Cell) -> tuple[float, float]:
    """The lower and upper end of the value; the same for a single one."""
    value = cell.indicator.value
    return (float(value), float(value)) if isinstance(value, float | int) else value


def kind_words(cell: Cell, say: Words = CHINESE) -> str:
    """Target or baseline, and 约束性 or 预期性 where the plan says so."""
    words = (KINDS[cell.indicator.kind], cell.indicator.binding)
    return say(" · ").join(say(word) for word in words if word)


def year_words(year: Year, say: Words = CHINESE) -> str:
    """The heading of a year."""
    return say("年份未载明") if year is None else say("{year}年", year=year)


def when(cell: Cell, say: Words = CHINESE) -> str:
    """The year or the period of a figure."""
    period = cell.indicator.period
    if period:
        return say("{first}–{last}年", first=period[0], last=period[1])
    return year_words(cell.year, say)


def heading(table: Table, say: Words = CHINESE) -> str:
    """The name of an indicator with the unit that its figures are counted in."""
    unit = scale_of(table.cells, table.unit).unit
    return say("{name}（{unit}）", name=table.name, unit=unit) if unit else table.name
