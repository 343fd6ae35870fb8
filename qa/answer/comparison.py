"""A comparison over regions, years or kindred indicators: one cited figure for each cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index import Indicator, Region
from qa.answer.base import Draft, Evidence
from qa.answer.figure import candidates, clause, kind, when
from qa.cite import Claim
from qa.ledger import LEAST, Match, timely
from qa.matter import matter
from qa.models import Question

_COMPARING = re.compile(
    r"谁更?[高低多少大小]|哪个?(?:城市|地方|地区|市|省)?更?[高低多少大小]|[高低多少差]多少|差几个?[点百分]*|相差|分别|对比|比较|相比|vs|比"
    r"|排[个序名]*|三家|两地|各|从高到低|一样吗|和|与|跟|、|全省|达到.{0,2}水平了?|要?提高|增加|水平"
)
_BOTH_RATES = re.compile(r"常住.{0,8}户籍|户籍.{0,8}常住")


@dataclass(frozen=True, slots=True)
class _Cell:
    """One thing compared: its label, and its figure where the plans give it."""

    region: Region | None
    year: int | None
    label: str
    found: Indicator | None


def answer(evidence: Evidence) -> Draft | None:
    """Compare; None when fewer than two things are named, or no figure is asked for."""
    questions = _split(evidence.question)
    if len(questions) < 2:
        return None
    cells = [_cell(evidence, question) for question in questions]
    if not any(cell.found for cell in cells):
        return None
    claims = [_claim(evidence, cell) for cell in cells]
    return Draft("comparison", (*claims, *_remarks(evidence, cells)))


def _split(question: Question) -> list[Question]:
    """One question for each region and year, or for each of two kindred rates."""
    if question.intent in {"outline", "metadata", "definition"} or "平均" in question.search:
        # 比全省平均高多少 asks for one figure that a plan may give, not for two.
        return []
    if _BOTH_RATES.search(question.search):
        return [
            replace(
                question,
                search=re.sub(r"(常住|户籍)(人口)?[和与、及]?", "", question.search)
                + f" {one}人口城镇化率",
            )
            for one in ("常住", "户籍")
        ]
    regions: Sequence[Region | None] = question.regions or (None,)
    years: Sequence[int | None] = question.years or (None,)
    # Each cell is asked for by the matter alone: the other regions are not part of its name.
    search = _COMPARING.sub(" ", matter(question)) or question.search
    return [
        replace(
            question,
            search=search,
            regions=(region,) if region else (),
            years=(year,) if year else (),
        )
        for region in regions
        for year in years
    ]


def _cell(evidence: Evidence, question: Question) -> _Cell:
    region = question.regions[0] if question.regions else None
    year = question.years[0] if question.years else None
    part = replace(evidence, question=question)
    about = evidence.regions.about(region) if region else None
    matches = [
        match
        for match in candidates(part, region)
        if about is None or match.indicator.document_id in about
    ]
    best = next((m for m in matches if m.timely is not False and m.score >= LEAST), None)
    label = " ".join(x for x in (region.name if region else "", f"{year}年" if year else "") if x)
    return _Cell(region, year, label, best.indicator if best else _undated(matches, question))


def _undated(matches: Sequence[Match], question: Question) -> Indicator | None:
    """A figure of the right name whose year the source does not give, to be shown as such."""
    for match in matches:
        i = match.indicator
        if match.score >= LEAST and i.year is None and i.period is None and not timely(i, question):
            return i
    return None


def _claim(evidence: Evidence, cell: _Cell) -> Claim:
    if cell.found is None:
        return Claim(f"{cell.label or '所问'}：未载明", (), verbatim=False)
    text = evidence.index.documents[cell.found.document_id].text
    value = cell.found.span.of(text)
    quote = evidence.quote(cell.found.document_id, clause(evidence, cell.found))
    where = cell.region.name if cell.region else cell.found.region
    note = f"（{when(cell.found)}{kind(cell.found)}）"
    return Claim(f"{where} {cell.found.name}{note}：{value}", (quote,), False, (value,))


def _remarks(evidence: Evidence, cells: Sequence[_Cell]) -> list[Claim]:
    found = [cell for cell in cells if cell.found]
    remarks = []
    if len({cell.found.name for cell in found if cell.found}) > 1 and not _BOTH_RATES.search(
        evidence.question.search
    ):
        remarks.append("指标名称不同，口径可能不一致")
    if any(c.found and c.found.year is None and c.found.period is None for c in found):
        remarks.append("有的原文没有载明年份，不能确定是同一年份")
    if len({cell.found.kind for cell in found if cell.found}) > 1:
        remarks.append("有的是目标，有的是现状")
    claims = [Claim(f"（{'；'.join(remarks)}）", (), verbatim=False)] if remarks else []
    return [*claims, *_computed(found)]


def _computed(cells: Sequence[_Cell]) -> list[Claim]:
    """Rank and difference, said to be computed; only of single values in one unit."""
    figures = [
        (cell.found.value, cell)
        for cell in cells
        if cell.found and isinstance(cell.found.value, float | int)
    ]
    units = {cell.found.unit for _, cell in figures if cell.found}
    if len(figures) < 2 or len(units) != 1:
        return []
    ranked = sorted(figures, key=lambda pair: -float(pair[0]))
    names = [_name(cell) for _, cell in ranked]
    unit = units.pop()
    gap = float(ranked[0][0]) - float(ranked[-1][0])
    step = "个百分点" if unit == "%" else unit
    order = " ＞ ".join(names)
    if gap == 0:
        return [Claim(f"计算：{'、'.join(names)}数值相同", (), verbatim=False)]
    return [Claim(f"计算：{order}，相差 {gap:.10g} {step}（按所列数值）", (), verbatim=False)]


def _name(cell: _Cell) -> str:
    found = cell.found
    return cell.label or (found.name if found else "")
