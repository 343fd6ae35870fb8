"""What to ask next, and what to begin with: questions that the engine was seen to answer."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, zip_longest

from index import Indicator, Span
from qa.askable import (
    Askable,
    about,
    against,
    alike,
    beside,
    doing,
    other_places,
    other_times,
    plain,
    within,
)
from qa.engine import Engine
from qa.figure_fit import Match
from qa.models import Answer

MOST = 4
# At most so many candidates are asked of the engine: that bounds the time, and, unlike a clock,
# gives the same suggestions every time.
TRIES = 8
# Of each kind, at most so many are candidates.
_EACH = 3
_FIRST = (
    "济南2025年城镇化率目标",
    "青岛新增多少公共停车位",
    "孩子跟着打工的爸妈来济南，能上公办学校吗",
)


def suggest(engine: Engine, answer: Answer, most: int = MOST) -> tuple[str, ...]:
    """Return up to ``most`` questions to ask after ``answer``, each of which ``engine`` answers.

    After a figure: the same for another year, another region, the two compared, and figures of the
    same document. After a refusal, figures that there are. After passages, their figures and how
    what the headings around them name is done.
    """
    kinds = [list(islice(kind, _EACH)) for kind in _kinds(engine, answer)]
    turns = (one for turn in zip_longest(*kinds) for one in turn if one is not None)
    return _answered(engine, turns, most, {answer.question.search, answer.question.text})


def beginnings(engine: Engine, most: int = 3) -> tuple[str, ...]:
    """Return up to ``most`` questions to begin with, of which ``engine`` answers each.

    Our own examples where the index knows their regions; else a figure, a comparison and a doing
    of different documents.
    """
    own = [Askable(text) for text in _FIRST]
    found = _answered(engine, own, most, set())
    if len(found) == most:
        return found
    return (*found, *_answered(engine, _drawn(engine), most - len(found), set(found)))


def _drawn(engine: Engine) -> Iterator[Askable]:
    """Candidates from the whole index: each kind in turn, each document in turn."""
    index = engine.index
    targets = [one for one in index.indicators if one.kind == "target" and not one.change]
    known: dict[str, list[Indicator]] = {}
    for one in targets:
        known.setdefault(plain(one), []).append(one)
    # What many regions give is what people ask for.
    spread = sorted(known.values(), key=lambda group: -len({one.region for one in group}))
    single = (found for group in spread if (found := about(group[0])))
    pairs = (
        found
        for group in spread
        for other in [_peer(group)]
        if other and (found := against(group[0], other))
    )
    doings = (found for name in index.catalogue for found in [_first_doing(engine, name)] if found)
    for turn in zip_longest(islice(single, _EACH), islice(doings, _EACH), islice(pairs, _EACH)):
        yield from (one for one in turn if one is not None)


def _peer(group: Sequence[Indicator]) -> Indicator | None:
    """The first that can be set beside the first of all: another region, the same year and kind."""
    first = group[0]
    return next((one for one in group if one.region != first.region and alike(first, one)), None)


def _first_doing(engine: Engine, document_id: str) -> Askable | None:
    document = engine.index.documents[document_id]
    sections = engine.index.outlines[document_id].sections
    return next((found for section in sections if (found := doing(document, section))), None)


def _kinds(engine: Engine, answer: Answer) -> Iterator[Iterator[Askable]]:
    """Candidates by kind, each kind best first."""
    index = engine.index
    if answer.figures:
        figure = answer.figures[0]
        places = list(other_places(index, figure))
        told = {one.region for one in answer.figures}
        yield _asked(other_times(index, figure))
        yield _asked(one for one in places if one.region not in told)
        yield (
            found
            for one in places
            if one.region not in told and alike(one, figure) and (found := against(figure, one))
        )
        yield _asked(beside(index, figure))
        return
    if answer.abstained:
        yield _asked(match.indicator for match in _nearest(engine, answer))
    for document_id, spans in _shown(answer).items():
        yield _asked(within(index, document_id, spans))
        yield _doings(engine, document_id, spans)


def _nearest(engine: Engine, answer: Answer) -> Iterable[Match]:
    """The figures whose names are nearest to what was asked, of any year and region."""
    regions = answer.question.regions
    documents = set(engine.index.documents)
    if regions:
        documents = set(engine.retriever.regions.about(regions[0]))
    return engine.ledger.match(answer.question, documents)


def _shown(answer: Answer) -> dict[str, list[Span]]:
    """The documents of the citations, else of the best passages, and the places shown of each."""
    found: dict[str, list[Span]] = {}
    for citation in answer.citations:
        found.setdefault(citation.document_id, []).append(citation.span)
    if not found:
        for passage in answer.passages[:3]:
            found.setdefault(passage.chunk.document_id, []).append(passage.chunk.span)
    return dict(islice(found.items(), 2))


def _doings(engine: Engine, document_id: str, spans: Sequence[Span]) -> Iterator[Askable]:
    """How what the headings next to ``spans`` name is done: the ones after them first."""
    document = engine.index.documents[document_id]
    sections = engine.index.outlines[document_id].sections
    held = [s for s in sections if any(s.span.covers(span) for span in spans)]
    at = spans[0].start
    others = [section for section in sections if section not in held]
    for section in sorted(others, key=lambda s: (s.heading.start < at, abs(s.heading.start - at))):
        found = doing(document, section)
        if found:
            yield found


def _asked(figures: Iterable[Indicator]) -> Iterator[Askable]:
    seen: set[str] = set()
    for figure in figures:
        found = about(figure)
        if found and found.text not in seen:
            seen.add(found.text)
            yield found


def _answered(
    engine: Engine, candidates: Iterable[Askable], most: int, asked: set[str]
) -> tuple[str, ...]:
    """The first ``most`` of the candidates that the engine answers with what they promise."""
    found: list[str] = []
    distinct = {one.text: one for one in candidates if one.text not in asked}
    for one in islice(distinct.values(), TRIES):
        if len(found) == most:
            break
        if one.text not in engine.suggested:
            engine.suggested[one.text] = _keeps(engine, one)
        if engine.suggested[one.text]:
            found.append(one.text)
    return tuple(found)


def _keeps(engine: Engine, one: Askable) -> bool:
    """Whether the answer to a candidate is what it promises."""
    answer = engine.verbatim.ask(one.text, count=1)
    if answer.abstained:
        return False
    if one.figures:
        return set(map(_value, one.figures)) <= set(map(_value, answer.figures))
    return not one.document_id or any(
        citation.document_id == one.document_id and one.span.covers(citation.span)
        for citation in answer.citations
    )


def _value(figure: Indicator) -> tuple[object, ...]:
    """What tells one figure from another: a plan may give the same one twice."""
    return figure.region, plain(figure), figure.value, figure.kind
