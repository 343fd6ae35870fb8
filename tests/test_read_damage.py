"""Damage that fuzzing found: each file is read or refused in the reader's own words, in time."""

import io
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from index import Document, SourceError, Span, contents
from index.around import Around
from index.cohesion import _alike, _cosine, _depths
from index.documents import Section, Table
from index.figure_sentence import _CLOSE_JOINT, _JOINT, read_sentence
from index.figure_table_rows import _outside
from index.figure_tables import _row_matches
from index.headings import Heading
from index.indicators import _SENTENCE, indicators
from index.labels import BOX_RANK
from index.lines import split_lines
from index.nesting import nest
from index.outline import outline
from index.paragraphs import _Entries
from index.read import html, markdown, pdf_columns, pdf_lines, read_sources, workbook
from index.read.pdf_glyphs import Character
from index.tables import of, reading
from tests.office_files import TEXT, word
from tests.office_files import workbook as workbook_of

Source = Callable[..., Path]


def changed(data: bytes, part: str, old: str, new: str) -> bytes:
    """An Office file with ``old`` replaced in one part, where it must stand."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == part:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            after.writestr(name, content)
    return out.getvalue()


def test_a_relation_without_a_type_is_passed_over(source: Source) -> None:
    kind = 'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme" '
    data = changed(word(), "word/_rels/document.xml.rels", kind, "")
    (document,) = read_sources([source({"a.docx": data})]).documents
    assert document.text == TEXT + "\n"


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("word/_rels/document.xml.rels", 'Target="theme/theme1.xml"', ""),
        ("[Content_Types].xml", "wordprocessingml.styles+xml", "wordprocessingml.x+xml"),
        ("word/document.xml", "encoding='UTF-8'", "encoding='UTF--1'"),
    ],
)
def test_parts_of_a_word_file_that_contradict_each_other_are_damage(
    part: str, old: str, new: str, source: Source
) -> None:
    with pytest.raises(SourceError, match=r"a\.docx”不完整或已损坏"):
        read_sources([source({"a.docx": changed(word(), part, old, new)})])


def test_a_cell_of_a_format_that_is_not_defined_is_damage(source: Source) -> None:
    data = changed(workbook_of(), "xl/styles.xml", 'numFmtId="0"', 'numFmtId="999"')
    with pytest.raises(
        SourceError, match=r"a\.xlsx”不完整或已损坏：工作表“Sheet”用到没有定义的格式"
    ):
        read_sources([source({"a.xlsx": data})])


def test_glyphs_too_small_to_see_are_not_read(source: Source) -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    for y in range(600, 720, 20):
        canvas.setFont("Helvetica", 0.02)
        canvas.drawString(72, y + 10, "unseen")
        canvas.setFont("Helvetica", 12)
        canvas.drawString(72, y, "78.5% by 2025")
    canvas.save()
    (document,) = read_sources([source({"a.pdf": out.getvalue()})]).documents
    assert "unseen" not in document.text
    assert document.text.count("78.5% by 2025") == 6


def test_a_value_that_reaches_into_the_row_below_is_the_figure_of_both(source: Source) -> None:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (
        ["指标", "2020年", "2025年"],
        ["甲区绿化率（%）", 41.5, 45],
        ["乙区绿化率（%）", None, 46],
    ):
        book.active.append(row)
    book.active.merge_cells("B2:B3")
    book.save(out)
    (one,) = read_sources([source({"a.xlsx": out.getvalue()})]).documents
    found = indicators(one, outline(one.text, one.layout))
    assert {(f.surface, f.year, f.value, f.span.of(one.text)) for f in found} == {
        ("甲区绿化率", 2020, 41.5, "41.5"),
        ("甲区绿化率", 2025, 45, "45"),
        ("乙区绿化率", 2020, 41.5, "41.5"),
        ("乙区绿化率", 2025, 46, "46"),
    }
    first, second = "| 甲区绿化率（%） | 41.5 | 45 |", "| 乙区绿化率（%） | 46 |"
    assert {(f.surface, f.sentence.of(one.text)) for f in found} == {
        ("甲区绿化率", first),
        ("乙区绿化率", f"{first}\n{second}"),
    }


# Time in proportion to length


@given(st.text("甲，、。!?”) 1%", max_size=60).map(lambda text: text * 120))
def test_sentences_cover_the_text_and_are_never_long(text: str) -> None:
    found = [match.group() for match in _SENTENCE.finditer(text)]
    assert "".join(found) == text
    assert max(map(len, found)) <= 2000 + 1 + len("”)") * 120 * 60
    assert all(len(one.rstrip("。!?”) ")) <= 2001 for one in found)


def test_a_number_at_the_cut_of_a_long_sentence_is_whole(document: Callable[..., Document]) -> None:
    text = "，".join(f"第{i}区常住人口城镇化率达到{i % 90 + 10}.25%" for i in range(400)) + "。"
    one = document(text)
    found = indicators(one, outline(text))
    assert [figure.value for figure in found] == [i % 90 + 10.25 for i in range(400)]


def test_no_table_is_hashed_for_its_rows(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "\n".join(f"第{i}项完成率（%）,{i}.5" for i in range(30))
    (one,) = read_sources([source({"a.csv": f"指标,2025年\n{rows}\n"})]).documents
    (table,) = of(one)
    monkeypatch.setattr(Table, "__hash__", None)
    assert reading(one, Span(table.rows[4].start + 2, table.rows[6].start)) == (
        "第3项完成率:2025年3.5%\n第4项完成率:2025年4.5%"
    )
    assert reading(one, table.span).count("\n") == 29


@given(st.lists(st.integers(0, 3).map(lambda n: n / 4), max_size=30))
def test_depths_are_those_of_climbing_from_each_border(alike: list[float]) -> None:
    def climb(value: float, others: list[float]) -> float:
        for other in others:
            if other < value:
                break
            value = other
        return value

    assert _depths(alike) == [
        (climb(value, alike[:i][::-1]) - value) + (climb(value, alike[i + 1 :]) - value)
        for i, value in enumerate(alike)
    ]


@given(
    st.lists(st.tuples(st.integers(1, 700), st.text("甲乙丙", max_size=4)), min_size=2, max_size=20)
)
def test_windows_that_slide_hold_what_windows_made_anew_do(given: list[tuple[int, str]]) -> None:
    body, counts, at = [], [], 0
    for length, letters in given:
        body.append(Span(at, at + length))
        counts.append(Counter(letters))
        at += length + 1
    expected = []
    for border in range(1, len(body)):
        before, after = Counter[str](), Counter[str]()
        for index in range(border - 1, -1, -1):
            before.update(counts[index])
            if body[border].start - body[index].start >= 600:
                break
        for index in range(border, len(body)):
            after.update(counts[index])
            if body[index].end - body[border].start >= 600:
                break
        expected.append(_cosine(before, after))
    assert _alike(body, counts) == expected


def test_a_passage_of_a_long_row_tells_its_own_cells(source: Source) -> None:
    years = ",".join(f"{year}年" for year in range(2001, 2091))
    values = ",".join(f"{year}.5" for year in range(90))
    (one,) = read_sources([source({"a.csv": f"指标,{years}\n城镇化率（%）,{values}\n"})]).documents
    (table,) = of(one)
    start = one.text.index("41.5")
    assert reading(one, Span(start, one.text.index("44.5"))) == (
        "城镇化率:2042年41.5%,2043年42.5%,2044年43.5%"
    )
    assert reading(one, table.rows[1]).count("年") == 90


def test_a_passage_of_a_long_cell_tells_its_own_part_of_it(source: Source) -> None:
    words = [f"第{n}项任务由有关部门负责" for n in range(200)]
    for row in (f"甲,{'、'.join(words)},45", f"{'、'.join(words)},甲,45"):
        data = f"名称,措施,2025年\n{row}\n乙,丙,46\n"
        (one,) = read_sources([source({"a.csv": data})]).documents
        (table,) = of(one)
        start, end = one.text.index(words[80]), one.text.index(words[90])
        told = reading(one, Span(start, end))
        assert [word for word in words if word in told] == words[80:90]
        assert reading(one, table.rows[2]) == "乙:措施丙,2025年46"
        beside = reading(one, Span(table.rows[1].end - 4, table.rows[1].end))
        assert beside.startswith("甲:2025年45" if row[0] == "甲" else "第0项任务")
        assert len(beside) < 420


def test_the_sections_around_a_place_are_those_that_hold_it() -> None:
    starts = range(0, 3000, 10)
    outer = [Section("章", ("章",), Span(n, n + 1), Span(n, n + 30)) for n in starts[::3]]
    inner = [Section("节", ("章", "节"), Span(n, n + 1), Span(n, n + 10)) for n in starts]
    sections = sorted((*outer, *inner), key=lambda s: (s.span.start, s.level))
    around = Around(sections)
    for place in (5, 17, 2000, 2001, 2999, 3000):
        held = tuple(s for s in sections if s.span.start <= place < s.span.end)
        assert around.at(place) == held
        assert len(held) == (2 if place < 3000 else 0)


def test_a_long_run_of_dots_is_no_contents_list() -> None:
    text = f"目录\n第一章 总则……1\n第一章 总则\n甲{'.' * 300_000}乙丙。\n"
    parts = {part.kind for part in outline(text).parts if part.span.end > 200_000}
    assert "contents" not in parts


def test_markdown_is_not_read_inside_its_lines(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    from markdown_it.parser_inline import ParserInline

    def unwanted(*_: object) -> None:
        raise AssertionError("time that grows with the square of the brackets")

    monkeypatch.setattr(ParserInline, "parse", unwanted)
    data = f"# 规划\n\n## 总则\n\n{TEXT}{'[' * 200}\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n".encode()
    extract = markdown.read(data, Path("a.md"))
    assert extract.layout is not None
    assert [hint.span.of(extract.text) for hint in extract.layout.headings] == ["总则"]
    assert [c.span.of(extract.text) for c in extract.layout.tables[0].cells] == list("甲乙12")


def test_a_paragraph_set_as_a_heading_is_no_heading() -> None:
    for read, page in (
        (markdown.read, f"## 总则\n\n# {'甲' * 201}\n\n## {'乙' * 200}\n"),
        (html.read, f"<h2>总则</h2><h1>{'甲' * 201}</h1><h2>{'乙' * 200}</h2>"),
    ):
        extract = read(page.encode(), Path("a"))
        assert extract.layout is not None
        headings = [hint.span.of(extract.text) for hint in extract.layout.headings]
        assert headings == ["总则", "乙" * 200]
        assert extract.layout.title == ""


def test_a_page_of_many_blocks_has_no_second_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    import trafilatura

    asked: list[bool] = []
    extract = trafilatura.extract

    def heard(page: str, *, fast: bool, **given: object) -> object:
        asked.append(fast)
        return extract(page, fast=fast, **given)

    monkeypatch.setattr(trafilatura, "extract", heard)
    monkeypatch.setattr(html, "_MANY_BLOCKS", 20)
    for many in (2, 30):
        page = f"<html><body><article>{f'<p>{TEXT}</p>' * many}</article></body></html>"
        read = html.read(page.encode(), Path("a.html"))
        assert read.text == f"{TEXT}\n" * many
    assert asked == [False, True]


def test_text_in_many_pieces_is_one_block() -> None:
    page = f"<html><body><p>{'甲<b>乙</b>' * 300}</p></body></html>"
    assert html.read(page.encode(), Path("a.html")).text == "甲乙" * 300 + "\n"


def test_glyphs_far_off_the_page_do_not_make_the_search_for_columns_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[float] = []
    monkeypatch.setattr(pdf_columns, "_crossing", lambda _found, at, *_: asked.append(at))
    boxes = [(0.0, 12.0 * n, 90_000.0 if n else 100.0, 12.0 * n + 10) for n in range(10)]
    pdf_columns._gutter([pdf_lines.Line([Character("甲", b, 10, bold=False)], 1) for b in boxes])
    assert 199 <= len(asked) <= 201
    assert asked[0] == 22_500


def test_many_contents_lists_are_looked_at_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    entry = contents._entry
    monkeypatch.setattr(contents, "_entry", lambda search: asked.append(search) or entry(search))
    lines = split_lines("目录\n第一章 总则……1\n甲乙\n第一章 总则\n甲乙丙丁，戊己。\n" * 50)
    marks = contents.mark(lines, [False] * len(lines))
    assert len(asked) == len(lines) == 250
    assert marks[:5] == [True, True, True, False, False]


@given(st.text("12、和,万元个以及甲。", max_size=60))
def test_runs_of_values_are_those_of_going_on_from_each(text: str) -> None:
    one = read_sentence(text)
    for close, joint in ((False, _JOINT), (True, _CLOSE_JOINT)):
        for index in range(len(one.values)):
            end = index + 1
            while end < len(one.values) and joint.fullmatch(one.gap(end)):
                end += 1
            assert one.run(index, close=close) == one.values[index:end]


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), max_size=8)


@given(st.text("甲\n", max_size=60), SPANS)
def test_lines_outside_tables_are_those_that_overlap_none(
    text: str, given: list[tuple[int, int]]
) -> None:
    spans, lines = [Span(at, at + length) for at, length in given], split_lines(text)
    assert _outside(lines, spans) == [
        line for line in lines if not any(span.overlaps(line.span) for span in spans)
    ]


def test_a_row_is_looked_for_at_the_end_of_a_long_line(
    document: Callable[..., Document],
) -> None:
    row = "1 绿化率 (%) 41.5 45 约束性"
    one = document(f"主要指标 2020年 2025年 属性\n{'7 甲乙 (%) ' * 30_000}\n{row}\n")
    found = indicators(one, outline(one.text))
    assert [(f.surface, f.year, f.value) for f in found] == [
        ("绿化率", 2020, 41.5),
        ("绿化率", 2025, 45),
    ]
    starts = [match.start() for match in _row_matches("7 甲乙 (%) 1 " * 1000)]
    assert len(starts) > 100
    assert min(starts) >= 11_000 - 2000 - 1


@given(st.lists(st.sampled_from([0, 10, 20, 30, 40, BOX_RANK]), max_size=30), st.integers(0, 30))
def test_a_section_ends_where_the_next_has_another_in_its_place(
    ranks: list[int], turn: int
) -> None:
    found = [Heading(rank, f"题{n}", Span(10 * n, 10 * n + 5)) for n, rank in enumerate(ranks)]
    sections = nest(found, 1000)
    assert [section.title for section in sections] == [heading.title for heading in found]
    for number, section in enumerate(sections):
        place = len(section.path) - 1
        closing = [
            later.heading.start
            for later in sections[number + 1 :]
            if later.path[place : place + 1] != (section.title,)
        ]
        assert section.span == Span(10 * number, [*closing, 1000][0])
    for section in nest(found, 1000, [10 * turn + 7]):
        # A turn closes what is below the main headings.
        inner = section.span.start < 10 * turn + 7 < section.span.end
        rank = ranks[section.span.start // 10]
        assert not (inner and rank > 20)


@given(
    st.frozensets(st.text("甲乙", max_size=5)),
    st.text("甲乙", max_size=4),
    st.text("甲乙", max_size=4),
)
def test_titles_are_found_by_their_beginnings(
    titles: frozenset[str], before: str, after: str
) -> None:
    whole, entries = before + after, _Entries(titles)
    assert entries.begins(whole, len(before) + 1) == any(
        whole.startswith(title) for title in titles if before < title
    )
    assert entries.goes_on(whole) == any(title.startswith(whole) for title in titles)
    assert (whole in entries, bool(entries)) == (whole in titles, bool(titles))


# Workbooks that reach far


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('ref="A1:B2"', 'ref="A1:XFD1048576"'),
        ("</sheetData>", '</sheetData><mergeCells><mergeCell ref="A3:XFD1048576"/></mergeCells>'),
        ("</sheetData>", '</sheetData><mergeCells><mergeCell ref="B2:B1048576"/></mergeCells>'),
        ("</sheetData>", "".join(f'<row r="{n}"/>' for n in range(3, 60_000)) + "</sheetData>"),
        ("</sheetData>", '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'),
        ("</sheetData>", '</sheetData><hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks>'),
    ],
    ids=["dimension", "sheet merged", "column merged", "rows", "last cell", "link"],
)
def test_a_sheet_that_declares_more_than_it_holds_is_read(
    old: str, new: str, source: Source
) -> None:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["指标", "2025年"], ["绿化率（%）", 45]):
        book.active.append(row)
    book.save(out)
    data = changed(out.getvalue(), "xl/worksheets/sheet1.xml", old, new)
    (one,) = read_sources([source({"a.xlsx": data})]).documents
    assert one.text == "| 指标 | 2025年 |\n| 绿化率（%） | 45 |\n"


def test_formats_down_to_the_last_row_are_no_cells(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MAX_CELLS", 2)
    empty = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(2, 40))
    data = changed(
        workbook_of(), "xl/worksheets/sheet1.xml", "</sheetData>", empty + "</sheetData>"
    )
    (sheet,) = workbook.sheets(data, Path("a.xlsx"))
    assert sheet.cells == {(1, 1): ("指标", "General"), (1, 2): (0.785, "General")}
    monkeypatch.setattr(workbook, "MAX_CELLS", 1)
    with pytest.raises(SourceError, match="表格超过 1 格"):
        workbook.sheets(data, Path("a.xlsx"))


def test_what_a_merged_area_covers_is_not_shown_and_not_read() -> None:
    merged = '</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    data = changed(workbook_of(), "xl/worksheets/sheet1.xml", "</sheetData>", merged)
    (sheet,) = workbook.sheets(data, Path("a.xlsx"))
    assert sheet.cells == {(1, 1): ("指标", "General")}
    assert sheet.merged == {(1, 1): (1, 2)}


def test_a_table_of_hardly_more_than_empty_cells_is_refused(source: Source) -> None:
    years = ",".join(f"{n}年" for n in range(1000))
    data = f"指标,{years}\n" + "绿化率,1\n" * 700
    with pytest.raises(
        SourceError, match=r"a\.csv”中有一张 701 行 1001 列的表，超过上限 600000 格"
    ):
        read_sources([source({"a.csv": data.encode()})])


def test_one_line_of_10_mb_is_refused(source: Source) -> None:
    for line, told in (
        ("甲" * 3_400_000, "有一格超过 100000 字"),
        ("甲," * 2_600_000, "超过 300000 格"),
    ):
        with pytest.raises(SourceError, match=rf"a\.csv.*{told}"):
            read_sources([source({"a.csv": line.encode()}, line[1])])


# Web pages that nest deep, or hold something long


@pytest.mark.parametrize("tag", ["div", "span", "font color=red", "blockquote"])
def test_text_behind_tags_that_are_never_closed_is_read(tag: str) -> None:
    lines = [f"{n}段：{TEXT}" for n in range(400)]
    page = f"<html><body>{''.join(f'<{tag}><p>{line}</p>' for line in lines)}</body></html>"
    assert html.read(page.encode(), Path("a.html")).text.splitlines() == lines


@pytest.mark.parametrize("before", ['<img src="data:{}">', "<script>{}</script>", "<!--{}-->"])
def test_text_behind_a_picture_or_script_of_over_10_mb_is_read(before: str) -> None:
    page = (
        f"<html><body><p>{TEXT}</p>{before.format('a' * 11_000_000)}<p>完。{TEXT}</p></body></html>"
    )
    assert html.read(page.encode(), Path("a.html")).text == f"{TEXT}\n完。{TEXT}\n"


def test_a_page_nested_deeper_than_can_be_read_is_refused(source: Source) -> None:
    page = f"<html><body><p>{TEXT}</p>{'<div>' * 100_000}{TEXT}</body></html>"
    with pytest.raises(SourceError, match=r"a\.html”的标签一层套一层，超过 2048 层"):
        read_sources([source({"a.html": page})])


def test_a_page_nested_deep_is_read_whole_but_for_its_navigation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import trafilatura

    def slow(*_: object, **__: object) -> None:
        raise AssertionError("time that grows with the depth of tables")

    monkeypatch.setattr(trafilatura, "extract", slow)
    inner = f"{'<div>' * 300}<p>完。{TEXT}</p>{'</div>' * 300}"
    page = f"<html><body><nav><a>首页</a></nav><p>{TEXT}</p>{inner}</body></html>"
    read = html.read(page.encode(), Path("a.html"))
    assert read.layout is not None
    assert read.text == f"{TEXT}\n完。{TEXT}\n首页\n"
    assert [one.span.of(read.text) for one in read.layout.furniture] == ["首页"]


def test_entities_of_a_page_are_text(source: Source, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("不可读的内容")
    declared = f'<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY a "哈哈"><!ENTITY b "&a;&a;">'
    page = (
        f'<?xml version="1.0"?><!DOCTYPE html [{declared}]><html xmlns="http://www.w3.org/1999/xhtml">'
        f"<body><p>{TEXT}&x;&b;</p><svg><text>&x;</text></svg></body></html>"
    )
    for name in ("a.html", "b.xhtml"):
        (document,) = read_sources([source({name: page}, name[0])]).documents
        assert f"{TEXT}&x;&b;" in document.text
        assert "不可读的内容" not in document.text


@pytest.mark.parametrize(
    "charset",
    [
        "gb2312",
        "gbk",
        "iso-8859-1",
        "windows-1252",
        "utf-16",
        "unicode_escape",
        "undefined",
        "idna",
    ],
)
def test_a_page_that_declares_another_encoding_is_read_in_its_own(charset: str) -> None:
    page = f'<html><head><meta charset="{charset}"></head><body><p>{TEXT}</p></body></html>'
    read = html.read(page.encode("gb18030"), Path("a.html"))
    assert (read.text, read.encoding) == (TEXT + "\n", "gb18030")


def test_a_page_in_no_chinese_encoding_is_read_as_it_declares() -> None:
    line = "Développement régional à l'échéance 2025: 78,5 %"
    page = f'<html><head><meta charset="windows-1252"></head><body><p>{line}</p></body></html>'
    read = html.read(page.encode("windows-1252"), Path("a.html"))
    assert (read.text, read.encoding) == (line + "\n", "windows-1252")
