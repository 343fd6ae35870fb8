"""Conditions on the metadata of documents, in Dify's words. Pure: values are compared, never run."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from index import Document, normalise
from qa.server.errors import CallError

Text = Annotated[str, Field(max_length=2000)]
Value = float | Text | list[Text]

# What a document is asked about; a condition may name several, any of which may hold.
FIELDS: Mapping[str, Callable[[Document], str]] = {
    "document": lambda d: d.id,
    "title": lambda d: d.title,
    "region": lambda d: d.region,
    "level": lambda d: d.level,
    "issuer": lambda d: d.issuer,
    "number": lambda d: d.number,
    "issued": lambda d: d.issued,
    "year": lambda d: "".join(re.findall(r"^\d{4}", d.issued)),
    "period_start": lambda d: str(d.period[0]) if d.period else "",
    "period_end": lambda d: str(d.period[1]) if d.period else "",
    "source": lambda d: d.source,
}


class Condition(BaseModel):
    """One condition; ``value`` is needed but for the empty kinds."""

    name: Annotated[str, Field(max_length=100)] | list[Annotated[str, Field(max_length=100)]]
    comparison_operator: str = Field(max_length=40)
    value: Value | None = None


class Conditions(BaseModel):
    """All of the conditions, or any of them."""

    logical_operator: Literal["and", "or"] | None = "and"
    conditions: list[Condition] | None = Field(default=None, max_length=50)


def matching(given: Conditions | None, documents: Mapping[str, Document]) -> frozenset[str] | None:
    """Return the documents that fulfil the conditions; None where there are none.

    Raises:
        CallError: an unknown field or operator, or a value that it cannot compare with.
    """
    if given is None or not given.conditions:
        return None
    tests = [_test(condition) for condition in given.conditions]
    combine = any if given.logical_operator == "or" else all
    return frozenset(n for n, d in documents.items() if combine(test(d) for test in tests))


def _test(condition: Condition) -> Callable[[Document], bool]:
    names = [condition.name] if isinstance(condition.name, str) else condition.name
    unknown = [name for name in names if name not in FIELDS]
    if unknown or not names:
        raise CallError(
            422,
            f"不能按“{unknown[0] if unknown else ''}”筛选。可用的有：{'、'.join(FIELDS)}。",
            param="metadata_condition",
        )
    compare = _comparison(condition)
    return lambda document: any(compare(FIELDS[name](document)) for name in names)


def _comparison(condition: Condition) -> Callable[[str], bool]:
    asked, value = condition.comparison_operator, condition.value
    if asked in {"empty", "not empty", "null", "not null"}:
        return lambda held: bool(held) == asked.startswith("not")
    if value is None:
        raise _wrong(asked, "需要 value")
    if asked in _LISTS:
        wanted = {_plain(one) for one in (value if isinstance(value, list) else [value])}
        return lambda held: (_plain(held) in wanted) == (asked == "in")
    if isinstance(value, list):
        raise _wrong(asked, "的 value 不能是列表")
    if asked in _TEXTS:
        test, text = _TEXTS[asked], _plain(value)
        return lambda held: test(_plain(held), text)
    if asked in _NUMBERS:
        number = _number(value)
        if number is None:
            raise _wrong(asked, "的 value 应为数字")
        compare = _NUMBERS[asked]
        return lambda held: (n := _number(held)) is not None and compare(n, number)
    if asked in _DATES:
        when = _date(value)
        if when is None:
            raise _wrong(asked, "的 value 应为日期，例如 2022-07-15")
        order = _DATES[asked]
        return lambda held: (d := _date(held)) is not None and order(d, when)
    known = "、".join((*_TEXTS, *_LISTS, *_NUMBERS, *_DATES, "empty", "not empty"))
    raise CallError(422, f"不认识比较“{asked}”。可用的有：{known}。", param="metadata_condition")


_TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "contains": lambda held, text: text in held,
    "not contains": lambda held, text: text not in held,
    "start with": lambda held, text: held.startswith(text),
    "end with": lambda held, text: held.endswith(text),
    "is": lambda held, text: held == text,
    "is not": lambda held, text: held != text,
}
_LISTS = ("in", "not in")
_NUMBERS: Mapping[str, Callable[[float, float], bool]] = {
    "=": lambda held, number: held == number,
    "≠": lambda held, number: held != number,
    ">": lambda held, number: held > number,
    "<": lambda held, number: held < number,
    "≥": lambda held, number: held >= number,
    "≤": lambda held, number: held <= number,
}
_DATES: Mapping[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    "before": lambda held, when: held < when,
    "after": lambda held, when: held > when,
}


def _wrong(asked: str, told: str) -> CallError:
    return CallError(422, f"比较“{asked}”{told}。", param="metadata_condition")


def _plain(value: float | str) -> str:
    """Texts are compared in one script and width."""
    return normalise(str(value)).text.strip()


def _number(value: float | str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _date(value: float | str) -> tuple[int, ...] | None:
    parts = re.findall(r"\d{1,4}", str(value))[:3]
    return tuple(map(int, parts)) if parts and len(parts[0]) == 4 else None
