"""What a library holds, in a few words for someone who has asked nothing yet. Pure."""

from html import escape

from index import Index
from qa.words import CHINESE, Words

_REGIONS = 6


def holdings(index: Index, say: Words = CHINESE) -> str:
    """Return what ``index`` holds, and how to begin, as HTML."""
    documents = index.catalogue.values()
    if not documents:
        return f"<p>{say('这个资料库还是空的。请先放入文件。')}</p>"
    regions = list(dict.fromkeys(d.region for d in documents if d.region))
    named = "、".join(regions[:_REGIONS])
    if len(regions) > _REGIONS:
        named = say("{regions}等{count}个地区", regions=named, count=len(regions))
    held = say(
        "资料库里有 {count} 份文件、{figures} 项数值。",
        count=len(index.documents),
        figures=len(index.indicators),
    )
    about = say("涉及{regions}。", regions=named) if regions else ""
    return (
        f'<div class="gw-welcome"><h2>{say("想查什么？")}</h2>'
        f"<p>{escape(held)}{escape(about)}</p>"
        f"<p>{say('答案逐句引自原文，点编号可看出处。下面几问可作开头。')}</p></div>"
    )
