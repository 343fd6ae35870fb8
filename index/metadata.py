"""What the text itself says about the document, where it says it, and how sure that is."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from index import regions
from index.documents import Span
from index.front import Front, date, front, is_date
from index.lines import Line
from index.normalise import normalise

Confidence = Literal["高", "中", "低"]

_SAMPLE, _OFTEN = 20000, 5
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,8}[〔\[(]\d{4}[〕\])]\d+号|国令第\d+号")
_PERIOD = re.compile(r"(20\d\d)\s*[-—–~至]+\s*(20\d\d)\s*年")
_FIVE_YEAR = re.compile(r"第?十([二三四五六])(?:个)?五(?:年)?")
_TITLE_COMMENT = re.compile(r"^#[ \t]*title:[ \t]*(.+)", re.I | re.M)
_KINDS = "规划纲要|规划|行动计划|工作报告|方案|意见|纲要|通知"
_PLAN_TITLE = re.compile(rf"《?([^《》\n]{{2,40}}(?:{_KINDS})[^《》\n]{{0,16}})》?")
_ORGAN = (
    r"(?:国务院(?:办公厅)?(?:、[\u4e00-\u9fff]{2,10})?"
    r"|中共(?:中央|[\u4e00-\u9fff]{2,12}委(?:员会)?)(?:办公厅)?"
    r"|[\u4e00-\u9fff]{2,16}(?:人民政府(?:办公厅|办公室)?|委员会|[厅局]))"
)
_BY = re.compile(rf"({_ORGAN}(?:、{_ORGAN})?)(?:关于|印发|转发|批转|对)")
_SPEAKS = re.compile(
    r"(?:我|谨)(?:受[^,]{2,20}委托,)?代表([\u4e00-\u9fff]{0,16}?(?:人民政府|区政府|县政府|市政府|国务院))"
)
_PASSED = re.compile(r"(?:会议|大会|全会|全体会议|代表大会)[^,。]{0,12}(?:批准|通过|审查|上)")
_SITTING = re.compile(r"人民代表大会|人民政府|[省市县区州盟旗]长|主席|中国共产党")
_NATIONAL = re.compile(r"国务院|全国人民代表大会|中华人民共和国|中共中央|中国共产党第")


@dataclass(frozen=True, slots=True)
class Reading:
    """A value with how sure it is, and where in the text it stands (None: in the file's name).

    高: the text states it as a particular of its own. 中: it follows from the title or the text.
    低: a guess, from what the text names most or from when a page put it up.
    """

    value: str
    confidence: Confidence
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """Metadata read from a text; empty where it says nothing.

    ``readings`` gives for each field that has a value how sure it is and where it stands.
    """

    title: str
    region: str
    level: str
    period: tuple[int, int] | None
    issuer: str
    number: str
    issued: str
    readings: Mapping[str, Reading]


def describe(text: str, name: str) -> Description:
    """Return what the head and foot of ``text``, or else the file's ``name``, say of it."""
    ends = front(text)
    title = _title(text, ends, name)
    own = regions.by_latin("china") if _is_national(title.value) else None
    place, region = _region(text, ends, title, name) or (None, own)
    readings = {"title": title}
    if region is not None:
        place = place or Reading(region.name, "中", title.span)
        readings["region"] = place
        readings["level"] = Reading(region.level, place.confidence, place.span)
    period = _period(title.value)
    if period:
        readings["period"] = Reading(f"{period[0]}-{period[1]}", title.confidence, title.span)
    for field, found in (
        ("issuer", _issuer(ends, title, region)),
        ("number", _number(ends)),
        ("issued", _issued(ends)),
    ):
        if found is not None:
            readings[field] = found
    values = {field: reading.value for field, reading in readings.items()}
    return Description(
        title=title.value,
        region=values.get("region", ""),
        level=values.get("level", ""),
        period=period,
        issuer=values.get("issuer", ""),
        number=values.get("number", ""),
        issued=values.get("issued", ""),
        readings=readings,
    )


def level_of(name: str) -> str:
    """The level of the region called ``name``, 国家 to 县级; "" if there is none of that name."""
    region = regions.resolve(name) if name else None
    return region.level if region else ""


def _is_national(title: str) -> bool:
    return bool(_NATIONAL.search(title) or title.startswith("国家"))


def _title(text: str, ends: Front, name: str) -> Reading:
    comment = _TITLE_COMMENT.search(text[:3000])
    if comment:
        return Reading(normalise(comment.group(1)).text, "高", Span(*comment.span(1)))
    if "title" in ends.told:
        value, span = ends.told["title"]
        return Reading(value, "高", span)
    lines = [line for line in ends.head if 4 <= len(line.search.lstrip("# ")) <= 60]
    lines = [x for x in lines if not re.search(r"[:|>]$|^各位|^来源|^http|^#\s*source", x.search)]
    for first, second in pairwise([*lines[:12], None]):
        if first is None:
            break
        plain = first.search.lstrip("# ")
        if _PLAN_TITLE.fullmatch(plain) and not re.search(r"[。;,:]", plain):
            whole = plain.removeprefix("《").removesuffix("》") if plain.count("《") == 1 else plain
            return Reading(whole, "高", first.span)
        joined = _in_two_lines(first, second)
        if joined is not None:
            return joined
    if lines and not re.search(r"[。;]", lines[0].search):
        return Reading(lines[0].search.lstrip("# "), "中", lines[0].span)
    return _title_elsewhere(ends, name)


def _in_two_lines(first: Line, second: Line | None) -> Reading | None:
    """苏州市国民经济和社会发展 / 第十五个五年规划纲要."""
    if second is None or len(first.search) > 30 or second.span.start - first.span.end > 3:
        return None
    whole = first.search + second.search
    ends = re.fullmatch(rf".{{4,24}}(?:{_KINDS})", second.search) is not None
    if ends and not re.search(r"[。;,:》《—]", whole) and not _NUMBER.fullmatch(first.search):
        return Reading(whole, "中", Span(first.span.start, second.span.end))
    return None


def _title_elsewhere(ends: Front, name: str) -> Reading:
    own = normalise(name).text
    if not re.search(r"[\u4e00-\u9fff]", own):
        # 003_d7dc says nothing to a reader: the plan that the text is about says more.
        for line in ends.head:
            cited = re.search(r"《([^《》]{4,40})》", line.search)
            if cited:
                return Reading(cited.group(1), "低", line.span)
    return Reading(own, "低")


def _region(
    text: str, ends: Front, title: Reading, name: str
) -> tuple[Reading | None, regions.Region] | None:
    """The region that the document is of, the surest place first."""
    for search, span, sure in _places(ends, title, name):
        region = _first_run(search)
        if region is not None:
            return Reading(region.name, sure, span), region
    latin = _named_by_file(name)
    if latin is not None:
        return Reading(latin.name, "中"), latin
    for line in ends.opening:
        plain = re.sub(r"《[^》]*》?", "", line.search)
        if len(plain) < 60 and _NATIONAL.search(plain):
            nation = regions.resolve("全国")
            return (Reading("全国", "中", line.span), nation) if nation else None
    region = _foremost(text)
    return (Reading(region.name, "低"), region) if region else None


def _places(
    ends: Front, title: Reading, name: str
) -> Iterator[tuple[str, Span | None, Confidence]]:
    yield title.value, title.span, "高" if title.confidence != "低" else "中"
    if "issuer" in ends.told:
        value, span = ends.told["issuer"]
        yield value, span, "高"
    own = normalise(name).text
    if own != title.value:
        yield own, None, "中"
    for line in ends.opening:
        if len(line.search) <= 60 and _SITTING.search(line.search) and "《" not in line.search:
            yield line.search, line.span, "高"
    for line in ends.opening:
        speaks = _SPEAKS.search(line.search)
        if speaks:
            yield speaks.group(1), line.span, "高"


def _first_run(search: str) -> regions.Region | None:
    """The innermost region of the first unbroken run of names: 山东省济南市历城区 → 历城区."""
    found = regions.find(search)
    if not found:
        return None
    chosen, end = found[0][2][0], found[0][1]
    for start, stop, named in found[1:]:
        inner = [region for region in named if regions.lies_in(region, chosen)]
        if start != end or not inner:
            break
        chosen, end = inner[0], stop
    return chosen


def _named_by_file(name: str) -> regions.Region | None:
    """A province or city in Latin letters in the file's name: 2026-hefei-full."""
    for word in re.findall(r"[a-z]{4,}", name.lower()):
        region = regions.by_latin(word)
        if region is not None:
            return region
    return None


def _foremost(text: str) -> regions.Region | None:
    """The region that the text names most, if it names it often."""
    found = regions.find(normalise(text[:_SAMPLE]).text)
    counts = Counter(named[0] for _, _, named in found if named[0].level != "国家")
    if not counts:
        return None
    region, count = counts.most_common(1)[0]
    return region if count >= _OFTEN else None


def _issuer(ends: Front, title: Reading, region: regions.Region | None) -> Reading | None:
    if "issuer" in ends.told:
        value, span = ends.told["issuer"]
        return Reading(value, "高", span)
    lines = [(line.search, line.span) for line in ends.opening if len(line.search) <= 60]
    places: list[tuple[str, Span | None]] = [(title.value, title.span), *lines]
    for search, place in places:
        by = _BY.match(search)
        if by:
            return Reading(by.group(1), "高", place)
    signed = _signature(ends)
    if signed is not None:
        return Reading(signed[0].search, "高", signed[0].span)
    for line in ends.opening:
        speaks = _SPEAKS.search(line.search)
        if speaks and region is not None:
            value = "国务院" if region.level == "国家" else f"{region.name}人民政府"
            return Reading(value, "中", line.span)
    return None


def _signature(ends: Front) -> tuple[Line, Line] | None:
    """An organ on one line and a date on the next."""
    for lines in (ends.head, ends.foot):
        for organ, day in pairwise(lines):
            if (
                len(organ.search) <= 24
                and re.fullmatch(_ORGAN, organ.search)
                and is_date(day.search)
            ):
                return organ, day
    return None


def _number(ends: Front) -> Reading | None:
    if "number" in ends.told:
        value, span = ends.told["number"]
        match = _NUMBER.search(value)
        if match:
            return Reading(match.group(), "高", span)
    for line in ends.head:
        if _NUMBER.fullmatch(line.search):
            return Reading(line.search, "高", line.span)
    return None


def _issued(ends: Front) -> Reading | None:
    """The day of the document itself, else the day on which a page put it up."""
    if "issued" in ends.told:
        value, span = ends.told["issued"]
        if date(value):
            return Reading(date(value), "高", span)
    signed = _signature(ends)
    if signed is not None:
        return Reading(date(signed[1].search), "高", signed[1].span)
    for line, after in pairwise(ends.head[: len(ends.opening) + 1]):
        opening = line.search.lstrip("—-(")
        if date(opening[:14]) and _PASSED.search(opening + after.search) and len(opening) < 60:
            return Reading(date(opening), "高", line.span)
    for line in ends.head[:12]:
        if is_date(line.search):
            return Reading(date(line.search), "中", line.span)
    if "published" in ends.told:
        value, span = ends.told["published"]
        if date(value):
            return Reading(date(value), "低", span)
    return None


def _period(title: str) -> tuple[int, int] | None:
    match = _PERIOD.search(title)
    if match:
        return int(match.group(1)), int(match.group(2))
    plan = _FIVE_YEAR.search(title)
    if plan:
        # The tenth five-year plan began in 2001.
        first = 2001 + 5 * " 一二三四五六".index(plan.group(1))
        return first, first + 4
    return None
