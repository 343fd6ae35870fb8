"""What a value is of: the words before it, after it, or what the sentence spoke of before."""

import re

from index import figure_names, figure_nouns
from index.figure_names import Reading
from index.figure_sentence import Figure, Sentence
from index.figure_units import COUNTERS
from index.figure_values import Quantity

SHARES = frozenset({"%", "‰"})
_DONE_TO = r"新(?:增|获|建|设|入选|认定|培育|引进|签约)|净增"
# What is done to things counted. Alone before a value, it leaves the thing to be found elsewhere.
_ACT = (
    "新(?:建|增|设立?|开工|获批?|登记|培育|引进|签约|改扩?建|投产|开通)|续建|在建|改造|建成|基本建成|开工|竣工|投产|投用|完工|开通|建设|净增|认定|入选|并网|通车|改建|扩建|修缮"
)
_ONLY_ACT = re.compile(rf"(?:基本|再|又|累计|年内)?(?P<act>{_ACT})")
_ENDING_ACT = re.compile(rf"(?:{_ACT})$")
_OPENING_ACT = re.compile(rf"^(?:{_ACT}|完成|组建|引进|培育|获批|落地|发放|整治|修复|提请)+")
# A measure at the end of a name: 养老机构床位 of 养老机构数量.
_MEASURE = re.compile(
    r"(?<=..)(?:市场)?(?:渗透率|占有率|覆盖率|参保人数|人数|人次|数量|总量|总数|总规模|规模|产量|销量|播种面积|总产值|产值|增加值|营业收入|营收|收入|总面积|总里程|里程|通车里程|总额|交易额|销售额|总产能|产能)$"
)
_PREPOSITION = r"[对为与向同在把从给由使让]|"
_WHOLE = frozenset({"总量", "经济总量", "总数"})
_OF_ALL = re.compile(r"增速|增幅|涨幅|降幅|占比|比重|贡献率|年均增速|年?增量|人均")
_SPENT = re.compile(r"(?:计划|完成|总|启动|累计|项目)*(?:投资|投入|总投资)$")
_SPENT_ON = re.compile(
    r"^(?:,?(?:统筹|重点|全面|用于|实施|完成|建成|建设|启动|新建|改造|推进|修建|打造|改扩建|支持|建)了?)*(?P<of>的)?(?P<what>[^,;]{3,40})$"
)
# 高速公路通车里程全国第四、突破1万公里: two things said of one.
_HEAD_OF_LIST = re.compile(
    r"(?P<what>[^、]{3,}?)(?:全[国省市]第|[稳位跃]?居|连续|首次|创历史|迈[上入]|跨|实现|高于|快于|稳步|持续)"
)
_SAID = re.compile(
    r"(?<=..)(?:支撑|更加|不断|持续|显著|明显|稳步|深入|扎实|有力|进程|迈上|取得|蓬勃|快速|平稳|成效|进一步|日益|逐步|质效|跨[越过]|迈过|方面$).*$"
)
# 解决4800多万农村人口的饮水安全问题
_NEED = re.compile(r"解决[\u4e00-\u9fff]{2,8}的[\u4e00-\u9fff]{2,8}问题$")
# 投资2756万元,完成9所标准化学校创建
_NEXT_CLAUSE = re.compile(
    r",((?:统筹|重点|全面)?(?:用于|实施|完成|建成|新建|改造|推进|修建|打造|改扩建)了?(?!投资)[^,;。]{3,40})"
)
_PREAMBLE = re.compile(
    r"^(?:在[^,]{2,}(?:下|上|中|前提|基础)|按照|根据|为了?|随着|通过|坚持|聚焦|围绕|预计|综合|考虑|力争|确保|其中|同时|此外|五年来|一年来)"
)


def subject(
    sentence: Sentence, index: int, reading: Reading, previous: Figure | None
) -> tuple[str, str]:
    """Return (name, the words that give it) of the thing that a value is of; "" if none does."""
    quantity = sentence.values[index]
    after = _after(sentence, index, reading, previous)
    if after:
        return after
    named = figure_names.clean(reading.subject)
    act = _ONLY_ACT.fullmatch(named)
    if act and previous and figure_names.is_generic(previous.surface):
        return named, named
    if act and not quantity.unit.endswith("元"):
        return _of_act(sentence, quantity, act["act"], previous)
    base = _base(quantity, reading, named, previous)
    if named == "投资" and "完成投资" in reading.raw:
        return f"{base}完成投资", "完成投资"
    if re.match(r"占(?![比地用有])|对.*贡献率", named) or re.fullmatch(r"是|为", named):
        return base + named.strip("是为"), base or named.strip("是为")
    if figure_names.is_generic(named):
        if not base or figure_names.is_generic(base):
            return _earlier(sentence.text, quantity.start, noun_led=True) + named, named
        return _of_base(base, named)
    if named:
        if re.match(rf"(?:{COUNTERS})", quantity.unit):
            named = _plain_count(named)
        return _with_verb(sentence, index, reading, named, previous), named
    head = _HEAD_OF_LIST.match(figure_names.clean(reading.subject.rstrip("、")))
    base = head["what"] if head else base or _earlier(sentence.text, quantity.start)
    return base, base


def _of_base(base: str, named: str) -> tuple[str, str]:
    """A measure without the thing measured: 床位 of 养老服务机构, 总量 of 地区生产总值."""
    if named in _WHOLE and base:
        return base, base
    if not _OF_ALL.search(named):
        base = _MEASURE.sub("", base)
    if named.endswith("率"):
        base = _bare(base)
    return base + named, named if len(named) > 3 else base + named


def _bare(name: str) -> str:
    """A name without the act that it opens with."""
    bare = _OPENING_ACT.sub("", name)
    return bare if len(bare) >= 2 else name


def _after(
    sentence: Sentence, index: int, reading: Reading, previous: Figure | None
) -> tuple[str, str] | None:
    """The same from the words after a value: 3个医院专科联盟, 80%以上的家庭具备千兆接入能力."""
    unit, trail = sentence.values[index].unit, _trail(sentence, index)
    named = figure_names.clean(reading.subject)
    if unit in SHARES and not reading.suffix and len(named) < 2:
        if previous and re.match(r"用于|投向|来自|投入", trail):
            return f"{previous.surface}{trail}占比", previous.surface
        share = figure_nouns.proportion(trail)
        return (share, trail) if share else None
    if unit in SHARES | {"个百分点", "倍", ""}:
        return None
    if unit == "元" and _SPENT.search(named):
        return _spent(sentence, index, reading, named)
    done = figure_nouns.act(trail)
    if done and not named and previous and previous.quantity.unit == unit:
        return done + _bare(previous.surface), _bare(previous.surface)
    doing = _doing(named)
    if noun_of_need := _NEED.match(named + trail):
        return noun_of_need.group().replace("的", ""), trail
    name, noun = figure_nouns.noun_after(trail, alone=not doing)
    if noun and trail.startswith("的") and figure_names.is_generic(named):
        # 总规模超500亿元的基金: what is measured stands after its measure.
        return noun + named, noun
    if not noun or noun.endswith("人口"):
        return (noun, noun) if noun else None
    if not doing and (not named or len(name) > 3 or re.fullmatch(_PREPOSITION, named)):
        return _with_verb(sentence, index, reading, name, previous), noun
    if re.search(r"(?:首期|总|首批)规模$", named):
        return noun + named, noun
    return _with_verb(sentence, index, reading, (doing or named) + noun, previous), noun


def _trail(sentence: Sentence, index: int) -> str:
    """The words after a value; those after the next where two values share them: 96户177人贫困人口."""
    trail = sentence.trail(index)
    if index + 1 < len(sentence.values) and sentence.gap(index + 1) in {"", "、", "和"}:
        lead = sentence.lead(index)
        if sentence.values[index + 1].unit not in SHARES and len(figure_names.clean(lead)) < 2:
            return sentence.trail(index + 1)
    level = re.match(r"([\u4e00-\u9fff]{1,3}级)[、和]?$", trail)
    if level and index + 1 < len(sentence.values):
        more = re.match(r"[\u4e00-\u9fff]{1,3}级(.+)", sentence.trail(index + 1))
        return level.group(1) + more.group(1) if more else trail
    return trail


def _doing(named: str) -> str:
    """Of the words before a value whose noun stands after it: the verb, without examples or place."""
    act = _OPENING_ACT.match(named)
    last = named.rpartition("、")[2]
    if last != named and 2 <= len(last) <= 3 and not last.endswith("等"):
        # 实施育儿补贴制度、惠及3000万婴幼儿
        return last
    if re.search(r"、|(?<![高中初平])等$", named) or re.fullmatch(_PREPOSITION, named):
        return act.group() if act else ""
    return named


def _plain_count(named: str) -> str:
    """Things counted, without the examples before them: 建设广西人工智能学院等创新平台."""
    plain = figure_nouns.without_examples(named)
    if plain == named or len(plain) < 4 or re.search(r"占.*比重|[率量额值]$", named):
        return named
    act = _OPENING_ACT.match(named)
    return (act.group() if act else "") + plain


def _spent(
    sentence: Sentence, index: int, reading: Reading, named: str
) -> tuple[str, str] | None:
    """Money put into what stands after it: 投资1.3亿元实施自来水管网改造工程."""
    clause = sentence.clause_after(index)
    if not clause:
        following = _NEXT_CLAUSE.match(sentence.text, sentence.values[index].end)
        alone = re.fullmatch("共?(?:计划)?(?:投资|投入)", named) and "完成" not in reading.raw
        clause = following.group(1) if following and alone else ""
    elif index + 1 < len(sentence.values):
        inner = sentence.values[index + 1]
        start = inner.start - sentence.values[index].end
        if 0 <= start < len(clause):
            clause = clause[:start] + clause[start + inner.end - inner.start :]
    match = _SPENT_ON.match(clause)
    if not match or re.match(r"[、和及,占增较比左以]|同比", clause):
        return None
    _, noun = figure_nouns.noun_after(match["what"], alone=False)
    noun = re.sub(r"^(?:[^,的]{0,4}的)(?=..)", "", noun) if match["of"] is None else noun
    noun = re.sub(rf"\d[\d.]*[万亿]?[余多]?(?:{COUNTERS})", "", noun)
    kind = "总投资" if "总投资" in named else "投入" if named.endswith("投入") else "投资"
    return (noun + kind, noun) if len(noun) >= 2 else None


def _of_act(
    sentence: Sentence, quantity: Quantity, act: str, previous: Figure | None
) -> tuple[str, str]:
    """An act without its object: 过江通道4座、在建8座, 重大项目开工390个、竣工437个."""
    if previous and previous.quantity.unit == quantity.unit and previous.change != "growth":
        thing = _MEASURE.sub("", previous.surface)
        if _ENDING_ACT.search(thing) and len(thing) > 4:
            return _ENDING_ACT.sub("", thing) + act, thing
        return act + _OPENING_ACT.sub("", thing), thing
    thing = _earlier(sentence.text, quantity.start)
    thing = re.sub(r"(?:建设|改造|行动|工程建设)$", "", _OPENING_ACT.sub("", thing))
    return act + thing, thing


def _base(quantity: Quantity, reading: Reading, named: str, previous: Figure | None) -> str:
    """What a value without a subject of its own goes on from."""
    if previous is None:
        return ""
    if not named and quantity.unit == "个百分点" and previous.change == "growth":
        # 增长7.7%,高于全国1.8个百分点: it is the growth that is higher.
        return previous.name
    if re.search(r"累计|总[量数]|(?:达到?|增至|增加到)$", reading.raw):
        # 新增16条、达到54条: the second counts them all.
        return re.sub(r"^[新净]增(?:各类)?|(?<=..)[新净]增$", "", previous.surface)
    return previous.surface


def _with_verb(
    sentence: Sentence, index: int, reading: Reading, named: str, previous: Figure | None
) -> str:
    """新增海外仓23个、网点16个: the verb holds for the second too."""
    gap = sentence.gap(index)
    if previous is None or not (gap.startswith("、") or gap.endswith("、")):
        return named
    verb = re.match(_DONE_TO, previous.name)
    own = re.match(rf"新|净|[建改引招培认入获]|{_ACT}", named) or figure_names.opens_with_act(
        reading.subject
    )
    return verb.group() + named if verb and not own else named


def _earlier(text: str, before: int, *, noun_led: bool = False) -> str:
    """The subject of an earlier clause: 人均预期寿命,到2025年达到79岁.

    With ``noun_led`` only of a clause that opens with its subject, not with what is done.
    """
    for clause in reversed(re.split(r"[,;:]", text[:before])[:-1]):
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
