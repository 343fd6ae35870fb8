"""The ledger of figures: sentences and tables → Indicators.

Read on search text, sentence by sentence, with the section's heading and the paragraph's opening
deciding the time where a sentence gives none. Values come from ``figure_values``, names from
``figure_names``, times from ``figure_time``, table rows from ``figure_tables``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from index import figure_names, figure_time, regions
from index.documents import Document, Indicator, Section, Span
from index.figure_tables import tables
from index.figure_time import Calendar, Mark, When
from index.figure_values import Quantity, quantities, share_bounds
from index.normalise import SearchText, normalise
from index.outline import Outline

VERSION = 1

_SENTENCE = re.compile(r"[^。!?]*[。!?]?[”)]*")
_BREAK = re.compile(r"[,;:。!?()]")
_QUOTE = re.compile(r"“[^”]*”|《[^》]*》")
_HIDDEN = re.compile(r"“[^”]*”|\([^()]*\)")
_JOINT = re.compile(r"(?:[、,]|和|及|以及|与|、和)?")
_FROM = re.compile(r"(?P<subject>.*?)[由从自](?:20\d\d年的?|上年的?|去年的?|“?十.五”?(?:期?末|初)的?)?(?P<what>[^,、\d]{0,6})$")
_AGAINST_LEVEL = re.compile(r"(?:较|比|与)[^,、]{1,12}的")
_TO = re.compile(r"(?:逐步|稳步)?(?:提高|提升|增加|增长|增|扩大|上升|下降|降低|降|减少|缩小|压减|跃升|攀升|拓展|扩展|上调|调整|升)?(?:到|至|为)")


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Search text of a paragraph, where it lies in the original, and the headings above it."""

    search: SearchText
    start: int
    sections: tuple[Section, ...]

    def span(self, start: int, end: int) -> Span:
        found = self.search.original(Span(start, end))
        return Span(found.start + self.start, found.end + self.start)


@dataclass(frozen=True, slots=True)
class _Figure:
    """A quantity with its name, before the time is known."""

    quantity: Quantity
    name: str
    surface: str
    change: figure_names.Change
    flow: bool
    already: bool = False
    origin: bool = False


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
    frame, anchor = points.default, None
    for paragraph in _paragraphs(document, outline, zones):
        here, when = _anchor(paragraph.sections, points)
        if here is not anchor:
            anchor, frame = here, when
        opening = figure_time.opening_frame(paragraph.search.text, points)
        frame = opening or frame
        carried: When | None = None
        for match in _SENTENCE.finditer(paragraph.search.text):
            if not match.group():
                continue
            said = figure_time.marks(match.group(), points)
            for figure in _figures(match.group()):
                when = _when(figure, said, carried, frame, points)
                yield _indicator(document, paragraph, match, figure, when)
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
    for part in outline.parts:
        if part.kind not in {"body", "heading"}:
            continue
        start = part.span.start if start is None else start
        search = normalise(text[start : part.span.end])
        if part.kind == "body" and _runs_on(search.text, outline.wrapped):
            continue
        yield _Paragraph(search, start, _above(outline.sections, start))
        start = None


def _runs_on(search: str, wrapped: bool) -> bool:
    """Whether a paragraph goes on in the next: it stops in mid-sentence."""
    if not search:
        return False
    return search[-1] in ",;:、" or (wrapped and search[-1] not in "。!?”)…")


def _above(sections: tuple[Section, ...], at: int) -> tuple[Section, ...]:
    """The sections that hold the character ``at``, the innermost first."""
    return tuple(
        section for section in reversed(sections) if section.span.start <= at < section.span.end
    )


def _anchor(sections: tuple[Section, ...], points: Calendar) -> tuple[Section | None, When]:
    """The innermost heading that says when its figures hold, and what it says."""
    for section in sections:
        when = figure_time.heading_frame(normalise(section.title).text, points)
        if when is not None:
            return section, when
    return None, points.default


def _figures(sentence: str) -> list[_Figure]:
    """Name every quantity of a sentence."""
    found: list[_Figure] = []
    values = quantities(sentence)
    index = 0
    while index < len(values):
        run = _run(sentence, values, index)
        named = _name_run(sentence, values, index, run, found)
        found += named
        index += max(1, len({figure.quantity.start for figure in named}))
    return found


def _run(sentence: str, values: list[Quantity], index: int) -> int:
    """How many quantities follow one another with nothing but 、 or 和 between them."""
    end = index + 1
    while end < len(values) and _JOINT.fullmatch(sentence, values[end - 1].end, values[end].start):
        end += 1
    return end - index


def _name_run(
    sentence: str, values: list[Quantity], index: int, run: int, found: list[_Figure]
) -> list[_Figure]:
    quantity = values[index]
    lead = _lead(sentence, values, index)
    reading = figure_names.read_lead(lead, quantity.unit)
    together = values[index : index + run]
    subject = figure_names.clean(reading.subject)
    names = figure_names.split(subject, run) if run > 1 else []
    if run > 1 and not subject and "分别" in reading.how and len(found) >= run:
        names = [figure.surface for figure in found[-run:]]
    if names:
        pairs = zip(share_bounds(together), names, strict=True)
        return [_figure(q, name + reading.suffix, name, reading) for q, name in pairs]
    if run == 1 and reading.shared:
        subjects = figure_names.split(figure_names.clean(reading.subject), None)
        if subjects:
            return [_figure(quantity, name + reading.suffix, name, reading) for name in subjects]
    one = _name_one(sentence, values, index, lead, found)
    return [one] if one else []


def _figure(
    quantity: Quantity, name: str, surface: str, reading: figure_names.Reading
) -> _Figure:
    change = reading.change
    rate = re.search(r"(?:增速|增幅|涨幅|降幅)$", name) and quantity.unit in {"%", "‰"}
    if quantity.written != "plain" or (rate and not change):
        change = "growth"
    elif name.startswith("新增"):
        change = "difference"
    flow = figure_names.is_flow(name, reading.raw)
    return _Figure(quantity, name, surface, change, flow, already=reading.how.startswith("已"))


def _name_one(
    sentence: str, values: list[Quantity], index: int, lead: str, found: list[_Figure]
) -> _Figure | None:
    quantity = values[index]
    previous = found[-1] if found else None
    if previous and _AGAINST_LEVEL.fullmatch(lead):
        return replace(previous, quantity=quantity, change="", origin=True)
    origin = _FROM.match(lead) if _leads_on(sentence, values, index) else None
    if previous and previous.origin and _TO.fullmatch(lead):
        return replace(previous, quantity=quantity, origin=False, flow=False)
    trail = _trail(sentence, values, index)
    if re.match(r"的?(?:增长|增速)$", trail) and quantity.unit == "%":
        lead += "增长"
    reading = figure_names.read_lead(origin["subject"] + origin["what"] if origin else lead, quantity.unit)
    subject, surface = _subject(sentence, values, index, reading, trail, previous)
    if not subject:
        return None
    suffix = "增速" if quantity.written == "zero" else reading.suffix
    suffix = "" if subject.endswith(suffix) else suffix
    figure = _figure(quantity, subject + suffix, surface, reading)
    # The value given again of the same thing is counted as the first one was.
    flow = previous.flow if previous and not reading.subject and not suffix else figure.flow
    return replace(figure, flow=flow, origin=origin is not None)


def _leads_on(sentence: str, values: list[Quantity], index: int) -> bool:
    """Whether this value is what something rises or falls from."""
    if index + 1 == len(values):
        return False
    return _TO.match(sentence, values[index].end, values[index + 1].start) is not None


def _subject(  # noqa: PLR0913 - all that can name a value
    sentence: str,
    values: list[Quantity],
    index: int,
    reading: figure_names.Reading,
    trail: str,
    previous: _Figure | None,
) -> tuple[str, str]:
    """Return (name, surface words) of the thing that a quantity is of; empty if nothing says."""
    unit = values[index].unit
    subject = figure_names.clean(reading.subject)
    if unit in {"%", "‰"} and not reading.suffix and len(subject) < 2:
        share = figure_names.proportion(trail)
        if share:
            return share, trail
    noun = "" if unit in {"%", "‰", "个百分点", "倍", ""} else figure_names.noun_after(trail)
    if noun:
        return subject + noun, noun
    base = previous.surface if previous else ""
    if re.search(r"累计|总[量数]", reading.raw):
        base = re.sub(r"^[新净]增(?:各类)?", "", base)
    if previous and not subject and unit == "个百分点" and previous.change == "growth":
        base = previous.name
    if subject == "投资" and "完成投资" in reading.raw:
        subject = "完成投资"
        return (base + subject if base else subject), subject
    if subject and figure_names.is_generic(subject) and base:
        return (base, base) if subject in {"总量", "经济总量", "总数"} else (base + subject, subject)
    if subject:
        return _with_verb(sentence, values, index, subject, previous), subject
    if base:
        return base, base
    return (_earlier(sentence, values[index].start),) * 2


def _with_verb(
    sentence: str, values: list[Quantity], index: int, subject: str, previous: _Figure | None
) -> str:
    """新增海外仓23个、网点16个: the verb holds for the second too."""
    if previous is None or sentence[values[index - 1].end : values[index - 1].end + 1] != "、":
        return subject
    verb = re.match(r"新(?:增|获|建|设|入选|认定|培育|引进|签约)|净增", previous.name)
    return verb.group() + subject if verb and not re.match(r"新|净|[建改引招培]", subject) else subject


def _earlier(sentence: str, before: int) -> str:
    """The subject of an earlier clause: 人均预期寿命,到2025年达到79岁."""
    clauses = re.split(r"[,;:]", sentence[:before])[:-1]
    for clause in reversed(clauses):
        subject = figure_names.clean(clause)
        if 2 <= len(subject) <= 24:
            return subject
    return ""


def _breaks(sentence: str, values: list[Quantity]) -> list[int]:
    """Where clauses end: marks outside quotation marks and outside brackets without figures."""
    hidden = [match.span() for match in _QUOTE.finditer(sentence)]
    for match in re.finditer(r"\([^()]*\)", sentence):
        if not any(match.start() < q.start < match.end() for q in values):
            hidden.append(match.span())
    return [
        match.start()
        for match in _BREAK.finditer(sentence)
        if not any(start <= match.start() < end for start, end in hidden)
    ]


def _lead(sentence: str, values: list[Quantity], index: int) -> str:
    """The words of the clause before a value, back to the value before it."""
    end = values[index].start
    start = max((at + 1 for at in _breaks(sentence, values) if at < end), default=0)
    if not index or values[index - 1].end <= start:
        return sentence[start:end]
    gap = sentence[values[index - 1].end : end]
    opening = re.match(r"(?:、|以及|和|及|与|并|且)+", gap)
    if opening:
        return gap[opening.end() :]
    cut = re.search(r"、|以及|[和及与]", gap)
    return gap[cut.end() :] if cut else gap


def _trail(sentence: str, values: list[Quantity], index: int) -> str:
    """The words of the clause after a value, up to the next mark or value."""
    start = values[index].end
    end = min((at for at in _breaks(sentence, values) if at >= start), default=len(sentence))
    if index + 1 < len(values):
        end = min(end, values[index + 1].start)
    hidden = _HIDDEN.sub(lambda match: "口" * len(match.group()), sentence[start:end])
    return sentence[start:end][: len(hidden.split("、")[0])]


def _when(
    figure: _Figure, said: list[Mark], carried: When | None, frame: When, points: Calendar
) -> When:
    """The time of a figure: named before it in the sentence, else carried over, else the frame."""
    before = [m for m in said if m.start < figure.quantity.start and not m.compared]
    when = before[-1].when if before else carried or frame
    if figure.already and not before and when.kind != "baseline":
        return When(kind="baseline")
    kind = when.kind or frame.kind or points.default.kind
    if when.period and not before and kind == "baseline" and not _over_period(figure):
        when = When(year=when.period[1])
    if figure.origin:
        near = [m for m in said if 0 <= figure.quantity.start - m.end <= 6]
        if near:
            return When(near[-1].when.last, kind="baseline")
        start = frame.period[0] - 1 if frame.period and kind == "baseline" else None
        return When(year=start, kind="baseline")
    return When(when.year, when.period, kind or "target")


def _over_period(figure: _Figure) -> bool:
    return figure.flow or figure.change != ""


def _indicator(
    document: Document,
    paragraph: _Paragraph,
    sentence: re.Match[str],
    figure: _Figure,
    when: When,
) -> Indicator:
    quantity, offset = figure.quantity, sentence.start()
    region = _region(sentence.group(), figure, document)
    return Indicator(
        name=figure_names.canonical(figure.name, document.level == "国家"),
        surface=figure.surface,
        region=region,
        year=when.year,
        period=when.period,
        value=quantity.value,
        unit=quantity.unit,
        bound=quantity.bound,
        kind=when.kind or "target",
        binding="",
        change=figure.change,
        document_id=document.id,
        span=paragraph.span(offset + quantity.start, offset + quantity.end),
        sentence=paragraph.span(*sentence.span()),
    )


def _region(sentence: str, figure: _Figure, document: Document) -> str:
    """The region that the figure's own words open with, if it lies in the document's."""
    del sentence
    own = regions.candidates(document.region)
    for start, end, named in regions.find(figure.surface):
        if start == 0 and figure.surface[:end] in {region.name for region in named}:
            inner = [r for r in named if not own or regions.lies_in(r, own[0])]
            return inner[0].name if inner else document.region
        break
    return document.region
