"""Arrays of vectors, one a row."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.int8]
Rows = NDArray[np.int64]

_HIGHEST = 127
# In rows: what is gathered at a time stays in the cache.
_BLOCK = 2048


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
        return cls(rounded, lengths8(rounded))

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
        """Return the cosine of the unit ``vector`` with each of ``rows``, shape ``(len(rows),)``.

        The vector is taken as two bytes a component, and the products are of whole numbers: the
        same on every machine, for a row alone and among others.
        """
        halves, scale = _halves(vector)
        out = np.empty(len(rows), dtype=np.float32)
        for start in range(0, len(rows), _BLOCK):
            some = rows[start : start + _BLOCK]
            found = products(self.bytes[some], halves).astype(np.float32)
            total = found[:, 0] + found[:, 1] / np.float32(2 * _HIGHEST)
            np.divide(total * scale, self.lengths[some], out=out[start : start + _BLOCK])
        return out


def _halves(vector: Floats) -> tuple[Bytes, np.float32]:
    """A vector as ``scale * (high + low / 254)``, both of a byte a component, ``(2, dimension)``."""
    greatest = float(np.abs(vector).max(initial=0.0)) or 1.0
    scaled = vector * np.float32(_HIGHEST / greatest)
    high = np.rint(scaled)
    low = np.rint((scaled - high) * (2 * _HIGHEST))
    return np.stack([high, low]).astype(np.int8), np.float32(greatest / _HIGHEST)


def products(one: Bytes, other: Bytes) -> NDArray[np.int32]:
    """Return the inner product of each row of ``one`` with each of ``other``, exactly.

    Shape ``(len(one), len(other))``; fastest where ``other`` has few rows. numpy has no fast product
    of bytes, and one of floats would be shared out to threads, which wait for each other on a busy
    machine.
    """
    import numkong

    packed = numkong.dots_pack(np.ascontiguousarray(other))
    found: NDArray[np.int32] = np.asarray(numkong.dots_packed(np.ascontiguousarray(one), packed))
    return found


def lengths8(rounded: Bytes) -> Floats:
    """Return the length of each row of bytes, 1 for a row of zeros."""
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
