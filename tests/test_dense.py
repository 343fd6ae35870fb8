from pathlib import Path

import faiss
import numpy as np
import pytest

from index import Index
from index.dense import FILE, DenseFile, DenseIndex, saved
from index.vectors import Floats

UNIT = np.array([[1, 0], [0, 1], [0.6, 0.8], [1, 0], [-1, 0]], dtype=np.float32)


def _query(*values: float) -> Floats:
    return np.array(values, dtype=np.float32)


@pytest.fixture
def dense() -> DenseIndex:
    return DenseIndex.build(UNIT)


def test_scores_are_inner_products_best_first_and_ties_in_row_order(dense: DenseIndex) -> None:
    rows, scores = dense.top(_query(1, 0), 5)
    assert rows.tolist() == [0, 3, 2, 1, 4]
    assert scores == pytest.approx([1.0, 1.0, 0.6, 0.0, -1.0])


def test_more_than_there_are_gives_all(dense: DenseIndex) -> None:
    rows, scores = dense.top(_query(0, 1), 99)
    assert rows.tolist() == [1, 2, 0, 3, 4]
    assert len(scores) == dense.size == 5


def test_fewer_are_the_first_of_all(dense: DenseIndex) -> None:
    rows, scores = dense.top(_query(0.8, 0.6), 2)
    assert rows.tolist() == [2, 0]
    assert scores == pytest.approx([0.6 * 0.8 + 0.8 * 0.6, 0.8])


def test_scores_of_named_rows_in_their_order(dense: DenseIndex) -> None:
    scores = dense.scores(_query(0.8, 0.6), np.array([4, 1, 2]))
    assert scores == pytest.approx([-0.8, 0.6, 0.8 * 0.6 + 0.6 * 0.8])


def test_scores_of_no_rows(dense: DenseIndex) -> None:
    assert dense.scores(_query(1, 0), np.array([], dtype=np.int64)).shape == (0,)


def test_a_zero_query_scores_zero(dense: DenseIndex) -> None:
    rows, scores = dense.top(_query(0, 0), 5)
    assert rows.tolist() == [0, 1, 2, 3, 4]
    assert scores.tolist() == [0.0] * 5


def written(folder: Path, *parts: Floats) -> None:
    file = DenseFile(folder, 2)
    for part in parts:
        file.add(part)
    file.close()


def test_saved_and_loaded_it_is_the_same(tmp_path: Path) -> None:
    written(tmp_path, UNIT[:2], UNIT[:0], UNIT[2:])
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    loaded = DenseIndex.load(tmp_path)
    assert (loaded.size, loaded.dimension) == (5, 2)
    rows = np.arange(5)
    assert np.array_equal(loaded.scores(_query(0.6, 0.8), rows), UNIT @ _query(0.6, 0.8))


@pytest.mark.parametrize("count", [0, 1, 5])
def test_the_file_is_what_faiss_writes(count: int, tmp_path: Path) -> None:
    written(tmp_path, UNIT[:count])
    faiss.write_index(DenseIndex.build(UNIT[:count])._index, str(tmp_path / "its own"))
    assert (tmp_path / FILE).read_bytes() == (tmp_path / "its own").read_bytes()


def test_vectors_are_taken_out_of_the_file_as_they_were_put_in(tmp_path: Path) -> None:
    written(tmp_path, UNIT)
    vectors = saved(tmp_path, 5, 2)
    assert vectors.between(1, 4).tolist() == UNIT[1:4].tolist()
    assert vectors.between(2, 2).shape == (0, 2)


def test_the_seeds_are_indexed_as_encoded(seeds_index: Index) -> None:
    rows = np.arange(0, len(seeds_index.chunks), 17)
    encoder = seeds_index.encoder
    vectors = encoder.encode([seeds_index.search_text(int(row)) for row in rows])
    query = encoder.encode(["城镇化率目标"])[0]
    assert seeds_index.dense.size == len(seeds_index.chunks)
    assert seeds_index.dense.scores(query, rows) == pytest.approx(vectors @ query, abs=1e-6)
