"""Whether a sentence gives the figure asked for, where the ledger of figures does not know it.

A question in official wording, 最低工资标准, names its figure: the clause with the number must name it
too. One in everyday words, 当官的上门查厂子, is answered by what is near in meaning.
"""

import re
from dataclasses import dataclass

import numpy as np

from index import Chunk, Indicator, Span, lies_in, normalise, words
from qa.answer.base import Evidence
from qa.cite import section_path
from qa.figure_fit import PACE
from qa.matter import UNITS_ALIKE, lacks_side, matter, units_asked, wordings

# Chosen on labelled questions, see benchmarks/RESULTS.md: how much of the words of a term must
# stand in the clause with the number, and from which likeness on a wording counts as official.
_NAMED = 0.6
_BESIDE = 0.6
_HALVES = 0.8
_SOMEWHERE = 0.5
_KNOWN = 0.75
_PARTLY = 0.4
_WORDED = 0.45
_LEAST = 0.25
# From this likeness of the whole on, a clause is about what is asked, however it is worded.
_SURELY = 0.65
# So many characters in common with the title are its name.
_TITLE = 6
# A term shorter than this is too common to be the name of a figure, unless it is short for more.
_SHORTEST = 3
_LONG = 6
# A clause with so many characters says itself what is counted.
_CLAUSED = 4
_HOW_MANY = re.compile("多少|几")
# Terms that tell how or when a figure is taken, not of what.
_TIMELESS = re.compile(r"^(?:“?十[一二三四五六]五”?|年均|实际)(?=..)")
_NO_NAME = re.compile(r"年均|增长|增速|时期|目标|占比|比重|同比|环比")
# A number that is not part of a name such as PM2.5, 5G or IPv6; small ones may be in Chinese.
NUMBER = re.compile(
    r"(?<![A-Za-z\d.])\d+(?:\.\d+)?(?![A-Za-z\d.])(?!岁(?:及|以|到|至))"
    r"|(?<!进)[一二两三四五六七八九十百千]+(?=[个条项座处家级分章年类种所倍街轴核极圈园镇村字步期片大半])"
    r"|一半|过半|半数|数以[十百千万亿]计|翻一?番|全覆盖|分之[一二三四五六七八九十]"
)
_CLAUSE = re.compile(r"[^,;:。!?]+[,;:。!?]*")
_GREW = re.compile("增长|增速|增幅|增加(?!值)|涨|提高|递增|下降|减|翻|升|快于|高于")
_WHEN_ONLY = re.compile(r"^(?:到|至|截至)?\d{4}年(?:底|末|前)?[,:]$")
# 达到85%: such a clause goes on about what the one before it names.
_GOES_ON = re.compile(
    r"^(?:均|也|约|已|力争|努力|预计|基本|全部)?(?:达|提|增|降|超|控|稳定|保持|位|突破|下降|缩|实现|完成|累计|平均|同比|到20)"
)
NO_FIGURE = "最接近的段落没有给出所问的数值。"
OTHER_FIGURE = "最接近的段落与所问的指标不符。"


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause with a number, with what it goes on about.

    ``named`` is the share of the matter's words in it; ``late`` and ``dense`` are the likeness of
    words and of the whole, 0 to 1.
    """

    text: str
    named: float
    late: float
    dense: float


def figure_refusal(evidence: Evidence, chunk: Chunk, span: Span, sentence: str) -> str:
    """Return why ``sentence`` (normalised, at ``span``) does not give the figure asked for.

    It must be on a region asked about, hold a number that the question does not, on the side of a
    pair that the question takes, of the year, and name what the question names officially.
    """
    question = evidence.question
    asked = _untitled(matter(question), evidence.index.catalogue[chunk.document_id].title)
    if not _on_region(evidence, chunk, sentence):
        return f"索引中没有关于{question.regions[0].name}的这一数值。"
    clauses = _with_number(evidence, asked, sentence)
    if not clauses:
        return NO_FIGURE
    if PACE.search(question.search) and not any(_GREW.search(c.text) for c in clauses):
        return OTHER_FIGURE
    if lacks_side(asked, sentence):
        return "最接近的段落说的是另一项指标。"
    best = max(clauses, key=lambda c: c.named + c.late + c.dense)
    if not _has_years(evidence, chunk) or _of_other_years(evidence, chunk, span, best.text):
        years = "、".join(f"{year}年" for year in question.years)
        return f"最接近的段落没有载明{years}的数值。"
    return "" if question.language == "en" else _unnamed(evidence, asked, chunk, clauses, best)


def _unnamed(
    evidence: Evidence, asked: str, chunk: Chunk, clauses: list[_Clause], best: _Clause
) -> str:
    """Say that no clause names what is asked for; "" when one does, or is near in meaning."""
    term = _term(evidence, counted_in(asked, evidence.question.search), chunk.document_id)
    if term and not any(_held(evidence, term, clause.text) >= _NAMED for clause in clauses):
        return f"最接近的段落没有给出{term[0]}的数值。"
    official = evidence.ledger.known(asked) >= _KNOWN or best.late >= _PARTLY
    near = max(best.dense, best.late) >= _LEAST
    told = best.named >= _WORDED or best.dense >= _SURELY
    return "" if near and (told or not official) else OTHER_FIGURE


def counted_in(asked: str, search: str) -> str:
    """The matter, or of a sentence of several clauses what the one with 多少 or 几 says of it.

    广州办全运会,把几座旧体育馆收拾了一遍 counts halls, not games.
    """
    clauses = [clause for clause in re.split("[,;。:?!]", search) if clause]
    counting = [clause for clause in clauses if _HOW_MANY.search(clause)]
    if len(clauses) < 2 or len(counting) != 1:
        return asked
    held = [word for word in asked.split() if word in counting[0]]
    return " ".join(held) if len("".join(held)) >= _CLAUSED else asked


def _untitled(asked: str, title: str) -> str:
    """The matter without the words of the document's title that tell where to look."""
    title = normalise(title).text
    for length in range(min(len(asked), len(title)), _TITLE - 1, -1):
        for at in range(len(asked) - length + 1):
            if asked[at : at + length] in title:
                return (asked[:at] + asked[at + length :]).strip() or asked
    return asked


def _with_number(evidence: Evidence, asked: str, sentence: str) -> list[_Clause]:
    """The clauses that hold a number, in the unit asked for if one is, that the question has not."""
    given = set(NUMBER.findall(evidence.question.search))
    unit = measured(units_asked(evidence.question.search))
    texts, before = [], ""
    for match in _CLAUSE.finditer(sentence):
        text = match.group()
        whole = before + text if _GOES_ON.match(text) or _WHEN_ONLY.match(before) else text
        counted = whole if _WHEN_ONLY.match(before) else text
        if set(NUMBER.findall(counted)) - given and (unit.search(text) or "数以" in text):
            texts.append(whole)
        before = whole
    if not texts:
        return []
    dense, late = evidence.index.likeness(asked or evidence.question.search, texts)
    named = [_held(evidence, wordings(asked, evidence.question), text) for text in texts]
    return [_Clause(*row) for row in zip(texts, named, late.tolist(), dense.tolist(), strict=True)]


def measured(units: tuple[str, ...]) -> re.Pattern[str]:
    """How a figure in one of ``units`` stands in a text; in any unit if there are none."""
    if not units:
        return re.compile("")
    if "%" in units:
        money = r"|元" if "元" in units else ""
        return re.compile(
            rf"[\d.][%‰]|[\d一二三四五六七八九]成|分之|半|百分点|倍|全部|全覆盖{money}"
        )
    alike = [set(units), *(alike for alike in UNITS_ALIKE if not alike.isdisjoint(units))]
    unit = "|".join(sorted(map(re.escape, set.union(*alike)), key=len, reverse=True))
    # 86.5万人次, or as a table has it, 人次86.5万.
    return re.compile(
        rf"[\d一二三四五六七八九十][\d.,]*[余多]?[百千万亿]*(?:{unit})|(?:{unit})次?[为达]?\d"
    )


def _held(evidence: Evidence, worded: list[str], text: str) -> float:
    """The greatest share, by rarity, of the words of one of ``worded`` that ``text`` holds."""
    shares = [0.0]
    for wording in worded:
        asked = [word for word in dict.fromkeys(words(wording)) if not word.isdigit()]
        if not asked:
            continue
        frequencies = np.array(evidence.index.sparse.document_frequencies(asked))
        rarity = np.log1p(len(evidence.index.chunks) / (1 + frequencies))
        held = np.array([_stands(word, text.lower()) for word in asked])
        shares.append(float(rarity @ held / rarity.sum()))
    return max(shares)


def _stands(word: str, text: str) -> float:
    """1 where a word stands in a text, less where only its halves do: 财政收入 in 财政总收入."""
    if word in text:
        return 1.0
    half = len(word) // 2
    return _HALVES if len(word) == 4 and word[:half] in text and word[half:] in text else 0.0


def is_named(evidence: Evidence, indicator: Indicator) -> bool:
    """Whether the last official term of the question stands in the name of a figure, or beside it.

    The other terms must stand somewhere near: 水稻种植机械化率 is not that of 油菜.
    """
    text = evidence.index.documents[indicator.document_id].text
    terms = _terms(evidence, matter(evidence.question), indicator.document_id)
    if not terms:
        return True
    value = normalise(indicator.span.of(text)).text
    sentence = normalise(indicator.sentence.of(text)).text
    clause = next((c for c in _CLAUSE.findall(sentence) if value in c), sentence)
    *others, last = terms
    headings = section_path(evidence.outline(indicator.document_id).sections, indicator.sentence)
    near = indicator.name + sentence + normalise("".join(headings)).text
    return _held(evidence, last, indicator.name + clause) >= _BESIDE and all(
        _held(evidence, term, near) >= _SOMEWHERE for term in others
    )


def _term(evidence: Evidence, asked: str, document_id: str) -> list[str]:
    """The wordings of the last official term in the matter: what stands last is what is counted."""
    found = _terms(evidence, asked, document_id)
    long = [term for term in found if len(term[0]) >= _SHORTEST or max(map(len, term)) >= _LONG]
    return long[-1] if long else []


def _terms(evidence: Evidence, asked: str, document_id: str) -> list[list[str]]:
    """The wordings of each official term in the matter, in the order in which they stand.

    A term of the document's title tells where to look, not what for.
    """
    title = normalise(evidence.index.catalogue[document_id].title).text
    found = [
        (asked.rindex(e.matched), e)
        for e in evidence.question.expansions
        if e.exact
        and e.matched in asked
        and not any(wording in title for wording in (e.matched, *e.wordings))
        and not _NO_NAME.fullmatch(_TIMELESS.sub("", e.matched))
    ]
    found.sort(key=lambda pair: pair[0])
    return [[e.matched, *(w for w in e.wordings if w != e.matched)] for _, e in found]


def _has_years(evidence: Evidence, chunk: Chunk) -> bool:
    """Whether every year asked about stands in the passage or its headings, or is the report's.

    Of several years, the one in which the document was issued may be there to name it.
    """
    issued = evidence.index.catalogue[chunk.document_id].issued[:4]
    asked = [year for year in evidence.question.years if str(year) != issued]
    context = " ".join((*chunk.section, normalise(evidence.index.text(chunk)).text))
    context += f" {evidence.regions.years.get(chunk.document_id, '')}"
    years = asked or evidence.question.years
    return all(re.search(rf"(?<!\d){year}(?!\d)", context) for year in years)


def _of_other_years(evidence: Evidence, chunk: Chunk, span: Span, clause: str) -> bool:
    """Whether the ledger knows the figures of the clause, and all as those of other years."""
    known = [
        match.timely
        for match in evidence.ledger.within(evidence.question, chunk.document_id, span)
        if normalise(match.indicator.span.of(evidence.index.documents[chunk.document_id].text)).text
        in clause
    ]
    return bool(known) and all(timely is False for timely in known)


def _on_region(evidence: Evidence, chunk: Chunk, sentence: str) -> bool:
    """Whether the sentence stands in a document on a region asked about, or names one."""
    asked = evidence.question.regions
    regions = evidence.regions
    return not asked or any(
        region.short in sentence
        or any(
            name == chunk.document_id and lies_in(own, region)
            for name, own in regions.of_document.items()
        )
        for region in asked
    )
