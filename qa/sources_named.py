"""The documents that a question names: by number, year and kind, period and kind, or title. Pure."""

import re
from dataclasses import dataclass

from qa.numbering import five_years, numeral

_KIND = r"政府工作报告|工作报告|报告|指导意见|意见|方案|通知|批复"
_YEAR = r"(?:19|20)\d\d(?!\d)年?"
# 2018年和2019年报告: the kind belongs to each year of the run.
_RUN = re.compile(
    rf"(?<![\d〔\[])(?P<years>{_YEAR}(?:(?:、|,|和|与|及|以及){_YEAR})*)"
    rf"(?:的?[^\d,;。?的]{{0,14}}?)(?P<kind>{_KIND})"
)
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,6}[〔\[]\d{4}[〕\]]\d+号")
_PLAN = re.compile(
    r"十([一二三四五六七])五[”\"]?(?:发展|五年)?(?:规划纲要|规划(?!期|末)|纲要|建议|计划(?!期|末))"
)
_CONGRESS = re.compile(
    r"(十[一二三四五六七八九]|二十)大(?:报告|(?=上?[说讲提要]|里|对|以来|指出|强调))"
)
_ENGLISH = re.compile(
    r"(?<![\d-])(?P<year>(?:19|20)\d\d) (?:[A-Za-z’'&-]+ ){0,6}?(?P<kind>government work report|work report|report"
    r"|guiding opinions?|guidelines?|opinions?|measures|notice|circular|(?:pilot|implementation|action|reform|work) plan)\b",
    re.I,
)
_ENGLISH_PLAN = re.compile(r"(1[1-6])th five[- ]year (?:plan|programme|program)", re.I)
_ENGLISH_CONGRESS = re.compile(
    r"(1[2-9]|20)th (?:CPC |Party |national )+congress(?: report)?", re.I
)
_KINDS = {
    "work report": "政府工作报告",
    "report": "报告",
    "opinion": "意见",
    "guideline": "指导意见",
    "measures": "办法",
    "notice": "通知",
    "circular": "通知",
    "plan": "方案",
}
_TITLE = re.compile(r"《([^《》]{4,})》")


@dataclass(frozen=True, slots=True)
class Named:
    """A document as named: ``key`` tells how to find it, ``start`` and ``end`` where it is named.

    ``key`` is one of 国发〔2018〕42号, "2019 政府工作报告", "2026-2030 规划", "《a title》" and
    "第二十次全国代表大会".
    """

    start: int
    end: int
    key: str


def _in_english(search: str) -> list[Named]:
    """The documents that an English question names: the 2018 guideline on …, the 15th Five-Year Plan."""
    found = []
    for match in _ENGLISH.finditer(search):
        told = match["kind"].lower()
        kind = next(kind for word, kind in _KINDS.items() if word in told)
        found.append(Named(*match.span(), f"{match['year']} {kind}"))
    for match in _ENGLISH_PLAN.finditer(search):
        first = 2001 + 5 * (int(match.group(1)) - 10)
        found.append(Named(*match.span(), f"{first}-{first + 4} 规划"))
    for match in _ENGLISH_CONGRESS.finditer(search):
        ordinal = f"第{numeral(int(match.group(1)))}次全国代表大会"
        found.append(Named(*match.span(), ordinal))
    return found


def sources_named(search: str) -> list[Named]:
    """Return the documents named in normalised text, in order."""
    found = [
        Named(m.start(), m.end(), re.sub(r"\[", "〔", re.sub(r"\]", "〕", m.group())))
        for m in _NUMBER.finditer(search)
    ]
    for match in _RUN.finditer(search):
        years = list(re.finditer(r"\d{4}", match["years"]))
        for place, year in enumerate(years):
            start = match.start() + year.start()
            last = place + 1 == len(years)
            end = match.end() if last else match.start() + years[place + 1].start()
            found.append(Named(start, end, f"{year.group()} {match['kind']}"))
    for match in _PLAN.finditer(search):
        first, final = five_years(match.group(1))
        found.append(Named(match.start(), match.end(), f"{first}-{final} 规划"))
    for match in _CONGRESS.finditer(search):
        found.append(Named(match.start(), match.end(), f"第{match.group(1)}次全国代表大会"))
    found += _in_english(search)
    for match in _TITLE.finditer(search):
        if not any(match.start() <= named.start < match.end() for named in found):
            found.append(Named(match.start(), match.end(), match.group()))
    return sorted(found, key=lambda named: named.start)
