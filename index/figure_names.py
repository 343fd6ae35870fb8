"""What a figure is of: the words before (or after) a value → the name of an indicator.

地区生产总值年均增长6.1% is 地区生产总值年均增速, 森林覆盖率提高1.43个百分点 is 森林覆盖率提高,
and A、B分别增长1%、2% are two names.
"""

import re
from dataclasses import dataclass
from typing import Literal

Change = Literal["growth", "difference", ""]

_RISE = "增长|递增|增加|增|上涨|上升|上浮|提高|提升|提速|回升|扩大|攀升|跃升|涨"
_FALL = "下降|降低|减少|缩小|压减|压缩|压降|收窄|回落|下滑|下浮|下调|削减|缩减|缩短|改善|降"
_TO = "到|至|为|了|达到|达|约"
_HOW = (
    "分别|至少|各(?![地级类项界方族省市县区国])|按(?!揭)|拟|仍|(?<![人户亩日月])均|都|已经|已|将|也|又|再|(?<!公)共|总共|累计|合计|总计|预计|预期|力争|争取|确保|拟|(?<!招生)计划|目标|稳定|基本|继续|持续|进一步"
    "|同比|环比|年均|实际|名义|平均|每年|分别比|同口径|按可比价(?:格)?计算?|可比|首次|历史性|成功|大幅|净|全面|(?<![主需重必])要|(?<!供)应|率先|双双|总体|逆势|连续|始终|逐步|稳步"
    "|(?:比|较)(?:上年|去年|上一年|同期|“?十[一二三四五]五”?(?:期?末|时期)?|20\\d\\d年(?:末|底)?)(?:同期|年?初?(?:预算|预计数?)|预计数?)?"
)
_CHANGED = re.compile(
    rf"(?P<subject>.*?)(?P<how>(?:{_HOW})*)(?P<verb>{_RISE}|{_FALL})(?P<width>幅度?(?:为|达到?|在)?)?(?P<to>{_TO})?(?P<how2>(?:{_HOW})*)$"
)
_LEVEL_VERB = (
    "达到了?|达|实现|完成|保持[在到]?|稳定[在到]?|控制[在到为]?|巩固[在到]?|维持[在到]?|落实|拥有|共有|有|为|是|在|至|到|约为|均为|突破|超过|调整为"
    "|扩展到|拓展到|扩大到|推广到|覆盖到?|涨至|跃升至|增至|升至|降至|转到|安排|按|连续跨越|连跨|跨越|跨过|迈过|迈上"
)
_LEVEL = re.compile(rf"(?P<subject>.*?)(?P<how>(?:{_HOW})*)(?:{_LEVEL_VERB})(?P<how2>(?:{_HOW})*)$")
_PLAIN = re.compile(rf"(?P<subject>.*?)(?P<how>(?:{_HOW})*)$")
_AGAINST = re.compile(
    r"(?P<subject>.*?)(?P<against>(?:高于|低于|高出|优于|快于|好于|领先于?|超出|超过)[^,、]{1,24}|(?<![同环占对])(?:比(?![率例重值价])|较)(?P<other>[^,、]{1,16}?)(?<![提降减])(?P<way>高出?|低|快|慢|多|少))$"
)
_SHARE = re.compile(
    r"(?P<subject>.*?)(?P<share>占(?![比地用有])[^,、]{1,24}?)(?:的?(?P<noun>比重|比例|份额))?$"
)
_PAST_YEAR = re.compile(r"上年|去年|20\d\d年|同期|期?末|预算")

# Verbs that say what is done to the thing counted, not what the thing is.
_DROPPED = (
    "建成投用|建成运营|建成(?![区投])|创建|培育壮大|培育|打造|布局建设|布局|举办|开展|组织实施|实施|完成|形成|推进|推动|实现|力争|确保|争取|达到|推出"
    "|组织(?!化)|争创|创成|认定|建立|设立|办成|办好|拥有|获批|累计|支持企业开发|支持|加快|拓展|扩展到|发展(?![中基党])|引导|促进|带动|努力"
    "|高(?:标准|质量|水平)(?=建|打造|推进|完成|培育|实施|推动|做)|基本(?=建成|完成|实现|形成)|全面(?!小康)|大力|积极|着力|全力|努力(?!程度)|奋力|持续|稳步|有序|深入"
    "|继续(?!教育)|要(?!素)|将|使(?!用)|让(?!利)|把|并(?![网购])|且|还|再(?![生贷就])|也|力促|谋划实施|谋划|滚动实施|保障(?![性房])|维持|保持|落实|安排"
    "|计划(?![内外总])|预计|预期|拟|共(?=实施|完成|建成|获|投入|安排|争取|落实)|已(?!建)|均(?!衡)|年度?内|各地|各级|以及|和(?![谐美])|及|与|其中|同时|此外|目前|截至目前|总计|合计|总共"
    "|先后|成功|初步|出台|制定|发布|制修订|获得(?!感)|获评|获(?![得批])|被评为|好|各类|全年|当年|每年"
)
_LEADING = re.compile(
    rf"^(?:{_DROPPED}|提出(?=[^,]{6})|(?:对|将|把)(?=新增)|[一二三两四五]年内|总?投资\d[\d.]*[万亿]*元的|(?:对|为|与|向|同|把|从|给)(?=$)|在(?:全国|全省|全市)?率先|各(?=$)|(?:全市|全省|全区|全县|全旗|全州|全盟|我市|我省|我区|我县|我国|本市|全自治区|市域|省内|市内)(?=..)|[、,:)”的了])+"
)
_PLACE = re.compile(
    r"^(?:在(?![校建册岗穗沪])|对(?![外口])|为|从(?!业)|向|以(?!旧)|围绕|聚焦|面向|通过|依托)[^,]{2,40}?(?:等?领域|等?方面|等地区?|等)(?=[\u4e00-\u9fff]{2})"
)
_TIME = re.compile(
    r"^(?:(?:力争|确保|争取)?(?:到|至|截至|截止)?(?:(?:19|20)\d\d[-—至]*)?(?:19|20)\d\d年(?:年?底|末|初|\d+月底|上半年|下半年)?(?:前|之前)?"
    r"|到年|“?十[一二三四五六]五”?(?:规划)?(?:时期|期间|期末|末|以来)?|(?:过去|这|近|今后|未来)?[五5]年[来间]?|连续\d+[年次]|今年|去年|上年|明年|全年|目前|年底前?|每年)(?:以来)?[,]?"
)
# Inside a subject, these verbs end the doer: 示范区推出制度创新成果161项.
_INNER = re.compile(
    r"推出|建成(?![区投])|举办|开展|拓展|培育|打造|创建|支持企业开发|设立|组建|引进|获得(?!感)|(?<=.)(?<![即必])将(?![军来要])|(?<=.)把(?![握关手])"
)
# 标准提高到每月815元, 补助标准每人每年380元
_EACH = re.compile(
    r"(?<=[到至为达])(?:每人)?每[年月]$|(?<=标准)每人每[年月]$|(?<=[由从])每人每[年月]$"
)
# 围绕…提出, 为困难家庭发放: what opens so is not what is counted.
_TOWARDS = re.compile(
    r"^(?:围绕|聚焦|针对|面向|依托|通过|按照|根据|为(?!民)|以(?!旧)|在(?![建校线岗册园营研职编库穗沪京湘])|从)[^,]{1,80}?(?P<does>提出|打造|发放|推出|开展|布局建设|布局|建设|实施|设立|推动解决|减税降费|减税|减负)"
)
_NUMBERED = re.compile(
    r"^(?:第[一二三四五六七八九十百]+条 ?|\d{1,2}\.(?!\d)|[一二三四五六七八九十]{1,3}[、.]|[一二三四五六七八九十]{1,3}是|\(?[一二三四五六七八九十\d]{1,2}\)|\d+(?:大?类|个?方面))+"
)
# 39种工业产品产量占…: of how many something is measured is no part of its name.
_INNER_COUNT = re.compile(
    r"(?:^|(?<=[等的及和]))\d[\d.]*[万亿]?[余多]?(?:个(?!月)|种|家|项|条|类|户|名|所|座)(?=[\u4e00-\u9fff]{2,}(?:率|额|量|值|收入|投资|比重|比例|营收|利润)[\u4e00-\u9fff]{0,12}$)"
)
_SINCE = re.compile(
    r"(?:在|比|较|与|相较于?|相比)(?:20\d\d年(?:末|底)?|上年|去年|“?十[一二三四五]五”?(?:时期|期?末)?)(?:相比|的?基础上|基数上)?$"
)
_SPAN_OF_YEARS = re.compile(r"近?[\d一二两三四五六七八九十]+年[来间内]?$")
_GENERIC = re.compile(
    r"(?:人均|经济)?(?:(?<=人均)|总量|增速|总额|增幅|规模|总规模|总数|余额|投资额|产值|产量|面积|数量|占比|比重|总产值|总投资|贡献率|年均增速|增加值|金额|交易额|销售额"
    r"|营收|投资|到位资金|总金额|成交额|使用率|普及率|覆盖率|装机规模|降幅|总面积|总量均)"
    r"|床位|总?产能|总?里程|总?花费|保有量|办结率|参保率|完成率|满意率|达标率|合格率|(?:市场)?(?:渗透率|占有率)|五?年?增量|支出|收入|人数|总人数|总产量|单产|销量|产销量|利润|总资产|总市值|提价幅度|企业"
)
_FLOW = re.compile(
    r"新增|新建|新设|新登记|新开工|新获|建成(?!区)|引育|引进|招引|培育|完成|实施|累计|净流|获(?!得感)|推出|转化|改造|整治|落户|发放|签约|入选|举办|开展|解决|支持"
    r"|减少|投入(?!产出|强度)|下降|降低|提高$|提升$|减税|降费|脱贫|搬迁|惠及|资助|实现.*就业|城镇新增就业|开工|清理|处置|压减|淘汰|出台|复制推广|制度创新成果|平均|年均"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The words before a value taken apart: subject, kind of change, and how it is said."""

    subject: str
    change: Change
    suffix: str
    how: str
    raw: str

    @property
    def shared(self) -> bool:
        """Whether one value is given to every subject: A和B均达100%."""
        return bool(re.search(r"均|都|各", self.how)) and "年均" not in self.how


def read_lead(lead: str, unit: str) -> Reading:
    """Take the words before a value apart."""
    lead = _EACH.sub("", lead)
    against = _AGAINST.match(lead)
    if against and (against["other"] or unit == "个百分点"):
        return _compared(against, lead)
    changed = _CHANGED.match(lead)
    if changed and not re.search(r"新$", changed["subject"]):
        return _changed(changed, lead, unit)
    plain = _PLAIN.match(lead)
    how = plain["how"] if plain else ""
    share = _SHARE.match(lead.removesuffix(how))
    if share and unit in {"%", "‰", ""} and not re.search(rf"(?:{_LEVEL_VERB})$", lead):
        return Reading(
            share["subject"], "", f"{share['share']}{share['noun'] or '比重'}", how, lead
        )
    level = _LEVEL.match(lead)
    if level:
        return Reading(level["subject"], "", "", level["how"] + level["how2"], lead)
    return Reading(lead.removesuffix(how), "", "", how, lead)


def _compared(match: re.Match[str], lead: str) -> Reading:
    other = match["other"]
    if other is None:
        plain = _PLAIN.match(match["subject"])
        how = plain["how"] if plain else ""
        return Reading(
            match["subject"].removesuffix(how), "difference", match["against"], how, lead
        )
    if _PAST_YEAR.search(other):
        return Reading(
            match["subject"],
            "difference",
            "降低" if match["way"][0] in "低少慢" else "提高",
            "",
            lead,
        )
    words = {"高": "高于", "低": "低于", "快": "快于", "慢": "慢于", "多": "多于", "少": "少于"}
    return Reading(match["subject"], "difference", words[match["way"][0]] + other, "", lead)


def _changed(match: re.Match[str], lead: str, unit: str) -> Reading:
    subject, how, verb = match["subject"], match["how"], match["verb"]
    if match["to"] in {"到", "至", "为"} and not match["width"]:
        return Reading(subject, "", "", how, lead)
    change: Change = "growth" if unit in {"%", "‰", "倍"} else "difference"
    if unit == "倍":
        return Reading(subject, change, "", how, lead)
    often = "年均" if re.search(r"年均|每年", how) else "实际" if "实际" in how else ""
    if verb in {"增长", "增", "增加", "递增"} and change == "growth":
        return Reading(subject, change, f"{often}增速", how, lead)
    if verb in {"上涨", "涨"}:
        return Reading(subject, change, "年均涨幅" if often == "年均" else "涨幅", how, lead)
    fuller = {"增": "增加", "降": "下降"}
    return Reading(
        subject, change, f"{often if often == '年均' else ''}{fuller.get(verb, verb)}", how, lead
    )


def clean(subject: str) -> str:
    """Strip times, places and the verbs that only introduce the thing counted."""
    if subject.endswith("、"):
        # 跨越四个台阶、年均增长6%: a list of predicates whose subject came before.
        return ""
    before = None
    subject = _INNER_COUNT.sub("", subject)
    subject = _NUMBERED.sub("", subject)
    while subject != before:
        before = subject
        subject = _TIME.sub("", subject)
        subject = _PLACE.sub("", subject)
        subject = _LEADING.sub("", subject)
    towards = _TOWARDS.match(subject)
    if towards:
        return subject[towards.end() :] or towards["does"]
    inner = [match.end() for match in _INNER.finditer(subject) if len(subject) - match.end() >= 3]
    subject = subject[inner[-1] if inner else 0 :].lstrip("了").rstrip("、的:“(").strip()
    subject = re.sub(r"(?<=..)(?:分别)?(?<![自])[由从]$", "", subject)
    return _SPAN_OF_YEARS.sub("", _SINCE.sub("", subject))


def opens_with_act(words: str) -> bool:
    """Whether words before a value begin with a verb that says what is done: 创建幸福河湖."""
    return re.match(rf"(?:{_DROPPED})", words) is not None


def is_generic(subject: str) -> bool:
    """Whether a subject needs the one before it: 总量突破90万亿元."""
    return _GENERIC.fullmatch(subject) is not None


def is_flow(name: str, raw: str) -> bool:
    """Whether a count is of things done over a period rather than a level at its end."""
    return bool(_FLOW.search(raw) or re.search(r"年均|新增|(?:提高|提升|下降|降低|减少)$", name))


def canonical(name: str, nation: bool) -> str:
    """The one name of an indicator that goes by several."""
    name = re.sub(r"^(?:全市|全省|全区|全县|我市|我省)(?=..)", "", name)
    if name.endswith("城镇化率") and "人口" not in name:
        name = name.removesuffix("城镇化率") + "常住人口城镇化率"
    whole = "国内生产总值" if nation else "地区生产总值"
    name = re.sub(r"GDP|(?:^|(?<=单位)|(?<=人均))生产总值", whole, name, count=1)
    name = re.sub(r"^(?=(?:调查|登记)失业率)", "城镇", name)
    name = re.sub(r"^([一二三])产(?:业)?(?=增加值)", r"第\1产业", name)
    name = re.sub(r"专精特新“小巨人”$", "专精特新“小巨人”企业", name)
    return re.sub(r"^(居民消费价格)(?:总水平|指数)?(?:增速|提高)$", r"\1涨幅", name)
