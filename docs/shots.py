"""Make the screenshots of the README anew: docs/NAME-WIDTH.png, compressed, by one command.

    python docs/shots.py [NAME …] [--index FOLDER]

Serves the page over the index (that of the seeds by default) on a free port, and drives Debian's
Chromium through the flows named in ``FLOWS``. A part of the page adds its own there.
"""

import argparse
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
WIDTHS = {1440: 900, 390: 844}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ASKED = "济南2025年城镇化率目标"
# The second figure is not what the plan says.
DRAFT = (
    "到2025年，济南市常住人口城镇化率达到78.5%以上。到2035年，济南市常住人口城镇化率达到90%。"
    "2020年济南市常住人口城镇化率为73.5%。"
)
# Colours of a saved picture: enough for text, and a fifth of the size.
_COLOURS = 128


def chat(page: Any) -> None:  # noqa: ANN401 - playwright's page
    """An answer with its chips, its sources and the questions to ask next."""
    _ask(page, ASKED, ".gw-next")


def source(page: Any) -> None:  # noqa: ANN401
    """The source of an answer, opened in its place."""
    _ask(page, ASKED, ".gw-next")
    page.click(".gw-mark")
    page.wait_for_selector(".gw-text mark", timeout=120_000)


def comparison(page: Any) -> None:  # noqa: ANN401
    """The first comparison offered, with its chart."""
    page.click("#gw-comparison-tab-button")
    page.wait_for_selector(".gw-ready", timeout=60_000)
    page.locator(".gw-ready").first.click()
    page.wait_for_selector(".gw-board[aria-busy='false'] .gw-figure", timeout=60_000)


def report(page: Any) -> None:  # noqa: ANN401
    """A draft of three sentences, checked."""
    page.get_by_role("tab", name="报告").click()
    page.click("#gw-report-paste button")
    page.fill("#gw-report-text textarea", DRAFT)
    page.click("#gw-report-go")
    page.wait_for_selector(".gw-findings", timeout=120_000)


def library(page: Any) -> None:  # noqa: ANN401
    """The documents of the library."""
    page.click('button[role="tab"]:has-text("资料库")')
    page.wait_for_selector('.gw-sort[value="characters"]', timeout=60_000)


def evaluation(page: Any) -> None:  # noqa: ANN401
    """A set of questions, evaluated."""
    page.get_by_role("tab", name="评测").click()
    with page.expect_file_chooser() as chooser:
        page.click("#gw-evaluation-file")
    chooser.value.set_files(HERE.parent / "seeds" / "questions.jsonl")
    page.wait_for_selector("#gw-evaluation-set :text('questions.jsonl')", timeout=60_000)
    page.click("#gw-evaluate")
    page.wait_for_selector(".gw-evaluation", timeout=300_000)


# What each picture shows, and whether its page is dark.
FLOWS: Mapping[str, tuple[Callable[[Any], None], bool]] = {
    "chat": (chat, False),
    "chat-dark": (chat, True),
    "source": (source, False),
    "comparison": (comparison, False),
    "report": (report, False),
    "library": (library, False),
    "evaluation": (evaluation, False),
}


def _ask(page: Any, text: str, shown: str) -> None:  # noqa: ANN401
    page.fill("#gw-box textarea", text)
    page.keyboard.press("Enter")
    page.wait_for_selector(shown, timeout=120_000)


def _serve(index: Path | None) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "qa.cli", "app", "--port", str(port)]
    command += ["--index", str(index.resolve())] if index else []
    paths = os.environ | {"PYTHONPATH": str(HERE.parent), "GUIWEN_FEEDBACK": "feedback.jsonl"}
    server = subprocess.Popen(command, cwd=HERE.parent, env=paths, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/"
    while server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=30).close()
            return server, address
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the page could not be served")


def _shoot(page: Any, name: str, width: int) -> None:  # noqa: ANN401
    page.wait_for_timeout(600)
    path = HERE / f"{name}-{width}.png"
    page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(_COLOURS).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size // 1024} KB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[[], *FLOWS], help="all, if none is named")
    parser.add_argument("--index", type=Path)
    options = parser.parse_args()
    server, address = _serve(options.index)
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            for name in options.names or FLOWS:
                flow, dark = FLOWS[name]
                for width, height in WIDTHS.items():
                    page = browser.new_page(
                        viewport={"width": width, "height": height},
                        color_scheme="dark" if dark else "light",
                    )
                    page.goto(address, timeout=120_000)
                    page.wait_for_selector("#gw-box textarea", timeout=120_000)
                    flow(page)
                    _shoot(page, name, width)
                    page.close()
            browser.close()
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    main()
