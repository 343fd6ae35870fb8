"""The numbers and years that a sentence tells, to be compared with those that a source states.

They are read alike however they are written: 七成, 百分之七十 and 70%.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from index import Span, numerals

_UNIT = (
    "%|‰|个?百分点|倍|成(?![立为果员本功都长熟效就交型年套绩品])|美元|欧元|元|平方公里|平方千米|平方米|公顷|亩|公里|千米|米|立方米"
    "|吨|公斤|千瓦时|千瓦|个月|小时|分钟|年|岁|[A-Za-z]+"
)
_FIGURE = re.compile(
    rf"(?P<doubling>{numerals.DOUBLING})|(?P<number>{numerals.PARTS}|{numerals.RATIO}"
    rf"|{numerals.ARABIC}[余多]?{numerals.SCALE}*|{numerals.CHINESE})[余多]? ?(?P<unit>{_UNIT})?"
)
_ALIKE = {"百分点": "个百分点", "平方千米": "平方公里", "千米": "公里"}
_MORE = "不低于|不少于|不小于|至少|超过|突破|高于|大于|多于|逾|超|≥"
_LESS = "不超过|不高于|不大于|不多于|不到|不足|低于|小于|少于|≤"
_BEFORE = re.compile(rf"(?:(?P<more>{_MORE})|(?P<less>{_LESS}))[在到]?$")
_BEHIND = re.compile(r"[余多]?[人个户家项所座]?(?:(?P<more>及?以上)|(?P<less>以下|以内|之内))")
_TO = re.compile(r"[-—–~至到]+\d")
_FROM = re.compile(r"[\d年][-—–~至到]+$")
_LIST = re.compile(r"(?:、|和|及|与|[-—–~至到]+)(?=[\d零一二两三四五六七八九十])")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a text states, ``[start, end)``; ``year`` is the one it is given for, or 0.

    Years themselves have the unit 年. ``bound`` is ≥, ≤ or empty.
    """

    start: int
    end: int
    value: float | str
    unit: str
    bound: str = ""
    year: int = 0

    @property
    def is_year(self) -> bool:
        """Whether this is a calendar year."""
        return self.unit == "年" and isinstance(self.value, int) and 1900 <= self.value < 2100

    def bears_out(self, told: Self) -> bool:
        """Whether ``told`` is this number, for the same year and with the same bound if any."""
        return (
            (self.value, self.unit) == (told.value, told.unit)
            and told.bound in {"", self.bound}
            and (not told.year or not self.year or told.year == self.year)
        )


def figures(search: str) -> list[Figure]:
    """Return the numbers that normalised text states, whichever way they are written."""
    search = search.replace("○", "〇")
    found = [_figure(search, match) for match in _FIGURE.finditer(search)]
    year = 0
    for at, figure in enumerate(found):
        if figure.is_year:
            # A period, and a year compared with, is not the year of what follows.
            spanned = _TO.match(search, figure.end) or _FROM.search(search[: figure.start])
            compared = search[: figure.start].endswith(("比", "较"))
            year = year if compared else 0 if spanned else int(figure.value)
            continue
        found[at] = replace(figure, year=year, unit=figure.unit or _lent(search, found, at))
    return found


def meant(search: str) -> list[Figure]:
    """Return the figures of a model's normalised text; 一 and 千万 in common words are none."""
    return [figure for figure in figures(search) if _is_meant(search, figure)]


def plain(search: str, clause: Span, inside: Sequence[Figure]) -> str:
    """Return ``clause`` with its shares and years in Arabic numerals, as plans write them."""
    kept, at = "", clause.start
    for figure in inside:
        written = search[figure.start : figure.end]
        if figure.unit in {"%", "‰"} or figure.is_year:
            written = f"{figure.value}{figure.unit}"
        kept += search[at : figure.start] + written
        at = figure.end
    return kept + search[at : clause.end]


def _figure(search: str, match: re.Match[str]) -> Figure:
    start, end = match.span()
    if match["doubling"]:
        return Figure(start, end, numerals.doubling(match["doubling"]) or 2, "番")
    text, unit = re.sub("[余多]", "", match["number"]), match["unit"] or ""
    value: float | str
    try:
        value = numerals.number(text)
    except (ValueError, LookupError):  # what a model may write: 十四五, 千亿四
        value = text
    if "分之" in text:
        unit = {"百": "%", "千": "‰"}.get(text.split("分之")[0], unit)
    if unit == "成" and not isinstance(value, str):
        value, unit = round(value * 10, 6), "%"
    if re.fullmatch(r"[\d〇零一二三四五六七八九]{4}", text) and not unit:
        unit = "年" if isinstance(value, int) and 1900 <= value < 2100 else ""
    return Figure(start, end, value, _ALIKE.get(unit, unit), _bound(search, match))


def _bound(search: str, match: re.Match[str]) -> str:
    before = _BEFORE.search(search, max(0, match.start() - 5), match.start())
    behind = _BEHIND.match(search, match.end())
    over = re.search("[余多]", match.group()) is not None
    if over or (before and before["more"]) or (behind and behind["more"]):
        return "≥"
    return "≤" if before or behind else ""


def _lent(search: str, found: Sequence[Figure], at: int) -> str:
    """The unit that a number in a list has from the next: 65 in 65和78.5%."""
    following = found[at + 1] if at + 1 < len(found) else None
    joint = _LIST.match(search, found[at].end)
    return following.unit if following and joint and joint.end() == following.start else ""


def _is_meant(search: str, figure: Figure) -> bool:
    text = search[figure.start : figure.end]
    if re.search(r"[\d点分番倍]", text):
        return True
    return bool(figure.unit) or not re.fullmatch("一|[百千万亿]+", text)
