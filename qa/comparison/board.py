"""Several indicators side by side: one table each, over the same regions and years."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from index import Document, Region
from qa.compare import Cell, Conflict, Table, Year, compare, disagreeing
from qa.comparison.asked import Asked
from qa.engine import Engine
from qa.words import CHINESE, Words


@dataclass(frozen=True)
class Board:
    """Tables over the same regions and years, and what the library holds of them.

    ``held`` are the regions that the library has documents on; of others it can say nothing.
    """

    asked: Asked
    tables: tuple[Table, ...]
    regions: tuple[Region, ...]
    years: tuple[Year, ...]
    held: frozenset[Region]
    known: tuple[int, ...]
    documents: dict[str, Document]

    @cached_property
    def cells(self) -> list[Cell]:
        """All cells, table by table and row by row."""
        return [
            cell
            for table in self.tables
            for region in self.regions
            for year in self.years
            for cell in table.at(region, year)
        ]

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Two values for one indicator, region and year, both targets or both baselines."""
        found = [one for table in self.tables for one in disagreeing(table.cells)]
        return tuple(one for one in found if one.kind == "same")

    @cached_property
    def disputes(self) -> tuple[tuple[Table, tuple[Cell, ...]], ...]:
        """The conflicts by place of the table: all cells there that take part in one."""
        found: dict[tuple[object, ...], tuple[Table, list[Cell]]] = {}
        for table in self.tables:
            for cell in table.cells:
                one = cell.indicator
                key = (table.name, cell.region.code, cell.year, one.kind, one.period, one.unit)
                if name_of(cell) in self.disputed:
                    found.setdefault(key, (table, []))[1].append(cell)
        return tuple((table, tuple(cells)) for table, cells in found.values())

    @cached_property
    def disputed(self) -> frozenset[tuple[str, int, int]]:
        """The cells that are part of a conflict, as :func:`name_of` names them."""
        return frozenset(
            name_of(cell) for one in self.conflicts for cell in (one.first, one.second)
        )


def name_of(cell: Cell) -> tuple[str, int, int]:
    """Where the value of ``cell`` stands: its document, start and end."""
    span = cell.indicator.span
    return cell.indicator.document_id, span.start, span.end


def board(engine: Engine, asked: Asked) -> Board:
    """Return the tables that are asked for.

    Raises:
        InputError: an indicator or a region that is not known; the nearest ones are told.
    """
    catalogue = engine.catalogue
    made = [
        compare(engine, name, asked.years, asked.regions, asked.join) for name in asked.indicators
    ]
    tables = tuple({table.name: table for table in made}.values())
    held = {region for table in tables for region in table.regions}
    given = tuple(dict.fromkeys(catalogue.region(name) for name in asked.regions))
    regions = given or tuple(region for region in catalogue.regions if region in held)
    years = {year for table in tables for year in table.years}
    known = {y for table in tables for y in catalogue.group(table.name, asked.join).years}
    return Board(
        asked,
        tables,
        regions,
        (*sorted(year for year in years if year is not None), *([None] if None in years else [])),
        catalogue.held | frozenset(catalogue.regions),
        tuple(sorted(known)),
        dict(engine.index.documents),
    )


def remarks(found: Board, say: Words = CHINESE) -> list[str]:
    """What the reader must know before comparing the cells."""
    notes = []
    for table in found.tables:
        if len(table.names()) > 1:
            names = say("、").join(table.names())
            notes.append(
                say(
                    "“{name}”合并了不同的说法，口径可能不一致：{names}",
                    name=table.name,
                    names=names,
                )
            )
        units = {cell.indicator.unit for cell in table.cells}
        if len(units) > 1:
            shown = say("、").join(sorted(unit or say("无单位") for unit in units))
            notes.append(say("“{name}”的单位不同：{units}", name=table.name, units=shown))
    kinds = {cell.indicator.kind for cell in found.cells}
    if len(kinds) > 1:
        notes.append(say("既有目标值，也有现状值，已分别标明"))
    if any(cell.indicator.period for cell in found.cells):
        notes.append(say("一段时期的数值（如 2021–2025年累计）列在末年一栏，已注明时期"))
    if None in found.years:
        notes.append(say("有的原文没有载明年份，单列一栏，不并入任何一年"))
    return [*notes, *_absent(found, say)]


def _absent(found: Board, say: Words) -> Iterable[str]:
    """What was asked for by name and is not there, with the nearest that is."""
    given = {cell.year for cell in found.cells}
    for year in found.asked.years:
        if year in given:
            continue
        if year in found.known:
            yield say("所选地区没有 {year} 年的数值，别的地区有", year=year)
        else:
            near = sorted(found.known, key=lambda one: (abs(one - year), one))[:3]
            told = say("、").join(map(str, sorted(near))) or say("无")
            yield say("没有 {year} 年的数值；最近的年份：{near}", year=year, near=told)
    for region in found.regions:
        if region not in found.held:
            yield say("资料库里没有{region}的文件", region=region.name)
