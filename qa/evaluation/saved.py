"""An evaluation as a file, to compare a later one with it."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index import InputError
from qa.evaluation.results import Answered, Evaluation
from qa.questionnaire import Evidence, Labelled

FORMAT = "guiwen-evaluation-1"


def as_data(evaluation: Evaluation) -> dict[str, Any]:
    """All of ``evaluation`` but the passages' texts."""
    return {
        "format": FORMAT,
        "questions": [asdict(question) for question in evaluation.questions],
        "ranked": _plain(evaluation.ranked),
        "runs": _plain(evaluation.runs),
        "qrels": _plain(evaluation.qrels),
        "answered": {name: asdict(answer) for name, answer in evaluation.answered.items()},
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - nested mappings
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return value


def read(path: Path) -> Evaluation:
    """Read what ``as_data`` gave.

    Raises:
        InputError: no such file, or not of this form.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise InputError(f"评测结果“{path}”不存在。请检查路径。") from error
    except (OSError, ValueError) as error:
        raise InputError(f"评测结果“{path}”无法读取：应为 JSON（{error}）。") from error
    found = data.get("format") if isinstance(data, dict) else None
    if found != FORMAT:
        raise InputError(
            f"“{path}”应为 guiwen evaluate --save 写出的结果（{FORMAT}），实际的 format 是 {found!r}。"
        )
    try:
        return Evaluation(
            questions=[_question(row) for row in data["questions"]],
            ranked=data["ranked"],
            runs=data["runs"],
            qrels=data["qrels"],
            answered={name: Answered(**row) for name, row in data["answered"].items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"评测结果“{path}”不完整：{error}。请重新用 --save 写出。") from error


def _question(row: Mapping[str, Any]) -> Labelled:
    lists = {key: tuple(row[key]) for key in ("history", "values", "reject")}
    groups = tuple(tuple(Evidence(**item) for item in group) for group in row["groups"])
    return Labelled(**{**row, **lists, "groups": groups})
