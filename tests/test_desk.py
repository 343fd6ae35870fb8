"""What the chat does, without a browser: answers, asks again, takes up a conversation, notes."""

from pathlib import Path
from typing import Any

import pytest

from qa import Engine, InputError, Shelf, conversation, feedback
from qa.conversation import Again
from qa.overrides import Overrides
from qa.words import CHINESE

ASKED = "济南2025年城镇化率目标"


@pytest.fixture(scope="module")
def desk(engine: Engine) -> Any:
    pytest.importorskip("gradio", reason="gradio is not installed")
    from web.chat_desk import Desk
    from web.workplace import Workplace

    return Desk(Workplace(Shelf({"默认": engine}), CHINESE, None))


def test_an_answer_grows_and_ends_with_a_turn_to_keep(desk: Any) -> None:
    steps = list(desk.ask(Again(ASKED), "默认", [], ()))
    assert "正在查找" in steps[0].shown[-1]["content"]
    assert [step.grows for step in steps] == [False, *[True] * (len(steps) - 2), False]
    assert [turn.text for turn in steps[-1].turns] == [ASKED]
    assert "gw-refs" in steps[-1].shown[-1]["content"]
    assert steps[0].left == "", "the box is emptied once, when the question is taken"
    assert all(step.left is None for step in steps[1:])
    offered = desk.following("默认", steps[-1].turns)
    assert "临沂2025年常住人口城镇化率目标是多少" in offered
    assert desk.following("默认", ()) == ""
    assert all(not step.turns for step in steps[:-1])


def test_what_is_no_question_is_told_and_left_in_the_box(desk: Any) -> None:
    (*_, step) = desk.ask(Again("？！"), "默认", [], ())
    assert "gw-problem" in step.shown[-1]["content"]
    assert step.left == "？！"
    assert step.turns == ()


def test_a_conversation_is_taken_up_as_it_was(desk: Any) -> None:
    from web.chat_desk import kept

    (*_, first) = desk.ask(Again(ASKED), "默认", [], ())
    wish = Again(turn=0, overrides=Overrides(regions=("临沂市",)))
    (*_, second) = desk.ask(wish, "默认", first.shown, first.turns)
    (*_, third) = desk.ask(Again("那2035年呢"), "默认", second.shown, second.turns)
    assert "72%左右" in third.shown[-1]["content"]
    (*_, (again, library)) = desk.reopen(kept(third, "默认"))
    assert library == "默认"
    assert again.turns == third.turns
    assert [one["role"] for one in again.shown] == ["user", "assistant"] * 3
    assert again.shown == third.shown


def test_a_kept_conversation_brings_no_words_of_its_own(desk: Any) -> None:
    (*_, step) = desk.ask(Again("<script>alert(1)</script>济南"), "默认", [], ())
    assert "<script>" not in "".join(one["content"] for one in step.shown)
    with pytest.raises(InputError):
        list(desk.reopen('{"turns": [{"text": 1}]}'))


def test_a_judgement_is_kept(desk: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIWEN_FEEDBACK", str(tmp_path / "f.jsonl"))
    (*_, step) = desk.ask(Again(ASKED), "默认", [], ())
    told = desk.judge("0:source:应引：第二章", "默认", step.turns)
    assert str(tmp_path / "f.jsonl") in told
    (said,) = feedback.kept(tmp_path / "f.jsonl")
    assert (said.verdict, said.remark, said.question) == ("source", "应引：第二章", ASKED)
    for wrong in ("7:right:", "x", "0:maybe:"):
        with pytest.raises(InputError):
            desk.judge(wrong, "默认", step.turns)


def test_scripts_get_choices_and_references_or_plain_words(desk: Any, engine: Engine) -> None:
    from qa.offers import Wanted

    wanted = conversation.written(Wanted("region", Again(turn=0)))
    assert "青岛市" in desk.menu([wanted, "默认", "青"])
    assert "无法识别" in desk.menu(["{}", "默认", ""])
    citation = engine.ask(ASKED).citations[0]
    place = f"{citation.document_id}#{citation.span.start}-{citation.span.end}"
    assert "[1]" in desk.standard([place, "默认"])
    assert desk.standard(["nobody#0-1", None]) == ""


def test_the_page_begins_with_a_box_before_its_scripts() -> None:
    pytest.importorskip("gradio", reason="gradio is not installed")
    import asyncio

    from qa.words import english
    from web.assets import first
    from web.first import First

    page = "<html><head></head><body class='x'><p>规问</p></body></html>".encode()

    async def application(_scope: Any, _receive: Any, send: Any) -> None:
        length = (b"content-length", str(len(page)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": page[:20], "more_body": True})
        await send({"type": "http.response.body", "body": page[20:]})

    def served(path: str) -> tuple[bytes, int]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        html = first(CHINESE, english())
        scope = {"type": "http", "path": path, "method": "GET"}
        asyncio.run(First(application, html)(scope, None, send))
        body = b"".join(message.get("body", b"") for message in sent)
        return body, int(sent[0]["headers"][0][1])

    for path in ("/", "/en"):
        body, length = served(path)
        assert len(body) == length
        assert body.startswith(b"<html><head></head><body class='x'><style>")
        assert body.endswith("<p>规问</p></body></html>".encode())
    assert served("/other")[0] == page


def test_an_answer_that_compares_opens_as_a_table(desk: Any) -> None:
    (*_, step) = desk.ask(Again("济南和临沂2025年常住人口城镇化率哪个高"), "默认", [], ())
    assert 'class="gw-to-comparison"' in step.shown[-1]["content"]
    (*_, other) = desk.ask(Again(ASKED), "默认", [], ())
    assert "gw-to-comparison" not in other.shown[-1]["content"]
