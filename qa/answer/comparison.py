"""A comparison over documents, regions, years or sides: one cited figure for each cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index import Indicator
from qa.answer.base import Draft, Evidence
from qa.answer.coherent import chosen
from qa.answer.computed import computed
from qa.answer.figure import candidates, clause, fact, kind, when
from qa.answer.parts import Part, parts_of
from qa.cite import Claim
from qa.figure_fit import Match
from qa.intent import asks_figure
from qa.ledger import LEAST, SURE
from qa.matter import contradicts, matter

# 什么时候, 为什么: no figure answers these.
_NO_FIGURE = re.compile(r"什么时候|何时|哪天|为什么|为何|谁负责|怎么|如何|怎样")
# Where no figure is asked for in so many words, only one that is surely meant.
_UNASKED = 0.9


@dataclass(frozen=True, slots=True)
class _Cell:
    """A thing compared; its figure where the plans give it, else the nearest that they give."""

    part: Part
    found: Indicator | None
    nearest: Indicator | None = None


def answer(evidence: Evidence) -> Draft | None:
    """Compare; None when fewer than two things are named, or no figure is asked for."""
    question = evidence.question
    parts = parts_of(evidence)
    if len(parts) < 2 or _NO_FIGURE.search(question.search):
        return None
    least = LEAST if asks_figure(question.search) else _UNASKED
    offered = [_offered(evidence, part) for part in parts]
    fitting = [
        _fitting([match for match in found if match.score >= least], part)
        for found, part in zip(offered, parts, strict=True)
    ]
    picked = chosen(fitting)
    cells = [
        _Cell(part, match.indicator) if match else _Cell(part, None, _nearest(found, picked))
        for part, found, match in zip(parts, offered, picked, strict=True)
    ]
    if any(cell.found for cell in cells):
        claims = [_claim(evidence, cell) for cell in cells]
        told = tuple(cell.found for cell in cells if cell.found)
        return Draft("comparison", (*claims, *_remarks(evidence, cells)), figures=told)
    if any(cell.nearest for cell in cells):
        return Draft("comparison", (), _missing(evidence, cells))
    return None


def _offered(evidence: Evidence, part: Part) -> list[Match]:
    """The figures of the part's documents and region, best first."""
    asked = replace(evidence, question=part.question)
    documents = part.documents
    if documents is None and part.region:
        documents = evidence.regions.about(part.region)
    return [
        match
        for match in candidates(asked, part.region)
        if documents is None or match.indicator.document_id in documents
    ]


def _fitting(found: Sequence[Match], part: Part) -> list[Match]:
    """Those of the part's year, and of its aim.

    Of several years, one that is past when the plan is made has a state where the others have an
    aim: it stands for the aim, and is told as what it is.
    """
    timely = [match for match in found if match.timely is not False]
    aim = part.question.aim
    wanted = [match for match in timely if not aim or match.indicator.kind == aim]
    return wanted or (timely if part.series and aim == "target" else [])


def _nearest(offered: Sequence[Match], picked: Sequence[Match | None]) -> Indicator | None:
    """The best figure of the right name that does not fit; one of the year before any other."""
    names = {match.indicator.name for match in picked if match}
    known = [
        match
        for match in offered
        if match.score >= SURE and (not names or match.indicator.name in names)
    ]
    return max(known, key=lambda m: (bool(m.timely), m.score)).indicator if known else None


def _claim(evidence: Evidence, cell: _Cell) -> Claim:
    label = cell.part.label or "所问"
    if cell.found is None:
        if cell.nearest is None:
            return Claim(f"{label}：未载明", (), verbatim=False)
        quote = evidence.quote(cell.nearest.document_id, clause(evidence, cell.nearest))
        text = evidence.index.documents[cell.nearest.document_id].text
        value = cell.nearest.span.of(text)
        said = f"{label}：未载明（已载明的是{fact(evidence, cell.nearest)}）"
        return Claim(said, (quote,), False, (value,))
    text = evidence.index.documents[cell.found.document_id].text
    value = cell.found.span.of(text)
    quote = evidence.quote(cell.found.document_id, clause(evidence, cell.found))
    note = f"（{when(cell.found)}{kind(cell.found)}）"
    where = cell.part.region.name if cell.part.region and not cell.part.documents else ""
    where = where or (cell.part.label if cell.part.documents else cell.found.region)
    return Claim(f"{where} {cell.found.name}{note}：{value}", (quote,), False, (value,))


def _missing(evidence: Evidence, cells: Sequence[_Cell]) -> str:
    """Say that none of the cells is given, and what is."""
    wanted = "、".join(cell.part.label for cell in cells)
    known = dict.fromkeys(
        f"{cell.nearest.region} {cell.nearest.name} {fact(evidence, cell.nearest)}"
        for cell in cells
        if cell.nearest
    )
    return f"未载明{wanted}的这一数值。已载明的是：{'；'.join(known)}。"


def _remarks(evidence: Evidence, cells: Sequence[_Cell]) -> list[Claim]:
    found = [cell.found for cell in cells if cell.found]
    asked = matter(evidence.question)
    remarks = []
    sides = len({cell.part.question.search for cell in cells}) > 1
    if len({indicator.name for indicator in found}) > 1 and not sides:
        remarks.append("指标名称不同，口径可能不一致")
    if any(contradicts(asked, indicator.name) for indicator in found) and not sides:
        remarks.append("有的与所问口径不同")
    if any(indicator.year is None and indicator.period is None for indicator in found):
        remarks.append("有的原文没有载明年份，不能确定是同一年份")
    if len({indicator.kind for indicator in found}) > 1:
        remarks.append("有的是目标，有的是现状")
    claims = [Claim(f"（{'；'.join(remarks)}）", (), verbatim=False)] if remarks else []
    figures = [(cell.part.label or cell.found.name, cell.found) for cell in cells if cell.found]
    return [*claims, *computed(figures)]
