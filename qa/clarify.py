"""A question that can be meant in more than one way → what to ask back, in Chinese."""

import re
from collections.abc import Iterable
from itertools import pairwise

from index import lies_in
from qa.answer.base import Evidence
from qa.answer.coherent import comparable, likeness
from qa.answer.figure import candidates, fact
from qa.figure_fit import Match
from qa.intent import asks_figure
from qa.ledger import SURE
from qa.models import Question
from qa.named import mentions, years_asked

_COMPARED = re.compile(r"谁|比|差|分别|各|相比|对照|排|高|低|平均|还是|vs", re.I)
# Figures of this likeness to the best one, in name and score, may be meant as well.
_AS_GOOD = 0.3
_ALIKE = 0.7
_SHOWN = 4


def question_back(evidence: Evidence) -> str:
    """Return what to ask the user; "" when the question is clear."""
    question = evidence.question
    if question.intent in {"outline", "metadata", "definition", "measures"}:
        return ""
    return _two_years(question) or _nested(evidence) or _no_region(evidence)


def _two_years(question: Question) -> str:
    """2035年2025年 side by side: one of them is a slip."""
    asked = years_asked(question.search)
    for one, other in pairwise(asked):
        between = question.search[one.end() : other.start()]
        if one.group(1) != other.group(1) and not between.strip("的 "):
            years = f"{one.group(1)}年、{other.group(1)}年"
            return (
                f"问题里连写了两个年份：{years}。请写明要问哪一年；"
                f"要对比，请写“{one.group(1)}年和{other.group(1)}年”。"
            )
    return ""


def _nested(evidence: Evidence) -> str:
    """广州广东 side by side: one contains the other, and nothing says that both are meant."""
    question = evidence.question
    if len(question.regions) != 2 or _COMPARED.search(question.search):
        return ""
    first, second = question.regions
    if not (lies_in(first, second) or lies_in(second, first)):
        return ""
    named = mentions(question.search, evidence.regions.corpus)
    between = question.search[named[0][1] : named[-1][0]] if len(named) > 1 else ""
    if between.strip("的 "):
        # 商河在济南往北发展里: what stands between tells how the two belong together.
        return ""
    inner, outer = (first, second) if lies_in(first, second) else (second, first)
    return (
        f"{inner.name}在{outer.name}之内，问题里两者都有。请写明要问哪一个；"
        f"要对比，请写“{inner.name}和{outer.name}”。"
    )


def _no_region(evidence: Evidence) -> str:
    """城镇化率 alone, where many regions have one: any figure would be as good as another."""
    question = evidence.question
    named = question.regions or question.documents or question.carried
    if named or (not asks_figure(question.search) and question.intent != "passage"):
        return ""
    matches = [match for match in candidates(evidence, None) if match.timely is not False]
    if not matches or matches[0].score < SURE:
        return ""
    best = matches[0]
    rivals = [match for match in matches if _rivals(match, best)]
    places = _one_each(rivals)
    values = {match.indicator.value for match in places}
    if len(places) < 2 or len(values) < 2:
        return ""
    known = "；".join(
        f"{match.indicator.region}{fact(evidence, match.indicator)}" for match in places[:_SHOWN]
    )
    many = f"等{len(places)}个地区" if len(places) > _SHOWN else ""
    return f"请写明要问哪个地区的{best.indicator.name}。已载明的有：{known}{many}。"


def _rivals(match: Match, best: Match) -> bool:
    mine, its = match.indicator, best.indicator
    return (
        match.score >= best.score - _AS_GOOD
        and comparable(mine, its)
        and mine.change == its.change
        and likeness(mine.name, its.name) >= _ALIKE
    )


def _one_each(matches: Iterable[Match]) -> list[Match]:
    """The best match of each region, best first."""
    found: dict[str, Match] = {}
    for match in matches:
        if match.indicator.region:
            found.setdefault(match.indicator.region, match)
    return list(found.values())
