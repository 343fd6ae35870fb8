"""The calls over HTTP: answers that agree with the engine, and everything that can be refused."""

import hmac
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import anyio
import pytest

from index import InputError, build
from qa import Engine, Filters
from qa.server.journal import JsonLines
from qa.server.keys import read_keys
from qa.server.libraries import read_names
from qa.server.settings import Settings

Calls = Callable[..., Any]
JINAN = "002_42cd662d68b88e93.txt"
QUESTION = "济南2025年城镇化率目标"
ADMIN, READER, OTHER = "admin-key-0123456789", "reader-key-0123456789", "other-key-0123456789"


def events(text: str) -> list[tuple[str, Any]]:
    found = []
    for block in text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n"))
        found.append((lines.get("event", ""), json.loads(lines["data"])))
    return found


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def message(reply: Any) -> str:
    """The Chinese message of a failure, which has one form."""
    error = reply.json()["error"]
    assert set(error) == {"message", "code", "type", "param"}
    assert any("\u4e00" <= c <= "\u9fff" for c in error["message"])
    assert "Traceback" not in reply.text
    assert reply.headers["x-request-id"]
    return str(error["message"])


def test_search_is_the_search_of_the_engine(calls: Calls, engine: Engine) -> None:
    reply = calls().post("/search", json={"question": QUESTION, "count": 4})
    assert reply.status_code == 200
    expected = engine.search(QUESTION, 4)
    found = reply.json()["passages"]
    assert [(p["document"], p["start"], p["end"], p["text"]) for p in found] == [
        (p.chunk.document_id, p.chunk.span.start, p.chunk.span.end, p.text) for p in expected
    ]
    assert found[0]["legs"].keys() == {"bm25", "dense", "late"}


def test_filters_limit_the_search(calls: Calls, engine: Engine) -> None:
    asked = {"question": "城镇化率", "filters": {"documents": [JINAN], "year": 2025}}
    found = calls().post("/search", json=asked).json()["passages"]
    expected = engine.search("城镇化率", 10, Filters(frozenset({JINAN}), year=2025))
    assert found and {p["document"] for p in found} == {JINAN}
    assert [p["start"] for p in found] == [p.chunk.span.start for p in expected]


def test_an_answer_rests_on_verbatim_citations(calls: Calls, engine: Engine) -> None:
    answer = calls().post("/ask", json={"question": QUESTION}).json()
    assert answer["answer"] == engine.ask(QUESTION).text
    assert answer["answer"].startswith("78.5%以上[1]")
    (citation, *_) = answer["citations"]
    text = engine.index.documents[citation["document"]].text
    assert citation["quote"] == text[citation["start"] : citation["end"]]
    assert citation["number"] == 1
    assert citation["section"][1] == "四、主要目标"
    assert citation["reference"] == (
        "济南市人民政府. 济南市新型城镇化规划（2021-2035年）: 济政发〔2022〕9号[A]. 2022-07-15."
    )
    assert answer["statements"][0]["citations"] == [1]


def test_history_makes_a_follow_up_plain(calls: Calls) -> None:
    asked = {"question": "那2035年呢", "history": ["山东省2025年常住人口城镇化率是多少"]}
    answer = calls().post("/ask", json=asked).json()
    assert not answer["abstained"] and "75%" in answer["answer"]


def test_what_the_documents_do_not_say_is_refused_with_its_reason(calls: Calls) -> None:
    answer = calls().post("/ask", json={"question": "上海2025年城镇化率目标"}).json()
    assert answer["abstained"] and answer["citations"] == []
    assert answer["answer"].startswith("未找到依据：") and "上海" in answer["reason"]


@pytest.mark.parametrize("how", ["field", "header"])
def test_a_stream_gives_deltas_then_citations_then_the_whole(calls: Calls, how: str) -> None:
    client = calls()
    asked = {"question": QUESTION}
    whole = client.post("/ask", json=asked).json()
    if how == "field":
        reply = client.post("/ask", json={**asked, "stream": True})
    else:
        reply = client.post("/ask", json=asked, headers={"Accept": "text/event-stream"})
    assert reply.headers["content-type"].startswith("text/event-stream")
    found = events(reply.text)
    names = [name for name, _ in found]
    assert names == ["delta"] * (len(names) - 2) + ["citations", "done"] and len(names) > 3
    assert "".join(data["text"] for name, data in found if name == "delta") == whole["answer"]
    assert found[-2][1] == whole["citations"]
    assert found[-1][1] == whole


def test_a_stream_tells_a_bad_question_by_its_status(calls: Calls) -> None:
    reply = calls().post("/ask", json={"question": "？", "stream": True})
    assert reply.status_code == 422
    assert "问题是空的" in message(reply)


def test_compare_cites_each_cell(calls: Calls, engine: Engine) -> None:
    asked = {"name": "常住人口城镇化率", "years": [2025], "regions": ["济南", "青岛"]}
    table = calls().post("/compare", json=asked).json()
    jinan = next(cell for cell in table["cells"] if cell["region"] == "济南市")
    assert (jinan["value"], jinan["unit"], jinan["text"]) == (78.5, "%", "78.5%以上")
    citation = jinan["citation"]
    text = engine.index.documents[citation["document"]].text
    assert (
        citation["quote"] == text[citation["start"] : citation["end"]]
        and "78.5%" in citation["quote"]
    )
    missing = calls().post("/compare", json={"name": "城镇化比率水平"})
    assert missing.status_code == 422 and "城镇化" in message(missing)
    given = {"name": "常住人口城镇化率", "years": [1999], "regions": ["青岛"]}
    none = calls().post("/compare", json=given).json()
    # What has no year in its source may be of any.
    assert {cell["year"] for cell in none["cells"]} <= {None}
    assert any("1999" in note for note in none["notes"])


def test_evaluate_gives_the_figures_of_the_command(calls: Calls) -> None:
    label = {"id": "1", "question": QUESTION, "values": ["78.5%"]}
    group = [[{"doc": JINAN, "quote": "分别提高到78.5%以上"}]]
    client = calls()
    found = client.post("/evaluate", json={"questions": [{**label, "evidence_groups": group}]})
    assert found.json()["retrieval"]["ask"]["all"]["recall@1"] == 1.0
    wrong = [[{"doc": "没有.txt", "quote": "78.5%"}]]
    reply = client.post("/evaluate", json={"questions": [{**label, "evidence_groups": wrong}]})
    assert reply.status_code == 422 and "没有.txt" in message(reply)
    reply = client.post("/evaluate", json={"questions": [{"id": 1}, {"question": ""}]})
    assert reply.status_code == 422 and "第 1 题" in message(reply) and "第 2 题" in message(reply)


# What must not be accepted, and how it is told.
BAD = [
    ("/search", {"question": ""}, 422, "问题是空的"),
    ("/search", {"question": "城" * 2001}, 422, "问题过长"),
    ("/search", {}, 422, "字段 question 没有给出"),
    ("/search", [], 422, "应为 JSON 对象"),
    ("/search", {"question": 1}, 422, "字段 question 应为文字"),
    ("/search", {"question": "目标", "count": 0}, 422, "字段 count 应不小于 1"),
    ("/search", {"question": "目标", "count": "many"}, 422, "字段 count 应为整数"),
    ("/search", {"question": "目标", "top": 3}, 422, "字段 top 不是可用的字段"),
    ("/search", {"question": "目标", "filters": {"year": 99999}}, 422, "filters.year"),
    ("/search", {"question": "目标", "filters": {"regions": ["火星"]}}, 422, "不认识地区“火星”"),
    ("/search", {"question": "目标", "filters": {"documents": ['" or 1==1']}}, 422, '“" or 1==1”'),
    ("/search", {"question": "目标", "filters": {"documents": ["../../etc/passwd"]}}, 422, "没有文件"),
    ("/ask", {"question": "目标", "library": "nowhere"}, 404, "没有资料库“nowhere”"),
    ("/ask", {"question": "目标", "library": '" or 1==1'}, 404, "没有资料库"),
    ("/libraries/nowhere/ask", {"question": "目标"}, 404, "没有资料库“nowhere”"),
    ("/libraries/seeds/ask", {"question": "目标", "library": "two"}, 422, "写了两处"),
    ("/compare", {"name": "，"}, 422, "请写明要比较的指标"),
    ("/compare", {"name": "城镇化率", "regions": ["火星"]}, 422, "不认识地区"),
    ("/evaluate", {"questions": []}, 422, "不应少于 1 项"),
    ("/nowhere", {}, 404, "没有这个地址"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body", "status", "told"), BAD)
def test_bad_input_is_told_with_its_status(
    calls: Calls, path: str, body: Any, status: int, told: str
) -> None:
    reply = calls().post(path, json=body)
    assert reply.status_code == status
    assert told in message(reply)


def test_what_is_no_json_is_400(calls: Calls) -> None:
    client = calls()
    for content in (b'{"question": "x', b"\xff\xfe", b"question=x"):
        reply = client.post(
            "/search", content=content, headers={"Content-Type": "application/json"}
        )
        assert reply.status_code == 400 and "不是有效的 JSON" in message(reply)
    reply = client.post(
        "/search", content=b'{"question": "\\ud800"}', headers={"Content-Type": "application/json"}
    )
    assert reply.status_code == 422 and "UTF-8" in message(reply)
    assert client.get("/search").status_code == 405


def test_a_body_that_is_too_large_is_413(calls: Calls) -> None:
    client = calls(body=2048)
    reply = client.post("/search", json={"question": "城" * 2000})
    assert reply.status_code == 413 and "2 KB" in message(reply)

    def endless() -> Any:
        for _ in range(100):
            yield b" " * 100

    # Without a length, it is counted as it comes.
    reply = client.post("/search", content=endless(), headers={"Content-Type": "application/json"})
    assert reply.status_code == 413 and "太大" in message(reply)
    assert client.post("/search", json={"question": "目标", "count": 1}).status_code == 200


def test_a_body_that_does_not_end_is_408(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    from qa.server import limits

    monkeypatch.setattr(limits, "BODY_SECONDS", 0.2)
    sent: list[Any] = []

    async def receive() -> Any:
        await anyio.sleep(0.05)
        return {"type": "http.request", "body": b" ", "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    app = calls().app
    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": "/search",
        "raw_path": b"/search", "query_string": b"", "headers": headers, "root_path": "",
        "scheme": "http", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2), "state": {},
    }  # fmt: skip
    anyio.run(app, scope, receive, send)
    assert sent[0]["status"] == 408 and "没有在时限内" in sent[1]["body"].decode()


def test_keys_open_their_libraries_only(calls: Calls, seeds_folder: Path) -> None:
    keys = f"{ADMIN}, {READER}@one+two:ro, {OTHER}@two"
    client = calls(keys=keys, libraries={"one": seeds_folder, "two": seeds_folder})
    asked = {"question": QUESTION, "count": 1, "library": "one"}
    for headers in ({}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer "}):
        reply = client.post("/search", json=asked, headers=headers)
        assert reply.status_code == 401 and "没有给出密钥" in message(reply)
        assert reply.headers["www-authenticate"] == "Bearer"
    # A key is asked for before anything else is looked at.
    assert client.post("/search", content=b"{").status_code == 401
    assert client.get("/metrics").status_code == 401
    assert client.post("/mcp", json={}).status_code == 401
    reply = client.post("/search", json=asked, headers=bearer(ADMIN[:-1]))
    assert reply.status_code == 401 and "密钥不对" in message(reply)
    assert client.post("/search", json=asked, headers=bearer(ADMIN)).status_code == 200
    assert client.post("/search", json=asked, headers=bearer(READER)).status_code == 200
    # What a key does not open is as unknown as what is not there.
    shut = client.post("/search", json=asked, headers=bearer(OTHER))
    none = client.post("/search", json={**asked, "library": "six"}, headers=bearer(OTHER))
    assert shut.status_code == none.status_code == 404
    assert message(shut).replace("one", "six") == message(none)
    # A library need be named only where there is a choice.
    del asked["library"]
    assert client.post("/search", json=asked, headers=bearer(OTHER)).json()["library"] == "two"
    reply = client.post("/search", json=asked, headers=bearer(ADMIN))
    assert reply.status_code == 422 and "one、two" in message(reply)
    # Signs of life and the description need none.
    for path in ("/healthz", "/readyz", "/docs", "/openapi.json"):
        assert client.get(path).status_code == 200
    reply = client.delete(f"/libraries/one/documents/{JINAN}", headers=bearer(READER))
    assert reply.status_code == 403 and "只能查询" in message(reply)


def test_every_key_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIWEN_KEYS", f"{ADMIN} {READER}:ro {OTHER}@one")
    keys = read_keys(None, ["one", "two"])
    compared: list[bytes] = []
    compare = hmac.compare_digest

    def counted(asked: bytes, held: bytes) -> bool:
        compared.append(held)
        return compare(asked, held)

    monkeypatch.setattr(hmac, "compare_digest", counted)
    for given in (ADMIN, READER, OTHER, "wrong", "", "密钥"):
        found = keys.caller(given)
        assert len(compared) == 3
        compared.clear()
        assert (found is None) == (given not in {ADMIN, READER, OTHER})
    admin, reader, other = (keys.caller(key) for key in (ADMIN, READER, OTHER))
    assert admin and reader and other and admin.may_write and not reader.may_write
    assert admin.may_use("two") and other.may_use("one") and not other.may_use("two")
    assert ADMIN not in repr(keys)


def test_libraries_side_by_side_answer_from_their_own_documents(
    calls: Calls, seeds_folder: Path, source: Callable[..., Path], tmp_path: Path
) -> None:
    text = "济南市试点方案\n一、目标\n到2025年,济南市常住人口城镇化率达到81.5%。\n"
    other = build([source({"试点.txt": text})], tmp_path / "other").folder
    client = calls(libraries={"规划": seeds_folder, "试点": other})
    messages = [{"role": "user", "content": QUESTION}]
    for name, value in (("规划", "78.5%"), ("试点", "81.5%")):
        by_field = client.post("/ask", json={"question": QUESTION, "library": name})
        by_path = client.post(f"/libraries/{name}/ask", json={"question": QUESTION})
        assert by_field.json() == by_path.json()
        assert by_field.json()["library"] == name and value in by_field.json()["answer"]
        chat = client.post("/v1/chat/completions", json={"model": name, "messages": messages})
        assert value in chat.json()["choices"][0]["message"]["content"]
        setting = {"top_k": 1, "score_threshold": 0}
        asked = {"knowledge_id": name, "query": QUESTION, "retrieval_setting": setting}
        assert value in client.post("/retrieval", json=asked).json()["records"][0]["content"]
    assert [m["id"] for m in client.get("/v1/models").json()["data"]] == ["规划", "试点"]
    reply = client.post("/v1/chat/completions", json={"model": "guiwen", "messages": messages})
    assert reply.status_code == 422 and "规划、试点" in message(reply)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("short", "只有 5 个字符"),
        ("中文密钥中文密钥中文密钥中文密钥", "不是密钥"),
        (f"{ADMIN}@", "不是密钥"),
        (f"{ADMIN}@nowhere", "“nowhere”没有打开"),
        (f"{ADMIN}\n{ADMIN}@one", "给出了两次"),
        ("# 只有注释\n", "没有密钥"),
    ],
)
def test_a_file_of_keys_that_is_wrong_is_told_without_the_key(
    tmp_path: Path, text: str, told: str
) -> None:
    path = tmp_path / "keys.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told) as raised:
        read_keys(path, ["one"])
    assert ADMIN not in str(raised.value)
    with pytest.raises(InputError, match="无法读取"):
        read_keys(tmp_path / "none.txt", ["one"])


def test_names_of_libraries_are_checked() -> None:
    assert read_names(["a=x", "规划-1=y=z"]) == {"a": "x", "规划-1": "y=z"}
    for wrong in (["a"], ["=x"], ["a/b=x"], ["a="], ["a=x", "a=y"]):
        with pytest.raises(InputError):
            read_names(wrong)


def test_settings_are_checked() -> None:
    assert Settings(host="::1").on_loopback and Settings(host="localhost").on_loopback
    assert not Settings(host="0.0.0.0").on_loopback
    assert not Settings(host="example.cn").on_loopback
    for wrong in ({"slots": 0}, {"port": 70000}, {"rate": -1}, {"origins": ("example.cn",)}):
        with pytest.raises(InputError):
            Settings(**wrong)  # type: ignore[arg-type]


def test_pages_of_other_sites_cannot_call(calls: Calls) -> None:
    client, asked = calls(), {"question": QUESTION, "count": 1}
    for origin in ("https://evil.example", "null", "http://localhost.evil.example", "http://["):
        reply = client.post("/search", json=asked, headers={"Origin": origin})
        assert reply.status_code == 403 and "其他网站" in message(reply)
        assert "access-control-allow-origin" not in reply.headers
    assert (
        client.post("/search", json=asked, headers={"Origin": "http://localhost"}).status_code
        == 200
    )
    # A name that someone else made lead to this machine.
    reply = client.post("/search", json=asked, headers={"Host": "evil.example"})
    assert reply.status_code == 403 and "localhost" in message(reply)


def test_an_origin_that_is_allowed_may_call(calls: Calls) -> None:
    client = calls(origins=("https://plan.example",))
    asked = {"Origin": "https://plan.example", "Access-Control-Request-Method": "POST"}
    reply = client.options("/search", headers=asked)
    assert reply.headers["access-control-allow-origin"] == "https://plan.example"
    other = client.options("/search", headers={**asked, "Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers


def test_too_many_calls_a_minute_are_429(calls: Calls) -> None:
    client = calls(keys=f"{ADMIN} {OTHER}", rate=3)
    replies = [client.get("/v1/models", headers=bearer(ADMIN)) for _ in range(5)]
    assert [r.status_code for r in replies] == [200, 200, 200, 429, 429]
    assert "每分钟不超过 3 次" in message(replies[-1])
    assert 1 <= int(replies[-1].headers["retry-after"]) <= 60
    # Each key has its own count, and signs of life none.
    assert client.get("/v1/models", headers=bearer(OTHER)).status_code == 200
    assert all(client.get("/healthz").status_code == 200 for _ in range(9))


def test_more_calls_than_places_are_429(
    calls: Calls, monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    began, go = Event(), Event()
    search = Engine.search

    def slow(self: Engine, *args: Any, **kwargs: Any) -> Any:
        began.set()
        assert go.wait(30)
        return search(self, *args, **kwargs)

    monkeypatch.setattr(Engine, "search", slow)
    client = calls(slots=2, threads=1)
    asked = {"question": QUESTION, "count": 1}
    with ThreadPoolExecutor(2) as pool:
        held = [pool.submit(client.post, "/search", json=asked) for _ in range(2)]
        assert began.wait(30)
        while client.app.middleware_stack is None or _taken(client) < 2:
            go.wait(0.01)
        reply = client.post("/search", json=asked)
        assert reply.status_code == 429 and reply.headers["retry-after"] == "1"
        assert "过多" in message(reply)
        go.set()
        assert [one.result().status_code for one in held] == [200, 200]
    assert client.post("/search", json=asked).status_code == 200


def _taken(client: Any) -> int:
    """How many places are taken, as Prometheus is told: the call that asks is one of them."""
    from prometheus_client import generate_latest

    registry = client.app.state.server.metrics.registry
    lines = generate_latest(registry).decode().splitlines()
    return int(float(next(x.split()[1] for x in lines if x.startswith("guiwen_calls_running"))))


def test_answers_are_the_same_whoever_else_asks(calls: Calls, engine: Engine) -> None:
    questions = [QUESTION, "青岛新增多少公共停车位", "济南有哪些主要目标", "临沂2025年城镇化率"]
    expected = {one: engine.ask(one) for one in questions}
    client = calls(threads=4)

    def ask(question: str) -> bool:
        found = client.post("/ask", json={"question": question}).json()
        passages = [(p["document"], p["start"]) for p in found["passages"]]
        right = expected[question]
        said = right.reason if right.abstained else right.text
        return said in found["answer"] and passages == [
            (p.chunk.document_id, p.chunk.span.start) for p in right.passages
        ]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, questions * 6))


def test_metrics_count_by_pattern_and_not_by_path(calls: Calls) -> None:
    client = calls()
    client.post("/ask", json={"question": QUESTION})
    client.post("/libraries/seeds/search", json={"question": QUESTION})
    client.post("/libraries/other/search", json={"question": QUESTION})
    client.get("/documents/没有.txt")
    client.get("/no/such/page")
    text = client.get("/metrics").text
    for line in (
        'guiwen_calls_total{method="POST",route="/ask",status="200"} 1.0',
        'guiwen_calls_total{method="POST",route="/libraries/{library}/search",status="200"} 1.0',
        'guiwen_calls_total{method="POST",route="/libraries/{library}/search",status="404"} 1.0',
        'guiwen_calls_total{method="GET",route="/documents/{document:path}",status="404"} 1.0',
        'guiwen_calls_total{method="GET",route="other",status="404"} 1.0',
        'guiwen_answers_total{kind="figure",library="seeds"} 1.0',
        'guiwen_documents{library="seeds"} 5.0',
        'guiwen_passages{library="seeds"} 227.0',
    ):
        assert line in text
    assert "没有.txt" not in text


@pytest.mark.parametrize("told", [False, True])
def test_logs_hold_the_question_only_when_asked_for(
    calls: Calls, caplog: pytest.LogCaptureFixture, told: bool
) -> None:
    client = calls(log_questions=told)
    with caplog.at_level(logging.INFO, "guiwen.calls"):
        client.post("/ask", json={"question": QUESTION}, headers={"X-Request-Id": "call-7"})
        client.post("/ask", json={"question": QUESTION}, headers={"X-Request-Id": "bad id\x7f"})
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records]
    first = next(line for line in lines if line.get("id") == "call-7")
    assert (first["route"], first["status"], first["library"]) == ("/ask", 200, "seeds")
    assert first.get("question") == (QUESTION if told else None)
    assert (QUESTION in json.dumps(lines, ensure_ascii=False)) == told
    assert all(line["id"] != "bad id\x7f" for line in lines)


def test_what_was_not_foreseen_is_told_plainly_and_logged(
    calls: Calls, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> Any:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(Engine, "search", broken)
    client = calls()
    reply = client.post("/search", json={"question": QUESTION})
    assert reply.status_code == 500 and "没有预料到" in message(reply)
    assert "secret" not in reply.text
    assert "secret detail" in caplog.text
    monkeypatch.setattr(Engine, "ask_stream", broken)
    reply = client.post("/ask", json={"question": QUESTION, "stream": True})
    assert reply.status_code == 500 and "没有预料到" in message(reply)


def test_the_description_needs_no_network_and_is_in_chinese(calls: Calls) -> None:
    client = calls()
    page = client.get("/docs").text
    assert "cdn" not in page.lower() and "https://" not in page
    assert client.get("/static-offline-docs/swagger-ui-bundle.js").status_code == 200
    described = client.get("/openapi.json").json()
    assert described["paths"]["/ask"]["post"]["summary"] == "提问，得到带出处的回答"
    assert {"/search", "/libraries/{library}/search", "/retrieval", "/v1/models"} <= set(
        described["paths"]
    )
    assert "Args" not in json.dumps(described)
