"""The words after a value → the noun that it counts, and what is said of it."""

import re

_NOT_NOUN = re.compile(
    r"^(?:[一两二三四五六七八九十]+个(?:台阶|大关)|因|由|可(?!再)|未(?![来成])|不(?!动产)|仍|还|将|需|须|和(?![美谐平])|及|与|、|以及|并|而|或|增(?![值设])|下降|降(?!碳)|减(?!税)|上升|提(?!升工程)|位居|居(?![民家住委])|占|较|比|同比|全部|面向|其中|成为|获|入选|用于|惠及|带动|且|来(?![华访自])|起"
    r"|内(?![贸河资地陆外])|外(?![资贸国商籍卖送企事语地来向])|中(?![小心医国外华欧试高学职央亚老级等型药])|时|左右|以上|以下|被|列入|纳入|上市(?!公司|企业|后备)|投产|开工|建成(?!区)|落地|通过|投入|顺利"
    r"|全面|均(?!衡)|都|已|是|为(?!民)|在(?![建校线岗册园营研职编库])|到|达(?!标)|实现|完成|分别|高于|低于|快于|按|进入|新?台阶|大关|关口|的(?:目标|水平|速度|比例|较|区间|任务))"
)
# Where the predicate begins; each says by what it is no predicate but part of a noun.
_PREDICATES = (
    "被|获(?!批件|奖|得感)|顺利|全部|实现|完成(?!率)|达到|(?<!发)达(?!标|州)|入选|列入|纳入|上市(?!公司|企业|后备)|投产|(?<!新)开工(?![项工率])|(?<!新)建成(?![区投])|落地(?![项企])|落户|面向|通过(?!率)"
    "|投入(?!产出)|位居|荣获|成功(?!率)|加快|有序|正式|获批|得到|进入|用于|惠及|基本(?![医养公农建])|如期|受(?![理训教])|开诊|划转|完工|竣工|提请|签约(?![项医服])|协同(?=推进|发展$|联动)|整合(?!办|服务)|(?<=[人户民])(?:发放|办理|提供|减免)|稳定(?=消除|实现|在)|(?<=..)(?:稳步|扎实|深入)|(?<=..)(?<![主需重必概纲摘提])要(?![素求闻点道件地])|按期|按时|建立|入围|挂牌"
    "|(?<=..)占|远离|参与(?![度率])|提前|覆盖(?![率面])|带动|促进(?!中心|会|条例|活动)|推动|以及|并(?![网购])|均(?!衡)|都(?!市)|已|应(?![用急对])|分别|较|同比|(?<![安宜旅定久移])居(?![民家住委])|增长(?![极点])|下降"
    "|相继|陆续|先后|予以|全覆盖|升级(?!版|工程|项目|改造|示范)|提档|晋升|跻身|新晋|结对|成为|让(?!利)|使(?![用馆领])|转为|转入|在(?=全[国省市]|我[国省市])|与(?=[^、]{2,16}(?:建立|结对|签署|签订|实现|同质|合作|对接))"
    "|接通|(?:年?产值|营业收入|营收|总投资|投资|年?销售额)(?:超|突破)|集中(?=获批|开工|上市|亮相|签约|投产)|(?<=[县市区镇乡村校院企)])(?:实施|启动|开展)(?!方案)|接通|夺得|摘得|斩获|首次|跃居|跃升|突破(?!性)|亮相|问世|投运|投用|启用|运行(?!中心)|开业|开馆|通车(?!里程)|开通|推介|推广(?=$|至|到)|全国推广|全省推广|脱贫(?![攻地县村人])|摘帽|用上|住上|喝上|免费|可以|能够|加速(?!器)"
    "|直接|(?<=..)全面(?!小康|振兴|发展|深化)|(?<=..)(?:当年|年内|新增|新接入|累计)|率先|整县|进展|出台(?=$|实施|施行)|发布(?![会平])|也"
)
_NOUN_END = re.compile(rf"(?<=.)(?:{_PREDICATES})")
_ADVERB = re.compile(
    r"^(?:全部|相继|陆续|先后|顺利|均|都|已|正式|首次|成功|双双|按时|按期|如期|全面|基本|提前|也|加快|了)+"
)
_SHORT_ACT = re.compile(
    r"(?:开工|竣工|完工|投产|投用|投运|通车|开通|落户|落地|获批|上市|挂牌|运营|启用|建成|开业|开馆|签约|实现通车)(?:建设|运行|运营|投用|投产|使用|通车)?"
)
# What a group may be said to do, so that it is named by it: 入选国家名单的高职院校.
_TELLING = re.compile(
    r"(?:年?产值|营业收入|营收|总投资|投资|年?销售额)(?:超|突破)|入选|入围|纳入|列入|获|荣获|划转|晋升|跻身|成为|通过|被|新晋|达到|用上|住上"
)
_LIKE = re.compile(r"(?<![高中初平同优特均相对])等(?![级于同待候保效]|奖)")
_DOES = "达到|具备|拥有|实现|完成|建成|纳入|配备|接入|通(?![过信道用行])|就读|降至|进入|参加|参与|享受|使用|落实|覆盖|获得|加入|设立|开展|配有|设有|用上|通上|入选|获"


# 2座35万千瓦塔式光热发电项目: the size of what is counted.
_SIZE = re.compile(
    r"^\d[\d.]*[万亿]?(?:千瓦时|千瓦|兆瓦|吨级|吨|立方米|平方米)(?=[\u4e00-\u9fff]{2})"
)
_PLACES = frozenset("县村市区镇乡")


def noun_after(trail: str, *, alone: bool = True) -> tuple[str, str]:
    """Return (name, noun) of what follows a value (3个医院专科联盟), or empty strings.

    A noun that stands ``alone`` takes its predicate where that says which are meant:
    15所高职院校入选国家名单.
    """
    trail = re.sub(r"^(?:的|方面的?(?=..))", "", trail)
    trail = _SIZE.sub("", trail)
    if not re.match(r"[“《\u4e00-\u9fffA-Za-z]|\d+千伏", trail) or _NOT_NOUN.match(trail):
        return "", ""
    hidden = re.sub(r"“[^”]*”|《[^》]*》", lambda match: "口" * len(match.group()), trail)
    stop = _NOUN_END.search(hidden)
    whole = (trail[: stop.start()] if stop else trail).rstrip("和及与、的将")
    noun = without_examples(whole)
    noun = whole if len(noun) <= 3 else noun
    group = re.match(r"([\u4e00-\u9fff]{0,6}(?:人口|居民|群众|市民|学生|职工))的(.*)$", trail)
    if group:
        said = group.group(2)
        told = 4 <= len(said) <= 16 and group.group(1)[-2:] != "人口"
        return (f"{said}的{group.group(1)}" if told else group.group(1)), group.group(1)
    if "、" in noun and len(without_examples(noun)) <= 3:
        noun = noun.split("、")[0]
        return noun, noun
    if not 2 <= len(noun) <= 40 and noun not in _PLACES:
        return "", ""
    done = trail[stop.start() :] if stop else ""
    return (_with_predicate(noun, done) if alone else noun), noun


def _with_predicate(noun: str, done: str) -> str:
    said = _ADVERB.sub("", done)
    if "的" in noun or said.endswith(("为", "至", "到")):
        return noun
    if len(said) > len(noun) and said.endswith(noun):
        return said
    if _SHORT_ACT.fullmatch(said):
        return act(said) + noun
    if (len(noun) <= 3 and 3 <= len(said) <= 20) or (_TELLING.match(said) and 5 <= len(said) <= 24):
        return f"{said}的{noun}"
    return noun if len(noun) > 1 else ""


def act(said: str) -> str:
    """The act that a predicate of an act alone tells: 通车 for 实现通车; "" for any other."""
    return said.removeprefix("实现")[:2] if _SHORT_ACT.fullmatch(said) else ""


def without_examples(noun: str) -> str:
    """Drop the examples before the thing itself: 林区、垦区、煤矿等棚户区居民."""
    hidden = re.sub(r"“[^”]*”|\([^)]*\)", lambda match: "口" * len(match.group()), noun)
    cut = [match.end() for match in _LIKE.finditer(hidden)]
    return noun[cut[-1] :] if cut and len(noun) - cut[-1] >= 2 else noun


def proportion(trail: str) -> str:
    """Name a share that stands before its group: 80%以上的家庭具备千兆接入能力."""
    pace = re.match(r"的?((?:经济)?(?:增速|增长速度|增长|速度|涨幅))", trail)
    if pace:
        return pace.group(1)
    group = re.match(
        rf"的?(?P<who>[^,;、]{{2,24}}?)(?:为[^,;、]{{2,5}})?(?:都能|都|均|全部|可以|能够)?(?P<does>(?:{_DOES})[^,;]{{2,30}})$",
        trail,
    )
    if group:
        return f"{group['does']}{group['who']}占比"
    use = re.match(r"的?([^,;、]{2,12}用于[^,;、]{2,16})$", trail)
    if use:
        return f"{use.group(1)}占比"
    noun, _ = noun_after(trail)
    if len(noun) < 2:
        return ""
    return noun if not noun or re.search(r"[率比重]$", noun) else f"{noun}占比"
