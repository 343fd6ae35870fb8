import numpy as np
import pytest

from index import postings as postings_module
from index.postings import Postings, Weighed
from index.vectors import best

SIZE, TERMS = 3000, 40


def _made(rng: np.random.Generator) -> tuple[Postings, np.ndarray]:
    """Postings with terms of all frequencies, and the same as a table ``(terms, passages)``."""
    table = np.zeros((TERMS, SIZE), dtype=np.float32)
    for number in range(TERMS):
        holding = rng.choice(SIZE, max(1, int(SIZE * 0.9 ** (number + 1))), replace=False)
        rarity = np.log1p(SIZE / len(holding))
        # Few values, so that there are ties.
        table[number, holding] = rarity * rng.integers(1, 5, len(holding)) / 4
    counts = (table > 0).sum(axis=1)
    return (
        Postings(
            scores=table[table > 0],
            rows=np.nonzero(table)[1].astype(np.int32),
            starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            highest=table.max(axis=1),
            size=SIZE,
        ),
        table,
    )


@pytest.fixture(params=["all", "pruned"])
def made(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple:
    if request.param == "pruned":
        monkeypatch.setattr(postings_module, "_SMALL", 0)
        monkeypatch.setattr(postings_module, "_FEW", 0)
    return _made(np.random.default_rng(3))


def _summed(table: np.ndarray, terms: list[Weighed]) -> np.ndarray:
    out = np.zeros(SIZE, dtype=np.float32)
    for term in terms:
        out += np.float32(term.weight) * table[term.number]
    return out


@pytest.mark.parametrize("seed", range(12))
def test_the_best_are_those_of_scoring_all(seed: int, made: tuple) -> None:
    postings, table = made
    rng = np.random.default_rng(seed)
    numbers = rng.choice(TERMS, rng.integers(1, 20), replace=False).tolist()
    terms = [Weighed(n, float(rng.choice([1.0, 0.6, 0.3]))) for n in numbers]
    expected = _summed(table, terms)
    for count in (1, 10, 100):
        found = postings.top(terms, count)
        assert found.tolist() == best(expected, count).tolist()
    assert np.array_equal(postings.all(terms), expected)
    some = np.sort(rng.choice(SIZE, 200, replace=False))
    assert np.array_equal(postings.sums(terms, some), expected[some])
    for rows in (some, np.sort(rng.choice(SIZE, 2500, replace=False))):
        assert postings.top(terms, 20, rows).tolist() == rows[best(expected[rows], 20)].tolist()


def test_where_too_few_hold_a_term_the_first_others_follow(made: tuple) -> None:
    postings, table = made
    rare = [Weighed(TERMS - 1, 1.0)]
    holding = np.flatnonzero(table[TERMS - 1])
    found = postings.top(rare, len(holding) + 5)
    others = np.flatnonzero(table[TERMS - 1] == 0)[:5]
    assert set(found[: len(holding)].tolist()) == set(holding.tolist())
    assert found[len(holding) :].tolist() == others.tolist()
    assert postings.top([], 3).tolist() == [0, 1, 2]


def test_what_is_held_is_told_term_by_term(made: tuple) -> None:
    postings, table = made
    rows = np.array([5, 17, 2999])
    assert np.array_equal(postings.held([3, 30], rows), table[[3, 30]][:, rows])
    assert np.array_equal(postings.held([30], rows), table[[30]][:, rows])
    assert postings.frequency(3) == int((table[3] > 0).sum())


def test_pruning_leaves_out_postings(made: tuple, monkeypatch: pytest.MonkeyPatch) -> None:
    postings, _ = made
    monkeypatch.setattr(postings_module, "_SMALL", 0)
    monkeypatch.setattr(postings_module, "_FEW", 0)
    added = []
    add = Postings._add
    monkeypatch.setattr(Postings, "_add", lambda self, out, t: added.append(t) or add(self, out, t))
    postings.top([Weighed(n, 1.0) for n in (TERMS - 1, 5, TERMS - 2, 1)], 3)
    assert {term.number for term in added} == {TERMS - 1, TERMS - 2}
