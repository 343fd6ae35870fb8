"""How a figure of the ledger fits a question: its time, place, kind and unit. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index import Indicator, Region, resolve_region
from qa.matter import UNITS_ALIKE, matter, pieces, scale_asked, units_asked
from qa.models import Passage, Question

_CHANGE = re.compile(
    r"增速|增长|增幅|提高|下降|降低|减少|缩小|扩大|翻|年均|涨幅|变化|高出|低于|高于|涨了?多少|growth|grow|grew|increase|rise|rose|cut|reduc",
    re.I,
)

# 增长目标是多少 wants the pace, not the level that it leads to.
PACE = re.compile(
    r"增速|增长率|增幅|涨幅|增长(?:目标|预期|百分|多少个?百?分?点|几个?百?分?点|快|(?=$|[ ,?]))|how fast|growth|grow",
    re.I,
)
# 增长多少 asks for a change too; 增长到多少 for a level.
GREW_BY = re.compile(rf"{PACE.pattern}|同比|(?:增长|涨)了?(?:多少|几|百分)|涨多少", re.I)
_RELATIVE = re.compile(
    r"(?P<this>今年|本年度|(?<!去)年内|this year)|(?P<last>去年|上年|上一年|last year)|(?P<next>明年|next year)",
    re.I,
)
_SHARE = re.compile("比例|占比|比重|份额|率|几成|百分之")
# So much of the words of what a share is of must be those asked for.
_OF_IT = 0.25
_SHARE_OF = re.compile(r"(.{2,}?)(?:占(?!比|地(?!区)|用|有)|相当于)")
# 每千人口托位数 is not the number of places.
_EACH_SO_MANY = re.compile(
    r"每(?:百|千|万|十万|百万)|per (?:hundred|thousand|1,?000|10,?000)", re.I
)
OVER_YEARS = re.compile(
    r"年均|五年|累计|每年|[到至]20\d\d年|期末|时期|期间|average|annual|five-year", re.I
)
# A figure is hardly asked for in a unit of which it is so small a part.
_TOO_SMALL = 0.01
# A measure word other than the one asked with says a little that something else is counted.
_OTHER_WORD = 0.05
# What a follow-up's own words count beside those carried over.
_OWN = 0.4


@dataclass(frozen=True, slots=True)
class Match:
    """An indicator and how well it is what the question asks.

    ``score`` is about 0 to 1; ``timely`` tells whether year or period are those asked about, None
    where the question names none.
    """

    indicator: Indicator
    score: float
    timely: bool | None


def timely(indicator: Indicator, question: Question) -> bool | None:
    """Whether the figure is of a year asked about; None if the question names none.

    A period counts as its last year: what is to be done in 2021–2025 is done by 2025.
    """
    if not question.years:
        return _in_period(indicator, question.period) if question.period else None
    if indicator.year is not None:
        return indicator.year in question.years
    return indicator.period is not None and indicator.period[1] in question.years


def _in_period(indicator: Indicator, period: tuple[int, int]) -> bool | None:
    """Whether the figure is of the period asked about, or of its last year."""
    if indicator.period is not None:
        return indicator.period == period
    return indicator.year == period[1] if indicator.year is not None else None


def is_on(indicator: Indicator, region: Region | None) -> bool:
    """Whether the figure is on ``region``, or says of none."""
    if region is None or not indicator.region:
        return True
    own = resolve_region(indicator.region)
    return own is None or own == region


def by_passage(indicator: Indicator, passages: Sequence[Passage]) -> float:
    """What a figure gains by standing in one of the best passages."""
    for place, passage in enumerate(passages):
        chunk = passage.chunk
        if chunk.document_id == indicator.document_id and chunk.span.covers(indicator.span):
            return 0.2 / (1 + place)
    return 0.0


def by_change(indicator: Indicator, question: Question) -> float:
    """A follow-up that names another matter, 孕产妇的呢, is about what its own words name."""
    if not question.carried:
        return 0.0
    own = question.search.removeprefix(question.carried)
    fresh = set(pieces(matter(replace(question, search=own, carried=""))))
    if not fresh:
        return 0.0
    return _OWN * (len(fresh & set(pieces(indicator.name))) / len(fresh) - 0.5)


def by_kind(indicator: Indicator, question: Question) -> float:
    """Target or state as the question's words want; a growth only where it asks for a change.

    A figure of a whole period, 年均增长6.3%, is less that of one year than the year's own.
    """
    score = 0.0
    if question.period and indicator.period == question.period:
        score += 0.1
    if bool(_EACH_SO_MANY.match(indicator.name)) != bool(_EACH_SO_MANY.search(question.search)):
        score -= 0.15
    if len(question.years) == 1 and indicator.year is None and indicator.period:
        over = indicator.change == "growth" and not OVER_YEARS.search(question.search)
        score -= 0.15 if over else 0.05
    if PACE.search(question.search) and not indicator.change and not PACE.search(indicator.name):
        score -= 0.15
    if question.aim and indicator.kind == question.aim:
        score += 0.15 if question.aim == "baseline" else 0.1
    if (indicator.change == "growth") != bool(_CHANGE.search(question.search)):
        score -= 0.2 if indicator.change == "growth" else 0.0
    if indicator.unit == "个百分点" and not _CHANGE.search(question.search):
        score -= 0.2
    return score


def by_share(asked: str, name: str) -> float:
    """研发投入占GDP比重 asks for the share of the first, not for that of another in it."""
    mine, its = _SHARE_OF.match(asked), _SHARE_OF.match(name)
    if its is not None and mine is None and not _SHARE.search(asked):
        return -0.15
    if mine is None or its is None:
        return 0.0
    wanted = set(pieces(mine.group(1)))
    held = len(wanted & set(pieces(its.group(1)))) / len(wanted) if wanted else 1.0
    return -0.3 if held < _OF_IT else 0.0


def years_off(question: Question) -> int | None:
    """How far the year that 今年 or 去年 means is from that of the latest report; None for neither."""
    match = _RELATIVE.search(question.search)
    if match is None or question.years:
        return None
    return 0 if match["this"] else -1 if match["last"] else 1


def by_report(indicator: Indicator, year: int | None) -> float:
    """今年 and 去年 are those of the latest report: ``year``, if the question says so."""
    if year is None:
        return 0.0
    last = indicator.period[1] if indicator.period else None
    if indicator.year is None and last is None:
        return 0.0
    return 0.1 if indicator.year == year else -0.05


def ordered(found: Sequence[Match]) -> list[Match]:
    """Best first; of equals, by place."""
    return sorted(found, key=lambda m: (-m.score, m.indicator.document_id, m.indicator.span))


def by_unit(indicator: Indicator, search: str) -> float:
    """A figure far too small for the scale asked for, 10万元 for 多少亿元, is of something else."""
    if not unit_fits(search, indicator):
        return -0.5
    asked, scale = units_asked(search), scale_asked(search)
    least = indicator.value if isinstance(indicator.value, float) else min(indicator.value)
    score = -0.3 if abs(least) < scale * _TOO_SMALL else 0.0
    return score - (_OTHER_WORD if asked and indicator.unit not in asked else 0.0)


def unit_fits(search: str, indicator: Indicator) -> bool:
    """Whether the figure is in the unit that the question asks for, if it does."""
    asked = units_asked(search)
    if not asked:
        return not (_SHARE.search(search) and indicator.unit not in {"%", "‰", ""})
    unit = indicator.unit.partition("/")[0]
    if indicator.unit in asked or unit in asked:
        return True
    return any(unit in alike and not alike.isdisjoint(asked) for alike in UNITS_ALIKE)
