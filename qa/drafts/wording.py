"""Words of a draft: who speaks, when, and whether anything is said that sources can know. Pure."""

import re

from index import words
from qa.drafts.nouns import Block, Claim

SENTENCE = re.compile(r"[。！？!?；;]+[”’」』）)]*")
BREAK = re.compile(r"[，,：:](?!\d)|(?<!\d)[，,：:]")
GUARDED = re.compile(r"“[^“”]*”|「[^「」]*」|『[^『』]*』|《[^《》]*》|（[^（）]*）|\([^()]*\)")
QUOTE = re.compile(r"“([^“”]+)”|「([^「」]+)」|『([^『』]+)』")
TITLE = re.compile(r"《([^《》]{4,})》(?:(\([^()]*\d{4}[^()]*\)))?")
_RANGE = re.compile(r"((?:19|20)\d\d)年?[-—–~至到]+((?:19|20)\d\d)年?")
_YEAR = re.compile(r"(?<![\d〔\[])((?:19|20)\d\d)(?![\d〕\]])(?=年|[^\d]|$)")
FIVE = re.compile(r"十[一二三四五六]五")
# 下一个五年, 过去三年, 新的一年: a time that says nothing by itself.
_WHEN = re.compile(
    r"(?:在|到|从)?(?:(?:下|上|这|那|新的?)一?个?|今后|未来|过去|此后|之后|近)[一二三四五六七八九十两几\d]*个?(?:年|五年|阶段|时期)(?:来|里|间|内|中)?"
)
# 第一，一是，首先: the order of the author's points.
ORDER = re.compile(
    r"^(?:第?[一二三四五六七八九十]+[、,是]|首先,?|其次,?|再次,?|最后,?|[(（][一二三四五六七八九十\d]+[)）]|\d+[.、)）](?!\d))+"
)
# Words that say who speaks, not what: without them nothing may be left.
FRAME = re.compile(
    r"根据|按照|依据|依照|对照|这[份个部]|此外|另外|同时|其中|目前|届时|接下来|规划(?!体系|建设|实施|重点|引领|管理|展览|馆)|《?规划》?|行动计划|三年计划|计划(?=提出|要求|明确|称)"
    r"|纲要|方案(?=提出|要求|明确)|文本|原文|原话|发言人|解读稿?|发布会|文件|材料|省里|市里|区里|市委|提出|指出|强调|明确|要求|写道|表示|介绍说?|称|认为|提到|谈到|还要|还将|还(?=[提计拟])"
    r"|表述|提法|说法|目标|理念|方面|来看|为例|这样|总结|发展基础|规定"
)
# A quotation of so many characters is checked whatever stands around it.
QUOTATION = 6
# Words too short to take out of a sentence, but that say nothing when they are all that is left.
_PARTICLE = re.compile(r"[该本说还也又则而是为在的了要将把时中里让到来从由对向以]")
# 三年行动计划, 四星级: the number is part of a name.
NAMING = re.compile(r"(?<=年)(?:行动|计划|来|内|之后|里)|星级|维|[A-Za-z]")
# Regions that are only a yardstick: 比全省平均高出, 高于全国, 走在全国前列.
YARDSTICK = re.compile(r"(?:比|较|于|与)$")
RANKED = re.compile(r"(?:前列|领先|首[个批创位次]|第[一二三\d]|平均|水平|重要|一流|知名|唯一|率先)")
# 中央转移支付: who gives, not what is spoken of.
GIVING = re.compile(
    r"(?:中央|国家)(?:转移|预算|财政|资金|补助|补贴|专项|各类|投资|生态|环保|环境|督察|部署|决策|企业)"
)
# What leans on the clause before it: 到2035年达到75%, 这一比例提高到60%.
LEANING = re.compile(
    r"^(?:[^一-鿿]*|.{0,3}(?:这[一些]|该|上述|同一).*|(?:达到?|提高|增至|降至|升至|分|成|共|则|[一-鿿]{1,3}))$"
)
_META = re.compile(
    r"(?:写道|表述为|原话|原文|这样说|如此表述|如是说|所述|如下|为例|来看|来说|而言|有分量|理念|的?目标|的?提法|[介绍表示]说|指出|强调|表示)$"
)
# The author speaking: about the text itself, for himself, or weighing things.
_OPINION = re.compile(
    r"笔者|我[们]?(?!市|省|区|县|国)|你|您|咱|本文|本[节章报简次稿]|本报告|调研|走访|座谈|访谈|问卷|下文|上文|以下|如下|如上|以上内容|个人|感谢|欢迎|敬请|供[^,。]{0,8}参考|参考$"
    r"|可见|总的来看|总之|总体而言|说到底|归根到底|不妨|或许|也许|恐怕|希望|期待|值得|看法|印象|意味着|取决于|不宜|未免|难免|见仁见智|有待|需要看|要看|难说"
    r"|建议(?!规划)|应当|应该|为什么|怎么|如何|什么|吗$|呢$"
)
VALUED = re.compile(
    r"不算|很大|很高|不小|较大|清楚|重点。?$|艰巨|踊跃|热烈|收获|分量|决心|原因|差异|差距$|高低|不同|不能急|话题"
)
# Said of a plan: the sources should know of it.
_ATTRIBUTED = re.compile(
    r"规划(?=[^,。]{0,6}(?:提出|要求|明确|强调|指出|还|的|称|把|将|写))|计划|方案|文件|纲要|《|提出|要求|明确|强调|指出|发言人|解读|原文|原话"
)
# Said to be done or to be going to be done: so too when it names its region.
_DONE = re.compile(
    r"将|要|拟|力争|争取|须|打造|建设|建成|建立|实施|推进|推动|构建|完善|健全|取消|设立|新建|达到|实现|形成|提高|坚持|开展|推行|加快|列入|聚焦|发挥|培育|扩大|支持|突出|协同|把|做"
)
_GOING_TO = re.compile(r"^(?:并|还|也|同时|此外|而)?(?:将|拟|计划|要)|^全[省市区县]|将(?!来)|拟")


def times(search: str) -> frozenset[str]:
    """The years (2025), spans (2021-2023) and planning periods (十四五) that normalised text gives."""
    found = {f"{a}-{b}" for a, b in _RANGE.findall(search)}
    rest = _RANGE.sub(" ", search)
    return frozenset(found | set(_YEAR.findall(rest)) | set(FIVE.findall(rest)))


def bare(claim: Claim) -> str:
    """What a claim says, without who says it, where and when."""
    text = re.sub(r"《[^《》]*》(?:\([^()]*\))?", "", claim.search)
    # The first region is the one that it is on; others are what it says.
    for region in claim.regions[:1]:
        text = text.replace(region.name, "").replace(region.short, "")
    text = _WHEN.sub("", FIVE.sub("", _YEAR.sub("", _RANGE.sub("", text))))
    return re.sub(r"[年末底前“”「」『』()、,。:;\s]", "", FRAME.sub("", text))


def unmeasured(claim: Claim) -> str:
    """What a claim says, without its numbers."""
    text = bare(claim)
    for figure in claim.figures:
        written = claim.search[figure.start : figure.end] if figure.end <= len(claim.search) else ""
        text = text.replace(written, "") if written else text
    return _core(re.sub(r"\d[\d.%]*|左右|以上", "", text))


def _core(text: str) -> str:
    """What is left without the words of a frame and particles."""
    return _PARTICLE.sub("", FRAME.sub("", text))


def says(search: str) -> bool:
    """Whether a clause says something by itself: a figure, a quotation, or two words."""
    untitled = re.sub(r"《[^《》]*》(?:\([^()]*\))?", "", search)
    plain = _WHEN.sub("", FIVE.sub("", _YEAR.sub("", _RANGE.sub("", untitled))))
    if QUOTE.search(FIVE.sub("", search)) or re.search(r"\d", plain) or _RANGE.search(untitled):
        return True
    if _META.search(plain.strip("。;,:")):
        return False
    left = _core(re.sub(r"[^\w]|[年末底前]", "", plain))
    return len(left) >= 4


def is_told(claim: Claim, sentence: str, block: Block) -> bool:
    """Whether the sources must know of a claim: a figure, or what a plan or a region is said to do."""
    measured = any(
        figure.unit or re.search(r"\d", claim.search[figure.start : figure.end])
        for figure in claim.figures
    )
    if block.kind == "cell" or _ATTRIBUTED.search(sentence) or (measured and claim.regions):
        return True
    if claim.explicit:
        return bool(_DONE.search(claim.search) or claim.figures or claim.times)
    return bool(claim.regions and (_GOING_TO.search(claim.search) or claim.times))


def is_opinion(claim: Claim, sentence: str) -> bool:
    """Whether the author speaks for himself or asks; a figure of a named region is none."""
    own = _OPINION.search(QUOTE.sub("", claim.search))
    if own and not (claim.explicit and claim.figures):
        return True
    weighed = _OPINION.search(QUOTE.sub("", sentence))
    return bool(re.search(r"[?？]$", sentence) or (weighed and not claim.figures))


def has_matter(claim: Claim) -> bool:
    """Whether a claim has a figure, a quotation, a dated title, or enough words of its own."""
    if claim.quotes or claim.figures:
        return True
    said = bare(claim)
    if claim.titles and not words(said):
        return bool(times("".join(claim.titles)))
    if claim.times and claim.explicit and len(_core(said)) >= 2:
        return True
    return not _META.search(claim.search) and len(_core(said)) >= 4 and len(words(said)) >= 2
