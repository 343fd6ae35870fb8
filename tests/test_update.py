import random
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from index import (
    BuildOptions,
    Changes,
    ChunkSize,
    Document,
    Index,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    InputError,
    SourceError,
    StoreError,
    analysis,
    build,
    read_sources,
    store,
    update,
)
from index.sparse import Bm25Parameters
from index.static import StaticEncoder

Source = Callable[..., Path]
TEXTS = {
    "a.txt": "甲市规划\n一、目标\n到2025年,城镇化率达到70%。\n二、保障\n加强组织领导,明确责任分工。\n",
    "b.txt": "乙市规划\n一、目标\n到2025年,森林覆盖率达到30%,城镇化率达到65%。\n",
    "区县/c.txt": "丙县规划\n第一章 总则\n坚持绿色发展,坚持改革开放。\n第二章 任务\n新建公园12个。\n",
}
OTHER = "丁市规划\n一、目标\n到2030年,城镇化率达到75%。\n"


def _bytes(folder: Path) -> dict[str, bytes]:
    """Each file of the generation in use but the manifest, which names no time or place either."""
    generation = store.current(folder)
    return {
        path.relative_to(generation).as_posix(): path.read_bytes()
        for path in generation.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def folder(source: Source, tmp_path: Path) -> Path:
    return build([source(TEXTS)], tmp_path / "index").folder


@pytest.fixture
def fresh(source: Source, tmp_path: Path) -> Iterator[Callable[[dict[str, str]], Path]]:
    """Build an index of texts from nothing."""
    count = 0

    def make(texts: dict[str, str]) -> Path:
        nonlocal count
        count += 1
        return build([source(texts, f"fresh{count}")], tmp_path / f"fresh{count}.idx").folder

    return make


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are embedded from now on."""
    texts: list[str] = []
    real = StaticEncoder.encode

    def encode(self: StaticEncoder, given: list[str]) -> object:
        texts.extend(given)
        return real(self, given)

    monkeypatch.setattr(StaticEncoder, "encode", encode)
    return texts


def _document(source: Source, name: str, text: str) -> Document:
    folder = source({name: text}, f"put of {len(text)} as {name}")
    (found,) = read_sources([folder]).documents
    return found


# The same as a fresh build


def test_a_document_added_is_as_if_it_had_been_there(
    folder: Path, source: Source, fresh: Callable[..., Path], encoded: list[str]
) -> None:
    report = update(folder, Changes(put=(_document(source, "aa.txt", OTHER),)))
    assert report.analysed == ("aa.txt",)
    assert [row.document_id for row in report.coverage] == ["aa.txt"]
    assert encoded
    assert all("丁市" in text or "城镇化率" in text for text in encoded)
    assert not any("甲市" in text or "丙县" in text for text in encoded)
    assert _bytes(folder) == _bytes(fresh({**TEXTS, "aa.txt": OTHER}))


def test_a_document_replaced_is_its_new_version(
    folder: Path, source: Source, fresh: Callable[..., Path], encoded: list[str]
) -> None:
    report = update(folder, Changes(put=(_document(source, "b.txt", OTHER),)))
    assert report.analysed == ("b.txt",)
    assert not any("甲市" in text or "丙县" in text for text in encoded)
    assert _bytes(folder) == _bytes(fresh({**TEXTS, "b.txt": OTHER}))


def test_a_document_removed_leaves_nothing(
    folder: Path, fresh: Callable[..., Path], encoded: list[str]
) -> None:
    report = update(folder, Changes(removed=("a.txt",)))
    assert report.removed == ("a.txt",)
    assert report.analysed == ()
    assert encoded == []
    rest = {name: text for name, text in TEXTS.items() if name != "a.txt"}
    assert _bytes(folder) == _bytes(fresh(rest))
    assert not any(b"\xe7\x94\xb2\xe5\xb8\x82" in content for content in _bytes(folder).values())


def test_a_document_renamed_is_not_analysed_again(
    folder: Path, fresh: Callable[..., Path], encoded: list[str]
) -> None:
    report = update(folder, Changes(renamed={"a.txt": "区县/z.txt"}))
    assert report.analysed == ()
    assert report.removed == ("a.txt",)
    assert encoded == []
    rest = {name: text for name, text in TEXTS.items() if name != "a.txt"}
    assert _bytes(folder) == _bytes(fresh({**rest, "区县/z.txt": TEXTS["a.txt"]}))


def test_what_the_old_name_had_said_the_new_one_says(
    source: Source, fresh: Callable[..., Path], tmp_path: Path
) -> None:
    untitled = "到2025年,城镇化率达到70%。加强组织领导,明确责任分工,落实各项任务。\n" * 3
    texts = {"济南市规划.txt": untitled, "b.txt": TEXTS["b.txt"]}
    made = fresh(texts)
    assert Index.open(made).documents["济南市规划.txt"].region == "济南市"
    update(made, Changes(renamed={"济南市规划.txt": "青岛市规划.txt"}))
    assert Index.open(made).documents["青岛市规划.txt"].region == "青岛市"
    again = fresh({"青岛市规划.txt": untitled, "b.txt": TEXTS["b.txt"]})
    assert _bytes(made) == _bytes(again)


def test_metadata_of_a_manifest_outlives_a_rename(source: Source, tmp_path: Path) -> None:
    folder = source(
        {
            "a.txt": TEXTS["a.txt"],
            "manifest.json": '{"documents": [{"file": "a.txt", "title": "甲", "region": "济南市"}]}',
        }
    )
    made = build([folder], tmp_path / "index").folder
    update(made, Changes(renamed={"a.txt": "b.txt"}))
    document = Index.open(made).documents["b.txt"]
    assert (document.title, document.region) == ("甲", "济南市")


def test_any_sequence_of_changes_gives_what_a_fresh_build_gives(
    folder: Path, source: Source, fresh: Callable[..., Path]
) -> None:
    dice = random.Random(5)
    texts = dict(TEXTS)
    for step in range(12):
        removed: list[str] = []
        renamed: dict[str, str] = {}
        put: list[Document] = []
        names = sorted(texts)
        if len(names) > 2 and dice.random() < 0.5:
            removed.append(dice.choice(names))
            texts.pop(removed[0])
        if dice.random() < 0.5:
            old, new = dice.choice(sorted(texts)), f"{dice.choice('甲乙丙')}{step}.txt"
            renamed[old] = new
            texts[new] = texts.pop(old)
        name = dice.choice([*sorted(texts), f"新{step}.txt"])
        texts[name] = f"戊市规划\n一、目标\n到2025年,公园达到{dice.randint(10, 99)}个。\n"
        put.append(_document(source, name, texts[name]))
        update(folder, Changes(tuple(put), tuple(removed), renamed))
        assert _bytes(folder) == _bytes(fresh(texts)), step


def test_ranking_is_the_same_bit_for_bit(
    folder: Path, source: Source, fresh: Callable[..., Path]
) -> None:
    update(folder, Changes(put=(_document(source, "aa.txt", OTHER),), removed=("b.txt",)))
    texts = {**TEXTS, "aa.txt": OTHER}
    del texts["b.txt"]
    one, other = Index.open(folder), Index.open(fresh(texts))
    rows = np.arange(len(one.chunks), dtype=np.int64)
    for query in ("城镇化率", "公园", "组织领导"):
        vector = one.encoder.encode([query])[0]
        for mine, theirs in (
            (one.dense.top(vector, 9), other.dense.top(vector, 9)),
            (one.late_matches(query, rows), other.late_matches(query, rows)),
        ):
            assert mine is not None
            assert theirs is not None
            assert all(np.array_equal(a, b) for a, b in zip(mine, theirs, strict=True))
        weights = {"城镇": 1.0, "公园": 0.7}
        assert np.array_equal(one.sparse.scores(weights), other.sparse.scores(weights))


def test_the_options_of_the_index_are_kept(source: Source, tmp_path: Path) -> None:
    long = "一、目标\n" + "加快推进新型城镇化建设工作取得实效。" * 30
    options = BuildOptions(size=ChunkSize(longest=60))
    made = build([source(TEXTS)], tmp_path / "index", options).folder
    update(made, Changes(put=(_document(source, "long.txt", long),)))
    index = Index.open(made)
    assert index.manifest.options["size"]["longest"] == 60
    assert len(index.document_rows["long.txt"]) > 5


# Building again


def test_building_again_analyses_only_what_changed(
    folder: Path, source: Source, fresh: Callable[..., Path], tmp_path: Path
) -> None:
    sources = tmp_path / "sources"
    (sources / "b.txt").write_text(OTHER)
    (sources / "a.txt").rename(sources / "moved.txt")
    report = build([sources], folder)
    assert report.analysed == ("b.txt",)
    assert report.removed == ("a.txt",)
    assert [row.document_id for row in report.coverage] == ["b.txt", "moved.txt", "区县/c.txt"]
    texts = {"b.txt": OTHER, "moved.txt": TEXTS["a.txt"], "区县/c.txt": TEXTS["区县/c.txt"]}
    assert _bytes(folder) == _bytes(fresh(texts))


def test_an_index_that_is_current_is_left_as_it_is(folder: Path, tmp_path: Path) -> None:
    before = _bytes(folder)
    report = build([tmp_path / "sources"], folder)
    assert not report.changed
    assert report.analysed == ()
    assert report.passages == len(Index.open(folder).chunks)
    assert [row.document_id for row in report.coverage] == sorted(TEXTS)
    assert store.current(folder).name == "gen-000001"
    assert _bytes(folder) == before


def test_other_bm25_parameters_need_no_new_analysis(
    folder: Path, tmp_path: Path, encoded: list[str]
) -> None:
    options = BuildOptions(bm25=Bm25Parameters(k1=2.0))
    report = build([tmp_path / "sources"], folder, options)
    assert report.changed
    assert report.analysed == ()
    assert encoded == []
    assert Index.open(folder).manifest.options["bm25"]["k1"] == 2.0


def test_another_chunk_size_analyses_everything(folder: Path, tmp_path: Path) -> None:
    report = build([tmp_path / "sources"], folder, BuildOptions(size=ChunkSize(longest=60)))
    assert report.analysed == tuple(sorted(TEXTS))


def test_fresh_analyses_everything(folder: Path, tmp_path: Path) -> None:
    before = _bytes(folder)
    report = build([tmp_path / "sources"], folder, fresh=True)
    assert report.analysed == tuple(sorted(TEXTS))
    assert store.current(folder).name == "gen-000002"
    assert _bytes(folder) == before


def test_a_damaged_index_is_built_anew_not_reused(folder: Path, tmp_path: Path) -> None:
    good = _bytes(folder)
    path = store.current(folder) / "vectors.npy"
    path.write_bytes(path.read_bytes()[:-4] + b"abcd")
    report = build([tmp_path / "sources"], folder)
    assert report.analysed == tuple(sorted(TEXTS))
    assert _bytes(folder) == good


# Going on where a killed build was


def _broken(
    monkeypatch: pytest.MonkeyPatch, after: int, error: BaseException
) -> pytest.MonkeyPatch:
    """Let the analysis of a build fail after some documents."""
    # The door shows the function of the same name.
    module = sys.modules["index.build"]
    left = [after]

    def analyse(*given: object) -> analysis.Analysis:
        if not left[0]:
            raise error
        left[0] -= 1
        return analysis.analyse(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "analyse", analyse)
    return monkeypatch


def test_a_build_goes_on_where_it_was_interrupted(
    source: Source, fresh: Callable[..., Path], tmp_path: Path
) -> None:
    sources, folder = source(TEXTS), tmp_path / "index"
    with pytest.MonkeyPatch.context() as patch:
        _broken(patch, 2, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            build([sources], folder)
    with pytest.raises(IndexMissingError, match="接着做"):
        Index.open(folder)
    report = build([sources], folder)
    assert report.analysed == ("区县/c.txt",)
    assert _bytes(folder) == _bytes(fresh(TEXTS))
    assert {path.name for path in folder.iterdir()} <= {"CURRENT", "gen-000001", ".lock"}


def test_what_was_half_kept_is_not_trusted(
    source: Source, fresh: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources, folder = source(TEXTS), tmp_path / "index"
    with pytest.MonkeyPatch.context() as patch:
        _broken(patch, 2, OSError(28, "No space left on device"))
        with pytest.raises(StoreError, match="No space left"):
            build([sources], folder)
    kept = sorted((folder / store.CACHE).rglob("*.npz"))
    assert len(kept) == 2
    content = kept[0].read_bytes()
    kept[0].write_bytes(content[: len(content) // 2])
    content = kept[1].read_bytes()
    middle = content.index(b"vectors.npy") + 200
    kept[1].write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    assert build([sources], folder).analysed == tuple(sorted(TEXTS))
    assert _bytes(folder) == _bytes(fresh(TEXTS))


def test_what_was_kept_for_other_options_is_not_used(
    source: Source, tmp_path: Path, fresh: Callable[..., Path]
) -> None:
    sources, folder = source(TEXTS), tmp_path / "index"
    with pytest.MonkeyPatch.context() as patch:
        _broken(patch, 2, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            build([sources], folder, BuildOptions(size=ChunkSize(longest=60)))
    assert build([sources], folder).analysed == tuple(sorted(TEXTS))
    assert _bytes(folder) == _bytes(fresh(TEXTS))


# What cannot be done


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (Changes(removed=("x.txt",)), "没有文件“x.txt”。已有：a.txt、b.txt、区县/c.txt"),
        (Changes(renamed={"x.txt": "y.txt"}), "没有文件“x.txt”"),
        (Changes(renamed={"a.txt": "b.txt"}), "已有文件“b.txt”"),
        (Changes(renamed={"a.txt": "../b.txt"}), "不能作为文件名称"),
        (Changes(renamed={"a.txt": "/b.txt"}), "不能作为文件名称"),
        (Changes(renamed={"a.txt": ""}), "不能作为文件名称"),
        (Changes(renamed={"a.txt": "b\n.txt"}), "不能作为文件名称"),
        (Changes(removed=tuple(TEXTS)), "没有文件了"),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_nothing_is_changed(
    folder: Path, changes: Changes, said: str
) -> None:
    before = _bytes(folder)
    with pytest.raises(InputError) as caught:
        update(folder, changes)
    assert said in str(caught.value)
    assert store.current(folder).name == "gen-000001"
    assert _bytes(folder) == before


def test_there_must_be_an_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        update(tmp_path / "none", Changes(removed=("a.txt",)))
    assert not (tmp_path / "none").exists()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.docx").write_text("work of years")
    with pytest.raises(IndexMissingError):
        update(tmp_path / "other", Changes(removed=("a.txt",)))
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["thesis.docx"]


def test_a_damaged_index_is_not_updated(folder: Path) -> None:
    path = store.current(folder) / "vectors.npy"
    path.write_bytes(path.read_bytes()[:-4] + b"abcd")
    with pytest.raises(IndexDamagedError, match=r"vectors\.npy"):
        update(folder, Changes(removed=("a.txt",)))


def test_an_index_of_another_encoder_is_not_updated(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StaticEncoder, "fingerprint", "fedcba9876543210")
    with pytest.raises(IndexMismatchError, match="fedcba9876543210"):
        update(folder, Changes(removed=("a.txt",)))


# Readers


def test_a_reader_learns_of_a_new_version_and_takes_it_up(folder: Path, source: Source) -> None:
    index = Index.open(folder)
    assert not index.is_stale()
    update(folder, Changes(removed=("a.txt",)))
    assert index.is_stale()
    assert "a.txt" in index.documents
    again = index.reload()
    assert not again.is_stale()
    assert list(again.documents) == ["b.txt", "区县/c.txt"]
    assert again.encoder is index.encoder
    assert index.text(index.chunks[0]) in TEXTS["a.txt"]


def test_an_index_that_has_gone_is_not_a_newer_one(folder: Path) -> None:
    index = Index.open(folder)
    shutil.rmtree(folder)
    assert not index.is_stale()
    assert len(index.dense.top(index.encoder.encode(["公园"])[0], 2)[0]) == 2


def test_a_reader_that_two_writers_overtake_opens_the_newest(
    folder: Path, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = store.verify_once, []

    def verify(generation: Path, manifest: store.Manifest) -> None:
        calls.append(generation.name)
        if len(calls) == 1:
            # The reader has read CURRENT; now its generation goes.
            with monkeypatch.context() as patch:
                patch.setattr(store, "verify_once", real)
                update(folder, Changes(removed=("a.txt",)))
                update(folder, Changes(removed=("b.txt",)))
            assert not generation.exists()
        real(generation, manifest)

    monkeypatch.setattr(store, "verify_once", verify)
    assert list(Index.open(folder).documents) == ["区县/c.txt"]
    assert calls == ["gen-000001", "gen-000003"]


# Documents with nothing in them


def test_a_document_without_passages_is_kept_and_accounted_for(
    source: Source, fresh: Callable[..., Path]
) -> None:
    made = fresh({"0.txt": "分享\n字号:大中小\n", **TEXTS})
    index = Index.open(made)
    assert len(index.document_rows["0.txt"]) == 0
    assert {chunk.document_id for chunk in index.chunks} == set(TEXTS)
    update(made, Changes(renamed={"0.txt": "z.txt"}))
    assert _bytes(made) == _bytes(fresh({"z.txt": "分享\n字号:大中小\n", **TEXTS}))


def test_an_index_of_nothing_is_not_made(source: Source, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="没有可以检索的段落"):
        build([source({"0.txt": "分享\n字号:大中小\n"})], tmp_path / "index")
    with pytest.raises(IndexMissingError):
        Index.open(tmp_path / "index")
