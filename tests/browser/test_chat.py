"""The chat in a real browser: typed, answered, opened, refused; hostile text stays text."""

import json
from pathlib import Path
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


ASKED = "济南2025年城镇化率目标"
NO_WIDER = "() => document.documentElement.scrollWidth <= window.innerWidth"
SECOND = "document.querySelectorAll('.gw-refs').length === 2"


def _texts(page: Any, selector: str) -> list[str]:
    return [text.strip() for text in page.locator(selector).all_inner_texts()]


def test_a_chip_is_changed_and_lifted(page: Any, ask: Any) -> None:
    ask(page, ASKED, ".gw-next")
    assert _texts(page, ".gw-change") == ["济南市", "2025年", "常住人口城镇化率", "查数值"]
    page.click(".gw-change >> nth=0")
    page.wait_for_selector(".gw-offers")
    assert page.evaluate(NO_WIDER)
    # By the keyboard alone: from the search box to the last of four cities.
    page.keyboard.type("市")
    page.wait_for_function("document.querySelectorAll('.gw-offers button').length === 4")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "临沂市"
    page.keyboard.press("Enter")
    page.wait_for_function(SECOND, timeout=30_000)
    assert _texts(page, ".gw-changed") == ["地区 临沂市"]
    assert page.locator(".gw-statements").nth(1).inner_text().startswith("62%左右")
    # A question that follows builds on the one that was asked last.
    page.fill("#gw-box textarea", "那2035年呢？")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.gw-refs').length === 3", timeout=30_000)
    assert page.locator(".gw-statements").nth(2).inner_text().startswith("72%左右")
    page.locator(".gw-answer").nth(0).locator(".gw-lift").nth(0).click()
    page.wait_for_selector(".gw-none", timeout=30_000)
    assert "请写明要问哪个地区的常住人口城镇化率" in page.inner_text(".gw-none")


def test_a_menu_closes_by_escape_and_gives_the_focus_back(page: Any, ask: Any) -> None:
    ask(page, ASKED, ".gw-next")
    page.focus(".gw-change >> nth=1")
    page.keyboard.press("Enter")
    page.wait_for_selector(".gw-offers")
    page.keyboard.press("Escape")
    assert page.locator(".gw-pop").count() == 0
    assert page.evaluate("document.activeElement.textContent") == "2025年"


def test_a_suggested_question_is_answered(page: Any, ask: Any) -> None:
    ask(page, ASKED, ".gw-next")
    suggested = _texts(page, ".gw-follow")
    assert "临沂2025年常住人口城镇化率目标是多少" in suggested
    assert page.evaluate(NO_WIDER)
    page.click(".gw-follow >> nth=0")
    page.wait_for_function(SECOND, timeout=30_000)
    assert _texts(page, ".gw-asked")[1] == suggested[0]


def test_what_is_said_of_an_answer_is_kept_in_the_local_file(
    page: Any, ask: Any, feedback_file: Path
) -> None:
    before = len(feedback_file.read_bytes().splitlines()) if feedback_file.exists() else 0
    ask(page, ASKED, ".gw-judge")
    page.click(".gw-judge >> nth=1")
    page.fill(".gw-pop textarea", "口径<b>不同</b>")
    page.click(".gw-pop form button")
    page.wait_for_selector(".toast-body", timeout=20_000)
    assert str(feedback_file) in page.inner_text(".toast-body")
    assert page.get_attribute(".gw-judge >> nth=1", "aria-pressed") == "true"
    lines = feedback_file.read_text(encoding="utf-8").splitlines()[before:]
    (said,) = map(json.loads, lines)
    assert (said["verdict"], said["remark"]) == ("value", "口径<b>不同</b>")
    assert said["question"] == ASKED


def test_a_conversation_outlives_a_reload_is_listed_and_deleted(page: Any, ask: Any) -> None:
    ask(page, ASKED, ".gw-next")
    page.click(".gw-change >> nth=1")
    page.click(".gw-offers button >> nth=0")
    page.wait_for_function("document.querySelectorAll('.gw-asked').length === 2", timeout=30_000)
    page.wait_for_function("document.querySelectorAll('.gw-judging').length === 2")
    told = _texts(page, ".gw-statements")
    page.reload()
    page.wait_for_function("document.querySelectorAll('.gw-judging').length === 2", timeout=60_000)
    assert _texts(page, ".gw-statements") == told
    assert page.locator(".gw-changed").count() == 1
    page.click("#gw-new")
    page.wait_for_function("!document.querySelector('.gw-asked')")
    page.click(".gw-past")
    assert page.evaluate(NO_WIDER)
    assert page.inner_text(".gw-resume b") == ASKED
    page.click(".gw-resume")
    page.wait_for_function("document.querySelectorAll('.gw-judging').length === 2", timeout=30_000)
    page.click(".gw-past")
    page.click(".gw-discard")
    assert page.locator(".gw-resume").count() == 0
    assert "还没有对话" in page.inner_text(".gw-dialog[open]")
    page.keyboard.press("Escape")
    page.reload()
    page.wait_for_selector(".gw-welcome", timeout=60_000)
    assert page.locator(".gw-asked").count() == 0


def test_hostile_history_stays_text(page: Any, ask: Any) -> None:
    ask(page, "烟台<img src=x onerror=alert(1)>海洋牧场2025年达到多少个", ".gw-judging")
    page.click(".gw-past")
    assert "<img src=x" in page.inner_text(".gw-resume b")
    assert page.locator(".gw-dialog img, .gw-asked img").count() == 0
    page.evaluate(
        "() => { const key = Object.keys(localStorage).find((k) => k.startsWith('guiwen-chat-'));"
        " localStorage[key] = JSON.stringify({ title: 't', at: 1, count: 1, data: '{\"turns\": 5}' }); }"
    )
    page.keyboard.press("Escape")
    page.click(".gw-past")
    page.click(".gw-resume")
    page.wait_for_selector(".toast-body", timeout=20_000)
    assert "无法识别" in page.inner_text(".toast-body")


def test_the_keys_that_the_help_names(page: Any, ask: Any) -> None:
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.is_visible("#gw-help-text")
    assert _texts(page, "#gw-help-text dt") == [
        "Enter", "ShiftEnter", "CtrlK", "↑", "←→", "Esc", "?",
    ]  # fmt: skip
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.wait_for_function("document.activeElement.matches('#gw-box textarea')")
    page.keyboard.type("第一行")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("第二行")
    assert page.input_value("#gw-box textarea") == "第一行\n第二行"
    assert page.locator(".gw-asked").count() == 0
    page.dispatch_event(
        "#gw-box textarea", "keydown", {"key": "Enter", "isComposing": True, "bubbles": True}
    )
    page.wait_for_timeout(500)
    assert page.locator(".gw-asked").count() == 0, "Enter while composing sends nothing"
    ask(page, "城镇化率目标", ".gw-judging")
    page.focus("#gw-box textarea")
    page.wait_for_function("document.querySelector('#gw-box textarea').value === ''")
    page.keyboard.press("ArrowUp")
    assert page.input_value("#gw-box textarea") == "城镇化率目标"


def test_arrows_step_through_the_sources_and_escape_closes_them(page: Any, ask: Any) -> None:
    ask(page, "济南和临沂2025年城镇化率哪个高", ".gw-refs")
    page.click(".gw-ref >> nth=0")
    page.wait_for_selector(".gw-text mark", timeout=20_000)
    page.wait_for_function("document.querySelector('.gw-count').textContent.trim() === '1 / 2'")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.gw-count')?.textContent.trim() === '2 / 2'")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("document.querySelector('.gw-count')?.textContent.trim() === '1 / 2'")
    page.keyboard.press("Escape")
    page.wait_for_function("!document.querySelector('.gw-opened')")


def test_a_quotation_is_copied_after_the_standard(page: Any, ask: Any) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, ASKED, ".gw-cite")
    page.click(".gw-cite")
    page.wait_for_function("document.querySelector('.gw-cite').textContent === '已复制'")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“现代化强省会建设取得重大进展")
    assert "\n[1] " in copied
    assert "济南市新型城镇化规划" in copied


def test_light_or_dark_is_chosen_and_outlives_a_reload(page: Any) -> None:
    is_dark = "() => document.body.classList.contains('dark')"
    assert not page.evaluate(is_dark)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(is_dark)
    page.click(".gw-theme")
    page.wait_for_function(f"!({is_dark})()")
    page.reload()
    page.wait_for_selector("#gw-box textarea", timeout=60_000)
    assert not page.evaluate(is_dark)
    page.click(".gw-theme")
    page.emulate_media(color_scheme="light")
    assert page.evaluate(is_dark)


def test_the_english_page_speaks_english(page: Any, address: str, ask: Any) -> None:
    page.goto(f"{address}en/")
    page.wait_for_selector("#gw-box textarea", timeout=60_000)
    assert page.evaluate("document.documentElement.lang") == "en"
    ask(page, ASKED, ".gw-next")
    assert _texts(page, ".gw-limit b") == ["Region", "Time", "Indicator", "Intent"]
    assert _texts(page, ".gw-judge") == ["right", "wrong in its figure", "wrong in its source"]
    assert page.evaluate(NO_WIDER)
    page.click(".gw-past")
    assert "Conversations are kept in this browser only" in page.inner_text(".gw-dialog[open]")


def test_the_page_begins_before_its_scripts_and_loses_nothing(browser: Any, address: str) -> None:
    tab = browser.new_page()
    tab.route("**/assets/*.js", lambda route: (tab.wait_for_timeout(20), route.continue_()))
    tab.goto(address, wait_until="commit")
    tab.wait_for_selector("#gw-first textarea")
    tab.keyboard.type("先写好的问题")
    tab.wait_for_selector("#gw-box textarea", timeout=60_000)
    tab.wait_for_function("!document.querySelector('#gw-first')")
    tab.wait_for_function("document.querySelector('#gw-box textarea').value === '先写好的问题'")
    assert tab.evaluate("document.activeElement.matches('#gw-box textarea')")
    tab.close()


def test_an_empty_chat_tells_what_the_library_holds(page: Any) -> None:
    assert "6 份文件" in page.inner_text(".gw-welcome")
    page.click(".gw-example >> nth=0")
    page.wait_for_selector(".gw-refs", timeout=30_000)
    # Gradio's own button would clear the chat and leave the conversation behind it as it was.
    assert page.locator("#gw-chat .icon-button-wrapper:visible").count() == 0
