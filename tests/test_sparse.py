from math import log
from pathlib import Path

import numpy as np
import pytest

from index import Index, terms
from index.sparse import FOLDER, Bm25Parameters, Bm25sIndex, RankBm25Index, SparseIndex

CORPUS = [["城镇", "化率", "城镇"], ["基站"], ["城镇", "基站", "建设", "基站"], ["公园"]]
K1, B, DELTA = 1.2, 0.5, 0.5
MEAN = (3 + 1 + 4 + 1) / 4


def _bm25(frequency: int, length: int, holding: int) -> float:
    """BM25+ of one term (Lv and Zhai, 2011)."""
    idf = log((4 + 1) / holding)
    return idf * (DELTA + frequency * (K1 + 1) / (K1 * (1 - B + B * length / MEAN) + frequency))


def _absent(holding: int) -> float:
    return log((4 + 1) / holding) * DELTA


@pytest.fixture(params=[Bm25sIndex.build, RankBm25Index])
def sparse(request: pytest.FixtureRequest) -> SparseIndex:
    made: SparseIndex = request.param(CORPUS, Bm25Parameters(K1, B, DELTA))
    return made


def test_the_defaults_are_those_of_the_hand_computed_example() -> None:
    assert Bm25Parameters() == Bm25Parameters(K1, B, DELTA)


def test_one_term_scores_by_the_formula(sparse: SparseIndex) -> None:
    assert sparse.scores({"城镇": 1.0}) == pytest.approx(
        [_bm25(2, 3, 2), _absent(2), _bm25(1, 4, 2), _absent(2)], abs=1e-4
    )


def test_terms_add_up_by_weight(sparse: SparseIndex) -> None:
    expected = [
        1.0 * _absent(2) + 0.5 * _absent(1),
        1.0 * _bm25(1, 1, 2) + 0.5 * _absent(1),
        1.0 * _bm25(2, 4, 2) + 0.5 * _bm25(1, 4, 1),
        1.0 * _absent(2) + 0.5 * _absent(1),
    ]
    assert sparse.scores({"基站": 1.0, "建设": 0.5}) == pytest.approx(expected, abs=1e-4)


def test_unknown_terms_and_no_terms_score_nothing(sparse: SparseIndex) -> None:
    assert sparse.scores({"地铁": 1.0}).tolist() == [0.0] * 4
    assert sparse.scores({}).tolist() == [0.0] * 4
    assert sparse.scores({}).dtype == np.float32


def test_document_frequencies_count_passages_not_occurrences(sparse: SparseIndex) -> None:
    assert sparse.document_frequencies(["城镇", "基站", "公园", "地铁"]) == [2, 2, 1, 0]
    assert sparse.document_frequencies([]) == []


def test_coverage_is_the_share_of_the_weights_that_a_passage_holds(sparse: SparseIndex) -> None:
    weights = {"城镇": 2.0, "基站": 1.0, "地铁": 1.0}
    assert sparse.coverage(weights) == pytest.approx([2 / 4, 1 / 4, 3 / 4, 0])
    assert sparse.coverage({}).tolist() == [0.0] * 4


def test_passages_that_hold_all_terms(sparse: SparseIndex) -> None:
    assert sparse.holding(["城镇"]).tolist() == [0, 2]
    assert sparse.holding(["基站", "城镇"]).tolist() == [2]
    assert sparse.holding(["公园", "城镇"]).tolist() == []
    assert sparse.holding(["城镇", "地铁"]).tolist() == []
    assert sparse.holding([]).tolist() == []


def test_some_passages_are_scored_as_among_all(sparse: SparseIndex) -> None:
    weights, rows = {"城镇": 1.0, "基站": 0.5, "地铁": 1.0}, np.array([1, 3])
    assert np.array_equal(sparse.scores(weights, rows), sparse.scores(weights)[rows])
    assert np.array_equal(sparse.coverage(weights, rows), sparse.coverage(weights)[rows])
    assert sparse.top(weights, 3).tolist() == [2, 0, 1]
    assert sparse.top(weights, 3, np.array([1, 2, 3])).tolist() == [2, 1, 3]


def test_the_characters_are_those_of_the_terms(sparse: SparseIndex) -> None:
    assert sparse.characters == frozenset("城镇化率基站建设公园")


def test_saved_and_loaded_it_scores_the_same(tmp_path: Path) -> None:
    built = Bm25sIndex.build(CORPUS, Bm25Parameters())
    built.save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FOLDER]
    loaded = Bm25sIndex.load(tmp_path)
    weights = {"城镇": 1.0, "基站": 0.3}
    assert np.array_equal(loaded.scores(weights), built.scores(weights))
    assert loaded.document_frequencies(["基站"]) == [2]


@pytest.mark.parametrize(
    "question",
    [
        "济南2025年城镇化率目标",
        "孩子上学怎么办",
        "5G基站",
        "城镇城镇化",
        "新增公共停车位1万个",
        "地铁",
    ],
)
def test_both_agree_on_the_seeds(
    question: str, seeds_index: Index, reference: RankBm25Index
) -> None:
    weights = {term: 1.0 + 0.1 * at for at, term in enumerate(dict.fromkeys(terms(question)))}
    served = seeds_index.sparse.scores(weights)
    assert served.shape == (len(seeds_index.chunks),)
    assert served == pytest.approx(reference.scores(weights), abs=1e-4)
    assert seeds_index.sparse.coverage(weights) == pytest.approx(reference.coverage(weights))
    names = list(weights)
    assert seeds_index.sparse.document_frequencies(names) == reference.document_frequencies(names)


@pytest.fixture(scope="module")
def reference(seeds_folder: Path) -> RankBm25Index:
    found = Index.open(seeds_folder, sparse="rank-bm25").sparse
    assert isinstance(found, RankBm25Index)
    return found
