"""The chat in a real browser: typed, answered, opened, refused; hostile text stays text."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index import build
from qa.library import SEEDS

CHROMIUM = Path("/usr/bin/chromium")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's Chromium is not installed"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

HOSTILE = (
    "烟台市海洋城镇化方案\n一、总体要求\n"
    "烟台市建设<script>alert('x')</script>海洋牧场，**加粗**与$x^2$都按原文显示，<img src=x onerror=alert(1)>"
    "到2025年烟台市海洋牧场达到88个。\n"
)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("app")
    (folder / "hostile.txt").write_text(HOSTILE, encoding="utf-8")
    build([SEEDS, folder / "hostile.txt"], folder / "index")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "qa.cli", "app", "--port", str(port)]
    server = subprocess.Popen(
        [*command, "--index", str(folder / "index")],
        cwd=SEEDS.parent,
        env=os.environ | {"PYTHONPATH": str(SEEDS.parent)},
        stdout=subprocess.DEVNULL,
    )
    place = f"http://127.0.0.1:{port}/"
    for _ in range(240):
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


@pytest.fixture(scope="module")
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


def ask(page: Any, text: str, shown: str) -> None:
    page.fill("#gw-box textarea", text)
    page.keyboard.press("Enter")
    page.wait_for_selector(shown, timeout=30_000)


def test_a_question_is_answered_and_its_source_opened_in_place(page: Any) -> None:
    ask(page, "济南2025年城镇化率目标", ".gw-refs")
    assert page.inner_text(".gw-statements p").startswith("78.5%以上")
    page.click(".gw-mark")
    page.wait_for_selector(".gw-text mark", timeout=20_000)
    assert "提高到78.5%以上和65%左右" in page.inner_text(".gw-text mark")
    assert "济南市新型城镇化规划" in page.inner_text(".gw-about h2")
    in_view = "(m) => m.getBoundingClientRect().top < window.innerHeight"
    assert page.eval_on_selector(".gw-text mark", in_view)
    too_wide = "() => document.documentElement.scrollWidth > window.innerWidth + 1"
    assert not page.evaluate(too_wide)


def test_a_follow_up_keeps_what_it_does_not_change(page: Any) -> None:
    ask(page, "山东省2025年常住人口城镇化率", ".gw-refs")
    page.fill("#gw-box textarea", "那2035年呢？")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.gw-refs').length === 2", timeout=30_000)
    assert page.locator(".gw-statements").nth(1).locator("p").first.inner_text().startswith("75%")


def test_what_the_plans_do_not_say_is_refused_with_a_reason(page: Any) -> None:
    ask(page, "济南2035年常住人口城镇化率目标", ".gw-none")
    told = page.inner_text(".gw-none")
    assert "未找到依据" in told
    assert "2025年目标78.5%以上" in told
    assert page.locator(".gw-passages li").count() >= 3


def test_hostile_text_is_shown_as_text(page: Any) -> None:
    ask(page, "烟台海洋牧场2025年达到多少个", ".gw-refs")
    assert "88个" in page.inner_text(".gw-statements")
    page.click(".gw-mark")
    page.wait_for_selector(".gw-text mark", timeout=20_000)
    assert "<script>alert('x')</script>" in page.inner_text(".gw-text")
    assert "**加粗**" in page.inner_text(".gw-text")
    assert page.locator(".gw-text script, .gw-text img, .gw-answer script").count() == 0


@pytest.mark.parametrize("text", ["", "城" * 10_000], ids=["empty", "long"])
def test_wrong_input_is_told_in_plain_words(page: Any, text: str) -> None:
    ask(page, text, ".gw-problem")
    told = page.inner_text(".gw-problem")
    assert "问题" in told
    assert "Traceback" not in told
