"""The dense leg: unit vectors in FAISS, scored by inner product (cosine)."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.stretches import Rows
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
        if len(vectors):
            index.add(np.ascontiguousarray(vectors))
        return cls(index)

    @classmethod
    def load(cls, folder: Path) -> "DenseIndex":
        """Read the file that :class:`DenseFile` wrote."""
        import faiss

        return cls(faiss.read_index(str(folder / FILE)))

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


class DenseFile:
    """Writes what :meth:`DenseIndex.load` reads, vectors as they come: never all of them in memory."""

    def __init__(self, folder: Path, dimension: int) -> None:
        """Begin the file in ``folder``.

        Raises:
            ValueError: this faiss lays its files out otherwise.
        """
        self.size = 0
        self._dimension = dimension
        one = np.zeros((1, dimension), dtype=np.float32)
        if _serialised(one) != self._head(1) + one.tobytes():
            raise ValueError("expected faiss to write a head and then the vectors as they are")
        self.file = (folder / FILE).open("wb")
        self.file.write(self._head(0))

    def add(self, vectors: Floats) -> None:
        """Append unit ``vectors`` of shape ``(passages, dimension)``."""
        if len(vectors):
            self.file.write(np.ascontiguousarray(vectors, dtype=np.float32).data)
            self.size += len(vectors)

    def close(self) -> None:
        """Say in the head how many vectors there are."""
        self.file.seek(0)
        self.file.write(self._head(self.size))
        self.file.close()

    def _head(self, size: int) -> bytes:
        """What stands before ``size`` vectors: two of its numbers depend on them."""
        head = _serialised(np.zeros((0, self._dimension), dtype=np.float32))
        rows, numbers = (n.to_bytes(8, "little") for n in (size, size * self._dimension))
        return head[:8] + rows + head[16:-8] + numbers


def _serialised(vectors: Floats) -> bytes:
    import faiss

    return bytes(faiss.serialize_index(DenseIndex.build(vectors)._index))


def saved(folder: Path, size: int, dimension: int) -> Rows:
    """The vectors of a saved index, ``(size, dimension)``: they are the end of its file."""
    path, kind = folder / FILE, np.dtype(np.float32)
    offset = path.stat().st_size - size * dimension * kind.itemsize
    return Rows(path, kind, (dimension,), offset)
