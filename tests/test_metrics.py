from itertools import product
from math import log2

import pytest

from qa.metrics import CUTS, mean, paired_p, rank_metrics

# Ten passages, p0 the best.
RUN = {"q": {f"p{place}": float(10 - place) for place in range(10)}}


def _gain(*places: int) -> float:
    return sum(1 / log2(place + 1) for place in places)


def test_one_group_at_the_second_place() -> None:
    found = rank_metrics({"q": [frozenset({"p1"})]}, RUN)["q"]
    assert found.recall == {1: 0.0, 3: 1.0, 5: 1.0, 10: 1.0}
    assert found.reciprocal_rank == pytest.approx(1 / 2)
    assert found.ndcg == pytest.approx(_gain(2) / _gain(1))


def test_recall_is_the_share_of_groups_and_alternatives_count_once() -> None:
    groups = [frozenset({"p0", "p9"}), frozenset({"p3"}), frozenset({"missing"})]
    found = rank_metrics({"q": groups}, RUN)["q"]
    assert found.recall == pytest.approx({1: 1 / 3, 3: 1 / 3, 5: 2 / 3, 10: 2 / 3})
    assert found.reciprocal_rank == 1.0
    # Relevant at places 1, 4 and 10; the best order has four relevant passages on top.
    assert found.ndcg == pytest.approx(_gain(1, 4, 10) / _gain(1, 2, 3, 4))


def test_nothing_found_is_zero() -> None:
    found = rank_metrics({"q": [frozenset({"missing"})]}, RUN)["q"]
    assert found.recall == dict.fromkeys(CUTS, 0.0)
    assert (found.reciprocal_rank, found.ndcg) == (0.0, 0.0)


def test_a_question_without_any_passage_retrieved_is_zero() -> None:
    found = rank_metrics({"q": [frozenset({"p0"})]}, {})["q"]
    assert found.recall == dict.fromkeys(CUTS, 0.0)
    assert (found.reciprocal_rank, found.ndcg) == (0.0, 0.0)


def test_a_group_that_no_passage_holds_counts_as_missed() -> None:
    found = rank_metrics({"q": [frozenset({"p0"}), frozenset()]}, RUN)["q"]
    assert found.recall[10] == pytest.approx(1 / 2)


def test_only_the_first_ten_count() -> None:
    run = {"q": {f"p{place}": float(20 - place) for place in range(12)}}
    found = rank_metrics({"q": [frozenset({"p10"})]}, run)["q"]
    assert found.recall[10] == 0.0
    assert (found.reciprocal_rank, found.ndcg) == (0.0, 0.0)


def test_questions_do_not_mix() -> None:
    groups = {"q": [frozenset({"p0"})], "r": [frozenset({"p1"})]}
    run = {**RUN, "r": {"p0": 2.0, "p1": 1.0}}
    found = rank_metrics(groups, run)
    assert found["q"].reciprocal_rank == 1.0
    assert found["r"].reciprocal_rank == pytest.approx(1 / 2)


def test_names_with_blanks_and_unusual_characters() -> None:
    groups = {"问 1": [frozenset({"文 件.txt:0-5"})]}
    found = rank_metrics(groups, {"问 1": {"文 件.txt:0-5": 1.0}})
    assert found["问 1"].recall[1] == 1.0


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


def test_means() -> None:
    assert mean([0.0, 1.0, 0.5]) == pytest.approx(1.5 / 3)
    assert mean([]) is None
