"""What the text itself says about the document: title, region, period, number, date, issuer."""

import re
from collections import Counter
from dataclasses import dataclass

from index import regions
from index.lines import split_lines
from index.normalise import normalise

_HEAD = 3000
_SAMPLE = 20000
_NATIONAL = re.compile(r"国务院|中华人民共和国|中国共产党|中共中央|^国家", re.M)
_OFTEN = 5
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,10}[〔\[(]\d{4}[〕\])]\d+号")
_ISSUED = re.compile(
    r"(?:成文日期|发布日期|发布时间|来源|时间)[::|\s]*[^\d\n]{0,12}(\d{4})[-年./](\d{1,2})[-月./](\d{1,2})"
)
_ISSUER = re.compile(r"(?:发布机构|发文机关|发布机关)[::|\s]*([\u4e00-\u9fff]{2,20})")
_PERIOD = re.compile(r"(20\d\d)\s*[-—–~至]+\s*(20\d\d)\s*年")
_FIVE_YEAR = re.compile(r"第?十([二三四五六])(?:个)?五(?:年)?")
_TITLE_COMMENT = re.compile(r"#\s*title:\s*(.+)", re.I)
_PLAN_TITLE = re.compile(
    r"《?([^《》\n]{2,40}(?:规划纲要|规划|行动计划|工作报告|方案|意见|纲要|通知)[^《》\n]{0,16})》?"
)


@dataclass(frozen=True, slots=True)
class Description:
    """Metadata read from a text; empty where it says nothing."""

    title: str
    region: str
    level: str
    period: tuple[int, int] | None
    issuer: str
    number: str
    issued: str


def describe(text: str, name: str) -> Description:
    """Return what the head of ``text``, or else the file's ``name``, says of the document."""
    head = text[:_HEAD]
    search = "\n".join(line.search for line in split_lines(head))
    title = _title(head, search, name)
    region = _region(f"{title}\n{normalise(name).text}") or _named_by_file(name)
    if region is None and _NATIONAL.search(f"{title}\n{name}\n{search}"[:600]):
        region = regions.by_latin("china")
    region = region or _foremost(text)
    number, issuer, issued = (p.search(search) for p in (_NUMBER, _ISSUER, _ISSUED))
    return Description(
        title=title,
        region=region.name if region else "",
        level=region.level if region else "",
        period=_period(title),
        issuer=issuer.group(1) if issuer else "",
        number=number.group() if number else "",
        issued="-".join(part.zfill(2) for part in issued.groups()) if issued else "",
    )


def _title(head: str, search: str, name: str) -> str:
    comment = _TITLE_COMMENT.search(head)
    if comment:
        return normalise(comment.group(1)).text
    lines = [line.lstrip("# ") for line in search.split("\n") if 4 <= len(line) <= 60]
    lines = [line for line in lines if not re.search(r"[:|>]$|^各位|^来源|^http", line)]
    for line in lines[:12]:
        match = _PLAN_TITLE.fullmatch(line)
        if match and not re.search(r"[。;,:]", line):
            return line.removeprefix("《").removesuffix("》") if line.count("《") == 1 else line
    if lines and not re.search(r"[。;]", lines[0]):
        return lines[0]
    own = normalise(name).text
    cited = re.search(r"《([^《》]{4,40})》", search)
    # 003_d7dc says nothing to a reader: the plan that the text is about says more.
    return cited.group(1) if cited and not re.search(r"[\u4e00-\u9fff]", own) else own


def _region(search: str) -> regions.Region | None:
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
