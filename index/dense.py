"""The dense leg: unit vectors in FAISS, scored by inner product (cosine)."""

from pathlib import Path
from typing import Any, Protocol

import numpy as np

from index.vectors import Floats, Rows

FILE = "dense.faiss"


class DenseLeg(Protocol):
    """What retrieval needs of the dense leg."""

    def top(self, vector: Floats, count: int, rows: Rows | None = None) -> tuple[Rows, Floats]:
        """Return the ``count`` nearest of ``rows``, or of all, best first, and their cosines."""

    def scores(self, vector: Floats, rows: Rows) -> Floats:
        """Return the cosine of ``vector`` with each of ``rows``, shape ``(len(rows),)``."""


class DenseIndex:
    """Exact inner-product search over ``size`` vectors of ``dimension``."""

    def __init__(self, faiss_index: Any) -> None:  # noqa: ANN401 - faiss has no types
        self._index = faiss_index

    @classmethod
    def build(cls, vectors: Floats) -> "DenseIndex":
        """Index unit ``vectors`` of shape ``(passages, dimension)``."""
        import faiss

        made = cls(faiss.IndexFlatIP(vectors.shape[1]))
        made.add(vectors)
        return made

    @classmethod
    def load(cls, folder: Path) -> "DenseIndex":
        """Read the index that :meth:`save` wrote."""
        import faiss

        return cls(faiss.read_index(str(folder / FILE)))

    def save(self, folder: Path) -> None:
        """Write one file into ``folder``.

        Raises:
            OSError: it cannot be written.
        """
        import faiss

        try:
            faiss.write_index(self._index, str(folder / FILE))
        except RuntimeError as error:
            # faiss tells all that goes wrong in this one way.
            raise OSError(f"{folder / FILE}: {error}") from error

    def add(self, vectors: Floats) -> None:
        """Append unit ``vectors`` of shape ``(passages, dimension)``."""
        if len(vectors):
            self._index.add(np.ascontiguousarray(vectors))

    def vectors(self, first: int, last: int) -> Floats:
        """Return the vectors of the rows ``[first, last)``, as they were added."""
        if first == last:
            return np.zeros((0, self.dimension), dtype=np.float32)
        found: Floats = self._index.reconstruct_n(first, last - first)
        return found

    @property
    def size(self) -> int:
        """Number of passages."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return int(self._index.d)

    def top(self, vector: Floats, count: int, rows: Rows | None = None) -> tuple[Rows, Floats]:
        """Return the ``count`` nearest of ``rows``, or of all, best first, and their cosines.

        Equal scores come in row order, so that results are the same on every machine. ``rows`` are
        ascending.
        """
        some = np.arange(self.size, dtype=np.int64) if rows is None else rows
        scores = self.scores(vector, some)
        places = np.argsort(-scores, kind="stable")[:count]
        return some[places], scores[places]

    def scores(self, vector: Floats, rows: Rows) -> Floats:
        """Return the cosine of ``vector`` with each of ``rows``, shape ``(len(rows),)``."""
        if not len(rows):
            return np.zeros(0, dtype=np.float32)
        found: Floats = self._index.reconstruct_batch(rows) @ vector
        return found
