"""Text (and what was asked before) → Question: regions, years, intent, script. No search."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from index import (
    InputError,
    Region,
    Speller,
    Thesaurus,
    ancestors,
    find_regions,
    lies_in,
    normalise,
)
from qa.models import Intent, Language, Question

LONGEST = 2000

_YEAR = re.compile(r"(?<!\d)((?:19|20|21)\d\d)(?!\d)(?=年|[^\d]|$)年?")
# (不是2030年目标), 别给我2025的: what is named only to be ruled out is taken out of the question.
_REFUSED = re.compile(
    r"[(,;。]?(?:不要|不是问?|别(?:给我|说|看|管|提)?|并非|而非|不问|除了|not )[^(),;。?!:]*?(?:[),;。]|的(?=[,;。:?]|$)|$)",
    re.I,
)
# 和2015年相比: a year that is only compared with.
_PERIOD = re.compile(
    r"十([一二三四五六])五[”\"]?(?:时期|期间|五年)|十([一二三四五六])五[”\"]?[^,。;?]{0,12}年均"
)
_PERIOD_END = re.compile(r"十([一二三四五六])五[”\"]?(?:规划)?期?末")
_BESIDE = re.compile(r"(?:和|与|比|较|同|相对|对照)\s*$")
_BESIDE_AFTER = re.compile(
    r"年?(?:末|底)?(?:时|的)?(?:相比|比较|对比|缩小|扩大|提高|增加|减少|下降)"
)
# A follow-up that takes one side of such a pair replaces the other side.
_SIBLINGS = (
    ("常住", "户籍"),
    ("城镇", "农村"),
    ("城市社区", "农村"),
    ("城市", "农村"),
    ("进口", "出口"),
)
_DOCUMENT = re.compile(
    r"的?[^\d,;。?的]{0,14}?(政府工作报告|工作报告|报告|指导意见|意见|方案|通知|批复)"
)
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,6}[〔\[]\d{4}[〕\]]\d+号")
_NATION = re.compile(r"国家(?=“?十[一二三四五六]五|规划|纲要|层面|20\d\d)|国务院")
# Said of the nation where no other region is named.
_STATE = re.compile(r"国家(?!级|标准|公园|队|实验室|战略)|中央(?!商务|企业|活力|商埠)")
_LATER = re.compile(r"(?:再?往后|再过|之后)(十|五|\d+)年")
_ORDINAL = re.compile(r"第([一二三四五六七八九十]+|\d+)([章节篇])")
_NEXT = re.compile(r"([上下])一([章节篇])")
_PROVINCE = re.compile(r"全省|省里|我省|本省")
_PARTICLES = re.compile(
    r"^(?:那么?|还有|另外|然后|再|又|and|what about|how about)+|[呢吗呀啊吧么?!。,;:]+|(?:的|要|是|有|会|应该)(?=$|呢)"
    r"|多少|几个?|什么|哪些|怎么样|如何|要求|分别|目标值?|为",
    re.I,
)
_DIGITS = "零一二三四五六七八九"

# The first that matches decides; a comparison is told by what it compares, below.
_INTENTS: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    (
        "metadata",
        re.compile(
            r"谁(?:作|做)的|由谁|哪位.{0,6}(?:作|做)的|报告人|什么会(?:议)?上|文号|发文字号|文件编号|索引号|成文日期|(?:发布|发文|成文|印发|发表|刊登)(?:的?(?:日期|时间|机构|机关|单位|部门))"
            r"|联系(?:电话|处室|人|方式)|(?:打|拨)(?:什么|哪个|几号|哪里的?)电话|打哪个|电话(?:号码)?是|记者|作者|来源|署名|落款"
            r"|谁(?:发布|印发|发)的|印发给|(?:何时|什么时候|哪天|几月几[日号]|哪年)(?:印发|发布|发的|出台|公布|成文|刊登)"
            r"|(?:印发|发布|出台|公布|刊登)(?:于|的)?(?:何时|哪天|哪年|什么时候)|规划期|起止年|发布单位|是几月几[日号]的"
            r"|document number|issued|published|reporter|phone|contact|issuing",
            re.I,
        ),
    ),
    (
        "outline",
        re.compile(
            r"第\(?(?:[一二三四五六七八九十]+|\d+)\)?个?(?:[章节篇条项]|部分|板块|方面)|[几多][少个]?[章节篇]|哪(?:一|些|几)?[章节篇]|[章节]的?(?:标题|名称)|章数|节数"
            r"|目录|[上下最后][一后]?[章节篇]|几(?:个|大)?(?:板块|部分)|哪(?:几|些)个?(?:板块|部分)|how many (?:chapters|sections)"
            r"|which chapter|chapter \d",
            re.I,
        ),
    ),
    (
        "definition",
        re.compile(
            r"什么意思|指(?:的是)?什么|是指|什么是|何为|何谓|含义|定义|是哪[一二三四五六七八九十]+[个大项]?|what is meant"
        ),
    ),
    (
        "figure",
        re.compile(
            r"多少|(?<![好前头这那后边近哪数])几(?:成|个|家|所|座|处|条|公里|万|倍|平方|亩|吨|人|户|名|项|张|套|分钟|级|条|%)|百分之几|多(?:大|高|长|快)"
            r"|占比|比例|比重|(?:率|值|面积|规模|收入比|浓度)(?:目标|是|要|达|\d| |$|\?)|(?<!建设)(?<!发展)(?<!主要)(?<!总体)(?<!工作)目标(?:值|数)?[是为]?\??$|哪一?年"
            r"|how (?:many|much|large)|what (?:share|percentage|proportion)|rate|target|coverage",
            re.I,
        ),
    ),
    ("list", re.compile(r"哪些|哪几|有什么|包括什么|列[出举一]|都有|分别是|which|list", re.I)),
    (
        "measures",
        re.compile(r"怎么|怎样|如何|措施|举措|办法|打算|推进|怎么办|how (?:will|does|to)", re.I),
    ),
)
_COMPARES = re.compile(
    r"谁|哪个|高于|低于|高多少|低多少|比|差|相比|对比|排[序名个]|最[高低]|分别|和|与|跟|vs|compare|higher|lower|versus|提高|增加",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of a corpus that helps to understand questions on it."""

    regions: tuple[Region, ...] = ()
    speller: Speller | None = None
    thesaurus: Thesaurus | None = None


_NOTHING = Knowledge()


def parse(text: str, history: Sequence[str] = (), known: Knowledge = _NOTHING) -> Question:
    """Understand ``text`` as the last of a conversation.

    Args:
        text: as typed, in any script, or English.
        history: the user's earlier questions, oldest first.
        known: the corpus' regions, its spelling, and a thesaurus.

    Raises:
        InputError: nothing asked, or more than ``LONGEST`` characters.
    """
    search = _checked(text)
    corrections: tuple[tuple[str, str], ...] = ()
    if known.speller is not None:
        search, corrections = known.speller.correct(search)
    regions = known.regions
    earlier = ""
    for question in history:
        asked = normalise(question[:LONGEST]).text
        earlier = _resolve(earlier, asked, regions)[0] if earlier else asked
    full, carried = _resolve(earlier, search, regions) if earlier else (search, "")
    full = _REFUSED.sub(" ", full).strip() or full
    held, unknown = _regions(full, regions)
    return Question(
        text=text,
        search=full,
        carried=carried,
        regions=held,
        unknown=unknown,
        years=_years(full),
        period=_period(full),
        intent=_intent(full, held, _years(full)),
        traditional=_is_traditional(text),
        language=_language(search),
        corrections=corrections,
        expansions=tuple(known.thesaurus.expand(full)) if known.thesaurus else (),
        documents=_documents(full),
    )


def _checked(text: str) -> str:
    if len(text) > LONGEST:
        raise InputError(
            f"问题过长：共 {len(text)} 个字符，最多 {LONGEST} 个。请只写要问的一句话。"
        )
    search = normalise(text).text
    if not any(unicodedata.category(c)[0] in "LN" for c in search):
        raise InputError(
            "问题是空的，或只有标点和控制字符。请输入要问的内容，例如：济南2025年城镇化率目标。"
        )
    return search


def _years(search: str) -> tuple[int, ...]:
    """The years asked about: not those refused, nor those that are only compared with."""
    found: list[int] = []
    for match in _YEAR.finditer(search):
        before, after = search[: match.start()], search[match.end() :]
        beside = _BESIDE.search(before) and _BESIDE_AFTER.match(after)
        if not (beside and found == []) and not _names_document(before, after):
            found.append(int(match.group(1)))
    if not found:
        found += [_five_years(digit)[1] for digit in _PERIOD_END.findall(search)]
    return tuple(dict.fromkeys(found))


def _five_years(ordinal_: str) -> tuple[int, int]:
    """第十四个五年 is 2021–2025; the eleventh began in 2006."""
    first = 2001 + 5 * _DIGITS.index(ordinal_)
    return first, first + 4


def _period(search: str) -> tuple[int, int] | None:
    """The period that the question asks about; a plan's name alone is none."""
    match = _PERIOD.search(search)
    return _five_years(match.group(1) or match.group(2)) if match else None


def _names_document(before: str, after: str) -> bool:
    """Whether a year tells which document is meant: 2019年政府工作报告, 国发〔2018〕42号."""
    if before.endswith(("〔", "[")) or re.match(r"[〕\]]", after):
        return True
    return bool(_DOCUMENT.match(after))


def _documents(search: str) -> tuple[str, ...]:
    """The numbers, and years with kinds, by which the question names documents."""
    found = [re.sub(r"[\[〔]", "〔", re.sub(r"[\]〕]", "〕", n)) for n in _NUMBER.findall(search)]
    for match in _YEAR.finditer(search):
        kind = _DOCUMENT.match(search[match.end() :])
        if kind and search[match.start() - 1 : match.start()] not in {"〔", "["}:
            found.append(f"{match.group(1)} {kind.group(1)}")
    return tuple(dict.fromkeys(found))


def _regions(
    search: str, corpus: tuple[Region, ...]
) -> tuple[tuple[Region, ...], tuple[Region, ...]]:
    """Return the regions named: those that the corpus can speak of, and the others."""
    known: list[Region] = []
    unknown: list[Region] = []
    mentions = _mentions(search, corpus)
    for place, (_, end, region) in enumerate(mentions):
        after = mentions[place + 1] if place + 1 < len(mentions) else None
        if after and after[0] == end and region in ancestors(after[2]):
            # 山东省济南市历城区 names one region, not three.
            continue
        related = any(lies_in(region, c) and c.level != "国家" for c in corpus)
        held = (
            any(lies_in(c, region) for c in corpus) if region.level != "国家" else region in corpus
        )
        if related or held:
            known.append(region)
        elif region.level not in {"国家", "县级"} or parent_named(region, search):
            unknown.append(region)
    return tuple(dict.fromkeys(known)), tuple(dict.fromkeys(unknown))


def parent_named(region: Region, search: str) -> bool:
    """Whether the text names a region around this one: 平房区 alone may be any run-down quarter."""
    return any(outer.short in search for outer in ancestors(region) if outer.level != "国家")


def _mentions(search: str, corpus: tuple[Region, ...]) -> list[tuple[int, int, Region]]:
    near = frozenset(code for region in corpus for code in (region.code, region.parent))
    found = [
        (start, end, _closest(candidates, corpus))
        for start, end, candidates in find_regions(search, near - {"0", ""})
    ]
    if not found or _PROVINCE.search(search):
        found += _province(search, [region for _, _, region in found], corpus)
    nation = next((region for region in corpus if region.level == "国家"), None)
    if nation is not None and not found:
        found += [(m.start(), m.end(), nation) for m in _STATE.finditer(search)][:1]
    if nation is not None:
        found += [(m.start(), m.end(), nation) for m in _NATION.finditer(search)]
    lowered = search.lower()
    for region in corpus:
        for match in re.finditer(rf"(?<![a-z]){region.latin}(?![a-z])", lowered):
            found.append((match.start(), match.end(), region))
    return sorted(found, key=lambda mention: mention[0])


def _closest(candidates: Sequence[Region], corpus: tuple[Region, ...]) -> Region:
    """Of several regions of one name, the one that the corpus is about."""
    for region in candidates:
        if any(lies_in(region, c) or lies_in(c, region) for c in corpus if c.level != "国家"):
            return region
    return candidates[0]


def _province(
    search: str, named: list[Region], corpus: tuple[Region, ...]
) -> list[tuple[int, int, Region]]:
    """全省 is the province of the region named beside it, or the only one of the corpus."""
    match = _PROVINCE.search(search)
    if not match:
        return []
    provinces = [region for region in corpus if region.level == "省级"]
    around = [p for p in provinces if any(lies_in(region, p) for region in named)] or provinces
    return [(match.start(), match.end(), around[0])] if len(set(around)) == 1 else []


def _resolve(earlier: str, asked: str, corpus: tuple[Region, ...]) -> tuple[str, str]:
    """Put what ``asked`` changes into ``earlier``; return the whole question and what is carried.

    A question that stands on its own carries nothing.
    """
    if not _is_elliptic(asked, corpus):
        return asked, ""
    base = _replace_regions(earlier, asked, corpus)
    base = _replace_years(base, asked)
    base = _replace_ordinal(base, asked)
    fresh = _residual(asked, corpus)
    base = _replace_sibling(base, fresh)
    return (f"{base} {fresh}", base) if fresh else (base, "")


def _is_elliptic(asked: str, corpus: tuple[Region, ...]) -> bool:
    if re.match(r"那|还有|另外|再|what about|how about|and ", asked, re.I) or asked.rstrip(
        "?"
    ).endswith("呢"):
        return True
    rest = _residual(asked, corpus)
    has_region = bool(_mentions(asked, corpus))
    return len(rest) <= (2 if has_region else 8)


def _residual(asked: str, corpus: tuple[Region, ...]) -> str:
    """What is left of a follow-up without regions, years and particles."""
    kept, at = [], 0
    for start, end, _ in _mentions(asked, corpus):
        kept.append(asked[at:start])
        at = max(at, end)
    kept.append(asked[at:])
    rest = _LATER.sub("", _NEXT.sub("", _YEAR.sub("", "".join(kept))))
    return _PARTICLES.sub("", _PARTICLES.sub("", rest)).strip()


def _replace_regions(earlier: str, asked: str, corpus: tuple[Region, ...]) -> str:
    new = _mentions(asked, corpus)
    if not new:
        return earlier
    kept, at = [], 0
    for start, end, _ in _mentions(earlier, corpus):
        kept.append(earlier[at:start])
        at = max(at, end)
    kept.append(earlier[at:])
    names = "和".join(dict.fromkeys(region.name for _, _, region in new))
    return names + "".join(kept)


def _replace_years(earlier: str, asked: str) -> str:
    new = list(_years(asked))
    later = _LATER.search(asked)
    if later and not new and _years(earlier):
        new = [_years(earlier)[-1] + {"十": 10, "五": 5}.get(later.group(1), 0)]
        if later.group(1).isdigit():
            new = [_years(earlier)[-1] + int(later.group(1))]
    if not new:
        return earlier
    words = "和".join(f"{year}年" for year in new)
    if not _years(earlier):
        return f"{earlier} {words}"
    first = _YEAR.search(earlier)
    assert first is not None
    return earlier[: first.start()] + words + _YEAR.sub("", earlier[first.end() :])


def _replace_sibling(earlier: str, fresh: str) -> str:
    """户籍的呢 after a question on the 常住 rate asks for the 户籍 rate."""
    for one, other in _SIBLINGS:
        for mine, its in ((one, other), (other, one)):
            if mine in fresh and its in earlier and mine not in earlier:
                return earlier.replace(its, mine)
    return earlier


def _replace_ordinal(earlier: str, asked: str) -> str:
    """下一章 after a question on 第五章 is 第六章."""
    step, found = _NEXT.search(asked), _ORDINAL.search(earlier)
    if not step or not found or step.group(2) != found.group(2):
        return earlier
    number = ordinal(found.group(1)) + (1 if step.group(1) == "下" else -1)
    return (
        earlier[: found.start()] + f"第{numeral(number)}{found.group(2)}" + earlier[found.end() :]
    )


def ordinal(digits: str) -> int:
    """Return the number that 五, 十二 or 12 stands for, below 100."""
    if digits.isdigit():
        return int(digits)
    tens, _, ones = digits.rpartition("十")
    base = 0
    if "十" in digits:
        base = 10 * (_DIGITS.index(tens) if tens else 1)
    return base + (_DIGITS.index(ones) if ones else 0)


def numeral(number: int) -> str:
    """Return ``number``, below 100, in Chinese: 12 → 十二."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones or not head else "")


def _intent(search: str, regions: tuple[Region, ...], years: tuple[int, ...]) -> Intent:
    compares = _COMPARES.search(search) and (len(regions) > 1 or len(years) > 1)
    for intent, pattern in _INTENTS:
        if pattern.search(search):
            return "comparison" if compares and intent in {"figure", "list", "measures"} else intent
    return "comparison" if compares else "passage"


def _is_traditional(text: str) -> bool:
    simplified = normalise(text).text
    return any("\u3400" <= c <= "\u9fff" and c not in simplified for c in text)


def _language(search: str) -> Language:
    latin = sum(c.isascii() and c.isalpha() for c in search)
    chinese = sum("\u3400" <= c <= "\u9fff" for c in search)
    return "en" if latin > 3 * max(1, chinese) else "zh"
