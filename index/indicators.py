"""The ledger of figures: sentences and tables → Indicators.

Read on search text, sentence by sentence, with the section's heading and the paragraph's opening
deciding the time where a sentence gives none. Values come from ``figure_values``, names from
``figure_names``, times from ``figure_time``, table rows from ``figure_tables``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from index import figure_names, figure_place, figure_subject, figure_time
from index.around import Around
from index.documents import Document, Indicator, Section, Span
from index.figure_sentence import Figure
from index.figure_tables import tables
from index.figure_time import Calendar, Mark, When
from index.figures import figures
from index.normalise import SearchText, normalise
from index.outline import Outline

# A sentence of plans has hardly 700 characters. What goes on and on, as data without a full stop do,
# is cut at a comma: otherwise the time to read it would grow with the square of its length.
_SENTENCE = re.compile(r"[^。!?]{0,2000}(?:[。!?][”)]*|\Z)|[^。!?]{1,2000}[,;、 ]|[^。!?]{1,2000}")
# An entry of a report's glossary, which speaks of no year: 3.“5+2+4”商圈:…
_DEFINITION = re.compile(r"\d{1,3}\.\s?[^,;。:]{2,30}:|注:")
# So many characters before a sentence may say what its task is done to.
_BEFORE = 60
_BINDING = re.compile(r"\((约束性|预期性)(?:指标)?\)")
_BINDINGS = re.compile(r"[^,;:]{0,12}(约束性|预期性)指标[^,;]{0,6}(?:包括|为|是|有|:)")


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Search text of a paragraph, where it lies in the original, and the headings above it."""

    search: SearchText
    start: int
    sections: tuple[Section, ...]

    def span(self, start: int, end: int) -> Span:
        found = self.search.original(Span(start, end))
        return Span(found.start + self.start, found.end + self.start)


@dataclass(slots=True)
class _Rise:
    """The years from and to which a sentence's levels rose; they hold until it names others."""

    since: int | None = None
    until: When | None = None
    begun: bool = False

    def when(self, figure: Figure, when: When, *, stated: bool) -> When:
        """The time of the next figure, ``stated`` if a year stands at it."""
        if figure.origin:
            when = When(self.since, kind="baseline") if self.since and not stated else when
            self.since, self.begun = when.year, True
        elif self.begun:
            self.until = when if stated else self.until
            when, self.begun = self.until or when, False
        return when


def indicators(document: Document, outline: Outline) -> list[Indicator]:
    """Return the figures of ``document`` in reading order; the same input, the same list."""
    headings = [normalise(section.title).text for section in outline.sections]
    points = figure_time.calendar(document, headings)
    table = tables(document, points)
    found = [*table.indicators, *_from_text(document, outline, points, table.zones)]
    return sorted(found, key=lambda one: (one.span, one.name))


def _from_text(
    document: Document, outline: Outline, points: Calendar, zones: tuple[Span, ...]
) -> Iterator[Indicator]:
    frame, anchor, scope = points.default, None, None
    ahead = False
    regions = figure_place.of_headings(outline.sections, document)
    for paragraph in _paragraphs(document, outline, zones):
        here, when = _anchor(paragraph.sections, points)
        left = scope is not None and scope not in paragraph.sections
        if here is not anchor or left:
            # Past the review, chapters of a report that name no year are of the year reported to.
            told = here is not None or not ahead
            anchor, frame, scope = here, when if told else points.tasks, None
        opening = figure_time.opening_frame(paragraph.search.text, points)
        if opening:
            frame, scope = opening, paragraph.sections[0] if paragraph.sections else None
        ahead = ahead or (points.is_report and frame == points.tasks)
        above = next(
            (regions[s.span] for s in paragraph.sections if s.span in regions), document.region
        )
        carried: When | None = None
        about = points.default if ahead and _DEFINITION.match(paragraph.search.text) else frame
        for match in _SENTENCE.finditer(paragraph.search.text):
            if not match.group():
                continue
            said = figure_time.marks(match.group(), points)
            rise = _Rise()
            found = figures(match.group())
            places = figure_place.of_figures(match.group(), found, document, above)
            for figure, place in zip(found, places, strict=True):
                when = _when(figure, said, carried, about, points)
                when = rise.when(figure, when, stated=bool(_beside(figure, said)))
                one = _indicator(document, paragraph, match, figure, when)
                yield replace(one, region=place)
            deadlines = [mark for mark in said if mark.deadline and not mark.compared]
            carried = deadlines[-1].when if deadlines else carried


def _paragraphs(
    document: Document, outline: Outline, zones: tuple[Span, ...]
) -> Iterator[_Paragraph]:
    """Yield the paragraphs, page furniture and tables blanked; one that ends in , ; : runs on."""
    characters = list(document.text)
    furniture = [part.span for part in outline.parts if part.kind in {"chrome", "contents"}]
    for span in [*furniture, *zones]:
        characters[span.start : span.end] = " " * len(span)
    text = "".join(characters)
    start: int | None = None
    last = ""
    around = Around(outline.sections)
    for part in outline.parts:
        if part.kind not in {"body", "heading"}:
            continue
        if start is None:
            start, last = part.span.start, ""
        # Only its own end says whether it runs on: a long run is not read again with every line.
        last = normalise(part.span.of(text)).text[-1:] or last
        if part.kind == "body" and _runs_on(last, outline.wrapped):
            continue
        yield _Paragraph(normalise(text[start : part.span.end]), start, around.at(start)[::-1])
        start = None


def _runs_on(last: str, wrapped: bool) -> bool:
    """Whether a paragraph goes on in the next: its ``last`` character stops in mid-sentence."""
    return bool(last) and (last in ",;:、" or (wrapped and last not in "。!?”)…"))


def _anchor(sections: tuple[Section, ...], points: Calendar) -> tuple[Section | None, When]:
    """The innermost heading that says when its figures hold, and what it says."""
    for section in sections:
        when = figure_time.heading_frame(normalise(section.title).text, points)
        if when is not None:
            return section, when
    return None, points.default


def _when(
    figure: Figure, said: list[Mark], carried: When | None, frame: When, points: Calendar
) -> When:
    """The time of a figure: named before it in the sentence, else carried over, else the frame."""
    start = max(figure.opens, 0) or figure.quantity.start
    before = [mark for mark in said if mark.start < start and not mark.compared]
    # 从2020年的7家增至2025年的16家: each year stands at its own value.
    beside = _beside(figure, said)
    when = (beside or before)[-1].when if beside or before else carried or frame
    kind = when.kind or frame.kind or points.default.kind
    if figure.origin:
        return _origin(beside, said, when, frame)
    if figure.already and not before and when.kind != "baseline":
        return When(kind="baseline")
    if when.period and kind == "baseline" and not _over_period(figure):
        when = When(year=when.period[1])
    return When(when.year, when.period, kind or "target")


def _beside(figure: Figure, said: list[Mark]) -> list[Mark]:
    """The times that stand at the value, or at the list that it is one of."""
    start = max(figure.opens, 0) or figure.quantity.start
    # 比2020年翻一番, 是2010年的2.6倍: there the year is what is compared with.
    times = figure.quantity.unit == "倍"
    return [mark for mark in said if 0 <= start - mark.end <= 1 and not times]


def _origin(beside: list[Mark], said: list[Mark], when: When, frame: When) -> When:
    """The time of the level that something rose from: named beside it, or before the plan."""
    if beside:
        return When(beside[-1].when.last, kind="baseline")
    period = when.period or frame.period
    if period is None:
        return When(kind="baseline")
    # What rose in 五年来 stood so in the year before them; 2020年到2025年 names that year itself.
    named = any(mark.ranged and mark.when.period == period for mark in said)
    return When(period[0] if named else period[0] - 1, kind="baseline")


def _binding(sentence: str, end: int) -> Literal["约束性", "预期性", ""]:
    """What a sentence calls a figure: 下降13.5%(约束性), 约束性指标包括…."""
    told = _BINDING.match(sentence, end) or _BINDINGS.match(sentence)
    return "" if told is None else "约束性" if told.group(1) == "约束性" else "预期性"


def _over_period(figure: Figure) -> bool:
    return figure.flow or figure.change != ""


def _named(figure: Figure, paragraph: _Paragraph, start: int) -> str:
    """The name of a figure; of a bare task, what was said before its sentence, at ``start``."""
    if not figure_subject.is_task(figure.name):
        return figure.name
    before = re.split("[,;:。]", paragraph.search.text[max(0, start - _BEFORE) : start])[::-1]
    above = [normalise(section.title).text for section in paragraph.sections]
    return figure_subject.task_of(figure.name, [*before, *above])


def _indicator(
    document: Document,
    paragraph: _Paragraph,
    sentence: re.Match[str],
    figure: Figure,
    when: When,
) -> Indicator:
    quantity, offset = figure.quantity, sentence.start()
    return Indicator(
        name=figure_names.canonical(_named(figure, paragraph, offset), document.level == "国家"),
        surface=figure.surface,
        region=document.region,
        year=when.year,
        period=when.period,
        value=quantity.value,
        unit=quantity.unit,
        bound=quantity.bound,
        kind=when.kind or "target",
        binding=_binding(sentence.group(), quantity.end),
        change=figure.change,
        document_id=document.id,
        span=paragraph.span(offset + quantity.start, offset + quantity.end),
        sentence=paragraph.span(*sentence.span()),
    )
