"""Each reader on small files made here: text, headings, tables, places, and what is left out."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

from index import Document, SourceError, place_name
from index.chunk import chunk, coverage, search_text
from index.indicators import indicators
from index.outline import outline
from index.read import read_sources
from index.read.numbering import written
from index.read.sheets import shown
from index.tables import of, rows, sentence

Source = Callable[..., Path]
ROWS = (
    ("序号", "指标", "2020年", "2025年", "属性"),
    ("1", "常住人口城镇化率（%）", "73.5", "78.5", "预期性"),
    ("2", "新增公共停车位（个）", "—", "5000以上", "约束性"),
    ("3", "PM2.5年均浓度（微克/立方米）", "47", "40", "约束性"),
)
PROSE = "坚持以人的城镇化为核心，推动城乡融合发展，到2025年建成一批功能完善的县城，城市综合承载力明显增强。"


def only(path: Path) -> Document:
    (document,) = read_sources([path]).documents
    return document


def headings(document: Document) -> list[tuple[str, ...]]:
    return [section.path for section in outline(document.text, document.layout).sections]


def furniture(document: Document) -> list[tuple[str, str]]:
    assert document.layout is not None
    return [(one.reason, one.span.of(document.text)) for one in document.layout.furniture]


def figures(document: Document) -> list[tuple[object, ...]]:
    found = indicators(document, outline(document.text, document.layout))
    return [(i.name, i.year, i.value, i.unit, i.bound, i.binding) for i in found]


TABLE_FIGURES = [
    ("常住人口城镇化率", 2020, 73.5, "%", "=", "预期性"),
    ("常住人口城镇化率", 2025, 78.5, "%", "=", "预期性"),
    ("新增公共停车位", 2025, 5000, "个", ">=", "约束性"),
    ("PM2.5年均浓度", 2020, 47, "微克/立方米", "=", "约束性"),
    ("PM2.5年均浓度", 2025, 40, "微克/立方米", "=", "约束性"),
]


# Tables


def test_a_row_reads_as_a_sentence_and_is_cited_to_its_cells(source: Source) -> None:
    text = "\n".join(",".join(row) for row in ROWS)
    document = only(source({"a.csv": text}) / "a.csv")
    (table,) = of(document)
    assert [sentence(document, table, n) for n in (1, 2, 3)] == [
        "常住人口城镇化率:2020年73.5%,2025年78.5%,预期性",
        "新增公共停车位:2020年—,2025年5000以上个,约束性",
        "PM2.5年均浓度:2020年47微克/立方米,2025年40微克/立方米,约束性",
    ]
    assert figures(document) == TABLE_FIGURES
    found = indicators(document, outline(document.text, document.layout))
    assert [place_name(document, one.span) for one in found] == ["C2", "D2", "D3", "C4", "D4"]
    assert place_name(document, found[0].sentence) == "A2:E2"
    assert found[2].span.of(document.text) == "5000以上"


def test_a_table_is_whole_where_it_fits_and_its_rows_are_passages_where_not(source: Source) -> None:
    many = [("指标", "单位", "2025年")] + [
        (f"第{chr(0x4E00 + i)}项任务完成率", "%", f"{i}.5") for i in range(40)
    ]
    for name, table in (("few.csv", ROWS), ("many.csv", many)):
        source({name: "\n".join(",".join(row) for row in table)})
    folder = source({})
    few, more = read_sources([folder]).documents
    (whole,) = chunk(few, outline(few.text, few.layout))
    assert whole.span.of(few.text) == few.text.rstrip("\n")
    pieces = chunk(more, outline(more.text, more.layout))
    assert len(pieces) == 40
    assert pieces[0].span.of(more.text).count("\n") == 1  # the header goes with the first row
    assert (
        search_text(more, pieces[7]) == f"{more.title}\n第{chr(0x4E00 + 7)}项任务完成率:2025年7.5%"
    )
    assert coverage(more, outline(more.text, more.layout), pieces).share == 1


def test_merged_headers_and_groups(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "指标表"
    for row in (
        ["甲市主要指标"], ["类别", "指标", "单位", "规划目标", None, "属性"], [None, None, None, "2025年", "2030年", None],
        ["宜居", "城镇化率", "%", 0.785, 0.8, "预期性"], [None, "人均公园绿地", "平方米", 13, 14.5, "约束性"],
    ):  # fmt: skip
        sheet.append(row)
    for area in ("A1:F1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3", "A4:A5"):
        sheet.merge_cells(area)
    sheet["D4"].number_format = sheet["E4"].number_format = "0.0%"
    book.save(tmp_path / "a.xlsx")
    document = only(tmp_path / "a.xlsx")
    (table,) = of(document)
    assert table.header == 2
    assert (
        sentence(document, table, 2)
        == "城镇化率:规划目标2025年78.5%,规划目标2030年80.0%,宜居,预期性"
    )
    assert (
        sentence(document, table, 3)
        == "人均公园绿地:规划目标2025年13平方米,规划目标2030年14.5平方米,宜居,约束性"
    )
    assert [(row.labels, row.attribute) for row in rows(document, table)] == [
        (("规划目标2025年", "规划目标2030年"), "预期性"), (("规划目标2025年", "规划目标2030年"), "约束性"),
    ]  # fmt: skip
    assert ("人均公园绿地", 2030, 14.5, "平方米", "=", "约束性") in figures(document)
    assert document.title == "甲市主要指标"


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (0.735, "0.0%", "73.5%"), (0.5, "0%", "50%"), (1234.5, "General", "1234.5"), (0.1 + 0.2, "General", "0.3"),
        (78.5, "0.00", "78.50"), (5, "General", "5"), ("甲", "General", "甲"), (True, "General", "是"),
    ],
)  # fmt: skip
def test_values_as_a_workbook_shows_them(value: object, form: str, text: str) -> None:
    assert shown(value, form) == text


def test_formulas_without_results_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["指标", "2025年"], ["城镇化率", "=1+1"], ["绿化率", 40]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    assert only(tmp_path / "a.xlsx").damage == (
        "有 1 个公式没有保存结果，未读入。请用办公软件打开后另存。",
    )


@pytest.mark.parametrize(("encoding", "mark"), [("utf-8", ","), ("gb18030", ";"), ("utf-16", "\t")])
def test_csv_in_any_encoding_and_separation(encoding: str, mark: str, tmp_path: Path) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows(
        [*ROWS, ["4", "含，逗号的“名称”（家）", "1", "2", "预期性"]]
    )
    (tmp_path / "a.csv").write_bytes(out.getvalue().encode(encoding))
    document = only(tmp_path / "a.csv")
    assert figures(document)[:5] == TABLE_FIGURES
    assert len(of(document)[0].rows) == 5


# Markdown


def test_markdown_keeps_its_characters_and_gives_headings_and_tables(source: Source) -> None:
    table = "\n".join("| " + " | ".join(row) + " |" for row in ROWS)
    rule = "|---|---|---|---|---|"
    head, body = table.split("\n", 1)
    text = f"# 甲市规划\n\n## 总体要求\n\n{PROSE}\n\n```\n# 代码，不是标题。\n```\n\n## 主要指标\n\n{head}\n{rule}\n{body}\n"
    document = only(source({"a.md": text}) / "a.md")
    assert document.text == text
    assert document.title == "甲市规划"
    assert headings(document) == [("总体要求",), ("主要指标",)]
    assert figures(document)[-5:] == TABLE_FIGURES


# Web pages

PAGE = f"""<!doctype html><html><head><meta charset="gb2312"><title>门户</title><style>p{{}}</style></head><body>
<form><div><a href="/">首页</a> &gt; <a href="/a">政务公开</a></div><nav><a href="1">新闻中心</a><a href="2">互动</a></nav>
<h1>甲市海洋发展规划</h1><div class="TRS_Editor"><p>为发展海洋经济，<b>甲市</b>制定本规划，由市发展改革部门负责组织实施和评估。</p>
<h2>发展目标</h2><p>{PROSE}</p><table><tr>{"".join(f"<th>{c}</th>" for c in ROWS[0])}</tr>
{"".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in ROWS[1:])}</table>
<p>近岸海域水质优良比例<span style="display:none">隐藏</span>保持在90%以上，建设美丽海湾，守住生态保护红线。</p></div></form>
<footer>主办单位 甲市人民政府办公室</footer><script>var a = "脚本";</script></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_page_gives_its_main_text(encoding: str, source: Source) -> None:
    document = only(source({"a.html": PAGE.encode(encoding)}) / "a.html")
    assert document.title == "甲市海洋发展规划"
    assert headings(document) == [("发展目标",)]
    assert "甲市制定本规划" in document.text
    assert "脚本" not in document.text
    assert "隐藏" not in document.text
    left = [text for _, text in furniture(document)]
    assert left == ["首页 > 政务公开", "新闻中心互动", "主办单位 甲市人民政府办公室"]
    assert [one for one in figures(document) if one[5]] == TABLE_FIGURES
    start = document.text.index("近岸")
    found = outline(document.text, document.layout)
    kinds = {part.kind for part in found.parts if part.span.start >= document.text.index("首页")}
    assert kinds == {"chrome"}
    assert next(p.kind for p in found.parts if p.span.start == start) == "body"


def test_a_page_of_script_alone_is_refused(source: Source) -> None:
    page = "<html><body><script>load()</script></body></html>"
    with pytest.raises(SourceError, match="脚本加载"):
        read_sources([source({"a.html": page})])


# Word


def _numbered(document: docx.document.Document, formats: list[tuple[str, str]]) -> None:
    """Define list 77 with a format and a text for each level."""
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for i, (kind, text) in enumerate(formats)
    )
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    root = document.part.numbering_part.element
    root.insert(
        0, parse_xml(f'<w:abstractNum {space} w:abstractNumId="77">{levels}</w:abstractNum>')
    )
    root.append(parse_xml(f'<w:num {space} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))


def _list(paragraph: docx.text.paragraph.Paragraph, depth: int) -> None:
    properties = paragraph._p.get_or_add_pPr()
    number = OxmlElement("w:numPr")
    for name, value in (("w:ilvl", depth), ("w:numId", 77)):
        child = OxmlElement(name)
        child.set(qn("w:val"), str(value))
        number.append(child)
    properties.append(number)


def test_word_headings_numbers_tables_and_margins(tmp_path: Path) -> None:
    made = docx.Document()
    _numbered(
        made, [("chineseCounting", "第%1章"), ("chineseCounting", "%2、"), ("decimal", "%3.")]
    )
    made.add_paragraph("甲市发展规划", style="Title")
    for text, depth in (
        ("总体要求", 0),
        ("指导思想", 1),
        ("基本原则", 1),
        ("重点任务", 0),
        ("产业", 1),
    ):
        _list(made.add_heading(text, depth + 1), depth)
        made.add_paragraph(PROSE)
    made.add_heading("没有编号的标题", 2)
    made.add_paragraph(PROSE)
    table = made.add_table(len(ROWS), 5)
    for row, cells in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    box = made.add_table(1, 1)
    box.cell(0, 0).text = "专栏1 重大工程"
    box.cell(0, 0).add_paragraph("实施一批城市更新项目，改造老旧小区。")
    made.sections[0].header.paragraphs[0].text = "甲市人民政府文件"
    made.sections[0].footer.paragraphs[0].text = "第1页"
    made.save(str(tmp_path / "a.docx"))
    document = only(tmp_path / "a.docx")
    assert document.title == "甲市发展规划"
    assert [path[-1] for path in headings(document)] == [
        "第一章 总体要求", "一、指导思想", "二、基本原则", "第二章 重点任务", "一、产业", "没有编号的标题", "专栏1 重大工程",
    ]  # fmt: skip
    assert headings(document)[5] == ("第二章 重点任务", "没有编号的标题")
    assert [one for one in figures(document) if one[5]] == TABLE_FIGURES
    assert furniture(document) == [("页眉", "甲市人民政府文件"), ("页脚", "第1页")]
    (found,) = of(document)
    assert place_name(document, found.cells[7].span) == "表1第2行第3列"
    at = document.text.index(PROSE)
    assert place_name(document, outline(document.text, document.layout).parts[2].span) == "第3段"
    assert made.paragraphs[2].text == document.text[at : at + len(PROSE)]


def test_word_footnotes_stand_after_their_paragraph_and_deleted_text_nowhere(
    tmp_path: Path,
) -> None:
    made = docx.Document()
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    first = made.add_paragraph("到2025年，常住人口城镇化率达到78.5%")
    first._p.append(parse_xml(f'<w:r {space}><w:footnoteReference w:id="2"/></w:r>'))
    first.add_run("以上。")
    first._p.append(parse_xml(f"<w:del {space}><w:r><w:delText>旧稿</w:delText></w:r></w:del>"))
    first._p.append(parse_xml(f"<w:ins {space}><w:r><w:t>新增一句。</w:t></w:r></w:ins>"))
    made.add_paragraph(PROSE)
    part = docx.opc.part.Part(
        docx.opc.packuri.PackURI("/word/footnotes.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
        f'<w:footnotes {space}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="2">'
        "<w:p><w:r><w:t>按常住人口计算。</w:t></w:r></w:p></w:footnote></w:footnotes>".encode(),
        made.part.package,
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    made.part.relate_to(part, kind)
    made.save(str(tmp_path / "a.docx"))
    document = only(tmp_path / "a.docx")
    assert document.text.split("\n")[:3] == [
        "到2025年，常住人口城镇化率达到78.5%以上。新增一句。", "1 按常住人口计算。", PROSE,
    ]  # fmt: skip


def test_word_merged_cells(tmp_path: Path) -> None:
    made = docx.Document()
    table = made.add_table(4, 3)
    for row, cells in zip(
        table.rows,
        (
            ("领域", "指标", "2025年"),
            ("生态", "绿化率（%）", "42.5"),
            ("", "水质优良率（%）", "90"),
            ("安全", "抽检合格率（%）", "98"),
        ),
        strict=True,
    ):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0)).text = "生态"
    made.save(str(tmp_path / "a.docx"))
    document = only(tmp_path / "a.docx")
    (found,) = of(document)
    assert [sentence(document, found, n) for n in (1, 2)] == [
        "绿化率:2025年42.5%,生态", "水质优良率:2025年90%,生态",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "kind", "text"),
    [
        (1, "chineseCounting", "一"), (10, "chineseCountingThousand", "十"), (12, "chineseCounting", "十二"),
        (20, "chineseCounting", "二十"), (105, "chineseCounting", "一百零五"), (112, "chineseCounting", "一百一十二"),
        (12, "ideographDigital", "一二"), (3, "decimalEnclosedCircle", "③"), (4, "upperRoman", "IV"), (2, "lowerLetter", "b"),
        (7, "decimal", "7"), (7, "decimalZero", "07"), (7, "未知", "7"),
    ],
)  # fmt: skip
def test_numbers_as_word_writes_them(number: int, kind: str, text: str) -> None:
    assert written(number, kind) == text
