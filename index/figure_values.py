"""Values in search text: a number with its unit and the words that bound it.

What looks like a value and is none is left out here: dates, ranks, names with digits (5G, PM2.5),
thresholds that define a group (60岁以上), capacities in project names (700万吨露天矿), 千亿级.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

from index import numerals

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
    "|接近|将近|大约|约|近|[≥≤><]"
)
_AFTER = "(?:及)?以上|以下|以内|之内|左右|上下"

# A unit that is also the first half of a word is followed by none of these.
_COUNTERS = (
    "个(?![体人性别税案位]|工作日|小时|部门)|人次|人(?![才工口均员民形类生居脸行力机物文身体格家大])|名(?![单额称牌录列城镇优师校医企品])"
    "|家(?![庭长电园乡政具居禽属国校])|户次|户(?!籍)|项|条(?![件例])|场次|场(?![所景地馆均])|座(?![谈椅])"
    "|所(?![有在以需得属])|处(?![理于置级在罚])|辆次|辆|台套|台(?![阶湾账风])|套|件|张|班次|班(?![子列车级组])"
    "|列(?![入为车])|艘|架次|架|只|头(?![部雁])|羽|株|棵|批次|批(?![发准而])|种(?![植业质子])|次|口(?![岸径袋粮])"
    "|眼|片|栋|幢|间(?![接隔])|支(?![持撑付出柱部援线])|篇|例|门(?![诊类户槛])|对(?![接外口标于应象比照全所中])"
    "|枚|块|部(?![门分署级队委长])|款|宗|笔|起(?![步草飞点到源来])|尾|盏|组(?![织建成合团])|床(?!位)|标箱|标准箱|TEU"
)
_MEASURES = (
    "平方公里|平方千米|平方米|平米|立方米|立方|公里|千米|海里|厘米|毫米|米|公顷|亩次|亩|吨公里|吨标准煤|吨标煤|吨(?!级)"
    "|公斤|千克|毫克|微克|克|斤|千瓦时|千瓦|兆瓦时|兆瓦|吉瓦时|吉瓦|千伏安|万伏|千伏|[kMG]Wh?|[EP]?F[Ll][Oo][Pp][Ss]|EFlops"
    "|[TPGE]B|[MG]bps|P(?![A-Za-z0-9])|EH/?s"
)
_MONEY = "美元|欧元|港元|日元|英镑|元"
_TIMES = "个月|小时|分钟|秒|天(?![然津河府下气空])|岁|年"
_SHARES = "个百分点|百分点|个基点|基点|%|‰|倍(?!增)"
_SIMPLE = f"{_SHARES}|个月|{_COUNTERS}|{_MEASURES}|{_MONEY}|{_TIMES}"
_PER = rf"/(?:\d+|[十百千万亿]+)*(?:{_SIMPLE}|人|年|月|日|[十百千万亿])"
UNIT = rf"(?:(?:{_SIMPLE})(?:{_PER})?|/(?:\d+万|[百千万]+)人?)"

_NUMBER = rf"(?:{numerals.PARTS}|{numerals.RATIO}|{numerals.ARABIC}|一?半|{numerals.CHINESE})"
_RANGE = r"(?:[-—–~至]|到)+"
_VALUE = re.compile(
    rf"(?P<before>(?:{_BEFORE})(?:在)?|至少[\u4e00-\u9fff]{{2}}(?=[一二两三1-9]))?"
    rf"(?:(?P<doubling>{numerals.DOUBLING})|(?P<zero>零增长)|(?:(?P<low>{numerals.ARABIC}|{numerals.CHINESE})(?P<lowscale>{numerals.SCALE})?(?P<lowunit>{UNIT})?{_RANGE})?"
    rf"(?P<number>{_NUMBER})(?P<more1>[余多])?(?P<scale>{numerals.SCALE})?(?P<more2>[余多])?"
    rf"(?P<unit>{UNIT}|成(?![立为果员本功都长熟效就交型年套绩品]))?)"
    rf"(?P<after>{_AFTER})?"
)
_QUOTED = re.compile(r"“[^”]{1,24}”|《[^》]{1,80}》|\[[^\]]{0,12}\]\d+号")
_LETTER = re.compile(r"[A-Za-z0-9.+×〔_]")
_DATE = re.compile(r"(?:年|月|日|号|时(?!间)|:\d|世纪|届|期|周年|强|版|后|大|位|线|\+|[A-Za-z]|-\d)")
_HEAVY = re.compile(r"吨|千瓦|兆瓦|吉瓦|立方|伏|斤|[kMG]W")
_GAINS = re.compile(
    r"(?:新增|增加|达到?|形成|实现|突破|节约|减排|淘汰|压减|生产|消纳|储备|累计|建成|新建|完成|改造)[^,。]{0,2}$"
)
_PEOPLE = re.compile(r"人口|人数|人才|纳税人|就业|农民|学生|劳动力|脱贫|旅客|游客|职工|用户|老人|贫困")
_CROWD = re.compile(r"(?:常住|户籍|农业|农村|城镇|城市)?(?:人口|人民|群众|市民|居民|纳税人|农民|学生|旅客|游客|用户|儿童|婴幼儿|幼儿|老人|老年人|职工|家庭经济)")
_AMOUNT = re.compile(r"[值额款资]|总量|投入|规模|财政|收入|支出|营收|消费|GDP|预算|税|经费|费用|缴费|经济")


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
        if any(start <= match.start("number") < end for start, end in quoted):
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
    bound = bound_of(
        "".join(match[group] or "" for group in ("before", "more1", "more2", "after"))
    )
    start, end = match.span()
    if match["doubling"]:
        return Quantity(start, end, numerals.doubling(match["doubling"]) or 2, "倍", bound, "doubling")
    if match["zero"]:
        return Quantity(start, end, 0, "%", bound, "zero")
    if not (_stands_alone(search, match) and _is_counted(search, match)):
        return None
    try:
        value, unit = _measure(match)
    except ValueError:
        return None
    if not unit:
        unit = _supplied_unit(search[:start], match)
        if unit is None:
            return None
    if isinstance(value, tuple) and not value[0] < value[1]:
        return None
    return Quantity(start, end, value, unit, bound)


def _measure(match: re.Match[str]) -> tuple[Value, str]:
    """Return (value, unit) of a match with everything multiplied out."""
    number, unit = match["number"], match["unit"] or ""
    factor = numerals.scale(match["scale"] or "")
    if number in {"半", "一半"}:
        return 50, "%"
    if "分之" in number and number[0] in "百千":
        unit = "%" if number[0] == "百" else "‰"
    high = _times(number, factor)
    if unit == "成":
        high, unit = high * 10, "%"
    low = match["low"]
    if low is None:
        return high, _tidy(unit)
    # 4—5万亩: the scale that stands once holds for both, and so does the unit.
    own = match["lowscale"]
    return (_times(low, numerals.scale(own or "") if own or match["lowunit"] else factor), high), _tidy(unit)


def _times(number: str, factor: object) -> float:
    from decimal import Decimal

    product = Decimal(str(numerals.number(number))) * Decimal(str(factor))
    return int(product) if product == product.to_integral_value() else float(product)


def _tidy(unit: str) -> str:
    return {"百分点": "个百分点", "基点": "个基点", "平米": "平方米", "立方": "立方米"}.get(unit, unit)


def _stands_alone(search: str, match: re.Match[str]) -> bool:
    """Whether the digits are a number by themselves, not part of a name, a date or a rank."""
    first = match.start("low") if match["low"] else match.start("number")
    before, after = search[:first], search[match.end() :]
    if before and (_LETTER.match(before[-1]) or before[-1] in "第每/其"):
        return False
    if re.search(r"(?:连续|\d:|第[一二三四五六七八九十百\d]+[、和至])$", before):
        return False
    if not match["unit"] and not match["after"] and _DATE.match(after):
        return False
    if re.search(r"前(?:列)?$", before) and (match["unit"] or "名") in {"名", "位", "个", "家", "%"}:
        return False
    return not (after.startswith("级") or re.match(r"[+:]\d", after))


def _is_counted(search: str, match: re.Match[str]) -> bool:
    """Whether number and unit count something, rather than being words: 千家万户, 三个."""
    number, unit = match["number"], match["unit"] or ""
    bounded = bool(match["before"] or match["after"] or match["more1"] or match["more2"])
    if not _is_time_value(search, match):
        return False
    if number[0].isdigit():
        return True
    if "分之" in number or number.endswith("半") or unit == "成":
        before = search[: match.start()]
        shared = re.search(r"[占达到至为过的]$|占[^,。]*$", before)
        return bounded or number[0] in "百千" or unit == "成" or shared is not None
    if set(number) <= set("百千万亿"):
        after = search[match.end() :]
        return bounded and bool(unit or _CROWD.match(after) or not re.match(r"[\u4e00-\u9fff]", after))
    if unit in {"倍", "%", "个百分点"}:
        return True
    if number in {"一", "两", "二"} and match["after"]:
        # 两个以上 is how laws say "several".
        return False
    return bool(unit) and (bounded or (len(number) > 1 and bool(re.search("[百千万亿]", number))))


def _is_time_value(search: str, match: re.Match[str]) -> bool:
    """Whether a length of time is a figure: 受教育年限11.5年 is, 30分钟生活圈 is not."""
    unit = match["unit"] or ""
    before, after = search[max(0, match.start() - 24) : match.start()], search[match.end() :]
    ends = not after or after[0] in ",。;、:!?)和及"
    if unit == "年":
        return ends and ("." in match["number"] or bool(re.search(r"年限[^,]{0,6}$", before)))
    if unit == "岁":
        return ends and bool(re.search(r"寿命|年龄", before))
    if unit in {"小时", "分钟", "秒", "天"}:
        return ends and bool(re.search(r"[到至为在内达比]$|[长短压缩均数量]", before))
    return True


def _supplied_unit(before: str, match: re.Match[str]) -> str | None:
    """The unit that the text leaves out, "" for a pure ratio, None if this is no figure."""
    clause = re.split(r"[,。;:!?]", before)[-1]
    written = f"{match['number']}{match['scale'] or ''}"
    if re.search(r"\d/\d|[一-十]分之", match["number"]):
        return ""
    if re.search(r"[百千万亿]", written) and len(written) > 1:
        if _PEOPLE.search(clause) or _CROWD.match(match.string, match.end()):
            return "人"
        return "元" if _AMOUNT.search(clause) else None
    if match["low"] is None and re.search(r"(?:比|系数|指数|倍数)(?:\D{0,6})$", clause):
        return "" if "." in match["number"] or match["before"] or match["after"] else None
    return "" if "." in match["number"] and re.search(r"(?:缩小|下降|降低|提高|提升)(?:至|到|为)?$", clause) else None


def _without_thresholds(search: str, found: list[Quantity]) -> list[Quantity]:
    """Drop what defines a group or names a project: 50户以上自然村, 亿元以上项目700个."""
    kept: list[Quantity] = []
    for index, quantity in enumerate(found):
        if index + 1 < len(found) and _lends_unit(search, quantity, found[index + 1]):
            quantity = replace(quantity, unit="个百分点")
        after = search[quantity.end :]
        noun = re.match(r"(?!以上|左右|的?(?:增|减|下降|速度)|和|及|与|并|或|、|占|较|比|用于|分别)[\u4e00-\u9fff“]", after)
        text = search[quantity.start : quantity.end]
        limit = re.search(r"以上$|以下$|以内$", text) is not None
        if noun and limit and not re.match(rf"(?:\d|[一-十百千])*(?:{_COUNTERS}|%)", quantity.unit):
            continue
        following = found[index + 1] if index + 1 < len(found) else None
        if after.startswith("的") and following and quantity.unit not in {"%", "‰"} and _joined(search, quantity, following):
            continue
        if noun and limit and following and _joined(search, quantity, following):
            continue
        if noun and limit and quantity.unit in {"户", "人", "岁", "名", "床"}:
            continue
        if noun and _HEAVY.search(quantity.unit) and not _GAINS.search(search[: quantity.start]):
            continue
        kept.append(quantity)
    return kept


def _lends_unit(search: str, one: Quantity, other: Quantity) -> bool:
    """Whether 3.4个、1个百分点 leaves the unit of the first to the second."""
    return one.unit == "个" and other.unit == "个百分点" and search[one.end : other.start] in {"、", "和"}


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
