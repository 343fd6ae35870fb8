"""Drafts as files: what is read as text, and that all else comes out as it went in."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
from docx.shared import Pt, RGBColor
from lxml import etree

from index import InputError
from qa.cli import main
from qa.drafts import annotate, check, read
from qa.drafts.markdown import MarkdownDraft
from qa.drafts.nouns import Appendix, Mark
from qa.drafts.plain import PlainDraft
from qa.drafts.word import WordDraft
from qa.engine import Engine

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MARKDOWN = """---
title: 到2025年达到99%
---
# 济南 *简报*

到2025年，**森林覆盖率**达到[13.7%](https://a.cn/5)。已有注释[^3]。
`99%` 是代码，换行也
是一段。

> - 引用里的条目

```
99% 不读
```

| 甲 | 乙 |
|---|:-:|
| **丙** | 5% |

[^3]: 原有注释
"""


def test_markdown_blocks_are_the_text_without_markup() -> None:
    draft = MarkdownDraft(MARKDOWN)
    assert [(b.kind, b.text.strip()) for b in draft.blocks] == [
        ("heading", "济南 简报"),
        ("text", "到2025年，森林覆盖率达到13.7%。已有注释。 是代码，换行也是一段。"),
        ("text", "引用里的条目"),
        ("cell", "甲"),
        ("cell", "乙"),
        ("cell", "丙"),
        ("cell", "5%"),
    ]
    assert draft.blocks[-1].lead == "丙,乙"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_markdown_keeps_all_else_byte_for_byte(newline: str) -> None:
    raw = MARKDOWN.replace("\n", newline)
    draft = MarkdownDraft(raw)
    text = draft.blocks[1].text
    marks = [
        Mark(1, text.index("。"), "甲注", False),
        Mark(6, len(draft.blocks[6].text.rstrip()), "乙注", True),
    ]
    out = draft.written(marks, [Appendix("参考文献", ("[1] 甲.",))]).decode()
    # A footnote goes behind the link and the emphasis that close there; numbers go on from the last.
    assert "[13.7%](https://a.cn/5)[^4]。" in out
    assert "5%[^5] |" in out
    body = out[: out.index(f"{newline}{newline}## 参考文献")]
    assert re.sub(r"\[\^[45]\]", "", body) == raw
    assert out.endswith(f"[^4]: 甲注{newline}{newline}[^5]: 乙注{newline}")


def test_a_footnote_goes_behind_emphasis_that_closes_there() -> None:
    draft = MarkdownDraft("增长**5%**，很好。\n")
    mark = Mark(0, draft.blocks[0].text.index("，"), "注", False)
    assert draft.written([mark], []).decode().startswith("增长**5%**[^1]，很好。\n")


def test_text_keeps_its_lines_and_encoding() -> None:
    draft = PlainDraft("题目\r\n\r\n增长5%，很好。\r\n", "gb18030")
    out = draft.written([Mark(1, 4, "注", False)], []).decode("gb18030")
    assert out == "题目\r\n\r\n增长5%[1]，很好。\r\n\r\n\r\n脚注\r\n[1] 注\r\n"


def word_file(path: Path) -> Path:
    """A report with a heading, a run cut in the middle of a claim, colours, a table and a header."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "内部资料 99%"
    document.add_heading("济南发展报告", level=1)
    paragraph = document.add_paragraph("到2025年，全市", style="Body Text")
    bold = paragraph.add_run("森林覆盖率")
    bold.bold, bold.font.size, bold.font.color.rgb = True, Pt(15), RGBColor(0xC0, 0, 0)
    paragraph.add_run("达到13.7%。济南城市建成区绿地率达到42%。我们深受鼓舞。").italic = True
    table = document.add_table(2, 2, style="Table Grid")
    for cell, text in zip(table._cells, ("指标", "2025年", "泉城书房", "50个"), strict=True):
        cell.text = text
    document.save(str(path))
    return path


def runs(data: bytes) -> list[tuple[str, bytes]]:
    """(text, formatting) of each stretch of the body, neighbours of one formatting joined."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    found: list[tuple[str, bytes]] = []
    for run in root.iter(f"{W}r"):
        if run.find(f"{W}footnoteReference") is not None:
            continue
        properties = run.find(f"{W}rPr")
        form = etree.tostring(properties) if properties is not None else b""
        text = "".join(node.text or "" for node in run.iter(f"{W}t"))
        if found and found[-1][1] == form:
            text = found.pop()[0] + text
        found.append((text, form))
    return found


@pytest.fixture
def cited(engine: Engine, tmp_path: Path) -> tuple[Path, Path]:
    """A Word file as given and with its footnotes."""
    given = word_file(tmp_path / "report.docx")
    draft = read(given)
    out = tmp_path / "cited.docx"
    out.write_bytes(annotate(draft, check(draft, engine), engine.index.documents))
    return given, out


def test_word_gets_real_footnotes(cited: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(cited[1]) as archive:
        notes = etree.fromstring(archive.read("word/footnotes.xml"))
        body = etree.fromstring(archive.read("word/document.xml"))
        assert b"/word/footnotes.xml" in archive.read("[Content_Types].xml")
        assert b"relationships/footnotes" in archive.read("word/_rels/document.xml.rels")
    texts = {n.get(f"{W}id"): "".join(n.itertext()) for n in notes}
    numbers = [n.get(f"{W}id") for n in body.iter(f"{W}footnoteReference")]
    assert numbers == ["1", "2", "3"]
    assert "济政发〔2022〕9号[A]" in texts["1"]
    assert "第五章" in texts["1"]
    assert texts["1"].endswith("到2025年全市森林覆盖率达到13.7%。”")
    assert "数值与原文不符，报告为42%，原文为37%" in texts["2"]
    assert "50个" in texts["3"]


def test_word_keeps_its_formatting(cited: tuple[Path, Path]) -> None:
    given, out = cited
    before = runs(given.read_bytes())
    assert runs(out.read_bytes())[: len(before) - 1] == before[:-1]
    with zipfile.ZipFile(given) as one, zipfile.ZipFile(out) as other:
        changed = {
            n for n in other.namelist() if n not in one.namelist() or one.read(n) != other.read(n)
        }
    assert changed == {
        "word/document.xml", "word/footnotes.xml", "word/styles.xml",
        "word/_rels/document.xml.rels", "[Content_Types].xml",
    }  # fmt: skip
    # The library reads it again, and the lists stand at the end.
    paragraphs = [p.text for p in docx.Document(str(out)).paragraphs]
    assert paragraphs[-4] == "参考文献"
    assert paragraphs[-3].startswith(
        "[1] 济南市人民政府. 济南市新型城镇化规划（2021-2035年）: 济政发〔2022〕9号[A]"
    )
    assert paragraphs[-2] == "核对清单"
    assert "〔数值不符〕“济南城市建成区绿地率达到42%”" in paragraphs[-1]


def test_footnotes_that_are_there_stay(cited: tuple[Path, Path]) -> None:
    again = WordDraft.load(cited[1].read_bytes())
    assert again.blocks[1].text.startswith("到2025年，全市森林覆盖率达到13.7%。")
    out = again.written([Mark(1, 3, "新注", False)], [])
    with zipfile.ZipFile(io.BytesIO(out)) as archive:
        notes = etree.fromstring(archive.read("word/footnotes.xml"))
    assert [n.get(f"{W}id") for n in notes] == ["-1", "0", "1", "2", "3", "4"]
    assert "".join(notes[-1].itertext()).strip() == "新注"


@pytest.mark.skipif(
    shutil.which("soffice") is None, reason="soffice (LibreOffice) is not installed"
)
def test_libreoffice_shows_the_footnotes(cited: tuple[Path, Path], tmp_path: Path) -> None:
    done = subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(tmp_path), str(cited[1])],
        capture_output=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    text = (tmp_path / "cited.txt").read_text(encoding="utf-8-sig")
    assert "到2025年，全市森林覆盖率达到13.7%" in text
    assert "济政发〔2022〕9号[A]" in text
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(cited[1])],
        capture_output=True, timeout=180, check=True,
    )  # fmt: skip
    assert (tmp_path / "cited.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.pdf", b"%PDF-1.7", "只能核对"),
        ("a.md", b" \n", "空文件"),
        ("a.txt", b"\x00\x01\x02", "不是文本文件"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "旧版 Word"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        ("a.doc", b"\xd0\xcf\x11\xe0", "旧版 Word（.doc）文件，只能核对"),
        ("a.docx", b"%PDF-1.7 x", "内容是 PDF，不是 Word 文件"),
        ("a.docx", "只是文字".encode(), "只是后缀为 .docx"),
        ("a.md", b"%PDF-1.7 x", "内容是 PDF，不是文本"),
        ("a.txt", b"PK\x03\x04 x", "像是 Word 文件或压缩包"),
        ("a.txt", b"", "空文件"),
        ("a.docx", b"PK\x03\x04 broken", "压缩包已损坏"),
        ("a.md", b"```\n5%\n```\n", "没有可核对的文字"),
    ],
)
def test_bad_input_is_refused_in_chinese(
    name: str, content: bytes, told: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=told) as caught:
        read(path)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="无法读取报告"):
        read(tmp_path / "none.md")


def test_a_word_file_without_a_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "甲")
    with pytest.raises(InputError, match=r"缺少 word/document\.xml"):
        read(path)


def test_the_command(
    seeds_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report, out, csl = tmp_path / "r.md", tmp_path / "o.md", tmp_path / "r.json"
    report.write_text("济南2025年常住人口城镇化率目标为76%。\n", encoding="utf-8")
    asked = ["cite", str(report), "-o", str(out), "--index", str(seeds_folder)]
    assert main([*asked, "--csl-json", str(csl)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("可核对的表述 1 处：数值不符 1 处\n")
    text = out.read_text(encoding="utf-8")
    assert text.startswith("济南2025年常住人口城镇化率目标为76%[^1]。\n")
    assert "[^1]: 【核对：数值不符】数值与原文不符，报告为76%，原文为78.5%以上。" in text
    assert json.loads(csl.read_text(encoding="utf-8"))[0]["number"] == "济政发〔2022〕9号"
    assert main([*asked, "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["verdict"], row["right"], row["block"]) == ("figure", "78.5%以上", 0)


def test_the_command_refuses(
    seeds_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "r.md"
    report.write_text("甲。\n", encoding="utf-8")
    at = ["--index", str(seeds_folder)]
    assert main(["cite", str(report), "-o", str(tmp_path / "o.docx"), *at]) == 2
    assert "格式不作转换" in capsys.readouterr().err
    assert main(["cite", str(report), "-o", str(report), *at]) == 2
    assert "原稿不会被改动" in capsys.readouterr().err
    away = ["--index", str(tmp_path / "no.idx")]
    assert main(["cite", str(report), "-o", str(tmp_path / "o.md"), *away]) == 4
    assert "错误：" in capsys.readouterr().err
    assert report.read_text(encoding="utf-8") == "甲。\n"
