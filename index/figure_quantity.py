"""A value with its unit and bound, as it stands in search text."""

import re
from dataclasses import dataclass, replace
from typing import Literal

Bound = Literal[">=", "<=", "≈", "="]
Value = float | tuple[float, float]

_BOUNDS: dict[Bound, str] = {
    ">=": "不低于|不少于|不小于|不下于|至少|最少|超过|超出|突破|高于|大于|多于|逾|超|≥|>"
    "|(?:迈|跨|站|跃|登)(?:上|过|入)|以上|余|多",
    "<=": "不超过|不高于|不大于|不多于|不到|不足|低于|小于|少于|≤|<|以下|以内|之内",
    "≈": "接近|将近|大约|约|近|左右|上下",
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value of the search text ``[start, end)``; ``written`` tells 翻番 and 零增长 apart."""

    start: int
    end: int
    value: Value
    unit: str
    bound: Bound
    written: Literal["plain", "doubling", "zero"] = "plain"


def bound_of(text: str) -> Bound:
    """Return what the bound words in ``text`` say; = where there are none."""
    for bound, words in _BOUNDS.items():
        if re.search(r"不(?:到|足)|不超过|不[高大多]于", text):
            return "<="
        if re.search(r"不[低少小下]于", text):
            return ">="
        if re.search(words, text):
            return bound
    return "="


def share_bounds(run: list[Quantity]) -> list[Quantity]:
    """Give the bound that opens or closes a 分别-list to its members without one."""
    bounds = [quantity.bound for quantity in run]
    if len(run) > 1 and bounds[0] != "=" and set(bounds[1:]) == {"="}:
        return [replace(quantity, bound=bounds[0]) for quantity in run]
    if len(run) > 1 and bounds[-1] != "=" and set(bounds[:-1]) == {"="}:
        return [replace(quantity, bound=bounds[-1]) for quantity in run]
    return run
