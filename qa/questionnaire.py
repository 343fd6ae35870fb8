"""Questions of a file, with or without labels; every wrong row is named, none is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index import InputError
from qa.rows import Complaints, Row, read_rows


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
    answer: str = field(default="", compare=False)
    place: str = field(default="", compare=False)  # of the row in its file

    @property
    def answerable(self) -> bool:
        """Whether the documents say it."""
        return bool(self.groups)


def read_asked(path: Path) -> list[Asked]:
    """Read a questionnaire: ``{"id", "question", "history"?}`` a line, or a table.

    Raises:
        InputError: names the file and, for each wrong row, its column and what was expected.
    """
    complaints = Complaints(path)
    found = [
        Asked(
            _text(row, "id", complaints),
            _text(row, "question", complaints),
            _history(row, complaints),
        )
        for row in _distinct(path, read_rows(path, complaints), complaints)
    ]
    complaints.settle()
    return found


def read_labelled(path: Path) -> list[Labelled]:
    """Read labelled questions; the README tells their form.

    Raises:
        InputError: names the file and, for each wrong row, its column and what was expected.
    """
    complaints = Complaints(path)
    return _all_labelled(path, read_rows(path, complaints), complaints)


def labelled(values: Sequence[Mapping[str, Any]]) -> list[Labelled]:
    """Read labelled questions that are no file: each as a line of JSONL would give it.

    Raises:
        InputError: as :func:`read_labelled`.
    """
    path = Path("questions")
    rows = [Row(f"第 {number} 题", one) for number, one in enumerate(values, 1)]
    return _all_labelled(path, rows, Complaints(path))


def _all_labelled(path: Path, rows: Sequence[Row], complaints: Complaints) -> list[Labelled]:
    found = [_labelled(row, complaints) for row in _distinct(path, rows, complaints)]
    complaints.settle()
    return found


def _labelled(row: Row, complaints: Complaints) -> Labelled:
    groups = _groups(row, complaints)
    values = _texts(row, "values", complaints)
    if values and row.values.get("evidence_groups") == []:
        complaints.of(row, "values", "文件没有写的问题（没有引文）不应有数值。")
    return Labelled(
        id=_text(row, "id", complaints),
        question=_text(row, "question", complaints),
        history=_history(row, complaints),
        type=_word(row, "type", complaints),
        difficulty=_word(row, "difficulty", complaints),
        values=values,
        reject=_texts(row, "reject", complaints),
        groups=groups,
        answer=_word(row, "answer", complaints),
        place=row.place,
    )


def _distinct(path: Path, rows: Sequence[Row], complaints: Complaints) -> Sequence[Row]:
    """The rows of ``path``; a complaint for each id and each question that came before."""
    seen: dict[str, dict[str, str]] = {"id": {}, "question": {}}
    for row in rows:
        name = str(row.values.get("id", ""))
        asked = f"{row.values.get('question')}\n{row.values.get('history') or []}"
        for key, value in (("id", name), ("question", asked)):
            if not row.values.get(key):
                continue
            first = seen[key].setdefault(value, row.place)
            if first != row.place:
                shown = value.split("\n")[0]
                complaints.of(row, key, f"“{shown}”与{first}重复。请改正或删去其一。")
    if not rows:
        complaints.settle()
        raise InputError(f'问题文件“{path}”中没有问题。每行应为 {{"id": …, "question": …}}。')
    return rows


def _text(row: Row, key: str, complaints: Complaints) -> str:
    value = row.values.get(key)
    if isinstance(value, int) and key == "id" and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        came = "没有填写" if value in (None, "") else f"是 {value!r}"
        complaints.of(row, key, f"应为非空文字，实际{came}。")
        return ""
    return value


def _word(row: Row, key: str, complaints: Complaints) -> str:
    value = row.values.get(key)
    if value is not None and not isinstance(value, str | int | float):
        complaints.of(row, key, f"应为文字，实际是 {value!r}。")
    return "" if value is None else str(value)


def _texts(row: Row, key: str, complaints: Complaints) -> tuple[str, ...]:
    value = row.values.get(key) or []
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
        complaints.of(row, key, f"应为非空文字的列表，实际是 {value!r}。")
        return ()
    return tuple(value)


def _history(row: Row, complaints: Complaints) -> tuple[str, ...]:
    """Earlier questions as strings, or as {"question": …} or {"role": "user", "content": …}."""
    value = row.values.get("history") or []
    if not isinstance(value, list):
        complaints.of(row, "history", f"应为先前问题的列表，实际是 {value!r}。")
        return ()
    found = []
    for item in value:
        if isinstance(item, dict):
            if item.get("role", "user") != "user":
                continue
            item = item.get("question", item.get("content"))  # noqa: PLW2901
        if not isinstance(item, str):
            complaints.of(row, "history", f"应为先前问题的列表，实际含有 {item!r}。")
            continue
        found.append(item)
    return tuple(found)


def _groups(row: Row, complaints: Complaints) -> tuple[tuple[Evidence, ...], ...]:
    value = row.values.get("evidence_groups")
    expected = '应为 [[{"doc": …, "quote": …}]]，文件没有写时为 []'
    if value is None and row.headers:
        complaints.add(
            row.place,
            "quote",
            "没有引文。请填写 doc（文件）和 quote（引文）；文件没有写的，请在 answerable（可回答）列写“否”。",
        )
        return ()
    if not isinstance(value, list) or not all(isinstance(group, list) for group in value):
        came = "没有填写" if value is None else f"是 {value!r}"
        complaints.of(row, "evidence_groups", f"{expected}，实际{came}。")
        return ()
    groups = []
    for group in value:
        for item in group:
            if not _is_evidence(item):
                complaints.of(row, "evidence_groups", f"{expected}，实际含有 {item!r}。")
        kept = [Evidence(i["doc"], i["quote"]) for i in group if _is_evidence(i)]
        groups += [tuple(kept)] if kept else []
    return tuple(groups)


def _is_evidence(item: object) -> bool:
    return isinstance(item, dict) and all(
        isinstance(item.get(key), str) and item[key] for key in ("doc", "quote")
    )
