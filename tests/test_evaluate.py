from dataclasses import replace

import pytest

from index import Chunk, InputError, Span
from qa import Answer, Citation, Engine, Passage, Question, Statement, library
from qa.evaluate import (
    ASK,
    DEPTH,
    SYSTEMS,
    Answered,
    Evaluation,
    check_labels,
    evaluate,
    judge,
    passage_name,
    relevant,
)
from qa.metrics import CUTS, Ranked
from qa.questionnaire import Evidence, Labelled, read_labelled
from qa.report import evaluation_data, evaluation_text

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
    assert judge(engine, label, _answer(engine)) == Answered(True, False, None, 0, 0)


def test_an_answer_to_what_the_documents_do_not_say_has_no_value_and_no_cover(
    engine: Engine,
) -> None:
    answer = _answer(engine, _span(engine, RATES))
    label = _labelled(values=("78.5%",))
    assert judge(engine, label, answer) == Answered(False, None, None, 1, 1)


def test_cover_is_the_share_of_groups_that_a_citation_holds_or_stands_in(engine: Engine) -> None:
    answer = _answer(engine, _span(engine, "户籍人口城镇化率分别提高到78.5%以上和65%左右"))
    label = _labelled(groups=(_group("没有的", RATES), _group("提高到78.5%"), _group("没有的")))
    assert judge(engine, label, answer).covered == pytest.approx(2 / 3)


def test_a_quote_that_is_not_verbatim_is_counted_as_such(engine: Engine) -> None:
    answer = _answer(engine, _span(engine, RATES))
    broken = replace(answer, citations=(replace(answer.citations[0], quote="别的"),))
    found = judge(engine, _labelled(groups=(_group(RATES),)), broken)
    assert (found.citations, found.verbatim) == (1, 0)


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
    ],
)
def test_a_label_that_does_not_stand_is_refused_by_its_id(
    evidence: Evidence, complaint: str, engine: Engine
) -> None:
    with pytest.raises(InputError, match=complaint) as caught:
        check_labels(engine, [_labelled(groups=((evidence,),))])
    assert "“x”" in str(caught.value)


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
    summary = evaluation.summary(ASK)
    assert summary["n"] == len(NAMES) - 2
    assert summary["recall@10"] is not None
    assert summary["recall@10"] > 0.8
    answers = evaluation.answers()
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


def test_the_report_holds_every_type_and_system(evaluation: Evaluation) -> None:
    data = evaluation_data(evaluation)
    assert data["questions"] == len(NAMES)
    assert set(data["retrieval"]) == {*SYSTEMS, ASK}
    kinds = {"all", *evaluation.types()}
    assert set(data["answers"]) == kinds
    for rows in data["retrieval"].values():
        assert set(rows) == kinds
        assert set(rows["all"]) == {"n", *(f"recall@{k}" for k in CUTS), "mrr@10", "ndcg@10"}
    assert set(data["significance"]) == {"hybrid-bm25", "hybrid-dense"}
    text = evaluation_text(evaluation)
    assert all(system in text for system in SYSTEMS)
    assert f"{data['retrieval'][ASK]['all']['recall@5']:.3f}" in text


# Sums, on a made-up evaluation


def _ranked(first: float) -> Ranked:
    return Ranked(dict.fromkeys(CUTS, first), first, first)


@pytest.fixture
def toy() -> Evaluation:
    questions = [
        _labelled(id="a", type="value", groups=(_group("甲"),)),
        _labelled(id="b", type="value", groups=(_group("甲"),)),
        _labelled(id="c", type="list", groups=(_group("甲"),)),
        _labelled(id="d", type="none"),
        _labelled(id="e", type="none"),
    ]
    ranked = {
        "hybrid": {"a": _ranked(1.0), "b": _ranked(0.5), "c": _ranked(0.0)},
        "bm25": {"a": _ranked(1.0), "b": _ranked(0.5), "c": _ranked(0.0)},
    }
    answered = {
        "a": Answered(False, True, 1.0, 2, 2),
        "b": Answered(False, False, 0.5, 1, 1),
        "c": Answered(True, None, None, 0, 0),
        "d": Answered(True, None, None, 0, 0),
        "e": Answered(False, None, None, 1, 0),
    }
    return Evaluation(questions, ranked, {}, {}, answered)


def test_means_over_answerable_questions(toy: Evaluation) -> None:
    summary = toy.summary("hybrid")
    assert summary["n"] == 3
    assert summary["recall@5"] == pytest.approx((1.0 + 0.5 + 0.0) / 3)
    assert toy.summary("hybrid", "value")["mrr@10"] == pytest.approx((1.0 + 0.5) / 2)
    assert toy.summary("hybrid", "none") == {
        "n": 0, **{f"recall@{k}": None for k in CUTS}, "mrr@10": None, "ndcg@10": None
    }  # fmt: skip


def test_figures_of_the_answers(toy: Evaluation) -> None:
    found = toy.answers()
    assert found == {
        "n": 5,
        "value_accuracy": pytest.approx(1 / 2),
        "evidence_covered": pytest.approx((1.0 + 0.5) / 2),
        "abstention_precision": pytest.approx(1 / 2),
        "abstention_recall": pytest.approx(1 / 2),
        "answered_share": pytest.approx(2 / 3),
        "citation_validity": pytest.approx(3 / 4),
    }
    assert toy.answers("list")["citation_validity"] is None
    assert toy.answers("value")["abstention_recall"] is None


def test_equal_systems_do_not_differ(toy: Evaluation) -> None:
    assert toy.significance("hybrid", "bm25") == {"mrr@10": 1.0, "recall@5": 1.0}
    assert toy.types() == ["value", "list", "none"]
