"""What users say of answers is kept on their machine and becomes labelled questions."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index import InputError, StoreError
from qa import Engine, Filters, feedback
from qa.cli import main
from qa.evaluate import evaluate
from qa.evaluation.feedback import labels
from qa.overrides import Overrides
from qa.questionnaire import read_asked, read_labelled

ASKED = "济南2025年城镇化率目标"


@pytest.fixture
def said(engine: Engine, tmp_path: Path) -> Path:
    """Verdicts on five answers; one of them given twice."""
    path = tmp_path / "data" / "feedback.jsonl"
    rural = engine.ask("那临沂呢", [ASKED])
    again = Overrides(regions=("临沂市",), years=(2035,))
    for one in (
        feedback.said("value", engine.ask(ASKED), remark="手滑"),
        feedback.said("right", engine.ask(ASKED)),
        feedback.said("right", rural, [ASKED]),
        feedback.said("right", engine.ask("济南2035年城镇化率")),
        feedback.said("right", engine.ask(ASKED, overrides=again), overrides=again),
        feedback.said("value", engine.ask("青岛新增多少公共停车位"), remark="应为 2 万个"),
        feedback.said("source", engine.ask("济南 建成区面积")),
        feedback.said(
            "right", engine.ask("济南绿地率"), filters=Filters(regions=frozenset({"济南市"}))
        ),
    ):
        feedback.keep(one, path)
    return path


def test_what_was_said_is_read_as_it_was_said(engine: Engine, said: Path) -> None:
    first = feedback.kept(said)[0]
    assert first == feedback.said("value", engine.ask(ASKED), remark="手滑")
    assert first.values == ("78.5%以上",)
    assert first.quotes[0].quote in engine.index.documents[first.quotes[0].doc].text


def test_right_answers_are_labelled_and_wrong_ones_left_to_a_person(said: Path) -> None:
    found = labels(feedback.kept(said))
    assert [row["question"] for row in found.labelled] == [
        ASKED, "那临沂呢", "济南2035年城镇化率", "2035年城镇化率目标".replace("2035", "临沂市2035"),
    ]  # fmt: skip
    assert found.labelled[0]["values"] == ["78.5%以上"]
    assert found.labelled[1]["history"] == [ASKED]
    assert found.labelled[2]["evidence_groups"] == []
    assert [row["question"] for row in found.to_do] == [
        "青岛新增多少公共停车位", "济南 建成区面积", "济南绿地率",
    ]  # fmt: skip
    assert found.to_do[0]["reject"] == ["1万个"]
    assert found.to_do[0]["remark"] == "应为 2 万个"
    assert "限定" in found.to_do[2]["todo"]


def test_the_command_makes_a_set_that_evaluate_measures(
    engine: Engine, said: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "questions.jsonl"
    assert main(["feedback", str(said), "-o", str(output)]) == 0
    assert "4 题已有标注" in capsys.readouterr().err
    questions = read_labelled(output)
    found = evaluate(engine, questions)
    figures = found.answers(list(found.questions))
    assert figures["value_accuracy"] == 1.0
    # What is left to a person is refused as a labelled set, and taken by `guiwen label`.
    aside = tmp_path / "questions.todo.jsonl"
    assert read_asked(aside)[0].question == "青岛新增多少公共停车位"
    with pytest.raises(InputError, match="evidence_groups"):
        read_labelled(aside)
    rows = [json.loads(line) for line in aside.read_text(encoding="utf-8").splitlines()]
    quote = rows[0]["cited"][0]
    completed = rows[0] | {"evidence_groups": [[quote]], "values": ["2万个"], "reject": ["1万个"]}
    output.write_text(json.dumps(completed, ensure_ascii=False), encoding="utf-8")
    wrong = evaluate(engine, read_labelled(output))
    assert wrong.answers(list(wrong.questions))["value_accuracy"] == 0.0


def test_several_users_write_whole_lines(engine: Engine, tmp_path: Path) -> None:
    one = feedback.said("right", engine.ask(ASKED))
    path = tmp_path / "f.jsonl"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: feedback.keep(one, path), range(40)))
    assert feedback.kept(path) == [one] * 40


def test_a_remark_is_kept_as_text_and_no_longer_than_it_may_be(
    engine: Engine, tmp_path: Path
) -> None:
    answer = engine.ask(ASKED)
    path = tmp_path / "f.jsonl"
    feedback.keep(feedback.said("source", answer, remark="<script>\n换行"), path)
    assert feedback.kept(path)[0].remark == "<script>\n换行"
    assert len(path.read_text(encoding="utf-8").splitlines()) == 1
    with pytest.raises(InputError, match="最多 1000 字"):
        feedback.said("source", answer, remark="长" * 1001)


def test_trouble_is_told(tmp_path: Path, engine: Engine) -> None:
    with pytest.raises(InputError, match="还没有反馈"):
        feedback.kept(tmp_path / "none.jsonl")
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"verdict": "maybe"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="第 1 行不是一条反馈"):
        feedback.kept(bad)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="无法写入反馈文件"):
        feedback.keep(feedback.said("right", engine.ask(ASKED)), tmp_path / "file" / "f.jsonl")
