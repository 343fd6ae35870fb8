"""Metadata set right by a person: checked, told in the one file, and read again as it was said."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from index import (
    Document,
    InputError,
    Span,
    account,
    audit,
    build,
    edited,
    particulars,
    read_sources,
    suffix_of,
    tell,
    withdraw,
)
from index.errors import SourceError
from index.read import manifest

Source = Callable[..., Path]
TEXT = (
    "济南市新型城镇化规划（2021-2035年）\n济政发〔2022〕9号\n济南市人民政府关于印发规划的通知\n"
    "一、目标\n到2025年，城镇化率达到78.5%。\n济南市人民政府\n2022年7月15日\n"
)


@pytest.fixture
def folder(source: Source) -> Path:
    return source({"a.txt": TEXT, "市/b.txt": "青岛市规划\n一、目标\n青岛市要发展。\n"})


def _read(folder: Path, name: str = "a.txt") -> Document:
    return next(one for one in read_sources([folder]).documents if one.id == name)


def _rows(folder: Path) -> dict[str, dict[str, object]]:
    path = folder / manifest.FILE
    rows = json.loads(path.read_text(encoding="utf-8"))["documents"] if path.is_file() else []
    return {row["file"]: row for row in rows}


def test_particulars_tell_how_sure_they_are_and_where_they_stand(folder: Path) -> None:
    found = {one.field: one for one in particulars(_read(folder))}
    assert found["number"].value == "济政发〔2022〕9号"
    assert found["number"].confidence == "高"
    assert found["period"].value == "2021-2035"
    assert found["region"].value == "济南市"
    span = found["number"].span
    assert isinstance(span, Span)
    assert span.of(TEXT).strip() == "济政发〔2022〕9号"
    set_right = replace(_read(folder), region="山东省", number="")
    found = {one.field: one for one in particulars(set_right)}
    assert (found["region"].confidence, found["number"].confidence) == ("人工", "人工")
    none = {one.field: one for one in particulars(_read(folder, "市/b.txt"))}
    assert (none["number"].value, none["number"].confidence) == ("", "")


@pytest.mark.parametrize(
    "values",
    [
        {"title": "另一个标题"},
        {"number": "", "issued": "2023-01"},
        {"period": "2021—2025年"},
        {"period": ""},
        {"region": "山东省"},
        {"region": "山东省", "level": "市级"},
        {"region": "", "level": ""},
        {"issuer": "  济南市  人民政府办公厅 "},
        {"issuer": "无"},
    ],
    ids="-".join,
)
def test_what_is_told_is_what_is_read_the_next_time(values: dict[str, str], folder: Path) -> None:
    document = edited(_read(folder), values)
    tell(folder, document)
    assert _read(folder) == document
    said = _rows(folder)["a.txt"]
    assert {"file", *values} >= set(said) - {"level"}
    # Told back, nothing stays in the file.
    tell(folder, _read_without(folder))
    assert "a.txt" not in _rows(folder)


def _read_without(folder: Path) -> Document:
    path = folder / manifest.FILE
    kept = path.read_text(encoding="utf-8")
    path.unlink()
    document = _read(folder)
    path.write_text(kept, encoding="utf-8")
    return document


def test_the_level_follows_the_region_unless_it_is_said(folder: Path) -> None:
    document = edited(_read(folder), {"region": "山东省", "level": "省级"})
    tell(folder, document)
    assert _rows(folder)["a.txt"] == {"file": "a.txt", "region": "山东省"}
    assert _read(folder).level == "省级"


def test_other_rows_and_keys_stay(folder: Path) -> None:
    rows = [{"file": "a.txt", "source": "网站", "note": 1}, {"file": "市/b.txt", "title": "乙"}]
    manifest.write(folder, {"about": "x", "documents": rows})
    tell(folder, edited(_read(folder), {"title": "丙"}))
    content = json.loads((folder / manifest.FILE).read_text(encoding="utf-8"))
    assert content["about"] == "x"
    assert content["documents"] == [{**rows[0], "title": "丙"}, rows[1]]
    assert withdraw(folder, "a.txt")["title"] == "丙"
    assert list(_rows(folder)) == ["市/b.txt"]
    assert withdraw(folder, "a.txt") == {}


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"title": " "}, "标题不能空着"),
        ({"period": "十四五"}, "例如 2021-2035"),
        ({"period": "2035-2021"}, "规划期“2035-2021”"),
        ({"issued": "2022年7月"}, "2022-07"),
        ({"issued": "2022-13-01"}, "日期"),
        ({"region": "火星市"}, "不认识地区“火星市”"),
        ({"level": "乡"}, "国家、省级、市级、县级"),
        ({"issuer": "府" * 300}, "300 字"),
        ({"text": "x"}, "没有“text”"),
    ],
)
def test_what_cannot_be_is_refused(values: dict[str, str], told: str, folder: Path) -> None:
    with pytest.raises(InputError, match=told):
        edited(_read(folder), values)


def test_a_manifest_that_is_broken_is_not_overwritten(folder: Path) -> None:
    (folder / manifest.FILE).write_text("{", encoding="utf-8")
    document = replace(read_sources([folder / "a.txt"]).documents[0], title="另")
    with pytest.raises(SourceError, match="清单"):
        tell(folder, document)
    assert (folder / manifest.FILE).read_text(encoding="utf-8") == "{"


def test_the_account_of_one_is_that_of_all(folder: Path, tmp_path: Path) -> None:
    from index import Index

    index = Index.open(build([folder], tmp_path / "index").folder)
    assert [account(index, name) for name in index.documents] == list(audit(index).documents)


@pytest.mark.parametrize(
    ("name", "data", "suffix"),
    [("a.TXT", b"x", ".TXT"), ("a", b"%PDF-1.4", ".pdf"), ("a.doc", b"<!DOCTYPE html>x", ".html")],
)
def test_a_file_is_known_by_its_content_where_its_name_says_nothing(
    name: str, data: bytes, suffix: str
) -> None:
    assert suffix_of(data, Path(name)) == suffix


def test_a_file_of_no_known_kind_is_refused() -> None:
    with pytest.raises(SourceError, match="不支持的格式"):
        suffix_of(b"\x7fELF", Path("a.exe"))
