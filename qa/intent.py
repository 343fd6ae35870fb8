"""What kind of answer a question wants. Pure."""

import re

from index import Region
from qa.matter import aim_of
from qa.models import Intent

# The first that matches decides; a comparison is told by what it compares, below.
_INTENTS: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    (
        "metadata",
        re.compile(
            r"谁[^,。?]{0,6}(?:(?<!工)作|做)的|由谁|(?:哪一?次|哪个|哪一?届|什么)[^,。?]{0,8}(?<!社)会议?上?(?:批准|通过(?!率)|审议|作|做)"
            r"|(?:何时|什么时候|哪一?[天日年])[^,。?]{0,10}(?:批准|审议通过|表决通过|批的|批复|签发)|哪位.{0,6}(?:作|做)的|报告人|什么会(?:议)?上|文号|发文字号|文件编号|索引号|成文日期|(?:发布|发文|成文|印发|发表|刊登)(?:的?(?:日期|时间|机构|机关|单位|部门))"
            r"|联系(?:电话|处室|人|方式)|(?:打|拨)(?:什么|哪个|几号|哪里的?)电话|打哪个|电话(?:号码)?是|记者|作者|来源|署名|落款"
            r"|谁(?:发布|印发|发)的|印发给|(?:何时|什么时候|哪天|几月几[日号]|哪年)(?:正式|对外|公开|最后)?(?:印发|发布|发的|出台|公布|成文|刊登)"
            r"|(?:印发|发布|出台|公布|刊登)(?:于|的)?(?:何时|哪天|哪年|什么时候)|规划期|起止年|发布单位|是几月几[日号]的"
            r"|document number|issued|published|reporter|phone|contact|issuing",
            re.I,
        ),
    ),
    (
        "outline",
        re.compile(
            r"第\(?(?:[一二三四五六七八九十]+|\d+)\)?个?(?:[章节篇条项]|部分|板块|方面)|[几多][少个]?[章节篇]|哪(?:一|些|几)?[章节篇]|[章节]的?(?:标题|名称)|章数|节数"
            r"|(?<![业品种术导])目录(?!几年|多久|多长|什么时候|修订|调整)|[上下最后][一后]?[章节篇]|几(?:个|大)?(?:板块|部分)|哪(?:几|些)个?(?:板块|部分)|how many (?:chapters|sections)"
            r"|which chapter|chapter \d",
            re.I,
        ),
    ),
    (
        "definition",
        re.compile(
            r"什么意思|啥意思|指(?:的是)?什么|是指(?!哪)|指(?:的是)?谁|什么是|(?:什么|啥)(?:才|就)?(?:算|叫)(?!出|来|到|作|上)(?:是|做)?|何为|何谓|含义|定义|what is meant"
        ),
    ),
    (
        "figure",
        re.compile(
            r"多少|(?<![好前头这那后边近哪数])几(?:成|个|家|所|座|处|条|公里|万|倍|平方|亩|吨|人|户|名|项|张|套|分钟|级|条|%)(?![^,。?]*(?:怎么|怎样|如何)(?!样?[变增减多高快]))|百分之几|多(?:大|高|长|快)"
            r"|占比|比例|比重|(?:率|值|面积|规模|收入比|浓度)(?:目标|是|要|达|\d| |$|\?)|(?<!建设)(?<!发展)(?<!主要)(?<!总体)(?<!工作)目标(?:值|数)?[是为]?\??$|哪一?年"
            r"|how (?:many|much|large|fast|high|long|big)|what (?:share|percentage|proportion)|\b(?:rate|ratio|target|coverage|ceiling|quota)\b",
            re.I,
        ),
    ),
    # 有哪些举措 wants the measures, told at length; 哪四化 a list.
    (
        "measures",
        re.compile(
            r"(?:哪些|什么)(?:[\u4e00-\u9fff]{0,4}的?)?(?:措施|举措|办法|政策支持|做法|动作|招|事(?![项业])|实招|安排)"
        ),
    ),
    (
        "list",
        re.compile(
            r"哪(?:[二两三四五六七八九十]+|\d+)[个大项条类种方]?|分别(?:叫|在|指|为)|(?:叫什么|在哪里?)[、,]|哪些|哪几|有什么|包括什么|列[出举一]|都有|分别是|which|list",
            re.I,
        ),
    ),
    (
        "measures",
        re.compile(r"怎么|怎样|如何|措施|举措|办法|打算|推进|怎么办|how (?:will|does|to)", re.I),
    ),
)
_COMPARES = re.compile(
    r"谁|哪个|高于|低于|高多少|低多少|比|差|相比|对比|排[序名个]|最[高低]|分别|和|与|跟|vs|compare|higher|lower|versus|提高|增加",
    re.I,
)
_RANKS = re.compile(
    r"高于|低于|更[高低多少大小快]|谁[高低多少大小]|哪个?.{0,12}[高低多少大小快]|差多少|相差|对比|比较|比一比|排[序名个]|[高低]多少|一样|higher|lower"
)


def asks_figure(search: str) -> bool:
    """Whether the words ask for a figure, or set figures beside one another."""
    figure = dict(_INTENTS)["figure"]
    return bool(figure.search(search) or _RANKS.search(search) or aim_of(search))


def intent_of(search: str, regions: tuple[Region, ...], years: tuple[int, ...]) -> Intent:
    """The kind of answer wanted; a comparison is told by what is compared, the rest by words."""
    compares = _COMPARES.search(search) and (len(regions) > 1 or len(years) > 1)
    for intent, pattern in _INTENTS:
        if pattern.search(search):
            return "comparison" if compares and intent in {"figure", "list", "measures"} else intent
    return "comparison" if compares else "passage"
