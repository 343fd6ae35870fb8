from math import exp

import pytest

from qa import Engine, Filters
from qa.answer.base import Evidence
from qa.support import LEAST, Support, refusal


def _evidence(engine: Engine, text: str) -> Evidence:
    question = engine.parse(text)
    scope = engine.scope(question, Filters())
    passages = engine.retriever.within(question, scope, 10)
    return Evidence(question, scope, passages, engine.retriever.regions, engine.ledger)


def test_no_passages_are_no_support(engine: Engine) -> None:
    question = engine.parse("城镇化率")
    scope = engine.scope(question, Filters(year=2049))
    evidence = Evidence(question, scope, [], engine.retriever.regions, engine.ledger)
    support = Support.measure(evidence)
    assert all(getattr(support, name) == 0 for name in Support.__dataclass_fields__)
    assert support.probability() < LEAST
    assert refusal(evidence)


@pytest.mark.parametrize("text", ["随迁子女在公办学校接受义务教育", "怎么做红烧肉", "abc"])
def test_each_measure_lies_between_nothing_and_all(text: str, engine: Engine) -> None:
    support = Support.measure(_evidence(engine, text))
    for name in Support.__dataclass_fields__:
        assert -1.0 <= getattr(support, name) <= 1.0 + 1e-6
    assert 0.0 < support.probability() < 1.0


def test_what_the_plans_treat_has_more_support_than_what_they_do_not(engine: Engine) -> None:
    near = Support.measure(_evidence(engine, "随迁子女在公办学校接受义务教育"))
    far = Support.measure(_evidence(engine, "怎么做红烧肉好吃"))
    assert near.coverage > far.coverage
    assert near.dense > far.dense
    assert near.probability() > 0.9 > far.probability()


def test_the_probability_is_logistic_in_the_measures() -> None:
    from qa import support

    zero = Support(**dict.fromkeys(Support.__dataclass_fields__, 0.0))
    assert zero.probability() == pytest.approx(1 / (1 + exp(-support._BIAS)))


def test_a_region_that_neither_a_document_nor_a_passage_names_is_refused_by_name(
    engine: Engine,
) -> None:
    assert "北京" in refusal(_evidence(engine, "北京怎么保护历史文化街区"))
    assert refusal(_evidence(engine, "济南怎么保护历史文化街区")) == ""
