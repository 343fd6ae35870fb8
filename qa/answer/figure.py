"""A figure: the value first, as it stands in the plan, then the sentence it stands in."""

import re
from collections.abc import Sequence

from index import Indicator, Region, Span, sentences
from qa.answer.base import Draft, Evidence
from qa.cite import Claim
from qa.figure_fit import Match
from qa.figure_support import is_named
from qa.ledger import LEAST, SURE

_ASKED_FOR = re.compile(
    r"打算|准备|拟(?!定)|争取|力争|预计|安排|(?<![主需重必])要(?=[建修新改盖添加整治装种办招培发引打])"
)
_AIM = re.compile(
    r"目标(?!好|高|低|任务)|计划|预期(?!寿命)|\b(?:target|goal|ceiling|aim)(?:s|ed)?\b", re.I
)
_ASKS = {"figure", "passage"}


def answer(evidence: Evidence) -> Draft | None:
    """Answer with the figure asked for; refuse when the plan gives it for other years only."""
    question = evidence.question
    if question.intent not in _ASKS or len(question.regions) > 1 or len(question.years) > 1:
        return None
    matches = candidates(evidence, question.regions[0] if question.regions else None)
    timely = [match for match in matches if match.timely is not False]
    # Where neither a figure nor a year is asked for, only one that is surely meant.
    least = LEAST if question.intent == "figure" or question.years else SURE
    good = [
        match
        for match in timely
        if match.score >= SURE or (match.score >= least and is_named(evidence, match.indicator))
    ]
    aims = [match for match in good if match.indicator.kind == "target"]
    if aims and question.aim == "target" and _ASKED_FOR.search(question.search):
        good = aims
    if (
        good
        and question.aim == "target"
        and _AIM.search(question.search)
        and good[0].indicator.kind == "baseline"
    ):
        # A state is no answer to the question for an aim; a less likely aim may be.
        good = aims
        if not good:
            return Draft("figure", (), _no_aim(evidence, timely[0].indicator))
    if good:
        return _value(evidence, good[0])
    if question.intent == "figure" or (matches and matches[0].score >= 1.0):
        known = [match for match in matches if match.score >= SURE]
        if known:
            return Draft("figure", (), missing(evidence, known))
    return None


def _no_aim(evidence: Evidence, indicator: Indicator) -> str:
    """Say that there is a state but no aim."""
    return f"未载明{indicator.name}的目标。已载明的是：{fact(evidence, indicator)}。"


def candidates(evidence: Evidence, region: Region | None) -> list[Match]:
    """Figures of the scope's documents on ``region``, best first."""
    documents = evidence.index.owned_by(evidence.scope.rows)
    return evidence.ledger.match(evidence.question, documents, evidence.passages, region)


def _value(evidence: Evidence, match: Match) -> Draft:
    indicator = match.indicator
    text = evidence.index.documents[indicator.document_id].text
    around = clause(evidence, indicator)
    quote = evidence.quote(indicator.document_id, around)
    claims = [Claim(indicator.span.of(text), (quote,)), Claim(around.of(text), (quote,))]
    remark = remarks(evidence, indicator)
    if remark:
        claims.append(Claim(remark, (), verbatim=False))
    return Draft("figure", tuple(claims), figures=(indicator,))


def clause(evidence: Evidence, indicator: Indicator) -> Span:
    """The part between semicolons that holds the figure: a plan's sentence can fill a page."""
    text = evidence.index.documents[indicator.document_id].text
    outline = evidence.outline(indicator.document_id)
    for span in sentences(text, outline, indicator.sentence):
        if span.covers(indicator.span):
            return span
    return indicator.sentence


def remarks(evidence: Evidence, indicator: Indicator) -> str:
    """What the reader must know of the figure beyond its value."""
    question = evidence.question
    found = []
    if "城镇化率" in question.search and not any(w in question.search for w in ("常住", "户籍")):
        found.append(f"“城镇化率”按{indicator.name}理解")
    if indicator.year is None and indicator.period is None:
        report = evidence.regions.years.get(indicator.document_id)
        found.append("原文没有载明年份" + (f"，出自{report}年的报告" if report else ""))
    if indicator.kind == "baseline" and "目标" in question.search:
        found.append("这是现状值，不是目标值")
    if indicator.binding:
        found.append(f"{indicator.binding}指标")
    return f"（{'；'.join(found)}）" if found else ""


def missing(evidence: Evidence, known: Sequence[Match]) -> str:
    """Say which year is not given, and what is."""
    question = evidence.question
    years = "、".join(f"{year}年" for year in question.years)
    if not years and question.period:
        years = f"{question.period[0]}–{question.period[1]}年"
    name = known[0].indicator.name
    facts: list[str] = []
    for match in known:
        if match.indicator.name == name and len(facts) < 4:
            facts.append(fact(evidence, match.indicator))
    return f"未载明{years}的{name}。已载明的是：{'；'.join(dict.fromkeys(facts))}。"


def fact(evidence: Evidence, indicator: Indicator) -> str:
    """One figure in words: 2025年目标78.5%以上."""
    text = evidence.index.documents[indicator.document_id].text
    return f"{when(indicator)}{kind(indicator)}{indicator.span.of(text)}"


def when(indicator: Indicator) -> str:
    """The year or period in words; 年份未载明 where the source gives none."""
    if indicator.year is not None:
        return f"{indicator.year}年"
    if indicator.period is not None:
        return f"{indicator.period[0]}–{indicator.period[1]}年"
    return "（年份未载明）"


def kind(indicator: Indicator) -> str:
    """目标 or 现状."""
    return "目标" if indicator.kind == "target" else "现状"
