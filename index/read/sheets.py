"""Workbooks and comma-separated files: each block of filled rows is a table, as it is shown."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from index.documents import Place, Span
from index.errors import SourceError
from index.read.archive import damaged, open_archive
from index.read.compose import Composer, Extract, GridCell, Piece
from index.read.text import decode

_MAX_CELLS = 300_000
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
    book = _open(data, path)
    total = 0
    many = len(book.worksheets) > 1
    for sheet in book.worksheets:
        total += len(sheet._cells)
        if total > _MAX_CELLS:
            raise SourceError(
                f"文件“{path}”的表格超过 {_MAX_CELLS} 格，不像指标表。请只留下需要的表，另存后再索引。"
            )
        try:
            rows = _rows(sheet)
        except IndexError as error:
            raise damaged(path, ValueError(f"工作表“{sheet.title}”用到没有定义的格式")) from error
        if rows and many:
            composer.paragraph([Piece(sheet.title, _place(sheet.title, 0, 0))], 1)
        _write(composer, rows, sheet.title)
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
        raise SourceError(
            f"文件“{path}”不是完整的 CSV：{error}。应为以逗号、分号或制表符分隔的表格，请检查引号。"
        ) from error
    if not rows:
        raise SourceError(f"文件“{path}”中没有填写内容的格子。请检查文件。")
    composer = Composer()
    _write(composer, rows, "")
    return composer.extract("csv", encoding)


def _open(data: bytes, path: Path) -> Any:  # noqa: ANN401 - openpyxl has no types
    import warnings
    from zipfile import BadZipFile

    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except MemoryError:
        raise
    except (BadZipFile, OSError) as error:
        raise damaged(path, error) from error
    except Exception as error:  # openpyxl meets a wrong part with any error there is
        raise damaged(path, error) from error


def _rows(sheet: Any) -> list[tuple[int, Row]]:  # noqa: ANN401
    """Return the filled rows with their numbers from 0."""
    merged = {
        (area.min_row, area.min_col): (
            area.max_row - area.min_row + 1, area.max_col - area.min_col + 1
        )
        for area in sheet.merged_cells.ranges
    }  # fmt: skip
    rows: dict[int, list[tuple[int, str, int, int]]] = {}
    # Formats often reach down to the last row there is: only cells that exist are looked at.
    for (number, column), cell in sorted(sheet._cells.items()):
        text = "" if cell.value is None else _line(shown(cell.value, cell.number_format))
        if text:
            high, wide = merged.get((number, column), (1, 1))
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


def _write(composer: Composer, rows: Iterable[tuple[int, Row]], sheet: str) -> None:
    """Write the rows: what stands alone in its row is a line, rows without a break are a table."""
    block: list[tuple[int, Row]] = []
    for number, row in rows:
        if block and number > block[-1][0] + 1 and not _reaches(block, number):
            _write_block(composer, block, sheet)
            block = []
        block.append((number, row))
    _write_block(composer, block, sheet)


def _reaches(block: list[tuple[int, Row]], number: int) -> bool:
    return any(start + high >= number for start, row in block for _, _, high, _ in row)


def _write_block(composer: Composer, block: list[tuple[int, Row]], sheet: str) -> None:
    while block and len(block[0][1]) == 1:
        number, ((column, text, _, _),) = block.pop(0)
        composer.paragraph([Piece(text, _place(sheet, number, column))])
    notes: list[tuple[int, Row]] = []
    while len(block) > 1 and len(block[-1][1]) == 1:
        notes.insert(0, block.pop())
    columns = sorted({column for _, row in block for column, _, _, _ in row})
    cells: list[GridCell] = []
    for at, (number, row) in enumerate(block):
        held = {column: (text, high, wide) for column, text, high, wide in row}
        covered = _covered(block[:at], number) | {
            column + offset for column, _, _, wide in row for offset in range(1, wide)
        }
        for column in columns:
            text, high, wide = held.get(column, ("", 1, 1))
            if text or column not in covered:
                piece = Piece(text, _place(sheet, number, column))
                cells.append(GridCell((piece,), at, column, high, wide))
    if cells:
        composer.table(cells)
    for number, ((column, text, _, _),) in notes:
        composer.paragraph([Piece(text, _place(sheet, number, column))])


def _covered(above: list[tuple[int, Row]], number: int) -> set[int]:
    """The columns of row ``number`` that merged cells of the rows above reach into."""
    return {
        column + offset
        for start, row in above[-200:]
        for column, _, high, wide in row
        if start + high > number
        for offset in range(min(wide, 500))
    }


def _place(sheet: str, row: int, column: int) -> Place:
    letters, at = "", column + 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return Place(Span(0, 0), sheet=sheet, cell=f"{letters}{row + 1}")


def _separator(text: str) -> str:
    """The mark that parts most of the first lines into the same number of columns."""
    lines = [line for line in text[:20_000].splitlines()[:30] if line.strip()]
    scores = {}
    for mark in ",\t;|，":
        counts = [line.count(mark) for line in lines]
        most = max(set(counts), key=counts.count, default=0)
        scores[mark] = (counts.count(most) if most else 0, most)
    return max(scores, key=lambda mark: scores[mark])
