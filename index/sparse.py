"""The sparse leg: BM25+ (Lv and Zhai, 2011) over the terms of ``index.terms``.

bm25s computes the scores when an index is made; they are served from files that are mapped into
memory, without it. rank-bm25 computes the same formula at query time and is the reference that a
test holds both to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.mapped import mapped_array
from index.postings import Postings, Weighed
from index.vectors import Floats, Rows, best
from index.vocabulary import Known, Stored, Vocabulary, chinese, read_terms

FOLDER = "sparse"
_NO_ROWS: Rows = np.zeros(0, dtype=np.int64)
_PARTS = ("scores", "rows", "starts", "highest", "absent", "size")


@dataclass(frozen=True, slots=True)
class Bm25Parameters:
    """``k1``: saturation of repeated terms; ``b``: length normalisation; ``delta``: lower bound."""

    k1: float = 1.2
    b: float = 0.5
    delta: float = 0.5


class SparseIndex(Protocol):
    """What retrieval needs of the sparse leg; ``rows`` are passages, None stands for all."""

    def scores(self, weights: Mapping[str, float], rows: Rows | None = None) -> Floats:
        """Return the BM25+ score of each passage for weighted query terms, ``(len(rows),)``."""

    def top(self, weights: Mapping[str, float], count: int, rows: Rows | None = None) -> Rows:
        """Return the ``count`` best of ``rows``, which are ascending; equal ones in their order."""

    def holding(self, terms: Sequence[str]) -> Rows:
        """Return the passages that hold all of ``terms``, ascending; none for no terms."""

    @property
    def characters(self) -> frozenset[str]:
        """The Chinese characters of all terms."""

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return in how many passages each term stands; 0 for an unknown one."""

    def coverage(self, weights: Mapping[str, float], rows: Rows | None = None) -> Floats:
        """Return the share of the summed ``weights`` whose terms each passage holds, 0 to 1."""


class Bm25sIndex:
    """Scores precomputed by bm25s, held as postings and served without it.

    bm25s keeps, for each term, the score above that of a passage without it; ``absent`` is what
    the formula gives such a passage, ``(terms,)``.
    """

    def __init__(self, postings: Postings, absent: Floats, vocabulary: Vocabulary) -> None:
        self._postings = postings
        self._absent = absent
        self._vocabulary = vocabulary

    @classmethod
    def build(cls, corpus: Sequence[Sequence[str]], parameters: Bm25Parameters) -> "Bm25sIndex":
        """Index the terms of each passage."""
        # Numbered here, in order of appearance: bm25s would take the order of a set.
        vocabulary: dict[str, int] = {}
        ids = [
            vocabulary.setdefault(term, len(vocabulary)) for passage in corpus for term in passage
        ]
        counts = np.array([len(passage) for passage in corpus], dtype=np.int64)
        return cls.of_ids(np.array(ids, dtype=np.int32), counts, vocabulary, parameters)

    @classmethod
    def of_ids(
        cls,
        ids: NDArray[np.int32],
        counts: NDArray[np.int64],
        vocabulary: dict[str, int],
        parameters: Bm25Parameters,
    ) -> "Bm25sIndex":
        """Index passages of terms that are numbered already.

        Args:
            ids: the terms of all passages, end to end; may be mapped from a file.
            counts: how many terms each passage has, ``(passages,)``.
            vocabulary: the number of each term.
            parameters: of the formula.
        """
        import bm25s

        model = bm25s.BM25(
            k1=parameters.k1,
            b=parameters.b,
            delta=parameters.delta,
            method="bm25+",
            # Counts where its own sorts: a third of the memory, and the same arrays.
            csc_backend="scipy",
        )
        known = Known(dict(vocabulary))
        # bm25s takes any object with these two; it would want lists in a tuple. It adds an empty
        # term of its own to the vocabulary.
        corpus = SimpleNamespace(ids=_Passages(ids, counts), vocab=vocabulary)
        model.index(corpus, show_progress=False)
        scores, rows = model.scores["data"], model.scores["indices"]
        starts = model.scores["indptr"].astype(np.int64)
        # Every term stands in some passage, so that no stretch is empty; the empty term comes last.
        highest = np.maximum.reduceat(scores, starts[: len(known)]) if len(known) else scores[:0]
        postings = Postings(scores, rows, starts[: len(known) + 1], highest, len(counts))
        return cls(postings, model.nonoccurrence_array[: len(known)].astype(np.float32), known)

    @classmethod
    def load(cls, folder: Path) -> "Bm25sIndex":
        """Map the files that :meth:`save` wrote into memory."""
        parts = [mapped_array(folder / FOLDER / f"{name}.npy") for name in _PARTS]
        scores, rows, starts, highest, absent, size = parts
        postings = Postings(scores, rows, starts, highest, int(size[0]))
        return cls(postings, absent, Stored(folder / FOLDER))

    def save(self, folder: Path) -> None:
        """Write a few files into a subfolder of ``folder``."""
        if not isinstance(self._vocabulary, Known):
            raise TypeError("expected an index that was built, got one that is open")
        within = folder / FOLDER
        within.mkdir()
        for name in _PARTS[:4]:
            np.save(within / f"{name}.npy", getattr(self._postings, name))
        np.save(within / "absent.npy", self._absent)
        np.save(within / "size.npy", np.array([self._postings.size], dtype=np.int64))
        self._vocabulary.save(within)

    def scores(self, weights: Mapping[str, float], rows: Rows | None = None) -> Floats:
        """Return the BM25+ score of each passage for weighted query terms, ``(len(rows),)``."""
        known = self._known(weights)
        constant = sum(term.weight * float(self._absent[term.number]) for term in known)
        above = self._postings.all(known) if rows is None else self._postings.sums(known, rows)
        return above + np.float32(constant)

    def top(self, weights: Mapping[str, float], count: int, rows: Rows | None = None) -> Rows:
        """Return the ``count`` best of ``rows``, which are ascending; equal ones in their order."""
        return self._postings.top(self._known(weights), count, rows)

    def coverage(self, weights: Mapping[str, float], rows: Rows | None = None) -> Floats:
        """Return the share of the summed ``weights`` whose terms each passage holds, 0 to 1."""
        known = self._known(weights)
        everything = np.arange(self._postings.size) if rows is None else rows
        held = self._postings.held([term.number for term in known], everything)
        out = np.zeros(len(everything), dtype=np.float32)
        for term, own in zip(known, held, strict=True):
            out += np.float32(term.weight) * (own > 0)
        return out / np.float32(sum(weights.values()) or 1.0)

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return in how many passages each term stands; 0 for an unknown one."""
        numbers = self._vocabulary.numbers(terms)
        return [0 if n < 0 else self._postings.frequency(n) for n in numbers]

    def holding(self, terms: Sequence[str]) -> Rows:
        """Return the passages that hold all of ``terms``, ascending; none for no terms."""
        numbers = self._vocabulary.numbers(terms)
        return self._postings.holding(numbers) if numbers and min(numbers) >= 0 else _NO_ROWS

    @property
    def characters(self) -> frozenset[str]:
        """The Chinese characters of all terms."""
        return self._vocabulary.characters

    def _known(self, weights: Mapping[str, float]) -> list[Weighed]:
        numbers = self._vocabulary.numbers(list(weights))
        pairs = zip(numbers, weights.values(), strict=True)
        return [Weighed(number, weight) for number, weight in pairs if number >= 0]


class _Passages(Sequence[list[int]]):
    """The term ids of each passage, made when they are asked for."""

    def __init__(self, ids: NDArray[np.int32], counts: NDArray[np.int64]) -> None:
        self._ids = ids
        self._borders = np.concatenate([[0], np.cumsum(counts)])

    def __len__(self) -> int:
        return len(self._borders) - 1

    def __getitem__(self, at: Any) -> Any:  # noqa: ANN401 - Sequence wants slices too
        if not 0 <= at < len(self):
            raise IndexError(at)
        return self._ids[self._borders[at] : self._borders[at + 1]].tolist()


def read_vocabulary(folder: Path) -> list[str]:
    """Return the terms of the index that :meth:`Bm25sIndex.save` wrote, in order of their numbers."""
    return read_terms(folder / FOLDER)


class RankBm25Index:
    """The reference: rank-bm25's BM25Plus, linear in the number of passages."""

    def __init__(self, corpus: Sequence[Sequence[str]], parameters: Bm25Parameters) -> None:
        from rank_bm25 import BM25Plus

        self._model = BM25Plus(
            [list(passage) for passage in corpus],
            k1=parameters.k1,
            b=parameters.b,
            delta=parameters.delta,
        )

    def scores(self, weights: Mapping[str, float], rows: Rows | None = None) -> Floats:
        """Return the BM25+ score of each passage for weighted query terms, ``(len(rows),)``."""
        out = np.zeros(self._model.corpus_size, dtype=np.float32)
        for term, weight in weights.items():
            if term in self._model.idf:
                out += np.float32(weight) * self._model.get_scores([term]).astype(np.float32)
        return out if rows is None else out[rows]

    def top(self, weights: Mapping[str, float], count: int, rows: Rows | None = None) -> Rows:
        """Return the ``count`` best of ``rows``, which are ascending; equal ones in their order."""
        places = best(self.scores(weights, rows), count)
        return places if rows is None else rows[places]

    def coverage(self, weights: Mapping[str, float], rows: Rows | None = None) -> Floats:
        """Return the share of the summed ``weights`` whose terms each passage holds, 0 to 1."""
        passages = self._model.doc_freqs
        held = [
            sum(weight for term, weight in weights.items() if term in passages[row])
            for row in (range(len(passages)) if rows is None else rows.tolist())
        ]
        return np.array(held, dtype=np.float32) / np.float32(sum(weights.values()) or 1.0)

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return in how many passages each term stands; 0 for an unknown one."""
        return [sum(term in passage for passage in self._model.doc_freqs) for term in terms]

    def holding(self, terms: Sequence[str]) -> Rows:
        """Return the passages that hold all of ``terms``, ascending; none for no terms."""
        held = (all(term in passage for term in terms) for passage in self._model.doc_freqs)
        return np.flatnonzero(np.fromiter(held, dtype=bool)) if terms else _NO_ROWS

    @property
    def characters(self) -> frozenset[str]:
        """The Chinese characters of all terms."""
        return chinese(term for passage in self._model.doc_freqs for term in passage)
