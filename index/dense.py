"""The dense leg: unit vectors of a byte a component, scored by inner product (cosine).

FAISS finds candidates by its codes, and these are scored by their vectors: ``benchmarks/speed.md``
has how many of the best it finds.
"""

from pathlib import Path
from typing import Any, Protocol

import numpy as np

from index.mapped import GrowingArray, mapped_array
from index.stretches import Rows as Stretches
from index.vectors import Floats, Rows, Unit8, best

VECTORS, LENGTHS, CODES = "vectors.npy", "vectors.lengths.npy", "vectors.faiss"

# In passages: a part of them up to this size is scored without FAISS.
EXACT = 30_000
# In passages: up to here FAISS keeps the vectors as they are, above by product quantisation, laid
# out for scanning a block of codes at a time (André et al., 2017).
_FLAT = 2_000
_KIND = "PQ{}x4fs"
# So many candidates are scored for each passage that is asked for, and no fewer than the second.
_REFINED, _LEAST = 20, 1_000
# In passages, evenly spaced: what the codes are fitted to.
_SAMPLE = 65_536
_BLOCK = 16_384


class DenseLeg(Protocol):
    """What retrieval needs of the dense leg."""

    def top(self, vector: Floats, count: int, rows: Rows | None = None) -> tuple[Rows, Floats]:
        """Return the ``count`` nearest of ``rows``, or of all, best first, and their cosines."""

    def top_many(self, vectors: Floats, count: int) -> list[Rows]:
        """Return the ``count`` nearest of all to each of ``vectors``, best first."""

    def scores(self, vector: Floats, rows: Rows) -> Floats:
        """Return the cosine of ``vector`` with each of ``rows``, shape ``(len(rows),)``."""


class DenseIndex:
    """Inner-product search over ``size`` unit vectors of ``dimension``."""

    def __init__(self, vectors: Unit8, codes: Any = None) -> None:  # noqa: ANN401 - of faiss
        """Take the vectors and the FAISS index that finds candidates; None scores all."""
        self._vectors = vectors
        self._index = codes

    @classmethod
    def build(cls, vectors: Floats) -> "DenseIndex":
        """Index unit ``vectors`` of shape ``(passages, dimension)``."""
        rounded = Unit8.of(vectors)
        return cls(rounded, _codes(rounded))

    @classmethod
    def load(cls, folder: Path) -> "DenseIndex":
        """Map what :class:`DenseFile` wrote into memory; FAISS reads its own."""
        if not (folder / CODES).is_file():
            return cls(_mapped(folder))
        import faiss

        return cls(_mapped(folder), faiss.read_index(str(folder / CODES)))

    @property
    def size(self) -> int:
        """Number of passages."""
        return len(self._vectors)

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return self._vectors.dimension

    def top(self, vector: Floats, count: int, rows: Rows | None = None) -> tuple[Rows, Floats]:
        """Return the ``count`` nearest of ``rows``, or of all, best first, and their cosines.

        Equal scores come in row order, so that results are the same on every machine. ``rows`` are
        ascending.
        """
        some = self._candidates(vector, count, rows)
        scores = self.scores(vector, some)
        places = best(scores, count)
        return some[places], scores[places]

    def top_many(self, vectors: Floats, count: int) -> list[Rows]:
        """Return the ``count`` nearest of all to each of ``vectors``, best first.

        The same as :meth:`top` of each; the codes are passed over for several at a time.
        """
        named = self._named(vectors, max(_LEAST, count * _REFINED))
        return [
            some[best(self.scores(vector, some), count)]
            for vector, some in zip(vectors, named, strict=True)
        ]

    def scores(self, vector: Floats, rows: Rows) -> Floats:
        """Return the cosine of ``vector`` with each of ``rows``, shape ``(len(rows),)``."""
        return self._vectors.scores(vector, rows)

    def _candidates(self, vector: Floats, count: int, rows: Rows | None) -> Rows:
        """The rows that may be among the ``count`` best, ascending."""
        wanted = max(_LEAST, count * _REFINED)
        if rows is not None:
            if self._index is None or len(rows) <= max(EXACT, wanted):
                return rows
            # Of a part of the passages, so many more are asked for as it is smaller.
            wanted = wanted * self.size // len(rows)
        some = self._named(vector[None], wanted)[0]
        if rows is not None:
            some = some[rows[np.minimum(np.searchsorted(rows, some), len(rows) - 1)] == some]
        return some

    def _named(self, vectors: Floats, wanted: int) -> list[Rows]:
        """The rows that FAISS names for each vector, ascending; all where it names too few."""
        if self._index is None:
            return [np.arange(self.size)] * len(vectors)
        _, found = self._index.search(vectors, min(self.size, wanted))
        # Codes tell nothing from nothing of a vector of zeros.
        return [np.sort(own) if own.min() >= 0 else np.arange(self.size) for own in found]


class DenseFile:
    """Writes what :meth:`DenseIndex.load` reads, vectors as they come: never all of them in memory."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self._folder = folder
        self._vectors = GrowingArray(folder / VECTORS, np.dtype(np.int8), (dimension,))
        self._lengths = GrowingArray(folder / LENGTHS, np.dtype(np.float32), ())

    @property
    def size(self) -> int:
        """How many vectors there are so far."""
        return self._vectors.count

    def add(self, vectors: Floats) -> None:
        """Append unit ``vectors`` of shape ``(passages, dimension)``."""
        rounded = Unit8.of(vectors)
        self._vectors.add(rounded.bytes)
        self._lengths.add(rounded.lengths)

    def finish(self) -> None:
        """Write what is found out of all of them.

        Raises:
            OSError: it cannot be written.
        """
        self._vectors.finish()
        self._lengths.finish()
        codes = _codes(_mapped(self._folder))
        if codes is None:
            return
        import faiss

        try:
            faiss.write_index(codes, str(self._folder / CODES))
        except RuntimeError as error:
            # faiss tells all that goes wrong in this one way.
            raise OSError(f"{self._folder / CODES}: {error}") from error

    def close(self) -> None:
        """Let go of the files, whether finished or not."""
        self._vectors.close()
        self._lengths.close()


class Saved:
    """The vectors of a saved index, read from its files a stretch at a time."""

    def __init__(self, folder: Path) -> None:
        self._vectors = Stretches.of_npy(folder / VECTORS)
        self._lengths = Stretches.of_npy(folder / LENGTHS)

    def between(self, first: int, last: int) -> Floats:
        """Return the unit vectors of the rows ``[first, last)``; adding them again adds the same."""
        rows = Unit8(self._vectors.between(first, last), self._lengths.between(first, last))
        return rows.single(slice(None))


def _mapped(folder: Path) -> Unit8:
    return Unit8(mapped_array(folder / VECTORS), mapped_array(folder / LENGTHS))


def _codes(vectors: Unit8) -> Any:  # noqa: ANN401 - faiss has no types
    """Fit a FAISS index to ``vectors``; None where there are none."""
    if not len(vectors):
        return None
    import faiss

    made = faiss.index_factory(
        vectors.dimension, _kind(len(vectors), vectors.dimension), faiss.METRIC_INNER_PRODUCT
    )
    rows = np.linspace(0, len(vectors) - 1, min(len(vectors), _SAMPLE)).astype(np.int64)
    made.train(vectors.single(rows))
    for start in range(0, len(vectors), _BLOCK):
        made.add(vectors.single(slice(start, start + _BLOCK)))
    return made


def _kind(size: int, dimension: int) -> str:
    if size <= _FLAT:
        return "Flat"
    # Four components to a code, more where the dimension is not made of fours.
    most = dimension // 4 or 1
    return _KIND.format(next(n for n in range(most, 0, -1) if dimension % n == 0))
