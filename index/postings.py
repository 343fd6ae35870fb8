"""Terms × passages as sorted postings: scored row by row, or searched for the best.

The search is exact: MaxScore (Turtle and Flood, 1995) on whole postings at a time. Terms are added
up, the weightiest first, until the rest together cannot lift a passage that holds none of them
among the best; what may still be among these is then scored in full.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.vectors import Floats, Rows, best

# In postings: with fewer left, adding them up is cheaper than asking whether it is needed.
_FEW = 20_000
# Looking one row up in one posting costs about as much as adding so many entries up.
_LOOK_UP = 4
# In passages: up to here all are scored.
_SMALL = 20_000
# Sums of a few dozen float32 differ by their order at most by this share.
_ROUNDING = 1e-4


@dataclass(frozen=True, slots=True)
class Weighed:
    """One term of a query: its number in the postings and its weight, above 0."""

    number: int
    weight: float


@dataclass
class Postings:
    """What each term adds to the score of each passage that holds it.

    ``scores`` and ``rows`` are ``(entries,)``, those of term ``t`` in
    ``[starts[t], starts[t + 1])``, rows ascending; ``highest`` is each term's greatest score,
    ``(terms,)``. All may be mapped from files.
    """

    scores: Floats
    rows: NDArray[np.int32]
    starts: NDArray[np.int64]
    highest: Floats
    size: int
    _last: tuple[tuple[int, ...], bytes, Floats] | None = field(default=None, repr=False)

    def frequency(self, number: int) -> int:
        """In how many passages a term stands."""
        return int(self.starts[number + 1] - self.starts[number])

    def holding(self, numbers: Sequence[int]) -> Rows:
        """Return the passages that hold all of some terms, ascending."""
        first, *others = sorted(set(numbers), key=self.frequency)
        start, end = self.starts[first : first + 2].tolist()
        rows = self.rows[start:end].astype(np.int64)
        for number in others:
            rows = rows[self.held([number], rows)[0] > 0]
        return rows

    def all(self, terms: Sequence[Weighed]) -> Floats:
        """Return the summed scores of every passage, shape ``(passages,)``."""
        out = np.zeros(self.size, dtype=np.float32)
        for term in terms:
            self._add(out, term)
        return out

    def held(self, numbers: Sequence[int], rows: Rows) -> Floats:
        """Return what each term adds to each of ``rows``, 0 where it does not stand.

        Returns:
            Shape ``(len(numbers), len(rows))``; not to be written to.
        """
        key = (tuple(numbers), rows.tobytes())
        last = self._last
        if last is not None and last[:2] == key:
            return last[2]
        out = np.zeros((len(numbers), len(rows)), dtype=np.float32)
        wanted = rows.astype(np.int32)
        for place, number in enumerate(numbers):
            start, end = self.starts[number : number + 2].tolist()
            own = self.rows[start:end]
            if not len(own):
                continue
            at = own.searchsorted(wanted)
            at[at == len(own)] = 0
            hit = np.flatnonzero(own[at] == wanted)
            out[place, hit] = self.scores[start + at[hit]]
        self._last = (*key, out)
        return out

    def top(self, terms: Sequence[Weighed], count: int, rows: Rows | None = None) -> Rows:
        """Return the ``count`` best of ``rows``, or of all; equal ones in their order.

        Rows without any of the terms come last. ``rows`` are ascending.
        """
        entries = sum(self.frequency(term.number) for term in terms)
        if rows is not None and len(rows) * len(terms) * _LOOK_UP < entries:
            return self._first(terms, count, rows)
        if rows is not None:
            return rows[best(self.all(terms)[rows], count)]
        if self.size <= _SMALL:
            return best(self.all(terms), count)
        return self._best_of_all(terms, count)

    def _best_of_all(self, terms: Sequence[Weighed], count: int) -> Rows:
        ordered = sorted(terms, key=self._bound, reverse=True)
        left = sum(self.frequency(term.number) for term in ordered)
        rest = sum(map(self._bound, ordered))
        out = np.zeros(self.size, dtype=np.float32)
        needed = 0.0
        for term in ordered:
            self._add(out, term)
            left -= self.frequency(term.number)
            rest -= self._bound(term)
            if left <= _FEW:
                continue
            start, end = self.starts[term.number : term.number + 2].tolist()
            needed = max(needed, _nth(out[self.rows[start:end]], count))
            if rest < needed * (1 - _ROUNDING):
                return self._first(
                    terms, count, np.flatnonzero(out >= needed - rest - needed * _ROUNDING)
                )
        some = np.flatnonzero(out)
        if len(some) < count:
            others = np.flatnonzero(out[:count] == 0)[: count - len(some)]
            return np.concatenate([self._first(terms, count, some), others])
        return self._first(
            terms, count, some[out[some] >= _nth(out[some], count) * (1 - _ROUNDING)]
        )

    def _first(self, terms: Sequence[Weighed], count: int, rows: Rows) -> Rows:
        return rows[best(self.sums(terms, rows), count)]

    def _bound(self, term: Weighed) -> float:
        return term.weight * float(self.highest[term.number])

    def _add(self, out: Floats, term: Weighed) -> None:
        start, end = self.starts[term.number : term.number + 2].tolist()
        out[self.rows[start:end]] += np.float32(term.weight) * self.scores[start:end]

    def sums(self, terms: Sequence[Weighed], rows: Rows) -> Floats:
        """Return the summed scores of ``rows``, shape ``(len(rows),)``."""
        out = np.zeros(len(rows), dtype=np.float32)
        for term, held in zip(terms, self.held([term.number for term in terms], rows), strict=True):
            out += np.float32(term.weight) * held
        return out


def _nth(scores: Floats, count: int) -> float:
    """The ``count``-th greatest of ``scores``, 0 where there are fewer."""
    if len(scores) < count:
        return 0.0
    return float(np.partition(scores, len(scores) - count)[len(scores) - count])
