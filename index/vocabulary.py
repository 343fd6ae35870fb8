"""Terms ↔ numbers, looked up in files that are mapped into memory: opening reads none of it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from index.mapped import mapped_array, mapped_bytes

# The terms, a line each, in order of their numbers; where each begins; their checksums, ascending,
# and whose checksum it is.
TERMS = "terms.txt"
_BORDERS, _SUMS, _NUMBERS = "terms.borders.npy", "terms.sums.npy", "terms.numbers.npy"
CHARACTERS = "characters.txt"
# In terms; a question has a few dozen.
_REMEMBERED = 65_536


class Vocabulary(Protocol):
    """What gives terms their numbers."""

    @property
    def characters(self) -> frozenset[str]:
        """The Chinese characters of the terms."""

    def numbers(self, terms: Sequence[str]) -> list[int]:
        """Return the number of each term, -1 for an unknown one."""


class Known:
    """Terms in memory, while an index is made."""

    def __init__(self, numbered: Mapping[str, int]) -> None:
        self._numbers = numbered

    def numbers(self, terms: Sequence[str]) -> list[int]:
        """Return the number of each term, -1 for an unknown one."""
        return [self._numbers.get(term, -1) for term in terms]

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def characters(self) -> frozenset[str]:
        """The Chinese characters of the terms."""
        return chinese(self._numbers)

    def save(self, folder: Path) -> None:
        """Write the files of :class:`Stored`, and the Chinese characters that the terms hold."""
        ordered = sorted(self._numbers, key=self._numbers.__getitem__)
        lines = [term.encode() + b"\n" for term in ordered]
        (folder / TERMS).write_bytes(b"".join(lines))
        sums = np.array([_sum(line[:-1]) for line in lines], dtype=np.uint64)
        order = np.argsort(sums, kind="stable")
        np.save(folder / _BORDERS, np.cumsum([0, *map(len, lines)], dtype=np.int64))
        np.save(folder / _SUMS, sums[order])
        np.save(folder / _NUMBERS, order.astype(np.int32))
        (folder / CHARACTERS).write_text("".join(sorted(self.characters)), encoding="utf-8")


class Stored:
    """The terms of a folder that :meth:`Known.save` wrote."""

    def __init__(self, folder: Path) -> None:
        self.characters = frozenset((folder / CHARACTERS).read_text(encoding="utf-8"))
        self._text = mapped_bytes(folder / TERMS)
        self._borders = mapped_array(folder / _BORDERS)
        self._sums = mapped_array(folder / _SUMS)
        self._numbers = mapped_array(folder / _NUMBERS)
        self._remembered: dict[str, int] = {}

    def numbers(self, terms: Sequence[str]) -> list[int]:
        """Return the number of each term, -1 for an unknown one.

        A question's terms are asked for by each leg and by the speller: the last are remembered.
        """
        remembered = self._remembered
        fresh = [term for term in terms if term not in remembered]
        if fresh:
            if len(remembered) + len(fresh) > _REMEMBERED:
                # A new one: another thread may be reading the old.
                remembered = self._remembered = {}
                fresh = list(terms)
            remembered.update(zip(fresh, self._found(fresh), strict=True))
        return [remembered[term] for term in terms]

    def _found(self, terms: Sequence[str]) -> list[int]:
        if not terms or not len(self._sums):
            return [-1] * len(terms)
        lines = [term.encode() for term in terms]
        sums = np.array([_sum(line) for line in lines], dtype=np.uint64)
        places = np.minimum(np.searchsorted(self._sums, sums), len(self._sums) - 1)
        found = self._numbers[places].tolist()
        # Another term may have the same checksum: the text decides.
        return [
            number if self._line(number) == line else -1
            for number, line in zip(found, lines, strict=True)
        ]

    def _line(self, number: int) -> bytes:
        start, end = self._borders[number : number + 2].tolist()
        return self._text[start : end - 1].tobytes()


def read_terms(folder: Path) -> list[str]:
    """Return all terms that :meth:`Known.save` wrote, in order of their numbers."""
    return (folder / TERMS).read_bytes().decode().split("\n")[:-1]


def chinese(terms: Iterable[str]) -> frozenset[str]:
    """Return the Chinese characters of ``terms``."""
    return frozenset(c for term in terms for c in term if "\u3400" <= c <= "\u9fff")


def _sum(line: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(line, digest_size=8).digest(), "little")
