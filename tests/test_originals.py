"""Documents with a layout in an index that lives: stored exactly, their files kept and right."""

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from index import (
    Changes,
    Document,
    Index,
    IndexDamagedError,
    InputError,
    Layout,
    Place,
    SourceError,
    Span,
    audit,
    build,
    originals,
    read_sources,
    records,
    store,
    update,
)
from index.documents import Cell, Furniture, Hint, Table
from index.recipe import digest
from qa.cli import main

Source = Callable[..., Path]
Files = dict[str, bytes]
TEXT = "甲市规划\n一、目标\n到2025年,城镇化率达到70%。\n二、保障\n加强组织领导,明确责任分工。\n"


def _word(rate: int) -> bytes:
    made = docx.Document()
    made.add_paragraph("乙市发展规划", style="Title")
    made.add_heading("一、目标", 1)
    made.add_paragraph(f"到2025年，全市常住人口城镇化率达到{rate}%，城市综合承载力明显增强。")
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _page(count: int) -> bytes:
    return f"""<html><head><title>丙县规划</title></head><body><nav><a href="/">首页</a> 政务公开</nav>
<h1>丙县公园规划</h1><div class="TRS_Editor"><p>为改善人居环境，丙县制定本规划，由住房城乡建设部门负责组织实施。</p>
<h2>一、任务</h2><p>到2025年，全县新建公园{count}个，新增绿道30公里，基本形成公园体系，方便群众就近休闲。</p></div>
<footer>主办单位 丙县人民政府办公室</footer></body></html>""".encode()


WORD, OTHER_WORD, PAGE, OTHER_PAGE = _word(75), _word(80), _page(12), _page(20)
FILES: Files = {"a.txt": TEXT.encode(), "b.docx": WORD, "c.html": PAGE}


def _bytes(folder: Path) -> Files:
    generation = store.current(folder)
    return {
        path.relative_to(generation).as_posix(): path.read_bytes()
        for path in generation.rglob("*")
        if path.is_file()
    }


def _kept(folder: Path) -> list[str]:
    return sorted(path.name for path in (store.current(folder) / originals.FOLDER).glob("*"))


def _name(data: bytes, suffix: str) -> str:
    return f"{hashlib.sha256(data).hexdigest()}.{suffix}"


@pytest.fixture
def folder(source: Source, tmp_path: Path) -> Path:
    return build([source(FILES)], tmp_path / "index").folder


@pytest.fixture
def fresh(source: Source, tmp_path: Path) -> Callable[[Files], Path]:
    """Build an index of files from nothing."""
    return lambda files: build([source(files, "fresh")], tmp_path / "fresh.idx").folder


def _put(source: Source, files: Files) -> Changes:
    reading = read_sources([source(files, "put")])
    return Changes(put=reading.documents, files=reading.files)


# As a fresh build


def test_a_build_keeps_the_file_of_what_is_no_plain_text(folder: Path) -> None:
    assert _kept(folder) == sorted([_name(WORD, "docx"), _name(PAGE, "html")])
    index = Index.open(folder)
    found = {name: index.original(name) for name in FILES}
    assert found["a.txt"] is None
    assert [found[name].read_bytes() for name in ("b.docx", "c.html") if found[name]] == [
        WORD, PAGE
    ]  # fmt: skip
    assert not any(name.startswith(originals.FOLDER) for name in index.manifest.files)


@pytest.mark.parametrize(
    ("name", "data", "kept"),
    [
        ("b.docx", OTHER_WORD, [_name(OTHER_WORD, "docx"), _name(PAGE, "html")]),
        ("c.html", OTHER_PAGE, [_name(WORD, "docx"), _name(OTHER_PAGE, "html")]),
        ("d.html", OTHER_PAGE, [_name(f, s) for f, s in
                                ((WORD, "docx"), (PAGE, "html"), (OTHER_PAGE, "html"))]),
    ],
)  # fmt: skip
def test_a_file_put_is_kept_and_the_rest_is_as_it_was(
    name: str, data: bytes, kept: list[str], folder: Path, source: Source,
    fresh: Callable[[Files], Path],
) -> None:  # fmt: skip
    report = update(folder, _put(source, {name: data}))
    assert report.analysed == (name,)
    assert _kept(folder) == sorted(kept)
    path = Index.open(folder).original(name)
    assert path is not None
    assert path.read_bytes() == data
    assert _bytes(folder) == _bytes(fresh({**FILES, name: data}))


def test_a_second_build_keeps_them_without_analysing_again(
    folder: Path, source: Source, fresh: Callable[[Files], Path]
) -> None:
    changed = {**FILES, "c.html": OTHER_PAGE}
    report = build([source(changed)], folder)
    assert report.analysed == ("c.html",)
    assert _bytes(folder) == _bytes(fresh(changed))
    assert not build([source(changed)], folder).changed


def test_a_document_removed_takes_its_file_along(
    folder: Path, fresh: Callable[[Files], Path]
) -> None:
    update(folder, Changes(removed=("b.docx",)))
    assert _kept(folder) == [_name(PAGE, "html")]
    assert _bytes(folder) == _bytes(fresh({n: d for n, d in FILES.items() if n != "b.docx"}))
    update(folder, Changes(removed=("c.html",)))
    assert not (store.current(folder) / originals.FOLDER).exists()


def test_a_document_renamed_keeps_file_and_title(
    folder: Path, fresh: Callable[[Files], Path]
) -> None:
    before = store.current(folder) / originals.FOLDER / _name(WORD, "docx")
    node = before.stat().st_ino
    update(folder, Changes(renamed={"b.docx": "市/济南市规划.docx"}))
    path = Index.open(folder).original("市/济南市规划.docx")
    assert path is not None
    assert (path.read_bytes(), path.stat().st_ino) == (WORD, node)
    files = {"a.txt": FILES["a.txt"], "市/济南市规划.docx": WORD, "c.html": PAGE}
    assert _bytes(folder) == _bytes(fresh(files))


def test_a_name_of_another_format_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match=r"\.docx 结尾"):
        update(folder, Changes(renamed={"b.docx": "b.txt"}))


# Stored exactly


def test_layouts_come_back_as_they_were(folder: Path, source: Source) -> None:
    read = read_sources([source(FILES)]).documents
    assert records.read_documents(store.current(folder)) == list(read)
    assert [one.layout is None for one in read] == [True, False, False]


def test_every_part_of_a_layout_comes_back_with_the_same_bytes(
    tmp_path: Path, document: Callable[..., Document]
) -> None:
    span = Span(0, 4)
    layout = Layout(
        "pdf",
        "甲市\u2028规划",
        (Place(span, 1, (0, 0.1 + 0.2, 1e-7, 595.0), 2, "指标", "C5"), Place(Span(4, 5))),
        (Hint(span, 2),),
        (Table(span, 1, (span,), (Cell(span, 0, 1, 2, 3),)), Table(Span(4, 5), 0, (), ())),
        (Furniture(Span(4, 5), "页码"),),
    )
    first, second = document("甲市规划。", layout=layout), document("乙市规划。", id="b.txt")
    for name, line in (
        (records.DOCUMENTS, records.document_line),
        (records.LAYOUTS, records.layout_line),
    ):
        (tmp_path / name).write_bytes(line(first) + line(second))
    found = records.read_documents(tmp_path)
    assert found == [first, second]
    assert [digest(one) for one in found] == [digest(first), digest(second)]
    assert b"".join(map(records.layout_line, found)) == (tmp_path / records.LAYOUTS).read_bytes()


def test_the_same_text_with_another_layout_is_another_document(
    document: Callable[..., Document],
) -> None:
    plain = document("甲市规划。")
    shown = replace(plain, layout=Layout("pdf"))
    placed = replace(plain, layout=Layout("pdf", places=(Place(Span(0, 5), 1),)))
    assert len({digest(plain), digest(shown), digest(placed)}) == 3


# Readers, damage, misuse


def test_an_open_reader_finds_the_file_in_the_version_in_use(folder: Path, source: Source) -> None:
    index = Index.open(folder)
    update(folder, _put(source, {"c.html": OTHER_PAGE}))
    update(folder, Changes(removed=("a.txt",)))
    assert not (folder / "gen-000001").exists()
    path = index.original("b.docx")
    assert path is not None
    assert path.read_bytes() == WORD
    with pytest.raises(InputError, match=r"c\.html.*已经更新"):
        index.original("c.html")


@pytest.mark.parametrize("damaged", [b"another", None])
def test_a_damaged_original_is_named_and_the_next_build_mends_it(
    damaged: bytes | None, folder: Path, source: Source
) -> None:
    path = store.current(folder) / originals.FOLDER / _name(WORD, "docx")
    if damaged:
        path.write_bytes(damaged)
    else:
        path.unlink()
    index = Index.open(folder)
    with pytest.raises(IndexDamagedError, match=r"b\.docx.*(已损坏|原件)"):
        index.original("b.docx")
    with pytest.raises(IndexDamagedError, match=r"b\.docx"):
        update(folder, Changes(removed=("a.txt",)))
    assert list(Index.open(folder).documents) == list(FILES)
    report = build([source(FILES)], folder)
    assert (report.changed, report.analysed) == (True, ())
    found = Index.open(folder).original("b.docx")
    assert found is not None
    assert found.read_bytes() == WORD


def test_a_file_that_changes_after_it_was_read_is_not_kept_for_another(
    folder: Path, source: Source
) -> None:
    changes = _put(source, {"b.docx": OTHER_WORD})
    source({"b.docx": WORD + b"\0"}, "put")
    with pytest.raises(SourceError, match=r"b\.docx.*改动"):
        update(folder, changes)
    assert Index.open(folder).original("b.docx") is not None


def test_a_document_put_without_its_file_is_refused(folder: Path, source: Source) -> None:
    changes = replace(_put(source, {"b.docx": OTHER_WORD}), files={})
    with pytest.raises(InputError, match=r"b\.docx.*原件"):
        update(folder, changes)


# Commands and audit


def test_add_takes_every_format_and_a_name(
    folder: Path, source: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    path = source({"new.docx": OTHER_WORD}, "new") / "new.docx"
    assert main(["add", str(folder), str(path), "--as", "市/d.docx", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["analysed"] == ["市/d.docx"]
    found = Index.open(folder).original("市/d.docx")
    assert found is not None
    assert found.read_bytes() == OTHER_WORD


def test_what_a_reader_tells_apart_is_left_out_for_its_reason(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = Index.open(folder)
    page = audit(index).documents[2]
    assert (page.accounted, page.round_trips) == (1.0, page.passages)
    around = "首页政务公开主办单位丙县人民政府办公室"
    assert page.furniture == {"网页栏目": len(around)}
    assert page.left_out == {"chrome": len(around)}
    assert all(one.accounted == 1.0 for one in audit(index).documents)
    assert main(["audit", str(folder)]) == 0
    assert f"网页栏目 {len(around)} 字" in capsys.readouterr().out
