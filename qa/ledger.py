"""Question ↔ the ledger of figures: which Indicator is asked for, if any."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index import Index, Indicator, Region, bigrams, normalise, resolve_region
from qa.models import Passage, Question

# Words of a question that say nothing of which figure is meant.
_FRAME = re.compile(
    r"(?<!\d)20[0-4]\d年?|十[二三四五六]五(?:时期|期间|末)?|到?(?:本|去|今|明)年|末|底|前|"
    r"目标值?|指标|是多少|有多少|多少|要?达到|达到?了?|提高到?|增加到?|建成了?|保持在?|不(?:低|少)于|至少|"
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
UNIT_ASKED = re.compile(
    r"(?:多少|几)(?:[百千万亿]*)(平方公里|平方米|立方米|公里|亿元|万元|元|亩|公顷|吨|米|岁|张|套|人|家|所|座|个百分点)"
)
_UNITS_ALIKE = ({"元", "亿元", "万元"}, {"亩", "公顷", "平方公里", "平方米"}, {"公里", "米"})
_CHANGE = re.compile(
    r"增速|增长|增幅|提高|下降|降低|减少|缩小|扩大|翻|年均|涨幅|变化|高出|低于|高于|growth|increase"
)
_WANTED = re.compile(r"目标|要|将|计划|预期|力争|打算|不低于|不少于|至少|target|goal")
_STATE = re.compile(
    r"现状|实际|完成|末）?的|目前|现在|当前|已经|已有|现有|完成了|达到了|实现了|基期|现在有|了多少|去年"
)


# Chosen on seeds/questions.jsonl, see benchmarks/figures.md: below LEAST the ledger does not know
# the figure; from SURE on it knows the indicator, so that a missing year is a missing figure.
LEAST = 0.6
SURE = 0.75

# At most so many wordings of a question are looked up.
_WORDINGS = 6

# At most so many figures are compared closely for one question.
_MOST = 200


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
            region: only figures on this region.
        """
        asked = matter(question)
        if question.carried:
            # A follow-up that names a figure of its own means that one, not the one before.
            fresh = replace(
                question, search=question.search.removeprefix(question.carried), carried=""
            )
            if len(matter(fresh)) >= 4:
                own = self.match(fresh, documents, passages, region)
                if own and own[0].score >= SURE:
                    return own
        best: dict[int, float] = {}
        for wording in wordings(asked, question):
            for row, alike in self._likeness(wording, set(documents), passages, region):
                best[row] = max(alike, best.get(row, 0.0))
        found = []
        for row, alike in best.items():
            indicator = self.index.indicators[row]
            score = alike + _by_passage(indicator, passages) + _by_kind(indicator, question)
            if contradicts(asked, indicator.name) or not _unit_fits(question.search, indicator):
                score -= 0.5
            found.append(Match(indicator, score, timely(indicator, question)))
        return sorted(found, key=lambda m: (-m.score, m.indicator.document_id, m.indicator.span))

    def _likeness(
        self,
        asked: str,
        documents: set[str],
        passages: Sequence[Passage],
        region: Region | None,
    ) -> Iterator[tuple[int, float]]:
        """Overlap of name and of sentence with the matter, and likeness of meaning, 0 to 1."""
        query = set(pieces(asked))
        weight = {piece: self._rarity.get(piece, self._unknown) for piece in query}
        total = sum(weight.values()) or 1.0
        shared = np.zeros(len(self.index.indicators), dtype=np.float32)
        for piece in query & self._postings.keys():
            shared[self._postings[piece]] += weight[piece]
        rows = self._candidates(shared, documents, passages, region)
        if not len(rows):
            return
        vector = self.index.encoder.encode([asked])[0]
        alike = self.index.indicator_vectors[rows] @ vector
        for row, meaning in zip(rows.tolist(), alike, strict=True):
            around = self._names[row] | self._sentence(row)
            context = sum(weight[piece] for piece in query & around)
            own = self._weights[row]
            yield (
                row,
                float(
                    0.25 * shared[row] / own
                    + 0.25 * shared[row] / total
                    + 0.25 * context / total
                    + 0.25 * meaning
                ),
            )

    def _candidates(
        self,
        shared: NDArray[np.float32],
        documents: set[str],
        passages: Sequence[Passage],
        region: Region | None,
    ) -> NDArray[np.int64]:
        """Figures in the best passages, and those whose names share most with the matter."""
        near = {row for passage in passages for row in self._in_passage(passage)}
        share = np.where(shared > 0, shared / self._weights, 0.0)
        best = np.argsort(-(share + shared / (shared.max() or 1.0)), kind="stable")
        chosen: list[int] = []
        for row in best.tolist():
            if shared[row] <= 0 or len(chosen) >= _MOST:
                break
            if self._allowed(row, documents, region):
                chosen.append(row)
        chosen += [row for row in near if self._allowed(row, documents, region)]
        return np.unique(np.array(chosen, dtype=np.int64))

    def _allowed(self, row: int, documents: set[str], region: Region | None) -> bool:
        indicator = self.index.indicators[row]
        return indicator.document_id in documents and _is_on(indicator, region)

    def _in_passage(self, passage: Passage) -> list[int]:
        rows = self._of_document.get(passage.chunk.document_id, [])
        return [r for r in rows if passage.chunk.span.covers(self.index.indicators[r].span)]

    @cached_property
    def _of_document(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for row, indicator in enumerate(self.index.indicators):
            found.setdefault(indicator.document_id, []).append(row)
        return found

    @cached_property
    def _names(self) -> tuple[frozenset[str], ...]:
        known: dict[str, frozenset[str]] = {}
        for indicator in self.index.indicators:
            if indicator.name not in known:
                known[indicator.name] = frozenset(pieces(indicator.name))
        return tuple(known[indicator.name] for indicator in self.index.indicators)

    @cached_property
    def _postings(self) -> dict[str, NDArray[np.int64]]:
        """The figures whose name holds each piece."""
        found: dict[str, list[int]] = {}
        for row, name in enumerate(self._names):
            for piece in name:
                found.setdefault(piece, []).append(row)
        return {piece: np.array(rows, dtype=np.int64) for piece, rows in found.items()}

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
    def _weights(self) -> NDArray[np.float32]:
        """The summed weight of each name's pieces."""
        sums = [sum(self._rarity[piece] for piece in name) or 1.0 for name in self._names]
        return np.array(sums, dtype=np.float32)

    @cached_property
    def _unknown(self) -> float:
        return float(np.log1p(max(1, len(set(self._names)))))

    def _sentence(self, row: int) -> frozenset[str]:
        indicator = self.index.indicators[row]
        key = (indicator.document_id, indicator.sentence.start)
        if key not in self._sentences:
            text = indicator.sentence.of(self.index.documents[indicator.document_id].text)
            self._sentences[key] = frozenset(pieces(normalise(text).text))
        return self._sentences[key]

    @cached_property
    def _sentences(self) -> dict[tuple[str, int], frozenset[str]]:
        """Filled as figures are asked for."""
        return {}


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


def wordings(asked: str, question: Question) -> list[str]:
    """The matter as asked, and with a wording of the thesaurus in place of the one used."""
    found = [asked]
    for expansion in question.expansions:
        used = expansion.matched
        if used.lower() in asked.lower():
            at = asked.lower().index(used.lower())
            others = [w for w in expansion.wordings if w != used]
            found += [asked[:at] + other + asked[at + len(used) :] for other in others]
    return list(dict.fromkeys(found))[:_WORDINGS]


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
        return _in_period(indicator, question.period) if question.period else None
    if indicator.year is not None:
        return indicator.year in question.years
    return indicator.period is not None and indicator.period[1] in question.years


def _in_period(indicator: Indicator, period: tuple[int, int]) -> bool | None:
    """Whether the figure is of the period asked about, or of its last year."""
    if indicator.period is not None:
        return indicator.period == period
    return indicator.year == period[1] if indicator.year is not None else None


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
    """Target or state as the question's words want; a growth only where it asks for a change."""
    score = 0.0
    if _STATE.search(question.search):
        score += 0.15 if indicator.kind == "baseline" else 0.0
    elif _WANTED.search(question.search):
        score += 0.1 if indicator.kind == "target" else 0.0
    if (indicator.change == "growth") != bool(_CHANGE.search(question.search)):
        score -= 0.2 if indicator.change == "growth" else 0.0
    return score


def _unit_fits(search: str, indicator: Indicator) -> bool:
    match = UNIT_ASKED.search(search)
    if match is None:
        return not (
            re.search(r"百分之几|比例|占比|率", search) and indicator.unit not in {"%", "‰", ""}
        )
    asked = match.group(1)
    if asked == indicator.unit:
        return True
    return any(asked in alike and indicator.unit in alike for alike in _UNITS_ALIKE)
