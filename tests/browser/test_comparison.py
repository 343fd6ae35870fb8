"""The comparison in a real browser: chosen, opened, read back from its files; at both widths."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

RATE = "常住人口城镇化率"
CHOSEN = "[role='option'][aria-selected='true']"
TOO_WIDE = "() => document.documentElement.scrollWidth > window.innerWidth + 1"


@pytest.fixture
def board(page: Any) -> Any:
    """The page with the comparison open and its examples offered."""
    page.click("#gw-comparison-tab-button")
    page.wait_for_selector(".gw-ready", timeout=30_000)
    return page


def choose(
    page: Any, field: str, typed: str, until: str = "[role='option'][aria-selected='true']"
) -> None:
    page.fill(f"#gw-typed-{field}", typed)
    page.wait_for_selector(f"[data-kind='{field}'] {until}", timeout=20_000)


def figures(page: Any) -> list[str]:
    page.wait_for_selector(".gw-board[aria-busy='false'] .gw-figure", timeout=20_000)
    return [text.strip() for text in page.locator(".gw-figure b").all_inner_texts()]


def test_an_empty_comparison_offers_three_that_work(board: Any) -> None:
    assert board.locator(".gw-ready").count() == 3
    for at, count in ((0, 3), (1, 4), (2, 2)):
        board.locator(".gw-ready").nth(at).click()
        assert len(figures(board)) == count
        board.click(".gw-clear")
        board.wait_for_selector(".gw-ready")


def test_typed_chosen_by_keys_and_opened_in_its_source(board: Any) -> None:
    choose(board, "indicators", "城镇化")
    assert RATE in board.inner_text(CHOSEN)
    board.keyboard.press("Enter")
    assert sorted(figures(board)) == sorted(
        ["68%左右", "75%左右", "73.5%", "78.5%以上", "77%", "62%左右", "72%左右"]
    )
    choose(board, "regions", "济南")
    board.keyboard.press("Enter")
    board.wait_for_function("document.querySelectorAll('.gw-figure').length === 2")
    assert figures(board) == ["73.5%", "78.5%以上"]
    board.click(".gw-figure:has-text('78.5%以上')")
    board.wait_for_selector(".gw-text mark", timeout=20_000)
    assert "提高到78.5%以上和65%左右" in board.inner_text(".gw-text mark")
    assert board.inner_text(".gw-count") == "2 / 2"
    board.click(".gw-step[value='-1']")
    board.wait_for_function("document.querySelector('.gw-text mark').innerText.includes('73.5%')")
    assert not board.evaluate(TOO_WIDE)


def test_arrows_move_through_the_offers_and_escape_leaves_them(board: Any) -> None:
    choose(board, "indicators", "率")
    first = board.inner_text(CHOSEN)
    board.keyboard.press("ArrowDown")
    assert board.inner_text(CHOSEN) != first
    active = board.get_attribute("#gw-typed-indicators", "aria-activedescendant")
    assert board.get_attribute(f"#{active}", "aria-selected") == "true"
    board.keyboard.press("Escape")
    assert board.locator("#gw-offers-indicators").is_hidden()
    assert board.locator(".gw-chip").count() == 0


def test_what_is_not_there_is_told_with_the_nearest(board: Any) -> None:
    choose(board, "indicators", "城镇再生水率", ".gw-offer-note")
    assert "最接近的是" in board.inner_text(".gw-offer-note")
    assert "城镇再生水利用率" in board.inner_text("#gw-offers-indicators")
    board.keyboard.press("Enter")
    board.wait_for_timeout(500)
    assert board.locator(".gw-chip").count() == 0
    for field, typed, told in (
        ("indicators", "qqq", "qqq"),
        ("years", "明年", "四位数的年份"),
        ("regions", "济难", "济南"),
    ):
        choose(board, field, typed, f".gw-offer-note:has-text('{told}')")


def test_rows_and_columns_change_places_and_empty_cells_say_so(board: Any) -> None:
    board.locator(".gw-ready").nth(0).click()
    figures(board)
    assert board.locator("tbody th[scope='row']").all_inner_texts() == [
        "山东省",
        "济南市",
        "临沂市",
    ]
    board.click(".gw-rows[value='years']")
    board.wait_for_function("document.querySelectorAll('tbody th[scope=row]').length === 1")
    assert board.locator("thead th").all_inner_texts() == ["年份", "山东省", "济南市", "临沂市"]
    choose(board, "years", "2035")
    board.keyboard.press("Enter")
    board.wait_for_selector("td.gw-empty")
    assert board.locator("td.gw-empty").all_inner_texts() == ["未载明"]


def test_the_chart_fits_and_names_its_marks(board: Any) -> None:
    board.locator(".gw-ready").nth(0).click()
    figures(board)
    shown = board.locator(".gw-chart svg:visible")
    assert shown.count() == 1
    box = shown.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= board.viewport_size["width"]
    words = shown.text_content()
    for word in ("目标", "不低于", "约", "78.5%以上"):
        assert word in words


def downloaded(page: Any, kind: str) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        page.click(f".gw-file[value='{kind}']")
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_the_files_hold_what_the_table_shows(board: Any) -> None:
    board.locator(".gw-ready").nth(0).click()
    assert figures(board) == ["68%左右", "78.5%以上", "62%左右"]
    name, data = downloaded(board, "csv")
    assert name == f"对照表-{RATE}.csv"
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [(row["地区"], row["数值"], row["界限"]) for row in rows] == [
        ("山东省", "68", "约"), ("济南市", "78.5", "不低于"), ("临沂市", "62", "约"),
    ]  # fmt: skip
    name, data = downloaded(board, "xlsx")
    table, sources, _ = load_workbook(io.BytesIO(data)).worksheets
    assert [table.cell(row, 3).value for row in (2, 3, 4)] == [68, 78.5, 62]
    assert sources.max_row == 4
    name, data = downloaded(board, "png")
    assert name.endswith(".png")
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(data[16:20], "big") == 2 * (760 + 32)
    assert len(data) > 10_000


def test_what_the_page_is_sent_by_hand_is_refused_in_plain_words(board: Any) -> None:
    asked = {"indicators": ["<img src=x onerror=alert(1)>"]}
    board.evaluate(
        """(value) => {
          const button = document.createElement('button');
          button.className = 'gw-to-comparison';
          button.value = value;
          document.body.append(button);
          button.click();
        }""",
        json.dumps(asked),
    )
    board.wait_for_selector(".gw-board .gw-problem", timeout=20_000)
    told = board.inner_text(".gw-board .gw-problem")
    assert "<img src=x onerror=alert(1)>" in told
    assert board.locator(".gw-compare img").count() == 0


def test_a_lost_connection_is_told(board: Any) -> None:
    board.route(re.compile("component_server"), lambda route: route.abort())
    board.locator(".gw-ready").nth(0).click()
    board.wait_for_selector(".gw-board .gw-problem", timeout=20_000)
    assert "连接中断" in board.inner_text(".gw-board .gw-problem")
    board.unroute(re.compile("component_server"))
    board.click(".gw-rows[value='years']")
    assert len(figures(board)) == 3


def test_the_comparison_speaks_english(browser: Any, address: str) -> None:
    tab = browser.new_page(viewport={"width": 1440, "height": 900})
    tab.goto(address + "en")
    tab.click("#gw-comparison-tab-button", timeout=60_000)
    tab.wait_for_selector(".gw-ready", timeout=30_000)
    assert tab.inner_text("label[for='gw-typed-indicators']") == "Indicator"
    tab.locator(".gw-ready").nth(0).click()
    tab.wait_for_selector(".gw-figure")
    assert "Target" in tab.locator(".gw-figure").first.inner_text()
    tab.close()


def test_an_answer_of_the_chat_is_opened_as_a_table(page: Any, ask: Any) -> None:
    ask(page, "济南和临沂2025年常住人口城镇化率哪个高", ".gw-to-comparison")
    page.click("#gw-chat .gw-to-comparison")
    page.wait_for_selector(".gw-compare .gw-board-head", timeout=30_000)
    told = page.inner_text(".gw-compare")
    assert "78.5%以上" in told
    assert "62%左右" in told
