"""How a question was understood, as chips. Pure."""

from collections.abc import Sequence
from html import escape

from index import Region, normalise, terms_of
from qa.models import Filters, Question
from qa.words import CHINESE, Words

_INTENTS = {
    "figure": "查数值", "comparison": "作比较", "outline": "查章节", "metadata": "查文件信息",
    "definition": "查定义", "list": "列事项", "measures": "查举措", "passage": "查段落",
}  # fmt: skip


def reading(question: Question, filters: Filters, say: Words = CHINESE) -> str:
    """Return how the question was understood: region, time, intent, and what was carried over."""
    region = "、".join(r.name for r in question.regions)
    if filters.lift_regions:
        region = say("不限（问题中的{region}未作限制）", region=region) if region else say("不限")
    parts = [
        ("地区", region or say("未指定")),
        ("时间", "、".join(f"{year}年" for year in question.years) or say("未指定")),
        ("意图", say(_INTENTS.get(question.intent, question.intent))),
    ]
    if question.unknown:
        parts.append(("未收录", _names(question.unknown)))
    if terms_of(question.expansions):
        parts.append(("联想到", "、".join(terms_of(question.expansions))))
    if question.search != normalise(question.text).text:
        parts.append(("理解为", question.search))
    chips = "".join(
        f"<span><b>{escape(say(name))}</b> {escape(value)}</span>" for name, value in parts
    )
    return f'<div class="gw-reading">{chips}</div>'


def _names(regions: Sequence[Region]) -> str:
    return "、".join(region.name for region in regions)
