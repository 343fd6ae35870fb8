"""Test sets in the form of BEIR: written, read back, ranked; wrong lines named."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index import EMBEDDED, InputError
from qa import Engine, library
from qa.evaluate import evaluate
from qa.evaluation import beir
from qa.evaluation.judged import judged_evaluation
from qa.questionnaire import read_labelled

Make = Callable[..., Path]

CORPUS = {
    "甲/1": ("天河区规划", "到2025年，天河区建成海绵城市面积四十平方公里。"),
    "乙 2": ("", "到2025年，白云区新增养老床位六千张。"),
    "丙%3": ("越秀区规划", "越秀区推进老旧小区改造，完善消防设施。"),
}
QUERIES = {"q1": "养老床位新增多少", "q2": "老旧小区怎么改造", "q3": "海绵城市面积"}
QRELS = "query-id\tcorpus-id\tscore\nq1\t乙 2\t1\nq2\t丙%3\t2\nq2\t甲/1\t0\nq3\t甲/1\t1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Make:
    def make(
        corpus: str | None = None,
        queries: str | None = None,
        qrels: str = QRELS,
        split: str = "test",
    ) -> Path:
        rows = [{"_id": n, "title": t, "text": x} for n, (t, x) in CORPUS.items()]
        asked = [{"_id": name, "text": text} for name, text in QUERIES.items()]
        (tmp_path / "qrels").mkdir(exist_ok=True)
        for name, given, default in (
            ("corpus.jsonl", corpus, rows),
            ("queries.jsonl", queries, asked),
        ):
            text = "\n".join(json.dumps(row, ensure_ascii=False) for row in default)
            (tmp_path / name).write_text(text if given is None else given, encoding="utf-8")
        (tmp_path / "qrels" / f"{split}.tsv").write_text(qrels, encoding="utf-8")
        return tmp_path

    return make


def test_a_folder_is_read_and_its_test_split_taken(folder: Make) -> None:
    folder(qrels="query-id\tcorpus-id\tscore\nq1\t甲/1\t1\n", split="train")
    found = beir.read(folder())
    assert dict(found.corpus) == CORPUS
    assert dict(found.queries) == QUERIES
    assert found.qrels == {"q1": {"乙 2": 1}, "q2": {"丙%3": 2, "甲/1": 0}, "q3": {"甲/1": 1}}


def test_its_documents_are_ranked_whatever_their_names(folder: Make) -> None:
    found = beir.read(folder())
    runs = beir.rank(found, EMBEDDED)
    assert set(runs) == {"bm25", "dense", "hybrid"}
    assert all(set(run["q1"]) <= set(CORPUS) for run in runs.values())
    scored = judged_evaluation(found.qrels, runs, dict(found.queries))
    assert scored.summary("hybrid", scored.questions)["mrr@10"] == 1.0
    assert [q.question for q in scored.questions] == list(QUERIES.values())


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"corpus": '{"_id": "a", "text": ""}'}, "第 1 行“text”列"),
        (
            {"corpus": '{"_id": "a", "text": "x"}\n{"_id": "a", "text": "y"}'},
            "第 2 行“_id”列：“a”重复",
        ),
        ({"corpus": ""}, "是空的"),
        ({"queries": '{"text": "x"}'}, "第 1 行“_id”列"),
        ({"qrels": "q1\t甲/1\n"}, "第 1 行：应为“问题⇥文件⇥整数”三列"),
        ({"qrels": "q9\t甲/1\t1\n"}, "第 1 行“query-id”列：“q9”不在 queries.jsonl 中"),
        ({"qrels": "q1\tx\t1\n"}, "第 1 行“corpus-id”列：“x”不在 corpus.jsonl 中"),
    ],
)
def test_a_wrong_line_is_named(given: dict[str, str], complaint: str, folder: Make) -> None:
    with pytest.raises(InputError) as caught:
        beir.read(folder(**given))
    assert complaint in str(caught.value)


def test_a_folder_without_judgements_is_refused(folder: Make) -> None:
    place = folder()
    (place / "qrels" / "test.tsv").unlink()
    with pytest.raises(InputError, match=r"qrels/\*\.tsv"):
        beir.read(place)


def test_what_is_written_of_an_index_is_read_back(engine: Engine, tmp_path: Path) -> None:
    questions = [q for q in read_labelled(library.QUESTIONS) if q.id in {"jn-001", "jn-180"}]
    found = evaluate(engine, questions)
    for name, text in beir.files(engine.index, found).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    again = beir.read(tmp_path)
    assert len(again.corpus) >= len(engine.index.chunks)
    assert again.qrels == found.qrels
    assert list(again.queries) == ["jn-001"]
    (name,) = again.qrels["jn-001"]
    assert "提高到78.5%以上" in again.corpus[name][1]
