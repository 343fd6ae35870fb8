import hashlib
import json
from collections import Counter

import pytest

from index.read import read_sources
from qa import library

SHA256 = {
    "000_29c0b1cf7bd9b281.txt": "ec016049ed1754977dba65b28a4873bab53156191a4dbd2fbde91e85b572c98c",
    "001_e2e8f9ee6a7932bc.txt": "9d0bee7dd696c30a34143e1728ca2f47babecddbebdaaa84cea1665c6310fcd6",
    "002_42cd662d68b88e93.txt": "6e7bc8d221bde47353c1742b7b63c5ef4158a9c85e3016f644036325bb4a6af9",
    "003_d7dcaaf4876adf17.txt": "3f26210eb80678a3ad234a127979a3fd50961f5f3144ef70bb75c1cc8ed71fdb",
    "004_c9e7e69d06b0c481.txt": "df4c9a34e28117260252e48807b15702a16965cd4e9b07cab222e8369bf9f1c1",
}
QUESTIONS = [json.loads(line) for line in library.QUESTIONS.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("name", SHA256)
def test_the_documents_are_as_given(name: str) -> None:
    assert hashlib.sha256((library.SEEDS / name).read_bytes()).hexdigest() == SHA256[name]


def test_there_are_no_other_documents() -> None:
    reading = read_sources([library.SEEDS])
    assert {document.id: document.sha256 for document in reading.documents} == SHA256


def test_the_manifest_describes_each_document() -> None:
    for document in read_sources([library.SEEDS]).documents:
        assert document.title
        assert document.region
        assert document.level in {"省级", "市级", "县级"}
        assert document.source
        assert document.damage


def test_what_the_sources_lost_is_not_made_up() -> None:
    documents = {d.id[:3]: d for d in read_sources([library.SEEDS]).documents}
    assert documents["004"].period is None
    assert documents["000"].issued == documents["003"].issued == ""
    assert documents["002"].number == "济政发〔2022〕9号"
    assert documents["002"].period == (2021, 2035)


def test_there_are_enough_questions_of_enough_kinds() -> None:
    assert len(QUESTIONS) >= 150
    assert sum(not q["evidence_groups"] for q in QUESTIONS) >= 20
    kinds = Counter(q["type"] for q in QUESTIONS)
    assert {
        "value", "paraphrase", "list", "structure", "metadata", "measures", "comparison",
        "followup", "traditional", "english", "typo", "unanswerable",
    } <= set(kinds)  # fmt: skip


def test_ids_are_unique_and_so_are_questions_with_their_history() -> None:
    assert len({q["id"] for q in QUESTIONS}) == len(QUESTIONS)
    asked = Counter((q["question"], *q.get("history", ())) for q in QUESTIONS)
    assert [question for question, count in asked.items() if count > 1] == []


def test_every_quote_stands_in_its_document() -> None:
    texts = {name: (library.SEEDS / name).read_bytes().decode("utf-8") for name in SHA256}
    for question in QUESTIONS:
        for group in question["evidence_groups"]:
            assert group
            for evidence in group:
                assert evidence["quote"].strip()
                assert evidence["quote"] in texts[evidence["doc"]], question["id"]


def test_unanswerable_questions_are_called_so_and_have_no_values() -> None:
    for question in QUESTIONS:
        assert (question["type"] == "unanswerable") == (not question["evidence_groups"])
        if not question["evidence_groups"]:
            assert not question["values"], question["id"]


def test_every_question_of_a_conversation_has_a_history() -> None:
    for question in QUESTIONS:
        assert question["question"].strip()
        assert question["answer"].strip()
        if question["type"] == "followup":
            assert question["history"], question["id"]


def test_no_value_is_refused_as_well() -> None:
    for question in QUESTIONS:
        assert not set(question["values"]) & set(question["reject"]), question["id"]
