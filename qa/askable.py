"""Questions that the figures and the headings of an index bring to mind. Pure; none is asked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index import Document, Index, Indicator, Section, Span, normalise, resolve_region
from qa.matter import pieces

# A name that reads as one: of letters, not too long, and not the beginning of a sentence.
_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z0-9、()（）“”/+-]{3,18}")
_AWKWARD = re.compile(
    r"^(?:提出|细化|达到|超过|其中|每个|平均|共|约|近)|(?:下降|高于|低于|优于|不到)"
)
_NUMBER = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]+[章节篇条]|[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十\d]+\)|\d+(?:[.、]\d*)*|——|专栏\d*)\s*"
)
_DOES = re.compile(
    r"(?:推进|推动|加快|提升|提高|完善|健全|加强|促进|优化|构建|建设|打造|培育|深化|建立|保障|改善|增强|扩大|统筹|发展|强化|实施)[\u4e00-\u9fffA-Za-z0-9“”、]{3,18}"
)
_STANDS = re.compile("目标|指标|形势|基础(?!设施)|背景|原则|成就|情况|要求$")
_COUNTED = frozenset("个家所座处条人户名项张套件辆") | {"万人", "万个", "万户"}
# Figures of one document that are near enough to one of them to be asked for next.
NEXT_TO = 12


@dataclass(frozen=True, slots=True)
class Askable:
    """A question and where its answer must come from, for its answer to be what was promised.

    ``figures`` must be among the figures of the answer; without any, a citation must stand in
    ``span`` of ``document_id``.
    """

    text: str
    figures: tuple[Indicator, ...] = ()
    document_id: str = ""
    span: Span = Span(0, 0)  # noqa: RUF009 - frozen


def about(figure: Indicator) -> Askable | None:
    """The question for one figure; None where it would not read as one."""
    year = _year(figure)
    region = resolve_region(figure.region) if figure.region else None
    if region is None or not _reads(figure):
        return None
    ending = f"有多少{figure.unit}" if figure.unit in _COUNTED else "是多少"
    if figure.kind == "target":
        ending = "目标是多少"
    when = f"{year}年" if year else ""
    return Askable(f"{region.short}{when}{plain(figure)}{ending}", (figure,))


def against(one: Indicator, other: Indicator) -> Askable | None:
    """The question that compares two figures of one name and year."""
    year, first, second = _year(one), resolve_region(one.region), resolve_region(other.region)
    if first is None or second is None or year is None or not _reads(one):
        return None
    text = f"{first.short}和{second.short}{year}年{plain(one)}哪个高"
    return Askable(text, (one, other))


def doing(document: Document, section: Section) -> Askable | None:
    """How what a heading names is done; None where the heading names no doing."""
    region = resolve_region(document.region) if document.region else None
    title = _NUMBER.sub("", normalise(section.title).text).strip()
    if region is None or section.inferred or not _DOES.fullmatch(title) or _STANDS.search(title):
        return None
    where = "" if region.level == "国家" else region.short
    return Askable(f"{where}怎么{title}", document_id=document.id, span=section.span)


def other_times(index: Index, figure: Indicator) -> Iterator[Indicator]:
    """The same figure of the same region for other years or as a state; those of its plan first."""
    wanted = plain(figure)
    found = [
        one
        for one in index.indicators
        if wanted in one.name
        and plain(one) == wanted
        and one.region == figure.region
        and one.change == figure.change
        and (_year(one), one.kind) != (_year(figure), figure.kind)
    ]
    yield from sorted(found, key=lambda one: one.document_id != figure.document_id)


def other_places(index: Index, figure: Indicator) -> Iterator[Indicator]:
    """The same figure of other regions; those of its year first."""
    wanted = plain(figure)
    found = [
        one
        for one in index.indicators
        if wanted in one.name
        and plain(one) == wanted
        and one.region
        and one.region != figure.region
        and one.change == figure.change
        and one.unit == figure.unit
    ]
    yield from sorted(found, key=lambda one: (_year(one) != _year(figure), one.kind != figure.kind))


def alike(one: Indicator, other: Indicator) -> bool:
    """Whether two figures are of one year and kind, so that they can be set side by side."""
    return _year(one) == _year(other) and one.kind == other.kind


def beside(index: Index, figure: Indicator) -> Iterator[Indicator]:
    """Other figures of its document: those whose names share most with its own, then the nearest."""
    own = set(pieces(figure.name))
    found = [
        one
        for one in index.indicators
        if one.document_id == figure.document_id and one.name != figure.name and not one.change
    ]
    near = sorted(found, key=lambda one: abs(one.span.start - figure.span.start))[:NEXT_TO]
    return iter(sorted(near, key=lambda one: -len(own & set(pieces(one.name)))))


def within(index: Index, document_id: str, spans: Sequence[Span]) -> Iterator[Indicator]:
    """The figures of a document that stand in one of ``spans``, in reading order."""
    for one in index.indicators:
        if one.document_id == document_id and any(span.covers(one.span) for span in spans):
            yield one


def plain(figure: Indicator) -> str:
    """The name of a figure without the region that it is on."""
    region = resolve_region(figure.region) if figure.region else None
    if region is None or not figure.name.startswith(region.short):
        return figure.name
    return figure.name.removeprefix(region.name).removeprefix(region.short)


def _year(figure: Indicator) -> int | None:
    return figure.period[1] if figure.year is None and figure.period else figure.year


def _reads(figure: Indicator) -> bool:
    return (
        figure.change != "difference"
        and _NAME.fullmatch(plain(figure)) is not None
        and not _AWKWARD.search(figure.name)
    )
