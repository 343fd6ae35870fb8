"""One indicator over regions and years: a matrix with a citation in each cell, and conflicts."""

from collections.abc import Sequence
from dataclasses import dataclass

from index import Indicator, InputError, Region, lies_in, normalise, resolve_region
from qa.cite import cited, section_path
from qa.engine import Engine
from qa.matter import contradicts, pieces
from qa.models import Citation

# How much of the shorter name the longer one must hold to be the same indicator in other words.
_ALIKE = 0.8


@dataclass(frozen=True, slots=True)
class Cell:
    """What one document gives for one region and year; ``year`` is None where it gives none."""

    region: Region
    year: int | None
    indicator: Indicator
    value: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Table:
    """Cells by region and year. A place without cells is not given: 未载明."""

    name: str
    regions: tuple[Region, ...]
    years: tuple[int | None, ...]
    cells: tuple[Cell, ...]

    def at(self, region: Region, year: int | None) -> list[Cell]:
        """The cells of one place, targets before baselines."""
        found = [cell for cell in self.cells if cell.region == region and cell.year == year]
        return sorted(found, key=lambda cell: cell.indicator.kind != "target")

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
    engine: Engine, name: str, years: Sequence[int] = (), regions: Sequence[str] = ()
) -> Table:
    """Return the matrix of one indicator.

    Args:
        engine: of the index to read.
        name: the indicator, as plans write it; 城镇化率 alone is 常住人口城镇化率.
        years: the columns; all that are given, when empty.
        regions: the rows; all regions of the index, when empty.

    Raises:
        InputError: an empty name, or a region that is not known.
    """
    wanted = normalise(name).text.strip()
    if not pieces(wanted):
        raise InputError("请写明要比较的指标，例如：常住人口城镇化率。")
    rows = tuple(map(_region, regions)) or engine.retriever.regions.corpus
    found = [
        cell
        for indicator in engine.index.indicators
        if alike(wanted, indicator.name)
        for cell in [_cell(engine, indicator)]
        if cell is not None and cell.region in rows
    ]
    kept = [c for c in found if not years or c.year in years or c.year is None]
    known = sorted({c.year for c in kept if c.year is not None} | set(years))
    columns: list[int | None] = list(known)
    if any(cell.year is None for cell in kept):
        columns.append(None)
    shown = rows if regions else tuple(r for r in rows if any(c.region == r for c in found)) or rows
    return Table(wanted, shown, tuple(columns), tuple(kept))


def alike(wanted: str, name: str) -> bool:
    """Whether ``name`` is the indicator ``wanted`` in these or slightly other words."""
    if contradicts(wanted, name):
        return False
    if name == wanted or name.endswith(wanted):
        return True
    one, other = set(pieces(wanted)), set(pieces(name))
    shared = len(one & other)
    return shared >= _ALIKE * len(one) and shared >= _ALIKE * len(other)


def conflicts(engine: Engine, nested: bool = True) -> list[Conflict]:
    """Return the figures of the index that do not agree, in a fixed order."""
    cells: dict[tuple[str, str, int], list[Cell]] = {}
    for indicator in engine.index.indicators:
        cell = _cell(engine, indicator)
        if cell is None or cell.year is None or indicator.change:
            continue
        key = (indicator.name, indicator.kind, cell.year)
        cells.setdefault(key, []).append(cell)
    found: list[Conflict] = []
    for _, group in sorted(cells.items()):
        for i, first in enumerate(group):
            for second in group[i + 1 :]:
                kind = _conflict(first, second)
                if kind == "same" or (kind == "nested" and nested):
                    found.append(Conflict(kind, first, second))
    return found


def _conflict(first: Cell, second: Cell) -> str:
    one, other = first.indicator, second.indicator
    if one.unit != other.unit:
        return ""
    if first.region == second.region:
        return "same" if one.value != other.value else ""
    inside = lies_in(first.region, second.region) or lies_in(second.region, first.region)
    rate = one.unit in {"%", "‰"} and first.region.level != "国家" != second.region.level
    return "nested" if inside and rate and one.value != other.value else ""


def _cell(engine: Engine, indicator: Indicator) -> Cell | None:
    region = resolve_region(indicator.region) if indicator.region else None
    if region is None:
        return None
    document = engine.index.documents[indicator.document_id]
    sections = engine.index.outlines[indicator.document_id].sections
    path = section_path(sections, indicator.sentence)
    citation = cited(document, path, indicator.sentence)
    year = indicator.year
    if year is None and indicator.period is not None:
        year = indicator.period[1]
    return Cell(region, year, indicator, indicator.span.of(document.text), citation)


def _region(name: str) -> Region:
    region = resolve_region(normalise(name).text)
    if region is None:
        raise InputError(f"不认识地区“{name}”。请写行政区划名称，例如：济南、历城区。")
    return region


def remarks(table: Table) -> list[str]:
    """What the reader must know before comparing the cells."""
    notes = []
    if len(table.names()) > 1:
        notes.append(f"指标名称不尽相同，口径可能不一致：{'、'.join(table.names())}")
    kinds = {cell.indicator.kind for cell in table.cells}
    if len(kinds) > 1:
        notes.append("既有目标值，也有现状值")
    if None in table.years:
        notes.append("有的原文没有载明年份，单列一栏，不并入任何一年")
    for region in table.regions:
        for year in table.years:
            cells = [cell for cell in table.at(region, year) if cell.year is not None]
            values = {(c.indicator.kind, c.indicator.unit, c.indicator.value) for c in cells}
            if len(values) > len({(kind, unit) for kind, unit, _ in values}):
                shown = "、".join(dict.fromkeys(cell.value for cell in cells))
                notes.append(f"{region.name} {year}年有不同数值：{shown}")
    return notes


def ranked(table: Table, year: int | None) -> list[Cell]:
    """The single values of one column, greatest first; [] when their units differ."""
    column = [cells[0] for region in table.regions if (cells := table.at(region, year))]
    figures = [cell for cell in column if isinstance(cell.indicator.value, float | int)]
    if len({cell.indicator.unit for cell in figures}) != 1:
        return []
    return sorted(figures, key=lambda cell: -_number(cell))


def _number(cell: Cell) -> float:
    value = cell.indicator.value
    return float(value) if isinstance(value, float | int) else value[0]


def suggestions(engine: Engine, name: str, count: int = 5) -> list[str]:
    """The names of figures in the index that share most with ``name``, best first."""
    wanted = set(pieces(normalise(name).text))
    shared = {
        indicator.name: len(wanted & set(pieces(indicator.name)))
        for indicator in engine.index.indicators
    }
    found = sorted((n for n in shared if shared[n]), key=lambda n: (-shared[n], len(n), n))
    return found[:count]
