"""Arrays of vectors, one a row."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.int8]
Rows = NDArray[np.int64]

_HIGHEST = 127
# In rows: what is turned to single precision at a time stays in the cache, and its product with one
# vector is not shared out to threads, which would wait for each other on a busy machine.
_BLOCK = 256


def unit(vectors: Floats) -> Floats:
    """Return rows of unit length; a row of zeros stays one."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    result: Floats = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)
    return result


@dataclass(frozen=True, slots=True)
class Unit8:
    """Unit vectors in one byte a component: a direction needs no scale.

    ``bytes`` is ``(rows, dimension)``, the greatest component of each row ±127; ``lengths`` the
    length of each row, 1 for a row of zeros. Both may be mapped from files. Taking vectors out and
    in again changes nothing.
    """

    bytes: Bytes
    lengths: Floats

    @classmethod
    def of(cls, vectors: Floats) -> "Unit8":
        """Round ``vectors`` of shape ``(rows, dimension)``, of any length."""
        greatest = np.abs(vectors).max(axis=1, keepdims=True, initial=0.0)
        scale = np.divide(_HIGHEST, greatest, out=np.zeros_like(greatest), where=greatest > 0)
        rounded = np.rint(vectors * scale).astype(np.int8)
        return cls(rounded, _lengths(rounded))

    def __len__(self) -> int:
        return len(self.bytes)

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return int(self.bytes.shape[1])

    def single(self, rows: Rows | slice) -> Floats:
        """Return the unit vectors of ``rows`` in single precision."""
        lengths: Floats = self.lengths[rows, None]
        return self.bytes[rows].astype(np.float32) / lengths

    def scores(self, vector: Floats, rows: Rows) -> Floats:
        """Return the cosine of the unit ``vector`` with each of ``rows``, shape ``(len(rows),)``."""
        out = np.empty(len(rows), dtype=np.float32)
        for start in range(0, len(rows), _BLOCK):
            some = rows[start : start + _BLOCK]
            products = self.bytes[some].astype(np.float32) @ vector
            np.divide(products, self.lengths[some], out=out[start : start + _BLOCK])
        return out


def _lengths(rounded: Bytes) -> Floats:
    squares = np.einsum("ij,ij->i", rounded, rounded, dtype=np.int32, casting="unsafe")
    lengths: Floats = np.sqrt(np.maximum(squares, 1)).astype(np.float32)
    return lengths


def best(scores: Floats, count: int) -> NDArray[np.intp]:
    """Return the places of the ``count`` greatest scores, greatest first, equal ones in order.

    The same as sorting them all and taking the first, in time linear in their number.
    """
    if count >= len(scores):
        return np.argsort(-scores, kind="stable")
    if count < 1:
        return np.zeros(0, dtype=np.intp)
    least = np.partition(scores, len(scores) - count)[len(scores) - count]
    above = np.flatnonzero(scores > least)
    level = np.flatnonzero(scores == least)[: count - len(above)]
    places = np.sort(np.concatenate([above, level]))
    order = np.argsort(-scores[places], kind="stable")
    found: NDArray[np.intp] = places[order]
    return found
