"""Fixtures of the tests in a real browser: the page served over the seeds, and tabs of Chromium."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from index import build
from qa.library import SEEDS

CHROMIUM = Path("/usr/bin/chromium")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

HOSTILE = (
    "烟台市海洋城镇化方案\n一、总体要求\n"
    "烟台市建设<script>alert('x')</script>海洋牧场，**加粗**与$x^2$都按原文显示，<img src=x onerror=alert(1)>"
    "到2025年烟台市海洋牧场达到88个。\n"
)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip with a reason without Chromium; what the driver leaves open is not ours."""
    here = Path(__file__).parent
    # Last of all: while the driver runs, no other test can start an event loop of its own.
    items.sort(key=lambda item: here in item.path.parents)
    for item in items:
        if here in item.path.parents:
            if not CHROMIUM.exists():
                item.add_marker(pytest.mark.skip(reason="Debian's Chromium is not installed"))
            for warning in ("ResourceWarning", "pytest.PytestUnraisableExceptionWarning"):
                item.add_marker(pytest.mark.filterwarnings(f"ignore::{warning}"))


@pytest.fixture(scope="session")
def feedback_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the served page keeps what is said of its answers."""
    return tmp_path_factory.mktemp("said") / "feedback.jsonl"


@pytest.fixture(scope="session")
def served() -> Callable[..., AbstractContextManager[str]]:
    """Serve the page over an index while it is needed: ``with served(INDEX, …, NAME=VALUE) as place``.

    Further arguments go to the command, names into its environment.
    """

    @contextmanager
    def serve(index: Path, *more: str, **environment: str) -> Iterator[str]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "qa.cli", "app", "--port", str(port)]
        server = subprocess.Popen(
            [*command, "--index", str(index), *more],
            cwd=SEEDS.parent,
            env=os.environ | {"PYTHONPATH": str(SEEDS.parent), **environment},
            stdout=subprocess.DEVNULL,
        )
        place = f"http://127.0.0.1:{port}/"
        for _ in range(1200):
            if server.poll() is not None:
                pytest.fail("the app ended before it answered")
            try:
                urllib.request.urlopen(place, timeout=5).close()
                break
            except OSError:
                time.sleep(0.25)
        yield place
        server.terminate()
        server.wait(20)

    return serve


@pytest.fixture(scope="session")
def address(
    tmp_path_factory: pytest.TempPathFactory, feedback_file: Path, served: Any
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("page")
    (folder / "hostile.txt").write_text(HOSTILE, encoding="utf-8")
    build([SEEDS, folder / "hostile.txt"], folder / "index")
    with served(folder / "index", GUIWEN_FEEDBACK=str(feedback_file)) as place:
        yield place


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["wide", "narrow"])
def page(request: pytest.FixtureRequest, browser: Any, address: str) -> Iterator[Any]:
    width, height = request.param
    tab = browser.new_page(viewport={"width": width, "height": height})
    tab.asked_hosts, tab.dialogs = set(), []
    tab.on("request", lambda r: tab.asked_hosts.add(r.url.split("/")[2].split(":")[0]))
    tab.on("dialog", lambda d: (tab.dialogs.append(d.message), d.dismiss()))
    tab.goto(address)
    tab.wait_for_selector("#gw-box textarea", timeout=60_000)
    yield tab
    assert tab.asked_hosts <= {"127.0.0.1", "localhost", ""}
    assert tab.dialogs == []
    tab.close()


@pytest.fixture(scope="session")
def ask() -> Any:
    """Type a question, send it, and wait for what it must show: ``ask(page, text, selector)``."""

    def typed(page: Any, text: str, shown: str) -> None:
        page.fill("#gw-box textarea", text)
        page.keyboard.press("Enter")
        page.wait_for_selector(shown, timeout=30_000)

    return typed
