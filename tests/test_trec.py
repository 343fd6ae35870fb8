from pathlib import Path

import pytest

from index import InputError
from qa.evaluation.judged import judged_evaluation, left_out
from qa.trec import qrels_lines, read_qrels, read_run, run_lines


def test_judgements_are_four_columns() -> None:
    qrels = {"q1": {"a.txt:0-5": 1, "b.txt:7-9": 0}, "q2": {}}
    assert qrels_lines(qrels) == "q1 0 a.txt:0-5 1\nq1 0 b.txt:7-9 0\n"


def test_runs_are_six_columns_by_rank_from_one() -> None:
    run = {"q1": {"a": 0.25, "b": 1.5}, "q2": {"c": 1.0}}
    assert run_lines(run, "bm25") == (
        "q1 Q0 b 1 1.500000 bm25\nq1 Q0 a 2 0.250000 bm25\nq2 Q0 c 1 1.000000 bm25\n"
    )


def test_equal_scores_keep_their_order() -> None:
    assert [line.split()[2] for line in run_lines({"q": {"b": 1.0, "a": 1.0}}, "x").splitlines()] == [
        "b", "a"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "word"), [("文 件.txt:0-5", "文%20件.txt:0-5"), ("a%20b", "a%2520b")]
)
def test_a_blank_in_a_file_name_is_written_as_20(name: str, word: str) -> None:
    assert qrels_lines({"q": {name: 1}}) == f"q 0 {word} 1\n"
    assert run_lines({"q": {name: 1.0}}, "s") == f"q Q0 {word} 1 1.000000 s\n"


def test_a_blank_in_a_question_id_breaks_no_column() -> None:
    assert len(qrels_lines({"q 1": {"a": 1}}).split()) == 4


def test_nothing_is_an_empty_file() -> None:
    assert qrels_lines({}) == run_lines({}, "x") == ""


def test_ir_measures_reads_both(tmp_path: Path) -> None:
    import ir_measures
    from ir_measures import RR

    (tmp_path / "qrels.txt").write_text(qrels_lines({"q1": {"a b.txt:0-5": 1}}))
    (tmp_path / "x.run").write_text(run_lines({"q1": {"c": 2.0, "a b.txt:0-5": 1.0}}, "x"))
    found = ir_measures.calc_aggregate(
        [RR @ 10],
        ir_measures.read_trec_qrels(str(tmp_path / "qrels.txt")),
        ir_measures.read_trec_run(str(tmp_path / "x.run")),
    )
    assert found[RR @ 10] == pytest.approx(1 / 2)


QRELS = {"q 1": {"a b.txt:0-5": 1, "50%.txt:7-9": 0}, "q2": {"c": 2}}
RUN = {"q 1": {"50%.txt:7-9": 2.0, "a b.txt:0-5": 1.5}}


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    (tmp_path / "qrels.txt").write_text(qrels_lines(QRELS), encoding="utf-8")
    (tmp_path / "x.run").write_text(run_lines(RUN, "x"), encoding="utf-8")
    assert read_qrels(tmp_path / "qrels.txt") == QRELS
    assert read_run(tmp_path / "x.run") == RUN


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ("q 0 a 1\nq 0 b", "第 2 行：应有 4 列（问题 0 段落 相关程度），实际 3 列"),
        ("q 0 a 1\nq 0 b x", "第 2 行“相关程度”列：应为整数，实际是“x”"),
        ("q 0 a 1\n\nq 0 a 0", "第 3 行“段落”列：问题“q”的“a”已经评过"),
        ("\n", "是空的"),
    ],
)
def test_a_wrong_line_of_judgements_is_named(lines: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "q.txt").write_text(lines, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_qrels(tmp_path / "q.txt")
    assert complaint in str(caught.value)
    assert "q.txt" in str(caught.value)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("q Q0 a 1 x name", "“得分”列：应为数，实际是“x”"),
        ("q Q0 a 1 nan name", "“得分”列：应为数，实际是“nan”"),
        ("q Q0 a 1 2.0", "应有 6 列"),
        ("q Q0 b 2 1.0 name", "“段落”列：问题“q”的“b”出现了两次"),
    ],
)
def test_a_wrong_line_of_a_run_is_named(line: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "x.run").write_text(f"q Q0 b 1 3.0 name\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match="第 2 行") as caught:
        read_run(tmp_path / "x.run")
    assert complaint in str(caught.value)
    with pytest.raises(InputError, match="不存在"):
        read_run(tmp_path / "none.run")


def test_runs_from_elsewhere_are_scored_and_what_is_left_out_is_told() -> None:
    qrels = {"q1": {"a": 1, "b": 0}, "q2": {"c": 1}, "q3": {"d": 0}}
    runs = {"one": {"q1": {"b": 2.0, "a": 1.0}, "q9": {"a": 1.0}}}
    found = judged_evaluation(qrels, runs)
    assert found.ranked["one"]["q1"]["mrr@10"] == pytest.approx(1 / 2)
    assert found.summary("one", found.questions)["mrr@10"] == pytest.approx(1 / 4)
    told = "".join(left_out(qrels, runs))
    assert "1 个问题没有相关段落" in told
    assert "“one”有 1 个问题不在 qrels 中" in told
    assert "没有返回 1 个问题的结果，计为未命中" in told
    with pytest.raises(InputError, match="没有共同的问题"):
        judged_evaluation(qrels, {"two": {"x": {"a": 1.0}}})
    with pytest.raises(InputError, match="没有一个问题有相关"):
        judged_evaluation({"q": {"a": 0}}, runs)
