"""The analyses that an index on disk holds, taken out again document by document."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index import dense, late, records, store
from index.analysis import Analysis, Counts, Ragged
from index.names import FigureNames
from index.sparse import read_vocabulary
from index.stretches import Lines, Rows

TERMS = "terms.npy"
TERM_COUNTS = "terms.counts.npy"


class Kept:
    """The analyses of one generation, by the digest of their document."""

    def __init__(self, generation: Path, manifest: store.Manifest) -> None:
        self._accounts = records.read_accounts(generation)
        self._places = {digest: i for i, digest in enumerate(manifest.sources.values())}
        self._passages = _starts([account.passages for account in self._accounts])
        self._figures = _starts([account.figures for account in self._accounts])
        self._outlines = Lines(generation / records.OUTLINES)
        self._chunks = Lines(generation / records.CHUNKS)
        self._ledger = Lines(generation / records.INDICATORS)
        self._names = FigureNames.load(generation)
        self._vectors = dense.Saved(generation)
        self._late = late.load(generation)
        self._terms = Rows.of_npy(generation / TERMS)
        self._term_counts = np.load(generation / TERM_COUNTS)
        self._term_starts = _starts(self._term_counts)
        self._vocabulary = np.array(read_vocabulary(generation), dtype=object)

    def get(self, digest: str) -> Analysis | None:
        """Return the analysis of the document of that digest; None if it is not in the index."""
        at = self._places.get(digest)
        if at is None:
            return None
        first, last = (int(row) for row in self._passages[at : at + 2])
        begin, end = (int(row) for row in self._figures[at : at + 2])
        vocabulary, terms = self._terms_of(first, last)
        return Analysis(
            account=self._accounts[at],
            outline=self._outlines.between(at, at + 1),
            chunks=self._chunks.between(first, last),
            figures=self._ledger.between(begin, end),
            names=self._names.between(begin, end),
            vectors=self._vectors.between(first, last),
            tokens=Ragged(*self._late.between(first, last)) if self._late else None,
            vocabulary=vocabulary,
            terms=terms,
        )

    def account(self, digest: str) -> records.Account:
        """Return what became of the document of that digest.

        Raises:
            KeyError: it is not in the index.
        """
        return self._accounts[self._places[digest]]

    def _terms_of(self, first: int, last: int) -> tuple[tuple[str, ...], Ragged]:
        """The terms of the passages ``[first, last)``, numbered anew by first appearance."""
        ids = self._terms.between(int(self._term_starts[first]), int(self._term_starts[last]))
        known, appeared, places = np.unique(ids, return_index=True, return_inverse=True)
        order = np.argsort(appeared)
        rank = np.empty(len(order), dtype=np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        words = tuple(self._vocabulary[known[order]])
        return words, Ragged(rank[places], self._term_counts[first:last])


def _starts(counts: Sequence[int] | Counts) -> Counts:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
