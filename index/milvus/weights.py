"""BM25+ in two halves whose inner product is the score.

A passage brings how much it says of each term, a query how rare the term is. So a passage's half
changes only with the usual length of passages, not with every document that is put in.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from index.milvus.packing import Features, Ids
from index.sparse import Bm25Parameters
from index.vectors import Floats


def passage_half(counts: Ids, length: int, usual: float, parameters: Bm25Parameters) -> Floats:
    """Return how much a passage says of its terms, ``(terms,)``.

    Args:
        counts: how often each term stands in it.
        length: how many terms it has.
        usual: how many terms a passage has on average.
        parameters: of the formula.
    """
    k1, b = parameters.k1, parameters.b
    damping = k1 * (1 - b + b * length / usual)
    return ((k1 + 1) * counts / (damping + counts)).astype(np.float32)


def rarity(frequencies: Sequence[int], passages: int) -> Floats:
    """Return the inverse document frequency of terms that stand in so many passages; 0 for none."""
    found = np.array(frequencies, dtype=np.float64)
    known = found > 0
    out = np.zeros(len(found), dtype=np.float64)
    out[known] = np.log((passages + 1) / found[known])
    return out.astype(np.float32)


def scores(
    query: Mapping[int, float],
    passages: Sequence[Features],
    usual: float,
    parameters: Bm25Parameters,
) -> Floats:
    """Return the BM25+ score of each passage, as :class:`index.sparse.Bm25sIndex` does.

    Args:
        query: weight times rarity of each term's number.
        passages: what is scored.
        usual: how many terms a passage has on average.
        parameters: of the formula.
    """
    numbers, weights = _ascending(query)
    base = np.float32(parameters.delta * weights.sum())
    out = np.full(len(passages), base, dtype=np.float32)
    for at, passage in enumerate(passages):
        _, ours, theirs = np.intersect1d(
            numbers, passage.terms, assume_unique=True, return_indices=True
        )
        half = passage_half(passage.counts[theirs], passage.length, usual, parameters)
        out[at] += np.float32(weights[ours] @ half)
    return out


def coverage(query: Mapping[int, float], total: float, passages: Sequence[Features]) -> Floats:
    """Return the share of ``total`` that the weights of the terms in each passage make."""
    numbers, weights = _ascending(query)
    held = [weights[np.isin(numbers, passage.terms)].sum() for passage in passages]
    return np.array(held, dtype=np.float32) / np.float32(total or 1.0)


def _ascending(query: Mapping[int, float]) -> tuple[Ids, Floats]:
    numbers = np.array(sorted(query), dtype=np.int32)
    return numbers, np.array([query[int(n)] for n in numbers], dtype=np.float32)
