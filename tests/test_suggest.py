"""What is suggested can be answered, is the same every time, and costs few questions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index import build
from qa import Engine, suggest
from qa.suggest import TRIES

ASKED = "济南2025年城镇化率目标"


def _suggested(engine: Engine, text: str) -> tuple[str, ...]:
    return suggest.suggest(engine, engine.ask(text))


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        (
            ASKED,
            (
                "济南2020年常住人口城镇化率是多少",
                "临沂2025年常住人口城镇化率目标是多少",
                "济南和临沂2025年常住人口城镇化率哪个高",
                "济南2025年户籍人口城镇化率目标是多少",
            ),
        ),
        (
            "济南2035年城镇化率",
            ("济南2025年常住人口城镇化率目标是多少", "济南2020年常住人口城镇化率是多少"),
        ),
    ],
)
def test_a_figure_brings_its_years_its_rivals_and_its_neighbours(
    engine: Engine, text: str, offered: tuple[str, ...]
) -> None:
    found = _suggested(engine, text)
    assert set(offered) <= set(found)


@pytest.mark.parametrize(
    "text",
    [
        ASKED,
        "济南2035年城镇化率",
        "青岛新增多少公共停车位",
        "孩子跟着打工的爸妈来济南，能上公办学校吗",
        "城镇化率目标",
        "北京GDP",
        "济南第五章讲什么",
        "济南和临沂2025年城镇化率哪个高",
    ],
)
def test_every_suggestion_is_answered_and_is_another_question(engine: Engine, text: str) -> None:
    found = _suggested(engine, text)
    assert len(found) == len(set(found)) <= suggest.MOST
    assert text not in found
    for one in found:
        answer = engine.ask(one)
        assert not answer.abstained, one
        assert answer.citations, one


def test_a_refusal_leads_to_what_is_there(engine: Engine) -> None:
    answer = engine.ask("济南2035年城镇化率")
    assert answer.abstained
    assert [engine.ask(one).abstained for one in suggest.suggest(engine, answer)][:2] == [False] * 2


def test_suggestions_are_the_same_every_time_and_cost_few_questions(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = Engine.open(engine.index.folder)
    answer = fresh.ask(ASKED)
    asked: list[str] = []
    ask = Engine.ask

    def counted(self: Engine, text: str, *rest: Any, **more: Any) -> Any:
        asked.append(text)
        return ask(self, text, *rest, **more)

    monkeypatch.setattr(Engine, "ask", counted)
    first = suggest.suggest(fresh, answer)
    assert len(asked) <= TRIES
    again = suggest.suggest(fresh, answer)
    assert len(asked) <= TRIES, "what was seen to be answered is not asked again"
    assert first == again == suggest.suggest(engine, answer)


PORT = "烟台市海洋发展规划\n一、总体要求\n推进海洋牧场建设，到2025年烟台市海洋牧场面积达到88平方公里。\n"
COAST = "威海市海洋发展规划\n一、总体要求\n到2025年威海市海洋牧场面积达到95平方公里。\n"


@pytest.fixture(scope="module")
def coast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("coast")
    (folder / "a.txt").write_text(PORT, encoding="utf-8")
    (folder / "b.txt").write_text(COAST, encoding="utf-8")
    build([folder / "a.txt", folder / "b.txt"], folder / "index")
    yield Engine.open(folder / "index")


def test_a_library_of_others_begins_with_what_it_holds(engine: Engine, coast: Engine) -> None:
    assert suggest.beginnings(engine)[0] == ASKED
    found = suggest.beginnings(coast)
    assert found
    assert all("烟台" in one or "威海" in one for one in found)
    assert not any(coast.ask(one).abstained for one in found)
    assert ASKED not in found


def test_the_other_region_is_offered_and_the_two_compared(coast: Engine) -> None:
    found = _suggested(coast, "烟台2025年海洋牧场面积")
    assert "威海2025年海洋牧场面积目标是多少" in found
    assert "烟台和威海2025年海洋牧场面积哪个高" in found
