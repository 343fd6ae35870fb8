"""How a question was understood, as chips that can be lifted or changed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape

from index import Document, normalise, terms_of
from qa.conversation import Again, Turn, written
from qa.models import Answer, Filters, Intent, Question
from qa.offers import Offer, Part, Wanted
from qa.words import CHINESE, Words

INTENTS: Mapping[Intent, str] = {
    "figure": "查数值", "comparison": "作比较", "outline": "查章节", "metadata": "查文件信息",
    "definition": "查定义", "list": "列事项", "measures": "查举措", "passage": "查段落",
}  # fmt: skip
PARTS: Mapping[Part, str] = {
    "region": "地区", "year": "时间", "indicator": "指标", "intent": "意图",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A turn and its number in the conversation; without a number its chips are no buttons."""

    turn: Turn = field(default_factory=lambda: Turn(""))
    number: int = -1

    @property
    def again(self) -> Again:
        """The wish to ask it once more as it is."""
        return Again(turn=self.number, overrides=self.turn.overrides, filters=self.turn.filters)

    def read(self, **changes: object) -> Again:
        """The wish to ask it once more with ``changes`` to its overrides."""
        return replace(self.again, overrides=replace(self.turn.overrides, **changes))  # type: ignore[arg-type]


ALONE = Asked()


@dataclass(frozen=True, slots=True)
class _Chip:
    """One part of a reading: what opens other choices, and what asks again without it."""

    name: str
    value: str
    change: Wanted | None = None
    lift: Again | None = None


def reading(
    answer: Answer,
    documents: Mapping[str, Document],
    asked: Asked = ALONE,
    say: Words = CHINESE,
) -> str:
    """Return how the question was understood: region, time, figure, intent, documents."""
    question, filters = answer.question, asked.turn.filters
    chips = [
        _region(question, answer, asked, say),
        _time(question, answer, asked, say),
        *_figure(answer, asked, say),
        _intent(question, answer, asked, say),
        *_limits(question, filters, documents, asked, say),
    ]
    if terms_of(question.expansions):
        chips.append(_Chip(say("联想到"), "、".join(terms_of(question.expansions))))
    if question.search != normalise(question.text).text:
        chips.append(_Chip(say("理解为"), question.search))
    shown = "".join(_html(chip, asked.number >= 0, say) for chip in chips)
    return f'<div class="gw-reading">{shown}</div>'


def menu(offers: Sequence[Offer], part: Part, say: Words = CHINESE) -> str:
    """Return the choices for a part of a reading as a list of buttons."""
    if not offers:
        return f'<p class="gw-quiet">{say("资料库里没有别的可选。")}</p>'
    rows = []
    for offer in offers:
        name = offer.name
        if part == "intent":
            name = say(INTENTS[offer.name])  # type: ignore[index]
        elif part == "year":
            name = say("{year}年", year=offer.name)
        value = escape(written(offer.again))
        rows.append(
            f'<li><button type="button" class="gw-again" value="{value}">{escape(name)}</button></li>'
        )
    return f'<ul class="gw-offers">{"".join(rows)}</ul>'


def changes(turn: Turn, documents: Mapping[str, Document], say: Words = CHINESE) -> str:
    """Return in words how a turn is read and limited otherwise; "" where it is not."""
    own, parts = turn.overrides, []
    if own.regions is not None:
        parts.append((say("地区"), "、".join(own.regions) or say("不限")))
    if own.years is not None:
        years = "、".join(say("{year}年", year=year) for year in own.years)
        parts.append((say("时间"), years or say("不限")))
    if own.indicator:
        parts.append((say("指标"), own.indicator))
    if own.intent:
        parts.append((say("意图"), say(INTENTS[own.intent])))
    if own.unnamed:
        parts.append((say("文件"), say("不限")))
    parts += [(say("文件"), _title(name, documents)) for name in sorted(turn.filters.documents)]
    parts += [(say("地区"), name) for name in sorted(turn.filters.regions)]
    if turn.filters.year:
        parts.append((say("段落年份"), say("{year}年", year=turn.filters.year)))
    if turn.filters.lift_regions:
        parts.append((say("地区"), say("不限")))
    return " · ".join(f"{name} {value}" for name, value in parts)


def _wanted(part: Part, question: Question, answer: Answer, asked: Asked) -> Wanted:
    cited = dict.fromkeys(citation.document_id for citation in answer.citations)
    return Wanted(
        part=part,
        again=asked.again,
        regions=tuple(region.name for region in question.regions),
        name=answer.figures[0].name if answer.figures else "",
        documents=tuple(cited)[:20],
    )


def _region(question: Question, answer: Answer, asked: Asked, say: Words) -> _Chip:
    named = [region.name for region in question.regions]
    named += [say("{region}（未收录）", region=region.name) for region in question.unknown]
    value = "、".join(named)
    lift: Again | None = asked.read(regions=()) if named else None
    if asked.turn.filters.lift_regions:
        value = say("不限（问题中的{region}未作限制）", region=value) if value else say("不限")
        lift = None
    elif not value:
        value = say("不限") if asked.turn.overrides.regions == () else say("未指定")
    return _Chip(say("地区"), value, _wanted("region", question, answer, asked), lift)


def _time(question: Question, answer: Answer, asked: Asked, say: Words) -> _Chip:
    value = "、".join(say("{year}年", year=year) for year in question.years)
    if not value and question.period:
        value = say("{first}–{last}年", first=question.period[0], last=question.period[1])
    lift = asked.read(years=()) if value else None
    unset = say("不限") if asked.turn.overrides.years == () else say("未指定")
    return _Chip(say("时间"), value or unset, _wanted("year", question, answer, asked), lift)


def _figure(answer: Answer, asked: Asked, say: Words) -> list[_Chip]:
    if not answer.figures:
        return []
    names = "、".join(dict.fromkeys(figure.name for figure in answer.figures))
    wanted = _wanted("indicator", answer.question, answer, asked)
    # Without its figure a question is one for passages.
    return [_Chip(say("指标"), names, wanted, asked.read(indicator="", intent="passage"))]


def _intent(question: Question, answer: Answer, asked: Asked, say: Words) -> _Chip:
    lift = asked.read(indicator="", intent=None) if question.insisted else None
    value = say(INTENTS[question.intent])
    return _Chip(say("意图"), value, _wanted("intent", question, answer, asked), lift)


def _limits(
    question: Question,
    filters: Filters,
    documents: Mapping[str, Document],
    asked: Asked,
    say: Words,
) -> list[_Chip]:
    """What the search is limited to by hand, and by the documents that the question names."""

    def without(**changed: object) -> Again:
        return replace(asked.again, filters=replace(filters, **changed))  # type: ignore[arg-type]

    chips = [
        _Chip(
            say("文件"), _title(name, documents), lift=without(documents=filters.documents - {name})
        )
        for name in sorted(filters.documents)
    ]
    chips += [
        _Chip(say("只查地区"), name, lift=without(regions=filters.regions - {name}))
        for name in sorted(filters.regions)
    ]
    if filters.year:
        value = say("{year}年", year=filters.year)
        chips.append(_Chip(say("段落年份"), value, lift=without(year=None)))
    if question.documents:
        value = "、".join(question.documents)
        chips.append(_Chip(say("文件"), value, lift=asked.read(unnamed=True)))
    return chips


def _html(chip: _Chip, live: bool, say: Words) -> str:
    value = f'<span class="gw-value">{escape(chip.value)}</span>'
    lift = ""
    if live and chip.change:
        title = say("换一个：{part}", part=chip.name)
        value = (
            f'<button type="button" class="gw-change" value="{escape(written(chip.change))}" '
            f'title="{escape(title)}">{escape(chip.value)}</button>'
        )
    if live and chip.lift:
        title = say("不作限制，再问一次：{part}", part=f"{chip.name} {chip.value}")
        lift = (
            f'<button type="button" class="gw-again gw-lift" value="{escape(written(chip.lift))}" '
            f'title="{escape(title)}">×</button>'
        )
    plain = "" if live and (chip.change or chip.lift) else " gw-fixed"
    return f'<span class="gw-limit{plain}"><b>{escape(chip.name)}</b>{value}{lift}</span>'


def _title(name: str, documents: Mapping[str, Document]) -> str:
    return documents[name].title if name in documents else name
