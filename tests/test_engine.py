import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index import IndexMismatchError, IndexMissingError, InputError, build, normalise
from index.static import StaticEncoder
from qa import NOT_FOUND, Answer, Engine, Filters, library

QUESTIONS = [json.loads(line) for line in library.QUESTIONS.read_text("utf-8").splitlines()]
JINAN = "002_42cd662d68b88e93.txt"
LINYI = "001_e2e8f9ee6a7932bc.txt"


@pytest.fixture(scope="module")
def answers(engine: Engine) -> dict[str, Answer]:
    """Every labelled question, asked once."""
    return {q["id"]: engine.ask(q["question"], q.get("history", ())) for q in QUESTIONS}


def test_every_citation_of_every_answer_is_verbatim(
    answers: dict[str, Answer], engine: Engine
) -> None:
    cited = 0
    for answer in answers.values():
        for citation in answer.citations:
            document = engine.index.documents[citation.document_id]
            assert citation.quote == citation.span.of(document.text)
            assert citation.quote.strip()
            assert citation.title == document.title
            cited += 1
    assert cited > len(QUESTIONS) / 2


def test_every_verbatim_statement_stands_in_one_of_its_citations(
    answers: dict[str, Answer],
) -> None:
    for name, answer in answers.items():
        for statement in answer.statements:
            if statement.verbatim:
                said = normalise(statement.text).text
                quotes = [normalise(answer.citations[n].quote).text for n in statement.citations]
                assert any(said in quote for quote in quotes), name


def test_every_citation_is_used_and_numbered_in_order(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        used = [number for s in answer.statements for number in s.citations]
        assert list(dict.fromkeys(used)) == list(range(len(answer.citations)))


def test_an_answer_is_given_or_refused_never_both(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        if answer.abstained:
            assert answer.kind == "none"
            assert answer.reason
            assert (answer.statements, answer.citations, answer.text) == ((), (), "")
        else:
            assert answer.kind != "none"
            assert answer.citations
            assert answer.reason == ""


def test_passages_are_at_most_ten_distinct_best_first_and_verbatim(
    answers: dict[str, Answer], engine: Engine
) -> None:
    for answer in answers.values():
        assert 0 < len(answer.passages) <= 10
        scores = [passage.score for passage in answer.passages]
        assert scores == sorted(scores, reverse=True)
        places = [(p.chunk.document_id, p.chunk.span) for p in answer.passages]
        assert len(set(places)) == len(places)
        for passage in answer.passages:
            text = engine.index.documents[passage.chunk.document_id].text
            assert passage.text == passage.chunk.span.of(text)


def test_every_citation_lies_in_a_passage_shown(answers: dict[str, Answer]) -> None:
    for name, answer in answers.items():
        for citation in answer.citations:
            assert any(
                p.chunk.document_id == citation.document_id
                and (p.chunk.span.covers(citation.span) or p.chunk.span.overlaps(citation.span))
                for p in answer.passages
            ), name


def test_two_engines_give_the_same_answers(answers: dict[str, Answer], engine: Engine) -> None:
    other = Engine.open(engine.index.folder)
    for question in QUESTIONS[::6]:
        again = other.ask(question["question"], question.get("history", ()))
        assert again == answers[question["id"]]


def test_most_labelled_questions_are_answered_and_unanswerable_ones_often_refused(
    answers: dict[str, Answer],
) -> None:
    answerable = [q for q in QUESTIONS if q["evidence_groups"]]
    silent = [q for q in QUESTIONS if not q["evidence_groups"]]
    assert sum(not answers[q["id"]].abstained for q in answerable) > 0.9 * len(answerable)
    assert sum(answers[q["id"]].abstained for q in silent) > 0.5 * len(silent)


def test_the_text_marks_what_is_cited(engine: Engine) -> None:
    answer = engine.ask("济南2025年城镇化率目标")
    assert "[1]" in answer.text.splitlines()[0]
    assert "78.5%以上" in answer.text
    assert answer.citations[0].document_id == JINAN


def test_search_gives_the_passages_of_the_answer(engine: Engine) -> None:
    for text in ("济南2025年城镇化率目标", "孩子上学", "第五章讲什么"):
        assert engine.search(text, 5) == list(engine.ask(text, count=5).passages)


@pytest.mark.parametrize("count", [1, 2, 50])
def test_as_many_passages_as_asked_for(engine: Engine, count: int) -> None:
    assert len(engine.search("城镇化质量", count)) == count


def test_follow_ups_use_the_history(engine: Engine) -> None:
    answer = engine.ask("那临沂呢?", ["济南2025年城镇化率目标"])
    assert "62%" in answer.text
    assert answer.citations[0].document_id == LINYI
    again = engine.ask("那2035年呢?", ["济南2025年城镇化率目标", "那临沂呢?"])
    assert "72%" in again.text


def test_a_whole_question_is_not_mixed_with_the_one_before(engine: Engine) -> None:
    asked = "济南2025年城镇化率目标"
    assert engine.parse(asked, ["临沂2035年有多少5G基站"]).search == asked


def test_filters_restrict_answers_and_passages(engine: Engine) -> None:
    filters = Filters(documents=frozenset({LINYI}))
    answer = engine.ask("城镇化率目标是多少", filters=filters)
    assert {p.chunk.document_id for p in answer.passages} == {LINYI}
    assert {c.document_id for c in answer.citations} <= {LINYI}


def test_filters_that_nothing_meets_are_refused_without_passages(engine: Engine) -> None:
    answer = engine.ask("城镇化率目标", filters=Filters(year=2049))
    assert answer.abstained
    assert answer.passages == ()
    assert answer.reason


@pytest.mark.parametrize("text", ["", " \n", "？！", "\x00\x01", "问" * 10_000])
def test_what_is_no_question_is_refused_at_the_door(text: str, engine: Engine) -> None:
    with pytest.raises(InputError):
        engine.ask(text)
    with pytest.raises(InputError):
        engine.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "7",
        "%" + "济",
        "'; DROP TABLE",
        "<script>alert(1)</script>",
        "[1](x)",
        "城" * 2000,
        "😀城",
        "\u202e济南",
    ],
)
def test_odd_questions_are_answered_or_refused_but_never_fail(text: str, engine: Engine) -> None:
    answer = engine.ask(text)
    assert answer.abstained or answer.citations


def test_the_words_for_a_refusal() -> None:
    assert NOT_FOUND == "未找到依据"


def test_another_encoder_or_no_index_is_refused_on_opening(
    seeds_folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(IndexMissingError):
        Engine.open(tmp_path / "none")
    assert Engine.open(seeds_folder, "guiwen").index.encoder.name == "guiwen"


def test_an_index_of_another_fingerprint_is_refused(
    seeds_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StaticEncoder, "fingerprint", "0" * 16)
    with pytest.raises(IndexMismatchError):
        Engine.open(seeds_folder)


def test_a_region_with_few_passages_is_filled_up_from_the_others_below(engine: Engine) -> None:
    passages = engine.ask("临沂2025年城镇化率目标").passages
    assert len(passages) == 10
    own = [p.chunk.document_id.startswith("001_") for p in passages]
    assert own == sorted(own, reverse=True)
    assert [p.score for p in passages] == sorted((p.score for p in passages), reverse=True)
    limited = engine.ask("临沂2025年城镇化率目标", filters=Filters(regions=frozenset({"临沂市"})))
    assert all(p.chunk.document_id.startswith("001_") for p in limited.passages)


def test_an_index_without_any_figure_is_asked_as_any_other(
    source: Callable[..., Path], tmp_path: Path
) -> None:
    text = "甲市规划\n一、目标\n甲市要改善空气质量,推进公园建设。\n"
    engine = Engine.open(build([source({"a.txt": text})], tmp_path / "index").folder)
    assert engine.index.indicators == ()
    assert "公园" in engine.ask("甲市怎么推进公园建设").text
    assert engine.ask("甲市2025年城镇化率目标是多少").abstained
    assert engine.search("甲市公园绿地面积")[0].chunk.document_id == "a.txt"


@pytest.mark.parametrize("question", ["ÿ", "ก", "𐐀"])
def test_a_question_without_a_token_that_is_known_has_scores(engine: Engine, question: str) -> None:
    assert [len(ids) for ids in engine.index.encoder.token_ids([question]) or ()] == [0]
    answer = engine.ask(question)
    assert answer.abstained
    assert np.isfinite([p.score for p in answer.passages]).all()
