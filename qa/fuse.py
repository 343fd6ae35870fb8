"""Several scores of the same passages → one. Pure."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]


def scaled(scores: Scores) -> Scores:
    """Scale to [0, 1] by the least and the greatest; all 0 where they are equal."""
    low, high = float(scores.min(initial=np.inf)), float(scores.max(initial=-np.inf))
    if not high > low:
        return np.zeros_like(scores)
    return ((scores - low) / (high - low)).astype(np.float32)


def convex(legs: Mapping[str, Scores], weights: Mapping[str, float]) -> Scores:
    """Sum the scaled legs by weight (Bruch, Gai and Ingber, 2023); a leg without weight is out.

    Args:
        legs: scores of shape ``(passages,)`` each.
        weights: non-negative; they are divided by the sum of those whose leg is there.
    """
    present = {name: weights[name] for name in legs if weights.get(name, 0) > 0}
    total = sum(present.values())
    size = len(next(iter(legs.values())))
    out = np.zeros(size, dtype=np.float32)
    for name, weight in present.items():
        out += np.float32(weight / total) * scaled(legs[name])
    return out


def reciprocal_rank(legs: Mapping[str, Scores], k: int = 60) -> Scores:
    """Sum 1 / (k + rank) over the legs, ranks from 1 (Cormack, Clarke and Büttcher, 2009)."""
    size = len(next(iter(legs.values())))
    out = np.zeros(size, dtype=np.float32)
    for scores in legs.values():
        order = np.argsort(-scores, kind="stable")
        ranks = np.empty(size, dtype=np.float32)
        ranks[order] = np.arange(1, size + 1)
        out += 1.0 / (k + ranks)
    return out
