"""The evaluation in a real browser: a set run, two ways compared, a failure opened, bad sets told."""

import json
from pathlib import Path
from typing import Any

import pytest

from qa.library import QUESTIONS

TOO_WIDE = "() => document.documentElement.scrollWidth > window.innerWidth + 1"
FEW = QUESTIONS.read_text(encoding="utf-8").splitlines()[:8]
# One that must fail: a value that no document has.
WRONG = json.loads(FEW[0]) | {
    "id": "甲-1",
    "values": ["99%"],
    "question": "济南2025年城镇化率要到多少<i>",
}
SET = "\n".join([*FEW, json.dumps(WRONG, ensure_ascii=False)]).encode()
LATER = json.loads(FEW[0]) | {"id": "乙-1", "question": "那2035年呢？", "history": ["山东省2025年常住人口城镇化率"], "values": ["99%"]}  # fmt: skip


def given(page: Any, name: str, content: bytes) -> None:
    page.get_by_role("tab", name="评测").click()
    with page.expect_file_chooser() as chooser:
        page.click("#gw-evaluation-file")
    chooser.value.set_files({"name": name, "mimeType": "", "buffer": content})
    page.wait_for_selector(f"#gw-evaluation-set :text('{name}')", timeout=20_000)


def run(page: Any, shown: str) -> None:
    page.click("#gw-evaluate")
    page.wait_for_selector(shown, timeout=120_000)


def test_a_set_is_run_and_a_failure_is_asked_in_the_chat(page: Any) -> None:
    given(page, "题.jsonl", SET)
    run(page, ".gw-evaluation")
    assert "题.jsonl 9 题，其中文件没有写的 0 题" in page.inner_text(".gw-summary")
    # Every question is answerable: the recall of refusals cannot be computed.
    first = page.locator(".gw-table tbody tr").first.locator("td")
    assert first.nth(0).inner_text() == "9"
    assert first.nth(6).inner_text() == "无法计算"
    assert "nan" not in page.inner_text(".gw-evaluation").lower()
    button = page.locator(".gw-failures .gw-ask")
    assert button.count() == 1
    assert page.locator(".gw-failures i").count() == 0
    assert not page.evaluate(TOO_WIDE)
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#gw-chat .gw-refs", timeout=30_000)
    assert page.inner_text(".gw-asked") == "济南2025年城镇化率要到多少<i>"


def test_a_follow_up_is_opened_after_what_was_asked_before_it(page: Any) -> None:
    given(page, "追问.jsonl", json.dumps(LATER, ensure_ascii=False).encode())
    run(page, ".gw-evaluation")
    assert "只有一题" in page.inner_text(".gw-evaluation")
    page.click(".gw-failures .gw-ask")
    page.wait_for_function(
        "document.querySelectorAll('#gw-chat .gw-refs').length === 2", timeout=60_000
    )
    asked = page.locator(".gw-asked").all_inner_texts()
    assert asked == ["山东省2025年常住人口城镇化率", "那2035年呢？"]


def test_two_ways_are_compared_and_the_report_is_kept(page: Any) -> None:
    given(page, "题.jsonl", SET)
    page.click("#gw-ways button")
    page.check("#gw-both input")
    page.locator("#gw-way-b input").first.click()
    page.get_by_role("option", name="只用逐词语义").click()
    run(page, ".gw-evaluation")
    tables = page.locator(".gw-table")
    assert tables.count() == 2
    assert "校正后 p" in tables.nth(1).inner_text()
    assert tables.nth(1).locator("tbody tr").count() >= 5
    with page.expect_download(timeout=30_000) as download:
        page.click("#gw-evaluation-html")
    assert download.value.suggested_filename == "题-评测报告.html"
    html = Path(download.value.path()).read_text(encoding="utf-8")
    assert html.lstrip().lower().startswith("<!doctype html>")
    assert "now − then" in html


def test_a_run_of_the_built_in_set_can_be_stopped(page: Any) -> None:
    page.get_by_role("tab", name="评测").click()
    run(page, ".gw-progress")
    page.click("#gw-evaluation-stop")
    page.wait_for_selector("text=已停止，没有评测完", timeout=30_000)
    page.wait_for_timeout(1500)
    assert page.locator(".gw-progress, .gw-evaluation").count() == 0


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("坏.jsonl", b'{"id": "1", "question": ""}\nx\n', "第 2 行"),
        ("坏.csv", "编号,问题,文件,引文\n1,问,没有.txt,引\n1,问,没有.txt,引\n".encode(), "重复"),
        ("缺.csv", "编号,问题,文件,引文\n1,问,没有.txt,引\n".encode(), "不在索引中"),
        ("空.xlsx", b"", "空文件"),
        ("图.png", b"\x89PNG", "只能用"),
    ],
    ids=["lines", "twice", "unknown", "empty", "picture"],
)
def test_a_bad_set_is_told_with_its_lines(page: Any, name: str, content: bytes, told: str) -> None:
    given(page, name, content)
    run(page, "#gw-evaluation-tab .gw-problem")
    shown = page.inner_text("#gw-evaluation-tab .gw-problem")
    assert told in shown
    assert "/tmp" not in shown
    assert not page.evaluate(TOO_WIDE)
