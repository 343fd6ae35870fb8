"""What a question names: years, planning periods and regions. Pure."""

import re
from collections.abc import Sequence

from index import Region, ancestors, find_regions, lies_in
from qa.numbering import five_years
from qa.sources_named import sources_named

# 3025年 is a year too, although of no plan.
YEAR = re.compile(r"(?<!\d)((?:19|20|21)\d\d(?!\d)|[2-9]\d{3}(?=年(?![均产销度]|来|前|后|以)))年?")
# 和2015年相比: a year that is only compared with.
_PERIOD = re.compile(
    r"十([一二三四五六])五[”\"]?(?:时期|期间|五年)|十([一二三四五六])五[”\"]?[^,。;?]{0,12}年均"
    # 十二五拆了多少: the name of a period, unless it is that of a plan.
    r"|十([一二三四五六])五[”\"]?(?!\d|[^,。;?]{0,8}(?:规划|纲要|建议|方案|计划)|[^,。;?]{0,3}(?:开局|收官)|期?末|以[来后]|[”\"]?(?:头|第[一二三四五])[一二三四五]?年)"
)
_PERIOD_END = re.compile(r"十([一二三四五六])五[”\"]?(?:规划)?期?末")
_BESIDE = re.compile(r"(?:和|与|比|较|同|相对|对照)\s*$")
_BESIDE_AFTER = re.compile(
    r"年?(?:末|底)?(?:时|的)?(?:相比|比较|对比|缩小|扩大|提高|增加|减少|下降)"
)
_NATION = re.compile(r"国家(?=“?十[一二三四五六]五|规划|纲要|层面|20\d\d)|国务院")
# Said of the nation where no other region is named.
_STATE = re.compile(r"国家(?!级|标准|公园|队|实验室|战略)|中央(?!商务|企业|活力|商埠)")
_PROVINCE = re.compile(r"全省|省里|我省|本省")


def years_of(search: str) -> tuple[int, ...]:
    """The years asked about: not those refused, nor those that are only compared with."""
    found = [int(match.group(1)) for match in years_asked(search)]
    found += [five_years(digit)[1] for digit in _PERIOD_END.findall(search)]
    return tuple(dict.fromkeys(found))


def years_asked(search: str) -> list[re.Match[str]]:
    """Where the years asked about stand; a year that tells which document is meant is none."""
    named = sources_named(search)
    found: list[re.Match[str]] = []
    for match in YEAR.finditer(search):
        before, after = search[: match.start()], search[match.end() :]
        beside = _BESIDE.search(before) and _BESIDE_AFTER.match(after)
        inside = any(source.start <= match.start() < source.end for source in named)
        if not inside and not (beside and not found):
            found.append(match)
    return found


def period_of(search: str) -> tuple[int, int] | None:
    """The period that the question asks about; a plan's name alone is none."""
    match = _PERIOD.search(search)
    return five_years(match.group(match.lastindex or 1)) if match else None


def regions_of(
    search: str, corpus: tuple[Region, ...]
) -> tuple[tuple[Region, ...], tuple[Region, ...]]:
    """Return the regions named: those that the corpus can speak of, and the others."""
    known: list[Region] = []
    unknown: list[Region] = []
    named = mentions(search, corpus)
    for place, (_, end, region) in enumerate(named):
        after = named[place + 1] if place + 1 < len(named) else None
        if after and after[0] == end and region in ancestors(after[2]):
            # 山东省济南市历城区 names one region, not three.
            continue
        related = any(lies_in(region, c) and c.level != "国家" for c in corpus)
        held = (
            any(lies_in(c, region) for c in corpus) if region.level != "国家" else region in corpus
        )
        if related or held:
            known.append(region)
        elif region.level not in {"国家", "县级"} or _parent_named(region, search):
            unknown.append(region)
    return tuple(dict.fromkeys(known)), tuple(dict.fromkeys(unknown))


def _parent_named(region: Region, search: str) -> bool:
    """Whether the text names a region around this one: 平房区 alone may be any run-down quarter."""
    return any(outer.short in search for outer in ancestors(region) if outer.level != "国家")


def mentions(search: str, corpus: tuple[Region, ...]) -> list[tuple[int, int, Region]]:
    """Return (start, end, region) of each region named, in Chinese or Latin letters, in order."""
    near = frozenset(code for region in corpus for code in (region.code, region.parent))
    found = [
        (start, end, _closest(candidates, corpus))
        for start, end, candidates in find_regions(search, near - {"0", ""})
    ]
    if not found or _PROVINCE.search(search):
        found += _province(search, [region for _, _, region in found], corpus)
    nation = next((region for region in corpus if region.level == "国家"), None)
    if nation is not None and not found:
        found += [(m.start(), m.end(), nation) for m in _STATE.finditer(search)][:1]
    if nation is not None:
        found += [(m.start(), m.end(), nation) for m in _NATION.finditer(search)]
    lowered = search.lower()
    # An expression for each of hundreds of regions would be compiled anew with every question.
    for region in (region for region in corpus if region.latin in lowered):
        for match in re.finditer(rf"(?<![a-z–—-]){region.latin}(?![a-z–—-])", lowered):
            found.append((match.start(), match.end(), region))
    return sorted(found, key=lambda mention: mention[0])


def _closest(candidates: Sequence[Region], corpus: tuple[Region, ...]) -> Region:
    """Of several regions of one name, the one that the corpus is about."""
    for region in candidates:
        if any(lies_in(region, c) or lies_in(c, region) for c in corpus if c.level != "国家"):
            return region
    return candidates[0]


def _province(
    search: str, named: list[Region], corpus: tuple[Region, ...]
) -> list[tuple[int, int, Region]]:
    """全省 is the province of the region named beside it, or the only one of the corpus."""
    match = _PROVINCE.search(search)
    if not match:
        return []
    provinces = [region for region in corpus if region.level == "省级"]
    around = [p for p in provinces if any(lies_in(region, p) for region in named)] or provinces
    return [(match.start(), match.end(), around[0])] if len(set(around)) == 1 else []
