"""Units and measure words of plans, as patterns on search text.

They are Chinese characters that also begin everyday words (人才, 家庭, 台阶), so each says by which
characters it is not followed.
"""

import re

# A unit that is also the first half of a word is followed by none of these.
COUNTERS = (
    "个(?![体人性别税案位]|工作日|小时|部门)|人次|人年|人(?![才工口均员民形类生居脸行力机物文身体格家大])|名(?![单额称牌录列城镇优师校医企品])"
    "|家(?![庭长电园政具居禽属校]|乡(?![镇村])|国(?![际家内外有企]))|位(?![次于居列一置移数点])|户次|户(?!籍)|项(?!目)|条(?![件例])|场次|场(?![所景地馆均])|座(?![谈椅])"
    "|所(?![有在以需得属])|处(?![理于置级在罚])|辆次|辆|台套|台(?![阶湾账风])|套|件|张|班次|班(?![子列车级组])"
    "|列(?![入为车])|艘|架次|架|只|头(?![部雁])|羽|株|棵|批次|批(?![发准而])|种(?![植业质子])|次|口(?![岸径袋粮])"
    "|眼|片|栋|幢|间(?![接隔])|支(?![持撑付出柱部援线])|篇|例|门(?![诊类户槛])|对(?![接外口标于应象比照全所中])"
    "|枚|块|部(?![门分署级队委长])|款|宗|笔|起(?![步草飞点到源来])|尾|盏|组(?![织建成合团])|床(?!位)|颗(?!粒)|册|剂|首(?![次个批套台届家都要府])|回(?![合归收报答顾应落])|趟|标箱|标准箱|TEU"
)
_MEASURES = (
    "平方公里|平方千米|平方米|平米|立方米|立方|公里|千米|海里|厘米|毫米|米|公顷|亩次|亩|吨公里|吨标准煤|吨标煤|吨(?!级)"
    "|公斤|千克|毫克|微克|克|斤|千瓦时|千瓦|兆瓦时|兆瓦|吉瓦时|吉瓦|千伏安|万伏|千伏|[kMG]Wh?|[EPZ]?[Ff][Ll][Oo][Pp][Ss]|[EPZ]F(?![A-Za-z])"
    "|[TPGE]B|[MG]bps|P(?![A-Za-z0-9])|EH/?s|℃|度(?=[,。;、)电增]|$)"
)
_MONEY = "美元|欧元|港元|日元|英镑|元"
_TIMES = "个月|小时|分钟|秒|天(?![然津河府下气空])|岁|年"
_SHARES = "个百分点|百分点|个基点|基点|%|‰|倍(?!增)"
_SIMPLE = f"{_SHARES}|个月|{COUNTERS}|{_MEASURES}|{_MONEY}|{_TIMES}"
_PER = rf"/(?:\d+|[十百千万亿]+)*(?:{_SIMPLE}|人|年|月|日|[十百千万亿])"
# 套(间), 条(段): one counted as the one thing or the other.
_OR = r"(?:\((?:间|户|段|处|条|个|座|家|人|栋)\))?"
UNIT = rf"(?:(?:{_SIMPLE}){_OR}(?:{_PER})?|/(?:\d+万|[百千万]+)人?)"

# Of these, what stands before a noun is its size, not its number: 700万吨露天矿.
HEAVY = re.compile(r"吨|千瓦|兆瓦|吉瓦|立方|伏|斤|[kMG]W")
_TIDY = {"百分点": "个百分点", "基点": "个基点", "平米": "平方米", "立方": "立方米"}


def tidy(unit: str) -> str:
    """Return the usual writing of a unit: 平米 is 平方米."""
    return _TIDY.get(unit, unit).replace("(", "（").replace(")", "）")
