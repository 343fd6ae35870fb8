import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from index import (
    BuildOptions,
    ChunkSize,
    Index,
    IndexDamagedError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    SourceError,
    StoreError,
    build,
    is_current,
    store,
)
from index.static import StaticEncoder
from qa import library

Source = Callable[..., Path]
OLD = {
    "a.txt": "甲市规划\n一、目标\n到2025年,城镇化率达到70%。\n二、保障\n加强组织领导,明确责任分工。\n"
}
NEW = {
    "b.txt": "乙市规划\n一、目标\n到2035年,城镇化率达到80%。\n二、保障\n加强资金保障,落实财政投入。\n"
}


def _manifest(folder: Path) -> Path:
    return store.current(folder) / store.MANIFEST


def _edit(folder: Path, **changes: object) -> None:
    """Change the record as a builder of another version would have written it."""
    path = _manifest(folder)
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    store._point(folder, path.parent.name)


def _files(folder: Path) -> list[str]:
    return sorted(store.opened(folder)[1].files)


@pytest.fixture
def small(source: Source, tmp_path: Path) -> Path:
    """A small index of ``OLD``."""
    return build([source(OLD, "old")], tmp_path / "index").folder


# What an index holds


def test_what_is_opened_is_what_was_built(seeds_index: Index) -> None:
    for name, document in seeds_index.documents.items():
        assert document.text == (library.SEEDS / name).read_text(encoding="utf-8")
    assert [chunk.id for chunk in seeds_index.chunks] == list(range(len(seeds_index.chunks)))
    assert list(seeds_index.outlines) == list(seeds_index.documents)
    assert seeds_index.manifest.passages == len(seeds_index.chunks)
    assert seeds_index.manifest.sources.keys() == seeds_index.documents.keys()


def test_every_file_of_a_generation_is_in_the_manifest(seeds_folder: Path) -> None:
    generation = store.current(seeds_folder)
    there = {
        path.relative_to(generation).as_posix() for path in generation.rglob("*") if path.is_file()
    }
    assert there == {*_files(seeds_folder), store.MANIFEST}


def test_two_builds_in_two_processes_are_byte_for_byte_alike(
    seeds_folder: Path, tmp_path: Path
) -> None:
    code = (
        "import sys; from pathlib import Path; from index import build;"
        "build([Path(sys.argv[1])], Path(sys.argv[2]))"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(library.SEEDS), str(tmp_path / "index")],
        check=True,
        cwd=library.SEEDS.parent,
        env={**os.environ, "PYTHONHASHSEED": "1"},
    )
    one, other = store.current(seeds_folder), store.current(tmp_path / "index")
    assert one.name == other.name
    files = [*_files(seeds_folder), store.MANIFEST]
    assert _files(tmp_path / "index") == files[:-1]
    for name in files:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


def test_two_builds_in_one_process_are_byte_for_byte_alike(
    seeds_folder: Path, tmp_path: Path
) -> None:
    again = build([library.SEEDS], tmp_path / "index").folder
    one, other = store.current(seeds_folder), store.current(again)
    assert _files(again) == _files(seeds_folder)
    for name in [*_files(again), store.MANIFEST]:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


# Damage


def test_a_flipped_byte_in_any_file_is_found_and_named(copied_index: Path) -> None:
    generation = store.current(copied_index)
    paths = [generation / name for name in [*_files(copied_index), store.MANIFEST]]
    for path in [*paths, copied_index / store.CURRENT]:
        good = path.read_bytes()
        for at in (0, len(good) // 3, len(good) // 2, len(good) - 1):
            path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
            with pytest.raises(IndexDamagedError) as caught:
                Index.open(copied_index)
            assert str(path) in str(caught.value)
            assert "校验和" in str(caught.value)
        path.write_bytes(good)
    Index.open(copied_index)


def test_any_flipped_bit_of_the_pointer_is_found(small: Path) -> None:
    build([small.parent / "old"], small, BuildOptions(size=ChunkSize(longest=60)))
    path = small / store.CURRENT
    good = path.read_bytes()
    assert (small / "gen-000001").is_dir()
    for at in range(len(good)):
        for bit in range(8):
            path.write_bytes(good[:at] + bytes([good[at] ^ 1 << bit]) + good[at + 1 :])
            with pytest.raises(IndexDamagedError, match=store.CURRENT):
                store.opened(small)


def test_loss_of_any_single_file_is_found_and_named(copied_index: Path) -> None:
    for name in [*_files(copied_index), store.MANIFEST]:
        path = store.current(copied_index) / name
        aside = path.rename(copied_index / ".aside")
        with pytest.raises(IndexDamagedError) as caught:
            Index.open(copied_index)
        assert str(path) in str(caught.value)
        assert "缺失" in str(caught.value)
        aside.rename(path)
    Index.open(copied_index)


def test_a_truncated_file_is_found(copied_index: Path) -> None:
    path = store.current(copied_index) / "chunks.jsonl"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IndexDamagedError, match=r"chunks\.jsonl"):
        Index.open(copied_index)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"format": "x"}', '{"passages": 1}'])
def test_an_unreadable_manifest_is_damage(small: Path, content: str) -> None:
    _manifest(small).write_text(content)
    with pytest.raises(IndexDamagedError, match=r"manifest\.json"):
        Index.open(small)


def test_a_manifest_without_a_field_is_damage(small: Path) -> None:
    _manifest(small).write_text(json.dumps({"format": store.FORMAT}))
    store._point(small, store.current(small).name)
    with pytest.raises(IndexDamagedError, match="缺少字段"):
        Index.open(small)


@pytest.mark.parametrize("content", ["gen-000099\n", "", "old\n", "../other\n", "gen-/../..\n"])
def test_a_pointer_that_leads_nowhere_is_damage(small: Path, content: str) -> None:
    (small / store.CURRENT).write_text(content)
    with pytest.raises(IndexDamagedError):
        Index.open(small)


def test_an_index_of_the_first_format_is_of_another_making(small: Path) -> None:
    generation = store.current(small)
    _edit(small, format=1)
    (small / store.CURRENT).write_text(f"{generation.name}\n")
    with pytest.raises(IndexMismatchError, match="第 1 版"):
        Index.open(small)
    _edit(small, format=store.FORMAT)
    (small / store.CURRENT).write_text(f"{generation.name}\n")
    with pytest.raises(IndexDamagedError, match=store.CURRENT):
        Index.open(small)


# Missing and of another making


def test_a_folder_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="不存在"):
        Index.open(tmp_path / "none")


def test_a_folder_without_a_pointer_is_no_index(small: Path) -> None:
    (small / store.CURRENT).unlink()
    with pytest.raises(IndexMissingError, match=store.CURRENT):
        Index.open(small)


def test_a_file_in_the_place_of_the_folder_is_missing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(IndexMissingError):
        Index.open(tmp_path / "file")


def test_another_format_is_refused_with_both_numbers(small: Path) -> None:
    _edit(small, format=store.FORMAT + 1)
    with pytest.raises(IndexMismatchError, match=rf"{store.FORMAT + 1} 版.*{store.FORMAT} 版"):
        Index.open(small)


@pytest.mark.parametrize("step", ["normalise", "outline", "chunk", "terms"])
def test_another_analysis_is_refused_by_name(small: Path, step: str) -> None:
    versions = store.opened(small)[1].versions
    assert step in versions
    _edit(small, versions={**versions, step: 99})
    with pytest.raises(IndexMismatchError, match=rf"{step}）为第 99 版.*第 {versions[step]} 版"):
        Index.open(small)


def test_an_analysis_that_is_not_recorded_is_refused(small: Path) -> None:
    _edit(small, versions={})
    with pytest.raises(IndexMismatchError):
        Index.open(small)


def test_another_encoder_is_refused_with_both_fingerprints(small: Path) -> None:
    good = store.opened(small)[1].fingerprint
    _edit(small, fingerprint="0123456789abcdef")
    with pytest.raises(IndexMismatchError) as caught:
        Index.open(small)
    assert "0123456789abcdef" in str(caught.value)
    assert good in str(caught.value)


# Writing


def test_a_second_build_takes_the_next_number_and_keeps_one_generation(
    small: Path, source: Source
) -> None:
    names = [store.current(small).name]
    for number in range(3):
        build(
            [source({**NEW, "c.txt": f"丙市规划\n到2025年达到{number}家。"}, f"n{number}")], small
        )
        names.append(store.current(small).name)
    assert names == [f"gen-{n:06d}" for n in range(1, 5)]
    assert sorted(path.name for path in small.glob("gen-*")) == names[-2:]
    assert list(Index.open(small).documents) == ["b.txt", "c.txt"]


def test_nothing_else_is_left_in_the_folder(small: Path) -> None:
    assert {path.name for path in small.iterdir()} <= {"CURRENT", "gen-000001", ".lock"}


def test_a_folder_with_other_files_is_not_written_to(source: Source, tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "thesis.docx").write_text("work of years")
    with pytest.raises(StoreError, match=r"thesis\.docx"):
        build([source(OLD)], full)
    assert [path.name for path in full.iterdir()] == ["thesis.docx"]


def test_a_file_in_the_place_of_the_folder_is_a_store_error(source: Source, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="无法写入"):
        build([source(OLD)], tmp_path / "file")
    assert (tmp_path / "file").read_text() == "x"


def test_a_folder_that_another_process_writes_is_locked(small: Path, source: Source) -> None:
    new = source(NEW, "new")
    with FileLock(small / ".lock"), pytest.raises(IndexLockedError, match="另一个进程"):
        build([new], small)
    assert list(Index.open(small).documents) == ["a.txt"]
    build([new], small)
    assert list(Index.open(small).documents) == ["b.txt"]


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), ValueError("x"), KeyboardInterrupt()]
)
def test_a_build_that_fails_midway_leaves_the_old_index_answering(
    small: Path, source: Source, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(store, "write_manifest", fail)
    expected = StoreError if isinstance(error, OSError) else type(error)
    with pytest.raises(expected):
        build([source(NEW, "new")], small)
    assert list(Index.open(small).documents) == ["a.txt"]
    assert not list(small.glob(".new-*"))


def test_a_source_that_cannot_be_read_leaves_the_old_index(small: Path, source: Source) -> None:
    with pytest.raises(SourceError):
        build([source({"b.txt": b""}, "new")], small)
    assert list(Index.open(small).documents) == ["a.txt"]


def test_what_a_killed_build_left_is_swept_by_the_next(small: Path, source: Source) -> None:
    (small / ".new-99999").mkdir()
    (small / ".new-99999" / "chunks.jsonl").write_text("half")
    shutil.copytree(store.current(small), small / "gen-000002")
    build([source(NEW, "new")], small)
    assert store.current(small).name == "gen-000003"
    assert not list(small.glob(".new-*"))


def test_a_reader_goes_on_answering_after_two_rebuilds(small: Path, source: Source) -> None:
    opened = Index.open(small)
    row = opened.chunks[-1].id
    query = opened.encoder.encode(["组织领导"])[0]

    def answers() -> list[object]:
        return [
            opened.search_text(row),
            opened.sparse.scores({"组织": 1.0}).tolist(),
            opened.dense.top(query, 3)[0].tolist(),
        ]

    before = answers()
    for number in range(2):
        build([source({"b.txt": f"乙市规划\n到2025年达到{number}家。"}, f"new{number}")], small)
    assert not (small / "gen-000001").exists()
    assert answers() == before


# Is it current?


def test_an_index_is_current_until_a_source_its_metadata_or_the_analysis_changes(
    source: Source, tmp_path: Path
) -> None:
    folder = source(OLD, "old")
    made = build([folder], tmp_path / "index").folder
    assert is_current(made, [folder])
    (folder / "manifest.json").write_text('{"documents": [{"file": "a.txt", "issuer": "某局"}]}')
    assert not is_current(made, [folder])
    (folder / "manifest.json").unlink()
    assert is_current(made, [folder])
    (folder / "b.txt").write_text("乙市规划")
    assert not is_current(made, [folder])
    (folder / "b.txt").unlink()
    _edit(made, versions={})
    assert not is_current(made, [folder])


def test_an_index_of_another_encoder_is_not_current(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_current(small, [tmp_path / "old"])
    monkeypatch.setattr(StaticEncoder, "fingerprint", "fedcba9876543210")
    assert not is_current(small, [tmp_path / "old"])


# The order of the steps


def test_progress_tells_each_step_to_its_end(source: Source, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    build([source(OLD)], tmp_path / "index", progress=lambda *step: told.append(step))
    steps = list(dict.fromkeys(step for step, _, _ in told))
    assert steps == ["读取", "分析", "写入"]
    for name in steps:
        counts = [(done, total) for step, done, total in told if step == name]
        assert counts == sorted(counts)
        assert counts[-1][0] == counts[-1][1]


def test_options_are_recorded_and_followed(source: Source, tmp_path: Path) -> None:
    long = {"a.txt": "一、目标\n" + "加快推进新型城镇化建设工作取得实效。" * 30}
    options = BuildOptions(size=ChunkSize(longest=60))
    made = Index.open(build([source(long)], tmp_path / "index", options).folder)
    assert made.manifest.options["size"] == {"longest": 60, "metadata": 400}
    assert made.manifest.options["bm25"] == {"k1": 1.2, "b": 0.5, "delta": 0.5}
    assert len(made.chunks) > 5
    assert all(len(made.text(chunk)) <= 61 for chunk in made.chunks)
