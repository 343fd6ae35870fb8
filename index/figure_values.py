"""Values in search text: a number with its unit and the words that bound it.

What looks like a value and is none is left out here: dates, ranks, names with digits (5G, PM2.5),
thresholds that define a group (60岁以上), capacities in project names (700万吨露天矿), 千亿级.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest
from typing import Literal

from index import numerals
from index.figure_filter import CROWD, ONE, PARTS, is_counted, stands_alone
from index.figure_units import COUNTERS, HEAVY, UNIT, tidy

Bound = Literal[">=", "<=", "≈", "="]
Value = float | tuple[float, float]

_BOUNDS: dict[Bound, str] = {
    ">=": "不低于|不少于|不小于|不下于|至少|最少|超过|超出|突破|高于|大于|多于|逾|超|≥|>"
    "|(?:迈|跨|站|跃|登)(?:上|过|入)|以上|余|多",
    "<=": "不超过|不高于|不大于|不多于|不到|不足|低于|小于|少于|≤|<|以下|以内|之内",
    "≈": "接近|将近|大约|约|近|左右|上下",
}
_BEFORE = (
    "不低于|不少于|不小于|不下于|至少|最少|超过|超出|突破|高于|大于|多于|逾|超"
    "|(?:迈|跨|站|跃|登)(?:上|过|入)|不超过|不高于|不大于|不多于|不到|不足|低于|小于|少于"
    "|接近|将近|大约|(?<![签节公集条合预违契制])约|(?<![最附邻临远亲靠贴])近|[≥≤><]"
)
_AFTER = "(?:及)?以上|以下|以内|之内|左右|上下"

_NUMBER = rf"(?:{numerals.PARTS}|{numerals.RATIO}|{numerals.ARABIC}|一?半|{numerals.CHINESE})"
_RANGE = r"(?:[-—–~至]|到)+"
_AFTERWARDS = re.compile(_AFTER)
# 至少降低30%
_AT_LEAST = re.compile(r"(?:至少|最少|不低于)(?:降低|提高|增长|下降|减少|增加|提升)$")
# 每立方米19微克 is 19微克/立方米.
_WHOLE = "平方公里|平方千米|平方米|立方米|公里|公顷|亩|吨|升|万元|千瓦时"
_VALUE = re.compile(
    rf"(?P<before>(?:{_BEFORE})(?:在)?|至少(?!降低|提高|增长|下降|减少|增加|提升)[\u4e00-\u9fff]{{2}}(?=[一二两三1-9]))?(?:每(?P<per>{_WHOLE}))?"
    rf"(?:(?P<doubling>{numerals.DOUBLING})|(?P<zero>零增长)|(?:(?P<low>{numerals.ARABIC}|{numerals.CHINESE})(?P<lowscale>{numerals.SCALE})?(?P<lowunit>{UNIT})?{_RANGE})?"
    rf"(?P<number>{_NUMBER})(?P<more1>[余多])?(?P<scale>{numerals.SCALE})?(?P<more2>[余多])?"
    rf"(?: ?(?P<unit>{UNIT}|成(?![立为果员本功都长熟效就交型年套绩品])))?)"
    rf"(?P<after>{_AFTER})?"
)
_QUOTED = re.compile(r"“[^”]{1,24}”|《[^》]{1,80}》|\[[^\]]{0,12}\]\d+号")
# Words of the same clause that make what precedes them a size or a limit; verbs do not.
_NOUN = re.compile(
    r"(?!以上|左右|的?(?:增|减|下降|速度)|(?:逐步|稳步)?(?:提|升|上升|下降|降|扩|缩|调|跃|攀|拓)"
    r"|[到至达]|和|及|与|并|或|、|占|较|比|用于|分别)[\u4e00-\u9fff“]"
)
_MEASURED = re.compile(r"[^、]{2,24}(?:[率比值额量重]|收入|投资|营收|利润)[^、]{0,10}$")
_GAINS = re.compile(
    r"(?:新增|增加|达到?|形成|实现|突破|节约|输送|输出|外送|供应|提供|投放|减排|淘汰|压减|生产|消纳|储备|累计|建成|新建|完成|改造)[^,。]{0,2}(?:近|约)?$"
)
_LENT = re.compile(
    rf"(?:(?:、|和){numerals.ARABIC})*(?:、|和){numerals.ARABIC}(?P<scale>{numerals.SCALE})?(?P<unit>{UNIT})"
)
_ONLY_TOTAL = re.compile(r"(?:总计|总数|合计|累计|总量)?(?:已)?(?:达到?|增至|增加到|超过?|突破|为)?")
_MOVED = re.compile(r"(?:缩小|下降|降低|降|提高|提升|上升)?(?:至|到|为)\d")
# 总投资30亿元的: what it costs, not what it is known by.
_PRICE = re.compile(r"(?:总?投资|总投资额|总规模|首期规模)$")
_PEOPLE = re.compile(
    r"人口|人数|人才|纳税人|就业|农民|学生|劳动力|脱贫|旅客|游客|职工|用户|老人|贫困"
)
_AMOUNT = re.compile(
    r"[值额款资]|总量|投入|规模|财政|收入|支出|营收|消费|GDP|预算|税|经费|费用|缴费|经济"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value of the search text ``[start, end)``; ``written`` tells 翻番 and 零增长 apart."""

    start: int
    end: int
    value: Value
    unit: str
    bound: Bound
    written: Literal["plain", "doubling", "zero"] = "plain"


def quantities(search: str) -> list[Quantity]:
    """Return the values of one sentence of search text, in order."""
    quoted = [match.span() for match in _QUOTED.finditer(search)]
    found: list[Quantity] = []
    at = 0
    while match := _VALUE.search(search, at):
        at = match.end()
        if any(start <= max(match.start("number"), match.start()) < end for start, end in quoted):
            continue
        quantity = _quantity(search, match)
        if quantity:
            found.append(quantity)
    return _without_thresholds(search, found)


def bound_of(text: str) -> Bound:
    """Return what the bound words in ``text`` say; = where there are none."""
    for bound, words in _BOUNDS.items():
        if re.search(r"不(?:到|足)|不超过|不[高大多]于", text):
            return "<="
        if re.search(r"不[低少小下]于", text):
            return ">="
        if re.search(words, text):
            return bound
    return "="


def _quantity(search: str, match: re.Match[str]) -> Quantity | None:
    bound = bound_of("".join(match[group] or "" for group in ("before", "more1", "more2", "after")))
    start, end = match.span()
    if bound == "=" and _AT_LEAST.search(search[:start]):
        bound = ">="
    if match["doubling"]:
        times = numerals.doubling(match["doubling"]) or 2
        return Quantity(start, end, times, "倍", bound, "doubling")
    if match["zero"]:
        return Quantity(start, end, 0, "%", bound, "zero")
    if not (stands_alone(search, match) and is_counted(search, match)):
        return None
    measured = _measured(search, match)
    if measured is None:
        return None
    value, unit = measured
    # 2.5∶1: the value of the ratio is its first number.
    one = ONE.match(search, end) if not unit else None
    after = _AFTERWARDS.match(search, one.end()) if one else None
    if one:
        end = after.end() if after else one.end()
        bound = bound_of(after.group()) if after and bound == "=" else bound
    return Quantity(start, end, value, unit, bound)


def _measured(search: str, match: re.Match[str]) -> tuple[Value, str] | None:
    """Return (value, unit), the unit supplied where the text leaves it out; None if it cannot be."""
    try:
        value, unit = _measure(match)
    except ValueError:
        return None
    if isinstance(value, tuple) and not value[0] < value[1]:
        return None
    if unit:
        return value, unit
    lent = _LENT.match(search, match.end()) if "分别" in search[: match.start()] else None
    if lent and not isinstance(value, tuple):
        scale = match["scale"] or lent["scale"] or ""
        return _times(match["number"], numerals.scale(scale)), tidy(lent["unit"])
    supplied = _supplied_unit(search[: match.start()], match)
    return None if supplied is None else (value, supplied)


def _measure(match: re.Match[str]) -> tuple[Value, str]:
    """Return (value, unit) of a match with everything multiplied out."""
    number, unit = match["number"], match["unit"] or ""
    unit += f"/{match['per']}" if unit and match["per"] else ""
    factor = numerals.scale(match["scale"] or "")
    if number in {"半", "一半"}:
        return 50, "%"
    if "分之" in number:
        unit = PARTS.get(number.split("分之")[0], unit)
    high = _times(number, factor)
    if unit == "成":
        high, unit = high * 10, "%"
    low = match["low"]
    if low is None:
        return high, tidy(unit)
    # 4—5万亩: the scale that stands once holds for both, and so does the unit.
    own = match["lowscale"]
    return (
        _times(low, numerals.scale(own or "") if own or match["lowunit"] else factor),
        high,
    ), tidy(unit)


def _times(number: str, factor: Decimal) -> float:
    product = Decimal(str(numerals.number(number))) * factor
    return int(product) if product == product.to_integral_value() else float(product)


def _supplied_unit(before: str, match: re.Match[str]) -> str | None:
    """The unit that the text leaves out, "" for a pure ratio, None if this is no figure."""
    clauses = re.split(r"[,。;:!?]", before)
    clause = clauses[-1]
    if len(clauses) > 1 and _ONLY_TOTAL.fullmatch(clause):
        clause = clauses[-2]
    after = match.string[match.end() :]
    written = f"{match['number']}{match['scale'] or ''}"
    if re.search(r"\d/\d|[一-十]分之", match["number"]) or ONE.match(after):
        return ""
    if re.search(r"[百千万亿]", written) and len(written) > 1:
        if re.search(r"人次[^,。]{0,4}$", clause):
            return "人次"
        if _PEOPLE.search(clause) or CROWD.match(match.string, match.end()):
            return "人"
        return "元" if _AMOUNT.search(clause) else None
    exact = "." in match["number"] or match["before"] or match["after"]
    if match["low"] is None and exact and re.search(r"(?:比|系数|指数|倍数|倍差)(?:\D{0,6})$", clause):
        return ""
    return (
        ""
        if "." in match["number"]
        and (
            re.search(r"(?:缩小|下降|降低|提高|提升)(?:至|到|为)?$", clause)
            or (re.search(r"(?:比|系数|指数|倍差)[从由]$", clause) and _MOVED.match(after))
        )
        else None
    )


def _without_thresholds(search: str, found: list[Quantity]) -> list[Quantity]:
    """Drop what defines a group or names a project: 50户以上自然村, 亿元以上项目700个."""
    kept: list[Quantity] = []
    for quantity, following in zip_longest(found, found[1:]):
        if _is_threshold(search, quantity, following):
            continue
        if kept and _tells_which(search, kept[-1], quantity):
            continue
        lends = following is not None and _lends_unit(search, quantity, following)
        kept.append(replace(quantity, unit="个百分点") if lends else quantity)
    return kept


def _tells_which(search: str, counted: Quantity, quantity: Quantity) -> bool:
    """Whether a value says which things the count before it is of: 6个产值超千亿元的集群."""
    between = search[counted.end : quantity.start]
    return (
        re.match(rf"(?:{COUNTERS})$", counted.unit) is not None
        and quantity.unit in {"元", "美元"}
        and quantity.bound == ">="
        and re.fullmatch(r"(?:年?产值|营收|总投资|投资|投资额|增加值|市值|规模|年销售额|销售额)", between) is not None
        and re.match(r"的?[\u4e00-\u9fff]{2}", search[quantity.end :]) is not None
    )


def _is_threshold(search: str, quantity: Quantity, following: Quantity | None) -> bool:
    after = search[quantity.end :]
    if quantity.unit.endswith("伏"):
        # 750千伏和330千伏电网工程, but 电压等级提高到330千伏。
        return re.match(r"(?:、|和|及)?[\u4e00-\u9fff\d]", after) is not None
    if quantity.unit == "个" and re.match(r"(?:[千百万]*亿元?|新?)(?:大?台阶|大关)", after):
        return True
    on = following is not None and _joined(search, quantity, following)
    if on and following and _sized(search[quantity.end : following.start], quantity, following):
        return True
    if after.startswith("的") and on and quantity.unit not in {"%", "‰"}:
        priced = quantity.bound == "=" and _PRICE.search(search[: quantity.start])
        return not priced
    if not _NOUN.match(after):
        return False
    if HEAVY.search(quantity.unit) and not _GAINS.search(search[: quantity.start]):
        return True
    limit = re.search(r"以[上下内]$", search[quantity.start : quantity.end]) is not None
    counted = re.match(rf"(?:{COUNTERS}|%)", quantity.unit) is not None
    grouped = quantity.unit in {"户", "人", "岁", "名", "床"}
    return quantity.unit == "次" or (limit and (not counted or on or grouped))


def _sized(between: str, quantity: Quantity, following: Quantity) -> bool:
    """Whether a count only says of how many something is measured: 17个产业增加值增长5.3%."""
    counted = re.match(rf"(?:{COUNTERS})$", quantity.unit) is not None
    return counted and following.unit == "%" and _MEASURED.match(between) is not None


def _lends_unit(search: str, one: Quantity, other: Quantity) -> bool:
    """Whether 3.4个、1个百分点 leaves the unit of the first to the second."""
    return (
        one.unit == "个"
        and other.unit == "个百分点"
        and search[one.end : other.start] in {"、", "和"}
    )


def _joined(search: str, one: Quantity, other: Quantity) -> bool:
    return not re.search(r"[,。;、:]", search[one.end : other.start])


def share_bounds(run: list[Quantity]) -> list[Quantity]:
    """Give the bound that opens or closes a 分别-list to its members without one."""
    bounds = [quantity.bound for quantity in run]
    if len(run) > 1 and bounds[0] != "=" and set(bounds[1:]) == {"="}:
        return [replace(quantity, bound=bounds[0]) for quantity in run]
    if len(run) > 1 and bounds[-1] != "=" and set(bounds[:-1]) == {"="}:
        return [replace(quantity, bound=bounds[-1]) for quantity in run]
    return run
