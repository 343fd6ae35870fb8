"""The chat in a real browser: typed, answered, opened, refused; hostile text stays text."""

from typing import Any

import pytest


def test_a_question_is_answered_and_its_source_opened_in_place(page: Any, ask: Any) -> None:
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


def test_a_follow_up_keeps_what_it_does_not_change(page: Any, ask: Any) -> None:
    ask(page, "山东省2025年常住人口城镇化率", ".gw-refs")
    page.fill("#gw-box textarea", "那2035年呢？")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.gw-refs').length === 2", timeout=30_000)
    assert page.locator(".gw-statements").nth(1).locator("p").first.inner_text().startswith("75%")


def test_what_the_plans_do_not_say_is_refused_with_a_reason(page: Any, ask: Any) -> None:
    ask(page, "济南2035年常住人口城镇化率目标", ".gw-none")
    told = page.inner_text(".gw-none")
    assert "未找到依据" in told
    assert "2025年目标78.5%以上" in told
    assert page.locator(".gw-passages li").count() >= 3


def test_hostile_text_is_shown_as_text(page: Any, ask: Any) -> None:
    ask(page, "烟台海洋牧场2025年达到多少个", ".gw-refs")
    assert "88个" in page.inner_text(".gw-statements")
    page.click(".gw-mark")
    page.wait_for_selector(".gw-text mark", timeout=20_000)
    assert "<script>alert('x')</script>" in page.inner_text(".gw-text")
    assert "**加粗**" in page.inner_text(".gw-text")
    assert page.locator(".gw-text script, .gw-text img, .gw-answer script").count() == 0


@pytest.mark.parametrize("text", ["", "城" * 10_000], ids=["empty", "long"])
def test_wrong_input_is_told_in_plain_words(page: Any, ask: Any, text: str) -> None:
    ask(page, text, ".gw-problem")
    told = page.inner_text(".gw-problem")
    assert "问题" in told
    assert "Traceback" not in told
