from pathlib import Path

import pytest

from qa.trec import qrels_lines, run_lines


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
