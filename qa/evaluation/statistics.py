"""What a difference of two means is worth, on the questions that there are. Pure.

All tests are paired by question; resampling has a fixed seed, so the same figures give the same p.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
POWER = 0.8
_SEED = 20260101
_RESAMPLES = 2000
_PERMUTATIONS = 9999

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and its bootstrap interval at ``LEVEL``."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """Two systems on the same questions, by one metric.

    ``delta``: mean of the first less that of the second, with its interval. ``p``: two-sided, of a
    paired randomisation test; ``holm``: the same, corrected for all tests of the family.
    ``detectable``: the smallest true difference that a test of these questions would find with a
    probability of ``POWER``, at the corrected level; None where no question differs.
    """

    metric: str
    first: str
    second: str
    questions: int
    delta: Interval
    better: int
    worse: int
    p: float
    holm: float
    detectable: float | None


def paired_p(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Two-sided p of a paired permutation test of the mean difference.

    Returns None where nothing can be tested: fewer than two pairs.
    """
    differences = np.asarray(first, dtype=float) - np.asarray(second, dtype=float)
    if len(differences) < 2:
        return None
    # Questions that do not differ add nothing to any sum: without them small sets are exact.
    differences = differences[differences != 0]
    if len(differences) < 2:
        return 1.0  # the one that differs may as well have done so the other way
    from scipy.stats import permutation_test

    result = permutation_test(
        (differences,),
        np.mean,
        permutation_type="samples",
        n_resamples=_PERMUTATIONS,
        rng=np.random.default_rng(_SEED),
        vectorized=True,
    )
    return float(result.pvalue)


def interval(values: Sequence[float]) -> Interval | None:
    """The mean and its percentile bootstrap interval over questions; None of nothing."""
    return ratio_interval(values, [1.0] * len(values))


def ratio_interval(parts: Sequence[float], wholes: Sequence[float]) -> Interval | None:
    """The sum of ``parts`` over the sum of ``wholes``, questions resampled as pairs.

    Where all questions agree on 0 or on 1, resampling shows no doubt although there is some: the
    exact binomial interval does (19 of 19 right may be 82 of 100).
    """
    top, below = np.asarray(parts, dtype=float), np.asarray(wholes, dtype=float)
    top, below = top[below > 0], below[below > 0]
    if not len(top):
        return None
    value = float(top.sum() / below.sum())
    if np.ptp(top / below) == 0:
        return _unanimous(value, len(top))
    from scipy.stats import bootstrap

    def ratio(a: Floats, b: Floats, axis: int) -> Floats:
        found: Floats = a.sum(axis=axis) / b.sum(axis=axis)
        return found

    found = bootstrap(
        (top, below),
        ratio,
        paired=True,
        vectorized=True,
        confidence_level=LEVEL,
        n_resamples=_RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(_SEED),
    ).confidence_interval
    return Interval(value, float(found.low), float(found.high))


def _unanimous(value: float, size: int) -> Interval:
    if value not in (0.0, 1.0):
        return Interval(value, value, value)
    from scipy.stats import binomtest

    found = binomtest(round(value * size), size).proportion_ci(LEVEL)
    return Interval(value, float(found.low), float(found.high))


def holm(p_values: Sequence[float]) -> list[float]:
    """Correct the p-values of one family (Holm, 1979): in ascending order, times those left."""
    corrected = [0.0] * len(p_values)
    least = 0.0
    for rank, at in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        least = max(least, min(1.0, p_values[at] * (len(p_values) - rank)))
        corrected[at] = least
    return corrected


def detectable(differences: Sequence[float], tests: int = 1) -> float | None:
    """The smallest mean difference that a paired test finds with a probability of ``POWER``.

    By the normal approximation at the two-sided level ``1 - LEVEL`` shared among ``tests``. None
    where it cannot be told: fewer than two pairs, or none that differs.
    """
    if len(differences) < 2:
        return None
    spread = float(np.std(differences, ddof=1))
    if spread == 0.0:
        return None
    from scipy.stats import norm

    level = (1 - LEVEL) / tests
    sigmas = float(norm.ppf(1 - level / 2) + norm.ppf(POWER))
    return sigmas * spread / float(np.sqrt(len(differences)))


def differences(
    rows: Mapping[str, Mapping[str, Mapping[str, float]]],
    pairs: Sequence[tuple[str, str]],
    metrics: Sequence[str],
) -> list[Difference]:
    """Test each pair of systems by each metric; all of it is one family.

    Args:
        rows: system → question → metric → figure.
        pairs: the systems to compare; only questions for which both have the metric count.
        metrics: those to compare by.
    """
    found: list[tuple[str, str, str, list[float], float]] = []
    for first, second in pairs:
        for metric in metrics:
            names = [
                name
                for name, row in rows[first].items()
                if metric in row and metric in rows[second].get(name, {})
            ]
            one = [rows[first][name][metric] for name in names]
            other = [rows[second][name][metric] for name in names]
            p = paired_p(one, other)
            if p is not None:
                gaps = [a - b for a, b in zip(one, other, strict=True)]
                found.append((metric, first, second, gaps, p))
    corrected = holm([row[-1] for row in found])
    return [
        Difference(
            metric=metric,
            first=first,
            second=second,
            questions=len(gaps),
            delta=(interval(gaps) if any(gaps) else None) or Interval(0.0, 0.0, 0.0),
            better=sum(gap > 0 for gap in gaps),
            worse=sum(gap < 0 for gap in gaps),
            p=p,
            holm=whole,
            detectable=detectable(gaps, len(found)),
        )
        for (metric, first, second, gaps, p), whole in zip(found, corrected, strict=True)
    ]
