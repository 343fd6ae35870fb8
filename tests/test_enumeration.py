from pathlib import Path

import pytest

from index import build, normalise
from qa import Engine
from qa.answer.enumeration import count_asked, kind_asked, lists


@pytest.mark.parametrize(
    ("search", "count"),
    [
        ("“四化”是哪四化", 4),
        ("十二项重点任务是哪些", 12),
        ("十方面民生实事都是哪些方面", 10),
        ("哪3条控制线", 3),
        ("有哪些原则", 0),
    ],
)
def test_how_many_items_a_question_says_there_are(search: str, count: int) -> None:
    assert count_asked(search) == count


@pytest.mark.parametrize(
    ("text", "count", "kind", "found"),
    [
        ("初步实现智慧化、绿色化、均衡化、双向化", 4, "化", True),
        ("初步实现智慧化、绿色化、均衡化、双向化", 3, "化", False),
        ("划定永久基本农田、生态保护红线、城镇开发边界", 3, "", True),
        ("只有一项", 2, "", False),
    ],
)
def test_a_clause_lists_as_many_things(text: str, count: int, kind: str, found: bool) -> None:
    assert lists(text, count, kind) is found


def test_sentences_that_open_alike_after_an_announcement_are_a_list(tmp_path: Path) -> None:
    text = (
        "某市工作报告\n一、重点工作\n着力抓好“两改一提”，主要是：\n加强旧厂房改造，\n"
        "盘活闲置空间。\n加强老街巷改造，\n保留街巷肌理。\n加强公共服务提升。\n"
    )
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    build([tmp_path], tmp_path / "index")
    answer = Engine.open(tmp_path / "index").ask("“两改一提”包括什么")
    said = [statement.text.rstrip("，。") for statement in answer.statements]
    assert answer.kind == "list"
    assert said[1:] == ["加强旧厂房改造", "加强老街巷改造", "加强公共服务提升"]


def test_what_the_things_end_in() -> None:
    assert kind_asked("“四化”是哪四化") == "化"
    assert kind_asked("是哪四个") == ""


def test_a_list_in_a_clause_is_quoted_first(engine: Engine) -> None:
    answer = engine.ask("济南国土空间规划要划定哪三条控制线?")
    assert answer.kind == "list"
    said = normalise(answer.text).text
    assert all(w in said for w in ("永久基本农田", "生态保护红线", "城镇开发边界"))
