from math import log1p
from pathlib import Path

import numpy as np
import pytest

from index import Index
from index.late import FOLDER, LateIndex

# Four tokens: two axes, one between them, one opposite the first.
VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8], [-1, 0]], dtype=np.float32)
PASSAGES = [[0, 0, 1], [2], [], [3, 2]]
# Passages that hold each token, of four.
HOLDING = [1, 1, 2, 1]


def _ids(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int32)


def _cosines(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    return VECTORS[theirs] @ VECTORS[ours].T


def _rarity(token: int) -> float:
    return log1p(len(PASSAGES) / (1 + HOLDING[token]))


@pytest.fixture
def late() -> LateIndex:
    return LateIndex.build([_ids(*passage) for passage in PASSAGES])


def test_each_query_token_takes_its_best_match_in_each_passage(late: LateIndex) -> None:
    best, weights = late.matches(_ids(0, 2), np.arange(4), _cosines)
    assert best.tolist() == [
        pytest.approx([1.0, max(0.6, 0.8)]),
        pytest.approx([0.6, 0.6 * 0.6 + 0.8 * 0.8]),
        [0.0, 0.0],
        pytest.approx([max(-1.0, 0.6), 1.0]),
    ]
    total = _rarity(0) + _rarity(2)
    assert weights == pytest.approx([_rarity(0) / total, _rarity(2) / total])
    assert weights.sum() == pytest.approx(1.0)


def test_rows_come_in_the_order_asked_and_may_repeat(late: LateIndex) -> None:
    best, _ = late.matches(_ids(1), np.array([3, 0, 3]), _cosines)
    assert best == pytest.approx(np.array([[0.8], [1.0], [0.8]]))


def test_a_match_may_be_negative_where_all_tokens_are_opposite(late: LateIndex) -> None:
    lone = LateIndex.build([_ids(3)])
    best, weights = lone.matches(_ids(0), np.array([0]), _cosines)
    assert best.tolist() == [[-1.0]]
    assert weights.tolist() == [1.0]


def test_repeated_query_tokens_count_once(late: LateIndex) -> None:
    once = late.matches(_ids(0, 2), np.arange(4), _cosines)
    again = late.matches(_ids(2, 0, 2, 0), np.arange(4), _cosines)
    assert np.array_equal(once[0], again[0])
    assert np.array_equal(once[1], again[1])


def test_nothing_asked_or_no_rows_match_nothing(late: LateIndex) -> None:
    best, weights = late.matches(_ids(), np.arange(4), _cosines)
    assert best.shape == (4, 0)
    assert weights.shape == (0,)
    best, _ = late.matches(_ids(0, 1), np.array([], dtype=np.int64), _cosines)
    assert best.shape == (0, 2)


def test_only_empty_passages_match_nothing(late: LateIndex) -> None:
    best, _ = late.matches(_ids(0, 1), np.array([2]), _cosines)
    assert best.tolist() == [[0.0, 0.0]]


def test_any_texts_may_be_matched_with_the_rarity_of_the_passages(late: LateIndex) -> None:
    best, weights = late.match_texts(_ids(0, 1), [_ids(2), _ids()], _cosines)
    assert best == pytest.approx(np.array([[0.6, 0.8], [0.0, 0.0]]))
    total = _rarity(0) + _rarity(1)
    assert weights == pytest.approx([_rarity(0) / total, _rarity(1) / total])


def test_a_token_that_no_passage_holds_is_the_rarest() -> None:
    late = LateIndex.build([_ids(0), _ids(0)])
    _, weights = late.matches(_ids(0, 3), np.array([0]), _cosines)
    held, unheld = log1p(2 / (1 + 2)), log1p(2 / (1 + 0))
    assert weights == pytest.approx([held / (held + unheld), unheld / (held + unheld)])


def test_saved_and_loaded_it_is_the_same(late: LateIndex, tmp_path: Path) -> None:
    late.save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FOLDER]
    one = late.matches(_ids(0, 1, 2), np.arange(4), _cosines)
    other = LateIndex.load(tmp_path).matches(_ids(0, 1, 2), np.arange(4), _cosines)
    assert np.array_equal(one[0], other[0])
    assert np.array_equal(one[1], other[1])


def test_a_passage_of_the_seeds_matches_its_own_words_fully(seeds_index: Index) -> None:
    row = 100
    found = seeds_index.late_matches(seeds_index.search_text(row), np.array([row]))
    assert found is not None
    best, weights = found
    assert best == pytest.approx(np.ones_like(best), abs=1e-5)
    assert float((best @ weights)[0]) == pytest.approx(1.0, abs=1e-5)
