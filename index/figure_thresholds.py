"""Values that only say which things are meant: 50户以上自然村, 700万吨露天矿, 亿元以上项目."""

import re
from dataclasses import replace
from itertools import zip_longest

from index.figure_quantity import Quantity
from index.figure_units import COUNTERS, HEAVY

# Words of the same clause that make what precedes them a size or a limit; verbs do not.
_NOUN = re.compile(
    r"(?!以上|左右|的?(?:增|减|下降|速度)|(?:逐步|稳步)?(?:提|升|上升|下降|降|扩|缩|调|跃|攀|拓)"
    r"|[到至达]|和|及|与|并|或|、|占|较|比|用于|分别)[\u4e00-\u9fff“]"
)
_MEASURED = re.compile(r"[^、]{2,24}(?:[率比值额量重]|收入|投资|营收|利润)[^、]{0,10}$")
_GAINS = re.compile(
    r"(?:新增|增加|达到?|形成|实现|突破|节约|输送|输出|外送|供应|提供|投放|减排|淘汰|压减|生产|消纳|储备|累计|建成|新建|完成|改造)[^,。]{0,2}(?:近|约)?$"
)
_CLASS = re.compile(r"[超逾过破][百千万亿]+(?:美?元)$")
_OF = re.compile(r"的[\u4e00-\u9fff]{2}")
# 50米内换乘比例, 24小时内办结率: how near or how soon is part of the name.
_NEAR = re.compile(r"(?:以内|之内|内)(?:的)?[\u4e00-\u9fff]{2}")
_NEARNESS = frozenset({"米", "公里", "分钟", "小时", "天", "个月"})
# 户籍人口超过100万的城市: which ones the rule holds for.
_WHICH = re.compile(
    r"的(?:大中)?(?:城市|地区|县|乡镇|企业|单位|家庭|人员|个人|职工|居民)(?=[,、的;]|$)"
)
# 跨越3个千亿元台阶
_STEP = re.compile(r"(?:[千百万]*亿元?|新?)(?:大?台阶|大关)")
# 总投资30亿元的: what it costs, not what it is known by.
_PRICE = re.compile(r"(?:总?投资|总投资额|总规模|首期规模)$")


def without_thresholds(search: str, found: list[Quantity]) -> list[Quantity]:
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
    between, after = search[counted.end : quantity.start], search[quantity.end :]
    return (
        re.match(rf"(?:{COUNTERS})$", counted.unit) is not None
        and quantity.unit in {"元", "美元"}
        and quantity.bound == ">="
        and re.fullmatch(
            r"[\u4e00-\u9fff]{0,8}(?:年?产值|营业收入|营收|总投资|投资|投资额|增加值|市值|规模|年?销售额)",
            between,
        )
        is not None
        and between[:1] not in "、和"
        # 投资突破2000亿元 is a sum, 营业收入超百亿元 a class.
        and (_CLASS.search(search, quantity.start, quantity.end) or _OF.match(after)) is not None
    )


def _is_threshold(search: str, quantity: Quantity, following: Quantity | None) -> bool:
    after = search[quantity.end :]
    if quantity.unit.endswith("伏"):
        # 750千伏和330千伏电网工程, but 电压等级提高到330千伏。
        return re.match(r"(?:、|和|及)?[\u4e00-\u9fff\d]", after) is not None
    on = following is not None and not re.search(
        r"[,。;、:]", search[quantity.end : following.start]
    )
    if on and following and _sized(search[quantity.end : following.start], quantity, following):
        return True
    if quantity.unit in _NEARNESS and on and _is_near(search, quantity):
        return True
    if quantity.bound != "=" and quantity.unit not in {"%", "‰"} and _WHICH.match(after):
        return True
    if after.startswith("的") and on and quantity.unit not in {"%", "‰"}:
        return not (quantity.bound == "=" and _PRICE.search(search[: quantity.start]))
    step = quantity.unit == "个" and _STEP.match(after) is not None
    return step or (_NOUN.match(after) is not None and _is_size(search, quantity, on))


def _is_near(search: str, quantity: Quantity) -> bool:
    """Whether 内 and the words that it is part of stand behind a distance or a time."""
    written = quantity.end
    while search[:written].endswith("内"):
        written = written - 2 if search[:written].endswith(("以内", "之内")) else written - 1
    return _NEAR.match(search, written) is not None


def _is_size(search: str, quantity: Quantity, on: bool) -> bool:
    """Whether a value before a noun is its size or its limit; ``on`` if another value follows."""
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
