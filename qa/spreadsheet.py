"""Questions in a table: CSV as any spreadsheet saves it, or xlsx. A row a question.

Evidence stands in pairs of columns: 文件 and 引文 for the first group, 文件2 and 引文2 for the second;
a letter (引文2b) marks an alternative within the group.
"""

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index import InputError, Sheet, SourceError, column_letters, sheets_of
from qa.rows import Complaints, Row

_NAMES = {
    "id": ("id", "编号", "序号"),
    "question": ("question", "问题"),
    "history": ("history", "先前的问题", "此前的问题"),
    "type": ("type", "类型"),
    "difficulty": ("difficulty", "难度"),
    "answer": ("answer", "答案"),
    "values": ("values", "数值"),
    "reject": ("reject", "排除"),
    "answerable": ("answerable", "可回答"),
    "note": ("note", "备注"),
}
_KEYS = {name: key for key, names in _NAMES.items() for name in names}
_EVIDENCE = re.compile(r"(doc|file|文件|quote|引文)(\d*)([a-z]?)")
_LISTS = ("history", "values", "reject")
_YES, _NO = {"是", "yes", "true", "1", "y"}, {"否", "no", "false", "0", "n"}

# Of a sheet, blank ones between filled ones included.
_MOST_CELLS = 2_000_000

Table = list[list[str]]


def read_table(path: Path, content: bytes, complaints: Complaints) -> Sequence[Row]:
    """Return the rows of ``content``, each as a line of JSONL would give it.

    Raises:
        InputError: no table, or no sheet with the columns id and question.
    """
    if path.suffix.lower() in {".csv", ".tsv"}:
        sheets = {"": _csv(path, content)}
    else:
        sheets = _xlsx(path, content, complaints)
    rows: list[Row] = []
    for name, table in sheets.items():
        head = next((at for at, cells in enumerate(table) if any(cells)), None)
        if head is None:
            continue
        where = f"工作表“{name}”" if name else ""
        headers = _headers(table[head])
        if not {"id", "question"} <= set(headers.values()):
            shown = "、".join(cell for cell in table[head] if cell)
            complaints.add(
                f"{where}第 {head + 1} 行",
                "",
                f"表头应有“id”（编号）和“question”（问题）两列，实际是：{shown}。"
                "若这不是问题表，请移到别的文件。",
            )
            continue
        _check_headers(table[head], f"{where}第 {head + 1} 行", complaints)
        for number, cells in enumerate(table[head + 1 :], head + 2):
            if any(cells):
                rows.append(_row(f"{where}第 {number} 行", table[head], cells, complaints))
    return rows


def _headers(cells: Sequence[str]) -> dict[str, str]:
    return {cell: _KEYS[cell.lower()] for cell in cells if cell.lower() in _KEYS}


def _check_headers(cells: Sequence[str], place: str, complaints: Complaints) -> None:
    """A column that is not known would be dropped without a word: it is refused."""
    keys = [_KEYS.get(cell.lower(), cell.lower()) for cell in cells]
    for cell, key in zip(cells, keys, strict=True):
        if cell and key not in _NAMES and not _EVIDENCE.fullmatch(key):
            known = "、".join(f"{names[0]}（{names[1]}）" for names in _NAMES.values())
            complaints.add(
                place,
                cell,
                f"不认识的列。可用：{known}、doc（文件）、quote（引文）、doc2、quote2……",
            )
        elif cell and keys.count(key) > 1:
            complaints.add(place, cell, "同一列出现了两次。")


def _row(place: str, head: Sequence[str], cells: Sequence[str], complaints: Complaints) -> Row:
    values: dict[str, Any] = {}
    headers: dict[str, str] = {}
    if any(cells[len(head) :]):
        complaints.add(place, "", f"有 {len(cells)} 格，多于表头的 {len(head)} 列。")
    evidence: dict[tuple[int, str], dict[str, str]] = {}
    for header, cell in zip(head, cells, strict=False):
        key = _KEYS.get(header.lower())
        found = _EVIDENCE.fullmatch(header.lower())
        if found and cell:
            kind = "quote" if found[1] in {"quote", "引文"} else "doc"
            group = (int(found[2] or 1), found[3])
            evidence.setdefault(group, {})[kind] = cell
            evidence[group].setdefault("header", header)
        elif key:
            values[key] = _list(cell) if key in _LISTS else cell
            headers[key] = header
    said = values.pop("answerable", "").lower()
    place_of = headers.get("answerable", "可回答")
    if said and said not in _YES | _NO:
        complaints.add(place, place_of, f"应为“是”或“否”，实际是“{said}”。")
    groups = _groups(place, evidence, complaints)
    if groups and said in _NO:
        complaints.add(place, place_of, "写着“否”，却给出了引文。")
    # None: not said. The reader of labels asks for it, that of bare questions does not.
    known: list[list[dict[str, str]]] | None = groups if groups or said in _NO else None
    return Row(place, {**values, "evidence_groups": known}, headers)


def _groups(
    place: str, evidence: dict[tuple[int, str], dict[str, str]], complaints: Complaints
) -> list[list[dict[str, str]]]:
    groups: dict[int, list[dict[str, str]]] = {}
    for (number, _letter), pair in sorted(evidence.items()):
        for kind, name in (("doc", "文件"), ("quote", "引文")):
            if kind not in pair:
                complaints.add(place, pair["header"], f"缺少与它成对的“{name}”。")
        groups.setdefault(number, []).append(
            {"doc": pair.get("doc", "?"), "quote": pair.get("quote", "?")}
        )
    return list(groups.values())


def _list(cell: str) -> list[str]:
    return [part.strip() for part in re.split(r"[\n;；|]", cell) if part.strip()]


def _csv(path: Path, content: bytes) -> Table:
    text = _decoded(path, content)
    head = text.split("\n", 1)[0]
    delimiter = max("\t;,", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InputError(
            f"问题文件“{path}”不是完整的 CSV：{error}。请检查引号是否成对。"
        ) from error
    return [[cell.strip() for cell in row] for row in rows]


def _decoded(path: Path, content: bytes) -> str:
    """Decode as spreadsheets save: UTF-8, UTF-16 with its mark, else GB18030."""
    utf16 = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"问题文件“{path}”的编码无法识别：应为 UTF-8、UTF-16 或 GB18030。")


def _xlsx(path: Path, content: bytes, complaints: Complaints) -> dict[str, Table]:
    try:
        sheets = sheets_of(content, path)
    except SourceError as error:
        raise InputError(
            f"问题文件“{path}”不是完整的 xlsx 工作簿（{error}）。请用电子表格软件另存为 xlsx 或 CSV。"
        ) from error
    return {sheet.title: _filled(path, sheet, complaints) for sheet in sheets}


def _filled(path: Path, sheet: Sheet, complaints: Complaints) -> Table:
    """The rows of a sheet up to the last filled cell of each."""
    widths: dict[int, int] = {}
    for row, column in sheet.cells:
        widths[row] = max(column, widths.get(row, 0))
    if sum(widths.values()) > _MOST_CELLS:
        raise InputError(
            f"问题文件“{path}”的工作表“{sheet.title}”太宽：各行到最后一格共 {sum(widths.values())} 格，"
            f"最多 {_MOST_CELLS} 格。请删去远处的空列后另存。"
        )
    table: Table = [[] for _ in range(max(widths, default=0))]
    for row, width in widths.items():
        table[row - 1] = [""] * width
    for (row, column), (value, shape) in sorted(sheet.cells.items(), key=lambda cell: cell[0]):
        if (row, column) in sheet.errors:
            place = f"工作表“{sheet.title}”第 {row} 行"
            complaints.add(place, column_letters(column), f"公式出错：{value}。")
        else:
            table[row - 1][column - 1] = _shown(value, shape)
    return table


def _shown(value: object, shape: str) -> str:
    """The cell as a person reads it: a whole number without its .0, a percentage with its sign."""
    if isinstance(value, float) and "%" in shape:
        return f"{round(value * 100, 10):g}%"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return f"{value:.15g}"
    return str(value).strip()
