"""Files of questions, a JSON object a line; every complaint names its line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index import InputError


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a questionnaire."""

    id: str
    question: str
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote that stands in a document."""

    doc: str
    quote: str


@dataclass(frozen=True, slots=True)
class Labelled(Asked):
    """A question with what is known of its answer.

    ``groups``: a full answer needs one quote of each; the quotes of one group are alternatives.
    Without groups the documents do not say. ``values`` must stand in the answer, ``reject`` must
    not stand in its first statement.
    """

    type: str = ""
    difficulty: str = ""
    values: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    groups: tuple[tuple[Evidence, ...], ...] = field(default=())

    @property
    def answerable(self) -> bool:
        """Whether the documents say it."""
        return bool(self.groups)


def read_asked(path: Path) -> list[Asked]:
    """Read a questionnaire: ``{"id", "question", "history"?}`` a line.

    Raises:
        InputError: names the file, the line, what was expected and what came.
    """
    return [
        Asked(_text(row, "id", where), _text(row, "question", where), _history(row, where))
        for where, row in _rows(path)
    ]


def read_labelled(path: Path) -> list[Labelled]:
    """Read labelled questions; see DESIGN in the README for the form.

    Raises:
        InputError: names the file, the line, what was expected and what came.
    """
    return [
        Labelled(
            id=_text(row, "id", where),
            question=_text(row, "question", where),
            history=_history(row, where),
            type=str(row.get("type", "")),
            difficulty=str(row.get("difficulty", "")),
            values=_texts(row, "values", where),
            reject=_texts(row, "reject", where),
            groups=_groups(row, where),
        )
        for where, row in _rows(path)
    ]


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError as error:
        raise InputError(f"问题文件“{path}”不存在。请检查路径。") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"问题文件“{path}”无法读取：应为 UTF-8 编码的 JSONL（{error}）。"
        ) from error
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"问题文件“{path}”第 {number} 行"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(
                f"{where}不是有效的 JSON：{error}。每行应为一个 JSON 对象。"
            ) from error
        if not isinstance(row, dict):
            raise InputError(f"{where}应为 JSON 对象，实际是 {type(row).__name__}。")
        name = _text(row, "id", where)
        if name in seen:
            raise InputError(f"{where}的 id“{name}”与第 {seen[name]} 行重复。请改成不同的 id。")
        seen[name] = number
        yield where, row
    if not seen:
        raise InputError(f'问题文件“{path}”中没有问题。每行应为 {{"id": …, "question": …}}。')


def _text(row: dict[str, Any], key: str, where: str) -> str:
    value = row.get(key)
    if isinstance(value, int) and key == "id" and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{where}缺少“{key}”：应为非空字符串，实际是 {value!r}。")
    return value


def _texts(row: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = row.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InputError(f"{where}的“{key}”应为字符串列表，实际是 {value!r}。")
    return tuple(value)


def _history(row: dict[str, Any], where: str) -> tuple[str, ...]:
    """Earlier questions as strings, or as {"question": …} or {"role": "user", "content": …}."""
    value = row.get("history") or []
    if not isinstance(value, list):
        raise InputError(f"{where}的“history”应为列表，实际是 {value!r}。")
    found = []
    for item in value:
        if isinstance(item, dict):
            if item.get("role", "user") != "user":
                continue
            item = item.get("question", item.get("content"))  # noqa: PLW2901
        if not isinstance(item, str):
            raise InputError(f"{where}的“history”应为先前的问题列表，实际含有 {item!r}。")
        found.append(item)
    return tuple(found)


def _groups(row: dict[str, Any], where: str) -> tuple[tuple[Evidence, ...], ...]:
    value = row.get("evidence_groups")
    if not isinstance(value, list):
        raise InputError(f"{where}缺少“evidence_groups”：应为列表，实际是 {value!r}。")
    try:
        return tuple(
            tuple(Evidence(str(item["doc"]), str(item["quote"])) for item in group)
            for group in value
            if group
        )
    except (TypeError, KeyError) as error:
        raise InputError(
            f'{where}的“evidence_groups”应为 [[{{"doc": …, "quote": …}}]]，实际出错于 {error}。'
        ) from error
