"""Files that are wrong, hostile or of another kind: refused in plain words, whatever they hold."""

import io
import os
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from index import SourceError
from index.read import guard as guarding
from index.read import read_sources
from index.read.guard import Guard

Source = Callable[..., Path]
KINDS = {
    "pdf": ".pdf",
    "docx": ".docx",
    "xlsx": ".xlsx",
    "html": ".html",
    "csv": ".csv",
    "markdown": ".md",
}
EXAMPLES = int(os.environ.get("GUIWEN_FUZZ", "12"))  # of each kind; thousands by hand
TEXT = "到2025年，常住人口城镇化率达到78.5%以上，新增公共停车位5000个以上。"


@cache
def sample(kind: str) -> bytes:
    """A small whole file of a kind."""
    out = io.BytesIO()
    if kind == "pdf":
        canvas = Canvas(out)
        canvas.drawString(100, 700, "78.5% by 2025")
        canvas.line(100, 600, 200, 600)
        canvas.save()
    elif kind == "docx":
        word = docx.Document()
        word.add_heading("总体要求", 1)
        word.add_paragraph(TEXT)
        word.add_table(2, 2).cell(0, 0).text = "指标"
        word.save(out)
    elif kind == "xlsx":
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(["指标", "2025年"])
        sheet.append(["城镇化率（%）", 78.5])
        sheet.merge_cells("A3:B4")
        book.save(out)
    elif kind == "html":
        out.write(
            f"<html><body><h1>规划</h1><p>{TEXT}</p><table><tr><td>甲<td rowspan=2>乙<tr><td>丙</table></body></html>".encode()
        )
    elif kind == "csv":
        out.write("指标,2025年\n城镇化率（%）,78.5\n".encode())
    else:
        out.write(
            f"# 规划\n\n{TEXT}\n\n| 指标 | 2025年 |\n|---|---|\n| 城镇化率 | 78.5 |\n".encode()
        )
    return out.getvalue()


def packed(parts: dict[str, bytes], base: str = "docx") -> bytes:
    """An Office file with parts replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sample(base))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def refusal(source: Source, name: str, data: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        read_sources([source({name: data}) / name])
    assert name in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read_from_a_whole_file(kind: str, source: Source) -> None:
    (document,) = read_sources([source({f"a{KINDS[kind]}": sample(kind)})]).documents
    assert "78.5" in document.text
    assert document.layout is not None
    assert document.layout.format == kind


# Bombs


def test_a_zip_bomb_is_refused(source: Source) -> None:
    data = packed({"word/media/image1.png": b"\0" * 40_000_000})
    assert "压缩炸弹" in refusal(source, "a.docx", data)


def test_a_container_of_too_much_is_refused(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = b"".join(zlib.compress(str(i).encode()) for i in range(20_000))
    data = packed({f"word/media/{i}.bin": noise * 8 for i in range(3)})
    monkeypatch.setattr("index.read.archive.MAX_UNPACKED", 2**20)
    from index.read.docx import read

    with pytest.raises(SourceError, match="超过上限 1 MB"):
        read(data, Path("a.docx"))


@pytest.mark.parametrize(
    "name", ["../../evil.xml", "/etc/evil.xml", "..\\..\\evil.xml", "C:/evil.xml"]
)
def test_names_that_lead_outside_are_refused(name: str, source: Source) -> None:
    assert "越出文件夹的路径" in refusal(source, "a.xlsx", packed({name: b"<a/>"}, "xlsx"))


@pytest.mark.parametrize(
    ("base", "part"), [("docx", "word/document.xml"), ("xlsx", "xl/worksheets/sheet1.xml")]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_billion_laughs_are_refused(base: str, part: str, encoding: str, source: Source) -> None:
    entities = '<!ENTITY a "哈">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
    )
    xml = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [{entities}]><x>&j;</x>'
    assert "实体炸弹" in refusal(source, f"a.{base}", packed({part: xml.encode(encoding)}, base))


def test_a_pdf_bomb_is_read_or_refused_within_the_limits(source: Source) -> None:
    stream = zlib.compress(zlib.compress(b" " * 200_000_000, 9), 9)
    head = (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n" % len(stream)
    )
    data = head + stream + b"\nendstream endobj\ntrailer<</Root 1 0 R>>"
    started = time.monotonic()
    assert refusal(source, "a.pdf", data)
    assert time.monotonic() - started < guarding.SECONDS


def test_a_pdf_of_too_many_pages_is_refused(source: Source) -> None:
    kids = b"3 0 R " * 5000
    data = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[" + kids + b"]/Count 5000>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\ntrailer<</Root 1 0 R>>"
    )  # fmt: skip
    assert "5000 页，超过上限 3000 页" in refusal(source, "a.pdf", data)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", b"<html><body>" + b"<div>" * 100_000 + "到2025年".encode()),
        ("a.html", b"<html><body>" + b"<table><tr><td>" * 20_000 + "到2025年".encode()),
        ("a.html", "<html><body><table><tr><td rowspan=99999 colspan=99999>甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>".encode()),
        ("a.md", b"> " * 20_000 + "到2025年".encode()),
        ("a.md", b"[" * 50_000 + "到2025年".encode()),
        ("a.csv", b'"' + b"x" * 300_000),
        ("a.csv", b"," * 1_000_000),
    ],
    ids=["divs", "tables", "spans", "quotes", "brackets", "field", "cells"],
)  # fmt: skip
def test_deep_or_wide_text_is_read_or_refused(name: str, data: bytes, source: Source) -> None:
    try:
        (document,) = read_sources([source({name: data})]).documents
    except SourceError as error:
        assert name in str(error)
    else:
        assert document.text.strip()


# The wall


def test_a_file_that_takes_too_long_is_stopped_and_the_next_one_read(tmp_path: Path) -> None:
    slow, quick = tmp_path / "a.md", tmp_path / "b.md"
    slow.write_bytes(sample("markdown") * 20_000)
    quick.write_bytes(sample("markdown"))
    with Guard(seconds=0.05) as guard:
        with pytest.raises(SourceError, match=r"a\.md”在 0\.05 秒内没有读完"):
            guard.read(slow, "markdown")
        guard._seconds = 60
        assert "78.5" in guard.read(quick, "markdown").text


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs limits of memory")
def test_a_file_that_takes_too_much_memory_is_refused_and_the_next_one_read(tmp_path: Path) -> None:
    large, small = tmp_path / "a.csv", tmp_path / "b.csv"
    large.write_bytes(b"x,y\n" * 70_000_000)
    small.write_bytes(sample("csv"))
    with Guard(memory=400 * 2**20) as guard:
        with pytest.raises(SourceError, match=r"a\.csv.*内存超过"):
            guard.read(large, "csv")
        large.unlink()
        assert "78.5" in guard.read(small, "csv").text


# Content of another kind than the name says


def test_a_pdf_named_text_is_read_as_what_it_is_and_told(source: Source) -> None:
    reading = read_sources([source({"a.txt": sample("pdf")})])
    assert reading.documents[0].text == "78.5% by 2025\n"
    assert [one.reason for one in reading.skipped] == ["文件名为 .txt，内容是 PDF，已按 PDF 读入。"]
    assert reading.documents[0].damage == ("文件名为 .txt，内容是 PDF，已按 PDF 读入。",)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.pdf", TEXT.encode(), "内容却不是 PDF"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版 Office 文件"),
        ("a.docx", b"{\\rtf1 text}", "RTF 文件"),
        ("a.docx", sample("docx")[:900], "不完整或已损坏"),
        ("a.xlsx", packed({"xl/workbook.xml": b"<not closed"}, "xlsx"), "不完整或已损坏"),
        ("a.docx", b"PK\x05\x06" + bytes(18), "压缩包"),
        ("a.csv", b"\x00\x01\x02" * 40, "不是文本"),
        ("a.html", b"", "是空的"),
    ],
)  # fmt: skip
def test_other_content_is_refused_in_plain_words(
    name: str, data: bytes, words: str, source: Source
) -> None:
    assert words in refusal(source, name, data)


@pytest.mark.parametrize(
    ("name", "words"),
    [("a.doc", "请另存为 .docx"), ("a.ofd", "请另存为 PDF"), ("a.xls", "请另存为 .xlsx")],
)
def test_old_formats_are_passed_over_with_advice(name: str, words: str, source: Source) -> None:
    (skipped,) = read_sources([source({"b.txt": TEXT, name: b"x"})]).skipped
    assert words in skipped.reason


# Fuzzing: whatever the bytes, the reader gives a text or says in Chinese why not


@st.composite
def damaged(draw: st.DrawFn, kind: str) -> bytes:
    """Bytes of a whole file, cut, doubled, overwritten, or with a part of its archive rewritten."""
    data = bytearray(sample(kind))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        how = draw(st.sampled_from(["flip", "cut", "insert", "double", "zero"]))
        length = draw(st.integers(1, 64))
        if how == "flip" and data:
            data[at] ^= draw(st.integers(1, 255))
        elif how == "cut":
            del data[at : at + length]
        elif how == "insert":
            data[at:at] = draw(st.binary(max_size=64))
        elif how == "double":
            data[at:at] = data[at : at + length] * draw(st.integers(1, 50))
        else:
            data[at : at + length] = bytes(length)
    if kind in {"docx", "xlsx"} and draw(st.booleans()):
        # Damage inside a part, which the archive's checksums would otherwise catch first.
        with zipfile.ZipFile(io.BytesIO(sample(kind))) as archive:
            name = draw(st.sampled_from(sorted(archive.namelist())))
            part = bytearray(archive.read(name))
        at = draw(st.integers(0, len(part)))
        part[at : at + draw(st.integers(0, 40))] = draw(st.binary(max_size=40))
        return packed({name: bytes(part)}, kind)
    return bytes(data)


@pytest.fixture(scope="module")
def wall() -> Iterator[Guard]:
    with Guard(seconds=60) as guard:
        yield guard


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files_are_read_or_refused(kind: str, wall: Guard, tmp_path: Path) -> None:
    path = tmp_path / f"a{KINDS[kind]}"

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(damaged(kind))
    def tried(data: bytes) -> None:
        path.write_bytes(data)
        try:
            found = wall.read(path, kind)
        except SourceError as error:
            assert str(path) in str(error)
            assert "中止" not in str(error), "the reader died"
            assert "没有读完" not in str(error), "the reader hung"
        else:
            assert isinstance(found.text, str)
            assert found.layout is not None
            places = [place.span for place in found.layout.places]
            assert places == sorted(places)
            assert all(span.end <= len(found.text) for span in places)

    tried()


def test_a_reader_that_cannot_be_started_is_told(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarding.sys, "executable", "/no/such/python")
    with pytest.raises(SourceError, match=r"无法启动读取“.*a\.csv”的进程"):
        read_sources([source({"a.csv": "指标,值\n甲,1\n".encode()})])
