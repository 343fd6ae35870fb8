import pytest

from qa import Engine


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("济南2035年2025年城镇化率", ["2035年", "2025年", "哪一年"]),
        ("济南山东2025年城镇化率", ["济南市在山东省之内"]),
        ("常住人口城镇化率", ["哪个地区", "山东省"]),
        ("多少", ["请写明要问的事项"]),
        ("2035年2025年", ["请写明要问的事项"]),
    ],
)
def test_what_can_be_meant_in_two_ways_is_asked_back(
    question: str, asked: list[str], engine: Engine
) -> None:
    answer = engine.ask(question)
    assert answer.abstained
    assert answer.citations == ()
    assert all(word in answer.reason for word in asked)


@pytest.mark.parametrize(
    "question",
    [
        "济南2025年城镇化率目标",
        "济南和山东2025年常住人口城镇化率谁高",
        "济南怎么建设海绵城市",
        "章丘在济南怎么发展",
    ],
)
def test_a_clear_question_is_answered(question: str, engine: Engine) -> None:
    assert not engine.ask(question).abstained


@pytest.mark.parametrize("question", ["济南3025年常住人口城镇化率", "济南1999年常住人口城镇化率"])
def test_a_year_out_of_any_plan_gets_the_nearest_facts(question: str, engine: Engine) -> None:
    answer = engine.ask(question)
    assert answer.abstained
    assert "已载明的是" in answer.reason
    assert "2025年目标78.5" in answer.reason
