"""A board as rows and columns, as it is shown, printed and written to files. Pure."""

from dataclasses import dataclass

from index import Region
from qa.compare import Cell, Table, Year
from qa.comparison.board import Board
from qa.comparison.wording import year_words
from qa.words import CHINESE, Words


@dataclass(frozen=True, slots=True)
class Row:
    """A region or a year with the cells of each column; a place may hold none or several."""

    label: str
    places: tuple[tuple[Cell, ...], ...]
    unheld: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one indicator."""

    table: Table
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """``corner`` names what the rows are, ``columns`` the heads above the places."""

    corner: str
    columns: tuple[str, ...]
    blocks: tuple[Block, ...]


def grid(board: Board, say: Words = CHINESE) -> Grid:
    """Lay ``board`` out with regions or years as rows, as it was asked for."""
    years = tuple(year_words(year, say) for year in board.years)
    regions = tuple(region.name for region in board.regions)
    if board.asked.rows == "years":
        corner, columns = say("年份"), regions
        lines = [
            (label, [(region, year) for region in board.regions])
            for label, year in zip(years, board.years, strict=True)
        ]
    else:
        corner, columns = say("地区"), years
        lines = [
            (label, [(region, year) for year in board.years])
            for label, region in zip(regions, board.regions, strict=True)
        ]
    blocks = (
        Block(table, tuple(_row(board, table, label, places) for label, places in lines))
        for table in board.tables
    )
    return Grid(corner, columns, tuple(blocks))


def _row(board: Board, table: Table, label: str, places: list[tuple[Region, Year]]) -> Row:
    cells = tuple(tuple(table.at(region, year)) for region, year in places)
    return Row(label, cells, tuple(region not in board.held for region, _ in places))
