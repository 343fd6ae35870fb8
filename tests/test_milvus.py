"""An index in Milvus, as far as it goes without a server; with servers see test_milvus_servers.py."""

import builtins
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import (
    Address,
    Document,
    EncoderError,
    InputError,
    MilvusError,
    RayError,
    SourceError,
    open_index,
    runner,
    site,
)
from index.analysis import Analysis, Ragged, analyse
from index.chunk import ChunkSize
from index.encode import open_encoder
from index.milvus import counting, schema, weights
from index.milvus.client import Client
from index.milvus.expression import both, holds, one_of, quoted
from index.milvus.packing import Features, packed, parts, unpacked
from index.milvus.records import Entry
from index.milvus.rows import Numbering
from index.records import Account
from index.regions import mentioned
from index.sparse import Bm25Parameters, Bm25sIndex
from qa import cli

FORMULA = Bm25Parameters(k1=1.2, b=0.5, delta=0.5)


@pytest.mark.parametrize(
    ("text", "uri", "shown"),
    [
        ("milvus://h/plans", "http://h:19530", "milvus://h:19530/plans"),
        ("milvus://h:1234/db/plans", "http://h:1234", "milvus://h:1234/db/plans"),
        ("https://h/plans", "https://h:443", "https://h:443/plans"),
        ("http://h:80/plans", "http://h:80", "milvus://h:80/plans"),
        ("milvus://[::1]:5/plans", "http://[::1]:5", "milvus://[::1]:5/plans"),
    ],
)
def test_an_address_is_read(text: str, uri: str, shown: str) -> None:
    address = Address.parse(text)
    assert (address.uri, str(address)) == (uri, shown)
    assert (address.collection, address.records) == ("plans", "plans_records")
    assert (address.timeout, address.sparse, address.dense) == (10.0, True, "")


def test_secrets_are_taken_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIWEN_MILVUS_TOKEN", "hidden")
    assert Address.parse("https://h/plans").token == "hidden"
    named = Address.parse("milvus://root:p%40ss@h/plans?timeout=3&sparse=no&dense=HNSW")
    assert named.token == "root:p@ss"
    assert "p@ss" not in str(named)
    assert (named.timeout, named.sparse, named.dense) == (3.0, False, "HNSW")


@pytest.mark.parametrize(
    "text",
    [
        "milvus://h", "milvus:///plans", "ftp://h/plans", "milvus://h:99999/plans",
        "milvus://h/a/b/c", 'milvus://h/x" or 1==1', "milvus://h/9", "milvus://h/plans?sparse=x",
        "milvus://h/plans?timeout=0", "milvus://h/plans?timeout=never", "milvus://h/plans?color=1",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="地址"):
        Address.parse(text)


def test_a_folder_stays_one() -> None:
    assert site("some/folder") == Path("some/folder")


def test_no_literal_ends_its_filter() -> None:
    assert quoted('" or 1==1 or "') == '"\\" or 1==1 or \\""'
    assert quoted("a\\") == '"a\\\\"'
    with pytest.raises(InputError, match="控制字符"):
        quoted("a\nb")
    assert one_of("document", ['x"]', "y"]) == 'document in ["x\\"]", "y"]'
    assert holds("years", 2025) == "array_contains(years, 2025)"
    assert holds("places", "济南") == 'array_contains(places, "济南")'
    assert both("", "a == 1") == "a == 1"
    assert both("a == 1", "b or c") == "(a == 1) and (b or c)"


@given(st.binary(max_size=2000))
def test_packed_bytes_come_back(data: bytes) -> None:
    text = packed(data)
    assert not set(text) & set("\"'\\\n")
    assert unpacked("".join(parts(text))) == data


def test_long_text_is_cut_below_the_limit() -> None:
    text = "x" * 150_001
    assert [len(part) for part in parts(text)] == [60_000, 60_000, 30_001]
    assert parts("") == [""]


@given(
    st.dictionaries(st.integers(0, 2**31 - 1), st.integers(1, 500), max_size=60),
    st.none() | st.sets(st.integers(0, 100_000), max_size=40),
)
def test_features_come_back(terms: dict[int, int], tokens: set[int] | None) -> None:
    given_ = Features(
        np.array(sorted(terms), dtype=np.int32),
        np.array([terms[t] for t in sorted(terms)], dtype=np.int32),
        None if tokens is None else np.array(sorted(tokens), dtype=np.int32),
    )
    back = Features.unpacked(given_.packed())
    assert back.terms.tolist() == given_.terms.tolist()
    assert back.counts.tolist() == given_.counts.tolist()
    assert back.length == sum(terms.values())
    assert (back.tokens is None) == (tokens is None)
    assert tokens is None or back.tokens.tolist() == sorted(tokens)


def test_torn_features_are_told() -> None:
    with pytest.raises(ValueError):
        Features.unpacked(packed(np.array([5, 0, 1], dtype="<i4").tobytes()))
    with pytest.raises(ValueError):
        Features.unpacked("not packed")


CORPUS = [["城镇", "化率", "城镇"], ["基站", "建设"], ["城镇", "建设", "公园", "绿地"], ["公园"]]


def _features(corpus: list[list[str]]) -> tuple[dict[str, int], list[Features]]:
    numbers = {term: at for at, term in enumerate(sorted({t for p in corpus for t in p}), 1)}
    made = []
    for passage in corpus:
        ids, counts = np.unique([numbers[t] for t in passage], return_counts=True)
        made.append(Features(ids.astype(np.int32), counts.astype(np.int32), None))
    return numbers, made


@pytest.mark.parametrize(
    "asked", [{"城镇": 1.0}, {"公园": 1.0, "建设": 0.6, "地铁": 1.0}, {"地铁": 1.0}, {}]
)
def test_both_halves_of_bm25_make_the_score_of_the_folder(asked: dict[str, float]) -> None:
    numbers, passages = _features(CORPUS)
    reference = Bm25sIndex.build(CORPUS, FORMULA)
    frequencies = reference.document_frequencies(list(numbers))
    rarity = dict(zip(numbers, weights.rarity(frequencies, len(CORPUS)), strict=True))
    query = {numbers[t]: w * float(rarity[t]) for t, w in asked.items() if t in numbers}
    usual = sum(map(len, CORPUS)) / len(CORPUS)
    found = weights.scores(query, passages, usual, FORMULA)
    assert found == pytest.approx(reference.scores(asked), abs=1e-5)
    # What the server adds up, and the part that is the same for all.
    halves = [
        sum(
            query.get(int(term), 0.0) * float(value)
            for term, value in zip(
                one.terms, weights.passage_half(one.counts, one.length, usual, FORMULA), strict=True
            )
        )
        for one in passages
    ]
    assert found - np.float32(0.5 * sum(query.values())) == pytest.approx(halves, abs=1e-5)


def test_coverage_is_that_of_the_folder() -> None:
    numbers, passages = _features(CORPUS)
    asked = {"公园": 1.0, "建设": 0.6, "地铁": 0.4}
    query = {numbers[term]: weight for term, weight in asked.items() if term in numbers}
    found = weights.coverage(query, sum(asked.values()), passages)
    assert found.tolist() == pytest.approx([0, 0.3, 0.8, 0.5])


def test_unknown_terms_weigh_nothing() -> None:
    assert weights.rarity([0, 1, 4], 4).tolist() == pytest.approx([0, np.log(5), np.log(5 / 4)])


def test_terms_are_numbered_the_same_in_any_order_and_known_ones_stay() -> None:
    def part(words: tuple[str, ...], counts: list[int]) -> counting.Counted:
        return counting.Counted(
            (), (), words, np.array(counts, dtype=np.int32), np.array([1, 2]), 3
        )

    one, two = part(("乙", "甲"), [3, 1]), part(("丙", "甲"), [2, 5])
    forward, backward = counting.merged([one, two], {}), counting.merged([two, one], {})
    assert forward.numbers == backward.numbers == {"丙": 1, "乙": 2, "甲": 3}
    assert forward.frequencies.tolist() == backward.frequencies.tolist() == [2, 3, 6]
    assert forward.tokens.tolist() == [2, 4]
    grown = counting.merged([one, two], {"甲": 1, "丁": 2})
    assert grown.numbers == {"甲": 1, "丁": 2, "丙": 3, "乙": 4}
    assert grown.frequencies.tolist() == [6, 0, 2, 3]


def _numbering(*passages: int) -> Numbering:
    account = Account(1, 1, (), 0, 0)
    return Numbering(
        [
            Entry(
                Document(f"{at}.txt", "", "", ""),
                "",
                f"{at:024d}",
                replace(account, passages=count),
            )
            for at, count in enumerate(passages)
        ]
    )


def test_rows_and_ids_tell_the_same_passage() -> None:
    numbering = _numbering(3, 0, 2)
    names = [numbering.passage(row) for row in range(5)]
    assert names[3] == f"{2:024d}000000"
    assert [numbering.row(name) for name in names] == [0, 1, 2, 3, 4]
    assert numbering.row(f"{7:024d}000000") is None
    assert numbering.row(f"{2:024d}000002") is None
    assert [numbering.document(row) for row in range(5)] == [0, 0, 0, 2, 2]


def test_filters_give_just_the_rows() -> None:
    numbering = _numbering(3, 0, 2)
    assert list(numbering.filters(np.arange(5))) == [""]
    assert list(numbering.filters(np.array([3, 4]))) == [f'key in ["{2:024d}"]']
    assert list(numbering.filters(np.array([1, 3, 4]))) == [
        f'key in ["{2:024d}"]',
        f'id in ["{0:024d}000001"]',
    ]
    assert list(numbering.filters(np.zeros(0, dtype=np.int64))) == []


@pytest.fixture(scope="module")
def analysed() -> tuple[Document, Analysis]:
    document = Document(
        "a.txt",
        "甲市规划",
        "# 第一章 目标\n到2025年，济南市城镇化率达到78.5%，济南新建公园12个。\n",
        "0" * 64,
    )
    return document, analyse(document, ChunkSize(), open_encoder())


STAMP = schema.Stamp("k" * 24, "j" * 24, 7)


def _rows(document: Document, analysis: Analysis, **named: Any) -> list[dict[str, Any]]:
    numbers = np.arange(1, len(analysis.vocabulary) + 1, dtype=np.int32)
    weighing = schema.Weighing(FORMULA, usual=20.0, sent=True)
    return schema.rows(document, replace(analysis, **named), numbers, STAMP, weighing)


def test_a_passage_becomes_a_row(analysed: tuple[Document, Analysis]) -> None:
    document, analysis = analysed
    rows = _rows(document, analysis)
    row = rows[0]
    assert len(rows) == analysis.account.passages
    assert row["id"] == "k" * 24 + "000000"
    assert (row["key"], row["job"], row["build"]) == ("k" * 24, "j" * 24, 7)
    assert row["years"] == [2025]
    assert row["places"] == ["济南"]
    features = Features.unpacked(row["features"])
    at = analysis.vocabulary.index("公园") + 1
    count = features.counts[features.terms.tolist().index(at)]
    damping = 1.2 * (0.5 + 0.5 * features.length / 20.0)
    assert row["sparse"][at] == pytest.approx(2.2 * count / (damping + count))
    assert features.length == int(analysis.terms.counts[0])
    assert row["dense"] == pytest.approx(analysis.vectors[0], abs=0.01)


def test_a_passage_without_terms_has_the_weight_that_none_asks_for(
    analysed: tuple[Document, Analysis],
) -> None:
    document, analysis = analysed
    none = Ragged(np.zeros(0, dtype=np.int32), np.zeros(len(analysis.vectors), dtype=np.int64))
    assert _rows(document, analysis, terms=none)[0]["sparse"] == {0: 1.0}


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_vectors_that_are_no_numbers_are_refused(
    bad: float, analysed: tuple[Document, Analysis]
) -> None:
    vectors = analysed[1].vectors.copy()
    vectors[0, 3] = bad
    with pytest.raises(EncoderError, match=r"a\.txt.*NaN"):
        _rows(*analysed, vectors=vectors)


def test_strings_are_measured_in_bytes(analysed: tuple[Document, Analysis]) -> None:
    document, analysis = analysed
    assert _rows(replace(document, id="规" * 341), analysis)
    with pytest.raises(SourceError, match=r"1026 字节.*1024"):
        _rows(replace(document, id="规" * 342), analysis)
    long = json.dumps({"section": ["长" * 30_000], "span": {"start": 0, "end": 4}}).encode()
    with pytest.raises(SourceError, match="65535"):
        _rows(document, analysis, chunks=long.replace(b"}}", b'},"kind":"body"}') + b"\n")


def test_years_have_four_digits() -> None:
    assert schema.years("2025年、2030、12025、20251、１９９9 999 0999") == [2025, 2030]


def test_places_are_those_that_regions_are_mentioned_by() -> None:
    assert mentioned("支持济南与青岛西海岸协同") >= {"济南", "青岛"}
    assert mentioned("没有") == frozenset()


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held: list[socket.socket] = []

        def take() -> None:
            while True:
                try:
                    held.append(listener.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)
        for one in held:
            one.close()


@pytest.fixture
def closed() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


needs_pymilvus = pytest.mark.skipif(not find_spec("pymilvus"), reason="needs guiwen[milvus]")
needs_ray = pytest.mark.skipif(not find_spec("ray"), reason="needs guiwen[ray]")


@needs_pymilvus
def test_a_milvus_that_is_down_is_told_in_time(closed: int) -> None:
    started = time.monotonic()
    with pytest.raises(MilvusError, match=r"连接不上.*没有应答"):
        open_index(site(f"milvus://127.0.0.1:{closed}/plans?timeout=1"))
    assert time.monotonic() - started < 8


@needs_pymilvus
def test_a_milvus_that_says_nothing_is_told_in_time(silent: int) -> None:
    started = time.monotonic()
    with pytest.raises(MilvusError, match="milvus://127"):
        open_index(site(f"milvus://127.0.0.1:{silent}/plans?timeout=1"))
    assert time.monotonic() - started < 8


def _without(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    real: Callable[..., Any] = builtins.__import__

    def fail(asked: str, *given: Any, **named: Any) -> Any:
        if asked.partition(".")[0] == name:
            raise ImportError(name)
        return real(asked, *given, **named)

    monkeypatch.setattr(builtins, "__import__", fail)


def test_a_missing_client_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    _without(monkeypatch, "pymilvus")
    with pytest.raises(InputError, match=r"pip install 'guiwen\[milvus\]'"):
        Client.connect(Address.parse("milvus://127.0.0.1:1/plans"))


def test_a_missing_ray_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    _without(monkeypatch, "ray")
    with pytest.raises(InputError, match=r"pip install 'guiwen\[ray\]'"), runner("local"):
        pass


@needs_ray
def test_a_ray_that_is_not_there_is_told(closed: int) -> None:
    started = time.monotonic()
    with pytest.raises(RayError, match=r"没有应答.*没有写入"), runner(f"127.0.0.1:{closed}"):
        pass
    assert time.monotonic() - started < 8


@needs_ray
@pytest.mark.parametrize("address", ["nonsense", "host", "ray://", "h:port"])
def test_a_ray_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="--ray 的地址"), runner(address):
        pass


@needs_ray
def test_a_ray_that_says_nothing_is_told_in_time(
    silent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.milvus.runner._ANSWER", 4.0)
    with pytest.raises(RayError, match="没有应答"), runner(f"127.0.0.1:{silent}"):
        pass


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["index", "seeds", "-o", "here", "--ray", "local"], "--ray 只用于"),
        (["add", "milvus://h/plans", "a.txt"], "不能用这个命令"),
        (["remove", "milvus://h/plans", "a.txt"], "不能用这个命令"),
        (["ask", "几个公园", "--index", "milvus://h"], "地址"),
        (["ask", "几个公园", "--index", "milvus://h/plans", "--sparse", "rank-bm25"], "rank-bm25"),
    ],
)
def test_commands_that_do_not_fit_are_refused(
    command: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(command) == 2
    assert said in capsys.readouterr().err


def test_the_environment_may_name_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    from qa import library

    monkeypatch.setenv(library.ENVIRONMENT, "milvus://h/plans")
    found, built = library.ensure(None, lambda *_: None)
    assert (str(found), built) == ("milvus://h:19530/plans", None)
