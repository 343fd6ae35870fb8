"""What PDFs from the web bring: tables without lines, turned pages, watermarks, covers, hidden text."""

from pathlib import Path

import pypdfium2
import pytest
from reportlab.lib.colors import lightgrey
from reportlab.pdfbase.pdfmetrics import stringWidth

from benchmarks.office import SOFFICE, Block, Look, make, scan
from index import Document, SourceError, normalise, page_boxes
from index.chunk import chunk
from index.indicators import indicators
from index.outline import outline
from index.read import ocr, read_sources
from index.read.pdf import read
from index.tables import of, sentence
from tests.pdf_setter import FONT, HEIGHT, LEADING, LEFT, RIGHT, SIZE, WIDTH, Setter

SENTENCES = (
    "完善基层治理体系，健全网格服务管理，推动公共服务资源向社区下沉，让居民在家门口办成更多的事。",
    "到2030年，城镇居民人均可支配收入达到65000元以上，城镇调查失业率控制在5.5%以内，民生福祉持续改善。",
    "建设现代化水网，实施病险水库除险加固，推进灌区节水改造，提高防洪、供水和抗旱能力。",
)
HEAD = ("序号", "指标", "单位", "2025年", "2030年", "属性")
INDICATORS = (
    ("1", "全员劳动生产率", "万元/人", "18.2", "24", "预期性"),
    ("2", "研发经费投入年均增长", "%", "—", "7以上", "预期性"),
    ("3", "城市生活垃圾回收利用率", "%", "35.5", "40", "约束性"),
    ("4", "新增公共停车位", "个", "5000", "8000", "约束性"),
)
EDGES = (72.0, 110.0, 260.0, 330.0, 390.0, 450.0)


def only(path: Path) -> Document:
    (document,) = read_sources([path]).documents
    return document


def cells(document: Document) -> list[list[str]]:
    """The rows of each table of the document, one after another."""
    return [
        [
            cell.span.of(document.text)
            for cell in table.cells
            if row.start <= cell.span.start <= cell.span.end <= row.end
        ]
        for table in of(document)
        for row in table.rows
    ]


def kinds(document: Document) -> list[tuple[str, str]]:
    assert document.layout is not None
    return [(one.reason, one.span.of(document.text)) for one in document.layout.furniture]


def body(document: Document) -> list[str]:
    found = outline(document.text, document.layout).parts
    return [part.span.of(document.text) for part in found if part.kind == "body"]


def row(setter: Setter, texts: tuple[str, ...], align: float = 0.0, size: float = 10.5) -> None:
    """Put one row; ``align`` is 0 for the left edges of the columns, 0.5 for their middles."""
    for text, left in zip(texts, EDGES, strict=True):
        room = (*EDGES, RIGHT)[EDGES.index(left) + 1] - left
        setter.put(left + align * (room - stringWidth(text, FONT, size)), setter.y, text, size)
    setter.y += 20


# Tables without ruled lines


@pytest.mark.parametrize("align", [0.0, 0.5])
def test_a_table_of_blanks_alone_is_one(align: float, tmp_path: Path) -> None:
    setter = Setter()
    for text in SENTENCES:
        setter.paragraph(text)
    setter.y += 10
    for texts in (HEAD, *INDICATORS):
        row(setter, texts, align)
    setter.y += 10
    setter.paragraph(SENTENCES[0])
    document = only(setter.save(tmp_path / "a.pdf"))
    assert cells(document) == [list(texts) for texts in (HEAD, *INDICATORS)]
    found = indicators(document, outline(document.text, document.layout))
    assert [(i.name, i.year, i.value, i.unit, i.binding) for i in found if i.binding][-4:] == [
        ("城市生活垃圾回收利用率", 2025, 35.5, "%", "约束性"),
        ("城市生活垃圾回收利用率", 2030, 40.0, "%", "约束性"),
        ("新增公共停车位", 2025, 5000.0, "个", "约束性"),
        ("新增公共停车位", 2030, 8000.0, "个", "约束性"),
    ]
    assert [normalise(text).text for text in body(document) if "|" not in text] == [
        normalise(text).text for text in (*SENTENCES, SENTENCES[0])
    ]


def test_wrapped_cells_and_groups_of_a_table_of_blanks(tmp_path: Path) -> None:
    """A name in two lines that the values stand in the middle of, and one that begins with them."""
    setter = Setter()
    row(setter, HEAD)
    row(setter, ("一、", "经济发展", "", "", "", ""))
    row(setter, INDICATORS[0])
    top = setter.y
    setter.put(EDGES[1], top - 2, "数字经济核心产业增加值占", 10.5)
    setter.put(EDGES[1], top + 12, "地区生产总值比重", 10.5)
    setter.y += 5
    row(setter, ("2", "", "%", "11.2", "14", "预期性"))
    setter.y += 6
    setter.put(EDGES[1], setter.y + 14, "里程", 10.5)
    row(setter, ("3", "高速公路和一级公路建成通车", "公里", "820", "960", "预期性"))
    setter.y += 14
    row(setter, INDICATORS[3])
    document = only(setter.save(tmp_path / "a.pdf"))
    assert cells(document) == [
        list(HEAD),
        ["一、", "经济发展", "", "", "", ""],
        list(INDICATORS[0]),
        ["2", "数字经济核心产业增加值占地区生产总值比重", "%", "11.2", "14", "预期性"],
        ["3", "高速公路和一级公路建成通车里程", "公里", "820", "960", "预期性"],
        list(INDICATORS[3]),
    ]


def test_a_header_over_several_columns_of_a_table_of_blanks(tmp_path: Path) -> None:
    setter = Setter()
    setter.paragraph(SENTENCES[0])
    setter.line("表1 主要指标", 260)
    setter.put(EDGES[3] + 10, setter.y, "规划目标（年度）", 10.5)
    setter.y += 10
    row(setter, ("序号", "指标", "单位", "", "", "属性"))
    setter.y -= 10
    row(setter, ("", "", "", "2025年", "2030年", ""))
    for texts in INDICATORS:
        row(setter, texts)
    document = only(setter.save(tmp_path / "a.pdf"))
    (table,) = of(document)
    assert cells(document)[-4:] == [list(texts) for texts in INDICATORS]
    assert sentence(document, table, len(table.rows) - 1) == (
        "新增公共停车位:规划目标(年度)2025年5000个,规划目标(年度)2030年8000个,约束性"
    )
    assert "表1 主要指标" in document.text.split("\n")


def test_a_table_of_blanks_goes_on_over_the_page_and_its_header_is_set_aside(
    tmp_path: Path,
) -> None:
    setter = Setter()
    for texts in (HEAD, *INDICATORS):
        row(setter, texts)
    setter.next()
    for texts in (HEAD, *((f"{n + 4}", *rest) for n, (_, *rest) in enumerate(INDICATORS, 1))):
        row(setter, texts)
    document = only(setter.save(tmp_path / "b.pdf"))
    (table,) = of(document)
    assert len(table.rows) == 9
    assert ("续表表头", "序号指标单位2025年2030年属性") in kinds(document)


def test_what_only_stands_apart_is_no_table(tmp_path: Path) -> None:
    """Names in columns, a contents list, prose with gaps, a row or two: all stay text."""
    setter = Setter()
    for names in (("张三", "李四", "王五"), ("赵六", "钱七", "孙八"), ("周九", "吴十", "郑一")):
        for name, left in zip(names, (72, 200, 330), strict=True):
            setter.put(left, setter.y, name)
        setter.y += 20
    setter.y += 40
    for number, title in enumerate(("总体要求", "重点任务", "保障措施", "附则"), 1):
        setter.put(72, setter.y, f"第{'一二三四'[number - 1]}章")
        setter.put(150, setter.y, title)
        setter.put(480, setter.y, str(number * 3))
        setter.y += 20
    setter.y += 40
    for texts in (HEAD, INDICATORS[0]):
        row(setter, texts)
    setter.y += 40
    for text in SENTENCES * 2:
        setter.paragraph(text.replace("，", "，  ").replace("、", "、 "))
    document = only(setter.save(tmp_path / "a.pdf"))
    assert of(document) == ()


@pytest.mark.parametrize("upright_lines", [(1, 2, 3, 4), ()])
def test_a_table_without_its_outer_lines_has_all_its_columns(
    upright_lines: tuple[int, ...], tmp_path: Path
) -> None:
    """Open at both sides, as yearbooks set tables; and with flat lines alone."""
    setter = Setter()
    setter.paragraph(SENTENCES[0])
    setter.y += 10
    widths = (40.0, 190.0, 70.0, 60.0, 90.0)
    rows = [tuple(texts[:3]) + texts[4:] for texts in (HEAD, *INDICATORS)]
    top = setter.y
    for texts in rows:
        x = LEFT
        for text, width in zip(texts, widths, strict=True):
            setter.put(x + 6, setter.y + 5, text, 10)
            x += width
        setter.y += 22
    for number in range(len(rows) + 1):
        y = HEIGHT - top - 22 * number
        setter.canvas.line(LEFT, y, LEFT + sum(widths), y)
    for number in upright_lines:
        x = LEFT + sum(widths[:number])
        setter.canvas.line(x, HEIGHT - top, x, HEIGHT - setter.y)
    setter.y += 10
    setter.paragraph(SENTENCES[1])
    document = only(setter.save(tmp_path / "a.pdf"))
    assert cells(document) == [list(texts) for texts in rows]


# Pages that are turned


def upright(setter: Setter) -> None:
    """Text that runs from bottom to top: 0, 0 becomes the lower right corner."""
    setter.canvas.translate(WIDTH, 0)
    setter.canvas.rotate(90)
    setter.canvas.translate(0, WIDTH - HEIGHT)  # ``put`` counts from the top of an upright page


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_table_set_sideways_is_read_and_its_boxes_lie_on_it(
    rotation: int, tmp_path: Path
) -> None:
    setter = Setter()
    for text in SENTENCES * 2:
        setter.paragraph(text)
    setter.next()
    setter.put(WIDTH / 2, 60, "甲市发展规划", 9)
    setter.canvas.setPageRotation(rotation)
    setter.canvas.saveState()
    upright(setter)
    for texts in (HEAD, *INDICATORS):
        row(setter, texts)
    setter.y += 20
    setter.line("注：以上指标由统计部门核定，按年度发布监测结果。", LEFT)
    setter.canvas.restoreState()
    path = setter.save(tmp_path / "a.pdf")
    document = only(path)
    assert cells(document) == [list(texts) for texts in (HEAD, *INDICATORS)]
    assert "注：以上指标由统计部门核定，按年度发布监测结果。" in document.text
    assert ("页码", "— 2 —") in kinds(document)
    # The words in the box, asked of pdfium for the page unturned.
    table = of(document)[0]
    cell = next(c for c in table.cells if c.span.of(document.text) == "新增公共停车位")
    ((page, box),) = page_boxes(document, cell.span)
    pdf = pypdfium2.PdfDocument(path)
    shown = pdf[page - 1]
    wide, high = shown.get_width(), shown.get_height()
    ink = shown.render(scale=2, crop=(box[0], high - box[3], wide - box[2], box[1])).to_pil()
    assert min(ink.convert("L").tobytes()) < 100
    left, top, right, bottom = box
    if rotation in {0, 180}:
        assert bottom - top > 5 * (right - left)
    else:
        assert right - left > 5 * (bottom - top)
    around = {
        0: (left, high - bottom, right, high - top),
        180: (wide - right, top, wide - left, bottom),
        90: (top, left, bottom, right),
        270: (high - bottom, wide - right, high - top, wide - left),
    }[rotation]
    words = shown.get_textpage().get_text_bounded(*around)
    assert "".join(words.split()) == "新增公共停车位"


def test_a_turned_label_belongs_to_its_cell(tmp_path: Path) -> None:
    setter = Setter()
    setter.paragraph(SENTENCES[0])
    top = setter.y
    rows = [("类别", *HEAD[1:5]), *(("", *texts[1:5]) for texts in INDICATORS)]
    setter.table(rows, (40, 200, 60, 60, 60))
    setter.canvas.saveState()
    setter.canvas.translate(LEFT + 24, HEIGHT - top - 60)
    setter.canvas.rotate(90)
    setter.canvas.setFont(FONT, 8)
    setter.canvas.drawCentredString(30, 0, "发展")
    setter.canvas.restoreState()
    document = only(setter.save(tmp_path / "a.pdf"))
    assert "发展" in [text for texts in cells(document) for text in texts]


# What else stands on pages


def website(path: Path) -> Path:
    """A plan as a city publishes it: cover, contents, spaced titles, a box, marks on every page."""

    class Marked(Setter):
        def finish(self) -> None:
            self.canvas.saveState()
            self.canvas.setFillColor(lightgrey)
            self.canvas.translate(WIDTH / 2, HEIGHT / 2)
            self.canvas.rotate(45)
            self.canvas.setFont(FONT, 48)
            self.canvas.drawCentredString(0, 0, "甲市发展改革部门")
            self.canvas.restoreState()
            for number, character in enumerate("内部资料注意保存"):
                self.put(30, 204 + 20 * number, character)
            super().finish()

    def centred(text: str, size: float) -> None:
        setter.line(text, (LEFT + RIGHT - stringWidth(text, FONT, size)) / 2, size)

    setter = Marked()
    setter.y = 200
    centred("甲市国民经济和社会发展", 26)
    centred("第十五个五年规划纲要", 26)
    setter.y = 640
    centred("甲市人民政府", 16)
    centred("二〇二六年三月", 16)
    setter.next()
    centred("目  录", 18)
    for title, page in (("第一章 总体要求", 1), ("第二章 夯实水利基础", 2), ("第一节 水网", 2)):
        dots = "." * int((RIGHT - LEFT - stringWidth(title, FONT, SIZE) - 24) / 6)
        setter.line(f"{title}{dots} {page}", LEFT)
    setter.next()
    centred("第 一 章  总 体 要 求", 16)
    for text in SENTENCES:
        setter.paragraph(text)
    setter.paragraph("到２０３０年，研发经费投入强度达到３．２％，新增就业５万人以上。")
    setter.y += 12
    centred("第二章 夯实水利基础", 16)
    centred("提高防灾减灾能力", 16)
    setter.y += 6
    setter.heading("第一节 水网", 14)
    setter.paragraph(SENTENCES[2] * 2)
    setter.y = 640
    top = setter.y - 6
    centred("专栏1 重大水利工程", 12)
    setter.line("1.甲河引调水。建设输水干线一百二十公里，受益人口八十万人。", LEFT + 24)
    filled = "2.乙库除险加固。完成大中型水库除险加固二十座，配套建设雨"
    setter.line(filled, RIGHT - 6 - stringWidth(filled, FONT, SIZE))
    setter.canvas.rect(LEFT - 4, HEIGHT - setter.y, RIGHT - LEFT + 8, setter.y - top)
    setter.next()
    setter.line("水情测报和安全监测设施。", LEFT)
    setter.line("3.丙灌区改造。", LEFT + 24)
    setter.canvas.rect(LEFT - 4, HEIGHT - setter.y, RIGHT - LEFT + 8, setter.y - 84)
    setter.y += 20
    setter.paragraph(SENTENCES[0] * 2)
    return setter.save(path)


def test_a_plan_as_a_city_publishes_it(tmp_path: Path) -> None:
    document = only(website(tmp_path / "a.pdf"))
    found = outline(document.text, document.layout)
    assert document.title == "甲市国民经济和社会发展第十五个五年规划纲要"
    second = "第二章 夯实水利基础提高防灾减灾能力"
    assert [section.path for section in found.sections][:3] == [
        ("第一章 总体要求",), (second,), (second, "第一节 水网"),
    ]  # fmt: skip
    box = (second, "第一节 水网", "专栏1 重大水利工程")
    assert found.sections[3].path == box
    by = {kind: [p.span.of(document.text) for p in found.parts if p.kind == kind] for kind in
          ("metadata", "contents")}  # fmt: skip
    assert by["metadata"][-2:] == ["甲市人民政府", "二〇二六年三月"]
    assert len(by["contents"]) == 4
    # The box is whole over the page, and the text below it is the section's again.
    lines = document.text.split("\n")
    assert (
        "2.乙库除险加固。完成大中型水库除险加固二十座，配套建设雨水情测报和安全监测设施。" in lines
    )
    last = chunk(document, found)[-1]
    assert (last.section, last.span.of(document.text)) == (
        (second, "第一节 水网"),
        SENTENCES[0] * 2,
    )
    reasons = kinds(document)
    assert reasons.count(("斜排文字", "甲市发展改革部门")) == 4
    assert sum(reason == "页边" for reason, _ in reasons) == 4 * 8
    assert ("页码", "— 4 —") in reasons
    values = {(i.year, i.value, i.unit) for i in indicators(document, found)}
    assert {(2030, 3.2, "%"), (2030, 50000.0, "人")} <= values


def test_small_print_as_far_apart_as_the_text_is_one_paragraph(tmp_path: Path) -> None:
    setter = Setter()
    for text in SENTENCES * 2:
        setter.paragraph(text)
    top = setter.y
    setter.y += 4
    filled = "注：指标由统计部门核定，监测结果按年度向社会发布，同时作为规划实施评估的重要依据，由有关部门分"
    setter.put(LEFT + 4, setter.y, filled, 9)
    setter.put(LEFT + 4, setter.y + LEADING, "别负责落实到位。", 9)
    setter.y += 2 * LEADING + 4
    setter.canvas.rect(LEFT, HEIGHT - setter.y, 9 * len(filled) + 8, setter.y - top)
    document = only(setter.save(tmp_path / "a.pdf"))
    assert filled + "别负责落实到位。" in document.text.split("\n")


def test_a_letter_with_a_red_head_and_a_signature(tmp_path: Path) -> None:
    setter = Setter()
    setter.put(150, 100, "甲市人民政府文件", 36)
    setter.put(240, 170, "甲政发〔2026〕3号", 16)
    setter.y = 230
    setter.heading("甲市人民政府关于印发甲市水安全保障规划的通知", 22)
    for text in SENTENCES:
        setter.paragraph(text)
    for text in ("甲市人民政府", "2026年3月1日"):
        setter.line(text, 380)
    setter.next()
    setter.heading("甲市水安全保障规划", 22)
    setter.heading("第一章 现状", 16)
    setter.paragraph(SENTENCES[2])
    document = only(setter.save(tmp_path / "a.pdf"))
    assert document.title == "甲市人民政府关于印发甲市水安全保障规划的通知"
    assert document.number == "甲政发〔2026〕3号"
    lines = document.text.split("\n")
    at = lines.index("甲市人民政府")
    assert lines[at - 1 : at + 2] == [SENTENCES[2], "甲市人民政府", "2026年3月1日"]
    found = outline(document.text, document.layout)
    assert [s.path for s in found.sections][-1] == ("甲市水安全保障规划", "第一章 现状")
    assert "甲市人民政府文件" not in [s.title for s in found.sections]


def test_the_running_head_of_a_short_chapter_is_one(tmp_path: Path) -> None:
    class Chapters(Setter):
        def finish(self) -> None:
            self.head = (
                "第一章 总体要求" if self.page < 6 else f"第{'二三四'[self.page - 6]}章 短章"
            )
            super().finish()

    setter = Chapters()
    for number in range(40):
        setter.paragraph(SENTENCES[number % 3] * 4)
    document = only(setter.save(tmp_path / "a.pdf"))
    heads = [text for reason, text in kinds(document) if reason == "页眉"]
    assert heads == ["第一章 总体要求"] * 5 + ["第二章 短章", "第三章 短章"]
    assert [text for text in body(document) if "章" in text] == []


def test_what_no_reader_sees_is_not_read_but_the_text_over_a_scan_is(tmp_path: Path) -> None:
    for name, scanned in (("hidden", False), ("scan", True)):
        setter = Setter()
        if scanned:
            from PIL import Image

            picture = Image.new("L", (120, 160), 230)
            setter.canvas.drawInlineImage(picture, 0, 0, WIDTH, HEIGHT)
        else:
            setter.paragraph(SENTENCES[0])
        setter.y = 400
        text = setter.canvas.beginText(LEFT, HEIGHT - 400)
        text.setFont(FONT, SIZE)
        text.setTextRenderMode(3)
        text.textOut("隐藏的文字不应当出现在引文里。")
        setter.canvas.drawText(text)
        document = only(setter.save(tmp_path / f"{name}.pdf"))
        assert ("隐藏的文字" in document.text) is scanned


def test_a_word_set_twice_to_look_bold_is_read_once(tmp_path: Path) -> None:
    setter = Setter()
    for number, character in enumerate("提高防洪能力。"):
        for shift in (0, 0.4):
            setter.put(LEFT + 12 * number + shift, 100, character)
    for shift in (0, 0.8):
        setter.put(LEFT + shift, 200 + shift, "第一章 总则11条")
    found = only(setter.save(tmp_path / "a.pdf")).text.split("\n")
    assert found[:2] == ["提高防洪能力。", "第一章 总则11条"]


@pytest.mark.skipif(not ocr.installed(), reason="needs the extra guiwen[ocr]")
@pytest.mark.parametrize("rotation", [0, 180, 270])
def test_a_scan_that_lies_otherwise_is_read_and_its_boxes_lie_on_it(
    rotation: int, tmp_path: Path
) -> None:
    setter = Setter()
    for text in SENTENCES:
        setter.paragraph(text)
    path = scan(setter.save(tmp_path / "one.pdf"), 1, tmp_path / "scan.pdf")
    pdf = pypdfium2.PdfDocument(path.read_bytes())
    pdf[0].set_rotation(rotation)
    pdf.save(path)
    document = only(path)
    assert "城镇调查失业率控制在5.5%以内" in normalise(document.text).text
    part = next(p for p in outline(document.text, document.layout).parts if p.kind == "body")
    ((_, (left, top, right, bottom)),) = page_boxes(document, part.span)
    if rotation == 0:
        assert (left, top) == (pytest.approx(LEFT, abs=30), pytest.approx(90, abs=8))
    elif rotation == 180:
        assert (right, bottom) == (
            pytest.approx(WIDTH - LEFT, abs=30),
            pytest.approx(HEIGHT - 90, abs=8),
        )
    else:
        # Shown turned to the left: the upper left corner of the text is at the lower left.
        assert (left, bottom) == (
            pytest.approx(90, abs=8),
            pytest.approx(WIDTH - LEFT, abs=30),
        )


@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice")
def test_ligatures_are_whole_and_glyphs_without_codes_are_told(tmp_path: Path) -> None:
    words = "推动Sufficiency与Offline办公（off-site）协同，建成efficient、flexible的服务体系。"
    blocks = [Block("甲市数字发展规划", 1), *(Block(words + text) for text in SENTENCES * 3)]
    path = make(blocks, Look(), tmp_path, "plan")["pdf"]
    assert only(path).text.count(words) == 9
    data = path.read_bytes()
    assert b"/ToUnicode" in data
    bare = data.replace(b"/ToUnicode", b"/ToUnicodX")
    if ocr.installed():
        assert read(bare, Path("a.pdf")).scanned
    else:
        with pytest.raises(SourceError, match=r"的文字没有编码，字体缺少对照表.*guiwen\[ocr\]"):
            read(bare, Path("a.pdf"))
