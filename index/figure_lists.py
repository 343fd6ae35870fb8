"""Coordinated subjects before a value → one name for each: 原煤、原油产量, 城乡居民收入."""

import re

HEADS = "覆盖率|增加值|进出口|率|额|量|值|比例|比重|占比|收入|支出|人口|面积|数量|水平|强度|浓度|规模|出口|进口|投资|产量|里程|人数|价格|增速|标准|人次|花费|利润|营收|税收"
_SIDES = frozenset({
    "城镇", "农村", "城市", "乡村", "县城", "全体", "进口", "出口", "小学", "初中", "高中", "本科", "专科", "国内", "国外",
    "市内", "市外", "省内", "省外", "境内", "境外", "区内", "区外", "男性", "女性", "货物", "服务", "公办", "民办",
})  # fmt: skip
_HEAD = re.compile(rf"(?:{HEADS})$")
# Heads that products and groups share: 原煤、原油产量, 新生儿、孕产妇死亡率; a part that ends in a
# measure of its own shares none.
_SHARED = re.compile(
    r"(?:(?:增加值|总产值|产值|营业收入|营收|产量|销量|数量|投资|收入|支出)占[^、]{2,24}"
    r"|(?:水质)?(?:优良|达标|优质)(?:水体)?(?:率|比例|天数)|(?<=..)人均[^、]{2,16}|(?<=..)平均[^、]{2,10}(?<![率增速])|年均浓度|浓度"
    r"|低保(?:平均)?标准|补助标准|救助标准|人次|进出口|出口|进口|总[额量值]|余额|机械化率|城镇化率|利用率|处理率|死亡率|失业率|入学率|就业率"
    r"|转化率|合格率|普及率|产量|产值|营收|销量|增加值|面积|数量|价格|吞吐量)$"
)
_MEASURE = re.compile(r"..[率量额]$")
_OWN = re.compile(rf"(?:{HEADS}|[数率额量值比资款]|消费|就业)$")
# Words that name two or three things in one: 城乡低保标准分别…, 牛羊出栏分别….
_FUSED = {
    "城乡低保": ("城市低保", "农村低保"), "城乡最低生活保障": ("城市最低生活保障", "农村最低生活保障"), "城乡": ("城镇", "农村"), "牛羊": ("牛", "羊"),
    "进出口": ("进口", "出口"), "肉蛋奶": ("肉", "蛋", "奶"), "猪牛羊": ("猪", "牛", "羊"),
}  # fmt: skip


def split(subject: str, count: int | None) -> list[str]:
    """Split coordinated subjects into ``count`` names (any number for None); [] if they do not."""
    sectors = re.fullmatch(
        r"第?([一二三])、?第?([一二三])?、?第?([一二三])[次产]?产业?(.+)", subject
    )
    if sectors and count in {2, 3}:
        ordinals = [ordinal for ordinal in sectors.groups()[:3] if ordinal]
        if len(ordinals) == count:
            return [f"第{ordinal}产业{sectors[4]}" for ordinal in ordinals]
    for pattern in ("、|以及|[和与及]", "、", "以及|[和与及](?=[^、]*$)"):
        parts = [part for part in _cut(subject, pattern) if part]
        if len(parts) > 1 and (count is None or len(parts) == count):
            return _complete(parts)
    return _unfuse(subject, count)


def _unfuse(subject: str, count: int | None) -> list[str]:
    for fused, sides in _FUSED.items():
        if count == len(sides) and fused in subject:
            before, after = subject.split(fused, 1)
            return [before + side + after for side in sides]
    return []


def _cut(subject: str, pattern: str) -> list[str]:
    """Cut at the pattern outside quotation marks and brackets."""
    hidden = re.sub(r"“[^”]*”|\([^)]*\)", lambda match: "口" * len(match.group()), subject)
    parts, start = [], 0
    for match in re.finditer(pattern, hidden):
        parts.append(subject[start : match.start()])
        start = match.end()
    return [*parts, subject[start:]]


def _complete(parts: list[str]) -> list[str]:
    """Give each coordinated name the head and the opening that they share."""
    first = _HEAD.search(parts[0])
    tails = [tail for part in parts[:-1] if (tail := _tail(part, parts[-1]))]
    head = _SHARED.search(parts[-1]) or _MEASURE.search(parts[-1])
    tails += [head.group()] if head else []
    done = []
    for index, part in enumerate(parts):
        whole = part
        if index < len(parts) - 1 and tails and not _OWN.search(part):
            whole = part + (_tail(part, parts[-1]) or min(tails, key=len))
        if index and first and len(part) <= 3:
            whole = parts[0][: first.start()] + part
        if index and parts[0][0] in "对向" and part[0] not in "对向":
            whole = parts[0][0] + whole
        done.append(whole)
    return done


def _tail(part: str, last: str) -> str:
    """What ``part`` leaves to the last name: 城镇、农村居民收入 share 居民收入, 非洲、欧洲出口 出口."""
    if not _HEAD.search(last) or _HEAD.search(part) or len(last) <= len(part):
        return ""
    if part.endswith("级") and "级" in last:
        return last[last.index("级") + 1 :]
    same = last[: len(part)]
    if same[-1] == part[-1] or {same, part} <= _SIDES:
        return last[len(part) :]
    return ""
