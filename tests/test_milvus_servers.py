"""An index in Milvus, with servers of three kinds; see tests/milvus_servers.py for where from."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import (
    Address,
    BuildOptions,
    Index,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    MilvusError,
    MilvusWriter,
    SourceError,
    build,
    open_index,
)
from index.milvus import job, opened, publish, schema
from index.milvus.client import Client
from index.milvus.expression import one_of
from index.milvus.runner import Here
from index.static import StaticEncoder
from qa import Engine, Filters, library
from qa.evaluate import passage_name
from tests import milvus_servers
from tests.milvus_servers import Server

pytestmark = pytest.mark.skipif(not find_spec("pymilvus"), reason="needs guiwen[milvus]")
ROOT = Path(__file__).parent.parent
QUESTIONS = [
    json.loads(line) for line in library.QUESTIONS.read_text(encoding="utf-8").splitlines() if line
]
Source = Callable[..., Path]


def _server(kind: str, factory: pytest.TempPathFactory) -> Iterator[Server]:
    reason = milvus_servers.missing(kind)
    if reason:
        pytest.skip(reason)
    with milvus_servers.running(kind, factory.mktemp(kind) / "data") as server:
        yield server


@pytest.fixture(scope="module")
def lite2(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from _server("lite2", tmp_path_factory)


@pytest.fixture(scope="module")
def lite3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from _server("lite3", tmp_path_factory)


@pytest.fixture(scope="module")
def standalone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from _server("server", tmp_path_factory)


@pytest.fixture(params=["lite2", "lite3", "standalone"])
def any_server(request: pytest.FixtureRequest) -> Server:
    server: Server = request.getfixturevalue(request.param)
    return server


def _at(server: Server, collection: str, options: str = "timeout=30") -> Address:
    more = "&sparse=no" if server.kind == "server" else ""
    return Address.parse(f"{server.address}/{collection}?{options}{more}")


def _write(address: Address, sources: Path, **named: Any) -> Any:
    return MilvusWriter(address, Here()).build([sources], **named)


def _tops(engine: Engine, rows: list[dict[str, Any]], **options: Any) -> list[list[str]]:
    retriever = replace(engine.retriever, options=replace(engine.options, **options))
    return [
        [
            passage_name(passage)
            for passage in retriever.search(engine.parse(row["question"], row.get("history", [])))
        ]
        for row in rows
    ]


@pytest.fixture(scope="module")
def remote(lite2: Server) -> Engine:
    address = _at(lite2, "seeds")
    report = _write(address, library.SEEDS)
    assert (report.documents, report.changed, len(report.analysed)) == (5, True, 5)
    return Engine.open(address)


def test_the_same_ten_for_the_labelled_questions(remote: Engine, engine: Engine) -> None:
    some = QUESTIONS[::6]
    same = np.mean([a == b for a, b in zip(_tops(engine, some), _tops(remote, some), strict=True)])
    assert same >= 0.99


def test_the_same_ten_on_the_other_lite(lite3: Server, engine: Engine) -> None:
    address = _at(lite3, "seeds")
    _write(address, library.SEEDS)
    some = QUESTIONS[::20]
    assert _tops(Engine.open(address), some) == _tops(engine, some)


def test_the_same_ten_by_the_dense_leg_of_a_real_server(standalone: Server, engine: Engine) -> None:
    address = _at(standalone, "seeds")
    _write(address, library.SEEDS)
    some = QUESTIONS[::10]
    weights = {"dense": 1.0}
    assert _tops(Engine.open(address), some, weights=weights) == _tops(
        engine, some, weights=weights
    )


@pytest.mark.parametrize(
    "question",
    [
        "济南2025年城镇化率目标",
        "青岛怎么改善空气质量",
        "济南和青岛2025年的城镇化率目标各是多少",
        "济南市新型城镇化规划的主要目标有哪些",
        "随迁子女在公办学校接受义务教育",
        "烟台有多少个公园",
        "火星移民计划的预算",
    ],
)
def test_answers_are_those_of_the_folder(question: str, remote: Engine, engine: Engine) -> None:
    found, expected = remote.ask(question), engine.ask(question)
    assert (found.statements, found.citations) == (expected.statements, expected.citations)
    assert (found.kind, found.reason) == (expected.kind, expected.reason)
    assert [p.text for p in found.passages] == [p.text for p in expected.passages]
    for passage, other in zip(found.passages, expected.passages, strict=True):
        assert passage.legs == pytest.approx(other.legs, abs=1e-4)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(documents=frozenset({"002_42cd662d68b88e93.txt"})),
        Filters(regions=frozenset({"青岛"})),
        Filters(year=2035),
        Filters(documents=frozenset({"002_42cd662d68b88e93.txt"}), year=2022),
        Filters(year=1900),
        Filters(lift_regions=True),
    ],
    ids=str,
)
def test_filters_are_those_of_the_folder(filters: Filters, remote: Engine, engine: Engine) -> None:
    found = remote.search("城镇化率目标", 10, filters)
    assert [p.chunk for p in found] == [p.chunk for p in engine.search("城镇化率目标", 10, filters)]


def test_the_nouns_are_those_of_the_folder(remote: Engine, engine: Engine) -> None:
    ours, theirs = remote.index, engine.index
    assert list(ours.chunks) == list(theirs.chunks)
    assert ours.chunks[-1] == theirs.chunks[-1]
    assert list(ours.indicators) == list(theirs.indicators)
    assert dict(ours.outlines) == dict(theirs.outlines)
    assert {n: d.text for n, d in ours.documents.items()} == {
        n: d.text for n, d in theirs.documents.items()
    }
    assert ours.characters == theirs.characters
    assert ours.naming("济南").tolist() == theirs.naming("济南").tolist()
    asked = {"城镇": 1.0, "公园": 0.5, "没有的词": 1.0}
    assert ours.sparse.scores(asked) == pytest.approx(theirs.sparse.scores(asked), abs=1e-4)
    assert ours.sparse.coverage(asked) == pytest.approx(theirs.sparse.coverage(asked))


def test_a_command_takes_an_address_where_it_takes_a_folder(
    lite2: Server, remote: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    from qa import cli

    where = f"{lite2.address}/seeds"
    assert cli.main(["ask", "济南2025年城镇化率目标", "--index", where]) == 0
    assert "78.5%" in capsys.readouterr().out
    assert cli.main(["search", "城镇化率", "--index", where, "--document", '" or 1==1']) == 2
    assert '索引中没有文件“" or 1==1”' in capsys.readouterr().err


def test_literals_stay_literals(any_server: Server) -> None:
    client = Client.connect(_at(any_server, "quotes"))
    client.create("quotes", schema.records)
    client.load("quotes")
    nasty = ['" or 1==1 or id == "', "\\", 'a\\"', "'", "or", "%", 'x"] or id in ["y']
    client.upsert("quotes", [{**_record(at), "key": key} for at, key in enumerate(nasty)])
    for at, key in enumerate(nasty):
        found = client.read("quotes", one_of("key", [key]), ["id"], strong=True)
        assert [row["id"] for row in found] == [_record(at)["id"]]
    client.delete("quotes", one_of("key", [nasty[0]]))
    assert client.count("quotes", strong=True) == len(nasty) - 1
    client.close()


def _record(at: int) -> dict[str, Any]:
    return {
        "id": f"{at:08d}", "kind": "k", "key": "k", "part": 0, "parts": 1, "job": "j", "build": 1,
        "body": "规划" * 500, "blank": [1.0, 0.0],
    }  # fmt: skip


OLD = {
    f"{n}.txt": f"{n}市规划\n一、目标\n到2025年,城镇化率达到{60 + at}%。\n二、保障\n建设公园{at}个。\n"
    for at, n in enumerate("甲乙丙丁")
}


def test_only_what_changed_is_analysed_and_the_result_is_a_fresh_one(
    lite2: Server, source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, address = source(OLD), _at(lite2, "grows")
    _write(address, folder)
    before = Engine.open(address)
    (folder / "乙.txt").unlink()
    (folder / "丙.txt").write_text("丙市规划\n一、目标\n建设地铁3条,学校20所。\n", "utf-8")
    (folder / "戊.txt").write_text("戊市规划\n一、目标\n绿地增加到5公顷。\n", "utf-8")
    report = _write(address, folder)
    assert report.analysed == ("丙.txt", "戊.txt")
    assert (report.removed, report.documents, report.changed) == (("乙.txt",), 4, True)
    fresh = Engine(Index.open(build([folder], tmp_path / "index").folder))
    after = Engine.open(address)
    for question in ("城镇化率目标", "建设多少公园", "地铁", "绿地"):
        assert [(p.chunk, pytest.approx(p.score, abs=1e-4)) for p in after.search(question)] == [
            (p.chunk, p.score) for p in fresh.search(question)
        ]
    client = Client.connect(address)
    assert client.count("grows", strong=True) == report.passages
    client.close()
    # Nothing new, nothing done.
    assert _write(address, folder).changed is False
    # A reader of the version before is told, and finds its way.
    monkeypatch.setattr(opened, "_LOOK", 0.0)
    assert before.index.is_stale()
    assert list(before.renewed().index.documents) == list(after.index.documents)


def test_a_run_that_is_cut_off_leaves_the_old_index_and_is_taken_up(
    lite2: Server, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "BATCH", 1)
    folder, address = source(OLD), _at(lite2, "cut")
    _write(address, source({"甲.txt": OLD["甲.txt"]}, "first"))
    written: list[str] = []

    class CutOffError(BaseException):
        """As a kill: nothing is tidied up."""

    def cut(step: str, done: int, _: int) -> None:
        if step == "写入" and done == 2:
            raise CutOffError

    with suppress(CutOffError):
        _write(address, folder, progress=cut)
    old = open_index(address)
    assert list(old.documents) == ["甲.txt"]
    hits = old.dense.top(old.encoder.encode(["公园"])[0], 50)[0]
    assert len(hits) == len(old.chunks)
    # Another job waits for the one that may still be at it; after a while it does not.
    other = source({"己.txt": "己市规划\n一、目标\n建设公园7个。\n"}, "other")
    with pytest.raises(IndexLockedError, match="另一个进程"):
        _write(address, other)
    report = _write(address, folder)
    written += report.analysed
    assert report.documents == 4
    assert len(written) == 1
    monkeypatch.setattr(publish, "_SILENT", 0.0)
    with suppress(CutOffError):
        _write(address, other, fresh=True, progress=cut)
    assert _write(address, other).documents == 1
    client = Client.connect(address)
    assert client.count("cut", strong=True) == len(open_index(address).chunks)
    client.close()


def test_a_run_that_fails_makes_nobody_wait(lite2: Server, source: Source) -> None:
    folder, address = source(OLD), _at(lite2, "fails")

    def change(step: str, done: int, _: int) -> None:
        if step == "写入" and done == 0:
            (folder / "甲.txt").write_text("甲市规划\n一、目标\n建设公园9个。\n", "utf-8")

    with pytest.raises(SourceError, match=r"甲\.txt.*有改动"):
        _write(address, folder, progress=change)
    with pytest.raises(IndexMissingError, match="还没有建成"):
        open_index(address)
    assert _write(address, folder).documents == 4


def test_a_folder_with_nothing_to_index_leaves_nothing(lite2: Server, source: Source) -> None:
    with pytest.raises(SourceError):
        _write(_at(lite2, "nothing"), source({"a.xyz": "x"}, "none"))
    client = Client.connect(_at(lite2, "nothing"))
    assert not client.has("nothing")
    client.close()
    with pytest.raises(IndexMissingError, match=r"没有索引.*guiwen index"):
        open_index(_at(lite2, "nothing"))


def test_missing_rows_are_told_not_passed_over(lite2: Server, source: Source) -> None:
    address = _at(lite2, "partial")
    _write(address, source(OLD))
    index = open_index(address)
    client = Client.connect(address)
    gone = index.passages.numbering.passage(0)  # type: ignore[attr-defined]
    client.delete("partial", one_of("id", [gone]))
    client.close()
    total = len(index.chunks)
    with pytest.raises(MilvusError, match=rf"只有 {total - 1}/{total} 个段落"):
        open_index(address)


def test_a_collection_of_another_dimension_is_refused(
    lite2: Server, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, folder = _at(lite2, "narrow"), source(OLD)
    client = Client.connect(address)
    client.create("narrow", lambda made: schema.passages(made, 8, True, "FLAT"))
    client.create("narrow_records", schema.records)
    with pytest.raises(IndexMismatchError, match=r"8 维，编码器给出 \d+ 维"):
        _write(address, folder)
    client.load("narrow")
    assert client.count("narrow", strong=True) == 0
    client.close()


def test_a_collection_that_is_not_ours_is_left_alone(lite2: Server, source: Source) -> None:
    address = _at(lite2, "theirs")
    client = Client.connect(address)
    client.create("theirs", schema.records)
    with pytest.raises(IndexMismatchError, match="不是规问的索引"):
        _write(address, source(OLD))
    client.close()


def test_another_encoder_is_refused(
    remote: Engine, lite2: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StaticEncoder, "fingerprint", "another")
    with pytest.raises(IndexMismatchError, match=r"seeds”由编码器“guiwen”.*another"):
        open_index(_at(lite2, "seeds"))


def test_an_older_server_is_told_by_its_version(standalone: Server, source: Source) -> None:
    address = Address.parse(f"{standalone.address}/old")
    with pytest.raises(MilvusError, match=r"2\.3 版.*2\.4 以上.*sparse=no"):
        _write(address, source(OLD))


def test_a_server_that_stops_answering_is_told(
    tmp_path: Path, source: Source, lite2: Server
) -> None:
    with milvus_servers.running("lite2", tmp_path / "own") as server:
        address = _at(server, "slow", "timeout=2")
        _write(address, source(OLD))
        engine = Engine.open(address)
        os.killpg(server.process.pid, 19)  # type: ignore[union-attr]
        try:
            with pytest.raises(MilvusError, match="2 秒内"):
                engine.search("公园")
        finally:
            os.killpg(server.process.pid, 18)  # type: ignore[union-attr]
        assert engine.search("公园")


def test_every_acknowledged_row_outlives_a_kill(standalone: Server) -> None:
    address = _at(standalone, "durable")
    client = Client.connect(address)
    client.create("durable", schema.records)
    acknowledged: list[int] = []
    ready = threading.Event()

    def upsert() -> None:
        with suppress(MilvusError):
            for first in range(0, 10**6, 50):
                client.upsert("durable", [_record(at) for at in range(first, first + 50)])
                acknowledged.append(first + 50)
                if len(acknowledged) == 20:
                    ready.set()

    writer = threading.Thread(target=upsert)
    writer.start()
    assert ready.wait(60)
    standalone.kill()
    writer.join(60)
    standalone.start()
    again = Client.connect(replace(address, timeout=60.0))
    again.load("durable")
    last = acknowledged[-1]
    assert last >= 1000
    held = again.count("durable", f'id < "{last:08d}"', strong=True)
    assert held == last
    again.close()


@pytest.mark.skipif(
    not os.environ.get("GUIWEN_SLOW"), reason="takes half a minute: GUIWEN_SLOW=1 runs it"
)
@pytest.mark.skipif(not find_spec("ray"), reason="needs guiwen[ray]")
def test_a_node_that_is_lost_changes_nothing(lite2: Server, source: Source, tmp_path: Path) -> None:
    seeds = {path.name: path.read_text("utf-8") for path in sorted(library.SEEDS.glob("*.txt"))}
    folder = source(
        {
            f"{at}-{name}": text.replace("年", "年", at)
            for at in range(2)
            for name, text in seeds.items()
        }
    )
    done = subprocess.run(
        [sys.executable, "tests/lost_node.py", f"{lite2.address}/lost?timeout=60", str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "RAY_TMPDIR": "/tmp"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["nodes"] == [2, 1]
    assert len(told["written"]) == len(list(folder.iterdir()))
    clean = Engine(Index.open(build([folder], tmp_path / "index", BuildOptions()).folder))
    found = Engine.open(_at(lite2, "lost"))
    client = Client.connect(_at(lite2, "lost"))
    assert client.count("lost", strong=True) == told["passages"] == len(clean.index.chunks)
    client.close()
    some = QUESTIONS[::40]
    assert _tops(found, some) == _tops(clean, some)
