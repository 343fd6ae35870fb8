"""Values in search text: a number with its unit and the words that bound it.

What looks like a value and is none is left out here: dates, ranks, names with digits (5G, PM2.5),
thresholds that define a group (60岁以上), capacities in project names (700万吨露天矿), 千亿级.
"""

import re
from decimal import Decimal

from index import numerals
from index.figure_filter import CROWD, ONE, PARTS, is_counted, stands_alone
from index.figure_quantity import Quantity, Value, bound_of
from index.figure_thresholds import without_thresholds
from index.figure_units import UNIT, tidy

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
_LENT = re.compile(
    rf"(?:(?:、|和){numerals.ARABIC})*(?:、|和){numerals.ARABIC}(?P<scale>{numerals.SCALE})?(?P<unit>{UNIT})"
)
_ONLY_TOTAL = re.compile(
    r"(?:总计|总数|合计|累计|总量)?(?:已)?(?:达到?|增至|增加到|超过?|突破|为)?"
)
_MOVED = re.compile(r"(?:缩小|下降|降低|降|提高|提升|上升)?(?:至|到|为)\d")
_PEOPLE = re.compile(
    r"人口|员额|人数|人才|纳税人|就业|农民|学生|劳动力|脱贫|旅客|游客|职工|用户|老人|贫困"
)
_AMOUNT = re.compile(
    r"[值款资]|(?<!员)额|总量|投入|规模|财政|收入|支出|营收|消费|GDP|预算|税|经费|费用|缴费|经济"
)


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
    return without_thresholds(search, found)


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
    if (
        match["low"] is None
        and exact
        and re.search(r"(?:比|系数|指数|倍数|倍差)(?:\D{0,6})$", clause)
    ):
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
