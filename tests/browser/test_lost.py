"""A connection that is lost while a question is on its way: told, and nothing of it is lost."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from qa.library import SEEDS

ASKED = "济南2025年城镇化率目标"


def _serve(index: Path, port: int) -> subprocess.Popen[bytes]:
    server = subprocess.Popen(
        [sys.executable, "-m", "qa.cli", "app", "--port", str(port), "--index", str(index)],
        cwd=SEEDS.parent,
        env=os.environ | {"PYTHONPATH": str(SEEDS.parent)},
        stdout=subprocess.DEVNULL,
    )
    for _ in range(1200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
            return server
        except OSError:
            time.sleep(0.25)
    pytest.fail("the app did not answer")


def test_a_lost_connection_is_told_and_the_question_is_not_lost(
    browser: Any, seeds_folder: Path, ask: Any
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = _serve(seeds_folder, port)
    tab = browser.new_page()
    try:
        tab.goto(f"http://127.0.0.1:{port}/")
        tab.wait_for_selector("#gw-box textarea", timeout=60_000)
        ask(tab, ASKED, ".gw-next")
        server.send_signal(signal.SIGSTOP)
        tab.fill("#gw-box textarea", "那临沂呢")
        tab.keyboard.press("Enter")
        tab.wait_for_timeout(500)
        server.kill()
        server.wait(20)
        tab.wait_for_selector(".gw-lost", timeout=40_000)
        assert "连接断开" in tab.inner_text(".gw-lost")
        assert tab.input_value("#gw-box textarea") == "那临沂呢"
        server = _serve(seeds_folder, port)
        # The page comes back by itself, with its conversation and the question.
        tab.wait_for_function("!document.querySelector('.gw-lost')", timeout=60_000)
        tab.wait_for_selector(".gw-refs", timeout=60_000)
        tab.wait_for_function("document.querySelector('#gw-box textarea').value === '那临沂呢'")
        tab.focus("#gw-box textarea")
        tab.keyboard.press("Enter")
        tab.wait_for_function("document.querySelectorAll('.gw-refs').length === 2", timeout=30_000)
        assert tab.locator(".gw-statements").nth(1).inner_text().startswith("62%左右")
    finally:
        tab.close()
        server.kill()
        server.wait(20)
