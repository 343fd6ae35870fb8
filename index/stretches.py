"""Stretches of the files of an index, read when they are asked for: nothing is held or mapped."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK = 2**22


class Rows:
    """The rows of an array in a file, ``(rows, *row)``, from ``offset`` on."""

    def __init__(
        self, path: Path, kind: "np.dtype[np.generic]", row: tuple[int, ...], offset: int
    ) -> None:
        """Say where the rows are; nothing is read yet."""
        self._path, self._kind, self._row, self._offset = path, kind, row, offset
        self._each = int(np.prod(row, dtype=np.int64))

    @classmethod
    def of_npy(cls, path: Path) -> "Rows":
        """The rows of a file that numpy wrote."""
        array = np.load(path, mmap_mode="r")
        return cls(path, array.dtype, array.shape[1:], array.offset)

    def between(self, first: int, last: int) -> NDArray[Any]:
        """Return the rows ``[first, last)``."""
        found: NDArray[Any] = np.fromfile(
            self._path,
            self._kind,
            (last - first) * self._each,
            offset=self._offset + first * self._each * self._kind.itemsize,
        )
        return found.reshape(-1, *self._row)


class Lines:
    """The lines of a file."""

    def __init__(self, path: Path) -> None:
        """Find where each line begins."""
        self._path = path
        borders = [np.zeros(1, dtype=np.int64)]
        at = 0
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                ends = np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == ord("\n"))
                borders.append(ends + (at + 1))
                at += len(block)
        self._borders: NDArray[np.int64] = np.concatenate(borders)

    def between(self, first: int, last: int) -> bytes:
        """Return the lines ``[first, last)``."""
        start, end = (int(border) for border in (self._borders[first], self._borders[last]))
        with self._path.open("rb") as file:
            file.seek(start)
            return file.read(end - start)
