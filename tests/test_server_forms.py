"""The forms of others: OpenAI's by its own client, Dify's by its documentation."""

from collections.abc import Callable, Iterator
from typing import Any

import openai
import pytest

from qa import Engine, LanguageModelError, Living
from qa.server.app import create_app
from qa.server.keys import Keys
from qa.server.libraries import Library
from qa.server.settings import Settings

Calls = Callable[..., Any]
JINAN = "002_42cd662d68b88e93.txt"
QINGDAO = "004_c9e7e69d06b0c481.txt"
QUESTION = "济南2025年城镇化率目标"
KEY = "dify-key-0123456789"


@pytest.fixture(scope="module")
def client(engine: Engine, serving: Callable[..., Any]) -> Iterator[openai.OpenAI]:
    app = create_app({"seeds": Library("seeds", Living(engine))}, Keys(), Settings())
    with serving(app) as address, openai.OpenAI(base_url=f"{address}/v1", api_key="none") as client:
        yield client


def test_the_client_of_openai_gets_an_answer_with_references(
    client: openai.OpenAI, engine: Engine
) -> None:
    made = client.chat.completions.create(
        model="seeds",
        messages=[
            {"role": "system", "content": "简短回答"},
            {"role": "user", "content": [{"type": "text", "text": QUESTION}]},
        ],
        temperature=0.2,
    )
    content = made.choices[0].message.content
    assert content is not None
    answer, _, tail = content.partition("\n\n来源：\n")
    expected = engine.ask(QUESTION)
    assert answer == expected.text
    assert tail.startswith(
        "[1] 济南市人民政府. 济南市新型城镇化规划（2021-2035年）: 济政发〔2022〕9号[A]."
    )
    assert f"“{expected.citations[0].quote.strip()}”" in tail
    assert made.choices[0].finish_reason == "stop"
    assert made.model == "seeds" and made.object == "chat.completion"
    citations = (made.model_extra or {})["citations"]
    assert [c["quote"] for c in citations] == [c.quote for c in expected.citations]
    assert made.usage is not None and made.usage.prompt_tokens > 3
    assert made.usage.total_tokens == made.usage.prompt_tokens + made.usage.completion_tokens


def test_the_client_of_openai_gets_the_same_in_pieces(client: openai.OpenAI) -> None:
    asked: Any = {"model": "guiwen", "messages": [{"role": "user", "content": QUESTION}]}
    whole = client.chat.completions.create(**asked)
    chunks = list(
        client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True})
    )
    pieces = [c.choices[0].delta.content or "" for c in chunks if c.choices]
    assert "".join(pieces) == whole.choices[0].message.content
    assert len([piece for piece in pieces if piece]) >= 3
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert (chunks[-2].model_extra or {})["citations"] == (whole.model_extra or {})["citations"]
    assert chunks[-1].usage == whole.usage
    assert len({chunk.id for chunk in chunks}) == 1


def test_earlier_questions_of_the_user_are_the_history(client: openai.OpenAI) -> None:
    made = client.chat.completions.create(
        model="seeds",
        messages=[
            {"role": "user", "content": "山东省2025年常住人口城镇化率是多少"},
            {"role": "assistant", "content": "68%左右"},
            {"role": "user", "content": "那2035年呢"},
        ],
    )
    assert "75%" in (made.choices[0].message.content or "")


def test_libraries_are_models(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["seeds"]
    assert client.models.retrieve("seeds").owned_by == "guiwen"
    with pytest.raises(openai.NotFoundError, match="没有资料库“gpt-4o”") as raised:
        client.chat.completions.create(
            model="gpt-4o", messages=[{"role": "user", "content": QUESTION}]
        )
    assert raised.value.code == "model_not_found" and raised.value.param == "model"


@pytest.mark.parametrize(
    ("messages", "status"),
    [
        ([], 422),
        ([{"role": "assistant", "content": "好"}], 400),
        ([{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "好"}], 400),
        ([{"role": "user", "content": "？？"}], 422),
        ([{"role": "robot", "content": QUESTION}], 422),
    ],
)
def test_a_conversation_that_asks_nothing_is_told(
    client: openai.OpenAI, messages: Any, status: int
) -> None:
    for stream in (False, True):
        with pytest.raises(openai.APIStatusError) as raised:
            client.chat.completions.create(model="seeds", messages=messages, stream=stream)
        assert raised.value.status_code == status
        assert any("\u4e00" <= c <= "\u9fff" for c in raised.value.message)


class Model:
    """A language model that says what a test gives it, and then fails if the test wants it to."""

    model = "stand-in"

    def __init__(self, *pieces: str, fails: Exception) -> None:
        self.pieces, self.fails = pieces, fails

    def stream(self, _messages: Any) -> Iterator[str]:
        yield from self.pieces
        raise self.fails


def test_what_was_streamed_before_a_model_failed_is_taken_back(
    calls: Calls, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = engine.ask(QUESTION)
    quote = expected.citations[0].quote
    broken = LanguageModelError("语言模型的回答中途断开。")
    failing: Any = Model(f"{quote}[1]\n", "又及", fails=broken)
    client = calls()
    library = client.app.state.server.libraries["seeds"]
    monkeypatch.setattr(library.living, "_engine", Engine(engine.index, model=failing))
    reply = client.post("/ask", json={"question": QUESTION, "stream": True})
    names = [line[7:] for line in reply.text.splitlines() if line.startswith("event: ")]
    assert names[0] == "delta" and "reset" in names
    assert names.index("reset") < len(names) - 3 and names[-2:] == ["citations", "done"]
    asked = {"model": "seeds", "stream": True, "messages": [{"role": "user", "content": QUESTION}]}
    text = client.post("/v1/chat/completions", json=asked).text
    assert "以上未完成" in text and "以下为原文摘录" in text and text.endswith("data: [DONE]\n\n")


def test_a_stream_that_cannot_go_on_says_so_at_its_end(
    calls: Calls, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = engine.ask(QUESTION).citations[0].quote
    failing: Any = Model(f"{quote}[1]\n", "又及", fails=ZeroDivisionError("secret"))
    client = calls()
    library = client.app.state.server.libraries["seeds"]
    monkeypatch.setattr(library.living, "_engine", Engine(engine.index, model=failing))
    text = client.post("/ask", json={"question": QUESTION, "stream": True}).text
    *_, last = text.strip().split("\n\n")
    assert last.startswith("event: error\n") and "没有预料到" in last and "secret" not in text
    asked = {"model": "seeds", "stream": True, "messages": [{"role": "user", "content": QUESTION}]}
    *_, last, done = client.post("/v1/chat/completions", json=asked).text.strip().split("\n\n")
    assert '"unforeseen"' in last and done == "data: [DONE]"


def retrieval(query: str = QUESTION, **more: Any) -> dict[str, Any]:
    setting = {"top_k": 5, "score_threshold": 0.0}
    return {"knowledge_id": "seeds", "query": query, "retrieval_setting": setting, **more}


def condition(name: str, operator: str, value: Any = None) -> dict[str, Any]:
    return {"name": name, "comparison_operator": operator, "value": value}


def test_dify_gets_records(calls: Calls, engine: Engine) -> None:
    client = calls()
    records = client.post("/retrieval", json=retrieval()).json()["records"]
    expected = engine.search(QUESTION, 5)
    assert [r["content"] for r in records] == [p.text for p in expected]
    assert (
        records[0]["score"] == 1.0 and records[0]["title"] == "济南市新型城镇化规划（2021-2035年）"
    )
    assert all(0 <= r["score"] <= 1 for r in records)
    assert [r["score"] for r in records] == sorted((r["score"] for r in records), reverse=True)
    metadata = records[0]["metadata"]
    assert metadata["document"] == JINAN and "[A]. 2022-07-15." in metadata["reference"]
    few = retrieval(retrieval_setting={"top_k": 5, "score_threshold": records[2]["score"]})
    assert len(client.post("/retrieval", json=few).json()["records"]) == 3


CONDITIONS = [
    ([condition("region", "contains", "青岛")], "and", {QINGDAO}),
    ([condition("number", "is", "濟政發〔2022〕9号")], "and", {JINAN}),
    ([condition("number", "not empty")], "and", {JINAN}),
    ([condition("year", "≥", 2022), condition("year", "<", "2023")], "and", {JINAN}),
    ([condition("issued", "before", "2022-12-31")], "and", {JINAN}),
    ([condition(["title", "issuer"], "start with", "青岛")], "and", {QINGDAO}),
    ([condition("document", "in", [JINAN, QINGDAO])], None, {JINAN, QINGDAO}),
    (
        [condition("region", "is", "青岛市"), condition("document", "is", JINAN)], "or",
        {JINAN, QINGDAO},
    ),
    ([condition("region", "is", "青岛市"), condition("document", "is", JINAN)], "and", set()),
    ([condition("region", "is", '" or 1==1')], "and", set()),
    ([condition("region", "contains", "') OR ('1'='1")], "and", set()),
]  # fmt: skip


@pytest.mark.parametrize(("conditions", "operator", "documents"), CONDITIONS)
def test_dify_limits_the_documents(
    calls: Calls, conditions: Any, operator: str | None, documents: set[str]
) -> None:
    given = {"logical_operator": operator, "conditions": conditions}
    setting = {"top_k": 50, "score_threshold": 0}
    body = retrieval("城镇化", metadata_condition=given, retrieval_setting=setting)
    reply = calls().post("/retrieval", json=body)
    assert reply.status_code == 200
    assert {r["metadata"]["document"] for r in reply.json()["records"]} == documents


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (condition("colour", "is", "红"), "不能按“colour”筛选"),
        (condition("region", "~", "青"), "不认识比较“~”"),
        (condition("region", "is"), "需要 value"),
        (condition("year", ">", "去年"), "应为数字"),
        (condition("issued", "after", "去年"), "应为日期"),
        (condition("region", "contains", ["青岛"]), "不能是列表"),
        (condition([], "is", "青岛"), "筛选"),
    ],
)
def test_a_condition_that_means_nothing_is_told(calls: Calls, wrong: Any, told: str) -> None:
    reply = calls().post("/retrieval", json=retrieval(metadata_condition={"conditions": [wrong]}))
    assert reply.status_code == 422 and told in reply.json()["error_msg"]


def test_dify_is_told_its_own_codes(calls: Calls) -> None:
    client = calls(keys=KEY)
    known = {"Authorization": f"Bearer {KEY}"}
    # When a knowledge is set up, Dify posts nothing and looks for 403 and 404 alone.
    for headers, status, code in (
        ({}, 401, 1001),
        ({"Authorization": "Bearer wrong-key-0123456789"}, 403, 1002),
        (known, 422, 422),
    ):
        reply = client.post("/retrieval", headers=headers)
        assert (reply.status_code, reply.json()["error_code"]) == (status, code)
    unknown = {**retrieval(), "knowledge_id": "nowhere"}
    reply = client.post("/retrieval", json=unknown, headers=known)
    assert (reply.status_code, reply.json()["error_code"]) == (404, 2001)
    assert "没有资料库" in reply.json()["error_msg"]
