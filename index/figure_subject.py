"""What a value is of: the words before it, after it, or what the sentence spoke of before."""

import re
from collections.abc import Sequence

from index import figure_acts, figure_names, figure_nouns
from index.figure_after import subject_after
from index.figure_units import COUNTERS
from index.figure_view import View

# A measure at the end of a name: 养老机构床位 of 养老机构数量.
_MEASURE = re.compile(
    r"(?<=..)(?:市场)?(?:渗透率|占有率|覆盖率|参保人数|人数|人次|数量|总量|总数|总规模|规模|产量|销量|播种面积|总产值|产值|增加值|营业收入|营收|收入|总面积|面积|总里程|里程|通车里程|总额|交易额|销售额|总产能|产能)$"
)
_WHOLE = frozenset({"总量", "经济总量", "总数"})
_OF_ALL = re.compile(r"增速|增幅|涨幅|降幅|占比|比重|贡献率|年均增速|年?增量|人均")
# 高速公路通车里程全国第四、突破1万公里: two things said of one.
_HEAD_OF_LIST = re.compile(
    r"(?P<what>[^、]{3,}?)(?:全[国省市]第|[稳位跃]?居|连续|首次|创历史|迈[上入]|跨|实现|高于|快于|稳步|持续)"
)
# 是2010年的2.2倍, 是“十一五”时期的2.7倍
_LEVEL_OF = re.compile(r"(?:是|为)(?:“?十.五”?(?:时期|期间)?|(?:19|20)\d\d年)?的?")
_SAID = re.compile(
    r"(?<=..)(?:支撑|更加|不断|持续|显著|明显|稳步|深入|扎实|有力|进程|迈上|取得|蓬勃|快速|平稳|成效|进一步|日益|逐步|逐年|质效|跨[越过]|迈过|方面$).*$"
)
# 完成800户的改造任务: the clauses before it say of what.
_TASK = re.compile(
    r"(?:年度|全年|今年)?(?P<act>改造|建设|搬迁|征收|征拆|拆迁|整治|绿化|安置|脱贫|治理)任务"
)
# 按照每月1000元的标准定额扣除: the clauses before it say of what.
_RULE = re.compile(
    r"(?:在[^,]*(?:期间|年度|当年))?(?:可以|可)?按照?[^,]*?(?P<what>(?:标准)?(?:定额|限额|据实)(?:扣除|补助|补贴|发放|征收|缴纳|给付)|标准[\u4e00-\u9fff]{2,4})"
)
_OCCASION = re.compile(r"^在[^,]*(?:年度|期间|期限内?|当年|时)$|^(?:的|并|且|经)")
_PREAMBLE = re.compile(
    r"^(?:在[^,]{2,}(?:下|上|中|前提|基础)|按照|根据|为了?|随着|通过|坚持|聚焦|围绕|预计|综合|考虑|力争|确保|其中|同时|此外|五年来|一年来)"
)


def subject(view: View) -> tuple[str, str]:
    """Return (name, the words that give it) of the thing that a value is of; "" if none does."""
    found = subject_after(view) or _of_act(view) or _said_of_base(view) or _before(view)
    return _of_task(view, found) or _of_rule(view, found) or found


def _of_task(view: View, found: tuple[str, str]) -> tuple[str, str] | None:
    """A task that is named by its act alone, with the thing that an earlier clause does it to."""
    named = task_of(found[0], _clauses(view)[::-1])
    return (named, found[1]) if named != found[0] else None


def is_task(name: str) -> bool:
    """Whether a name is of a task that only its act names: 改造任务."""
    return _TASK.fullmatch(name) is not None


def task_of(name: str, said: Sequence[str]) -> str:
    """A task named by its act alone with what the first of ``said`` that tells does it to.

    改造任务 under 四是全力推进棚户区改造工程 is 棚户区改造任务; any other name stays as it is.
    """
    task = _TASK.fullmatch(name)
    if task is None:
        return name
    thing = re.compile(rf"(?P<thing>[\u4e00-\u9fff“”]{{2,12}}?){task['act']}")
    found = (thing.match(figure_names.clean(clause)) for clause in said)
    return next((f"{named['thing']}{task['act']}任务" for named in found if named), name)


def _of_rule(view: View, found: tuple[str, str]) -> tuple[str, str] | None:
    """A rate that a rule sets for what the clauses before it name."""
    rule = _RULE.fullmatch(found[0])
    if rule is None:
        return None
    for clause in reversed(_clauses(view)):
        named = figure_names.clean(clause)
        if 2 <= len(named) <= 40 and not _OCCASION.match(clause):
            return named + rule["what"], found[1]
    return None


def _clauses(view: View) -> list[str]:
    """The clauses before that of the value."""
    return re.split(r"[,;:]", view.sentence.text[: view.quantity.start])[:-1]


def _of_act(view: View) -> tuple[str, str] | None:
    """An act without its object: 过江通道4座、在建8座, 重大项目开工390个、竣工437个."""
    act, previous = figure_acts.only_act(view.named), view.previous
    if not act:
        return None
    if previous and figure_names.is_generic(previous.surface):
        return view.named, view.named
    if view.quantity.unit.endswith("元"):
        return None
    if previous and previous.quantity.unit == view.quantity.unit and previous.change != "growth":
        thing = _MEASURE.sub("", previous.surface)
        return figure_acts.joined(act, thing), thing
    thing = figure_acts.object_of(_earlier(view))
    return act + thing, thing


def _said_of_base(view: View) -> tuple[str, str] | None:
    """A measure, a share or a level without the thing measured: 床位23.1万张, 占全国16.2%."""
    named, base = view.named, _base(view)
    if named == "投资" and "完成投资" in view.reading.raw:
        return f"{base}完成投资", "完成投资"
    if re.match(r"占(?![比地用有])|对.*贡献率", named) or _LEVEL_OF.fullmatch(named):
        share = _LEVEL_OF.sub("", named)
        return base + share, base or share
    if not figure_names.is_generic(named):
        return None
    if not base or figure_names.is_generic(base):
        return _earlier(view, noun_led=True) + named, named
    if named in _WHOLE:
        return base, base
    if not _OF_ALL.search(named):
        base = _MEASURE.sub("", base)
    if named.endswith("率"):
        base = figure_acts.bare(base)
    return base + named, named if len(named) > 3 else base + named


def _before(view: View) -> tuple[str, str]:
    """The subject that stands before a value, or what an earlier clause spoke of."""
    named = view.named
    if named:
        counted = re.match(rf"(?:{COUNTERS})", view.quantity.unit)
        named = figure_acts.plain_count(named) if counted else named
        return figure_acts.with_verb(view, named), named
    head = _HEAD_OF_LIST.match(figure_names.clean(view.reading.subject.rstrip("、")))
    base = head["what"] if head else _base(view) or _earlier(view)
    return base, base


def _base(view: View) -> str:
    """What a value without a subject of its own goes on from."""
    previous = view.previous
    if previous is None:
        return ""
    if not view.named and view.quantity.unit == "个百分点" and previous.change == "growth":
        # 增长7.7%,高于全国1.8个百分点: it is the growth that is higher.
        return previous.name
    if re.search(r"累计|总[量数]|(?:达到?|增至|增加到)$", view.reading.raw):
        # 新增16条、达到54条: the second counts them all.
        return re.sub(r"^[新净]增(?:各类)?|(?<=..)[新净]增$", "", previous.surface)
    return previous.surface


def _earlier(view: View, *, noun_led: bool = False) -> str:
    """The subject of an earlier clause: 人均预期寿命,到2025年达到79岁.

    With ``noun_led`` only of a clause that opens with its subject, not with what is done.
    """
    for clause in reversed(_clauses(view)):
        if _PREAMBLE.match(clause):
            continue
        named = figure_names.clean(clause)
        opens = re.sub(r"^(?:全[市省区县国]|我[市省区])", "", clause)[:2] == named[:2]
        if noun_led and not opens:
            continue
        named = _SAID.sub("", figure_nouns.noun_after(named, alone=False)[1] or named)
        if 2 <= len(named) <= 24:
            return named
    return ""
