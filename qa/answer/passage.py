"""The last answerer: the sentences that answer best, verbatim."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index import Span, normalise, sentences
from qa.answer.base import Draft, Evidence, bare
from qa.answer.enumeration import count_asked, enumerated, kind_asked, lists
from qa.answer.titled import titled
from qa.cite import Claim, Quote, section_path
from qa.figure_fit import by_report
from qa.figure_support import figure_refusal, measured
from qa.fuse import Scores, scaled
from qa.matter import units_asked
from qa.models import Passage

# Passages whose sentences compete; weights chosen by benchmarks/sentences.md.
_PASSAGES = 5

_WORDS = 1.0
_OWN = 0.5
_LISTS = 0.6
_YEAR = re.compile(r"(?<!\d)20\d\d(?=年)")
_BEFORE_YEAR = re.compile(r"[,，;；](?=(?:到|至|截至)?20\d\d年)")
# A sentence so little behind the best may give the figure that the best does not.
_NEAR = 0.3
# What a sentence gains by a figure in the unit asked for.
_UNIT = 0.2
# What a sentence that defines a term asked about gains.
_DEFINES = 1.5
_MEANS = r"(?:是指|指(?![标数导引示向])|:|即|是(?=以|一种|由|通过))"
_DEFINED = tuple(
    re.compile(pattern)
    for pattern in (
        r"所称的?([^,;。:]{2,30}?),?(?:是指|指(?![标数导引示向])|为|包括)",
        rf"(“[^”]{{2,30}}”)[^,。;]{{0,4}}?{_MEANS}",
        rf"^(?:注:)?(?:\d+\.)?([^,;。:“”]{{2,20}}?),?{_MEANS}",
    )
)
_QUOTED = re.compile(r"“([^”]{2,30})”")
_COUNT = {"figure": 2, "definition": 2}
_MOST = 5
# 甲和乙每月各多少: there is one sentence for each.
_EACH = re.compile(r"各(?:是|为|要|有|按)?(?:多少|几|自)|分别")

_NUMBER = re.compile(r"\d|[一二两三四五六七八九十百千万]+[个条项座处家级分章]")


@dataclass(frozen=True, slots=True)
class _Sentence:
    passage: Passage
    span: Span
    search: str


def answer(evidence: Evidence) -> Draft | None:
    """Quote the best sentences, best first; for measures, the best passages whole."""
    intent = evidence.question.intent
    kind = intent if intent in {"list", "measures", "definition"} else "passage"
    if intent == "measures":
        return _whole(evidence)
    candidates = _candidates(evidence)
    if not candidates:
        return None
    scores = _scores(evidence, candidates)
    order = np.argsort(-scores, kind="stable").tolist()
    if intent == "figure":
        near = [at for at in order if scores[at] >= scores[order[0]] - _NEAR]
        reasons = [_refusal(evidence, candidates[at]) for at in near]
        if all(reasons):
            return Draft("passage", (), reasons[0])
        giving = near[reasons.index("")]
        order = [giving, *(at for at in order if at != giving)]
    if intent != "figure":
        items = _listed(evidence, [candidates[int(at)] for at in order])
        if items:
            return Draft("list", tuple(items))
    claims = []
    most = _MOST if _EACH.search(evidence.question.search) else _COUNT.get(intent, _MOST)
    for at in order[:most]:
        chosen = candidates[int(at)]
        document_id = chosen.passage.chunk.document_id
        text = evidence.index.documents[document_id].text
        span = _with_next(evidence, chosen) if intent == "definition" else chosen.span
        quote = evidence.quote(document_id, span)
        said = _of_year(span.of(text), evidence.question.years)
        claims.append(Claim(said, (quote,)))
    return Draft(kind, tuple(claims))


def _refusal(evidence: Evidence, chosen: _Sentence) -> str:
    """Why a sentence does not give the figure asked for; "" if it does."""
    return figure_refusal(evidence, chosen.passage.chunk, chosen.span, chosen.search)


def _with_next(evidence: Evidence, chosen: _Sentence) -> Span:
    """A term with a colon, 五网合一：, and the sentence after it, which says what it is."""
    chunk = chosen.passage.chunk
    if not chosen.search.endswith(":"):
        return chosen.span
    text = evidence.index.documents[chunk.document_id].text
    after = [
        span
        for span in sentences(text, evidence.outline(chunk.document_id), chunk.span)
        if span.start >= chosen.span.end
    ]
    return Span(chosen.span.start, after[0].end) if after else chosen.span


def _of_year(sentence: str, years: Sequence[int]) -> str:
    """Of a sentence on several years (到2025年…，到2035年…), the clauses on the one asked about."""
    if len(years) != 1 or len(set(_YEAR.findall(sentence))) < 2:
        return sentence
    pieces = _BEFORE_YEAR.split(sentence)
    found = [piece for piece in pieces if str(years[0]) in piece]
    return found[0] if len(found) == 1 and len(pieces) > 1 else sentence


def _listed(evidence: Evidence, ranked: Sequence[_Sentence]) -> list[Claim]:
    """The section, or the whole list, that is asked for; [] if there is none."""
    section = titled(evidence) if evidence.question.intent == "list" else []
    if section:
        return section
    announced = _enumeration(evidence, ranked[0])
    wanted = count_asked(evidence.question.search)
    kind = kind_asked(evidence.question.search)
    if announced or evidence.question.intent != "list" or lists(ranked[0].search, wanted, kind):
        return announced
    return enumerated(evidence, [(s.passage.chunk.document_id, s.span) for s in ranked])


def _enumeration(evidence: Evidence, lead: _Sentence) -> list[Claim]:
    """The sentence that announces a list, 应把握以下主要原则：, and the headings that follow it."""
    if lead.search[-1] not in ":":
        return []
    document_id = lead.passage.chunk.document_id
    text = evidence.index.documents[document_id].text
    sections = evidence.outline(document_id).sections
    above = section_path(sections, lead.span)
    spans = [lead.span] + [
        section.heading
        for section in sections
        if section.path[:-1] == above and section.span.start >= lead.span.end
    ]
    if len(spans) < 3:
        return []
    return [Claim(span.of(text), (evidence.quote(document_id, span),)) for span in spans]


def _whole(evidence: Evidence) -> Draft | None:
    """The best passages, those of the best one's section first."""
    distinct = {normalise(passage.text).text: passage for passage in reversed(evidence.passages)}
    best = [p for p in evidence.passages if distinct[normalise(p.text).text] is p][:_MOST]
    if not best:
        return None
    first = best[0].chunk
    chosen = sorted(
        best,
        key=lambda p: (p.chunk.document_id, p.chunk.section) != (first.document_id, first.section),
    )
    claims = []
    for passage in chosen:
        chunk = passage.chunk
        quote = Quote(chunk.document_id, chunk.span, chunk.section)
        claims.append(Claim(passage.text, (quote,)))
    return Draft("measures", tuple(claims))


def _candidates(evidence: Evidence) -> list[_Sentence]:
    # 打造长清、章丘、济阳三个主城片区: a heading may be the very list that is asked for.
    with_headings = evidence.question.intent in {"list", "definition"}
    found: list[_Sentence] = []
    seen: set[str] = set()
    # What defines a term may stand in a passage that speaks of it but once.
    most = _PASSAGES if evidence.question.intent != "definition" else len(evidence.passages)
    for passage in evidence.passages[:most]:
        text = evidence.index.documents[passage.chunk.document_id].text
        headings = {s.heading for s in evidence.outline(passage.chunk.document_id).sections}
        for span in sentences(
            text, evidence.outline(passage.chunk.document_id), passage.chunk.span
        ):
            search = normalise(span.of(text)).text
            quotable = span not in headings or (with_headings and "、" in search)
            if len(search) >= 6 and quotable and search not in seen:
                # A report may be there twice, from two sources.
                seen.add(search)
                found.append(_Sentence(passage, span, search))
    return found


def _fits(evidence: Evidence, candidate: _Sentence, year: int | None) -> float:
    """What a sentence gains by figures in the unit asked for, and of the year that is meant."""
    question, document_id = evidence.question, candidate.passage.chunk.document_id
    units = units_asked(question.search)
    gained = _UNIT if units and measured(units).search(candidate.search) else 0.0
    found = evidence.ledger.within(question, document_id, candidate.span)
    return gained + max((by_report(m.indicator, year) for m in found), default=0.0)


def defines(sentence: str, asked: str) -> bool:
    """Whether a sentence says what one of the asked terms is: 所称X是指…, “X”：…, X指…."""
    found = (match for pattern in _DEFINED for match in pattern.finditer(sentence))
    terms = [match.group(1).strip("“”、,") for match in found]
    quoted = _QUOTED.findall(asked)
    return any(term in asked or any(name in term for name in quoted) for term in terms)


def _scores(evidence: Evidence, candidates: Sequence[_Sentence]) -> Scores:
    """Meaning of the whole, of the single words, and the rank of the passage, scaled."""
    search = bare(evidence)
    whole, words = evidence.index.likeness(search, [c.search for c in candidates])
    own = np.array([c.passage.score for c in candidates], dtype=np.float32)
    total: Scores = scaled(whole) + _WORDS * scaled(words) + _OWN * scaled(own)
    wanted = count_asked(evidence.question.search)
    if evidence.question.intent == "list" and wanted:
        kind = kind_asked(evidence.question.search)
        total += _LISTS * np.array([lists(c.search, wanted, kind) for c in candidates])
    if evidence.question.intent == "definition":
        total += _DEFINES * np.array([defines(c.search, search) for c in candidates])
    if evidence.question.intent == "figure":
        total += 0.3 * np.array([bool(_NUMBER.search(c.search)) for c in candidates])
        index, rows = evidence.index, evidence.scope.rows
        year = evidence.ledger.year_meant(evidence.question, lambda: index.owned_by(rows))
        total += np.array([_fits(evidence, c, year) for c in candidates])
    return total
