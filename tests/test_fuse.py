import numpy as np
import pytest

from qa.fuse import Scores, convex, reciprocal_rank, scaled


def _scores(*values: float) -> Scores:
    return np.array(values, dtype=np.float32)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((2, 4, 6), [0, (4 - 2) / (6 - 2), 1]),
        ((-1, 0, 3), [0, 1 / 4, 1]),
        ((5, 5, 5), [0, 0, 0]),
        ((7,), [0]),
        ((), []),
    ],
)
def test_scaling_is_by_the_least_and_the_greatest(
    scores: tuple[float, ...], expected: list[float]
) -> None:
    assert scaled(_scores(*scores)) == pytest.approx(expected)


def test_a_convex_combination_sums_the_scaled_legs_by_weight() -> None:
    legs = {"bm25": _scores(0, 5, 10), "dense": _scores(0.9, 0.3, 0.6)}
    assert convex(legs, {"bm25": 0.25, "dense": 0.75}) == pytest.approx(
        [0.25 * 0 + 0.75 * 1, 0.25 * 0.5 + 0.75 * 0, 0.25 * 1 + 0.75 * 0.5]
    )


def test_weights_are_divided_by_those_of_the_legs_that_are_there() -> None:
    legs = {"bm25": _scores(0, 1), "dense": _scores(1, 0)}
    weights = {"bm25": 1.0, "dense": 3.0, "late": 4.0}
    assert convex(legs, weights) == pytest.approx([3 / 4, 1 / 4])


def test_a_leg_without_weight_is_out() -> None:
    legs = {"bm25": _scores(0, 1), "dense": _scores(1, 0)}
    assert convex(legs, {"bm25": 2.0, "dense": 0.0}) == pytest.approx([0, 1])
    assert convex(legs, {"bm25": 2.0}) == pytest.approx([0, 1])


def test_without_any_weight_all_is_zero() -> None:
    assert convex({"bm25": _scores(0, 1)}, {}) == pytest.approx([0, 0])


def test_a_flat_leg_does_not_disturb_the_order() -> None:
    legs = {"bm25": _scores(3, 3, 3), "dense": _scores(0, 1, 0.5)}
    assert convex(legs, {"bm25": 0.5, "dense": 0.5}) == pytest.approx([0, 0.5, 0.25])


def test_no_passages_give_no_scores() -> None:
    assert convex({"bm25": _scores()}, {"bm25": 1.0}).shape == (0,)
    assert reciprocal_rank({"bm25": _scores()}).shape == (0,)


def test_reciprocal_ranks_add_up() -> None:
    legs = {"bm25": _scores(3, 2, 1), "dense": _scores(0.1, 0.9, 0.5)}
    assert reciprocal_rank(legs) == pytest.approx(
        [1 / 61 + 1 / 63, 1 / 62 + 1 / 61, 1 / 63 + 1 / 62]
    )
    assert reciprocal_rank(legs, k=1)[0] == pytest.approx(1 / 2 + 1 / 4)


def test_equal_scores_are_ranked_in_row_order() -> None:
    assert reciprocal_rank({"bm25": _scores(1, 1)}) == pytest.approx([1 / 61, 1 / 62])
