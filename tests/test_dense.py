from pathlib import Path

import faiss
import numpy as np
import pytest

from index import Index
from index import dense as dense_module
from index.dense import CODES, LENGTHS, VECTORS, DenseFile, DenseIndex, Saved
from index.vectors import Floats, Unit8, unit

UNIT = np.array([[1, 0], [0, 1], [0.6, 0.8], [1, 0], [-1, 0]], dtype=np.float32)


def _query(*values: float) -> Floats:
    return np.array(values, dtype=np.float32)


@pytest.fixture
def dense() -> DenseIndex:
    return DenseIndex.build(UNIT)


def test_scores_are_inner_products_best_first_and_ties_in_row_order(dense: DenseIndex) -> None:
    rows, scores = dense.top(_query(1, 0), 5)
    assert rows.tolist() == [0, 3, 2, 1, 4]
    assert scores == pytest.approx([1.0, 1.0, 0.6, 0.0, -1.0], abs=2e-3)


def test_more_than_there_are_gives_all(dense: DenseIndex) -> None:
    rows, scores = dense.top(_query(0, 1), 99)
    assert rows.tolist() == [1, 2, 0, 3, 4]
    assert len(scores) == dense.size == 5


def test_fewer_are_the_first_of_all(dense: DenseIndex) -> None:
    rows, scores = dense.top(_query(0.8, 0.6), 2)
    assert rows.tolist() == [2, 0]
    assert scores == pytest.approx([0.6 * 0.8 + 0.8 * 0.6, 0.8], abs=2e-3)


def test_scores_of_named_rows_in_their_order(dense: DenseIndex) -> None:
    scores = dense.scores(_query(0.8, 0.6), np.array([4, 1, 2]))
    assert scores == pytest.approx([-0.8, 0.6, 0.8 * 0.6 + 0.6 * 0.8], abs=2e-3)


def test_scores_of_no_rows(dense: DenseIndex) -> None:
    assert dense.scores(_query(1, 0), np.array([], dtype=np.int64)).shape == (0,)


def test_a_zero_query_scores_zero(dense: DenseIndex) -> None:
    rows, scores = dense.top(_query(0, 0), 5)
    assert rows.tolist() == [0, 1, 2, 3, 4]
    assert scores.tolist() == [0.0] * 5


def written(folder: Path, *parts: Floats) -> None:
    file = DenseFile(folder, parts[0].shape[1])
    for part in parts:
        file.add(part)
    file.finish()


def test_saved_and_loaded_it_is_the_same(tmp_path: Path) -> None:
    written(tmp_path, UNIT[:2], UNIT[:0], UNIT[2:])
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([CODES, LENGTHS, VECTORS])
    loaded = DenseIndex.load(tmp_path)
    assert (loaded.size, loaded.dimension) == (5, 2)
    rows = np.arange(5)
    query = _query(0.6, 0.8)
    assert np.array_equal(loaded.scores(query, rows), DenseIndex.build(UNIT).scores(query, rows))


def test_vectors_taken_out_of_the_files_are_put_in_as_they_were(tmp_path: Path) -> None:
    vectors = unit(np.random.default_rng(1).standard_normal((50, 24)).astype(np.float32))
    vectors[7] = 0
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    written(tmp_path / "one", vectors)
    saved = Saved(tmp_path / "one")
    assert saved.between(3, 3).shape == (0, 24)
    assert saved.between(0, 50) == pytest.approx(vectors, abs=5e-3)
    assert saved.between(7, 8).tolist() == [[0.0] * 24]
    written(tmp_path / "other", saved.between(0, 20), saved.between(20, 50))
    for name in (VECTORS, LENGTHS):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


def test_a_part_of_the_rows_is_searched_alone(dense: DenseIndex) -> None:
    rows, scores = dense.top(_query(1, 0), 2, np.array([1, 2, 4]))
    assert rows.tolist() == [2, 1]
    assert scores == pytest.approx([0.6, 0.0], abs=2e-3)


@pytest.fixture(scope="module")
def many() -> Floats:
    """Vectors in groups, as those of texts on few matters are."""
    dice = np.random.default_rng(5)
    middles = dice.standard_normal((60, 64))
    spread = 0.7 * dice.standard_normal((4000, 64))
    return unit((middles[dice.integers(0, 60, 4000)] + spread).astype(np.float32))


def test_faiss_loses_none_of_the_best(many: Floats, tmp_path: Path) -> None:
    written(tmp_path, many)
    held = faiss.read_index(str(tmp_path / CODES))
    assert (held.ntotal, held.d, held.metric_type) == (4000, 64, faiss.METRIC_INNER_PRODUCT)
    found, every = DenseIndex.load(tmp_path), DenseIndex(Unit8.of(many))
    for query in many[::40]:
        for count in (1, 10, 75):
            rows, scores = found.top(query, count)
            wanted, best = every.top(query, count)
            assert rows.tolist() == wanted.tolist()
            assert scores.tolist() == best.tolist()
        assert len(found.top(np.zeros(64, dtype=np.float32), 10)[0]) == 10


def test_no_vectors_have_no_codes_and_nothing_is_found(tmp_path: Path) -> None:
    written(tmp_path, np.zeros((0, 8), dtype=np.float32))
    rows, scores = DenseIndex.load(tmp_path).top(np.ones(8, dtype=np.float32), 3)
    assert (rows.tolist(), scores.tolist()) == ([], [])


def test_above_a_size_codes_find_what_is_nearest(
    many: Floats, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = DenseIndex.build(many)
    monkeypatch.setattr(dense_module, "EXACT", 1000)
    written(tmp_path, many[:1500], many[1500:])
    assert (tmp_path / CODES).is_file()
    coded = DenseIndex.load(tmp_path)
    odd = np.arange(1, 4000, 2)
    for query in many[::200]:
        rows, scores = coded.top(query, 10)
        wanted, best = exact.top(query, 10)
        assert len(set(rows.tolist()) & set(wanted.tolist())) >= 9
        assert scores[0] == best[0]
        within, _ = coded.top(query, 10, odd)
        assert set(within.tolist()) <= set(odd.tolist())
        assert len(set(within.tolist()) & set(exact.top(query, 10, odd)[0].tolist())) >= 9


def test_the_codes_are_the_same_however_the_vectors_came(many: Floats, tmp_path: Path) -> None:
    for name, border in (("one", 900), ("other", 3333)):
        (tmp_path / name).mkdir()
        written(tmp_path / name, many[:border], many[border:])
    assert (tmp_path / "one" / CODES).read_bytes() == (tmp_path / "other" / CODES).read_bytes()


def test_the_seeds_are_indexed_as_encoded(seeds_index: Index) -> None:
    rows = np.arange(0, len(seeds_index.chunks), 17)
    encoder = seeds_index.encoder
    vectors = encoder.encode([seeds_index.search_text(int(row)) for row in rows])
    query = encoder.encode(["城镇化率目标"])[0]
    assert seeds_index.dense.size == len(seeds_index.chunks)
    assert seeds_index.dense.scores(query, rows) == pytest.approx(vectors @ query, abs=2e-3)


def test_several_vectors_at_once_find_what_each_finds_alone(many: Floats, tmp_path: Path) -> None:
    written(tmp_path, many)
    dense = DenseIndex.load(tmp_path)
    queries = np.concatenate([many[::500], np.zeros((1, 64), dtype=np.float32)])
    together = dense.top_many(queries, 30)
    assert [rows.tolist() for rows in together] == [
        dense.top(query, 30)[0].tolist() for query in queries
    ]
    assert together[-1].tolist() == list(range(30))
