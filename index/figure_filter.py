"""Which numbers in search text are figures: not names, dates, ranks, words, or lengths of time."""

import re

PARTS = {"百": "%", "千": "‰", "万": "/万", "十万": "/10万"}
ONE = re.compile(r"[∶:﹕]1(?![\d.])")
CROWD = re.compile(
    r"[\u4e00-\u9fff]{0,6}?(?:人口|人民|群众|市民|居民|纳税人|农民|牧民|学生|旅客|游客|用户|儿童|婴幼儿|幼儿|老人|老年人|残疾人|职工|劳动力|毕业生|监测对象|家庭经济)"
)
_NAME_BEFORE = re.compile(
    r"[A-Za-z0-9.+×〔_第每/其∶]$|连续$|\d:$|第[一二三四五六七八九十百\d]+[、和至]$|前[\d.]+[%‰]?[、和]$"
)
_NAME_AFTER = re.compile(r"级|\+\d|半径|范围")
_DATE = re.compile(
    r"(?:年|月|日|号|时(?!间)|:\d|世纪|届|期|周年|强|版|后|大|位|线|\+|[A-Za-z]|-\d)"
)


def stands_alone(search: str, match: re.Match[str]) -> bool:
    """Whether the digits are a number by themselves, not part of a name, a date or a rank."""
    first = match.start("low") if match["low"] else match.start("number")
    before, after = search[:first], search[match.end() :]
    if _NAME_BEFORE.search(before) or _NAME_AFTER.match(after):
        return False
    if not match["unit"] and not match["after"] and _DATE.match(after):
        return False
    if re.match(r"[∶:﹕]", after):
        # 2.5∶1 is a ratio where something is a 比; 3:2 and times of day are none.
        return bool(ONE.match(after) and re.search(r"比[^,。]{0,10}$", before))
    if match["unit"] == "位" and re.search(r"(?:升|进|降|移|居|列|第|位次)[^,]{0,4}$", before):
        return False
    ranked = (match["unit"] or "名") in {"名", "个", "家", "位", "%", "‰"}
    return not (ranked and re.search(r"前(?:列)?$", before))


def is_counted(search: str, match: re.Match[str]) -> bool:
    """Whether number and unit count something, rather than being words: 千家万户, 三个."""
    if not _is_time_value(search, match):
        return False
    return match["number"][0].isdigit() or _is_chinese_figure(search, match)


def _is_chinese_figure(search: str, match: re.Match[str]) -> bool:
    number, unit = match["number"], match["unit"] or ""
    if unit == "成" and re.search("[百千万亿]", number):
        # 万亿立柱、百亿成势
        return False
    bounded = bool(match["before"] or match["after"] or match["more1"] or match["more2"])
    if "分之" in number or number.endswith("半") or unit == "成":
        shared = re.search(r"[占达到至为过的]$|占[^,。]*$", search[: match.start()]) is not None
        return bounded or shared or unit == "成" or number.split("分之")[0] in PARTS
    if set(number) <= set("百千万亿"):
        after = search[match.end() :]
        ends = CROWD.match(after) or not re.match(r"[\u4e00-\u9fff]", after)
        return bounded and bool(unit or ends)
    if _is_small_count(search, match):
        return True
    if number in {"一", "两", "二"} and unit not in {"倍", "%", "个百分点"}:
        # 两个以上 is how laws say "several", 突破一批 how plans do.
        return re.match("至少|不少于|不低于", match["before"] or "") is not None
    long = len(number) > 1 and re.search("[百千万亿]", number) is not None
    return unit in {"倍", "%", "个百分点"} or (bool(unit) and (bounded or long))


_SLOGAN = re.compile(r"战|防|红|底|主|路|基|生命|控制|事关|大事|方面|领域|环节|层面|维度")
_DONE = re.compile(r"(?:办好|办成|办实|建成|新建|新增|新开|改造|改建|扩建|开通|投用|启用|组建)了?$")


def _is_small_count(search: str, match: re.Match[str]) -> bool:
    """Whether a numeral below twenty counts things built or done: 办好十件民生实事, 建成两座水厂."""
    before, after = search[: match.start()], search[match.end() :]
    if not re.fullmatch("[两三四五六七八九十]|十[一二三四五六七八九]", match["number"]):
        return False
    if not re.match(r"[\u4e00-\u9fff“]{2}", after) or _SLOGAN.match(after):
        return False
    if match["unit"] in {"所", "座", "家"} and re.search(r"(?:^|[,。;:、])$", before):
        return True
    if match["unit"] in {"处", "所", "座", "家"} and before.endswith("等"):
        return True
    return (
        match["unit"] in {"件", "所", "座", "条", "家", "部"} and _DONE.search(before) is not None
    )


def _is_time_value(search: str, match: re.Match[str]) -> bool:
    """Whether a length of time is a figure: 受教育年限11.5年 is, 30分钟生活圈 is not."""
    unit = match["unit"] or ""
    before, after = search[max(0, match.start() - 24) : match.start()], search[match.end() :]
    ends = not after or after[0] in ",。;、:!?)和及提增升到至"
    if unit == "年":
        return ends and ("." in match["number"] or bool(re.search(r"年限[^,]{0,6}$", before)))
    if unit == "岁":
        return ends and bool(re.search(r"寿命|年龄", before))
    if unit in {"小时", "分钟", "秒", "天"}:
        # 活动时间不低于2小时
        bounded = match["before"] and re.search(r"(?:时间|时长|时限|期限|用时|耗时|周期)$", before)
        return ends and bool(bounded or re.search(r"[到至为在内达比]$|[长短压缩均数量]", before))
    return True
