"""Question + Index → passages: the legs, their fusion, and who is scored at all."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from index import CrossScorer, Index, normalise, terms
from qa.fuse import Scores, convex, scaled
from qa.models import Filters, Passage, Question
from qa.rerank import Candidates, embedded, features
from qa.scope import Regions, Rows, Scope

LEGS = ("bm25", "dense", "late")
# Share of the learned score in the last one; chosen by benchmarks/rerank.md.
_LEARNED = 0.5


@dataclass(frozen=True, slots=True)
class RetrieveOptions:
    """How the legs are weighed.

    ``weights`` were chosen by ``benchmarks/fusion.py``; a single leg by giving it alone.
    ``carried`` is the weight of words that a follow-up takes from the history, ``expansion`` that
    of official terms that the thesaurus adds; ``terms`` are the user's own thesaurus files.
    ``timely`` is what a report gains by being of a year asked about.
    ``rerank`` applies the learned scorer; ``cross_encoder`` names a model that reads the best
    ``read`` passages with the question and ranks these anew.
    ``candidates`` passages of each of the first two legs are ranked (as many as are asked for, where
    these are more), the others left out.
    """

    weights: Mapping[str, float] = field(
        default_factory=lambda: {"bm25": 0.25, "dense": 0.45, "late": 0.3}
    )
    carried: float = 0.6
    candidates: int = 75
    read: int = 50
    rerank: bool = True
    cross_encoder: str = ""
    timely: float = 0.15
    expansion: float = 0.3
    terms: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Retriever:
    """Searches one index."""

    regions: Regions
    options: RetrieveOptions = field(default_factory=RetrieveOptions)

    @property
    def index(self) -> Index:
        """The index that is searched."""
        return self.regions.index

    def search(
        self, question: Question, count: int = 10, filters: Filters | None = None
    ) -> list[Passage]:
        """Return the ``count`` best passages, best first.

        When the question names several regions, each has its turn, best first.
        """
        return self.search_many([question], count, filters)[0]

    def search_many(
        self, questions: Sequence[Question], count: int = 10, filters: Filters | None = None
    ) -> list[list[Passage]]:
        """Return what :meth:`search` does of each question.

        Those that nothing limits share one pass over the codes of the dense leg.
        """
        scopes = [self.regions.scope(question, filters or Filters()) for question in questions]
        near: dict[int, Rows] = {}
        free = [at for at, scope in enumerate(scopes) if self._is_all(scope.groups[0])]
        if self.options.weights.get("dense") and len(free) > 1:
            wordings = [self.wording(questions[at], scopes[at]) for at in free]
            vectors = self.index.encoder.encode(wordings)
            wanted = max(count, self.options.candidates)
            near = dict(zip(free, self.index.dense.top_many(vectors, wanted), strict=True))
        return [
            self.within(question, scope, count, near.get(at))
            for at, (question, scope) in enumerate(zip(questions, scopes, strict=True))
        ]

    def within(
        self, question: Question, scope: Scope, count: int, near: Rows | None = None
    ) -> list[Passage]:
        """Return the ``count`` best passages of ``scope``; ``near`` as :meth:`candidates` has it."""
        ranked = [self._ranked(question, scope, rows, count, near) for rows in scope.groups]
        return _take_turns(ranked)[:count]

    def _is_all(self, rows: Rows) -> bool:
        return len(rows) == len(self.index.chunks)

    def filled(self, question: Question, passages: list[Passage], count: int) -> list[Passage]:
        """Add the best passages of the whole index, below those that a region's documents gave."""
        held = {passage.chunk.id for passage in passages}
        everything = self.regions.scope(question, Filters(lift_regions=True))
        others = [p for p in self.within(question, everything, count) if p.chunk.id not in held]
        least = min((passage.score for passage in passages), default=1.0)
        top = max((passage.score for passage in others), default=1.0)
        lowered = [replace(p, score=least + p.score - top - 1e-6) for p in others]
        return [*passages, *lowered][:count]

    def candidates(
        self,
        question: Question,
        scope: Scope,
        rows: Rows,
        count: int = 0,
        near: Rows | None = None,
    ) -> tuple[Rows, Candidates]:
        """Score the best of ``rows`` by each leg.

        Args:
            question: what is asked.
            scope: what it may be answered from; its regions are no words to search for.
            rows: one of the scope's groups.
            count: so many each of bm25 and dense name at least.
            near: those that dense names, where they are known.

        Returns:
            The candidates among ``rows``, ascending: those best by bm25 or dense. And what is
            known of them; all legs score all candidates.
        """
        weights = self.options.weights
        search = self.wording(question, scope)
        weighed = self.term_weights(question, search)
        sparse, dense = self.index.sparse, self.index.dense
        vector = self.index.encoder.encode([search])[0] if weights.get("dense") else None
        some = None if self._is_all(rows) else rows
        wanted = max(count, self.options.candidates)
        best: list[Rows] = []
        if weights.get("bm25"):
            best.append(sparse.top(weighed, wanted, some))
        if vector is not None:
            best.append(dense.top(vector, wanted, some)[0] if near is None else near)
        if best:
            rows = np.unique(np.concatenate(best))
        legs: dict[str, Scores] = {}
        if weights.get("bm25"):
            legs["bm25"] = sparse.scores(weighed, rows)
        if vector is not None:
            legs["dense"] = dense.scores(vector, rows)
        weakest = np.zeros(len(rows), dtype=np.float32)
        matched = self.index.late_matches(search, rows) if weights.get("late") else None
        if matched is not None:
            similar, rarity = matched
            legs["late"] = similar @ rarity
            weakest = _weakest(similar)
        frequencies = dict(zip(weighed, sparse.document_frequencies(list(weighed)), strict=True))
        rare = self._rarity(weighed, frequencies)
        known = sum(rare[term] for term, often in frequencies.items() if often)
        return rows, Candidates(
            legs=legs,
            weakest=weakest,
            coverage=sparse.coverage(rare, rows),
            fused=convex(legs, weights),
            lengths=self.index.lengths[rows],
            known=known / (sum(rare.values()) or 1.0),
            question_terms=len(weighed),
        )

    def _rarity(
        self, weights: Mapping[str, float], frequencies: Mapping[str, int]
    ) -> dict[str, float]:
        size = len(self.index.chunks)
        return {
            term: weight * math.log1p(size / (1 + frequencies[term]))
            for term, weight in weights.items()
        }

    def wording(self, question: Question, scope: Scope) -> str:
        """The question without the regions that the scope already sees to."""
        search = question.search
        for region in scope.regions:
            if region in self.regions.held:
                for name in (region.name, region.short):
                    search = search.replace(name, "")
        return search if terms(search) else question.search

    def term_weights(self, question: Question, search: str) -> dict[str, float]:
        """Weigh the words of the question; those that only the history holds count less."""
        weights = dict.fromkeys(terms(search), 1.0)
        if question.carried:
            fresh = question.search.removeprefix(question.carried)
            for term in weights.keys() - set(terms(fresh)):
                weights[term] = self.options.carried
        foreign = question.language == "en"
        for expansion in question.expansions:
            for term in terms(normalise(expansion.entry.term).text):
                weights.setdefault(term, 1.0 if foreign else self.options.expansion)
        return weights

    def _ranked(
        self, question: Question, scope: Scope, rows: Rows, count: int, near: Rows | None
    ) -> list[Passage]:
        rows, found = self.candidates(question, scope, rows, count, near)
        scores = self.scores(question, rows, found)
        most = max(count, self.options.read) if self.options.cross_encoder else count
        order = np.argsort(-scores, kind="stable")[:most]
        passages = [
            Passage(
                chunk=(chunk := self.index.chunks[int(rows[at])]),
                text=self.index.text(chunk),
                score=float(scores[at]),
                legs={name: float(leg[at]) for name, leg in found.legs.items()},
            )
            for at in order
        ]
        if self.options.cross_encoder:
            passages = self._reread(self.wording(question, scope), passages)
        return passages[:count]

    def scores(self, question: Question, rows: Rows, found: Candidates) -> Scores:
        """What the candidates ``rows`` are ranked by, of shape ``(len(rows),)``."""
        return (self._final(found) + self._timely(question, rows)).astype(np.float32)

    def _reread(self, search: str, passages: list[Passage]) -> list[Passage]:
        """Rank the passages by the cross-encoder, whose score becomes theirs, scaled to 0–1."""
        texts = [self.index.search_text(passage.chunk.id) for passage in passages]
        scores = scaled(self._cross_scorer.scores(search, texts))
        order = np.argsort(-scores, kind="stable")
        return [replace(passages[at], score=float(scores[at])) for at in order.tolist()]

    @cached_property
    def _cross_scorer(self) -> CrossScorer:
        return CrossScorer(self.options.cross_encoder)

    def _timely(self, question: Question, rows: Rows) -> Scores:
        """A little more for reports of a year asked about, and of the next, which looks back."""
        out = np.zeros(len(rows), dtype=np.float32)
        if not question.years or len(self.regions.years) < 2:
            return out
        years = self.regions.document_years[self.index.owners[rows]]
        out[np.isin(years - 1, question.years)] = self.options.timely / 2
        out[np.isin(years, question.years)] = self.options.timely
        return out

    def _final(self, found: Candidates) -> Scores:
        """The learned score where all legs are there, scaled to 0–1; else the convex one."""
        trees = embedded() if self.options.rerank else None
        if trees is None or {"bm25", "dense", "late"} - found.legs.keys():
            return found.fused
        learned = scaled(trees.scores(features(found)))
        return (_LEARNED * learned + (1 - _LEARNED) * found.fused).astype(np.float32)


def _weakest(similar: Scores) -> Scores:
    """The mean of the lower third of each passage's cosines with the question's tokens."""
    if not similar.shape[1]:  # a question may hold no token that the encoder knows
        return np.zeros(len(similar), dtype=np.float32)
    third = max(1, similar.shape[1] // 3)
    found: Scores = np.sort(similar, axis=1)[:, :third].mean(axis=1)
    return found


def _take_turns(ranked: Iterable[list[Passage]]) -> list[Passage]:
    """Interleave several rankings; a passage comes once, where it first appears."""
    lists = list(ranked)
    if len(lists) == 1:
        return lists[0]
    found: dict[int, Passage] = {}
    for place in range(max(map(len, lists), default=0)):
        for passages in lists:
            if place < len(passages):
                found.setdefault(passages[place].chunk.id, passages[place])
    # Scores of different scopes cannot be compared: the place decides, and is what is told.
    return [
        Passage(p.chunk, p.text, 1.0 - place / max(1, len(found)), p.legs)
        for place, p in enumerate(found.values())
    ]
