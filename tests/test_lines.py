import pytest

from index import Span
from index.lines import Line, chrome, split_lines, wrap_width

PROSE = "坚持以人民为中心的发展思想,把推进农业转移人口市民化作为新型城镇化的首要任务,持续提高城镇化质量。"
# Sixty characters that no line repeats: the code points themselves.
SIGNS = "".join(chr(code) for code in range(0x4E00, 0x9F00))


def _verdict(*texts: str) -> list[bool]:
    return chrome(split_lines("\n".join(texts)))


def wrapped(width: int, paragraphs: int, length: int) -> str:
    """Paragraphs of ``length`` different characters, broken every ``width``."""
    lines = []
    for number in range(paragraphs):
        text = SIGNS[number * length : (number + 1) * length - 1] + "。"
        lines += [text[i : i + width] for i in range(0, length, width)]
    return "\n".join(lines)


def test_lines_end_at_any_line_break_and_know_the_blank_before_them() -> None:
    assert split_lines("甲\n\n乙 \r\n  丙\r丁") == [
        Line(Span(0, 1), "甲", True),
        Line(Span(3, 4), "乙", True),
        Line(Span(9, 10), "丙", False),
        Line(Span(11, 12), "丁", False),
    ]


@pytest.mark.parametrize("text", ["", " ", "\n\r\n\n", "\u3000\t\n"])
def test_a_blank_text_has_no_lines(text: str) -> None:
    assert split_lines(text) == []


def test_a_line_carries_its_search_text() -> None:
    (line,) = split_lines("  歷城區(qū)，, \n")
    assert line == Line(Span(2, 11), "历城区,", True)


@pytest.mark.parametrize(
    "text",
    [
        "12",
        "- 12 -",
        "—12—",
        "－ 3 －",
        "第3页",
        "第 3 页 共 20 页",
        "12/50",
        "Page 3 of 20",
        "字號(hào):",
        "字号:大中小",
        "大 中 小",
        "【字体:",
        "分享到",
        "打印本页",
        "关闭窗口",
        "返回顶部",
        "上一篇:无",
        "扫码浏览",
        "掃碼使用手機(jī)瀏覽本頁內(nèi)容",
        "版权所有 © 2022 山东省人民政府",
        "鲁ICP备09023866号-50",
        "承办单位:大数据局",
        "转载请注明:http://example.com",
        "当前位置:首页 > 公开",
        "责任编辑:张三",
        "浏览次数:100",
        "- 相关阅读",
    ],
)
def test_page_marks_and_web_controls_are_furniture(text: str) -> None:
    assert _verdict(PROSE, text, PROSE) == [False, True, False]


@pytest.mark.parametrize(
    "text", ["2025年", "12345", "78.5%", "大中城市", "一、发展基础", "目录", "济南市人民政府"]
)
def test_what_only_resembles_furniture_is_text(text: str) -> None:
    assert _verdict(PROSE, text, PROSE) == [False, False, False]


def test_after_the_last_prose_a_web_tail_is_furniture_to_the_end() -> None:
    assert _verdict("标题", PROSE, "青岛市发展和改革委员会", "相关阅读", "别的新闻", "电话123") == [
        False, False, False, True, True, True
    ]  # fmt: skip


def test_a_tail_word_before_prose_cuts_nothing() -> None:
    assert _verdict("分享", PROSE, PROSE) == [True, False, False]


def test_running_heads_are_furniture_from_the_fourth_time() -> None:
    head = "济南市新型城镇化规划"
    assert _verdict(*[head, PROSE] * 3) == [False] * 6
    assert _verdict(*[head, PROSE] * 4) == [True, False] * 4


def test_a_repeated_sentence_is_no_running_head() -> None:
    assert _verdict(*["责任单位另行通知。"] * 6) == [False] * 6


def test_source_comments_count_at_the_top_only() -> None:
    assert _verdict("# title: 甲市规划", PROSE)[0] is True
    assert _verdict(*[PROSE] * 12, "# title: 甲市规划")[12] is False


@pytest.mark.parametrize("width", [20, 28, 40])
def test_wrap_width_is_the_width_of_full_lines(width: int) -> None:
    assert wrap_width(split_lines(wrapped(width, 10, 4 * width + width // 2))) == width


def test_few_lines_and_unwrapped_paragraphs_have_no_width() -> None:
    assert wrap_width(split_lines(wrapped(28, 2, 100))) == 0
    assert wrap_width(split_lines("\n".join([PROSE] * 40))) == 0
