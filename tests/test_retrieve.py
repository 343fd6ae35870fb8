from collections.abc import Mapping
from math import log1p

import numpy as np
import pytest

from index import Index, terms
from qa import Engine, Filters, Passage, RetrieveOptions
from qa.fuse import convex
from qa.retrieve import LEGS, Retriever
from qa.scope import Regions

QUESTION = "随迁子女在公办学校接受义务教育"
JINAN = "002_42cd662d68b88e93.txt"


def _retriever(index: Index, **options: object) -> Retriever:
    return Retriever(Regions(index), RetrieveOptions(**options))  # type: ignore[arg-type]


def _search(engine: Engine, text: str, **options: object) -> list[Passage]:
    question = engine.parse(text)
    return _retriever(engine.index, **options).search(question)


def test_the_passage_that_says_it_comes_first(engine: Engine) -> None:
    first = _search(engine, QUESTION)[0]
    assert "随迁子女均能在公办学校接受义务教育" in first.text
    assert first.text == engine.index.text(first.chunk)


def test_scores_fall_and_passages_are_distinct(engine: Engine) -> None:
    found = _search(engine, QUESTION)
    assert len(found) == 10
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)
    assert len({p.chunk.id for p in found}) == 10


@pytest.mark.parametrize("count", [1, 3, 25])
def test_as_many_as_asked_for_and_the_same_ones(engine: Engine, count: int) -> None:
    retriever, question = engine.retriever, engine.parse(QUESTION)
    few, many = retriever.search(question, count), retriever.search(question, 50)
    assert len(few) == count
    assert few == many[:count]


def test_every_leg_is_told(engine: Engine) -> None:
    for passage in _search(engine, QUESTION):
        assert set(passage.legs) == set(LEGS)
        assert -1 <= passage.legs["dense"] <= 1 + 1e-6
        assert -1 <= passage.legs["late"] <= 1 + 1e-6
        assert passage.legs["bm25"] >= 0


def test_the_score_is_the_convex_combination_of_the_told_legs(engine: Engine) -> None:
    retriever, question = _retriever(engine.index, rerank=False), engine.parse(QUESTION)
    scope = retriever.regions.scope(question, Filters())
    rows, found = retriever.candidates(question, scope, scope.rows)
    legs = found.legs
    fused = convex(legs, retriever.options.weights)
    assert found.fused == pytest.approx(fused)
    for passage in retriever.search(question):
        at = int(np.searchsorted(rows, passage.chunk.id))
        assert passage.score == pytest.approx(float(fused[at]))
        assert passage.legs == {name: pytest.approx(float(s[at])) for name, s in legs.items()}


def test_what_is_known_of_the_candidates(engine: Engine) -> None:
    retriever, question = engine.retriever, engine.parse("随迁子女义务教育圆周率")
    scope = retriever.regions.scope(question, Filters())
    rows, found = retriever.candidates(question, scope, scope.rows)
    weights = retriever.term_weights(question, question.search)
    frequencies = engine.index.sparse.document_frequencies(list(weights))
    size = len(engine.index.chunks)
    rarity = {
        term: weight * log1p(size / (1 + df))
        for (term, weight), df in zip(weights.items(), frequencies, strict=True)
    }
    known = sum(rarity[t] for t, df in zip(weights, frequencies, strict=True) if df)
    assert found.question_terms == len(weights)
    assert found.known == pytest.approx(known / sum(rarity.values()), abs=1e-5)
    assert 0 < found.known < 1
    assert found.coverage.max() <= found.known + 1e-5
    at = int(found.legs["bm25"].argmax())
    held = set(terms(engine.index.search_text(int(rows[at]))))
    share = sum(w for term, w in rarity.items() if term in held) / sum(rarity.values())
    assert found.coverage[at] == pytest.approx(share, abs=1e-5)


def test_candidates_are_the_best_of_the_first_two_legs(engine: Engine) -> None:
    question = engine.parse(QUESTION)
    scope = engine.retriever.regions.scope(question, Filters())
    few = Retriever(engine.retriever.regions, RetrieveOptions(candidates=5))
    kept, found = few.candidates(question, scope, scope.rows)
    assert 5 <= len(kept) <= 5 + 5
    assert kept.tolist() == sorted(set(kept.tolist()))
    assert all(scores.shape == kept.shape for scores in found.legs.values())
    for leg in ("bm25", "dense"):
        alone = _search(engine, QUESTION, weights={leg: 1.0})[:5]
        assert {passage.chunk.id for passage in alone} <= set(kept.tolist())


@pytest.mark.parametrize("leg", LEGS)
def test_a_single_leg_ranks_by_itself(engine: Engine, leg: str) -> None:
    weights: Mapping[str, float] = {leg: 1.0}
    found = _search(engine, QUESTION, weights=weights)
    assert all(set(passage.legs) == {leg} for passage in found)
    assert [p.legs[leg] for p in found] == sorted((p.legs[leg] for p in found), reverse=True)
    assert any("公办学校" in passage.text for passage in found[:3])


def test_the_legs_are_those_of_the_index(engine: Engine) -> None:
    index, question = engine.index, engine.parse(QUESTION)
    scope = engine.retriever.regions.scope(question, Filters())
    rows = np.arange(len(index.chunks))
    everything = Retriever(engine.retriever.regions, RetrieveOptions(candidates=len(rows)))
    kept, found = everything.candidates(question, scope, rows)
    legs = found.legs
    assert kept.tolist() == rows.tolist()
    vector = index.encoder.encode([question.search])[0]
    assert legs["dense"] == pytest.approx(index.dense.scores(vector, rows))
    weights = engine.retriever.term_weights(question, question.search)
    assert legs["bm25"] == pytest.approx(index.sparse.scores(weights))
    best, rarity = index.late_matches(question.search, rows)  # type: ignore[misc]
    assert legs["late"] == pytest.approx(best @ rarity)


def test_the_region_that_the_scope_sees_to_is_no_word_of_the_search(engine: Engine) -> None:
    retriever, question = engine.retriever, engine.parse("济南市养老服务")
    scope = retriever.regions.scope(question, Filters())
    assert retriever.wording(question, scope) == "养老服务"
    only = engine.parse("济南市")
    assert retriever.wording(only, retriever.regions.scope(only, Filters())) == "济南市"
    lifted = retriever.regions.scope(question, Filters(lift_regions=True))
    assert retriever.wording(question, lifted) == "济南市养老服务"


def test_a_place_within_a_region_stays_a_word_of_the_search(engine: Engine) -> None:
    retriever, question = engine.retriever, engine.parse("章丘区的定位")
    scope = retriever.regions.scope(question, Filters())
    assert "章丘" in retriever.wording(question, scope)


def test_words_of_the_question_weigh_one_and_carried_words_less(engine: Engine) -> None:
    retriever = engine.retriever
    plain = engine.parse("公共停车位")
    weights = retriever.term_weights(plain, plain.search)
    assert {weights[term] for term in terms("公共停车位")} == {1.0}
    follow = engine.parse("养老床位呢", ["青岛公共停车位有多少"])
    weights = retriever.term_weights(follow, follow.search)
    assert weights["停车位"] == retriever.options.carried
    assert weights["养老"] == 1.0


def test_a_question_in_traditional_script_finds_the_same(engine: Engine) -> None:
    simplified = _search(engine, "随迁子女在公办学校接受义务教育")
    traditional = _search(engine, "隨遷子女在公辦學校接受義務教育")
    assert [p.chunk for p in traditional] == [p.chunk for p in simplified]


def test_several_regions_take_turns(engine: Engine) -> None:
    found = _search(engine, "临沂和青岛的城镇化率")
    names = [passage.chunk.document_id[:3] for passage in found]
    assert set(names[:2]) == {"001", "004"}
    assert len({passage.chunk.id for passage in found}) == len(found)
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)
    assert found[0].score == 1.0


def test_the_scope_is_kept(engine: Engine) -> None:
    filters = Filters(documents=frozenset({JINAN}))
    found = engine.retriever.search(engine.parse(QUESTION), 30, filters)
    assert {passage.chunk.document_id for passage in found} == {JINAN}


def test_both_implementations_of_bm25_give_the_same_ranking(engine: Engine) -> None:
    other = Engine.open(engine.index.folder, sparse="rank-bm25")
    for text in (QUESTION, "济南2025年城镇化率目标", "5G基站"):
        ours, theirs = engine.search(text), other.search(text)
        assert [p.chunk for p in ours] == [p.chunk for p in theirs]
        assert [p.score for p in ours] == pytest.approx([p.score for p in theirs], abs=1e-4)


def test_several_questions_at_once_are_answered_as_each_alone(engine: Engine) -> None:
    asked = [
        engine.parse(text)
        for text in (
            "城镇化率目标",
            "济南2025年城镇化率目标",
            "怎样建设海绵城市",
            "济南和青岛的都市圈",
        )
    ]
    retriever = engine.retriever
    together = retriever.search_many(asked, 20)
    assert [[p.chunk.id for p in found] for found in together] == [
        [p.chunk.id for p in retriever.search(question, 20)] for question in asked
    ]
    assert [p.score for p in together[0]] == [p.score for p in retriever.search(asked[0], 20)]
    assert retriever.search_many([]) == []


def test_as_many_passages_come_as_are_asked_for(engine: Engine) -> None:
    assert len(engine.retriever.search(engine.parse("城镇化"), 200)) == 200


def test_several_questions_that_are_all_limited_are_answered_as_each_alone(engine: Engine) -> None:
    asked = [engine.parse(text) for text in ("济南2025年城镇化率目标", "青岛的都市圈")]
    together = engine.retriever.search_many(asked, 5)
    assert [[p.chunk.id for p in found] for found in together] == [
        [p.chunk.id for p in engine.retriever.search(question, 5)] for question in asked
    ]
