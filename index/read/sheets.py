"""Workbooks and comma-separated files: each block of filled rows is a table, as it is shown."""

import csv
import io
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path

from index.documents import Place, Span
from index.errors import SourceError
from index.read import workbook
from index.read.archive import open_archive
from index.read.compose import Composer, Extract, GridCell, Piece
from index.read.text import decode

_MAX_CELLS = workbook.MAX_CELLS
_MAX_GRID = 2 * _MAX_CELLS  # with the empty cells that make it whole
_MAX_FIELD = 100_000
_NO_RESULT = re.compile(rb"(?:</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")

Row = Sequence[tuple[int, str, int, int]]  # (column from 0, text, rows, columns) of filled cells


def read_xlsx(data: bytes, path: Path) -> Extract:
    """Read the sheets of an .xlsx file, values as they are shown.

    Raises:
        SourceError: damaged, unsafe, too large, no workbook, or empty.
    """
    with open_archive(data, path) as archive:
        missing = sum(
            len(_NO_RESULT.findall(archive.read(name)))
            for name in archive.namelist()
            if name.startswith("xl/worksheets/") and name.endswith(".xml")
        )
    composer = Composer()
    sheets = workbook.sheets(data, path)
    for sheet in sheets:
        rows = _rows(sheet)
        if rows and len(sheets) > 1:
            composer.paragraph([Piece(sheet.title, _place(sheet.title, 0, 0))], 1)
        _write(composer, rows, sheet.title, path)
    if not composer.length:
        raise SourceError(f"文件“{path}”中没有填写内容的格子。请检查文件。")
    notes = (
        [f"有 {missing} 个公式没有保存结果，未读入。请用办公软件打开后另存。"] if missing else []
    )
    return composer.extract("xlsx", "xlsx", notes)


def read_csv(data: bytes, path: Path) -> Extract:
    """Read a .csv or .tsv file in any Chinese encoding.

    Raises:
        SourceError: not text, too large, or not separated into columns.
    """
    text, encoding = decode(data, path)
    separator = _separator(text)
    csv.field_size_limit(_MAX_FIELD)
    rows: list[tuple[int, Row]] = []
    total = 0
    try:
        for number, values in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        ):
            total += len(values)
            if total > _MAX_CELLS:
                raise SourceError(
                    f"文件“{path}”超过 {_MAX_CELLS} 格，不像指标表。请只留下需要的部分后再索引。"
                )
            row = [(i, one, 1, 1) for i, value in enumerate(values) if (one := _line(value))]
            if row:
                rows.append((number, row))
    except csv.Error as error:
        told = f"有一格超过 {_MAX_FIELD} 字" if "field larger" in str(error) else error
        raise SourceError(
            f"文件“{path}”不是完整的 CSV：{told}。应为以逗号、分号或制表符分隔的表格，请检查引号。"
        ) from error
    if not rows:
        raise SourceError(f"文件“{path}”中没有填写内容的格子。请检查文件。")
    composer = Composer()
    _write(composer, rows, "", path)
    return composer.extract("csv", encoding)


def _rows(sheet: workbook.Sheet) -> list[tuple[int, Row]]:
    """Return the filled rows with their numbers from 0."""
    rows: dict[int, list[tuple[int, str, int, int]]] = {}
    for (number, column), (value, form) in sorted(sheet.cells.items()):
        text = _line(shown(value, form))
        if text:
            high, wide = sheet.merged.get((number, column), (1, 1))
            rows.setdefault(number - 1, []).append((column - 1, text, high, wide))
    return list(rows.items())


def shown(value: object, form: str) -> str:
    """Return a value as a workbook shows it: .735 with the format 0.0% is 73.5%."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime | date | time):
        text = value.isoformat()
        return text.removesuffix("T00:00:00")
    if not isinstance(value, int | float):
        return str(value)
    places = re.search(r"0\.(0+)", form or "")
    percent = "%" in (form or "")
    number = value * 100 if percent else value
    if percent or (places and "E" not in form):
        text = f"{number:.{len(places.group(1)) if places else 0}f}"
    else:
        text = f"{number:.15g}"
    return text + ("%" if percent else "")


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _write(composer: Composer, rows: Iterable[tuple[int, Row]], sheet: str, path: Path) -> None:
    """Write the rows: what stands alone in its row is a line, rows without a break are a table."""
    block: list[tuple[int, Row]] = []
    reach = 0
    for number, row in rows:
        if block and number > max(block[-1][0] + 1, reach):
            _write_block(composer, block, sheet, path)
            block, reach = [], 0
        block.append((number, row))
        reach = max(reach, *(number + high for _, _, high, _ in row))
    _write_block(composer, block, sheet, path)


def _write_block(composer: Composer, block: list[tuple[int, Row]], sheet: str, path: Path) -> None:
    first = next((at for at, (_, row) in enumerate(block) if len(row) > 1), len(block))
    for number, ((column, text, _, _),) in block[:first]:
        composer.paragraph([Piece(text, _place(sheet, number, column))])
    block = block[first:]
    last = next((at for at in range(len(block), 0, -1) if len(block[at - 1][1]) > 1), 0)
    block, notes = block[:last], block[last:]
    columns = sorted({column for _, row in block for column, _, _, _ in row})
    if len(columns) * len(block) > _MAX_GRID:
        raise SourceError(
            f"文件“{path}”中有一张 {len(block)} 行 {len(columns)} 列的表，超过上限 {_MAX_GRID} 格，多半是空格。"
            "请去掉不需要的行和列，另存后再索引。"
        )
    cells: list[GridCell] = []
    for at, (number, row) in enumerate(block):
        held = {column: (text, high, wide) for column, text, high, wide in row}
        covered = _covered(block[max(0, at - 200) : at], number, columns)
        for column, _, _, wide in row:
            covered |= _reached(columns, column + 1, column + wide)
        for column in columns:
            text, high, wide = held.get(column, ("", 1, 1))
            if text or column not in covered:
                piece = Piece(text, _place(sheet, number, column)) if text else Piece("")
                cells.append(GridCell((piece,), at, column, high, wide))
    if cells:
        composer.table(cells)
    for number, ((column, text, _, _),) in notes:
        composer.paragraph([Piece(text, _place(sheet, number, column))])


def _covered(above: list[tuple[int, Row]], number: int, columns: Sequence[int]) -> set[int]:
    """The columns of row ``number`` that merged cells of the rows above reach into."""
    found: set[int] = set()
    for start, row in above:
        for column, _, high, wide in row:
            if start + high > number:
                found |= _reached(columns, column, column + wide)
    return found


def _reached(columns: Sequence[int], first: int, end: int) -> set[int]:
    return set(columns[bisect_left(columns, first) : bisect_left(columns, end)])


def _place(sheet: str, row: int, column: int) -> Place:
    cell = f"{workbook.column_letters(column + 1)}{row + 1}"
    return Place(Span(0, 0), sheet=sheet, cell=cell)


def _separator(text: str) -> str:
    """The mark that parts most of the first lines into the same number of columns."""
    lines = [line for line in text[:20_000].splitlines()[:30] if line.strip()]
    scores = {}
    for mark in ",\t;|，":
        counts = [line.count(mark) for line in lines]
        most = max(set(counts), key=counts.count, default=0)
        scores[mark] = (counts.count(most) if most else 0, most)
    return max(scores, key=lambda mark: scores[mark])
