"""The tools and resources, by the official SDK's own client over both transports."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from mcp import Client, MCPError
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from qa import Engine
from qa.compare import compare

ROOT = Path(__file__).parent.parent
JINAN = "002_42cd662d68b88e93.txt"
QUESTION = "济南2025年城镇化率目标"
ADMIN, OTHER = "admin-key-0123456789", "other-key-0123456789"


@asynccontextmanager
async def over_http(app: Any, key: str = "", mode: Any = "auto") -> AsyncIterator[Client]:
    """The SDK's client of ``app`` within this process: its streamable HTTP, without a socket."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    transport = httpx2.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, headers=headers, timeout=60) as http,
        Client(
            streamable_http_client("http://localhost/mcp", http_client=http), mode=mode
        ) as client,
    ):
        yield client


@asynccontextmanager
async def over_stdio(folder: Path) -> AsyncIterator[Client]:
    """The SDK's client of ``guiwen mcp``, which it starts."""
    command = ["-m", "qa.cli", "mcp", "--library", f"seeds={folder}"]
    with Path("/dev/null").open("w") as nowhere:
        given = StdioServerParameters(
            command=sys.executable, args=command, env={"PYTHONPATH": str(ROOT)}, cwd=ROOT
        )
        async with Client(stdio_client(given, errlog=nowhere)) as client:
            yield client


def text(result: Any) -> str:
    return "".join(part.text for part in result.content)


async def all_tools_cite(client: Client, engine: Engine) -> None:
    """What both transports must do alike."""
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) == {"search", "ask", "compare", "fetch"}
    assert all(tool.output_schema and tool.annotations.read_only_hint for tool in tools.values())

    answer = (await client.call_tool("ask", {"question": QUESTION})).structured_content
    expected = engine.ask(QUESTION)
    assert answer["answer"] == expected.text
    (citation, *_) = answer["citations"]
    held = engine.index.documents[JINAN]
    assert citation["document"] == JINAN and citation["title"] == held.title
    assert citation["quote"] == held.text[citation["start"] : citation["end"]]
    assert citation["section"] == list(expected.citations[0].section)
    assert citation["reference"].endswith("济政发〔2022〕9号[A]. 2022-07-15.")

    # What is cited can be fetched, by the tool and as a resource.
    given = {"document": JINAN, "start": citation["start"], "end": citation["end"]}
    part = (await client.call_tool("fetch", given)).structured_content
    assert part["text"] == citation["quote"]
    (content,) = (await client.read_resource(citation["uri"])).contents
    assert content.text == held.text
    listed = (await client.list_resources()).resources
    assert [one.name for one in listed] == list(engine.index.documents)
    assert citation["uri"] in {str(one.uri) for one in listed}
    (template,) = (await client.list_resource_templates()).resource_templates
    assert template.uri_template == "guiwen://{library}/{document}"

    found = (
        await client.call_tool("search", {"question": "停车位", "count": 3, "documents": [JINAN]})
    ).structured_content["passages"]
    assert len(found) == 3 and {one["document"] for one in found} == {JINAN}

    given = {"name": "常住人口城镇化率", "years": [2025]}
    table = (await client.call_tool("compare", given)).structured_content
    cells = compare(engine, "常住人口城镇化率", [2025]).cells
    assert [(c["region"], c["text"]) for c in table["cells"]] == [
        (c.region.name, c.value) for c in cells
    ]
    for cell in table["cells"]:
        cited = cell["citation"]
        whole = engine.index.documents[cited["document"]].text
        assert cell["text"] in cited["quote"] == whole[cited["start"] : cited["end"]]


async def wrong_calls_are_told(client: Client) -> None:
    """Each in Chinese, to the model."""
    for name, given, told in (
        ("ask", {"question": ""}, "问题是空的"),
        ("ask", {"question": QUESTION, "library": '" or 1==1'}, "没有资料库"),
        ("search", {"question": "目标", "count": 0}, "字段 count 应不小于 1"),
        ("search", {"question": "目标", "regions": ["火星"]}, "不认识地区“火星”"),
        ("fetch", {"document": "../../etc/passwd"}, "没有文件"),
        ("compare", {"name": "没有这样的指标"}, "没有这样的指标"),
    ):
        result = await client.call_tool(name, given)
        assert result.is_error, name
        assert told in text(result)
        assert "Traceback" not in text(result)
    for uri in ("guiwen://seeds/none.txt", "guiwen://other/none.txt", "file:///etc/passwd"):
        with pytest.raises(MCPError):
            await client.read_resource(uri)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_over_http(calls: Callable[..., Any], engine: Engine, mode: str) -> None:
    """Clients of today, and those that begin with a handshake."""

    async def run() -> None:
        async with over_http(_anew(calls().app), mode=mode) as client:
            await all_tools_cite(client, engine)
            await wrong_calls_are_told(client)

    anyio.run(run)


def test_over_stdio(seeds_folder: Path, engine: Engine) -> None:
    async def run() -> None:
        async with over_stdio(seeds_folder) as client:
            await all_tools_cite(client, engine)
            await wrong_calls_are_told(client)

    anyio.run(run)


def test_keys_open_their_libraries_to_tools_too(
    calls: Callable[..., Any], seeds_folder: Path
) -> None:
    held = {"one": seeds_folder, "two": seeds_folder}
    client = calls(keys=f"{ADMIN},{OTHER}@two", libraries=held)

    async def run() -> None:
        async with over_http(_anew(client.app), OTHER) as opened:
            listed = (await opened.list_resources()).resources
            assert {str(one.uri).split("/")[2] for one in listed} == {"two"}
            result = await opened.call_tool("ask", {"question": QUESTION})
            assert result.structured_content["library"] == "two"
            result = await opened.call_tool("ask", {"question": QUESTION, "library": "one"})
            assert result.is_error and "没有资料库“one”" in text(result)
            with pytest.raises(MCPError, match="没有资料库"):
                await opened.read_resource(f"guiwen://one/{JINAN}")
        async with over_http(_anew(client.app), ADMIN) as opened:
            result = await opened.call_tool("ask", {"question": QUESTION})
            assert result.is_error and "one、two" in text(result)

    anyio.run(run)
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        assert client.post("/mcp", json={}, headers=headers).status_code == 401
    listening = {"Authorization": f"Bearer {ADMIN}", "Accept": "text/event-stream"}
    assert client.get("/mcp", headers=listening).status_code == 405


def _anew(app: Any) -> Any:
    """The same application, not started yet: what ``calls`` gives has begun its life."""
    from qa.server.app import create_app

    server = app.state.server
    return create_app(server.libraries, server.keys, server.settings)
