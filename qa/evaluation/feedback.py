"""Feedback → labelled questions: those answered rightly are labelled, the others left to a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.feedback import Feedback

_WRONG = {"value": "数值不对", "source": "出处不对"}


@dataclass(frozen=True, slots=True)
class Labels:
    """Rows of a labelled set, and rows that a person must complete before they are any.

    The latter name their question, so that ``guiwen label`` can be given them as they are.
    """

    labelled: tuple[Mapping[str, Any], ...]
    to_do: tuple[Mapping[str, Any], ...]


def labels(said: Sequence[Feedback]) -> Labels:
    """Turn feedback into labelled questions; of two verdicts on one question the last holds.

    Right answers give their quotations as evidence, right refusals an empty list. What was found
    wrong, was limited by hand, which a labelled set cannot say, or written by a model is to be done
    by a person.
    """
    last: dict[tuple[str, tuple[str, ...]], Feedback] = {}
    for one in said:
        key = _asked(one)
        last.pop(key, None)
        last[key] = one
    done: list[Mapping[str, Any]] = []
    to_do: list[Mapping[str, Any]] = []
    for number, one in enumerate(last.values(), 1):
        row = _row(f"fb-{number:04}", one)
        if one.verdict == "right" and not (one.limited or one.written):
            done.append(row | _evidence(one))
        else:
            to_do.append(row | _left(one))
    return Labels(tuple(done), tuple(to_do))


def _asked(one: Feedback) -> tuple[str, tuple[str, ...]]:
    """The question as a set can ask it: with its history, or as it was read otherwise."""
    return (one.question, one.history) if one.read == "" else (one.read, ())


def _row(name: str, one: Feedback) -> dict[str, Any]:
    question, history = _asked(one)
    row: dict[str, Any] = {"id": name, "question": question, "type": one.type}
    return row | ({"history": list(history)} if history else {})


def _evidence(one: Feedback) -> dict[str, Any]:
    if one.refused:
        return {"answer": "", "values": [], "reject": [], "evidence_groups": []}
    return {
        "answer": one.values[0] if one.values else "",
        "values": list(one.values),
        "reject": [],
        "evidence_groups": [[{"doc": q.doc, "quote": q.quote}] for q in one.quotes],
    }


def _left(one: Feedback) -> dict[str, Any]:
    """What a person needs to complete the row; it has no evidence, so that none is taken for it."""
    reasons = [
        _WRONG.get(one.verdict, ""),
        "提问时限定了查找范围" if one.limited else "",
        "由语言模型作答，未留下所引原文" if one.written else "",
    ]
    return {
        "reject": list(one.values) if one.verdict == "value" else [],
        "todo": "、".join(filter(None, reasons)),
        "remark": one.remark,
        "answered": one.answer,
        "cited": [{"doc": q.doc, "quote": q.quote} for q in one.quotes],
    }
