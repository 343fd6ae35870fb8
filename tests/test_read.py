import codecs
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import SourceError, build
from index.read import read_sources
from index.read.text import decode

TEXT = "济南市新型城镇化规划\r\n到2025年，常住人口城镇化率提高到78.5%以上。\n加快推进以人为核心的城镇化建设，实施城市更新。\r完"
TRADITIONAL = "濟南市新型城鎮化規劃\n到2025年，常住人口城鎮化率提高到78.5%以上。加快推進以人為核心的新型城鎮化建設。"
PATH = Path("a.txt")
Source = Callable[..., Path]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode("utf-8"), "utf-8-sig"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32"),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "utf-32"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.encode("gbk"), "gb18030"),
    ],
)
def test_every_chinese_encoding_gives_the_same_characters(data: bytes, encoding: str) -> None:
    assert decode(data, PATH) == (TEXT, encoding)


def test_big5() -> None:
    assert decode(TRADITIONAL.encode("big5"), PATH) == (TRADITIONAL, "big5")


def test_traditional_script_in_gb18030_is_not_taken_for_big5() -> None:
    assert decode(TRADITIONAL.encode("gb18030"), PATH) == (TRADITIONAL, "gb18030")


def test_characters_beyond_the_basic_plane() -> None:
    text = TEXT + "\U00020bb7\U0001f600"
    for encoding in ("utf-8", "utf-16", "gb18030"):
        assert decode(text.encode(encoding), PATH)[0] == text


def test_line_ends_are_kept_so_that_offsets_count_them(source: Source) -> None:
    (document,) = read_sources([source({"a.txt": TEXT})]).documents
    assert document.text == TEXT
    assert document.text[TEXT.index("到2025") - 2 : TEXT.index("到2025")] == "\r\n"


@pytest.mark.parametrize("data", [b"", b" ", b"\n\r\n\t"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match=r"a\.txt.*是空的"):
        decode(data, PATH)


@pytest.mark.parametrize(
    "data", ["\u3000\n".encode(), codecs.BOM_UTF8 + b" ", codecs.BOM_UTF16_LE + b" \0"]
)
def test_a_blank_file_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match=r"a\.txt.*(?:只有空白|是空的)"):
        decode(data, PATH)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4,
        b"PK\x03\x04" + bytes(range(256)) * 4,
        b"%PDF-1.7\n" + bytes(range(128, 256)) * 8 + b"\xff\xff",
        b"\x7fELF\x02\x01\x01" + b"\x00" * 64,
        b"\x01\x02\x03\x04\x05" * 40,
    ],
)
def test_a_binary_file_called_text_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match=r"a\.txt.*不是文本"):
        decode(data, PATH)


def test_a_file_that_breaks_the_promise_of_its_mark_is_refused_at_the_byte() -> None:
    with pytest.raises(SourceError, match=r"utf-8-sig.*第 \d+ 字节"):
        decode(codecs.BOM_UTF8 + b"\xff\xfe\xfd", PATH)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        text, encoding = decode(data, PATH)
    except SourceError:
        return
    assert text.strip()
    assert encoding


# Folders


def test_a_document_is_named_by_its_path_below_the_folder_and_sorted(source: Source) -> None:
    folder = source({"b.txt": TEXT, "a/c.md": TEXT, "a/b.TXT": TEXT, "z.text": TEXT})
    names = [document.id for document in read_sources([folder]).documents]
    assert names == ["a/b.TXT", "a/c.md", "b.txt", "z.text"]


def test_a_single_file_is_named_by_itself(source: Source) -> None:
    (document,) = read_sources([source({"sub/a.txt": TEXT}) / "sub" / "a.txt"]).documents
    assert document.id == "a.txt"
    assert document.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert document.encoding == "utf-8"


def test_hidden_files_and_folders_are_not_looked_at(source: Source) -> None:
    folder = source({"a.txt": TEXT, ".b.txt": TEXT, ".git/c.txt": TEXT})
    reading = read_sources([folder])
    assert [document.id for document in reading.documents] == ["a.txt"]
    assert reading.skipped == ()


def test_a_hidden_folder_above_the_named_one_hides_nothing(source: Source) -> None:
    folder = source({"a.txt": TEXT}, ".hidden")
    assert len(read_sources([folder]).documents) == 1


def test_other_formats_are_passed_over_and_told(source: Source) -> None:
    folder = source({"a.txt": TEXT, "b.exe": b"MZ", "c.jpg": b"\xff\xd8"})
    reading = read_sources([folder])
    assert [skipped.path.name for skipped in reading.skipped] == ["b.exe", "c.jpg"]
    assert all("不支持的格式" in skipped.reason for skipped in reading.skipped)


@pytest.mark.parametrize("files", [{}, {"a.exe": b"MZ"}, {".a.txt": TEXT}])
def test_a_folder_without_text_is_refused_by_name(
    files: dict[str, str | bytes], source: Source, tmp_path: Path
) -> None:
    (tmp_path / "sources").mkdir()
    folder = source(files)
    with pytest.raises(SourceError, match="没有找到") as caught:
        read_sources([tmp_path / "sources"])
    assert str(tmp_path / "sources") in str(caught.value)
    assert folder == tmp_path / "sources"


def test_a_path_that_does_not_exist_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"找不到“.*none\.txt”"):
        read_sources([tmp_path / "none.txt"])


def test_strict_stops_at_the_first_unreadable_file(source: Source) -> None:
    folder = source({"a.txt": TEXT, "b.txt": b"", "c.txt": TEXT})
    with pytest.raises(SourceError, match=r"b\.txt"):
        read_sources([folder])


def test_otherwise_unreadable_files_are_passed_over_and_told(source: Source) -> None:
    folder = source({"a.txt": TEXT, "b.txt": b"", "c.txt": b"\x00\x01" * 50})
    reading = read_sources([folder], strict=False)
    assert [document.id for document in reading.documents] == ["a.txt"]
    assert [skipped.path.name for skipped in reading.skipped] == ["b.txt", "c.txt"]
    assert "是空的" in reading.skipped[0].reason
    assert "不是文本" in reading.skipped[1].reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_a_file_without_permission_is_refused(source: Source) -> None:
    folder = source({"a.txt": TEXT})
    (folder / "a.txt").chmod(0)
    with pytest.raises(SourceError, match="无法打开"):
        read_sources([folder])


def test_a_file_that_cannot_be_opened_is_refused_by_name(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    folder = source({"a.txt": TEXT})
    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(SourceError, match=r"a\.txt”无法打开：Permission denied"):
        read_sources([folder])


def test_two_sources_with_one_name_are_refused(source: Source) -> None:
    one, other = source({"a.txt": TEXT}, "one"), source({"a.txt": TEXT}, "two")
    with pytest.raises(SourceError, match=r"两个来源中都有“a\.txt”"):
        read_sources([one, other])
    with pytest.raises(SourceError, match=r"两个来源中都有“a\.txt”"):
        read_sources([one, one])


def test_several_sources_are_read_together(source: Source) -> None:
    one, other = source({"b.txt": TEXT}, "one"), source({"a.txt": TEXT}, "two")
    assert [d.id for d in read_sources([one, other]).documents] == ["a.txt", "b.txt"]


def test_skipped_files_are_in_the_report_of_a_build(source: Source, tmp_path: Path) -> None:
    folder = source({"a.txt": TEXT, "b.pdfx": b"x"})
    report = build([folder], tmp_path / "index")
    assert [skipped.path.name for skipped in report.skipped] == ["b.pdfx"]


# The manifest


def _manifest(*rows: object) -> str:
    return json.dumps({"documents": rows}, ensure_ascii=False)


def test_the_manifest_adds_what_the_text_does_not_say(source: Source) -> None:
    row = {
        "file": "a.txt", "title": "题", "region": "济南市", "level": "市级", "period": [2021, 2035],
        "issuer": "某局", "number": "某发〔2022〕9号", "issued": "2022-07-15", "source": "某站",
        "damage": ["缺页"], "script": "simplified",
    }  # fmt: skip
    (document,) = read_sources([source({"a.txt": TEXT, "manifest.json": _manifest(row)})]).documents
    for name in ("title", "region", "level", "issuer", "number", "issued", "source"):
        assert getattr(document, name) == row[name]
    assert document.period == (2021, 2035)
    assert document.damage == ("缺页",)


def test_the_manifest_may_be_silent_and_is_no_source_itself(source: Source) -> None:
    folder = source({"a.txt": TEXT, "manifest.json": _manifest({"file": "a.txt", "issuer": None})})
    reading = read_sources([folder])
    (document,) = reading.documents
    assert document.title == "济南市新型城镇化规划"
    assert document.region == "济南市"
    assert document.issuer == ""
    assert reading.skipped == ()


def test_a_manifest_with_a_byte_order_mark(source: Source) -> None:
    row = _manifest({"file": "a.txt", "title": "题"})
    folder = source({"a.txt": TEXT, "manifest.json": codecs.BOM_UTF8 + row.encode()})
    assert read_sources([folder]).documents[0].title == "题"


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        "{}",
        '{"documents": 1}',
        '{"documents": [1]}',
        '{"documents": [{"title": "题"}]}',
        '{"documents": [{"file": "a.txt", "period": 2021}]}',
        '{"documents": [{"file": "a.txt", "period": [2021]}]}',
        '{"documents": [{"file": "a.txt", "period": ["x", "y"]}]}',
        '{"documents": [{"file": "a.txt", "damage": "缺页"}]}',
        b"\xff\xfe\xfd",
    ],
)
def test_a_wrong_manifest_is_refused_by_name(content: str | bytes, source: Source) -> None:
    with pytest.raises(SourceError, match=r"清单“.*manifest\.json”无法读取"):
        read_sources([source({"a.txt": TEXT, "manifest.json": content})])


def test_a_manifest_that_cannot_be_opened_is_refused_by_name(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    folder = source({"a.txt": TEXT, "manifest.json": _manifest()})
    monkeypatch.setattr(Path, "read_text", denied)
    with pytest.raises(SourceError, match=r"manifest\.json"):
        read_sources([folder])


def test_a_manifest_that_names_a_missing_file_is_refused(source: Source) -> None:
    folder = source({"a.txt": TEXT, "manifest.json": _manifest({"file": "b.txt"})})
    with pytest.raises(SourceError, match=r"提到的文件“b\.txt”不存在"):
        read_sources([folder])
