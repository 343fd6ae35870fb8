"""A follow-up and what was asked before → one whole question. Pure."""

import re

from index import Region
from qa.matter import aim_of
from qa.named import YEAR, mentions, years_asked, years_of
from qa.numbering import numeral, ordinal

# A follow-up that takes one side of such a pair replaces the other side.
_SIBLINGS = (
    ("常住", "户籍"),
    ("城镇", "农村"),
    ("城市社区", "农村"),
    ("城市", "农村"),
    ("进口", "出口"),
    ("婴儿", "孕产妇"),
)
_LATER = re.compile(r"(?:再?往后|再过|之后)(十|五|\d+)年")
_AGO = re.compile(r"去年|上年|上一年|前一年")
_AHEAD = re.compile(r"明年|下一年|次年|后一年")
_AIMS = re.compile(r"目标值?|计划|预期(?!寿命)|实际|完成|现状")
_ORDINAL = re.compile(r"第([一二三四五六七八九十]+|\d+)个?(章|节|篇|条|大?部分|方面|板块)")
_NEXT = re.compile(r"([上下])一(?:个|大)?(章|节|篇|条|大?部分|方面|板块)")
_PARTICLES = re.compile(
    r"^(?:那么?|还有|另外|然后|再|又|and|what about|how about)+|[呢吗呀啊吧么?!。,;:]+|(?:的|要|是|有|会|应该)(?=$|呢)"
    r"|多少|几个?|什么|哪些|怎么样|如何|要求|分别|目标值?|为",
    re.I,
)


def resolve(earlier: str, asked: str, corpus: tuple[Region, ...]) -> tuple[str, str]:
    """Put what ``asked`` changes into ``earlier``; return the whole question and what is carried.

    A question that stands on its own carries nothing.
    """
    if not _is_elliptic(asked, corpus):
        return asked, ""
    base = _replace_regions(earlier, asked, corpus)
    base = _replace_years(base, asked)
    base = _replace_ordinal(base, asked)
    base = _replace_aim(base, asked)
    fresh = _with_aim(base, asked, _residual(asked, corpus))
    base = _replace_sibling(base, fresh)
    return (f"{base} {fresh}", base) if fresh else (base, "")


def _is_elliptic(asked: str, corpus: tuple[Region, ...]) -> bool:
    if re.match(r"那|还有|另外|再|what about|how about|and ", asked, re.I) or asked.rstrip(
        "?"
    ).endswith("呢"):
        return True
    rest = _residual(asked, corpus)
    has_region = bool(mentions(asked, corpus))
    return len(rest) <= (2 if has_region else 8)


def _residual(asked: str, corpus: tuple[Region, ...]) -> str:
    """What is left of a follow-up without regions, years and particles."""
    kept, at = [], 0
    for start, end, _ in mentions(asked, corpus):
        kept.append(asked[at:start])
        at = max(at, end)
    kept.append(asked[at:])
    rest = "".join(kept)
    for pattern in (YEAR, _NEXT, _LATER):
        rest = pattern.sub("", rest)
    if _ORDINAL.fullmatch(_PARTICLES.sub("", rest)):
        return ""
    return _PARTICLES.sub("", _PARTICLES.sub("", rest)).strip()


def _replace_regions(earlier: str, asked: str, corpus: tuple[Region, ...]) -> str:
    new = mentions(asked, corpus)
    if not new:
        return earlier
    kept, at = [], 0
    for start, end, _ in mentions(earlier, corpus):
        kept.append(earlier[at:start])
        at = max(at, end)
    kept.append(earlier[at:])
    names = "和".join(dict.fromkeys(region.name for _, _, region in new))
    return names + "".join(kept)


def _replace_years(earlier: str, asked: str) -> str:
    new = list(years_of(asked))
    later = _LATER.search(asked)
    if later and not new and years_of(earlier):
        new = [years_of(earlier)[-1] + {"十": 10, "五": 5}.get(later.group(1), 0)]
        if later.group(1).isdigit():
            new = [years_of(earlier)[-1] + int(later.group(1))]
    if not new and years_of(earlier):
        step = -1 if _AGO.search(asked) else 1 if _AHEAD.search(asked) else 0
        new = [years_of(earlier)[-1] + step] if step else []
    if not new:
        return earlier
    words = "和".join(f"{year}年" for year in new)
    asked_for = years_asked(earlier)
    taken = {match.start() for match in asked_for}
    named = [match for match in YEAR.finditer(earlier) if match.start() not in taken]
    if not asked_for and named:
        # 2018年报告的赤字率 … 2019年呢: it is the report that changes.
        return earlier[: named[0].start()] + words + earlier[named[-1].end() :]
    if not asked_for:
        return f"{earlier} {words}"
    first = asked_for[0].start()
    for match in reversed(asked_for):
        earlier = earlier[: match.start()] + earlier[match.end() :]
    return earlier[:first] + words + earlier[first:]


def _replace_sibling(earlier: str, fresh: str) -> str:
    """户籍的呢 after a question on the 常住 rate asks for the 户籍 rate."""
    for one, other in _SIBLINGS:
        for mine, its in ((one, other), (other, one)):
            if mine in fresh and its in earlier and mine not in earlier:
                return earlier.replace(its, mine)
    return earlier


def _replace_aim(earlier: str, asked: str) -> str:
    """去年实际呢 after a question on an aim asks for what came of it."""
    fresh, held = aim_of(asked), aim_of(earlier)
    return _AIMS.sub("", earlier) if fresh and held and fresh != held else earlier


def _with_aim(base: str, asked: str, fresh: str) -> str:
    """2016年的目标呢 after a question that says of no aim asks for one."""
    if fresh or aim_of(asked) != "target" or aim_of(base):
        return fresh
    return "目标"


def _replace_ordinal(earlier: str, asked: str) -> str:
    """下一章 after a question on 第五章 is 第六章; 第八章呢 is that one."""
    own = _ORDINAL.search(asked)
    units = own and [m for m in _ORDINAL.finditer(earlier) if m.group(2) == own.group(2)]
    if own and units:
        return earlier[: units[-1].start()] + own.group() + earlier[units[-1].end() :]
    step, found = _NEXT.search(asked), _ORDINAL.search(earlier)
    if not step or not found or step.group(2) != found.group(2):
        return earlier
    number = ordinal(found.group(1)) + (1 if step.group(1) == "下" else -1)
    return (
        earlier[: found.start()] + f"第{numeral(number)}{found.group(2)}" + earlier[found.end() :]
    )
