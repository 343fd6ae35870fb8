"""Tuning: what is reported is what questions that did not choose would give."""

import numpy as np
import pytest

from index import InputError
from qa import Engine, library
from qa.evaluate import evaluate
from qa.evaluation import tuning
from qa.evaluation.tuning import Setting, choose, evidence_groups, folds, simplex
from qa.questionnaire import Evidence, Labelled, read_labelled
from qa.retrieve import LEGS, RetrieveOptions

SETTINGS = [Setting((w, 0.9 - w, 0.1), 100, 300) for w in np.round(np.arange(1, 9) / 10, 1)]


def _question(name: str, *quotes: str, kind: str = "value") -> Labelled:
    groups = tuple((Evidence("a.txt", quote),) for quote in quotes)
    return Labelled(name, name, type=kind, groups=groups)


def test_weights_of_the_grid_sum_to_one_and_leave_no_leg_out() -> None:
    grid = simplex(0.1)
    assert len(grid) == len(set(grid)) == 36
    assert all(sum(weights) == pytest.approx(1.0) and min(weights) > 0 for weights in grid)
    assert simplex(0.25) == [(0.25, 0.25, 0.5), (0.25, 0.5, 0.25), (0.5, 0.25, 0.25)]


def test_questions_that_share_evidence_in_a_chain_are_one_group() -> None:
    rows = [
        _question("a", "甲"),
        _question("b", "丙"),
        _question("c", "甲", "乙"),
        _question("d", "乙"),
    ]
    first, other, *chained = evidence_groups(rows)
    assert set(chained) == {first}
    assert other != first


def test_folds_hold_every_question_once_and_never_part_shared_evidence() -> None:
    rows = [_question(f"{i}", f"引文{i // 2}", kind="ab"[i % 4 // 2]) for i in range(40)]
    parts = folds(rows, 5)
    assert sorted(np.concatenate(parts).tolist()) == list(range(40))
    assert len(parts) == 5
    for part in parts:
        assert {at // 2 * 2 for at in part} | {at // 2 * 2 + 1 for at in part} == set(part.tolist())
        kinds = [rows[at].type for at in part]
        assert kinds.count("a") == kinds.count("b") == 4
    with pytest.raises(InputError, match="只有 1 组不同的依据，不能分成 5 折"):
        folds([_question(str(i), "甲") for i in range(9)], 5)


def test_a_small_set_of_many_types_is_folded_too() -> None:
    rows = [_question(str(i), f"引文{i}", kind=f"类{i}") for i in range(6)]
    assert sorted(np.concatenate(folds(rows, 3)).tolist()) == list(range(6))


def test_luck_is_not_sold_as_merit() -> None:
    """Where settings differ by chance alone, the best flatters itself and the nested does not."""
    table = np.random.default_rng(3).random((60, 200))
    settings = [Setting((w, 0.5, 0.1), 100, 300) for w in np.arange(200) / 1000]
    parts = np.array_split(np.arange(60), 5)
    found = choose(table, settings, settings[0], parts, "ndcg@10")
    assert found.flattering == pytest.approx(table.mean(axis=0).max())
    assert found.flattering > 0.58
    assert found.honest.value < found.flattering - 0.04
    assert not found.worth
    assert "不改" in tuning.text(found)


def test_a_setting_that_is_truly_better_is_found_and_recommended() -> None:
    table = np.random.default_rng(4).random((60, 8)) * 0.5
    table[:, 5] += 0.5
    parts = np.array_split(np.arange(60), 5)
    found = choose(table, SETTINGS, SETTINGS[0], parts, "mrr@10")
    assert found.best == SETTINGS[5]
    assert all(fold.chosen == SETTINGS[5] for fold in found.folds)
    assert (
        found.honest.value == pytest.approx(found.flattering) == pytest.approx(table[:, 5].mean())
    )
    assert found.present_score.value == pytest.approx(table[:, 0].mean())
    assert found.worth
    assert "改用选出的设置" in tuning.text(found)


def test_the_present_setting_wins_ties() -> None:
    table = np.ones((10, 8))
    found = choose(table, SETTINGS, SETTINGS[3], np.array_split(np.arange(10), 2), "recall@5")
    assert found.best == SETTINGS[3]
    assert found.p == 1.0


def test_the_present_setting_scores_as_the_evaluation_has_it(engine: Engine) -> None:
    names = {"jn-001", "jn-003", "jn-054", "jn-120", "jn-126", "ot-125", "ot-143"}
    questions = [q for q in read_labelled(library.QUESTIONS) if q.id in names]
    options = RetrieveOptions()
    present = Setting(tuple(options.weights[leg] for leg in LEGS), options.candidates, 300)
    other = Setting((0.8, 0.1, 0.1), 20, 300)
    told: list[tuple[int, int]] = []
    table = tuning.scores(
        engine, questions, [present, other], "ndcg@10", lambda d, t: told.append((d, t))
    )
    found = evaluate(engine, questions)
    assert table.shape == (7, 2)
    for row, question in zip(table, questions, strict=True):
        assert row[0] == pytest.approx(found.ranked["hybrid"][question.id]["ndcg@10"])
    assert told[-1] == (7, 7)
