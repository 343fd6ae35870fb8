"""What a question is about, without what frames it: its matter, its unit, and its aim. Pure."""

import re
from functools import lru_cache

from index import bigrams
from qa.models import Aim, Question
from qa.sources_named import sources_named

# Words of a question that say nothing of which figure is meant.
_FRAME = re.compile(
    r"(?<!\d)20[0-4]\d年?|十[二三四五六]五(?:时期|期间|末)?|到?(?:本|去|今|明)年|末|底|(?<!学)前|"
    r"目标值?|指标|是多少|有多少|多少|要?达到|达到?了?|提高到?|增加到?(?!值)|建成了?|保持在?|不(?:低|少)于|至少|"
    r"规划|计划|要求|预期(?!寿命)|任务|数值|数字|数据|百分之几|几|个百分点|是否|吗|呢|请问|查一?下|告诉我|"
    r"what|is|the|of|for|in|by|how|many|much|target|goal|will|be|does|rate"
)
_TITLE = re.compile(r"《[^》]*》")
# A figure on one side of such a pair is not the figure on the other. Each side is a pattern.
OPPOSITES = (
    ("常住(?!地)", "户籍"),
    ("城镇(?!化)", "农村|农牧民|牧区"),
    ("城市(?!化)", "农村"),
    ("城镇(?!化)", "乡村"),
    ("男", "女"),
    ("进口", "出口(?!口)"),
    ("高中", "学前"),
    ("中职|中等职业", "高职|高等职业"),
    ("婴儿", "孕产妇"),
    ("医师|医生|大夫|医护", "护士"),
    ("一般公共预算收入", "一般公共预算支出"),
    ("地表水", "地下水"),
    ("二氧化碳|碳排放", "能耗|能源消耗"),
    ("普惠性?幼儿园", "公办幼儿园"),
)
SHARES = ("%", "‰", "个百分点", "")
# Units that count the same things: 多少家 may be answered in 户.
UNITS_ALIKE = (
    {"元", "亿元", "万元"},
    {"亩", "公顷", "平方公里", "平方米"},
    {"公里", "米"},
    {"人", "人次", "名", "位"},
    {"吨", "斤", "公斤"},
    # Everyday speech counts a thing by another measure word than a plan: 几台电梯, 电梯300部.
    set("家所座处个户条台部辆套架艘栋张颗"),
)
_COUNTED = r"平方公里|平方米|立方米|公里|亿元|万元|元|亩|公顷|吨|公?斤|微克|千瓦时|千瓦|米|岁|张|套|人次|人|户(?!籍)|名(?!额)|家(?!庭)|所|座|处|条|台|辆|场"
_UNIT_ASKED = re.compile(rf"(?:多少|几)(?:[百千万亿]*)({_COUNTED})")
_SCALES = {"百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}
# Everyday ways to ask for money, a share or a time, and the units that answer them.
_UNITS_ASKED = (
    (re.compile(r"(?:多少|几块|几个)钱|(?:多少|几)块(?![地田])"), ("元",)),
    (
        re.compile(
            r"(?:抵|扣|领|缴|花|挣|赚|省|便宜|报销|罚)(?:了|掉|到|得)?多少(?![\u4e00-\u9fff]{0,2}[人户家次亩项个])"
        ),
        ("元", *SHARES),
    ),
    (
        re.compile(
            r"how much[^?]*(?:deduct|cost|spend|spent|paid|pay|invest|subsid)|how many yuan", re.I
        ),
        ("元",),
    ),
    (re.compile(r"how many (?:kilomet|km)", re.I), ("公里",)),
    (
        re.compile(
            r"how many (?:[a-z]+ )?(?:people|persons|residents|jobs|workers|students)", re.I
        ),
        ("人",),
    ),
    (
        re.compile(
            r"几成|百分之(?:几|多少)|(?:几|多少)个?百?分?点(?![钟多])|what (?:share|percentage|proportion)"
        ),
        SHARES,
    ),
    (
        re.compile(r"多大会儿?|多长时间|多久(?!以)|(?:多少|几)个?小时|(?:多少|几)分钟"),
        ("小时", "分钟", "天", "个月", "年"),
    ),
)
_TARGET = re.compile(
    r"目标(?!好|高|低|任务)|计划|预期(?!寿命)|预计|力争|打算|准备(?!金)|争取|拟|安排|年初定|不低于|不少于|至少|将要?|(?<![主需重必摘概纲只不想])要(?=[达提降建新控增完到有改整治盖修装种办招培发引打])"
    r"|target|goal|aim|ceiling|\bset (?:by|for|at)\b|plans? to|expected to"
)
_STATE = re.compile(
    r"现状|实际|(?<!计划)(?<!打算)(?<!争取)(?<!力争)(?<!确保)(?<!预计)(?<!将)(?<!要)(?<!拟)完成(?!目标)|末）?的|目前|现在|当前|已经|已有|现有|达到了|实现了|基期|了多少|去年|结果"
)


def units_asked(search: str) -> tuple[str, ...]:
    """The units that the answer may be in, as the question's words want; () for any."""
    match = _UNIT_ASKED.search(search)
    if match:
        return (match.group(1),)
    return next((units for asked, units in _UNITS_ASKED if asked.search(search)), ())


def scale_asked(search: str) -> float:
    """How many of the bare unit the one asked for holds: 多少万人 1e4, 多少亿元 1e8; 0 if none."""
    match = _UNIT_ASKED.search(search)
    if match is None:
        return 0.0
    scale = 1.0
    for character in match.group():
        scale *= _SCALES.get(character, 1.0)
    return scale if scale > 1 else 0.0


def aim_of(search: str) -> Aim:
    """Whether an aim is asked for, or a state; "" where the words say neither or both."""
    wanted, stated = bool(_TARGET.search(search)), bool(_STATE.search(search))
    if wanted == stated:
        return ""
    return "target" if wanted else "baseline"


def asks_both(search: str) -> bool:
    """Whether an aim and what became of it are asked for."""
    return bool(_TARGET.search(search)) and bool(_STATE.search(search))


def pieces(search: str) -> list[str]:
    """Return character pairs, Latin words and numbers of normalised text."""
    return bigrams(search) + words_of_latin(search)


def words_of_latin(search: str) -> list[str]:
    """Return the Latin words of normalised text, in lower case."""
    return re.findall(r"[a-z][a-z0-9.+-]*|5g", search.lower())


def matter(question: Question) -> str:
    """What the question is about, without regions, years and the words that frame it."""
    search = _unnamed(question.search)
    for region in (*question.regions, *question.unknown):
        for name in (region.name, region.short):
            search = search.replace(name, "")
    if question.language == "en":
        for region in question.regions:
            search = re.sub(rf"\b{region.latin}('s)?\b", "", search, flags=re.I)
    if question.language == "en":
        told = [e for e in question.expansions if _is_told(e.matched, search)]
        search = " ".join(e.entry.term for e in told or question.expansions) or search
    return _bare(search) if question.language == "zh" else _spaced(search)


def _bare(search: str) -> str:
    """Words without those that frame a question."""
    return _spaced(_FRAME.sub(" ", search))


def _spaced(search: str) -> str:
    return " ".join(re.sub(r"[?,。;:!()、“”《》]", " ", search).split())


def _is_told(phrase: str, search: str) -> bool:
    """Whether an English phrase, in whatever order and number, stands in ``search``."""
    said = search.lower()
    return all(word.rstrip("s") in said for word in re.findall(r"[a-z]{3,}", phrase.lower()))


def _unnamed(search: str) -> str:
    """The question without the documents it names: these tell where to look, not what for."""
    rest = search
    for named in reversed(sources_named(search)):
        rest = rest[: named.start] + " " + rest[named.end :]
    rest = _TITLE.sub(" ", rest)
    return rest if re.search(r"[a-z\u4e00-\u9fff]{2}", rest, re.I) else search


# At most so many wordings of a question are looked up.
_WORDINGS = 8


def wordings(asked: str, question: Question) -> list[str]:
    """The matter as asked, and with a wording of the thesaurus in place of the one used.

    Everyday words are all put into official ones at once; the official ones alone are a wording too.
    """
    found = [asked]
    official = [e.matched for e in question.expansions if e.exact and e.matched in asked]
    # 平均能活多少岁 stands in the matter without 多少.
    lay = [
        e
        for e in question.expansions
        if not e.exact and not e.matched.isascii() and (_bare(e.matched) or "?") in asked
    ]
    if lay and question.language == "zh" and question.intent in {"figure", "comparison"}:
        told = asked
        for expansion in lay:
            told = told.replace(_bare(expansion.matched), f" {expansion.entry.term} ")
        terms = dict.fromkeys([*official, *(e.entry.term for e in lay)])
        found += [" ".join(told.split()), " ".join(terms)]
        # What stands last is what is counted: 闹疫情那会儿,上网费便宜了多少.
        last = max(lay, key=lambda expansion: asked.rindex(_bare(expansion.matched)))
        found += [last.entry.term] if official or len(lay) > 1 else last.wordings
    for expansion in question.expansions:
        used = expansion.entry.term if question.language == "en" else expansion.matched
        if used.lower() in asked.lower():
            at = asked.lower().index(used.lower())
            others = [w for w in expansion.wordings if w != used]
            found += [asked[:at] + other + asked[at + len(used) :] for other in others]
    return list(dict.fromkeys(found))[:_WORDINGS]


def contradicts(asked: str, name: str) -> bool:
    """Whether the name stands on the other side of a pair that the question takes a side in."""
    if any(mine and _has(its, name) and not _has(mine, name) for mine, its in _sides(asked)):
        return True
    # 城镇化率 alone is that of the resident population.
    return "城镇化率" in asked and "户籍" not in asked and "户籍" in name


def lacks_side(asked: str, sentence: str) -> bool:
    """Whether the question takes a side of a pair that ``sentence`` does not name."""
    return any(not _has(mine, sentence) for mine, _ in _sides(asked))


@lru_cache(maxsize=256)
def _sides(asked: str) -> tuple[tuple[str, str], ...]:
    """The pairs, own side first, of which ``asked`` takes one side and does not name the other.

    Kept, since one question is held against every figure of an index.
    """
    return tuple(
        (mine, its)
        for pair in OPPOSITES
        for mine, its in (pair, pair[::-1])
        if _has(mine, asked) and not _has(its, asked)
    )


def _has(pattern: str, text: str) -> bool:
    return re.search(pattern, text) is not None
