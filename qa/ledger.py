"""Question ↔ the ledger of figures: which Indicator is asked for, if any."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from index import Index, Indicator, Region, bigrams, normalise, resolve_region
from qa.models import Passage, Question

# Words of a question that say nothing of which figure is meant.
_FRAME = re.compile(
    r"(?<!\d)20[0-4]\d年?|十[二三四五六]五(?:时期|期间|末)?|到?(?:本|去|今|明)年|末|底|前|"
    r"目标值?|指标|是多少|有多少|多少|要?达到|达到?了?|提高到?|增加到?|新?建成?了?|保持在?|不(?:低|少)于|至少|"
    r"规划|计划|要求|预期|任务|数值|数字|数据|百分之几|几|个百分点|是否|吗|呢|请问|查一?下|告诉我|"
    r"what|is|the|of|for|in|by|how|many|much|target|goal|will|be|does|rate"
)
# A figure on one side of such a pair is not the figure on the other.
OPPOSITES = (
    ("常住", "户籍"),
    ("城镇", "农村"),
    ("城市", "农村"),
    ("城镇", "乡村"),
    ("男", "女"),
    ("进口", "出口"),
    ("高中", "学前"),
    ("一般公共预算收入", "一般公共预算支出"),
)
_UNIT_ASKED = re.compile(
    r"(?:多少|几)(平方公里|平方米|立方米|公里|亿元|万元|元|亩|公顷|吨|米|岁|张|套|人|家|所|座|个百分点)"
)
_UNITS_ALIKE = ({"元", "亿元", "万元"}, {"亩", "公顷", "平方公里", "平方米"}, {"公里", "米"})
_STATE = re.compile(
    r"现状|目前|现在|当前|已经|已有|现有|完成了|达到了|实现了|基期|现在有|了多少|去年"
)


@dataclass(frozen=True, slots=True)
class Match:
    """An indicator and how well it is what the question asks.

    ``score`` is about 0 to 1; ``timely`` tells whether year or period are those asked about, None
    where the question names none.
    """

    indicator: Indicator
    score: float
    timely: bool | None


@dataclass(frozen=True)
class Ledger:
    """The figures of one index, ready to be asked for."""

    index: Index

    @cached_property
    def _names(self) -> tuple[frozenset[str], ...]:
        return tuple(frozenset(pieces(i.name)) for i in self.index.indicators)

    @cached_property
    def _rarity(self) -> dict[str, float]:
        """Weight of each piece by how few names hold it."""
        count: dict[str, int] = {}
        for name in set(self._names):
            for piece in name:
                count[piece] = count.get(piece, 0) + 1
        size = len(set(self._names))
        return {piece: float(np.log1p(size / n)) for piece, n in count.items()}

    @cached_property
    def _sentences(self) -> tuple[frozenset[str], ...]:
        documents = self.index.documents
        found: dict[tuple[str, int], frozenset[str]] = {}
        for i in self.index.indicators:
            key = (i.document_id, i.sentence.start)
            if key not in found:
                text = i.sentence.of(documents[i.document_id].text)
                found[key] = frozenset(pieces(normalise(text).text))
        return tuple(found[i.document_id, i.sentence.start] for i in self.index.indicators)

    def match(
        self,
        question: Question,
        documents: Iterable[str],
        passages: Sequence[Passage] = (),
        region: Region | None = None,
    ) -> list[Match]:
        """Return the figures that the question may ask for, best first.

        Args:
            question: as parsed.
            documents: only figures of these.
            passages: the best passages found; figures that stand in them gain by their rank.
            region: only figures on this region, or on one within it that the question names.
        """
        allowed = set(documents)
        rows = [
            row
            for row, i in enumerate(self.index.indicators)
            if i.document_id in allowed and _is_on(i, region)
        ]
        if not rows:
            return []
        asked = matter(question)
        scores = self._scores(asked, rows)
        found = []
        for row, likeness in zip(rows, scores, strict=True):
            indicator = self.index.indicators[row]
            score = likeness + _by_passage(indicator, passages) + _by_kind(indicator, question)
            if contradicts(asked, indicator.name) or not _unit_fits(question.search, indicator):
                score -= 0.5
            found.append(Match(indicator, score, timely(indicator, question)))
        return sorted(found, key=lambda m: (-m.score, m.indicator.span))

    def _scores(self, asked: str, rows: Sequence[int]) -> list[float]:
        """Overlap of the names, and of the sentences, with the matter; and likeness of meaning."""
        query = set(pieces(asked))
        weight = {piece: self._rarity.get(piece, self._unknown) for piece in query}
        total = sum(weight.values()) or 1.0
        names = [self.index.indicators[row].name for row in rows]
        vectors = self.index.encoder.encode([asked, *names])
        likeness = vectors[1:] @ vectors[0]
        scores = []
        for row, alike in zip(rows, likeness, strict=True):
            name = self._names[row]
            own = sum(self._rarity[piece] for piece in name) or 1.0
            shared = sum(weight[piece] for piece in query & name)
            context = sum(weight[piece] for piece in query & (name | self._sentences[row]))
            scores.append(
                0.25 * shared / own
                + 0.25 * shared / total
                + 0.25 * context / total
                + 0.25 * float(alike)
            )
        return scores

    @cached_property
    def _unknown(self) -> float:
        return float(np.log1p(max(1, len(set(self._names)))))


def pieces(search: str) -> list[str]:
    """Return character pairs, Latin words and numbers of normalised text."""
    return bigrams(search) + words_of_latin(search)


def words_of_latin(search: str) -> list[str]:
    """Return the Latin words of normalised text, in lower case."""
    return re.findall(r"[a-z][a-z0-9.+-]*|5g", search.lower())


def matter(question: Question) -> str:
    """What the question is about, without regions, years and the words that frame it."""
    search = question.search
    for region in (*question.regions, *question.unknown):
        for name in (region.name, region.short):
            search = search.replace(name, "")
    if question.language == "en":
        for region in question.regions:
            search = re.sub(rf"\b{region.latin}('s)?\b", "", search, flags=re.I)
    if question.language == "en":
        search = " ".join(expansion.entry.term for expansion in question.expansions) or search
    bare = _FRAME.sub(" ", search) if question.language == "zh" else search
    return " ".join(re.sub(r"[?,。;:!()、“”《》]", " ", bare).split())


def contradicts(asked: str, name: str) -> bool:
    """Whether the name stands on the other side of a pair that the question takes a side in."""
    for one, other in OPPOSITES:
        for mine, its in ((one, other), (other, one)):
            if mine in asked and its not in asked and its in name and mine not in name:
                return True
    # 城镇化率 alone is that of the resident population.
    return "城镇化率" in asked and "户籍" not in asked and "户籍" in name


def timely(indicator: Indicator, question: Question) -> bool | None:
    """Whether the figure is of a year asked about; None if the question names none.

    A period counts as its last year: what is to be done in 2021–2025 is done by 2025.
    """
    if not question.years:
        return None
    if indicator.year is not None:
        return indicator.year in question.years
    return indicator.period is not None and indicator.period[1] in question.years


def _is_on(indicator: Indicator, region: Region | None) -> bool:
    if region is None or not indicator.region:
        return True
    own = resolve_region(indicator.region)
    return own is None or own == region


def _by_passage(indicator: Indicator, passages: Sequence[Passage]) -> float:
    for place, passage in enumerate(passages):
        chunk = passage.chunk
        if chunk.document_id == indicator.document_id and chunk.span.covers(indicator.span):
            return 0.2 / (1 + place)
    return 0.0


def _by_kind(indicator: Indicator, question: Question) -> float:
    wants = "baseline" if _STATE.search(question.search) else "target"
    return 0.03 if indicator.kind == wants else 0.0


def _unit_fits(search: str, indicator: Indicator) -> bool:
    match = _UNIT_ASKED.search(search)
    if match is None:
        return not (
            re.search(r"百分之几|比例|占比|率", search) and indicator.unit not in {"%", "‰", ""}
        )
    asked = match.group(1)
    if asked == indicator.unit:
        return True
    return any(asked in alike and indicator.unit in alike for alike in _UNITS_ALIKE)


def names_alike(first: str, second: str) -> bool:
    """Whether two names mean one indicator for a comparison: equal but for words around them."""
    return first == second or first.endswith(second) or second.endswith(first)
