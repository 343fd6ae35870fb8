"""What is done to things counted: 新建, 改造, 完工, and the thing that it is done to."""

import re

from index import figure_names, figure_nouns
from index.figure_view import View

_DONE_TO = r"新(?:增|获|建|设|入选|认定|培育|引进|签约)|净增"
# What is done to things counted. Alone before a value, it leaves the thing to be found elsewhere.
_ACT = "新(?:建|增|设立?|开工|获批?|登记|培育|引进|签约|改扩?建|投产|开通)|续建|在建|改造|建成|基本建成|开工|竣工|投产|投用|完工|开通|建设|净增|认定|入选|并网|通车|改建|扩建|修缮"
_ONLY_ACT = re.compile(rf"(?:基本|再|又|累计|年内)?(?P<act>{_ACT})")
_ENDING_ACT = re.compile(rf"(?:{_ACT})$")
_OPENING_ACT = re.compile(rf"^(?:{_ACT}|完成|组建|引进|培育|获批|落地|发放|整治|修复|提请)+")
_LAST_ACT = re.compile(
    rf"{_ACT}|惠及|服务|带动|支持|吸引|培训|加密|重组|更新|资助|扶持|孵化|安置|帮扶|救助|接待|处置|整治"
)
PREPOSITION = r"[对为与向同在把从给由使让]|"


def bare(name: str) -> str:
    """A name without the act that it opens with."""
    bare = _OPENING_ACT.sub("", name)
    return bare if len(bare) >= 2 else name


def doing(named: str) -> str:
    """Of the words before a value whose noun stands after it: the verb, without examples or place."""
    act = _OPENING_ACT.match(named)
    last = named.rpartition("、")[2]
    if last != named and _LAST_ACT.fullmatch(last):
        # 实施育儿补贴制度、惠及3000万婴幼儿
        return last
    if re.search(r"、|(?<![高中初平])等$", named) or re.fullmatch(PREPOSITION, named):
        return act.group() if act else ""
    return named


def plain_count(named: str) -> str:
    """Things counted, without the examples before them: 建设广西人工智能学院等创新平台."""
    plain = figure_nouns.without_examples(named)
    if plain == named or len(plain) < 4 or re.search(r"占.*比重|[率量额值]$", named):
        return named
    act = _OPENING_ACT.match(named)
    return (act.group() if act else "") + plain


def only_act(named: str) -> str:
    """The act, if the words before a value name nothing else: 在建8座; "" otherwise."""
    match = _ONLY_ACT.fullmatch(named)
    return match["act"] if match else ""


def joined(act: str, thing: str) -> str:
    """Put an act to a thing that the sentence named before: 过江通道4座、在建8座."""
    if _ENDING_ACT.search(thing) and len(thing) > 4:
        return _ENDING_ACT.sub("", thing) + act
    return act + _OPENING_ACT.sub("", thing)


def object_of(clause: str) -> str:
    """The thing of an earlier clause that an act is done to: 推进保障性安居工程建设,新开工700万套."""
    return re.sub(r"(?:建设|改造|行动)$", "", _OPENING_ACT.sub("", clause))


def with_verb(view: View, named: str) -> str:
    """新增海外仓23个、网点16个: the verb holds for the second too."""
    gap = view.sentence.gap(view.index)
    if view.previous is None or not (gap.startswith("、") or gap.endswith("、")):
        return named
    verb = re.match(_DONE_TO, view.previous.name)
    own = re.match(rf"新|净|[建改引招培认入获]|{_ACT}", named)
    led = figure_names.opens_with_act(view.reading.subject)
    return verb.group() + named if verb and not (own or led) else named
