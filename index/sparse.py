"""The sparse leg: BM25+ (Lv and Zhai, 2011) over the terms of ``index.terms``.

bm25s serves: its scores are computed at build time. rank-bm25 computes the same formula at query
time and is the reference that a test holds bm25s to.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.vectors import Floats, Rows

FOLDER = "sparse"


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

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return in how many passages each term stands; 0 for an unknown one."""

    def coverage(self, weights: Mapping[str, float], rows: Rows | None = None) -> Floats:
        """Return the share of the summed ``weights`` whose terms each passage holds, 0 to 1."""


class Bm25sIndex:
    """Scores precomputed by bm25s, held as a sparse matrix of terms × passages."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401 - bm25s has no types
        self._model = model
        self._size = int(model.scores["num_docs"])

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

        model = bm25s.BM25(k1=parameters.k1, b=parameters.b, delta=parameters.delta, method="bm25+")
        # bm25s takes any object with these two; it would want lists in a tuple.
        corpus = SimpleNamespace(ids=_Passages(ids, counts), vocab=vocabulary)
        model.index(corpus, show_progress=False)
        return cls(model)

    @classmethod
    def load(cls, folder: Path) -> "Bm25sIndex":
        """Map the files that :meth:`save` wrote into memory."""
        import bm25s

        return cls(bm25s.BM25.load(str(folder / FOLDER), mmap=True))

    def save(self, folder: Path) -> None:
        """Write a few files into a subfolder of ``folder``."""
        self._model.save(str(folder / FOLDER), show_progress=False)

    def scores(self, weights: Mapping[str, float], rows: Rows | None = None) -> Floats:
        """Return the BM25+ score of each passage, shape ``(len(rows),)``.

        bm25s keeps, for each term, the score above that of a passage without it; the constant
        below is the same for all passages and is added so that scores are those of the formula.
        """
        data, held, starts = (self._model.scores[key] for key in ("data", "indices", "indptr"))
        absent = self._model.nonoccurrence_array
        out = np.zeros(self._size, dtype=np.float32)
        for term, weight in weights.items():
            column = self._model.vocab_dict.get(term)
            if column is None:
                continue
            begin, end = int(starts[column]), int(starts[column + 1])
            out[held[begin:end]] += np.float32(weight) * data[begin:end]
            if absent is not None:
                out += np.float32(weight) * absent[column]
        return out if rows is None else out[rows]

    def top(self, weights: Mapping[str, float], count: int, rows: Rows | None = None) -> Rows:
        """Return the ``count`` best of ``rows``, which are ascending; equal ones in their order."""
        return _best(self.scores(weights, rows), count, rows)

    def coverage(self, weights: Mapping[str, float], rows: Rows | None = None) -> Floats:
        """Return the share of the summed ``weights`` whose terms each passage holds, 0 to 1."""
        held, starts = (self._model.scores[key] for key in ("indices", "indptr"))
        out = np.zeros(self._size, dtype=np.float32)
        for term, weight in weights.items():
            column = self._model.vocab_dict.get(term)
            if column is not None:
                out[held[int(starts[column]) : int(starts[column + 1])]] += np.float32(weight)
        out /= np.float32(sum(weights.values()) or 1.0)
        return out if rows is None else out[rows]

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return in how many passages each term stands; 0 for an unknown one."""
        starts = self._model.scores["indptr"]
        columns = [self._model.vocab_dict.get(term) for term in terms]
        return [0 if c is None else int(starts[c + 1] - starts[c]) for c in columns]


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
    text = (folder / FOLDER / "vocab.index.json").read_text(encoding="utf-8")
    numbers: dict[str, int] = json.loads(text)
    # bm25s puts an empty term at the end.
    return sorted((term for term in numbers if term), key=numbers.__getitem__)


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
        """Return the BM25+ score of each passage, shape ``(len(rows),)``."""
        out = np.zeros(self._model.corpus_size, dtype=np.float32)
        for term, weight in weights.items():
            if term in self._model.idf:
                out += np.float32(weight) * self._model.get_scores([term]).astype(np.float32)
        return out if rows is None else out[rows]

    def top(self, weights: Mapping[str, float], count: int, rows: Rows | None = None) -> Rows:
        """Return the ``count`` best of ``rows``, which are ascending; equal ones in their order."""
        return _best(self.scores(weights, rows), count, rows)

    def coverage(self, weights: Mapping[str, float], rows: Rows | None = None) -> Floats:
        """Return the share of the summed ``weights`` whose terms each passage holds, 0 to 1."""
        held = [
            sum(weight for term, weight in weights.items() if term in passage)
            for passage in self._model.doc_freqs
        ]
        out = np.array(held, dtype=np.float32) / np.float32(sum(weights.values()) or 1.0)
        return out if rows is None else out[rows]

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return in how many passages each term stands; 0 for an unknown one."""
        return [sum(term in passage for passage in self._model.doc_freqs) for term in terms]


def _best(scores: Floats, count: int, rows: Rows | None) -> Rows:
    places = np.argsort(-scores, kind="stable")[:count]
    return places.astype(np.int64) if rows is None else rows[places]
