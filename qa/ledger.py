"""Question ↔ the ledger of figures: which Indicator is asked for, if any."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index import Index, Indicator, Region, Span, normalise
from qa.cite import section_path
from qa.figure_fit import (
    Match,
    by_change,
    by_kind,
    by_passage,
    by_report,
    by_share,
    by_unit,
    is_on,
    ordered,
    timely,
    years_off,
)
from qa.figure_rivals import settled
from qa.matter import contradicts, matter, pieces, wordings
from qa.models import Passage, Question
from qa.scope import report_year

# Chosen on seeds/questions.jsonl, see benchmarks/figures.md: below LEAST the ledger does not know
# the figure; from SURE on it knows the indicator, so that a missing year is a missing figure.
LEAST = 0.6
SURE = 0.75

# So many of the innermost headings above a figure say what it is of.
_HEADINGS = 1

# At most so many figures are compared closely for one question.
_MOST = 200


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
        held = frozenset(documents)
        chunks = [passage.chunk for passage in passages]
        near = frozenset(row for c in chunks for row in self._inside(c.document_id, c.span))
        for wording in wordings(asked, question):
            for row, alike in self._likeness(wording, held, near, region):
                best[row] = max(alike, best.get(row, 0.0))
        year = self.year_meant(question, lambda: held)
        found = []
        for row, alike in best.items():
            indicator = self.index.indicators[row]
            score = alike + by_passage(indicator, passages) + by_kind(indicator, question)
            score += by_unit(indicator, question.search)
            if contradicts(asked, indicator.name):
                score -= 0.5
            score += by_share(asked, indicator.name)
            score += by_change(indicator, question) + by_report(indicator, year)
            found.append(Match(indicator, score, self._timely(indicator, question)))
        return ordered(settled(found, question, year, self._text))

    def _text(self, document_id: str) -> str:
        return self.index.documents[document_id].text

    def year_meant(self, question: Question, documents: Callable[[], Iterable[str]]) -> int | None:
        """The year that 今年 or 去年 means by the latest yearly report among ``documents``.

        These are asked for only where the question says so: they may be thousands.
        """
        off = years_off(question)
        if off is None:
            return None
        years = (report_year(self.index.catalogue[name]) for name in documents())
        latest = max((year for year in years if year), default=None)
        return None if latest is None else latest + off

    def within(self, question: Question, document_id: str, span: Span) -> list[Match]:
        """The figures that stand in ``span``; their scores tell nothing."""
        found = [self.index.indicators[row] for row in self._inside(document_id, span)]
        return [Match(one, 0.0, self._timely(one, question)) for one in found]

    def known(self, asked: str) -> float:
        """The greatest share of the matter that the name of one figure holds, 0 to 1."""
        weight = self._weighed(asked)
        return float(self._shared(weight).max(initial=0.0)) / (sum(weight.values()) or 1.0)

    def _weighed(self, asked: str) -> dict[str, float]:
        return {piece: self._rarity.get(piece, self._unknown) for piece in set(pieces(asked))}

    def _shared(self, weight: Mapping[str, float]) -> NDArray[np.float32]:
        """The summed weight of the pieces that each name shares."""
        shared = np.zeros(len(self._names), dtype=np.float32)
        for piece in weight.keys() & self._postings.keys():
            shared[self._postings[piece]] += weight[piece]
        return shared

    def _timely(self, indicator: Indicator, question: Question) -> bool | None:
        """As :func:`timely`; an undated aim is for the year of its report, or of its issue."""
        when = timely(indicator, question)
        if when and question.period and not question.years and indicator.change:
            # What was added in the last year of a period is not what was added in all of it.
            document = self.index.catalogue[indicator.document_id]
            mean = indicator.period is not None or "年均" in indicator.name
            return mean or report_year(document) is None
        undated = indicator.year is None and indicator.period is None
        if when is False and undated and indicator.kind == "target":
            document = self.index.catalogue[indicator.document_id]
            issued = int(document.issued[:4]) if document.issued[:4].isdigit() else None
            return (report_year(document) or issued) in question.years
        return when

    def _likeness(
        self,
        asked: str,
        documents: frozenset[str],
        near: frozenset[int],
        region: Region | None,
    ) -> Iterator[tuple[int, float]]:
        """Overlap of name and of sentence with the matter, and likeness of meaning, 0 to 1."""
        weight = self._weighed(asked)
        total = sum(weight.values()) or 1.0
        shared = self._shared(weight)
        rows = self._candidates(shared, documents, near, region)
        if not len(rows):
            return
        vector = self.index.encoder.encode([asked])[0]
        names = self.index.names.of[rows].astype(np.int64)
        alike = self.index.names.vectors.scores(vector, names)
        for row, name, meaning in zip(rows.tolist(), names.tolist(), alike, strict=True):
            around = self._names[name] | self._sentence(row)
            context = sum(weight[piece] for piece in weight.keys() & around)
            own = self._weights[name]
            yield (
                row,
                float(
                    0.25 * shared[name] / own
                    + 0.25 * shared[name] / total
                    + 0.25 * context / total
                    + 0.25 * meaning
                ),
            )

    def _candidates(
        self,
        shared: NDArray[np.float32],
        documents: frozenset[str],
        near: frozenset[int],
        region: Region | None,
    ) -> NDArray[np.int64]:
        """Figures ``near``, in the best passages, and those whose names share most with the matter."""
        share = np.where(shared > 0, shared / self._weights, 0.0)
        alike = (share + shared / (shared.max(initial=0.0) or 1.0)).astype(np.float32)
        everything = self._of(documents)
        names = self.index.names.of[everything]
        kept = np.flatnonzero(shared[names] > 0)
        order = kept[np.argsort(-alike[names[kept]], kind="stable")]
        chosen: list[int] = []
        for row in everything[order].tolist():
            if len(chosen) >= _MOST:
                break
            if self._allowed(row, documents, region):
                chosen.append(row)
        chosen += [row for row in near if self._allowed(row, documents, region)]
        return np.unique(np.array(chosen, dtype=np.int64))

    def _of(self, documents: frozenset[str]) -> NDArray[np.int64]:
        """The figures of ``documents``, ascending."""
        if len(documents) == len(self.index.documents):
            return np.arange(len(self.index.indicators), dtype=np.int64)
        ranges = sorted((self.index.figure_rows[name] for name in documents), key=lambda r: r.start)
        return np.concatenate(
            [np.zeros(0, np.int64), *(np.arange(r.start, r.stop) for r in ranges)]
        )

    def _allowed(self, row: int, documents: frozenset[str], region: Region | None) -> bool:
        indicator = self.index.indicators[row]
        return indicator.document_id in documents and is_on(indicator, region)

    def _inside(self, document_id: str, span: Span) -> list[int]:
        """The figures of a document that stand in ``span``."""
        rows = self.index.figure_rows.get(document_id)
        if not rows:
            return []
        starts, ends = self._spans_of(document_id, rows)
        inside = np.flatnonzero((starts >= span.start) & (ends <= span.end))
        return [rows[at] for at in inside.tolist()]

    def _spans_of(self, document: str, rows: range) -> NDArray[np.int64]:
        """Where the figures of a document begin and end, ``(2, len(rows))``."""
        if document not in self._spans:
            spans = [self.index.indicators[row].span for row in rows]
            self._spans[document] = np.array([(s.start, s.end) for s in spans], dtype=np.int64).T
        return self._spans[document]

    @cached_property
    def _spans(self) -> dict[str, NDArray[np.int64]]:
        """Filled as documents are found."""
        return {}

    @cached_property
    def _names(self) -> tuple[frozenset[str], ...]:
        """The pieces of each name."""
        return tuple(frozenset(pieces(name)) for name in self.index.names.texts)

    @cached_property
    def _postings(self) -> dict[str, NDArray[np.int64]]:
        """The names that hold each piece."""
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
        """The pieces of the sentence of a figure, and of the heading above it."""
        indicator = self.index.indicators[row]
        key = (indicator.document_id, indicator.sentence.start)
        if key not in self._sentences:
            text = indicator.sentence.of(self.index.documents[indicator.document_id].text)
            # 四是推进棚户区改造 … 完成8008户改造任务: the heading says of what.
            sections = self.index.outlines[indicator.document_id].sections
            above = section_path(sections, indicator.sentence)[-_HEADINGS:]
            self._sentences[key] = frozenset(pieces(normalise("\n".join((text, *above))).text))
        return self._sentences[key]

    @cached_property
    def _sentences(self) -> dict[tuple[str, int], frozenset[str]]:
        """Filled as figures are asked for."""
        return {}
