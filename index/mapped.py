"""Files that are mapped into memory: arrays, and rows that are decoded when they are asked for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

Row = TypeVar("Row")

# In rows: documents are long, and an answer is from few of them.
_DOCUMENTS = 64
_ROWS = 4096


def mapped_bytes(path: Path) -> NDArray[np.uint8]:
    """Return the bytes of a file, which may be empty."""
    if not path.stat().st_size:
        return np.zeros(0, dtype=np.uint8)
    return np.asarray(np.memmap(path, dtype=np.uint8, mode="r"))


def mapped_array(path: Path) -> NDArray[Any]:
    """Return the array of an npy file."""
    # A plain view: slices of a memmap are several times as slow to make.
    return np.asarray(np.load(path, mmap_mode="r"))


def borders_of(path: Path) -> Path:
    """Where the borders of the lines of ``path`` are kept."""
    return path.with_suffix(".lines.npy")


def write_borders(path: Path) -> None:
    """Note where each line of ``path`` begins, and where the last one ends."""
    ends = np.flatnonzero(mapped_bytes(path) == ord("\n")) + 1
    np.save(borders_of(path), np.concatenate([[0], ends]).astype(np.int64))


class GrowingArray:
    """An array in a file that grows along its first axis; numpy leaves room for that in the head."""

    def __init__(self, path: Path, kind: "np.dtype[Any]", row: tuple[int, ...]) -> None:
        self._file: BinaryIO = path.open("wb")
        self._kind, self._row, self.count = kind, row, 0
        self._head()

    def add(self, array: NDArray[Any]) -> None:
        """Append ``array`` of shape ``(rows, *row)``."""
        if array.size:
            self._file.write(np.ascontiguousarray(array, dtype=self._kind).data)
        self.count += len(array)

    def finish(self) -> None:
        """Say in the head how many rows there are."""
        self._file.seek(0)
        self._head()
        self._file.close()

    def close(self) -> None:
        """Let go of the file, whether finished or not."""
        self._file.close()

    def _head(self) -> None:
        shape = (self.count, *self._row)
        described = {"descr": self._kind.str, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(self._file, described)


class Lines:
    """The lines of a file whose borders :func:`write_borders` wrote."""

    def __init__(self, path: Path) -> None:
        self._bytes = mapped_bytes(path)
        self._borders = mapped_array(borders_of(path))

    def __len__(self) -> int:
        return len(self._borders) - 1

    def of(self, first: int, last: int) -> bytes:
        """Return the lines ``[first, last)``, with their line breaks."""
        start, end = int(self._borders[first]), int(self._borders[last])
        return self._bytes[start:end].tobytes()


class Rows(Sequence[Row], Generic[Row]):
    """Rows that ``read`` makes of their numbers; those read last are kept."""

    def __init__(self, size: int, read: Callable[[int], Row], kept: int = _ROWS) -> None:
        self._size = size
        self._read = read
        self._cached = lru_cache(maxsize=kept)(read)

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, at: int) -> Row: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Row, ...]: ...

    def __getitem__(self, at: int | slice) -> Row | tuple[Row, ...]:
        if isinstance(at, slice):
            return tuple(self._read(one) for one in range(*at.indices(self._size)))
        if not -self._size <= at < self._size:
            raise IndexError(f"expected a row below {self._size}, got {at}")
        return self._cached(at % self._size)

    def __iter__(self) -> Iterator[Row]:
        # All of them, once: that would only push out what is asked for.
        return map(self._read, range(self._size))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(map(_same, self, other))

    def __hash__(self) -> int:
        return id(self)


class Named(Mapping[str, Row], Generic[Row]):
    """The same by name, in a fixed order."""

    def __init__(self, places: Mapping[str, int], read: Callable[[int], Row]) -> None:
        self._places = places
        self._rows = Rows(len(places), read, _DOCUMENTS)

    def __getitem__(self, name: str) -> Row:
        return self._rows[self._places[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, name: object) -> bool:
        return name in self._places


def _same(one: object, other: object) -> bool:
    return one == other
