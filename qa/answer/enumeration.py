"""A list as the document makes it: the sentence that announces it, and its items, the whole of it.

Items are numbered (一是… 二是…, (一)…, 1.…), labelled (“一城”：…) or dashed (——…).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index import Span, normalise, sentences
from qa.answer.base import Evidence
from qa.cite import Claim
from qa.numbering import ordinal

_CHINESE = "[一二三四五六七八九十]{1,3}"
_NUMBERED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"({_CHINESE})[是要]",
        rf"第({_CHINESE})[,、:]",
        rf"\(({_CHINESE})\)",
        rf"({_CHINESE})、",
        r"\((\d{1,2})\)",
        r"(\d{1,2})[.、](?!\d)",
    )
)
_LABELLED = re.compile(r"“([^”]{1,10})”[:,是]")
_DASHED = re.compile(r"——")
_COUNTED = re.compile(
    rf"(?:哪|指|是|有|分)(?:的|了)?(?P<which>{_CHINESE}|\d{{1,2}})(?:个|大|项|条|类|种|方面|座|家)?(?P<kind>[\u4e00-\u9fff])?"
    rf"|(?P<told>{_CHINESE}|\d{{1,2}})(?:个|大|项|条|类|种)[\u4e00-\u9fff]{{2,10}}?(?:[有是]哪些|都?有什么|是什么|包括|分别)"
    rf"|(?P<many>{_CHINESE}|\d{{1,2}})(?:个|大|项|条|类|种)?(?:方面|重点|主要|原则|任务|工程|行动|实事|中心|产业|举措|措施)"
)
_INLINE = re.compile(r"[^,;:。!?、(]+(?:(?:、|和|以及|及)[^,;:。!?、和及]+)+")
# The announcing sentence stands at most so many sentences before the first item.
_BEFORE = 3
# Of the sentences ranked, so many may lead to a list.
_RANKED = 8
_SHORTEST = 2
# Items that only open alike stand within so many sentences.
_STRETCH = 14
_LONGEST = 25


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence or heading of a document, with its search text."""

    span: Span
    search: str


def count_asked(search: str) -> int:
    """How many items the question says there are: 哪四化 is 4; 0 where it does not say."""
    for match in _COUNTED.finditer(search):
        number = ordinal(match["which"] or match["told"] or match["many"])
        if number >= _SHORTEST:
            return number
    return 0


def enumerated(evidence: Evidence, ranked: Sequence[tuple[str, Span]]) -> list[Claim]:
    """Return the list that the best sentences announce or belong to; [] if there is none.

    Args:
        evidence: of the question.
        ranked: document and span of the sentences that answer best, best first.
    """
    wanted = count_asked(evidence.question.search)
    best: tuple[float, str, list[_Unit]] | None = None
    for document_id in dict.fromkeys(document for document, _ in ranked[:_RANKED]):
        units = _units(evidence, document_id)
        places = [
            (place, span) for place, (document, span) in enumerate(ranked[:_RANKED])
            if document == document_id
        ]  # fmt: skip
        for run in _runs(units):
            score = _relevance(evidence.question.search, wanted, units, run, places)
            if score > 0 and (best is None or score > best[0]):
                best = score, document_id, _with_lead(units, run)
    if best is None:
        return []
    _, document_id, shown = best
    return [evidence.item(document_id, unit.span) for unit in shown]


def _relevance(
    search: str,
    wanted: int,
    units: Sequence[_Unit],
    run: Sequence[int],
    places: Sequence[tuple[int, Span]],
) -> float:
    """How surely the run is the list asked for; 0 or less when it is not."""
    own = [*range(max(0, run[0] - _BEFORE), run[0]), *run]
    near = [place for place, span in places if any(units[at].span.overlaps(span) for at in own)]
    if not near:
        return 0.0
    closeness = 1.0 / (1 + min(near))
    labels = [m.group(1) for at in run if (m := _LABELLED.match(units[at].search))]
    named = sum(label in search for label in labels)
    if named >= _SHORTEST:
        return 3.0 + closeness
    if wanted:
        return 2.0 + closeness if len(run) == wanted else 0.0
    announced = run[0] > 0 and units[run[0] - 1].search.endswith(":")
    lead = range(max(0, run[0] - 1), run[0] + 1)
    first = min(places)[1]
    return closeness if announced and any(units[at].span.overlaps(first) for at in lead) else 0.0


def _with_lead(units: Sequence[_Unit], run: Sequence[int]) -> list[_Unit]:
    """The items, after the sentence just before them if that announces them."""
    items = [units[at] for at in run]
    if run[0] > 0 and re.search("[:]$|以下|如下", units[run[0] - 1].search):
        return [units[run[0] - 1], *items]
    return items


def _units(evidence: Evidence, document_id: str) -> list[_Unit]:
    """The headings and sentences of a document, in order."""
    text = evidence.index.documents[document_id].text
    outline = evidence.outline(document_id)
    return [
        _Unit(span, normalise(span.of(text)).text.strip())
        for part in outline.parts
        if part.kind in {"body", "heading"}
        for span in ([part.span] if part.kind == "heading" else sentences(text, outline, part.span))
    ]


def _runs(units: Sequence[_Unit]) -> Iterator[list[int]]:
    """Yield the lists of a document, each as the places of its items."""
    for style in _NUMBERED:
        yield from _numbered(units, style)
    for at, unit in enumerate(units):
        if unit.search.endswith(":") and len(alike := _parallel(units, at + 1)) >= _SHORTEST:
            yield alike
    for style in (_LABELLED, _DASHED):
        run: list[int] = []
        for at, unit in enumerate(units):
            if style.match(unit.search):
                run.append(at)
                continue
            if _SHORTEST <= len(run) <= _LONGEST:
                yield run
            run = []
        if _SHORTEST <= len(run) <= _LONGEST:
            yield run


def _parallel(units: Sequence[_Unit], start: int) -> list[int]:
    """The units soon after ``start`` that open with the same word: 主要是:加强…,加强…,加强…."""
    opening = units[start].search[:2] if start < len(units) else ""
    if not re.fullmatch(r"[\u4e00-\u9fff]{2}", opening):
        return []
    near = range(start, min(len(units), start + _STRETCH))
    return [at for at in near if units[at].search.startswith(opening)]


def _numbered(units: Sequence[_Unit], style: re.Pattern[str]) -> Iterator[list[int]]:
    """Yield the runs of 1, 2, 3 … in one style, other text between them allowed."""
    run: list[int] = []
    for at, unit in enumerate(units):
        match = style.match(unit.search)
        if match is None:
            continue
        number = ordinal(match.group(1))
        if number == len(run) + 1:
            run.append(at)
        elif number == 1:
            if len(run) >= _SHORTEST:
                yield run
            run = [at]
    if len(run) >= _SHORTEST:
        yield run


def lists(search: str, wanted: int, kind: str = "") -> bool:
    """Whether normalised text lists ``wanted`` things in one clause, each ending in ``kind``."""
    for match in _INLINE.finditer(search):
        items = re.split("、|和|以及|及", match.group())
        if len(items) == wanted and all(item.strip("”“").endswith(kind) for item in items):
            return True
    return False


def kind_asked(search: str) -> str:
    """What the things asked for end in: 化 of 哪四化; "" where a common word counts them."""
    match = re.search(
        rf"(?:哪|指|是|有)(?:{_CHINESE}|\d{{1,2}})([\u4e00-\u9fff])(?=[?,。!]|$)", search
    )
    return match.group(1) if match and match.group(1) not in "个项条大类种点" else ""
