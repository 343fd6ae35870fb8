"""Libraries side by side: made, filled, changed and deleted; two never change one at once."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest
from filelock import FileLock

from index import Index, IndexLockedError, InputError, build, is_current, store
from qa import Engine, Shelf
from qa.holding import Holding, alone, mark
from qa.home import Home, default_home
from qa.intake import harmless
from qa.shelf import READ_ONLY, SEEDS, stocked

Source = Callable[..., Path]
PLAN = "甲市规划\n一、目标\n到2025年，甲市城镇化率达到70%。\n"
OTHER = "乙市规划\n一、目标\n到2025年，乙市城镇化率达到60%。\n"
NEWER = "甲市规划\n一、目标\n现予修订。到2025年，甲市城镇化率达到75%。\n"


def silent(_step: str, _done: int, _total: int) -> None:
    """Report nothing."""


def _word(*texts: str) -> bytes:
    out, file = docx.Document(), io.BytesIO()
    for text in texts:
        out.add_paragraph(text)
    out.save(file)
    return file.getvalue()


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", PLAN)
    return file.getvalue()


@pytest.fixture
def first(source: Source, tmp_path: Path) -> Engine:
    return Engine.open(build([source({"x.txt": OTHER}, "x")], tmp_path / "first").folder)


@pytest.fixture
def shelf(first: Engine, tmp_path: Path) -> Shelf:
    return stocked(first, Home(tmp_path / "home"), seeds=False)


@pytest.fixture
def given(source: Source) -> Callable[..., list[Path]]:
    def make(files: dict[str, str | bytes]) -> list[Path]:
        folder = source(files, f"given-{'-'.join(files)[:40]}")
        return [folder / name for name in files]

    return make


@pytest.fixture
def own(shelf: Shelf, given: Callable[..., list[Path]]) -> Iterator[Shelf]:
    """A shelf with a library of two documents; it is as a fresh build would make it in the end."""
    shelf.create(
        "我的", given({"a.txt": PLAN, "b.docx": _word("丙市规划", "丙市要发展。")}), silent
    )
    yield shelf
    holding = shelf.holding("我的")
    assert holding.sources is not None
    assert is_current(holding.index, [holding.sources])
    assert not list(holding.sources.glob(".*"))


def _documents(shelf: Shelf, name: str = "我的") -> dict[str, str]:
    return {k: d.text for k, d in shelf.get(name).engine.index.documents.items()}


def _mark(shelf: Shelf, document: str, name: str = "我的") -> str:
    return mark(shelf.get(name).engine.index.documents[document])


# Making and deleting


def test_a_library_is_made_of_files_and_answers(own: Shelf, tmp_path: Path) -> None:
    assert list(own.libraries) == ["first", "我的"]
    assert set(_documents(own)) == {"a.txt", "b.docx"}
    engine = own.get("我的").engine
    assert "70%" in engine.ask("甲市2025年城镇化率目标").text
    assert engine.options is own.get(None).engine.options
    assert sorted(p.name for p in (tmp_path / "home/我的/sources").iterdir()) == ["a.txt", "b.docx"]


def test_libraries_are_there_again_after_a_restart(
    own: Shelf, first: Engine, tmp_path: Path
) -> None:
    again = stocked(first, Home(tmp_path / "home"), seeds=True)
    assert list(again.libraries) == [SEEDS, "我的"]
    assert _documents(again) == _documents(own)
    closed = stocked(first, Home(tmp_path / "home"), seeds=False, read_only=True)
    assert list(closed.libraries) == ["first", "我的"]
    with pytest.raises(InputError, match="只读"):
        closed.holding("我的").remove(closed.get("我的").engine, "a.txt", "", silent)
    assert closed.holding("first").locked == READ_ONLY
    assert not closed.grows


def test_an_index_of_another_version_is_made_anew_of_the_sources(
    own: Shelf, first: Engine, tmp_path: Path
) -> None:
    folder = tmp_path / "home/我的/index"
    path = store.current(folder) / store.MANIFEST
    path.write_text(path.read_text().replace(f'"format": {store.FORMAT}', '"format": 0'))
    again = stocked(first, Home(tmp_path / "home"), seeds=False)
    assert set(_documents(again)) == {"a.txt", "b.docx"}


def test_a_library_that_cannot_be_opened_is_left_alone_and_told(
    own: Shelf, first: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "home/坏的/sources").mkdir(parents=True)
    again = stocked(first, Home(tmp_path / "home"), seeds=False)
    assert list(again.libraries) == ["first", "我的"]
    assert "坏的" in caplog.text


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "起一个名称"), ("..", "不能以点开头"), ("a/b", "符号"), ("a\\b", "符号"), ("城" * 31, "31 字"),
        ("first", "已有名为"), ("a\nb\x00", "符号"),
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_is_refused(
    name: str, told: str, shelf: Shelf, given: Callable[..., list[Path]], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=told):
        shelf.create(name, given({"a.txt": PLAN}), silent)
    assert not list(tmp_path.glob("home/*"))


def test_a_library_of_nothing_readable_is_not_made(
    shelf: Shelf, given: Callable[..., list[Path]], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="至少要有一份"):
        shelf.create("空", [], silent)
    with pytest.raises(InputError, match=r"a\.txt：.*空"):
        shelf.create("空", given({"a.txt": b""}), silent)
    assert list(shelf.libraries) == ["first"]
    assert list((tmp_path / "home").iterdir()) == []


def test_a_library_is_deleted_with_its_files_and_its_engine_answers_on(
    own: Shelf, tmp_path: Path
) -> None:
    engine = own.get("我的").engine
    kept = own.holding("我的")
    with alone(kept.index), pytest.raises(IndexLockedError, match="另一个窗口"):
        own.delete("我的")
    own.delete("我的")
    assert list((tmp_path / "home").iterdir()) == []
    assert "70%" in engine.ask("甲市2025年城镇化率目标").text
    with pytest.raises(InputError, match="已经删除"):
        own.get("我的")
    with pytest.raises(InputError, match="不能在这里删除"):
        own.delete("first")
    # The fixture looks at what is left.
    own.create("我的", [_file(tmp_path, "c.txt", PLAN)], silent)


def _file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# Adding, replacing, removing, editing


def test_good_files_are_taken_in_and_bad_ones_told(
    own: Shelf, given: Callable[..., list[Path]]
) -> None:
    files = given(
        {
            "c.txt": OTHER, "空.txt": b"", "包.zip": _zip(), "假.docx": _zip(), "a.txt": NEWER,
            "同.txt": PLAN, "字.pdf": PLAN, "程序.exe": b"\x7fELF\x00\x01", "无名": _word("丁市规划", "好。"),
            "其实是.txt": _word("戊市规划", "好。"),
        }
    )  # fmt: skip
    outcome = own.holding("我的").add(own.get("我的").engine, files, silent)
    assert outcome.done == ("c.txt", "无名.docx", "其实是.txt")
    assert set(_documents(own)) == {"a.txt", "b.docx", *outcome.done}
    told = {name: why.split("。")[0] for name, why in outcome.refused.items()}
    assert set(told) == {"空.txt", "包.zip", "假.docx", "a.txt", "同.txt", "字.pdf", "程序.exe"}
    assert "压缩包" in told["假.docx"]
    assert "同名" in told["a.txt"]
    assert told["同.txt"] == "内容与“a.txt”完全相同"
    assert "内容却不是 PDF" in told["字.pdf"]
    assert any("内容是 Word" in note for note in outcome.notes)
    assert not any("/" in why.replace("、.", "") for why in outcome.refused.values())


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"), ("..\\..\\a.txt", "a.txt"), ("..", "未命名.txt"),
        (".hidden.txt", "hidden.txt"), ("a\x00\n<b>.txt", "ab.txt"), ("规划（一）〔2022〕.pdf",) * 2,
        ("", "未命名.txt"),
    ],
)  # fmt: skip
def test_a_name_leads_nowhere_else(name: str, kept: str) -> None:
    assert harmless(name) == kept


def test_a_long_name_is_cut_and_keeps_its_kind() -> None:
    assert len(harmless("城" * 300 + ".docx").encode()) <= 150
    assert harmless("城" * 300 + ".docx").endswith("城.docx")


def test_a_file_too_large_is_refused_before_it_is_copied(own: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(2**30)
    with pytest.raises(InputError, match="1024 MB，超过上限 100 MB"):
        own.holding("我的").add(own.get("我的").engine, [path], silent)


def test_a_new_version_takes_the_place_and_what_was_said_stays(own: Shelf, tmp_path: Path) -> None:
    holding, living = own.holding("我的"), own.get("我的")
    assert holding.sources is not None
    holding.edit(living.engine, "a.txt", _mark(own, "a.txt"), {"issuer": "甲市政府"}, silent)
    before = living.engine
    path = _file(tmp_path, "new.txt", NEWER)
    outcome = holding.replace(living.engine, "a.txt", _mark(own, "a.txt"), path, silent)
    assert outcome.done == ("a.txt",)
    assert "75%" in living.engine.ask("甲市2025年城镇化率目标").text
    assert living.engine.index.documents["a.txt"].issuer == "甲市政府"
    assert (holding.sources / "a.txt").read_text(encoding="utf-8") == NEWER
    # Who asked before goes on with what was there.
    assert "70%" in before.ask("甲市2025年城镇化率目标").text


def test_a_new_version_of_another_kind_takes_its_kinds_name(own: Shelf, tmp_path: Path) -> None:
    holding, living = own.holding("我的"), own.get("我的")
    holding.edit(living.engine, "a.txt", _mark(own, "a.txt"), {"issuer": "甲市政府"}, silent)
    path = _file(tmp_path, "v2.docx", _word("甲市规划", "到2025年，甲市城镇化率达到75%。"))
    outcome = holding.replace(living.engine, "a.txt", _mark(own, "a.txt"), path, silent)
    assert outcome.done == ("a.docx",)
    assert set(_documents(own)) == {"a.docx", "b.docx"}
    assert living.engine.index.documents["a.docx"].issuer == "甲市政府"


@pytest.mark.parametrize("content", [b"", _zip(), PLAN.encode()], ids=["empty", "zip", "same"])
def test_a_version_that_cannot_be_read_changes_nothing(
    content: bytes, own: Shelf, tmp_path: Path
) -> None:
    holding, living = own.holding("我的"), own.get("我的")
    holding.edit(living.engine, "a.txt", _mark(own, "a.txt"), {"issuer": "甲市政府"}, silent)
    before = living.engine.index.pointer
    path = _file(tmp_path, "new.txt", content)
    with pytest.raises(InputError):
        holding.replace(living.engine, "a.txt", _mark(own, "a.txt"), path, silent)
    assert living.engine.index.pointer == before


def test_a_document_is_removed_and_the_last_one_stays(own: Shelf) -> None:
    holding, living = own.holding("我的"), own.get("我的")
    assert holding.sources is not None
    holding.edit(living.engine, "a.txt", _mark(own, "a.txt"), {"issuer": "甲市政府"}, silent)
    holding.remove(living.engine, "a.txt", _mark(own, "a.txt"), silent)
    assert set(_documents(own)) == {"b.docx"}
    assert not (holding.sources / "a.txt").exists()
    with pytest.raises(InputError, match="唯一的文件"):
        holding.remove(living.engine, "b.docx", _mark(own, "b.docx"), silent)


def test_only_the_document_whose_metadata_change_is_analysed(own: Shelf) -> None:
    holding, living = own.holding("我的"), own.get("我的")
    assert holding.sources is not None
    steps: list[tuple[str, int, int]] = []
    values = {"title": "甲市城镇化规划", "period": "2021-2025", "number": ""}
    holding.edit(
        living.engine, "a.txt", _mark(own, "a.txt"), values, lambda *s: steps.append(s)
    )  # fmt: skip
    document = living.engine.index.documents["a.txt"]
    assert (document.title, document.period) == ("甲市城镇化规划", (2021, 2025))
    (row,) = json.loads((holding.sources / "manifest.json").read_text("utf-8"))["documents"]
    assert row == {"file": "a.txt", "title": "甲市城镇化规划", "period": [2021, 2025]}
    pointer = living.engine.index.pointer
    assert holding.edit(living.engine, "a.txt", _mark(own, "a.txt"), values, silent).done == ()
    assert living.engine.index.pointer == pointer
    with pytest.raises(InputError, match="例如 2021-2035"):
        holding.edit(living.engine, "a.txt", _mark(own, "a.txt"), {"period": "x"}, silent)


def test_a_word_files_metadata_change_and_its_original_stays(own: Shelf) -> None:
    holding, living = own.holding("我的"), own.get("我的")
    holding.edit(living.engine, "b.docx", _mark(own, "b.docx"), {"issued": "2022-07"}, silent)
    assert living.engine.index.documents["b.docx"].issued == "2022-07"
    assert living.engine.index.original("b.docx") is not None


# Two at once


def test_what_has_changed_since_it_was_seen_is_not_overwritten(own: Shelf) -> None:
    holding, living = own.holding("我的"), own.get("我的")
    seen = _mark(own, "a.txt")
    holding.edit(living.engine, "a.txt", seen, {"title": "第一个窗口"}, silent)
    for change in (
        lambda: holding.edit(living.engine, "a.txt", seen, {"title": "第二个窗口"}, silent),
        lambda: holding.remove(living.engine, "a.txt", seen, silent),
    ):
        with pytest.raises(InputError, match="在您打开之后已被更改"):
            change()
    with pytest.raises(InputError, match="已经没有“c"):
        holding.remove(living.engine, "c.txt", seen, silent)
    assert living.engine.index.documents["a.txt"].title == "第一个窗口"


@pytest.mark.parametrize("other", ["page", "command"])
def test_a_second_writer_is_told_and_changes_nothing(
    other: str, own: Shelf, tmp_path: Path
) -> None:
    holding, living = own.holding("我的"), own.get("我的")
    lock = FileLock(holding.index / (".changing" if other == "page" else ".lock"))
    before = living.engine.index.pointer
    with lock:
        for change in (
            lambda: holding.add(living.engine, [_file(tmp_path, "c.txt", OTHER)], silent),
            lambda: holding.edit(living.engine, "a.txt", _mark(own, "a.txt"), {"title": "丙"}, silent),
            lambda: holding.replace(
                living.engine, "a.txt", _mark(own, "a.txt"), _file(tmp_path, "n.txt", NEWER), silent
            ),
            lambda: holding.remove(living.engine, "a.txt", _mark(own, "a.txt"), silent),
        ):  # fmt: skip
            with pytest.raises(IndexLockedError, match="另一个窗口或程序正在更改"):
                change()
        # Asking goes on.
        assert "70%" in living.engine.ask("甲市2025年城镇化率目标").text
    assert living.engine.index.pointer == before
    holding.add(living.engine, [_file(tmp_path, "c.txt", OTHER)], silent)
    assert "c.txt" in _documents(own)


# An index whose sources belong to someone else


def test_the_sources_of_others_are_never_touched(shelf: Shelf, tmp_path: Path) -> None:
    holding, living = shelf.holding("first"), shelf.get("first")
    assert holding == Holding(tmp_path / "first")
    theirs = tmp_path / "x/x.txt"
    outcome = holding.add(
        living.engine, [_file(tmp_path, "a.docx", _word("甲市规划", "好。"))], silent
    )
    assert outcome.done == ("a.docx",)
    assert living.engine.index.original("a.docx") is not None
    holding.edit(living.engine, "x.txt", _mark(shelf, "x.txt", "first"), {"title": "改"}, silent)
    assert living.engine.index.documents["x.txt"].title == "改"
    holding.edit(living.engine, "a.docx", _mark(shelf, "a.docx", "first"), {"title": "丙"}, silent)
    new = _file(tmp_path, "n.txt", NEWER)
    holding.replace(living.engine, "x.txt", _mark(shelf, "x.txt", "first"), new, silent)
    holding.remove(living.engine, "x.txt", _mark(shelf, "x.txt", "first"), silent)
    assert list(living.engine.index.documents) == ["a.docx"]
    assert theirs.read_text(encoding="utf-8") == OTHER
    assert [p.name for p in (tmp_path / "x").iterdir()] == ["x.txt"]


def test_the_library_of_the_seeds_is_not_changed(first: Engine, tmp_path: Path) -> None:
    shelf = stocked(first, Home(tmp_path / "home"), seeds=True)
    holding, living = shelf.holding(SEEDS), shelf.get(SEEDS)
    for change in (
        lambda: holding.add(living.engine, [_file(tmp_path, "c.txt", PLAN)], silent),
        lambda: holding.edit(living.engine, "x.txt", _mark(shelf, "x.txt", SEEDS), {}, silent),
        lambda: holding.remove(living.engine, "x.txt", _mark(shelf, "x.txt", SEEDS), silent),
        lambda: shelf.delete(SEEDS),
    ):
        with pytest.raises(InputError, match="新建"):
            change()
    assert Index.open(holding.index).pointer == living.engine.index.pointer


def test_a_shelf_needs_a_library_and_knows_its_names(first: Engine) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Shelf({})
    shelf = Shelf({"甲": first})
    assert shelf.get(None) is shelf.get("甲") is shelf.get("")
    with pytest.raises(InputError, match="没有开放新建"):
        shelf.create("乙", [], silent)


def test_libraries_live_where_the_user_keeps_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("GUIWEN_LIBRARIES", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_home() == tmp_path / "guiwen" / "libraries"
    monkeypatch.setenv("GUIWEN_LIBRARIES", str(tmp_path / "x"))
    assert default_home() == tmp_path / "x"
