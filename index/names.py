"""The names of the figures, each once, with its vector; many figures bear the same name."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.mapped import GrowingArray, mapped_array
from index.vectors import Floats, Unit8

FOLDER = "names"
_TEXTS = "texts.txt"


class Names(Protocol):
    """``texts`` in order of first appearance, their ``vectors``, and the name ``of`` each figure."""

    @property
    def texts(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def vectors(self) -> Unit8: ...  # noqa: D102
    @property
    def of(self) -> NDArray[np.int32]: ...  # noqa: D102


@dataclass(frozen=True)
class FigureNames:
    """``texts`` in order of first appearance, their ``vectors``, and the name ``of`` each figure."""

    texts: Sequence[str]
    vectors: Unit8
    of: NDArray[np.int32]

    @classmethod
    def load(cls, folder: Path) -> "FigureNames":
        """Read the names that :class:`NamesFile` wrote; the rest is mapped into memory."""
        parts = {name: mapped_array(folder / FOLDER / f"{name}.npy") for name in _PARTS}
        texts = (folder / FOLDER / _TEXTS).read_bytes().decode().split("\n")[:-1]
        return cls(texts, Unit8(parts["bytes"], parts["lengths"]), parts["of"])

    @classmethod
    def build(cls, names: Sequence[str], vectors: Floats) -> "FigureNames":
        """Take the name of each figure and its vector, ``(figures, dimension)``."""
        numbers: dict[str, int] = {}
        of = np.array([numbers.setdefault(n, len(numbers)) for n in names], dtype=np.int32)
        firsts = np.unique(of, return_index=True)[1]
        return cls(tuple(numbers), Unit8.of(vectors[firsts]), of)

    def between(self, first: int, last: int) -> Floats:
        """Return the vectors of the names of the figures ``[first, last)``."""
        return self.vectors.single(self.of[first:last].astype(np.int64))


_PARTS = ("bytes", "lengths", "of")


class NamesFile:
    """Writes what :meth:`FigureNames.load` reads, document by document."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self._folder = folder / FOLDER
        self._folder.mkdir()
        kinds: tuple[tuple[type[np.generic], tuple[int, ...]], ...] = (
            (np.int8, (dimension,)),
            (np.float32, ()),
            (np.int32, ()),
        )
        self._parts = [
            GrowingArray(self._folder / f"{name}.npy", np.dtype(kind), row)
            for name, (kind, row) in zip(_PARTS, kinds, strict=True)
        ]
        self._numbers: dict[str, int] = {}

    def add(self, names: Sequence[str], vectors: Floats) -> None:
        """Append the names of one document's figures and their vectors, ``(figures, dimension)``."""
        known = len(self._numbers)
        of = [self._numbers.setdefault(name, len(self._numbers)) for name in names]
        fresh: dict[int, int] = {}
        for row, number in enumerate(of):
            if number >= known:
                fresh.setdefault(number, row)
        rounded = Unit8.of(vectors[list(fresh.values())])
        bytes_, lengths, numbers = self._parts
        bytes_.add(rounded.bytes)
        lengths.add(rounded.lengths)
        numbers.add(np.array(of, dtype=np.int32))

    def finish(self) -> None:
        """Write what is found out of all of them."""
        for part in self._parts:
            part.finish()
        text = "".join(name + "\n" for name in self._numbers)
        (self._folder / _TEXTS).write_bytes(text.encode())

    def close(self) -> None:
        """Let go of the files, whether finished or not."""
        for part in self._parts:
            part.close()
