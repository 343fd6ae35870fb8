from itertools import product

import numpy as np
import pytest
from scipy.stats import norm

from qa.evaluation.statistics import (
    Interval,
    detectable,
    differences,
    holm,
    interval,
    paired_p,
    ratio_interval,
)


def _exact(differences: list[float]) -> float:
    """Two-sided p over all signs, as scipy counts it: twice the smaller tail, at most 1."""
    observed = sum(differences)
    sums = [
        sum(s * d for s, d in zip(signs, differences, strict=True))
        for signs in product((1, -1), repeat=len(differences))
    ]
    greater = sum(s >= observed - 1e-9 for s in sums) / len(sums)
    less = sum(s <= observed + 1e-9 for s in sums) / len(sums)
    return min(1.0, 2 * min(greater, less))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([1, 1, 1, 1], [0, 0, 0, 0]),
        ([1, 0, 1, 0], [0, 1, 0, 1]),
        ([0.9, 0.4, 0.7, 0.2, 0.5], [0.1, 0.5, 0.6, 0.2, 0.1]),
    ],
)
def test_the_permutation_test_of_a_few_pairs_is_exact(
    first: list[float], second: list[float]
) -> None:
    differences = [a - b for a, b in zip(first, second, strict=True)]
    assert paired_p(first, second) == pytest.approx(_exact(differences))
    assert paired_p(second, first) == pytest.approx(_exact(differences))


def test_questions_that_do_not_differ_leave_the_test_of_the_others_exact() -> None:
    alike = [0.5] * 300
    assert paired_p([1.0, *alike], [0.0, *alike]) == 1.0
    first, second = [0.9, 0.4, 0.7, 0.8, 0.5], [0.1, 0.3, 0.6, 0.2, 0.1]
    exact = _exact([a - b for a, b in zip(first, second, strict=True)])
    assert paired_p(first + alike, second + alike) == pytest.approx(exact) == 2 / 32


def test_equal_runs_do_not_differ_and_too_few_cannot_be_tested() -> None:
    assert paired_p([0.5, 1.0], [0.5, 1.0]) == 1.0
    assert paired_p([1.0], [0.0]) is None
    assert paired_p([], []) is None


def test_many_pairs_are_sampled_with_a_fixed_seed() -> None:
    first = [1.0 if place % 3 else 0.0 for place in range(60)]
    second = [0.0 if place % 3 else 0.5 for place in range(60)]
    p = paired_p(first, second)
    assert p == paired_p(first, second)
    assert p is not None
    assert 0 < p < 0.01


def test_the_interval_of_a_mean_is_that_of_its_resamples() -> None:
    values = [0.0] * 30 + [1.0] * 70
    found = interval(values)
    assert found is not None
    assert found.value == pytest.approx(0.7)
    # The normal approximation of a share of 70 of 100: 0.7 ± 1.96 · √(0.7 · 0.3 / 100).
    half = 1.96 * (0.7 * 0.3 / 100) ** 0.5
    assert found.low == pytest.approx(0.7 - half, abs=0.015)
    assert found.high == pytest.approx(0.7 + half, abs=0.015)
    assert interval(values) == found


def test_unanimity_of_a_few_is_no_certainty() -> None:
    # Exact binomial: the lower bound of n of n is (0.05 / 2) ** (1 / n).
    found = interval([1.0] * 19)
    assert found is not None
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(0.025 ** (1 / 19))
    assert interval([]) is None
    assert interval([0.25, 0.25]) == Interval(0.25, 0.25, 0.25)


def test_a_ratio_counts_each_question_by_its_whole() -> None:
    found = ratio_interval([1.0, 3.0, 0.0], [2.0, 3.0, 0.0])
    assert found is not None
    assert found.value == pytest.approx(4 / 5)
    assert (found.low, found.high) == (pytest.approx(1 / 2), pytest.approx(1.0))
    assert ratio_interval([0.0], [0.0]) is None


def test_holm_multiplies_by_those_left_and_never_falls() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.02, 0.015]) == pytest.approx([0.03, 0.03])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_the_smallest_difference_is_found_eight_times_of_ten() -> None:
    spread = np.array([0.0, 1.0, -1.0, 0.5] * 25)
    least = detectable(spread.tolist())
    assert least is not None
    sigma = float(np.std(spread, ddof=1)) / 10
    assert least == pytest.approx((norm.ppf(0.975) + norm.ppf(0.8)) * sigma)
    drawn = np.random.default_rng(1).normal(least, sigma, 20_000)
    assert np.mean(np.abs(drawn) > norm.ppf(0.975) * sigma) == pytest.approx(0.8, abs=0.01)
    more = detectable(spread.tolist(), tests=6)
    assert more is not None
    assert more > least
    assert detectable([0.5, 0.5]) is None
    assert detectable([0.5]) is None


def test_differences_are_of_the_questions_that_both_have() -> None:
    rows = {
        "a": {str(i): {"m": float(i % 4 > 0)} for i in range(12)} | {"x": {"m": 1.0}},
        "b": {str(i): {"m": float(i % 4 > 1)} for i in range(12)} | {"x": {}},
        "c": {str(i): {"m": float(i % 4 > 0)} for i in range(12)},
    }
    better, same = differences(rows, [("a", "b"), ("a", "c")], ["m"])
    assert (better.questions, better.better, better.worse) == (12, 3, 0)
    assert better.delta.value == pytest.approx(3 / 12)
    # Three questions that differ, all one way: 2 of the 8 signs are as far from nothing.
    assert better.p == pytest.approx(2 / 8, abs=0.02)
    assert better.holm == pytest.approx(2 * better.p)
    assert (same.delta, same.p, same.holm) == (Interval(0.0, 0.0, 0.0), 1.0, 1.0)
    assert same.detectable is None
