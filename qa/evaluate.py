"""Labelled questions → figures for each leg, for their fusion, and for the answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from index import InputError, normalise
from qa.engine import Engine
from qa.metrics import CUTS, Ranked, Run, mean, paired_p, rank_metrics
from qa.models import Answer, Filters, Passage
from qa.questionnaire import Evidence, Labelled
from qa.retrieve import Retriever

DEPTH = 10
SYSTEMS: Mapping[str, Mapping[str, float] | None] = {
    "bm25": {"bm25": 1.0},
    "dense": {"dense": 1.0},
    "hybrid": None,
}
ASK = "ask"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Answered:
    """How one answer compares with its label.

    ``value`` is None where no value is known; ``covered`` is the share of evidence groups that a
    citation covers, None for a refusal or an unanswerable question.
    """

    abstained: bool
    value: bool | None
    covered: float | None
    citations: int
    verbatim: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures, question by question."""

    questions: Sequence[Labelled]
    ranked: Mapping[str, Mapping[str, Ranked]]
    runs: Mapping[str, Run]
    qrels: Mapping[str, Mapping[str, int]]
    answered: Mapping[str, Answered]

    def summary(self, system: str, kind: str = "") -> dict[str, float | None]:
        """Means over the answerable questions of one type, or of all."""
        rows = [self.ranked[system][q.id] for q in self._answerable(kind)]
        found: dict[str, float | None] = {"n": len(rows)}
        for k in CUTS:
            found[f"recall@{k}"] = mean([row.recall[k] for row in rows])
        found["mrr@10"] = mean([row.reciprocal_rank for row in rows])
        found["ndcg@10"] = mean([row.ndcg for row in rows])
        return found

    def answers(self, kind: str = "") -> dict[str, float | None]:
        """Figures of the answers to the questions of one type, or of all."""
        asked = [q for q in self.questions if kind in ("", q.type)]
        rows = [(q, self.answered[q.id]) for q in asked]
        refused = [q for q, a in rows if a.abstained]
        silent = [q for q in asked if not q.answerable]
        right = sum(not q.answerable for q in refused)
        cited = sum(a.citations for _, a in rows)
        return {
            "n": len(asked),
            "value_accuracy": mean([float(a.value) for _, a in rows if a.value is not None]),
            "evidence_covered": mean([a.covered for _, a in rows if a.covered is not None]),
            "abstention_precision": right / len(refused) if refused else None,
            "abstention_recall": right / len(silent) if silent else None,
            "answered_share": mean([float(not a.abstained) for q, a in rows if q.answerable]),
            "citation_validity": sum(a.verbatim for _, a in rows) / cited if cited else None,
        }

    def significance(self, system: str, against: str) -> dict[str, float | None]:
        """Two-sided p-values of paired permutation tests over the answerable questions."""
        names = [q.id for q in self._answerable("")]
        first, second = self.ranked[system], self.ranked[against]
        return {
            "mrr@10": paired_p(
                [first[n].reciprocal_rank for n in names],
                [second[n].reciprocal_rank for n in names],
            ),
            "recall@5": paired_p(
                [first[n].recall[5] for n in names], [second[n].recall[5] for n in names]
            ),
        }

    def types(self) -> list[str]:
        """The types of the questions, in order of first appearance."""
        return list(dict.fromkeys(q.type for q in self.questions))

    def _answerable(self, kind: str) -> list[Labelled]:
        return [q for q in self.questions if q.answerable and kind in ("", q.type)]


def evaluate(
    engine: Engine, questions: Sequence[Labelled], progress: Progress = lambda _d, _t: None
) -> Evaluation:
    """Search and ask every question and compare with its label.

    Raises:
        InputError: a label names an unknown document, or a quote that does not stand in it.
    """
    check_labels(engine, questions)
    runs: dict[str, dict[str, dict[str, float]]] = {name: {} for name in (*SYSTEMS, ASK)}
    names: dict[str, dict[str, Passage]] = {}
    answered: dict[str, Answered] = {}
    for done, question in enumerate(questions):
        progress(done, len(questions))
        answer = engine.ask(question.question, question.history, count=DEPTH)
        answered[question.id] = judge(engine, question, answer)
        found = {name: _search(engine, question, w) for name, w in SYSTEMS.items()}
        found[ASK] = list(answer.passages)
        names[question.id] = {}
        for system, passages in found.items():
            for place, passage in enumerate(passages):
                name = passage_name(passage)
                names[question.id][name] = passage
                runs[system].setdefault(question.id, {})[name] = float(DEPTH - place)
    progress(len(questions), len(questions))
    groups = {
        q.id: [relevant(engine, group, names[q.id]) for group in q.groups]
        for q in questions
        if q.answerable
    }
    return Evaluation(
        questions=questions,
        ranked={system: rank_metrics(groups, run) for system, run in runs.items()},
        runs=runs,
        qrels={name: dict.fromkeys(sorted(set().union(*sets)), 1) for name, sets in groups.items()},
        answered=answered,
    )


def passage_name(passage: Passage) -> str:
    """``file:start-end``: the same passage has the same name in every index."""
    span = passage.chunk.span
    return f"{passage.chunk.document_id}:{span.start}-{span.end}"


def relevant(
    engine: Engine, group: Sequence[Evidence], retrieved: Mapping[str, Passage]
) -> frozenset[str]:
    """Passages whose span holds one of the group's quotes: all chunks, and those retrieved."""
    chunks = [
        Passage(engine.index.chunks[int(row)], "", 0.0)
        for name in sorted({evidence.doc for evidence in group})
        for row in engine.index.document_rows[name]
    ]
    pool = {passage_name(passage): passage for passage in chunks} | dict(retrieved)
    return frozenset(
        name
        for name, passage in pool.items()
        for evidence in group
        if passage.chunk.document_id == evidence.doc
        and evidence.quote in passage.chunk.span.of(engine.index.documents[evidence.doc].text)
    )


def check_labels(engine: Engine, questions: Sequence[Labelled]) -> None:
    """See that every quote stands in its document.

    Raises:
        InputError: names the question, the document and the quote.
    """
    for question in questions:
        for evidence in (e for group in question.groups for e in group):
            document = engine.index.documents.get(evidence.doc)
            if document is None:
                raise InputError(
                    f"问题“{question.id}”引用的文件“{evidence.doc}”不在索引中。请检查文件名或重新建立索引。"
                )
            if not evidence.quote or evidence.quote not in document.text:
                raise InputError(
                    f"问题“{question.id}”的引文“{evidence.quote}”在文件“{evidence.doc}”中找不到。"
                    "引文须与原文逐字相同。"
                )


def judge(engine: Engine, question: Labelled, answer: Answer) -> Answered:
    """Compare one answer with its label."""
    texts = engine.index.documents
    verbatim = sum(c.quote == c.span.of(texts[c.document_id].text) for c in answer.citations)
    covered = None
    if question.answerable and not answer.abstained:
        covered = mean([float(_covers(answer, group)) for group in question.groups])
    return Answered(
        abstained=answer.abstained,
        value=_value_right(question, answer),
        covered=covered,
        citations=len(answer.citations),
        verbatim=verbatim,
    )


def _covers(answer: Answer, group: Sequence[Evidence]) -> bool:
    """Whether a citation holds a quote of the group, or stands wholly inside one."""
    return any(
        citation.document_id == evidence.doc
        and (evidence.quote in citation.quote or citation.quote in evidence.quote)
        for citation in answer.citations
        for evidence in group
    )


def _value_right(question: Labelled, answer: Answer) -> bool | None:
    if not question.values or not question.answerable:
        return None
    if answer.abstained:
        return False
    said = normalise(answer.text).text
    first = normalise(answer.statements[0].text).text
    right = all(normalise(value).text in said for value in question.values)
    wrong = any(
        normalise(value).text in first
        for value in question.reject
        if not any(value in wanted for wanted in question.values)
    )
    return right and not wrong


def _search(
    engine: Engine, question: Labelled, weights: Mapping[str, float] | None
) -> list[Passage]:
    options = engine.options if weights is None else replace(engine.options, weights=weights)
    retriever = Retriever(engine.retriever.regions, options)
    parsed = engine.parse(question.question, question.history)
    return retriever.within(parsed, engine.scope(parsed, Filters()), DEPTH)
