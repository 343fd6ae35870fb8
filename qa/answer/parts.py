"""A comparison's question → one question for each thing compared: document, region, year or side."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index import Region
from qa.answer.base import Evidence
from qa.matter import OPPOSITES, aim_of, asks_both, matter
from qa.models import Aim, Question
from qa.named import years_asked
from qa.sources_named import sources_named

_COMPARING = re.compile(
    r"谁更?[高低多少大小快慢]?|哪个?(?:城市|地方|地区|市|省|年|一年)?更?[高低多少大小快慢]|哪一?年|(?<!\d)[两三四五六]年(?![级制来])|从多少[涨升增提降]\S{0,2}?到多少|从(?= |$)|[涨升增]到|[高低多少差]多少|差几个?[点百分]*|相差|各自?(?=是|为|按|多|有|安|$)|对比|比较|相比|vs"
    r"|比一比|(?<![占对之同环可])(?<!收入)比(?!例|重|率|上年|值|特)|从高到低|从低到高|排[个序名一下列]*|[一二两三四五]家|两地|一样吗|是否(?:一致|相同)|和|与|及|跟|、|全省|达到.{0,2}水平了?|要?提高|增加|水平"
    r"|分别|(?:两|三|四)省市?|国务院|报告|定的|说的|安排的?|情况|[有哪]?[一二两三四]?份|把|将",
)
_LEFT = re.compile(r"实际|完成|后来|达到了吗|年初|结果|现状|值(?=$| )")
_SEVERAL = re.compile(r"分别|各|和|与|及|、|哪|谁|差|比|相差|对照|vs", re.I)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing compared: the question for it alone, and what it is called in the answer.

    ``documents`` are those it is asked of; None where the question names none for it. ``series``:
    one of several years.
    """

    question: Question
    label: str
    region: Region | None = None
    documents: frozenset[str] | None = None
    series: bool = False


def parts_of(evidence: Evidence) -> list[Part]:
    """Return the things compared; [] or one when nothing is."""
    question = evidence.question
    if question.intent in {"outline", "metadata", "definition"} or "平均" in question.search:
        # 比全省平均高多少 asks for one figure that a plan may give, not for two.
        return []
    by_document = _by_document(evidence)
    if len(by_document) > 1:
        return by_document
    # Each cell is asked for by the matter alone: the other regions are not part of its name.
    search = bare_matter(question)
    regions: Sequence[Region | None] = question.regions or (None,)
    years: Sequence[int | None] = question.years or (None,)
    if len(regions) == 1 and len(years) == 1:
        return _by_aim(question, search) or _by_side(question)
    return [
        Part(
            replace(
                question,
                search=search,
                regions=(region,) if region else (),
                years=(year,) if year else (),
                aim=_aim_near(question, year),
            ),
            " ".join(x for x in (region.name if region else "", f"{year}年" if year else "") if x),
            region,
            series=len(years) > 1,
        )
        for region in regions
        for year in years
    ]


def bare_matter(question: Question) -> str:
    """The matter without the words that compare."""
    asked = matter(question)
    found = " ".join(_LEFT.sub(" ", _COMPARING.sub(" ", asked)).split())
    return found or asked or question.search


def _by_document(evidence: Evidence) -> list[Part]:
    """One part for each document named, with the year and the aim told beside it."""
    question = evidence.question
    named = sources_named(question.search)
    if len({source.key for source in named}) < 2:
        return []
    search = bare_matter(question)
    years = years_asked(question.search)
    found: dict[str, Part] = {}
    for place, source in enumerate(named):
        end = named[place + 1].start if place + 1 < len(named) else len(question.search)
        about = evidence.regions.named(replace(question, documents=(source.key,)))
        if not about or source.key in found:
            continue
        beside = tuple(int(y.group(1)) for y in years if source.end <= y.start() < end)
        region = question.regions[0] if len(question.regions) == 1 else None
        year = _yearly(evidence, about)
        aim = aim_of(question.search[source.end : end]) or question.aim
        asked = replace(
            question,
            search=search,
            documents=(source.key,),
            years=beside[:1] or _meant(year, aim),
            aim=aim,
        )
        found[source.key] = Part(asked, _called(evidence, about), region, about)
    return list(found.values())


def _yearly(evidence: Evidence, documents: frozenset[str]) -> int | None:
    years = {evidence.regions.years.get(name) for name in documents}
    return years.pop() if len(years) == 1 else None


def _meant(year: int | None, aim: Aim) -> tuple[int, ...]:
    """A report sets aims for its own year and tells what came of the one before."""
    if year is None or not aim:
        return ()
    return (year,) if aim == "target" else (year - 1,)


def _called(evidence: Evidence, documents: frozenset[str]) -> str:
    return f"《{evidence.index.documents[min(documents)].title}》"


def _by_aim(question: Question, search: str) -> list[Part]:
    """The aim and what came of it: 目标是多少，实际完成多少."""
    if not (asks_both(question.search) and question.years):
        return []
    region = question.regions[0] if question.regions else None
    label = " ".join(x for x in (region.name if region else "", f"{question.years[0]}年") if x)
    aims: tuple[tuple[Aim, str], ...] = (("target", "目标"), ("baseline", "实际"))
    return [
        Part(replace(question, search=search, aim=aim), f"{label}{name}", region)
        for aim, name in aims
    ]


def _by_side(question: Question) -> list[Part]:
    """Both sides of a pair of kindred figures: 常住和户籍人口城镇化率."""
    region = question.regions[0] if question.regions else None
    for pair in OPPOSITES:
        found = [re.search(side, question.search) for side in pair]
        if all(found) and _SEVERAL.search(question.search):
            sides = [match.group() for match in found if match]
            return [
                Part(replace(question, search=_one_sided(question.search, own, sides)), own, region)
                for own in sides
            ]
    return []


def _one_sided(search: str, own: str, sides: Sequence[str]) -> str:
    """The question for one side: 常住和户籍人口城镇化率 → 常住人口城镇化率."""
    other = next(side for side in sides if side != own)
    first, second = sorted((search.index(own), search.index(other)))
    between = search[first:second]
    joint = re.search(r"(?:和|与|及|、|以及)$", between)
    tail = search[second:].removeprefix(own).removeprefix(other)
    if joint and len(between) <= len(own) + len(other) + 3:
        return _COMPARING.sub(" ", f"{search[:first]}{own}{tail}")
    return _COMPARING.sub(" ", search.replace(other, " ", 1))


def _aim_near(question: Question, year: int | None) -> Aim:
    """The aim told beside this year: 2025年实际和2026年目标; 2025年和2030年目标 is of both."""
    asked = years_asked(question.search)
    if year is None or len(asked) < 2:
        return question.aim
    # 就业目标: 2020年比2021年低多少: what is said before the years is said of each.
    before = aim_of(question.search[: asked[0].start()])
    aim: Aim = before
    for place in reversed(range(len(asked))):
        end = asked[place + 1].start() if place + 1 < len(asked) else len(question.search)
        beside = question.search[asked[place].end() : end]
        if not re.fullmatch(r"(?:和|与|及|以及|、|,|到|至|还是|比|较)?", beside):
            aim = aim_of(beside) or before
        if int(asked[place].group(1)) == year:
            return aim
    return question.aim
