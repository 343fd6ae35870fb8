"""Question + Index → passages: the legs, their fusion, and who is scored at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from index import Index, normalise, terms
from qa.fuse import Scores, convex
from qa.models import Filters, Passage, Question
from qa.scope import Regions, Rows, Scope

LEGS = ("bm25", "dense", "late")


@dataclass(frozen=True, slots=True)
class RetrieveOptions:
    """How the legs are weighed.

    ``weights`` were chosen by ``benchmarks/fusion.py``; a single leg by giving it alone.
    ``carried`` is the weight of words that a follow-up takes from the history, ``expansion`` that
    of official terms that the thesaurus adds; ``terms`` are the user's own thesaurus files.
    ``candidates`` passages of each of the first two legs are ranked, the others left out.
    """

    weights: Mapping[str, float] = field(
        default_factory=lambda: {"bm25": 0.25, "dense": 0.45, "late": 0.3}
    )
    carried: float = 0.6
    candidates: int = 100
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
        scope = self.regions.scope(question, filters or Filters())
        return self.within(question, scope, count)

    def within(self, question: Question, scope: Scope, count: int) -> list[Passage]:
        """Return the ``count`` best passages of ``scope``."""
        ranked = [self._ranked(question, scope, rows, count) for rows in scope.groups]
        return _take_turns(ranked)[:count]

    def legs(self, question: Question, scope: Scope, rows: Rows) -> tuple[Rows, dict[str, Scores]]:
        """Score ``rows`` by each leg.

        Returns:
            The candidates among ``rows``, ascending, and for each leg their scores, of shape
            ``(candidates,)``. All legs score all candidates: those best by bm25 or dense.
        """
        weights = self.options.weights
        search = self.wording(question, scope)
        legs: dict[str, Scores] = {}
        if weights.get("bm25"):
            legs["bm25"] = self.index.sparse.scores(self.term_weights(question, search))[rows]
        if weights.get("dense"):
            legs["dense"] = self.index.dense.scores(self.index.encoder.encode([search])[0], rows)
        if legs:
            kept = _best_of(legs, self.options.candidates)
            rows, legs = rows[kept], {name: scores[kept] for name, scores in legs.items()}
        if weights.get("late"):
            matched = self.index.late_matches(search, rows)
            if matched is not None:
                best, rarity = matched
                legs["late"] = best @ rarity
        return rows, legs

    def wording(self, question: Question, scope: Scope) -> str:
        """The question without the regions that the scope already sees to."""
        search = question.search
        for region in scope.regions:
            if region in self.regions.corpus:
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

    def _ranked(self, question: Question, scope: Scope, rows: Rows, count: int) -> list[Passage]:
        rows, legs = self.legs(question, scope, rows)
        fused = convex(legs, self.options.weights)
        order = np.argsort(-fused, kind="stable")[:count]
        return [
            Passage(
                chunk=(chunk := self.index.chunks[int(rows[at])]),
                text=self.index.text(chunk),
                score=float(fused[at]),
                legs={name: float(scores[at]) for name, scores in legs.items()},
            )
            for at in order
        ]


def _best_of(legs: Mapping[str, Scores], count: int) -> Rows:
    """Places of the ``count`` best of each leg, ascending."""
    places = [np.argsort(-scores, kind="stable")[:count] for scores in legs.values()]
    found: Rows = np.unique(np.concatenate(places))
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
