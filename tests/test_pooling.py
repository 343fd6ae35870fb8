"""Labelling: passages of all legs are shown, sentences chosen, the label written."""

from collections.abc import Iterator

import pytest

from qa import Engine
from qa.evaluate import SYSTEMS, check_labels, passage_name, retrieve
from qa.evaluation.pooling import STOP, Judged, judge, label, pool
from qa.models import Passage
from qa.questionnaire import Asked, Evidence, Labelled

ASKED = Asked("q", "济南2025年常住人口城镇化率目标", ())


@pytest.fixture(scope="module")
def passages(engine: Engine) -> list[Passage]:
    return pool(engine, ASKED, 6)


def _judge(engine: Engine, passages: list[Passage], *words: str) -> tuple[object, list[str]]:
    said: list[str] = []
    answers: Iterator[str] = iter(words)
    found = judge(engine, ASKED, passages, said.append, lambda: next(answers))
    assert list(answers) == []
    return found, said


def _sentence(said: list[str], passage: int, number: int) -> str:
    heads = [at for at, line in enumerate(said) if line.startswith("\n[")]
    return said[heads[passage] + number].split(maxsplit=1)[1]


def test_the_pool_holds_the_best_of_every_leg_once(engine: Engine, passages: list[Passage]) -> None:
    names = [passage_name(passage) for passage in passages]
    assert len(set(names)) == len(names)
    best = [passage_name(p) for w in SYSTEMS.values() for p in retrieve(engine, ASKED, w, 6)]
    assert set(names) == set(best)
    assert names[0] == best[0]


def test_a_sentence_chosen_by_its_number_becomes_the_quote(
    engine: Engine, passages: list[Passage]
) -> None:
    found, said = _judge(engine, passages, "1", "d")
    assert isinstance(found, list)
    (one,) = found
    text = engine.index.documents[one.passage.chunk.document_id].text
    assert one.quote in one.passage.chunk.span.of(text)
    assert "".join(one.quote.split()) == "".join(_sentence(said, 0, 1).split())


def test_the_label_holds_groups_alternatives_and_what_was_looked_at(
    engine: Engine, passages: list[Passage]
) -> None:
    found, _ = _judge(engine, passages, "1", "1", "", "+1", "d")
    assert isinstance(found, list)
    row = label(ASKED, found)
    assert [len(group) for group in row["evidence_groups"]] == [2, 1]
    assert [one["relevant"] for one in row["judged"]] == [True, True, False, True]
    groups = tuple(tuple(Evidence(**e) for e in g) for g in row["evidence_groups"])
    check_labels(engine, [Labelled("q", ASKED.question, groups=groups)])


def test_a_mistake_is_told_and_can_be_taken_back(engine: Engine, passages: list[Passage]) -> None:
    found, said = _judge(engine, passages, "99", "x", "0", "2-1", "?", "1", "b", "", "1", "d")
    assert isinstance(found, list)
    assert [bool(one.quote) for one in found] == [False, True]
    assert sum(line.startswith("不明白") for line in said) == 4


def test_endings(engine: Engine, passages: list[Passage]) -> None:
    assert _judge(engine, passages, "q")[0] is STOP
    assert _judge(engine, passages, "1", "s")[0] is None
    assert _judge(engine, passages, "u")[0] == []
    nothing = [""] * len(passages)
    assert _judge(engine, passages, *nothing, "")[0] is None
    assert _judge(engine, passages, *nothing, "u")[0] == []
    assert label(ASKED, [])["evidence_groups"] == []
    assert label(Asked("q", "问", ("先",)), [Judged(passages[0])])["history"] == ["先"]
