"""``guiwen serve`` as an operator runs it: what it refuses to start with, and how it stops."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from index import InputError
from qa import serving
from qa.cli import main

ROOT = Path(__file__).parent.parent
QUESTION = "济南2025年城镇化率目标"
KEY = "admin-key-0123456789"


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GUIWEN_KEYS", raising=False)


@contextmanager
def started(
    folder: Path, *more: str, keys: str = ""
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server in a process of its own, on a free port; its address and the process."""
    command = [sys.executable, "-m", "qa.cli", "serve", "--port", "0", "--library", f"a={folder}"]
    process = subprocess.Popen(
        [*command, *more],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "GUIWEN_KEYS": keys},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "规问已启动" in line, process.communicate()
        yield line.split()[0].partition("：")[2], process
    finally:
        process.kill()
        process.communicate()


def call(address: str, body: Any = None, key: str = "") -> tuple[int, Any]:
    headers = {"Content-Type": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(address, data, headers)
    try:
        with urllib.request.urlopen(request, timeout=120) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_stop_lets_what_runs_finish(seeds_folder: Path) -> None:
    labels = (ROOT / "seeds" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = {"questions": [json.loads(line) for line in labels[:6]]}
    replies: list[tuple[int, Any]] = []
    with started(seeds_folder) as (address, process):
        # The chat is beside the calls.
        status, page = call(f"{address}/app/")
        assert status == 200 and "规问" in page
        assert call(f"{address}/readyz")[0] == 200
        running = Thread(target=lambda: replies.append(call(f"{address}/evaluate", asked)))
        running.start()
        while 'route="/metrics"' not in (text := call(f"{address}/metrics")[1]) or (
            "guiwen_calls_running 2.0" not in text
        ):
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        running.join(120)
        assert process.wait(60) == 0
        _, log = process.communicate()
    ((status, body),) = replies
    assert status == 200 and json.loads(body)["questions"] == 6
    lines = [json.loads(line) for line in log.splitlines()]
    served = next(line for line in lines if line.get("route") == "/evaluate")
    assert served["status"] == 200 and lines[-1]["message"] == "stopped"
    assert "城镇化" not in log


@pytest.fixture(scope="module")
def crowded(seeds_folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server with keys and few places."""
    keys = f"{KEY} reader-key-0123456789:ro"
    with started(seeds_folder, "--slots", "4", "--rate", "0", keys=keys) as server:
        yield server


def test_the_chat_asks_for_a_key_where_the_calls_do(crowded: Any) -> None:
    address, _ = crowded
    assert call(f"{address}/app/config")[0] == 401
    assert call(f"{address}/search", {"question": QUESTION})[0] == 401
    status, body = call(f"{address}/search", {"question": QUESTION, "count": 1}, KEY)
    assert status == 200 and json.loads(body)["library"] == "a"
    for password, status in ((KEY, 200), ("wrong", 400), ("reader-key-0123456789", 400)):
        form = f"username=x&password={password}".encode()
        request = urllib.request.Request(f"{address}/app/login", form)
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                assert reply.status == status
        except urllib.error.HTTPError as error:
            with error:
                assert error.code == status


def test_overload_is_refused_and_survived(crowded: Any) -> None:
    """Forty at once where four have a place: some are answered, the rest told to come again."""
    address, process = crowded
    asked = {"question": QUESTION, "count": 3}
    with ThreadPoolExecutor(40) as pool:
        found = list(pool.map(lambda _: call(f"{address}/ask", asked, KEY)[0], range(40)))
    assert set(found) == {200, 429}
    assert found.count(200) >= 4
    assert call(f"{address}/ask", asked, KEY)[0] == 200
    assert process.poll() is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["serve", "--host", "0.0.0.0"], "必须有密钥"),
        (["mcp", "--http", "--host", "::"], "必须有密钥"),
        (["serve", "--library", "nothing"], "名称=索引文件夹"),
        (["serve", "--library", "a=x", "--library", "a=y"], "给出了两次"),
        (["serve", "--library", "a=x", "--index", "y"], "只能用一种"),
        (["serve", "--library", "a=no-such-folder"], "no-such-folder"),
        (["serve", "--keys", "no-such-file", "--index", "y"], "no-such-file"),
        (["serve", "--slots", "0", "--index", "y"], "--slots 应不小于 1"),
        (["serve", "--origin", "example.cn", "--index", "y"], "--origin 应如"),
        (["serve", "--port", "many"], "--port"),
    ],
)
def test_what_cannot_be_served_is_told(
    given: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given) in {2, 4}
    error = capsys.readouterr().err
    assert error.startswith("错误：") and told in error and "Traceback" not in error


def test_a_port_that_is_taken_is_told(
    seeds_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        given = ["serve", "--index", str(seeds_folder), "--port", port, "--no-app"]
        assert main(given) == 2
    assert f"127.0.0.1:{port}" in capsys.readouterr().err


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_NEEDED", ("fastapi", "no_such_module"))
    with pytest.raises(InputError, match=r"no_such_module.*pip install 'guiwen\[serve\]'"):
        serving.need()
    assert main(["mcp"]) == 2


def test_the_commands_are_described(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("serve", "mcp", "doctor"):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
        assert "--library" in capsys.readouterr().out or command == "doctor"
