"""What a value is of by the words after it: 3个医院专科联盟, 80%以上的家庭具备千兆接入能力."""

import re

from index import figure_acts, figure_names, figure_nouns
from index.figure_units import COUNTERS
from index.figure_view import SHARES, View

_SPENT = re.compile(r"(?:计划|完成|总|启动|累计|项目)*(?:投资|投入|总投资)$")
_SPENT_ON = re.compile(
    r"^(?:,?(?:统筹|重点|全面|用于|实施|完成|建成|建设|启动|新建|改造|推进|修建|打造|改扩建|支持|建)了?)*(?P<of>的)?(?P<what>[^,;]{3,40})$"
)
# 解决4800多万农村人口的饮水安全问题
_NEED = re.compile(r"解决[\u4e00-\u9fff]{2,8}的[\u4e00-\u9fff]{2,8}问题$")
# 投资2756万元,完成9所标准化学校创建
_NEXT_CLAUSE = re.compile(
    r",((?:统筹|重点|全面)?(?:用于|实施|完成|建成|新建|改造|推进|修建|打造|改扩建)了?(?!投资)[^,;。]{3,40})"
)


def subject_after(view: View) -> tuple[str, str] | None:
    """Return (name, the words that give it), or None if the words before the value name it."""
    unit = view.quantity.unit
    if unit in SHARES and not view.reading.suffix and len(view.named) < 2:
        return _share(view)
    if unit in SHARES | {"个百分点", "倍", ""}:
        return None
    if unit == "元" and _SPENT.search(view.named):
        return _spent(view)
    return _done(view) or _noun(view)


def _share(view: View) -> tuple[str, str] | None:
    """A share before its group, or of what was spoken of: 70%用于民生."""
    if view.previous and re.match(r"用于|投向|来自|投入", view.trail):
        return f"{view.previous.surface}{view.trail}占比", view.previous.surface
    share = figure_nouns.proportion(view.trail)
    return (share, view.trail) if share else None


def _done(view: View) -> tuple[str, str] | None:
    """What is done to things named before, or a need met: 9条道路开工,其中4条通车."""
    done, previous = figure_nouns.act(view.trail), view.previous
    if done and not view.named and previous and previous.quantity.unit == view.quantity.unit:
        thing = figure_acts.bare(previous.surface)
        return done + thing, thing
    need = _NEED.match(view.named + view.trail)
    return (need.group().replace("的", ""), view.trail) if need else None


def _noun(view: View) -> tuple[str, str] | None:
    """The noun counted, with what is done to it or what tells it from others."""
    doing = figure_acts.doing(view.named)
    name, noun = figure_nouns.noun_after(view.trail, alone=not doing)
    if not noun or noun.endswith("人口"):
        return (noun, noun) if noun else None
    measured = view.trail.startswith("的") and figure_names.is_generic(view.named)
    if measured or re.search(r"(?:首期|总|首批)规模$", view.named):
        # 总规模超500亿元的基金: what is measured stands after its measure.
        return noun + view.named, noun
    lost = not view.named or len(name) > 3 or re.fullmatch(figure_acts.PREPOSITION, view.named)
    if not doing and lost:
        return figure_acts.with_verb(view, name), noun
    return figure_acts.with_verb(view, (doing or view.named) + noun), noun


def _spent(view: View) -> tuple[str, str] | None:
    """Money put into what stands after it: 投资1.3亿元实施自来水管网改造工程."""
    clause = _spent_clause(view)
    match = _SPENT_ON.match(clause)
    if not match or re.match(r"[、和及,占增较比左以]|同比", clause):
        return None
    what = re.sub(rf"\d[\d.]*[万亿]?[余多]?(?:{COUNTERS})", "", match["what"])
    _, noun = figure_nouns.noun_after(what, alone=False)
    noun = re.sub(r"^(?:[^,的]{0,4}的)(?=..)", "", noun) if match["of"] is None else noun
    named = view.named
    kind = "总投资" if "总投资" in named else "投入" if named.endswith("投入") else "投资"
    return (noun + kind, noun) if len(noun) >= 2 else None


def _spent_clause(view: View) -> str:
    """The words that may say what the money is for, the next value in them left out."""
    clause = view.sentence.clause_after(view.index)
    if not clause:
        following = _NEXT_CLAUSE.match(view.sentence.text, view.quantity.end)
        alone = re.fullmatch("共?(?:计划)?(?:投资|投入)", view.named)
        return following.group(1) if following and alone and "完成" not in view.reading.raw else ""
    if view.next:
        start = view.next.start - view.quantity.end
        if 0 <= start < len(clause):
            clause = clause[:start] + clause[start + view.next.end - view.next.start :]
    return clause
