"""The evaluation as the page shows it; and two ways to search, compared."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from index import InputError
from qa import Engine, present
from qa.evaluation import sets
from qa.evaluation.compare import compare
from qa.evaluation.configured import PRESETS, Configuration, Evaluating, evaluating_all
from qa.evaluation.failures import failures
from qa.evaluation.results import Answered, Evaluation
from qa.library import QUESTIONS
from qa.questionnaire import Evidence, Labelled, read_labelled

DOC = "002_42cd662d68b88e93.txt"
GROUPS = ((Evidence(DOC, "常住人口"),),)


def an_evaluation(answers: Sequence[tuple[str, bool, Answered]]) -> Evaluation:
    """Questions (id, answerable, answer); what is answerable was found at once."""
    asked = [Labelled(i, f"问{i}<x>", groups=GROUPS if ok else ()) for i, ok, _ in answers]
    perfect = dict.fromkeys(("recall@5", "mrr@10", "ndcg@10"), 1.0)
    return Evaluation(
        questions=asked,
        ranked={"ask": {i: perfect for i, ok, _ in answers if ok}},
        runs={"ask": {}},
        qrels={i: {"p": 1} for i, ok, _ in answers if ok},
        answered={i: answer for i, _, answer in answers},
    )


RIGHT = Answered(False, True, 1.0, 1, 1, 1, text="对")
WRONG = Answered(False, False, 0.0, 1, 1, 0, text="错<y>")
SILENT = Answered(True, None, None, 0, 0, text="没有写")


def test_failures_are_what_went_wrong_and_only_that() -> None:
    found = an_evaluation([("a", True, RIGHT), ("b", True, WRONG), ("c", False, RIGHT), ("d", False, SILENT), ("e", True, SILENT)])  # fmt: skip
    assert [(one.question.id, one.marks) for one in failures(found)] == [
        ("b", ("数值有误", "引文不全")), ("c", ("该拒未拒",)), ("e", ("该答未答",)),
    ]  # fmt: skip


def test_what_cannot_be_computed_is_said_to_be_so() -> None:
    shown = present.evaluated(an_evaluation([("a", False, SILENT)]), "甲<题>")
    row = shown[shown.index("<tbody>") : shown.index("</tbody>")]
    # No answerable question: of seven figures only the recall of refusals is known.
    assert row.count("无法计算") == 6
    assert ">1.000<" in row
    assert "这套题里没有文件写有答案的问题" in shown
    assert "只有一题" in shown
    assert "nan" not in shown
    assert "<b>甲&lt;题&gt;</b> 1 题，其中文件没有写的 1 题。" in shown


def test_each_failure_can_be_asked_in_the_chat() -> None:
    question = Labelled(
        "b", '那"2035"年呢', history=("甲市城镇化率",), groups=GROUPS, answer="七成"
    )
    found = an_evaluation([("b", True, WRONG)])
    shown = present.evaluated(
        Evaluation([question], found.ranked, found.runs, found.qrels, found.answered), "题"
    )
    assert 'class="gw-ask" value="那&quot;2035&quot;年呢"' in shown
    assert 'data-history="[&quot;甲市城镇化率&quot;]"' in shown
    assert "错&lt;y&gt;" in shown
    assert "<b>应为</b> 七成" in shown


def test_two_ways_are_compared_question_by_question(engine: Engine) -> None:
    questions = [q for q in read_labelled(QUESTIONS) if q.type == "paraphrase"][:24]
    ways = [Configuration({}), Configuration(PRESETS["只用词语匹配（BM25）"], expand=False)]
    steps = list(evaluating_all(engine, questions, ways))
    assert [step.done for step in steps] == [*range(48), 48]
    assert {step.total for step in steps} == {48}
    both, words = steps[-1].found
    assert both.systems == ["bm25", "dense", "hybrid", "ask"]
    assert words.systems == ["hybrid", "ask"]
    comparison = compare(words, both)
    (recall,) = (test for test in comparison.differences if test.metric == "recall@5")
    means = [e.summary("ask", questions)["recall@5"] for e in (both, words)]
    assert recall.delta.value == pytest.approx(means[0] - means[1])
    assert recall.delta.value > 0.1
    shown = present.evaluated(both, "题", comparison)
    assert f"<td>{recall.better} / {recall.worse}</td>" in shown
    assert f"{recall.p:.4f}" in shown
    assert shown.count('class="gw-ask"') == len(comparison.changes) + len(list(failures(both)))


def test_the_same_way_twice_shows_no_difference(engine: Engine) -> None:
    questions = read_labelled(QUESTIONS)[:2]
    found = list(evaluating_all(engine, questions, [Configuration({}), Configuration({})]))[
        -1
    ].found
    comparison = compare(found[1], found[0])
    assert not comparison.changes
    shown = present.evaluated(found[0], "题", comparison)
    assert "分不出" in shown
    assert "甲较好" not in shown
    # The smallest difference cannot be told where no question differs.
    assert "<td>无法计算</td>" in shown


def test_one_question_cannot_be_tested(engine: Engine) -> None:
    found = list(evaluating_all(engine, read_labelled(QUESTIONS)[:1], [Configuration({})] * 2))[-1]
    shown = present.evaluated(found.found[0], "题", compare(found.found[1], found.found[0]))
    assert "可比的题不足两题，无法检验：" in shown


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"weights": {"bm25": 0.0}}, "都是 0"),
        ({"weights": {"bm26": 1.0}}, "没有“bm26”这一路"),
        ({"weights": {"bm25": 1.5}}, "0 到 1"),
        ({"weights": {}, "candidates": 3}, "10 到 1000"),
    ],
)
def test_a_way_that_cannot_be_is_refused(given: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told):
        Configuration(**given)  # type: ignore[arg-type]


def test_a_way_changes_only_what_it_names(engine: Engine) -> None:
    assert Configuration({}).engine(engine) is engine
    made = Configuration({"bm25": 1.0, "dense": 0.0}, rerank=False, expand=False).engine(engine)
    assert made.options.weights == {"bm25": 1.0}
    assert (made.options.rerank, made.options.expansion) == (False, 0.0)
    assert made.options.candidates == engine.options.candidates


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.pdf", b"%PDF", r"是 \.pdf 文件"),
        ("a.csv", b"", "空文件"),
        ("a.jsonl", b'{"id": "1", "question": ""}\nx\n', "第 2 行"),
        ("a.jsonl", b"PK\x03\x04\xff\xff", "应为 UTF-8"),
        ("a.csv", "甲,乙\n1,2\n".encode(), "表头应有"),
    ],
)
def test_a_wrong_set_is_told_by_its_name_and_lines(
    name: str, content: bytes, told: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=told) as caught:
        sets.own(path)
    assert name in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_the_set_of_the_seeds_needs_the_seeds(engine: Engine) -> None:
    assert len(sets.of_seeds(engine.index)) == len(read_labelled(QUESTIONS))


def test_a_long_message_is_cut_and_says_so() -> None:
    shown = present.long_problem("有错：\n" + "\n".join(f"  第 {n} 行<i>" for n in range(50)))
    assert shown.count("<p>") == 22
    assert "另有 30 处" in shown
    assert "<i>" not in shown


def test_the_progress_says_how_far_it_is() -> None:
    shown = present.evaluating(Evaluating(3, 12))
    assert '<progress max="12" value="3"' in shown
    assert re.search(r'role="status">已评测 3 / 12 题<', shown)
