from math import log2

import pytest

from qa.metrics import CUTS, RANKED, Figures, judged_metrics, mean, rank_metrics

# Ten passages, p0 the best.
RUN = {"q": {f"p{place}": float(10 - place) for place in range(10)}}


def _gain(*places: int) -> float:
    return sum(1 / log2(place + 1) for place in places)


def _recall(found: Figures) -> dict[int, float]:
    return {k: found[f"recall@{k}"] for k in CUTS}


def test_one_group_at_the_second_place() -> None:
    found = rank_metrics({"q": [frozenset({"p1"})]}, RUN)["q"]
    assert _recall(found) == {1: 0.0, 3: 1.0, 5: 1.0, 10: 1.0}
    assert found["mrr@10"] == pytest.approx(1 / 2)
    assert found["ndcg@10"] == pytest.approx(_gain(2) / _gain(1))


def test_recall_is_the_share_of_groups_and_alternatives_count_once() -> None:
    groups = [frozenset({"p0", "p9"}), frozenset({"p3"}), frozenset({"missing"})]
    found = rank_metrics({"q": groups}, RUN)["q"]
    assert _recall(found) == pytest.approx({1: 1 / 3, 3: 1 / 3, 5: 2 / 3, 10: 2 / 3})
    assert found["mrr@10"] == 1.0
    # Relevant at places 1, 4 and 10; the best order has four relevant passages on top.
    assert found["ndcg@10"] == pytest.approx(_gain(1, 4, 10) / _gain(1, 2, 3, 4))


def test_nothing_found_is_zero() -> None:
    found = rank_metrics({"q": [frozenset({"missing"})]}, RUN)["q"]
    assert _recall(found) == dict.fromkeys(CUTS, 0.0)
    assert (found["mrr@10"], found["ndcg@10"]) == (0.0, 0.0)


def test_a_question_without_any_passage_retrieved_is_zero() -> None:
    found = rank_metrics({"q": [frozenset({"p0"})]}, {})["q"]
    assert _recall(found) == dict.fromkeys(CUTS, 0.0)
    assert (found["mrr@10"], found["ndcg@10"]) == (0.0, 0.0)


def test_a_group_that_no_passage_holds_counts_as_missed() -> None:
    found = rank_metrics({"q": [frozenset({"p0"}), frozenset()]}, RUN)["q"]
    assert found["recall@10"] == pytest.approx(1 / 2)


def test_only_the_first_ten_count() -> None:
    run = {"q": {f"p{place}": float(20 - place) for place in range(12)}}
    found = rank_metrics({"q": [frozenset({"p10"})]}, run)["q"]
    assert found["recall@10"] == 0.0
    assert (found["mrr@10"], found["ndcg@10"]) == (0.0, 0.0)


def test_questions_do_not_mix() -> None:
    groups = {"q": [frozenset({"p0"})], "r": [frozenset({"p1"})]}
    run = {**RUN, "r": {"p0": 2.0, "p1": 1.0}}
    found = rank_metrics(groups, run)
    assert found["q"]["mrr@10"] == 1.0
    assert found["r"]["mrr@10"] == pytest.approx(1 / 2)


def test_names_with_blanks_and_unusual_characters() -> None:
    groups = {"问 1": [frozenset({"文 件.txt:0-5"})]}
    found = rank_metrics(groups, {"问 1": {"文 件.txt:0-5": 1.0}})
    assert found["问 1"]["recall@1"] == 1.0


def test_success_asks_for_any_group_and_average_precision_for_all_passages() -> None:
    groups = [frozenset({"p1"}), frozenset({"p3"}), frozenset({"missing"})]
    found = rank_metrics({"q": groups}, RUN)["q"]
    assert set(found) == set(RANKED)
    assert [found[f"success@{k}"] for k in CUTS] == [0.0, 1.0, 1.0, 1.0]
    assert found["map@10"] == pytest.approx((1 / 2 + 2 / 4) / 3)


def test_graded_judgements() -> None:
    found = judged_metrics({"q": {"p0": 1, "p1": 3, "p2": 0, "away": 1}, "r": {"x": 1}}, RUN)
    gain, best = 1 / log2(2) + 3 / log2(3), 3 / log2(2) + 1 / log2(3) + 1 / log2(4)
    assert found["q"]["ndcg@10"] == pytest.approx(gain / best)
    assert found["q"]["recall@5"] == pytest.approx(2 / 3)
    assert found["r"] == dict.fromkeys(RANKED, 0.0)


def test_means() -> None:
    assert mean([0.0, 1.0, 0.5]) == pytest.approx(1.5 / 3)
    assert mean([]) is None
