"""Late interaction: each query token's best match among a passage's token vectors.

After ColBERT's MaxSim (Khattab and Zaharia, 2020), over static token vectors: what two averaged
vectors blur, single tokens still tell.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.vectors import Floats

FILE = "tokens.npz"

Ids = NDArray[np.int32]
Vectors = Callable[[Ids], Floats]


class LateIndex:
    """Token ids of every passage, in one flat array with the start of each passage."""

    def __init__(self, ids: Ids, starts: NDArray[np.int64]) -> None:
        self._ids = ids
        self._starts = starts
        self._frequency = np.bincount(ids)
        self._passages = len(starts) - 1

    @classmethod
    def build(cls, passages: Sequence[Ids]) -> "LateIndex":
        """Index passages of token ids; repeated tokens count once."""
        unique = [np.unique(ids).astype(np.int32) for ids in passages]
        starts = np.concatenate([[0], np.cumsum([len(ids) for ids in unique])]).astype(np.int64)
        flat = np.concatenate([*unique, np.zeros(0, dtype=np.int32)])
        return cls(flat, starts)

    @classmethod
    def load(cls, folder: Path) -> "LateIndex":
        """Read the file that :meth:`save` wrote."""
        with np.load(folder / FILE) as arrays:
            return cls(arrays["ids"], arrays["starts"])

    def save(self, folder: Path) -> None:
        """Write one file into ``folder``."""
        np.savez(folder / FILE, ids=self._ids, starts=self._starts)

    def between(self, first: int, last: int) -> tuple[Ids, NDArray[np.int64]]:
        """Return the token ids of the passages ``[first, last)`` in one array, and their counts."""
        borders = self._starts[first : last + 1]
        return self._ids[borders[0] : borders[-1]], np.diff(borders)

    def matches(
        self, query: Ids, rows: NDArray[np.int64], vectors: Vectors
    ) -> tuple[Floats, Floats]:
        """Return the best cosine of each query token in each passage, and the tokens' weights.

        Args:
            query: ids of the question's tokens.
            rows: passages to score.
            vectors: gives the unit vectors of token ids, ``(ids, dimension)``.

        Returns:
            Cosines of shape ``(len(rows), len(query))`` and weights by rarity, ``(len(query),)``,
            that sum to 1.
        """
        return self.match_texts(query, self.pieces(rows), vectors)

    def pieces(self, rows: NDArray[np.int64]) -> list[Ids]:
        """Return the token ids of each of ``rows``."""
        return [self._ids[self._starts[row] : self._starts[row + 1]] for row in rows]

    def match_texts(
        self, query: Ids, pieces: Sequence[Ids], vectors: Vectors
    ) -> tuple[Floats, Floats]:
        """Do the same for any texts, given by their token ids."""
        query = np.unique(query)
        best = np.zeros((len(pieces), len(query)), dtype=np.float32)
        weights = self._rarity(query)
        if not len(query) or not pieces:
            return best, weights
        flat = np.concatenate(pieces)
        present, places = np.unique(flat, return_inverse=True)
        similar = vectors(query) @ vectors(present).T
        filled = [i for i, piece in enumerate(pieces) if len(piece)]
        begins = np.cumsum([0, *(len(pieces[i]) for i in filled[:-1])])
        if filled:
            best[filled] = np.maximum.reduceat(similar[:, places], begins, axis=1).T
        return best, weights / weights.sum()

    def _rarity(self, ids: Ids) -> Floats:
        """log(1 + passages / (1 + passages that hold the token)) of each token."""
        frequency = np.zeros(len(ids), dtype=np.float32)
        known = ids < len(self._frequency)
        frequency[known] = self._frequency[ids[known]]
        rarity: Floats = np.log1p(self._passages / (1.0 + frequency)).astype(np.float32)
        return rarity
