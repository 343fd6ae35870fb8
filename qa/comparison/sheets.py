"""A board as csv and as an Excel workbook: numbers as numbers, each with its source."""

import csv
import io
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from qa.compare import Cell, Table
from qa.comparison.board import Board, name_of, remarks
from qa.comparison.grid import Row, grid
from qa.comparison.told import dispute_lines
from qa.comparison.wording import BOUNDS, KINDS, SIGNS, Scale, ends, heading, scale_of, when
from qa.present.parts import section_line
from qa.words import CHINESE, Words

Value = str | float | int

# Text that begins so would be run as a formula by a spreadsheet program.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r]")
# What no cell of a workbook may hold, and how much one may.
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONGEST = 32_000
_WIDTHS = (24, 24, 14, 12, 12, 12, 12, 8, 8, 8, 8, 20, 40, 20, 40, 60, 10, 10, 24, 10)


def heads(say: Words = CHINESE) -> list[str]:
    """The headings of the list of sources, in the order of :func:`line`."""
    return [
        say("指标"), say("原文的说法"), say("地区"), say("年份或时期"), say("数值"),
        say("区间上限"), say("单位"), say("界限"), say("类型"), say("性质"), say("原文数值"),
        say("不一致"), say("文件"), say("文号"), say("章节"), say("引文"), say("起（字符）"),
        say("止（字符）"), say("文件名"), say("在原件中的位置"),
    ]  # fmt: skip


def line(board: Board, table: Table, cell: Cell, say: Words = CHINESE) -> list[Value]:
    """One figure with its source; its value in the unit without 万 and 亿."""
    one, citation = cell.indicator, cell.citation
    low, high = ends(cell)
    return [
        table.name,
        one.name,
        cell.region.name,
        when(cell, say),
        low,
        high if high != low else "",
        one.unit,
        say(BOUNDS[one.bound]) if one.bound != "=" else "",
        say(KINDS[one.kind]),
        say(one.binding) if one.binding else "",
        cell.value,
        say("有不同数值") if name_of(cell) in board.disputed else "",
        citation.title,
        board.documents[citation.document_id].number,
        section_line(citation.section),
        citation.quote.strip(),
        citation.span.start,
        citation.span.end,
        citation.document_id,
        citation.place,
    ]


def lines(board: Board, say: Words = CHINESE) -> list[list[Value]]:
    """All figures with their sources, table by table and row by row."""
    return [
        line(board, block.table, cell, say)
        for block in grid(board, say).blocks
        for row in block.rows
        for place in row.places
        for cell in place
    ]


def csv_bytes(board: Board, say: Words = CHINESE) -> bytes:
    """The list of figures with their sources; with a mark by which Excel knows UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(heads(say))
    for row in lines(board, say):
        writer.writerow([guarded(one) for one in row])
    return buffer.getvalue().encode("utf-8-sig")


def guarded(value: Value) -> Value:
    """Text as text, even if it begins as a formula does; numbers as they are."""
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) else value
    return int(value) if float(value).is_integer() and abs(value) < 1e15 else value


def xlsx_bytes(board: Board, say: Words = CHINESE) -> bytes:
    """A workbook: the table, whose cells lead to the sources; the sources; the notes."""
    from openpyxl import Workbook

    book = Workbook()
    sources = _Sources(board, say)
    _table_sheet(book.active, board, sources, say)
    _source_sheet(book.create_sheet(say("出处")), board, say)
    _note_sheet(book.create_sheet(say("说明")), board, say)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


class _Sources:
    """On which row of the sheet of sources each figure stands."""

    def __init__(self, board: Board, say: Words) -> None:
        cells = [
            cell
            for block in grid(board, say).blocks
            for row in block.rows
            for place in row.places
            for cell in place
        ]
        self.rows = {name_of(cell): at for at, cell in enumerate(cells, 2)}
        self.sheet = say("出处")

    def of(self, cell: Cell) -> str:
        return f"'{self.sheet}'!A{self.rows[name_of(cell)]}"


def _table_sheet(sheet: Any, board: Board, sources: _Sources, say: Words) -> None:  # noqa: ANN401
    laid = grid(board, say)
    grey = _styles()["grey"]
    sheet.title = say("对照表")
    _write(sheet, 1, [say("指标"), laid.corner, *laid.columns], bold=True)
    at = 2
    for block in laid.blocks:
        scale = scale_of(block.table.cells, block.table.unit)
        name = heading(block.table, say)
        for row in block.rows:
            _text(sheet.cell(at, 1), name)
            _text(sheet.cell(at, 2), row.label)
            for column, place in enumerate(row.places, 3):
                cell = sheet.cell(at, column)
                if not place:
                    _text(cell, empty_words(row, column - 3, say))
                    cell.font = grey
                    continue
                _figures(cell, place, scale, board, say)
                cell.hyperlink = _link(cell.coordinate, sources.of(place[0]))
            at += 1
    sheet.freeze_panes = "C2"
    for letter, width in (("A", 30), ("B", 18)):
        sheet.column_dimensions[letter].width = width
    for column in range(3, 3 + len(laid.columns)):
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = 18


def empty_words(row: Row, column: int, say: Words = CHINESE) -> str:
    """Why a place is empty: the plans do not say, or the library has none of that region."""
    return say("无该地区文件") if row.unheld[column] else say("未载明")


@cache
def _styles() -> dict[str, Any]:
    from openpyxl.styles import Alignment, Font, PatternFill

    return {
        "bold": Font(bold=True),
        "grey": Font(color="808080"),
        "link": Font(color="0563C1", underline="single"),
        "wrapped": Alignment(wrap_text=True, vertical="top"),
        "marked": PatternFill("solid", fgColor="FFF2CC"),
    }


def _figures(cell: Any, place: Sequence[Cell], scale: Scale, board: Board, say: Words) -> None:  # noqa: ANN401
    """One figure as a number that shows its bound, several as text, one on a line."""
    styles = _styles()
    first = place[0]
    low, high = ends(first)
    if len(place) == 1 and low == high and first.indicator.unit == scale.base:
        cell.value = guarded(scale.of(low))
        sign = SIGNS[first.indicator.bound]
        tail = "%" if scale.unit == "%" else ""
        cell.number_format = f"{_quoted(sign)}{_digits(scale.of(low))}{_quoted(tail)}"
    else:
        _text(cell, "\n".join(f"{one.value}（{say(KINDS[one.indicator.kind])}）" for one in place))
        cell.alignment = styles["wrapped"]
    cell.font = styles["link"]
    if any(name_of(one) in board.disputed for one in place):
        cell.fill = styles["marked"]


def _digits(value: float) -> str:
    decimals = f"{value:.10f}".rstrip("0").partition(".")[2]
    return "#,##0" + (f".{'0' * len(decimals)}" if decimals else "")


def _quoted(text: str) -> str:
    return f'"{text}"' if text else ""


def _source_sheet(sheet: Any, board: Board, say: Words) -> None:  # noqa: ANN401
    _write(sheet, 1, heads(say), bold=True)
    for at, row in enumerate(lines(board, say), 2):
        _write(sheet, at, row)
    sheet.freeze_panes = "A2"
    for column, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = width


def _note_sheet(sheet: Any, board: Board, say: Words) -> None:  # noqa: ANN401
    notes = [*remarks(board, say), *dispute_lines(board, say)]
    notes.append(say("数值一列已换算为不带“万”“亿”的单位；百分数 78.5% 记作 78.5"))
    for at, note in enumerate(notes, 1):
        _text(sheet.cell(at, 1), note)
    sheet.column_dimensions["A"].width = 120


def _write(sheet: Any, at: int, values: Sequence[Value], bold: bool = False) -> None:  # noqa: ANN401
    for column, value in enumerate(values, 1):
        cell = sheet.cell(at, column)
        if isinstance(value, str):
            _text(cell, value)
        else:
            cell.value = guarded(value)
        if bold:
            cell.font = _styles()["bold"]


def _text(cell: Any, text: str) -> None:  # noqa: ANN401
    """Put text in, which is never a formula."""
    cell.value = _ILLEGAL.sub(" ", text)[:_LONGEST]
    cell.data_type = "s"


def _link(ref: str, location: str) -> Any:  # noqa: ANN401
    from openpyxl.worksheet.hyperlink import Hyperlink

    return Hyperlink(ref=ref, location=location)


def file_name(board: Board, say: Words = CHINESE) -> str:
    """A name for the files of ``board``, without an ending, that every system takes."""
    names = "-".join(table.name for table in board.tables)
    return re.sub(r"[^\w-]+", "_", f"{say('对照表')}-{names}")[:60].strip("_-")
