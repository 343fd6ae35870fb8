"""The dense leg: unit vectors in FAISS, scored by inner product (cosine)."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.vectors import Floats

FILE = "dense.faiss"


class DenseIndex:
    """Exact inner-product search over ``size`` vectors of ``dimension``."""

    def __init__(self, faiss_index: Any) -> None:  # noqa: ANN401 - faiss has no types
        self._index = faiss_index

    @classmethod
    def build(cls, vectors: Floats) -> "DenseIndex":
        """Index unit ``vectors`` of shape ``(passages, dimension)``."""
        import faiss

        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors))
        return cls(index)

    @classmethod
    def load(cls, folder: Path) -> "DenseIndex":
        """Read the index that :meth:`save` wrote."""
        import faiss

        return cls(faiss.read_index(str(folder / FILE)))

    def save(self, folder: Path) -> None:
        """Write one file into ``folder``."""
        import faiss

        faiss.write_index(self._index, str(folder / FILE))

    @property
    def size(self) -> int:
        """Number of passages."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return int(self._index.d)

    def top(self, vector: Floats, count: int) -> tuple[NDArray[np.int64], Floats]:
        """Return the ``count`` nearest rows, best first, and their cosines in [-1, 1].

        Equal scores come in row order, so that results are the same on every machine.
        """
        scores, rows = self._index.search(vector.reshape(1, -1), min(count, self.size))
        order = np.lexsort((rows[0], -scores[0]))
        return rows[0][order], scores[0][order]

    def scores(self, vector: Floats, rows: NDArray[np.int64]) -> Floats:
        """Return the cosine of ``vector`` with each of ``rows``, shape ``(len(rows),)``."""
        if not len(rows):
            return np.zeros(0, dtype=np.float32)
        found: Floats = self._index.reconstruct_batch(rows) @ vector
        return found
