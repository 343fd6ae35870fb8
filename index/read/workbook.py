"""A workbook as its filled cells: formats, comments and pictures reach far and say nothing.

openpyxl's own way makes an object of each cell that has a format, and of each that a merged area
covers. Both often reach down to the last row there is; a few bytes ask for the whole sheet.
"""

import io
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import SourceError
from index.read.archive import damaged, open_archive

MAX_CELLS = 300_000

At = tuple[int, int]  # row and column, from 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: values with their number formats, and the (rows, columns) of merged areas.

    ``errors`` are the cells whose formula went wrong; their values say how.
    """

    title: str
    cells: dict[At, tuple[object, str]]
    merged: dict[At, tuple[int, int]]
    errors: frozenset[At]


def column_letters(column: int) -> str:
    """The name of a column, from 1: A, B … Z, AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def checked_sheets(data: bytes, path: Path) -> list[Sheet]:
    """Return the same of a file that may be meant to harm: looked at before it is unpacked.

    Raises:
        SourceError: as :func:`sheets`, or unsafe.
    """
    open_archive(data, path).close()
    return sheets(data, path)


def sheets(data: bytes, path: Path) -> list[Sheet]:
    """Return the sheets of an .xlsx file in their order, those of charts left out.

    Raises:
        SourceError: damaged, no workbook, or too many cells.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(_sheets(data, path))
    except (MemoryError, SourceError):
        raise
    except Exception as error:  # openpyxl meets a wrong part with any error there is
        raise damaged(path, error) from error


def _sheets(data: bytes, path: Path) -> Iterator[Sheet]:
    from openpyxl.reader.excel import ExcelReader, apply_stylesheet

    reader = ExcelReader(io.BytesIO(data), data_only=True, keep_links=False)
    reader.read_manifest()
    reader.read_strings()
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    total = 0
    for sheet, rel in reader.parser.find_sheets():
        if rel.target in reader.valid_files and "chartsheet" not in rel.Type:
            found = _sheet(reader, sheet.name, rel.target, (path, MAX_CELLS - total))
            total += len(found.cells)
            yield found


def _sheet(reader: Any, title: str, part: str, limit: tuple[Path, int]) -> Sheet:  # noqa: ANN401
    from openpyxl.worksheet._reader import WorkSheetParser

    path, most = limit
    book, cells = reader.wb, {}
    errors: set[At] = set()
    formats = _Formats(book, title)
    with reader.archive.open(part) as source:
        parser = WorkSheetParser(
            source,
            reader.shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for _, row in parser.parse():
            for cell in row:
                if cell["value"] is not None:
                    at = (cell["row"], cell["column"])
                    cells[at] = (cell["value"], formats[cell["style_id"]])
                    if cell["data_type"] == "e":
                        errors.add(at)
            if len(cells) > most:
                raise SourceError(
                    f"文件“{path}”的表格超过 {MAX_CELLS} 格，不像指标表。请只留下需要的表，另存后再索引。"
                )
    given = parser.merged_cells.mergeCell if parser.merged_cells else ()
    merged = dict(_uncovered(cells, given))
    return Sheet(title, cells, merged, frozenset(errors & cells.keys()))


class _Formats(dict[int, str]):
    """The number format of each style of a workbook, by the style's number."""

    def __init__(self, book: Any, title: str) -> None:  # noqa: ANN401
        super().__init__()
        self._book, self._title = book, title

    def __missing__(self, style: int) -> str:
        from openpyxl.cell import Cell

        sheet = self._book.worksheets[0] if self._book.worksheets else self._book.create_sheet()
        try:
            array = self._book._cell_styles[style]
            self[style] = Cell(sheet, 1, 1, style_array=array).number_format or ""
        except IndexError as error:
            raise ValueError(f"工作表“{self._title}”用到没有定义的格式") from error
        return self[style]


def _uncovered(
    cells: dict[At, tuple[object, str]], areas: Iterable[Any]
) -> Iterator[tuple[At, tuple[int, int]]]:
    """Take out of ``cells`` what merged areas cover; yield where each begins, and its extent."""
    from openpyxl.worksheet.cell_range import CellRange

    columns: dict[int, list[int]] = {}
    for row, column in sorted(cells):
        columns.setdefault(row, []).append(column)
    rows = sorted(columns)
    for area in areas:
        left, top, right, bottom = CellRange(area.ref).bounds
        for row in rows[bisect_left(rows, top) : bisect_right(rows, bottom)]:
            held = columns[row]
            first = bisect_left(held, left + (row == top))
            last = bisect_right(held, right)
            for column in held[first:last]:
                del cells[row, column]
            del held[first:last]
        yield (top, left), (bottom - top + 1, right - left + 1)
