"""PDFs made here with ruled tables, columns, running heads and notes; and with LibreOffice if there."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.office import SOFFICE, Block, Look, make, scan
from index import Document, Index, SourceError, build, normalise, page_boxes, place_name
from index.chunk import chunk, search_text
from index.indicators import indicators
from index.outline import outline
from index.read import ocr, read_sources
from index.read.pdf import read
from index.read.pdf_grid import grids
from index.read.pdf_page import Rule
from index.tables import of
from tests.pdf_setter import FONT, HEIGHT, LEFT, RIGHT, SIZE, WIDTH, Setter

SENTENCES = (
    "坚持以人民为中心的发展思想，把实现好、维护好、发展好最广大人民根本利益作为出发点和落脚点。",
    "到2025年，常住人口城镇化率达到78.5%以上，新增公共停车位5000个以上，城市综合承载力明显增强。",
    "统筹老城更新和新区建设，完善县城公共服务设施，推动GDP与居民收入同步增长，促进城乡融合。",
    "加强海洋生态保护，近岸海域水质优良比例保持在90%以上，建设美丽海湾，守住生态保护红线。",
)
ROWS = [("序号", "指标", "2020年", "2025年", "属性")] + [
    (
        str(i),
        f"重点任务{chr(0x7532 + i)}完成率（%）",
        f"{40 + i}.5",
        f"{50 + i}",
        "预期性" if i % 2 else "约束性",
    )
    for i in range(1, 41)
]


def only(path: Path) -> Document:
    (document,) = read_sources([path]).documents
    return document


def lines(document: Document) -> list[str]:
    assert document.layout is not None
    left = {one.span for one in document.layout.furniture}
    end = min((span.start for span in left), default=len(document.text))
    return [normalise(line).text for line in document.text[:end].split("\n") if line]


def plain(texts: list[str]) -> list[str]:
    return [normalise(text).text for text in texts]


PARAGRAPHS = [SENTENCES[i % 4] * (1 + i % 3) for i in range(14)]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    setter = Setter("甲市国民经济和社会发展规划")
    setter.heading("甲市城镇化发展规划", 22)
    setter.heading("第一章 总体要求", 16)
    for number, text in enumerate(PARAGRAPHS):
        if number == 2:
            setter.notes.append("1 本规划所称城镇化率按常住人口计算。")
        setter.paragraph(text, "1" if number == 2 else "")
    setter.heading("第二章 主要指标", 16)
    setter.table(ROWS, (40, 200, 60, 60, 60))
    setter.paragraph(PARAGRAPHS[0])
    return setter.save(tmp_path / "a.pdf")


def test_wraps_pages_heads_and_notes_are_undone(plan: Path) -> None:
    document = only(plan)
    found = lines(document)
    note = normalise("1 本规划所称城镇化率按常住人口计算。").text
    assert note in found
    found.remove(note)
    table = [i for i, line in enumerate(found) if line.startswith("|")]
    assert found[: table[0]] == plain(
        ["甲市城镇化发展规划", "第一章 总体要求", *PARAGRAPHS, "第二章 主要指标"]
    )
    assert found[table[-1] + 1 :] == plain([PARAGRAPHS[0]])
    assert document.title == "甲市城镇化发展规划"
    assert document.layout is not None
    reasons = [(one.reason, one.span.of(document.text)) for one in document.layout.furniture]
    pages = len(pypdfium2.PdfDocument(plan))
    assert [r for r, _ in reasons].count("页眉") == [r for r, _ in reasons].count("页码") == pages
    assert ("页码", "— 2 —") in reasons


def test_a_table_over_pages_is_one_with_one_header(plan: Path) -> None:
    document = only(plan)
    (table,) = of(document)
    cells = [cell.span.of(document.text) for cell in table.cells]
    assert cells == [text for row in ROWS for text in row]
    assert table.header == 1
    assert {p.page for p in document.layout.places if p.span.overlaps(table.span)} >= {2, 3}  # type: ignore[union-attr]
    found = indicators(document, outline(document.text, document.layout))
    assert [(i.name, i.year, i.value, i.binding) for i in found if i.binding] == [
        (f"重点任务{chr(0x7532 + i)}完成率", year, value, "预期性" if i % 2 else "约束性")
        for i in range(1, 41)
        for year, value in ((2020, 40.5 + i), (2025, 50 + i))
    ]
    assert any(r.reason == "续表表头" for r in document.layout.furniture)  # type: ignore[union-attr]


def test_outline_and_passages_equal_those_of_the_text(
    plan: Path, document: Callable[..., Document]
) -> None:
    read_ = only(plan)
    text = "\n".join(lines(read_)[:17])
    same = document(text, title=read_.title)
    before, after = outline(text), outline(read_.text, read_.layout)
    assert [s.path for s in before.sections][:1] == [s.path for s in after.sections][:1]
    assert [s.title for s in after.sections] == ["第一章 总体要求", "第二章 主要指标"]
    given = [search_text(same, piece) for piece in chunk(same, before)]
    found = [search_text(read_, piece) for piece in chunk(read_, after)]
    assert given[:-1] == found[: len(given) - 1]


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    setter = Setter("甲市规划", columns=2)
    for text in PARAGRAPHS:
        setter.paragraph(text)
    document = only(setter.save(tmp_path / "a.pdf"))
    assert lines(document) == plain(PARAGRAPHS)


@pytest.mark.parametrize(
    ("end", "begin", "joined"),
    [
        ("总体规划2016年-", "2035年有关要求", "总体规划2016年-2035年有关要求"),
        ("推动城市铁路S-", "A线旅游化转型", "推动城市铁路S-A线旅游化转型"),
        ("鼓励发展plat-", "form经济新形态", "鼓励发展platform经济新形态"),
        ("发布于2026-03-01", "15:27:19的公告", "发布于2026-03-01 15:27:19的公告"),
        ("全长共20", "25公里的铁路", "全长共2025公里的铁路"),
    ],
)
def test_lines_are_joined_as_they_were_broken(
    end: str, begin: str, joined: str, tmp_path: Path
) -> None:
    setter = Setter()
    wide = pdfmetrics.stringWidth(end, FONT, SIZE)
    filled = "甲乙丙丁戊" * 10
    before = filled[: int((setter.width - setter.indent - wide) / SIZE)]
    for sentence in (*SENTENCES, *SENTENCES):
        setter.paragraph(sentence)
    setter.line(before + end, RIGHT - wide - SIZE * len(before))
    setter.line(f"{begin}，不断取得新成效。", LEFT)
    document = only(setter.save(tmp_path / "a.pdf"))
    assert f"{before}{joined}，不断取得新成效。\n" in document.text


def test_a_table_beside_prose_is_no_column(tmp_path: Path) -> None:
    setter = Setter()
    for i in range(12):
        setter.put(LEFT, 100 + 20 * i, f"项目{chr(0x7532 + i)}")
        setter.put(300, 100 + 20 * i, f"{i}00万元")
        setter.put(420, 100 + 20 * i, f"{2020 + i}年")
    document = only(setter.save(tmp_path / "a.pdf"))
    (table,) = of(document)
    assert [c.span.of(document.text) for c in table.cells][:6] == [
        "项目甲",
        "000万元",
        "2020年",
        "项目甴",
        "100万元",
        "2021年",
    ] or len(table.rows) == 12
    assert {(c.row, c.column) for c in table.cells} == {(r, c) for r in range(12) for c in range(3)}


def test_the_box_of_a_citation_holds_its_words(plan: Path, tmp_path: Path) -> None:
    """Asked of pdfium anew: the words that stand in the box on the page are those that are quoted."""
    build([plan], tmp_path / "index")
    index = Index.open(tmp_path / "index")
    document = index.documents["a.pdf"]
    original = index.original("a.pdf")
    assert original is not None
    pdf = pypdfium2.PdfDocument(original)
    found = indicators(document, outline(document.text, document.layout))
    for one in (found[0], found[-1], next(i for i in found if i.binding)):
        ((page, (left, top, right, bottom)),) = page_boxes(document, one.span)
        assert place_name(document, one.span) == f"第{page}页"
        shown = pdf[page - 1]
        words = shown.get_textpage().get_text_bounded(
            left - 1, HEIGHT - bottom - 1, right + 1, HEIGHT - top + 1
        )
        assert (
            normalise(one.span.of(document.text)).text in normalise(words.replace("\r\n", "")).text
        )
        crop = (left, HEIGHT - bottom, WIDTH - right, top)
        ink = shown.render(scale=2, crop=crop).to_pil().convert("L")
        assert min(ink.tobytes()) < 100 < max(ink.tobytes())


def test_a_turned_page_gives_boxes_as_it_is_shown(tmp_path: Path) -> None:
    setter = Setter()
    setter.put(LEFT, 100, "到2025年，城镇化率达到78.5%。")
    setter.canvas.setPageRotation(180)
    document = only(setter.save(tmp_path / "a.pdf"))
    ((page, box),) = page_boxes(document, outline(document.text, document.layout).parts[0].span)
    assert page == 1
    assert box[3] == pytest.approx(HEIGHT - 100, abs=3)
    assert box[2] == pytest.approx(WIDTH - LEFT, abs=3)


def test_grids_with_merged_cells() -> None:
    flat = [Rule(True, y, 0, 100) for y in (0, 20, 60)] + [Rule(True, 40, 50, 100)]
    upright = [Rule(False, x, 0, 60) for x in (0, 50, 100)]
    (grid,) = grids([*flat, *upright])
    assert [(r.row, r.column, r.height, r.width) for r in grid.rooms] == [
        (0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 2, 1), (1, 1, 1, 1), (2, 1, 1, 1),
    ]  # fmt: skip
    assert grids(flat) == []


# Scanned pages


def scanned(tmp_path: Path, plan: Path, page: int) -> Path:
    return scan(plan, page, tmp_path / "scanned.pdf")


@pytest.mark.skipif(ocr.installed(), reason="the extra reads it")
def test_a_scanned_page_is_told_and_the_rest_is_read(tmp_path: Path, plan: Path) -> None:
    reading = read_sources([scanned(tmp_path, plan, 2)])
    (document,) = reading.documents
    assert document.damage[0].startswith("第 2 页是扫描图像，没有文字层，未读入。请安装文字识别")
    assert [(one.partial, one.reason) for one in reading.skipped] == [(True, document.damage[0])]
    assert {p.page for p in document.layout.places} >= {1, 3}  # type: ignore[union-attr]


@pytest.mark.skipif(ocr.installed(), reason="the extra reads it")
def test_a_file_of_scans_alone_is_refused_with_the_remedy(tmp_path: Path) -> None:
    setter = Setter()
    setter.paragraph(SENTENCES[0])
    path = scanned(tmp_path, setter.save(tmp_path / "one.pdf"), 1)
    with pytest.raises(SourceError, match=r"1 页都是扫描图像.*guiwen\[ocr\]"):
        read_sources([path])


@pytest.mark.skipif(not ocr.installed(), reason="needs the extra guiwen[ocr]")
def test_a_scanned_page_is_read_where_the_extra_is_installed(tmp_path: Path) -> None:
    setter = Setter()
    setter.paragraph(SENTENCES[1])
    path = scanned(tmp_path, setter.save(tmp_path / "one.pdf"), 1)
    document = only(path)
    assert "常住人口城镇化率达到78.5%以上" in normalise(document.text).text
    assert "识别得到" in document.damage[0]
    ((page, box),) = page_boxes(document, outline(document.text, document.layout).parts[0].span)
    assert page == 1
    assert box[0] == pytest.approx(LEFT, abs=30)


# What is refused


def test_a_locked_pdf_is_refused(tmp_path: Path) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(tmp_path / "a.pdf"), encrypt=StandardEncryption("密码", canPrint=0))
    canvas.drawString(100, 100, "text")
    canvas.save()
    with pytest.raises(SourceError, match=r"a\.pdf”设有密码"):
        read_sources([tmp_path / "a.pdf"])


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(range(256)) * 40])
def test_a_broken_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="不是完整的 PDF"):
        read(data, Path("a.pdf"))


def test_a_blank_pdf_is_refused(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.showPage()
    canvas.save()
    with pytest.raises(SourceError, match="1 页都是空白"):
        read_sources([tmp_path / "a.pdf"])


# LibreOffice


@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice")
@pytest.mark.parametrize(
    "look",
    [Look(head="甲市规划"), Look(body=10.5, headings=(20, 14, 12, 11.5, 11), columns=2, head="甲市规划"), Look(body=16, headings=(22, 16, 16, 16, 16), bold=False), Look(head="甲市规划", ruled=False), Look(head="甲市规划", sideways=True)],
    ids=["sizes", "two columns", "one size", "unruled", "sideways"],
)  # fmt: skip
def test_libreoffice_gives_the_same_as_pdf_and_as_word(look: Look, tmp_path: Path) -> None:
    blocks = [Block("甲市城镇化发展规划", 1)]
    for chapter in range(3):
        blocks.append(
            Block(f"第{'一二三'[chapter]}章 {('总体要求', '重点任务', '保障措施')[chapter]}", 2)
        )
        for section in range(3):
            blocks.append(
                Block(f"{'一二三'[section]}、{('指导思想', '发展目标', '组织实施')[section]}", 3)
            )
            blocks += [Block(text) for text in PARAGRAPHS[section : section + 4]]
    blocks[4] = Block(PARAGRAPHS[3], note="按常住人口计算。")
    text = "\n".join(block.text for block in blocks)
    blocks += [Block("附表 主要指标", 2), Block(rows=tuple(ROWS))]
    for kind, path in make(blocks, look, tmp_path, "plan").items():
        document = only(path)
        found = lines(document)
        note = next(
            line for line in found if line.startswith("1按常住") or line.startswith("1 按常住")
        )
        assert [x for x in found if not x.startswith("|") and x != note] == plain(
            [*text.split("\n"), "附表 主要指标"]
        ), kind
        assert [c.span.of(document.text) for t in of(document) for c in t.cells] == [
            c for row in ROWS for c in row
        ]
        sections = outline(document.text, document.layout).sections
        assert [s.path for s in sections][:-1] == [s.path for s in outline(text).sections], kind
