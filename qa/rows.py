"""Rows of a file of questions – JSONL, CSV or xlsx – and all that is wrong with them, told at once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index import InputError

TABLES = (".csv", ".tsv", ".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands, and its values as a line of JSONL would give them.

    ``headers`` names the columns as the user did, where the file has a header.
    """

    place: str
    values: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Complaints:
    """What is wrong with the rows of a file; gathered, so that all of it can be mended at once."""

    path: Path
    found: list[str] = field(default_factory=list)

    def add(self, place: str, column: str, expected: str) -> None:
        """Note what ``column`` of the row at ``place`` should have held and what it holds."""
        self.found.append(f"{place}“{column}”列：{expected}" if column else f"{place}：{expected}")

    def of(self, row: Row, key: str, expected: str) -> None:
        """The same, under the header that the file gives ``key``."""
        self.add(row.place, row.headers.get(key, key), expected)

    def settle(self) -> None:
        """End here if anything is wrong.

        Raises:
            InputError: names every wrong row, its column and what was expected.
        """
        if self.found:
            told = "\n".join(f"  {line}" for line in self.found)
            raise InputError(f"文件“{self.path}”有 {len(self.found)} 处错误，请改正：\n{told}")


def read_rows(path: Path, complaints: Complaints) -> Sequence[Row]:
    """Read the rows of ``path``; those that are no rows at all go to ``complaints``.

    Raises:
        InputError: the file as a whole cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"问题文件“{path}”不存在。请检查路径。") from error
    except OSError as error:
        raise InputError(f"问题文件“{path}”无法读取：{error.strerror or error}。") from error
    if path.suffix.lower() in TABLES:
        from qa.spreadsheet import read_table

        return read_table(path, content, complaints)
    return _lines(path, content, complaints)


def _lines(path: Path, content: bytes, complaints: Complaints) -> list[Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"问题文件“{path}”无法读取：应为 UTF-8 编码的 JSONL，或 CSV、xlsx 表格（{error}）。"
        ) from error
    rows = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        place = f"第 {number} 行"
        try:
            values = json.loads(line)
        except ValueError as error:
            complaints.add(place, "", f"不是有效的 JSON：{error}。每行应为一个 JSON 对象。")
            continue
        if not isinstance(values, dict):
            complaints.add(place, "", f"应为 JSON 对象，实际是 {type(values).__name__}。")
            continue
        rows.append(Row(place, values))
    return rows
