"""Figures that stand for much the same: which of them the question asks for. Pure.

A report gives retail sales as a level and as a growth, new jobs of the year and of all five years,
output as a whole and per head, an aim and what came of it. Where the ledger knows both, the one not
asked for is marked down; where it knows but one, nothing changes.
"""

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from index import Indicator
from qa.figure_fit import GREW_BY, OVER_YEARS, Match
from qa.models import Question

# From this score on, and so little behind, a figure under another name stands for this one.
_AS_GOOD = 0.6
_LITTLE = 0.2
# A rival of the same name may be further behind: it is known to be what is asked for.
_FARTHEST = 0.45
_DOWN = 0.3
# A mark is passed by less than this many times it.
_MARK = 2
# What stands behind the name of a level in that of its growth: 年均增速, 涨幅, 实际增速.
_SUFFIX = 6
# 总量是多少、增长多少 asks for both.
_ASKS = re.compile(r"多少|几(?!年)|how (?:many|much|fast)", re.I)
_EACH = re.compile(r"人均|每|平均")


# So many characters back, at the head of a sentence, stands which time a review speaks of.
_BACK = 6000
_ERAS = re.compile(
    r"(?:^|(?<=[。!?！？\n\s]))[^。，,、\n比较到至]{0,6}?(?:"
    r"(?P<years>(?:[五三]|近?几)年来|过去的?[五三]年|(?:回顾|回首)?“?十[一二三四五]五”?(?=时期|期间|以来|的?五年|[，,]))"
    r"|(?P<year>(?:刚刚)?过去的?(?:一年|20\d\d年)|一年来|20\d\d年(?![到至—-])|去年|全年))"
)

_Key = tuple[str, int, int, str]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the question wants of a figure; ``year`` is the only one, in so many words or by 今年."""

    pace: bool
    year: int | None
    period: tuple[int, int] | None
    each: bool
    aim: bool


def told_of_years(text: str, start: int) -> bool | None:
    """Whether what stands at ``start`` is told of several years or of one; None if neither is said.

    The nearest time at the head of a sentence before tells: 五年来, “十四五”时期 or 一年来, 2025年.
    """
    eras = list(_ERAS.finditer(text, max(0, start - _BACK), start))
    return eras[-1]["years"] is not None if eras else None


def settled(
    found: Sequence[Match],
    question: Question,
    year: int | None = None,
    text_of: Callable[[str], str] = lambda _: "",
) -> list[Match]:
    """Mark down each figure of which another, known too, is rather what is asked for.

    Args:
        found: figures and how well each fits.
        question: as parsed.
        year: the one that 今年 or 去年 means, if the question says so.
        text_of: the text of a document, by its id.
    """
    only = question.years[0] if len(question.years) == 1 else year
    asked = _Asked(
        pace=bool(GREW_BY.search(question.search)) and len(_ASKS.findall(question.search)) < 2,
        year=None if OVER_YEARS.search(question.search) else only,
        period=question.period if not question.years else None,
        each=bool(_EACH.search(question.search)),
        aim=question.aim == "target" or not question.years,
    )
    timely = [match for match in found if match.timely is not False]
    beside = _grouped(timely, lambda one: (one.document_id, one.region))
    # What came of an aim stands in the report of the year after.
    states = _grouped(timely, _cell)
    down: dict[_Key, int] = {}
    lifted: dict[_Key, float] = {}
    for match in found:
        near = beside.get((match.indicator.document_id, match.indicator.region), [])
        came = states.get(_cell(match.indicator), [])
        beaten = [
            next((rival for rival in rivals if rule(match, rival, asked)), None)
            for rule, rivals in (
                (_came_of, came),
                (_grew, near),
                (_of_the_time, near),
                (_of_all, near),
                (_passed, near),
                (partial(_of_a_review, text_of=text_of), near),
            )
        ]
        down[_key(match)] = sum(rival is not None for rival in beaten)
        for rival in beaten:
            # Of one name: what speaks for the one, a good passage, speaks for the other.
            if rival is not None and rival.indicator.name == match.indicator.name:
                lifted[_key(rival)] = max(match.score, lifted.get(_key(rival), match.score))
    return [
        replace(
            match,
            score=max(match.score, lifted.get(_key(match), match.score))
            - _DOWN * down[_key(match)],
        )
        for match in found
    ]


def _key(match: Match) -> _Key:
    indicator = match.indicator
    return indicator.document_id, indicator.span.start, indicator.span.end, indicator.name


def _grouped(
    found: Sequence[Match], key: Callable[[Indicator], Hashable]
) -> dict[Hashable, list[Match]]:
    groups: dict[Hashable, list[Match]] = {}
    for match in found:
        groups.setdefault(key(match.indicator), []).append(match)
    return groups


def _cell(indicator: Indicator) -> tuple[str, int | None, str, str]:
    return indicator.region, indicator.year, indicator.change, indicator.unit


def _came_of(match: Match, rival: Match, asked: _Asked) -> bool:
    """The aim for a year yields to what came of it, unless the aim is asked for.

    The state may go by another name, 接待游客 for 旅游接待人数, if it fits about as well.
    """
    aim, state = match.indicator, rival.indicator
    if asked.aim or aim.kind != "target" or state.kind != "baseline" or state.year is None:
        return False
    return aim.name == state.name or rival.score >= max(_AS_GOOD, match.score - _LITTLE)


def _grew(match: Match, rival: Match, asked: _Asked) -> bool:
    """A level yields to its growth where that is asked for."""
    level, growth = match.indicator, rival.indicator
    if not asked.pace or level.change or growth.change != "growth":
        return False
    rest = growth.name.removeprefix(level.name)
    named = len(rest) < len(growth.name) and len(rest) <= _SUFFIX
    return named and rival.score >= match.score - _FARTHEST


def _of_the_time(match: Match, rival: Match, asked: _Asked) -> bool:
    """The sum of five years yields to the year asked for; a year to the five years asked for."""
    one, other = match.indicator, rival.indicator
    if (one.change, one.unit, one.kind) != (other.change, other.unit, other.kind):
        return False
    if asked.year is not None:
        # An aim of five years is that of the last; what was done in them is not.
        summed = one.year is None and one.period is not None and one.kind == "baseline"
        wrong = summed and other.year == asked.year
    else:
        wrong = asked.period is not None and one.period is None and other.period == asked.period
    same = one.name == other.name or rival.score >= max(_AS_GOOD, match.score - _LITTLE)
    return wrong and same and rival.score >= match.score - _FARTHEST


def _of_all(match: Match, rival: Match, asked: _Asked) -> bool:
    """What is told per head yields to the whole, unless it is asked for per head."""
    part, whole = match.indicator, rival.indicator
    if asked.each or part.change != whole.change or not _EACH.match(part.name):
        return False
    return _EACH.sub("", part.name, count=1) == whole.name


def _like(one: Indicator, other: Indicator) -> bool:
    """Whether two figures are of one thing and one year, and differ."""
    return (
        (one.name, one.year, one.period) == (other.name, other.year, other.period)
        and (one.change, one.unit, one.kind) == (other.change, other.unit, other.kind)
        and one.value != other.value
    )


def _passed(match: Match, rival: Match, _: _Asked) -> bool:
    """A mark that was passed, 跨越5000亿元, yields to the figure itself, 5696亿元."""
    mark, value = match.indicator, rival.indicator
    if not _like(mark, value) or mark.kind != "baseline":
        return False
    if not isinstance(mark.value, float) or not isinstance(value.value, float):
        return False
    near = 0 < mark.value < value.value < mark.value * _MARK
    return near and _digits(mark.value) < _digits(value.value)


def _digits(value: float) -> int:
    """The digits of a number without the noughts at its end."""
    return len(f"{value:.10g}".partition("e")[0].replace(".", "").strip("0"))


def _of_a_review(match: Match, rival: Match, asked: _Asked, text_of: Callable[[str], str]) -> bool:
    """What is told of five years yields to what is told of the year asked for, and the other way.

    The ledger may hold both under the last year: 农村劳动力外出务工1610万人次 and 335.9万人次.
    """
    one, other = match.indicator, rival.indicator
    if (asked.year is None) == (asked.period is None) or not _like(one, other):
        return False
    if one.kind != "baseline":
        return False
    text = text_of(one.document_id)
    told = told_of_years(text, one.span.start), told_of_years(text, other.span.start)
    return told == ((True, False) if asked.year is not None else (False, True))
