"""What a planner's draft in Word holds: its own numbering, tracked changes, boxes, fields, notes."""

from pathlib import Path

import docx
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from index import Document
from index.outline import outline
from index.read import read_sources
from index.tables import of

SPACE = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PROSE = "健全防灾减灾体系，提升基层应急能力，推动安全治理向事前预防转型，守住人民生命安全的底线。"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def listed(text: str, number: str, depth: int, style: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return paragraph(
        run(text),
        f'{named}<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>',
    )


def element(xml: str) -> object:
    """The element that ``xml`` is, with the names of Word."""
    end = min(at for mark in (" ", ">") if (at := xml.find(mark)) > 0)
    return parse_xml(f"{xml[:end]} {SPACE}{xml[end:]}")


class Word:
    """A Word file made of raw XML, on the template of python-docx."""

    def __init__(self) -> None:
        self.made = docx.Document()
        self.body = self.made.element.body

    def put(self, *blocks: str) -> None:
        for block in blocks:
            self.body.insert(len(self.body) - 1, element(block))

    def numbering(self, lists: dict[str, str], **own: str) -> None:
        """``lists``: the levels of each list by its id; ``own``: what a list has of its own."""
        root = self.made.part.numbering_part.element
        for child in list(root):
            root.remove(child)
        for name, levels in lists.items():
            root.append(
                element(f'<w:abstractNum w:abstractNumId="{name}">{levels}</w:abstractNum>')
            )
        for name in lists:
            root.append(
                element(f'<w:num w:numId="{name}"><w:abstractNumId w:val="{name}"/></w:num>')
            )
        for name, inner in own.items():
            root.append(element(f'<w:num w:numId="{name[1:]}">{inner}</w:num>'))

    def style(self, name: str, title: str, inner: str = "") -> None:
        self.made.styles.element.append(
            element(
                f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{name}">'
                f'<w:name w:val="{title}"/><w:pPr>{inner}</w:pPr></w:style>'
            )
        )

    def part(self, name: str, inner: str) -> None:
        """Add a part such as footnotes with the notes or comments ``inner``."""
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
        xml = f"<w:{name} {SPACE}>{inner}</w:{name}>".encode()
        package = self.made.part.package
        made = Part(PackURI(f"/word/{name}.xml"), f"{kind}.{name}+xml", xml, package)
        self.made.part.relate_to(made, f"{RELATED}/{name}")

    def read(self, tmp_path: Path) -> Document:
        self.made.save(str(tmp_path / "a.docx"))
        (document,) = read_sources([tmp_path / "a.docx"]).documents
        return document


def level(depth: int, kind: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'{more}<w:lvlText w:val="{text}"/></w:lvl>'
    )


CHAPTERS = (
    level(0, "chineseCountingThousand", "第%1章", '<w:pStyle w:val="Chapter"/>')
    + level(1, "chineseCountingThousand", "%2、", '<w:pStyle w:val="Matter"/>')
    + level(2, "chineseCountingThousand", "（%3）")
    + level(3, "decimal", "%4.")
    + level(4, "decimal", "%1.%2.%5", "<w:isLgl/>")
)


def lines(document: Document) -> list[str]:
    return document.text.rstrip("\n").split("\n")


@pytest.fixture
def word() -> Word:
    return Word()


# Numbers


def test_numbers_of_all_levels_as_word_writes_them(word: Word, tmp_path: Path) -> None:
    word.numbering({"7": CHAPTERS})
    word.put(
        listed("总体要求", "7", 0), listed("指导思想", "7", 1), listed("发展目标", "7", 1),
        listed("总量目标", "7", 2), listed("生产总值", "7", 3), listed("财政收入", "7", 3),
        listed("结构目标", "7", 2), listed("三次产业", "7", 3), listed("细目", "7", 4),
        listed("重点任务", "7", 0), listed("安全", "7", 1), paragraph(run(PROSE)),
    )  # fmt: skip
    assert lines(word.read(tmp_path)) == [
        "第一章 总体要求", "一、指导思想", "二、发展目标", "（一）总量目标", "1.生产总值", "2.财政收入",
        "（二）结构目标", "1.三次产业", "1.2.1 细目", "第二章 重点任务", "一、安全", PROSE,
    ]  # fmt: skip


def test_a_style_is_numbered_at_the_depth_that_names_it(word: Word, tmp_path: Path) -> None:
    word.numbering({"7": CHAPTERS})
    number = '<w:numPr><w:numId w:val="7"/></w:numPr>'
    word.style("Chapter", "章标题", number + '<w:outlineLvl w:val="0"/>')
    word.style("Matter", "条标题", number + '<w:outlineLvl w:val="1"/>')
    named = '<w:pStyle w:val="{}"/>'
    word.put(
        paragraph(run("总体要求"), named.format("Chapter")),
        paragraph(run("指导思想"), named.format("Matter")),
        paragraph(run(PROSE)),
        paragraph(run("基本原则"), named.format("Matter")),
        paragraph(run(PROSE)),
        paragraph(run("附则"), named.format("Chapter") + '<w:numPr><w:numId w:val="0"/></w:numPr>'),
        paragraph(run(PROSE)),
    )
    document = word.read(tmp_path)
    assert [s.path for s in outline(document.text, document.layout).sections] == [
        ("第一章 总体要求",), ("第一章 总体要求", "一、指导思想"), ("第一章 总体要求", "二、基本原则"),
        ("附则",),
    ]  # fmt: skip


def test_numbers_that_begin_anew_or_count_on(word: Word, tmp_path: Path) -> None:
    decimal = level(0, "decimal", "%1.") + level(
        1, "decimal", "（%2）", '<w:lvlRestart w:val="0"/>'
    )
    word.numbering(
        {"1": decimal, "2": level(0, "upperLetter", "%1.")},
        n3='<w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        "</w:lvlOverride>",
        n4='<w:abstractNumId w:val="2"/><w:lvlOverride w:ilvl="0">'
        + level(0, "lowerRoman", "%1)")
        + "</w:lvlOverride>",
    )
    word.put(
        listed("甲", "1", 0), listed("细一", "1", 1), listed("乙", "1", 0), listed("细二", "1", 1),
        listed("丙", "3", 0), listed("丁", "3", 0), listed("戊", "2", 0), listed("己", "4", 0),
        listed("庚", "2", 0),
    )  # fmt: skip
    assert lines(word.read(tmp_path)) == [
        "1.甲", "（1）细一", "2.乙", "（2）细二", "1.丙", "2.丁", "A.戊", "i)己", "B.庚",
    ]  # fmt: skip


def test_a_number_that_the_author_wrote_too_is_not_doubled(word: Word, tmp_path: Path) -> None:
    word.numbering({"7": level(0, "decimal", "%1.")})
    word.put(listed("1.5万亩高标准农田。", "7", 0), listed("2.千兆光网。", "7", 0))
    assert lines(word.read(tmp_path)) == ["1.1.5万亩高标准农田。", "2.千兆光网。"]


# Tracked changes and what is not shown


def test_deleted_text_is_not_read_and_inserted_is(word: Word, tmp_path: Path) -> None:
    mark = "<w:rPr><w:del w:id='9' w:author='a'/></w:rPr>"
    gone = "<w:del w:id='1' w:author='a'><w:r><w:delText>{}</w:delText></w:r></w:del>"
    word.numbering({"7": level(0, "decimal", "%1.")})
    word.put(
        paragraph(
            run("到2030年，森林覆盖率达到")
            + gone.format("35%")
            + "<w:ins w:id='2' w:author='a'><w:r><w:t>36%</w:t></w:r></w:ins>"
            + run("。")
        ),
        paragraph(
            "<w:moveFrom w:id='3' w:author='a'><w:r><w:t>移走的句子。</w:t></w:r></w:moveFrom>"
            + run("留下的句子。")
            + "<w:moveTo w:id='4' w:author='a'><w:r><w:t>移来的句子。</w:t></w:r></w:moveTo>"
        ),
        paragraph(run("这一段的段末被删去，"), mark),
        paragraph(run("于是与下一段成为一段。")),
        paragraph(
            gone.format("整条删去。"), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>'
        ),
        listed("保留的第一条。", "7", 0),
    )
    document = word.read(tmp_path)
    assert lines(document) == [
        "到2030年，森林覆盖率达到36%。", "留下的句子。移来的句子。", "这一段的段末被删去，于是与下一段成为一段。",
        "1.保留的第一条。",
    ]  # fmt: skip
    assert "35%" not in document.text


def test_a_paragraph_whose_end_was_deleted_before_a_table_is_kept(
    word: Word, tmp_path: Path
) -> None:
    word.put(paragraph(run("表前的一段。"), "<w:rPr><w:del w:id='9' w:author='a'/></w:rPr>"))
    word.put(table([["指标", "2030年"], ["绿化率（%）", "45"]]))
    assert lines(word.read(tmp_path))[0] == "表前的一段。"


def test_comments_codes_and_hidden_text_are_no_text(word: Word, tmp_path: Path) -> None:
    word.part(
        "comments", f'<w:comment w:id="0" w:author="a">{paragraph(run("批注意见"))}</w:comment>'
    )
    word.put(
        paragraph(
            '<w:commentRangeStart w:id="0"/>'
            + run("加快建设国际消费中心。")
            + '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
            + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏的说明</w:t></w:r>"
            + '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显示的说明。</w:t></w:r>'
        ),
        paragraph(
            run("见第")
            + '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGEREF _Toc1 '
            '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            + run("12")
            + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            + run("页，")
            + '<w:fldSimple w:instr="SEQ 表">'
            + run("表3")
            + "</w:fldSimple>"
            + run("。")
        ),
        paragraph(
            run("增速为")
            + "<m:oMath><m:r><m:t>5.5%</m:t></m:r></m:oMath>"
            + "<w:r><w:ruby><w:rt><w:r><w:t>zhēn</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>圳</w:t></w:r>"
            "</w:rubyBase></w:ruby></w:r>" + run("。")
        ),
    )
    document = word.read(tmp_path)
    assert lines(document) == [
        "加快建设国际消费中心。显示的说明。",
        "见第12页，表3。",
        "增速为5.5%圳。",
    ]


def test_a_contents_field_is_set_aside(word: Word, tmp_path: Path) -> None:
    word.style("TOC1", "toc 1")
    word.style("TOCHeading", "TOC Heading")
    word.style("Main", "正文标题", '<w:outlineLvl w:val="0"/>')
    tab = "<w:r><w:tab/></w:r>"
    entries = [
        paragraph(run("目录"), '<w:pStyle w:val="TOCHeading"/>'),
        paragraph(run("第一章 总体要求") + tab + run("1"), '<w:pStyle w:val="TOC1"/>'),
        paragraph(run("第二章 重点任务") + tab + run("8"), '<w:pStyle w:val="TOC1"/>'),
    ]
    word.put(
        f"<w:sdt><w:sdtContent>{''.join(entries)}</w:sdtContent></w:sdt>",
        paragraph(run("第一章 总体要求"), '<w:pStyle w:val="Main"/>'),
        paragraph(run(PROSE)),
        paragraph(run("第二章 重点任务"), '<w:pStyle w:val="Main"/>'),
        paragraph(run(PROSE)),
    )
    document = word.read(tmp_path)
    found = outline(document.text, document.layout)
    assert [s.path for s in found.sections] == [("第一章 总体要求",), ("第二章 重点任务",)]
    assert document.layout is not None
    assert [(f.reason, f.span.of(document.text)) for f in document.layout.furniture] == [
        ("目录", "目录"), ("目录", "第一章 总体要求\t1"), ("目录", "第二章 重点任务\t8"),
    ]  # fmt: skip


def test_a_heading_broken_by_hand_is_one(word: Word, tmp_path: Path) -> None:
    word.style("Main", "正文标题", '<w:outlineLvl w:val="0"/>')
    word.put(
        paragraph(
            run("第一章") + "<w:r><w:br/></w:r>" + run("总体要求"), '<w:pStyle w:val="Main"/>'
        ),
        paragraph(run(PROSE)),
    )
    document = word.read(tmp_path)
    found = outline(document.text, document.layout).sections
    assert [section.path for section in found] == [("第一章 总体要求",)]


def test_a_heading_in_two_paragraphs_is_one(word: Word, tmp_path: Path) -> None:
    word.style("Main", "正文标题", '<w:outlineLvl w:val="0"/>')
    main = '<w:pStyle w:val="Main"/>'
    chapter = [paragraph(run(text), main) for text in ("第二章 夯实安全基础", "提高防灾减灾能力")]
    word.put(paragraph(run("第一章 总体要求"), main), paragraph(run(PROSE)))
    word.put(*chapter, paragraph(run(PROSE)), paragraph(run("附则"), main), paragraph(run(PROSE)))
    box = [paragraph(run(text), main) for text in ("专栏1 重点领域", "人工智能")]
    word.put(*box, paragraph(run(PROSE)))
    document = word.read(tmp_path)
    found = outline(document.text, document.layout)
    assert [(s.title, s.heading.of(document.text)) for s in found.sections] == [
        ("第一章 总体要求", "第一章 总体要求"),
        ("第二章 夯实安全基础 提高防灾减灾能力", "第二章 夯实安全基础\n提高防灾减灾能力"),
        ("附则", "附则"),
        ("专栏1 重点领域", "专栏1 重点领域"),
        ("人工智能", "人工智能"),
    ]
    assert [p.span.of(document.text) for p in found.parts if p.kind == "heading"] == [
        s.heading.of(document.text) for s in found.sections
    ]


def by_hand(text: str, size: float, *, bold: bool = False, first: str = "") -> str:
    """A paragraph set by hand: ``first`` is its beginning, in bold."""
    weight = "<w:b/>" if bold else ""
    lead = f"<w:r><w:rPr><w:b/></w:rPr><w:t>{first}</w:t></w:r>" if first else ""
    return paragraph(
        f'{lead}<w:r><w:rPr>{weight}<w:sz w:val="{round(2 * size)}"/></w:rPr><w:t>{text}</w:t></w:r>'
    )


def test_headings_set_by_hand_are_told_by_their_look(word: Word, tmp_path: Path) -> None:
    word.put(
        by_hand("甲市政府办公室文件", 36),
        by_hand("甲市防灾减灾规划", 22),
        by_hand("总体考虑", 18),
        by_hand(PROSE, 16),
        by_hand("主要目标", 16, bold=True),
        by_hand("不断完善。" + PROSE, 16, first="提升能力。"),
        by_hand("重点任务", 18),
        by_hand(PROSE * 2, 16),
    )
    document = word.read(tmp_path)
    assert document.title == "甲市防灾减灾规划"
    found = outline(document.text, document.layout).sections
    assert [section.path for section in found]== [
        ("总体考虑",), ("总体考虑", "主要目标"), ("总体考虑", "主要目标", "提升能力"), ("重点任务",),
    ]  # fmt: skip


def test_looks_say_nothing_where_styles_tell_the_headings(word: Word, tmp_path: Path) -> None:
    word.style("Main", "正文标题", '<w:outlineLvl w:val="0"/>')
    word.put(
        paragraph(run("总体考虑"), '<w:pStyle w:val="Main"/>'),
        by_hand(PROSE, 16),
        by_hand("请各单位高度重视，抓好落实。", 20),
        by_hand(PROSE, 16),
    )
    document = word.read(tmp_path)
    found = outline(document.text, document.layout).sections
    assert [section.title for section in found] == ["总体考虑"]


# Tables, boxes, notes


def table(rows: list[list[str]]) -> str:
    inner = "".join(
        "<w:tr>"
        + "".join(
            cell if cell.startswith("<w:tc>") else f"<w:tc>{paragraph(run(cell))}</w:tc>"
            for cell in row
        )
        + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{inner}</w:tbl>"


def cells(document: Document) -> list[list[tuple[str, int, int, int, int]]]:
    return [
        [(c.span.of(document.text), c.row, c.column, c.height, c.width) for c in one.cells]
        for one in of(document)
    ]


def test_merged_cells_in_both_directions(word: Word, tmp_path: Path) -> None:
    merged = (
        '<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + paragraph(run("类别")) + "</w:tc>"
    )
    on = "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>"
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + paragraph(run("规划目标")) + "</w:tc>"
    late = "<w:tr><w:trPr><w:gridBefore w:val='2'/></w:trPr><w:tc>" + paragraph(run("合计8项"))
    word.put(
        table([[merged, "指标", wide], [on, "", "2025年", "2030年"], ["生态", "绿化率（%）", "42", "45"]])
        .replace("</w:tbl>", late + "</w:tc></w:tr></w:tbl>")
    )  # fmt: skip
    ((*found,),) = cells(word.read(tmp_path))
    assert found == [
        ("类别", 0, 0, 2, 1), ("指标", 0, 1, 1, 1), ("规划目标", 0, 2, 1, 2), ("", 1, 1, 1, 1),
        ("2025年", 1, 2, 1, 1), ("2030年", 1, 3, 1, 1), ("生态", 2, 0, 1, 1), ("绿化率（%）", 2, 1, 1, 1),
        ("42", 2, 2, 1, 1), ("45", 2, 3, 1, 1), ("合计8项", 3, 2, 1, 1),
    ]  # fmt: skip


def test_a_table_in_a_cell_is_a_table_and_read_once(word: Word, tmp_path: Path) -> None:
    inner = table([["年份", "投资（亿元）"], ["2030年", "120"]])
    cell = f"<w:tc>{paragraph(run('分年投资见下'))}{inner}{paragraph('')}</w:tc>"
    word.put(table([["项目", "说明"], ["引水工程", cell]]), paragraph(run(PROSE)))
    document = word.read(tmp_path)
    outer, nested = cells(document)
    assert [text for text, *_ in outer] == ["项目", "说明", "引水工程", "分年投资见下"]
    assert [text for text, *_ in nested] == ["年份", "投资（亿元）", "2030年", "120"]
    assert document.text.count("120") == 1


def test_a_deleted_row_is_none(word: Word, tmp_path: Path) -> None:
    rows = table([["指标", "2030年"], ["旧指标", "1"], ["新指标", "2"]])
    gone = rows.replace(
        f"<w:tr><w:tc>{paragraph(run('旧指标'))}",
        f"<w:tr><w:trPr><w:del w:id='1' w:author='a'/></w:trPr><w:tc>{paragraph(run('旧指标'))}",
    )
    word.put(gone, paragraph(run(PROSE)))
    document = word.read(tmp_path)
    assert "旧指标" not in document.text
    assert [text for text, *_ in cells(document)[0]] == ["指标", "2030年", "新指标", "2"]


def box(inner: str) -> str:
    """A text box as Word writes it: a shape, and the same again for older programs."""
    content = f"<w:txbxContent>{inner}</w:txbxContent>"
    return (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>{content}</wps:txbx></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{content}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def test_text_boxes_are_read_once_with_their_tables(word: Word, tmp_path: Path) -> None:
    deep = paragraph(run("图注：底图为示意。"))
    inside = paragraph(run("专栏1 重大工程") + box(deep)) + table(
        [["工程", "投资"], ["甲河", "12"]]
    )
    word.put(paragraph(run("正文一段。") + box(inside)), paragraph(run(PROSE)))
    document = word.read(tmp_path)
    assert lines(document) == [
        "正文一段。", "专栏1 重大工程", "图注：底图为示意。", "| 工程 | 投资 |", "| 甲河 | 12 |", PROSE,
    ]  # fmt: skip
    assert document.layout is not None
    boxed = [t.span.of(document.text) for t in document.layout.tables if not t.cells]
    assert boxed[0].startswith("专栏1 重大工程") or boxed[-1].startswith("专栏1 重大工程")


def test_a_text_box_in_a_cell_is_read_once(word: Word, tmp_path: Path) -> None:
    cell = f"<w:tc>{paragraph(run('绿化率（%）') + box(paragraph(run('新增指标'))))}</w:tc>"
    word.put(table([["指标", "2030年"], [cell, "45"]]), paragraph(run(PROSE)))
    document = word.read(tmp_path)
    assert [text for text, *_ in cells(document)[0]] == ["指标", "2030年", "绿化率（%）", "45"]
    assert document.text.count("新增指标") == 1


def test_notes_are_numbered_as_they_come_and_head_nothing(word: Word, tmp_path: Path) -> None:
    def note(name: str, number: int, text: str) -> str:
        return f'<w:{name} w:id="{number}">{paragraph(run(text))}</w:{name}>'

    def mark(name: str, number: int) -> str:
        return f'<w:r><w:{name}Reference w:id="{number}"/></w:r>'

    word.part(
        "footnotes", note("footnote", 2, "后写的脚注。") + note("footnote", 5, "先引的脚注。")
    )
    word.part("endnotes", note("endnote", 3, "尾注的说明。"))
    gone = f"<w:del w:id='1' w:author='a'>{mark('footnote', 5)}</w:del>"
    word.put(
        paragraph(run("甲指标") + gone + mark("footnote", 5) + run("稳步提高。")),
        paragraph(run("乙指标") + mark("footnote", 2) + run("稳步提高。") + mark("endnote", 3)),
        paragraph(run(PROSE)),
    )
    document = word.read(tmp_path)
    assert lines(document) == [
        "甲指标稳步提高。", "1 先引的脚注。", "乙指标稳步提高。", "2 后写的脚注。", "1 尾注的说明。", PROSE,
    ]  # fmt: skip
    assert outline(document.text, document.layout).sections == ()


def test_running_heads_and_page_fields_are_set_aside(word: Word, tmp_path: Path) -> None:
    section = word.made.sections[0]
    section.header.paragraphs[0].text = "甲市人民政府办公室文件"
    page = section.footer.paragraphs[0]._p
    page.append(element('<w:fldSimple w:instr=" PAGE ">' + run("3") + "</w:fldSimple>"))
    word.put(paragraph(run(PROSE)))
    document = word.read(tmp_path)
    assert document.layout is not None
    assert [(f.reason, f.span.of(document.text)) for f in document.layout.furniture] == [
        ("页眉", "甲市人民政府办公室文件"), ("页脚", "3"),
    ]  # fmt: skip
    assert lines(document)[0] == PROSE
