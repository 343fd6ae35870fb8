import json
from dataclasses import replace
from pathlib import Path

import pytest

from index import Chunk, InputError, Span
from qa import Answer, Citation, Engine, Passage, Question, Statement, library
from qa.evaluate import (
    SYSTEMS,
    check_labels,
    evaluate,
    judge,
    passage_name,
    relevant,
)
from qa.evaluation import gate, saved
from qa.evaluation.compare import compare
from qa.evaluation.report import (
    comparison_text,
    evaluation_data,
    evaluation_text,
    significance,
    unreachable,
)
from qa.evaluation.results import ASK, Answered, Evaluation, area, risk_coverage
from qa.metrics import DEPTH, RANKED
from qa.questionnaire import Evidence, Labelled, read_labelled

JINAN = "002_42cd662d68b88e93.txt"
RATES = "常住人口城镇化率、户籍人口城镇化率分别提高到78.5%以上和65%左右"
NAMES = ("jn-001", "jn-003", "jn-054", "jn-120", "jn-126", "ot-125", "ot-143", "jn-180", "ot-185")


def _labelled(**fields: object) -> Labelled:
    given = {"id": "x", "question": "济南2025年城镇化率目标", **fields}
    return Labelled(**given)  # type: ignore[arg-type]


def _group(*quotes: str) -> tuple[Evidence, ...]:
    return tuple(Evidence(JINAN, quote) for quote in quotes)


@pytest.fixture(scope="module")
def questions() -> list[Labelled]:
    return [row for row in read_labelled(library.QUESTIONS) if row.id in NAMES]


@pytest.fixture(scope="module")
def evaluation(engine: Engine, questions: list[Labelled]) -> Evaluation:
    return evaluate(engine, questions)


# Judging one answer


def _answer(engine: Engine, *spans: Span, text: str = "") -> Answer:
    document = engine.index.documents[JINAN]
    citations = tuple(
        Citation(JINAN, document.title, (), span, span.of(document.text)) for span in spans
    )
    said = text or (citations[0].quote if citations else "")
    statements = (Statement(said, tuple(range(len(spans)))),) if spans else ()
    question = Question("问", "问")
    if not spans:
        return Answer(question, "none", (), (), (), True, "没有")
    return Answer(question, "figure", statements, citations, ())


def _span(engine: Engine, quote: str) -> Span:
    start = engine.index.documents[JINAN].text.index(quote)
    return Span(start, start + len(quote))


@pytest.mark.parametrize(
    ("values", "reject", "said", "right"),
    [
        (("78.5%",), (), "78.5％以上", True),
        (("78.5%",), ("65%",), "78.5%以上", True),
        (("78.5%",), ("65%",), "78.5%,不是65%", False),
        (("78.5%", "65%"), (), "78.5%", False),
        (("78.5%以上",), ("78.5%",), "78.5%以上", True),
        (("8.5%",), (), "78.5%", False),
        (("4.8",), (), "4.85%", False),
        (("4.8",), ("0.5",), "4.8%左右,10.5%", True),
        ((), (), "78.5%", None),
    ],
)
def test_a_value_is_right_when_all_stand_and_none_refused_leads(
    values: tuple[str, ...], reject: tuple[str, ...], said: str, right: bool | None, engine: Engine
) -> None:
    answer = _answer(engine, _span(engine, RATES), text=said)
    label = _labelled(values=values, reject=reject, groups=(_group(RATES),))
    assert judge(engine, label, answer).value is right


def test_a_refusal_of_a_known_value_is_wrong_and_covers_nothing(engine: Engine) -> None:
    label = _labelled(values=("78.5%",), groups=(_group(RATES),))
    assert judge(engine, label, _answer(engine)) == Answered(
        True, False, None, 0, 0, kind="none", text="没有"
    )


def test_an_answer_to_what_the_documents_do_not_say_has_no_value_and_no_cover(
    engine: Engine,
) -> None:
    answer = _answer(engine, _span(engine, RATES))
    label = _labelled(values=("78.5%",))
    found = judge(engine, label, answer)
    assert (found.abstained, found.value, found.covered) == (False, None, None)
    assert (found.citations, found.verbatim, found.relevant) == (1, 1, 0)
    assert found.loss == 1.0


def test_cover_is_the_share_of_groups_that_a_citation_holds_or_stands_in(engine: Engine) -> None:
    answer = _answer(engine, _span(engine, "户籍人口城镇化率分别提高到78.5%以上和65%左右"))
    label = _labelled(groups=(_group("没有的", RATES), _group("提高到78.5%"), _group("没有的")))
    assert judge(engine, label, answer).covered == pytest.approx(2 / 3)


def test_a_quote_that_is_not_verbatim_is_counted_as_such(engine: Engine) -> None:
    answer = _answer(engine, _span(engine, RATES))
    broken = replace(answer, citations=(replace(answer.citations[0], quote="别的"),))
    found = judge(engine, _labelled(groups=(_group(RATES),)), broken)
    assert (found.citations, found.verbatim) == (1, 0)


def test_citations_that_hold_evidence_and_words_that_are_quoted_are_counted(engine: Engine) -> None:
    first, second = _span(engine, RATES), _span(engine, "全市建成区面积达到839.7平方公里")
    answer = _answer(engine, first, second, text="78.5%以上")
    led = replace(answer, statements=(Statement("计算如下", (), False), *answer.statements))
    found = judge(engine, _labelled(groups=(_group(RATES),)), led)
    assert (found.citations, found.relevant) == (2, 1)
    assert (found.said, found.quoted) == (len("计算如下") + len("78.5%以上"), len("78.5%以上"))


# Relevance


def test_passages_are_named_by_file_and_span() -> None:
    assert passage_name(Passage(Chunk(3, "a.txt", (), Span(5, 9)), "", 0.0)) == "a.txt:5-9"


def test_relevant_are_all_passages_that_hold_a_quote_retrieved_or_not(engine: Engine) -> None:
    span = _span(engine, RATES)
    made = Passage(Chunk(-1, JINAN, (), Span(span.start - 1, span.end)), "", 0.0)
    other = Passage(Chunk(-1, JINAN, (), Span(0, 9)), "", 0.0)
    retrieved = {passage_name(p): p for p in (made, other)}
    found = relevant(engine, _group(RATES), retrieved)
    chunks = {
        passage_name(Passage(chunk, "", 0.0))
        for chunk in engine.index.chunks
        if chunk.document_id == JINAN and chunk.span.covers(span)
    }
    assert len(chunks) == 1
    assert found == chunks | {passage_name(made)}


@pytest.mark.parametrize(
    ("evidence", "complaint"),
    [
        (Evidence("none.txt", "甲"), "“none.txt”不在索引中"),
        (Evidence(JINAN, "原文没有的话"), "“原文没有的话”.*找不到"),
        (Evidence(JINAN, ""), "找不到"),
        (Evidence(JINAN, "提高到 78.5％以上"), "原文是“提高到78.5%以上”"),
        (Evidence("000_29c0b1cf7bd9b281.txt", RATES), f"它在“{JINAN}”中"),
    ],
)
def test_a_label_that_does_not_stand_is_refused_by_its_id(
    evidence: Evidence, complaint: str, engine: Engine
) -> None:
    with pytest.raises(InputError, match=complaint) as caught:
        check_labels(engine, [_labelled(groups=((evidence,),))])
    assert "“x”" in str(caught.value)


def test_all_wrong_labels_are_named_at_once_with_their_rows(engine: Engine) -> None:
    wrong = [
        _labelled(id=name, place=f"第 {row} 行", groups=((Evidence(JINAN, "没有的话"),),))
        for row, name in ((2, "甲"), (5, "乙"))
    ]
    right = _labelled(id="丙", groups=(_group(RATES),))
    with pytest.raises(InputError, match="有 2 处") as caught:
        check_labels(engine, [wrong[0], right, wrong[1]])
    told = str(caught.value).splitlines()
    assert len(told) == 3
    assert "第 2 行问题“甲”" in told[1]
    assert "第 5 行问题“乙”" in told[2]


# The whole


def test_every_system_ranks_every_question(evaluation: Evaluation) -> None:
    assert set(evaluation.runs) == {*SYSTEMS, ASK}
    for run in evaluation.runs.values():
        assert set(run) == set(NAMES)
        for scores in run.values():
            assert sorted(scores.values(), reverse=True) == [
                float(DEPTH - place) for place in range(len(scores))
            ]


def test_unanswerable_questions_are_asked_but_not_ranked(evaluation: Evaluation) -> None:
    answerable = {q.id for q in evaluation.questions if q.answerable}
    assert answerable == set(NAMES) - {"jn-180", "ot-185"}
    assert set(evaluation.qrels) == answerable
    for ranked in evaluation.ranked.values():
        assert set(ranked) == answerable
    assert set(evaluation.answered) == set(NAMES)


def test_every_answerable_question_has_a_relevant_passage(evaluation: Evaluation) -> None:
    assert all(evaluation.qrels.values())


def test_easy_questions_are_found_and_their_citations_verbatim(evaluation: Evaluation) -> None:
    summary = evaluation.summary(ASK, evaluation.questions)
    assert summary["n"] == len(NAMES) - 2
    assert summary["recall@10"] is not None
    assert summary["recall@10"] > 0.8
    answers = evaluation.answers(evaluation.questions)
    assert answers["n"] == len(NAMES)
    assert answers["citation_validity"] == 1.0
    assert answers["abstention_recall"] == 1.0


def test_progress_and_determinism(
    engine: Engine, evaluation: Evaluation, questions: list[Labelled]
) -> None:
    told: list[tuple[int, int]] = []
    again = evaluate(engine, questions[:3], lambda done, total: told.append((done, total)))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    for system in (*SYSTEMS, ASK):
        for question in questions[:3]:
            assert again.runs[system][question.id] == evaluation.runs[system][question.id]


def test_the_report_holds_every_slice_and_system(evaluation: Evaluation) -> None:
    data = json.loads(json.dumps(evaluation_data(evaluation)))
    assert data["questions"] == len(NAMES)
    assert data["unreachable"] == []
    assert set(data["retrieval"]) == {*SYSTEMS, ASK}
    kinds = {name or "all" for name in evaluation.slices()}
    assert {"all", "value", "难度：easy"} <= kinds
    assert set(data["answers"]) == kinds
    for rows in data["retrieval"].values():
        assert set(rows) == kinds
        assert set(rows["all"]) == {"n", *RANKED}
    pairs = {(test["first"], test["second"]) for test in data["significance"]}
    assert pairs == {("hybrid", "bm25"), ("hybrid", "dense")}
    text = evaluation_text(evaluation)
    assert all(system in text for system in SYSTEMS)
    assert f"{data['retrieval'][ASK]['all']['recall@5']:.3f}" in text


def test_what_is_saved_is_read_back(evaluation: Evaluation, tmp_path: Path) -> None:
    path = tmp_path / "saved.json"
    path.write_text(json.dumps(saved.as_data(evaluation), ensure_ascii=False), encoding="utf-8")
    again = saved.read(path)
    assert evaluation_data(again) == evaluation_data(evaluation)
    assert list(again.questions) == list(evaluation.questions)
    assert again.runs == evaluation.runs


# Sums, on a made-up evaluation


def _ranked(share: float) -> dict[str, float]:
    return dict.fromkeys(RANKED, share)


def _toy(last: float = 0.0) -> Evaluation:
    questions = [
        _labelled(id="a", type="value", groups=(_group("甲"),)),
        _labelled(id="b", type="value", groups=(_group("甲"),)),
        _labelled(id="c", type="list", groups=(_group("甲"),)),
        _labelled(id="d", type="none"),
        _labelled(id="e", type="none"),
    ]
    ranked = {
        "hybrid": {"a": _ranked(1.0), "b": _ranked(0.5), "c": _ranked(last)},
        "bm25": {"a": _ranked(1.0), "b": _ranked(0.5), "c": _ranked(0.0)},
    }
    answered = {
        "a": Answered(False, True, 1.0, 2, 2, 1, 10, 10, 0.9),
        "b": Answered(False, None, 0.5, 1, 1, 1, 10, 5, 0.7),
        "c": Answered(True, False, None, 0, 0),
        "d": Answered(True, None, None, 0, 0),
        "e": Answered(False, None, None, 1, 0, 0, 5, 0, 0.8),
    }
    return Evaluation(questions, ranked, {"hybrid": {}, "bm25": {}}, {"c": {}}, answered)


@pytest.fixture
def toy() -> Evaluation:
    return _toy()


def test_means_over_answerable_questions(toy: Evaluation) -> None:
    slices = toy.slices()
    assert list(slices) == ["", "value", "list", "none"]
    summary = toy.summary("hybrid", slices[""])
    assert summary["n"] == 3
    assert summary["recall@5"] == pytest.approx((1.0 + 0.5 + 0.0) / 3)
    assert toy.summary("hybrid", slices["value"])["mrr@10"] == pytest.approx((1.0 + 0.5) / 2)
    assert toy.summary("hybrid", slices["none"]) == {"n": 0, **dict.fromkeys(RANKED)}


def test_figures_of_the_answers(toy: Evaluation) -> None:
    slices = toy.slices()
    assert toy.answers(slices[""]) == {
        "n": 5,
        "value_accuracy": pytest.approx(1 / 2),
        "citation_recall": pytest.approx((1.0 + 0.5) / 2),
        "citation_precision": pytest.approx(2 / 3),
        "citation_validity": pytest.approx(3 / 4),
        "verbatim_share": pytest.approx(15 / 25),
        "abstention_precision": pytest.approx(1 / 2),
        "abstention_recall": pytest.approx(1 / 2),
        "answered_share": pytest.approx(2 / 3),
    }
    assert toy.answers(slices["list"])["citation_validity"] is None
    assert toy.answers(slices["value"])["abstention_recall"] is None


def test_risk_grows_with_coverage_by_what_is_wrong(toy: Evaluation) -> None:
    # The surest is right, the next answers what is not said, the last covers half its evidence.
    points = risk_coverage(toy)
    assert [p.coverage for p in points] == pytest.approx([1 / 5, 2 / 5, 3 / 5])
    assert [p.risk for p in points] == pytest.approx([0.0, 1 / 2, (0.0 + 1.0 + 0.5) / 3])
    assert area(points) == pytest.approx((0.0 + 0.25 + 0.5) / 3)
    assert area([]) is None


def test_questions_that_no_passage_holds_are_named(toy: Evaluation) -> None:
    assert unreachable(toy) == ["c"]
    assert "1 题的引文没有一个段落完整包含，计为未命中：c" in evaluation_text(toy)


def test_equal_systems_do_not_differ(toy: Evaluation) -> None:
    assert {(test.p, test.holm) for test in significance(toy)} == {(1.0, 1.0)}


# Two evaluations


def test_a_comparison_names_each_question_that_changed(toy: Evaluation) -> None:
    later = _toy(last=1.0)
    found = compare(toy, later, "hybrid")
    assert [(c.question.id, c.metric, c.before, c.after) for c in found.changes] == [
        ("c", metric, 0.0, 1.0) for metric in ("recall@5", "mrr@10", "ndcg@10")
    ]
    by_metric = {test.metric: test for test in found.differences}
    assert by_metric["recall@5"].delta.value == pytest.approx(1 / 3)
    assert by_metric["silence_right"].delta.value == 0.0
    assert by_metric["silence_right"].questions == 5
    assert by_metric["citation_recall"].questions == 3
    assert "0.000 → 1.000  c" in comparison_text(found)
    assert compare(later, later, "hybrid").changes == []


def test_questions_without_a_counterpart_are_named(toy: Evaluation) -> None:
    renamed = [replace(q, id="z") if q.id == "e" else q for q in toy.questions]
    asked = [replace(q, question="别的") if q.id == "d" else q for q in renamed]
    answered = {("z" if name == "e" else name): a for name, a in toy.answered.items()}
    found = compare(toy, replace(toy, questions=asked, answered=answered), "hybrid")
    assert (found.only_before, found.only_after) == (["d", "e"], ["d", "z"])
    told = comparison_text(found)
    assert "仅先前有、未参与比较的问题 2 个：d、e" in told
    with pytest.raises(InputError, match="没有“ask”"):
        compare(toy, toy)
    with pytest.raises(InputError, match="没有相同的问题"):
        compare(toy, replace(toy, questions=[_labelled(id="new")]), "hybrid")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "guiwen-evaluation-1"}'])
def test_a_file_that_is_no_evaluation_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"x\.json"):
        saved.read(path)


# Demands


def test_demands_are_met_or_named(toy: Evaluation) -> None:
    systems = toy.systems
    gate.check(
        toy, [gate.parse("recall@5=0.5", systems), gate.parse("value_accuracy=50%", systems)]
    )
    demands = [gate.parse(t, systems) for t in ("bm25/mrr@10=0.51", "citation_recall=.75")]
    with pytest.raises(gate.BelowError, match=r"bm25/mrr@10 为 0\.5000，应不低于 0\.51") as caught:
        gate.check(toy, demands)
    assert "citation_recall" not in str(caught.value)
    assert caught.value.exit_code == 7
    unmeasured = replace(toy, answered={})
    with pytest.raises(gate.BelowError, match="没有可计算的问题"):
        gate.check(unmeasured, [gate.parse("answered_share=0.1", systems)])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("recall@5", "应写作 指标=数值"),
        ("recall@7=0.5", "不认识指标“recall@7”"),
        ("late/recall@5=0.5", "不认识“late”"),
        ("bm25/value_accuracy=0.5", "前面不写系统名"),
        ("recall@5=high", "0 到 1 之间"),
        ("recall@5=90", "0 到 1 之间"),
        ("recall@5=nan", "0 到 1 之间"),
    ],
)
def test_a_demand_that_cannot_be_read_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        gate.parse(text, ["hybrid", "bm25"])
