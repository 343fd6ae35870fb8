"""Late interaction: each query token's best match among a passage's token vectors.

After ColBERT's MaxSim (Khattab and Zaharia, 2020), over static token vectors: what two averaged
vectors blur, single tokens still tell.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.mapped import mapped_array
from index.vectors import Floats

FOLDER = "tokens"
_PARTS = ("ids", "starts", "frequency")

Ids = NDArray[np.int32]
# Gives the cosine of each token of the second list with each of the first, ``(theirs, ours)``.
Cosines = Callable[[Ids, Ids], Floats]


class LateIndex:
    """Token ids of every passage, in one flat array with the start of each passage.

    ``frequency`` tells in how many passages each token stands. All may be mapped from files.
    """

    def __init__(self, ids: Ids, starts: NDArray[np.int64], frequency: Ids | None = None) -> None:
        self._ids = ids
        self._starts = starts
        self._frequency = np.bincount(ids).astype(np.int32) if frequency is None else frequency
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
        """Map the files that :meth:`save` wrote into memory."""
        return cls(*(mapped_array(folder / FOLDER / f"{name}.npy") for name in _PARTS))

    def save(self, folder: Path) -> None:
        """Write a few files into a subfolder of ``folder``."""
        (folder / FOLDER).mkdir()
        np.save(folder / FOLDER / "ids.npy", self._ids)
        np.save(folder / FOLDER / "starts.npy", self._starts)
        np.save(folder / FOLDER / "frequency.npy", self._frequency)

    def between(self, first: int, last: int) -> tuple[Ids, NDArray[np.int64]]:
        """Return the token ids of the passages ``[first, last)`` in one array, and their counts."""
        borders = self._starts[first : last + 1]
        return self._ids[borders[0] : borders[-1]], np.diff(borders)

    def matches(
        self, query: Ids, rows: NDArray[np.int64], cosines: Cosines
    ) -> tuple[Floats, Floats]:
        """Return the best cosine of each query token in each passage, and the tokens' weights.

        Args:
            query: ids of the question's tokens.
            rows: passages to score.
            cosines: compares tokens.

        Returns:
            Cosines of shape ``(len(rows), len(query))`` and weights by rarity, ``(len(query),)``,
            that sum to 1.
        """
        return self.match_texts(query, self.pieces(rows), cosines)

    def pieces(self, rows: NDArray[np.int64]) -> list[Ids]:
        """Return the token ids of each of ``rows``."""
        starts, ends = self._starts[rows].tolist(), self._starts[rows + 1].tolist()
        return [self._ids[start:end] for start, end in zip(starts, ends, strict=True)]

    def match_texts(
        self, query: Ids, pieces: Sequence[Ids], cosines: Cosines
    ) -> tuple[Floats, Floats]:
        """Do the same for any texts, given by their token ids."""
        query = np.unique(query)
        best = np.zeros((len(pieces), len(query)), dtype=np.float32)
        weights = self._rarity(query)
        if not len(query) or not pieces:
            return best, weights
        flat = np.concatenate(pieces)
        present, places = _numbered(flat)
        similar = cosines(query, present)
        lengths = np.array([len(piece) for piece in pieces])
        filled = np.flatnonzero(lengths)
        if len(filled):
            begins = np.concatenate([[0], np.cumsum(lengths[filled])[:-1]])
            best[filled] = np.maximum.reduceat(similar.take(places, axis=0), begins, axis=0)
        return best, weights / weights.sum()

    def _rarity(self, ids: Ids) -> Floats:
        """log(1 + passages / (1 + passages that hold the token)) of each token."""
        frequency = np.zeros(len(ids), dtype=np.float32)
        known = ids < len(self._frequency)
        frequency[known] = self._frequency[ids[known]]
        rarity: Floats = np.log1p(self._passages / (1.0 + frequency)).astype(np.float32)
        return rarity


def load(folder: Path) -> LateIndex | None:
    """Open the index in ``folder``; None where the encoder has no token vectors."""
    return LateIndex.load(folder) if (folder / FOLDER).is_dir() else None


def _numbered(ids: Ids) -> tuple[Ids, NDArray[np.int32]]:
    """The distinct ids, ascending, and the place of each of ``ids`` among them, without sorting."""
    held = np.zeros(int(ids.max(initial=-1)) + 1, dtype=bool)
    held[ids] = True
    present = np.flatnonzero(held)
    number = np.empty(len(held), dtype=np.int32)
    number[present] = np.arange(len(present), dtype=np.int32)
    return present.astype(np.int32), number[ids]
