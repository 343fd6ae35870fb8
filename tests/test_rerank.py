import json
from math import log1p

import numpy as np
import pytest

from qa.fuse import Scores
from qa.rerank import FEATURES, Candidates, Trees, embedded, features, load


def _scores(*values: float) -> Scores:
    return np.array(values, dtype=np.float32)


CANDIDATES = Candidates(
    legs={
        "bm25": _scores(4, 8, 6),
        "dense": _scores(0.5, 0.1, 0.3),
        "late": _scores(0.2, 0.4, 0.6),
    },
    weakest=_scores(0.1, 0.2, 0.3),
    coverage=_scores(0.5, 1.0, 0.0),
    fused=_scores(0.3, 0.6, 0.9),
    lengths=_scores(10, 20, 30),
    known=0.75,
    question_terms=4,
)
# feature 0 <= 5 → leaf 0.1; else feature 4 <= 0.2 → 0.2, else 0.3.
TREE = {
    "feature": [0, 0, 4, 4, 4],
    "threshold": [5.0, 0.0, 0.2, 0.0, 0.0],
    "left": [1, 1, 3, 3, 4],
    "right": [2, 1, 4, 3, 4],
    "value": [0.0, 0.1, 0.0, 0.2, 0.3],
}
LEAF = {"feature": [0], "threshold": [0.0], "left": [0], "right": [0], "value": [1.0]}


def _raw(**changes: object) -> dict[str, object]:
    return {"features": list(FEATURES), "trees": [TREE, LEAF], "depth": 2, **changes}


def test_features_by_hand() -> None:
    matrix = features(CANDIDATES)
    assert matrix.shape == (3, len(FEATURES))
    column = {name: matrix[:, at].tolist() for at, name in enumerate(FEATURES)}
    assert column["bm25"] == [4, 8, 6]
    assert column["bm25_scaled"] == [0, 1, (6 - 4) / (8 - 4)]
    assert column["bm25_rank"] == pytest.approx([1 / 3, 1 / 1, 1 / 2])
    assert column["bm25_fall"] == pytest.approx([(8 - 4) / 8] * 3)
    assert column["dense_rank"] == pytest.approx([1 / 1, 1 / 3, 1 / 2])
    assert column["dense_fall"] == pytest.approx([(0.5 - 0.1) / 0.5] * 3)
    assert column["late_scaled"] == pytest.approx([0, 0.5, 1])
    assert column["late_weakest"] == pytest.approx([0.1, 0.2, 0.3])
    assert column["coverage"] == [0.5, 1.0, 0.0]
    assert column["known"] == [0.75] * 3
    assert column["question_terms"] == [4.0] * 3
    assert column["passage_length"] == pytest.approx([log1p(10), log1p(20), log1p(30)])


def test_trees_add_the_leaves_that_each_row_falls_to() -> None:
    trees = load(_raw())
    matrix = np.zeros((3, len(FEATURES)), dtype=np.float32)
    matrix[:, 0] = [5.0, 5.5, 9.0]
    matrix[:, 4] = [0.9, 0.2, 0.25]
    assert trees.scores(matrix) == pytest.approx([0.1 + 1.0, 0.2 + 1.0, 0.3 + 1.0])


def test_trees_for_other_features_are_refused() -> None:
    with pytest.raises(ValueError, match="expected the features"):
        load(_raw(features=["bm25"]))


def test_no_rows_have_no_scores() -> None:
    matrix = np.zeros((0, len(FEATURES)), dtype=np.float32)
    assert load(json.loads(json.dumps(_raw()))).scores(matrix).shape == (0,)


def test_no_candidates_have_no_features() -> None:
    none = Candidates(
        legs=dict.fromkeys(("bm25", "dense", "late"), _scores()),
        weakest=_scores(), coverage=_scores(), fused=_scores(), lengths=_scores(),
        known=0.0, question_terms=1,
    )  # fmt: skip
    assert features(none).shape == (0, len(FEATURES))


def test_the_shipped_trees_if_any_fit_the_features() -> None:
    trees = embedded()
    if trees is None:
        pytest.skip("no trees are shipped")
    assert isinstance(trees, Trees)
    assert max(trees.thresholds) < len(FEATURES)
    assert np.isfinite(trees.scores(features(CANDIDATES))).all()
