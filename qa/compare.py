"""Indicators over regions and years: a matrix with a citation in each cell, and conflicts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import inf

from index import Indicator, Region, lies_in
from qa.cite import cited, section_path
from qa.comparison.catalogue import Figure
from qa.engine import Engine
from qa.models import Citation

Year = int | None

# 左右 leaves room for so much of a value.
_ABOUT = 0.02


@dataclass(frozen=True, slots=True)
class Cell:
    """What one document gives for one region and year; ``year`` is None where it gives none."""

    region: Region
    year: Year
    indicator: Indicator
    value: str
    citation: Citation


@dataclass(frozen=True)
class Table:
    """Cells by region and year. A place without cells is not given: 未载明."""

    name: str
    unit: str
    regions: tuple[Region, ...]
    years: tuple[Year, ...]
    cells: tuple[Cell, ...]

    def at(self, region: Region, year: Year) -> list[Cell]:
        """The cells of one place, targets before baselines."""
        return self._places.get((region, year), [])

    @cached_property
    def _places(self) -> dict[tuple[Region, Year], list[Cell]]:
        found: dict[tuple[Region, Year], list[Cell]] = {}
        for cell in sorted(self.cells, key=lambda cell: cell.indicator.kind != "target"):
            found.setdefault((cell.region, cell.year), []).append(cell)
        return found

    def names(self) -> tuple[str, ...]:
        """The names under which the figures stand: more than one may mean other definitions."""
        return tuple(dict.fromkeys(cell.indicator.name for cell in self.cells))


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two figures for one indicator that do not agree.

    ``same``: one region and year, other values. ``nested``: a region's figure beside that of the
    region around it, which is no error but wants a look.
    """

    kind: str
    first: Cell
    second: Cell


def compare(
    engine: Engine,
    name: str,
    years: Sequence[int] = (),
    regions: Sequence[str] = (),
    join: bool = True,
) -> Table:
    """Return the matrix of one indicator.

    Args:
        engine: of the index to read.
        name: the indicator, as plans write it; 城镇化率 alone is 常住人口城镇化率.
        years: the columns; all that are given, when empty.
        regions: the rows; all regions that give it, when empty.
        join: take the wordings that the thesaurus gives for one matter together.

    Raises:
        InputError: no figure of this name, or a region that is not known.
    """
    catalogue = engine.catalogue
    group = catalogue.group(name, join)
    wanted = tuple(dict.fromkeys(catalogue.region(one) for one in regions))
    found = [
        cell_of(engine, figure)
        for figure in group.figures
        if (not wanted or figure.region in wanted)
        and (not years or figure.year in years or figure.year is None)
    ]
    given = {cell.region for cell in found}
    rows = wanted or tuple(region for region in catalogue.regions if region in given)
    known = sorted({cell.year for cell in found if cell.year is not None} | set(years))
    columns: tuple[Year, ...] = (*known, *([None] if any(c.year is None for c in found) else []))
    return Table(group.name, group.unit, rows, columns, tuple(found))


def conflicts(engine: Engine, nested: bool = True) -> list[Conflict]:
    """Return the figures of the index that do not agree, in a fixed order.

    Only levels of one name are held against each other: of growth, the base may differ.
    """
    names: dict[str, list[Cell]] = {}
    for figure in engine.catalogue.figures:
        if not figure.indicator.change:
            names.setdefault(figure.indicator.name, []).append(cell_of(engine, figure))
    found = [one for _, cells in sorted(names.items()) for one in disagreeing(cells)]
    return [one for one in found if nested or one.kind == "same"]


def disagreeing(cells: Iterable[Cell]) -> list[Conflict]:
    """Return those of ``cells``, all of one indicator, that do not agree."""
    groups: dict[tuple[str, int, int], list[Cell]] = {}
    for cell in cells:
        if cell.year is not None:
            # What is done in five years and what is done in the last of them are two figures.
            period = cell.indicator.period
            first = period[0] if period else cell.year
            groups.setdefault((cell.indicator.kind, cell.year, first), []).append(cell)
    return [
        Conflict(kind, one, other)
        for _, group in sorted(groups.items())
        for one, other in combinations(group, 2)
        if (kind := conflict(one, other))
    ]


def conflict(first: Cell, second: Cell) -> str:
    """How two figures of one indicator, year and kind disagree: same, nested, or "" for not."""
    one, other = first.indicator, second.indicator
    if one.unit != other.unit:
        return ""
    if first.region == second.region:
        return "" if _agree(one, other) else "same"
    inside = lies_in(first.region, second.region) or lies_in(second.region, first.region)
    rate = one.unit in {"%", "‰"} and first.region.level != "国家" != second.region.level
    return "nested" if inside and rate and one.value != other.value else ""


def _agree(one: Indicator, other: Indicator) -> bool:
    """Whether both can hold: 突破140 and 140.19 can, 78.5以上 and 80以上 are two aims."""
    if one.bound == other.bound:
        return one.value == other.value
    (low, high), (its_low, its_high) = _room(one), _room(other)
    return low <= its_high and its_low <= high


def _room(indicator: Indicator) -> tuple[float, float]:
    """Between what the value lies, as its bound says."""
    value = indicator.value
    low, high = (value, value) if isinstance(value, float | int) else value
    if indicator.bound == "≈":
        return low - _ABOUT * abs(low), high + _ABOUT * abs(high)
    return (
        -inf if indicator.bound == "<=" else low,
        inf if indicator.bound == ">=" else high,
    )


def cell_of(engine: Engine, figure: Figure) -> Cell:
    """Return ``figure`` with its value as written and its sentence cited."""
    one = figure.indicator
    document = engine.index.documents[one.document_id]
    path = section_path(engine.index.outlines[one.document_id].sections, one.sentence)
    citation = cited(document, path, one.sentence)
    return Cell(figure.region, figure.year, one, one.span.of(document.text), citation)


def ranked(table: Table, year: Year) -> list[Cell]:
    """The single values of one column, greatest first; [] when their units differ."""
    column = [cells[0] for region in table.regions if (cells := table.at(region, year))]
    if len({cell.indicator.unit for cell in column}) != 1:
        return []
    return sorted(column, key=lambda cell: -least(cell))


def least(cell: Cell) -> float:
    """The value, or the lower end of a range."""
    value = cell.indicator.value
    return float(value) if isinstance(value, float | int) else value[0]


def suggestions(engine: Engine, name: str, count: int = 5) -> list[str]:
    """The names of figures in the index that share most with ``name``, best first."""
    return [group.name for group in engine.catalogue.search(name, count=count)]
