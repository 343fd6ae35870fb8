from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Outline, Part, Span, label, normalise
from index.lines import split_lines, wrap_width
from index.outline import outline
from qa import library

BODY = "坚持以人民为中心的发展思想,把推进农业转移人口市民化作为新型城镇化的首要任务,持续提高城镇化质量和水平,让全体居民共享发展成果。"
SEEDS = sorted(library.SEEDS.glob("*.txt"))


def _paths(text: str) -> list[tuple[str, ...]]:
    return [section.path for section in outline(text).sections]


def _kinds(text: str) -> list[tuple[str, str]]:
    return [(part.kind, part.span.of(text)) for part in outline(text).parts]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("第一篇 总则", (5, "第一篇")),
        ("第二编 城市", (5, "第二编")),
        ("第三部分 保障", (5, "第三部分")),
        ("第一章 发展", (10, "第一章")),
        ("第12章 目标", (10, "第12章")),
        ("第一节 目标", (15, "第一节")),
        ("专栏1 指标", (12, "专栏1")),
        ("附件1:指标表", (5, "附件1:")),
        ("一、保障", (20, "一、")),
        ("十一、保障", (20, "十一、")),
        ("（一）目标", (30, "(一)")),
        ("1.目标", (40, "1.")),
        ("12、目标", (40, "12、")),
        ("(3)目标", (45, "(3)")),
        ("一是加快", (50, "一是")),
        ("一是否", None),
        ("第一章、第二章是背景", None),
        ("第一章至第九章", None),
        ("第一章", None),
        ("1.5倍", None),
        ("2025年目标", None),
        ("专栏目录", None),
        ("目标", None),
    ],
)
def test_labels_and_their_ranks(line: str, expected: tuple[int, str] | None) -> None:
    assert label(normalise(line).text) == expected


def test_a_circled_number_is_a_label() -> None:
    assert label(normalise("①加快建设").text) == (45, "①")


def test_all_numbered_kinds_nest_by_rank() -> None:
    lines = [
        "第一篇 总则", "第一章 基础", "第一节 成就", "一、经济", "(一)工业", "1.制造业", BODY,
        "(1)汽车", BODY, "2、服务业", BODY, "专栏1 重大工程", BODY, "第二章 目标", BODY,
        "附件1 指标表", BODY,
    ]  # fmt: skip
    first = ("第一篇 总则", "第一章 基础")
    inner = (*first, "第一节 成就", "一、经济", "(一)工业")
    assert _paths("\n".join(lines)) == [
        first[:1],
        first,
        inner[:3],
        inner[:4],
        inner,
        (*inner, "1.制造业"),
        (*inner, "1.制造业", "(1)汽车"),
        (*inner, "2、服务业"),
        (*inner, "2、服务业", "专栏1 重大工程"),
        ("第一篇 总则", "第二章 目标"),
        ("附件1 指标表",),
    ]


def test_a_section_runs_to_the_next_of_its_rank_or_further_out() -> None:
    text = f"第一章 基础\n一、经济\n{BODY}\n二、社会\n{BODY}\n第二章 目标\n{BODY}"
    chapter, one, two, last = outline(text).sections
    assert chapter.span == Span(0, text.index("第二章"))
    assert one.span == Span(text.index("一、"), text.index("二、"))
    assert two.span == Span(text.index("二、"), text.index("第二章"))
    assert last.span == Span(text.index("第二章"), len(text))
    assert one.heading.of(text) == "一、经济"


@pytest.mark.parametrize(
    ("start", "title"),
    [
        ("(一)提升功能。", "(一)提升功能"),
        ("——坚持创新。", "——坚持创新"),
        ("一是加快建设。", "一是加快建设"),
        ("有序推动更新。", "有序推动更新"),
        ("1.推进改造。", "1.推进改造"),
    ],
)
def test_a_short_first_sentence_is_a_run_in_heading(start: str, title: str) -> None:
    text = f"一、总体要求\n{start}{BODY}"
    assert _paths(text) == [("一、总体要求",), ("一、总体要求", title)]
    assert _kinds(text)[1:] == [("heading", start), ("body", BODY)]


@pytest.mark.parametrize(
    "start",
    [
        "到2025年,城镇化率达到78.5%。",
        "为什么呢?",
        "城镇化是现代化的必由之路也是最大的内需潜力所在。",
        "好。",
    ],
)
def test_other_first_sentences_are_text(start: str) -> None:
    assert _paths(f"一、总体要求\n{start}{BODY}") == [("一、总体要求",)]


def test_headings_of_press_articles_and_those_set_in_two_lines() -> None:
    text = f"某市规划\n{BODY * 2}\n优化空间布局\n完善城镇体系\n{BODY}\n加快转型\n{BODY}"
    assert _paths(text) == [("优化空间布局 完善城镇体系",), ("加快转型",)]
    assert outline(text).sections[0].heading.of(text) == "优化空间布局\n完善城镇体系"
    assert _kinds(text)[0] == ("metadata", "某市规划")


def test_named_headings_need_no_number() -> None:
    assert _paths(f"第一章 基础\n{BODY}\n结语\n{BODY}") == [("第一章 基础",), ("结语",)]


@pytest.mark.parametrize(
    "line",
    [
        "联系电话:123456",
        "2025年规划",
        "主要有三个方面:",
        "城镇化率78.5%,",
        "http://example.com/abc",
    ],
)
def test_short_lines_that_are_no_headings(line: str) -> None:
    assert _paths(f"第一章 基础\n{BODY}\n{line}\n{BODY}") == [("第一章 基础",)]


@pytest.mark.parametrize(
    "entries",
    [
        ["目录", "第一章 发展基础.........1", "一、指标……2", "第二章 主要目标 ... 13"],
        ["目 录", "第一章 发展基础", "一、指标", "第二章 主要目标"],
        ["目次", "第一章 发展基础  1", "一、指标  2", "第二章 主要目标  13"],
        ["第一章 发展基础·········1", "第二章 主要目标·········13"],
    ],
)
def test_a_contents_list_is_kept_apart_from_the_headings(entries: list[str]) -> None:
    body = ["第一章 发展基础", BODY, "一、指标", BODY, "第二章 主要目标", BODY]
    text = "\n".join(["某市规划", *entries, *body])
    assert [s for kind, s in _kinds(text) if kind == "contents"] == entries
    assert _paths(text) == [
        ("第一章 发展基础",), ("第一章 发展基础", "一、指标"), ("第二章 主要目标",)
    ]  # fmt: skip


def test_metadata_lines_and_front_matter() -> None:
    text = "\n".join(
        ["索引号: | 11370100 | 公开方式: | 主动公开 |", "各区县人民政府:", "甲市规划", "2022年7月",
         "第一章 基础", BODY, "(此件公开发布)", "来源:甲市日报"]
    )  # fmt: skip
    assert [kind for kind, _ in _kinds(text)] == [
        *["metadata"] * 4,
        "heading",
        "body",
        *["metadata"] * 2,
    ]


def test_wrapped_lines_become_one_paragraph_across_page_marks() -> None:
    signs = iter(range(0x4E00, 0x9F00))
    paragraphs = ["".join(chr(next(signs)) for _ in range(120)) + "。" for _ in range(8)]
    lines = ["第一章 发展基础"]
    for paragraph in paragraphs:
        lines += [paragraph[i : i + 28] for i in range(0, len(paragraph), 28)]
    lines.insert(3, "- 7 -")
    text = "\n".join(lines)
    assert wrap_width(split_lines(text)) == 28
    found = outline(text)
    assert found.wrapped
    bodies = [normalise(p.span.of(text)).text for p in found.parts if p.kind == "body"]
    assert len(bodies) == 8
    assert bodies[1:] == [normalise(paragraph).text for paragraph in paragraphs[1:]]
    assert bodies[0] == normalise(paragraphs[0][:56] + "- 7 -" + paragraphs[0][56:]).text
    assert [p.span.of(text) for p in found.parts if p.kind == "chrome"] == ["- 7 -"]


def test_a_wrapped_heading_is_joined() -> None:
    signs = iter(range(0x4E00, 0x9F00))
    paragraphs = ["".join(chr(next(signs)) for _ in range(120)) + "。" for _ in range(8)]
    lines = [p[i : i + 28] for p in paragraphs for i in range(0, len(p), 28)]
    title = "第一章 深入推进绿色城镇化全力建设美丽宜居泉城加快形成绿色低碳的生产方式"
    text = "\n".join([title[:28], title[28:], *lines])
    assert _paths(text) == [(title,)]


@pytest.mark.parametrize("text", ["", " \n ", "。", "\x00", BODY, "a" * 5000, "一、\n二、\n三、"])
def test_texts_without_headings_have_no_sections(text: str) -> None:
    assert outline(text).sections == ()


def _check(text: str, found: Outline) -> None:
    parts = sorted((p.span for p in found.parts if p.kind != "chrome"), key=lambda s: s.start)
    for one, other in pairwise(parts):
        assert one.end <= other.start
    covered = {i for p in found.parts for i in range(p.span.start, p.span.end)}
    # Part borders are those of lines without their blanks.
    assert not "".join(c for i, c in enumerate(text) if i not in covered).strip()
    for section in found.sections:
        assert section.span.covers(section.heading)
        assert section.path[-1] == section.title
        assert section.level == len(section.path)


LINES = st.lists(
    st.sampled_from(
        ["第一章 基础", "第二章 目标", "一、经济", "(一)工业", "1.制造业", "——坚持创新。" + BODY,
         "目录", "第一章 基础....1", "- 3 -", "分享", "来源:日报", "优化布局", BODY, "", "\r", "甲。"]
    ),
    max_size=14,
).map("\n".join)  # fmt: skip


@given(LINES | st.text(max_size=60))
def test_parts_cover_all_ink_once_and_sections_hold_their_headings(text: str) -> None:
    _check(text, outline(text))


def _line(text: str, part: Part) -> str:
    shown = part.span.of(text).replace("\n", "⏎")
    return f"{part.kind} [{part.span.start}, {part.span.end}) {shown[:24]}"


@pytest.mark.parametrize("path", SEEDS, ids=lambda p: p.name[:3])
def test_the_outlines_of_the_seeds(path: Path, golden: object) -> None:
    text = path.read_text(encoding="utf-8")
    found = outline(text)
    _check(text, found)
    lines = [f"{'  ' * (s.level - 1)}{s.title}" for s in found.sections]
    lines += ["", *(_line(text, p) for p in found.parts)]
    golden(f"outline-{path.name[:3]}.txt", "\n".join(lines) + "\n")  # type: ignore[operator]
