"""Labelled questions → figures for each leg, for their fusion, and for the answers."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from index import InputError, Span, normalise
from qa.answer.base import Evidence as Found
from qa.engine import Engine
from qa.evaluation.results import ASK, Answered, Evaluation
from qa.metrics import DEPTH, mean, rank_metrics
from qa.models import Answer, Citation, Filters, Passage
from qa.questionnaire import Asked, Evidence, Labelled
from qa.retrieve import Retriever
from qa.support import Support

Systems = Mapping[str, Mapping[str, float] | None]
SYSTEMS: Systems = {
    "bm25": {"bm25": 1.0},
    "dense": {"dense": 1.0},
    "hybrid": None,
}
# Passages of each system whose text a report shows.
SHOWN = 3
# Questions that are searched for at a time.
TOGETHER = 32

Progress = Callable[[int, int], None]


def evaluate(
    engine: Engine, questions: Sequence[Labelled], progress: Progress = lambda _d, _t: None
) -> Evaluation:
    """Search and ask every question and compare with its label; see :func:`evaluating`.

    Raises:
        InputError: labels name unknown documents, or quotes that do not stand in them.
    """
    found: Evaluation | None = None
    for done, step in enumerate(evaluating(engine, questions)):
        progress(done, len(questions))
        found = step
    if found is None:
        raise InputError("没有要评测的问题。")
    return found


def evaluating(
    engine: Engine,
    questions: Sequence[Labelled],
    filters: Filters | None = None,
    systems: Systems = SYSTEMS,
) -> Iterator[Evaluation | None]:
    """Evaluate question by question: None before each, at last the evaluation.

    Every system is measured by the passages of the index that hold the evidence. An answer may
    show a passage that it made of its citation: that counts for the answers alone, so that no
    other system is held to have missed it.

    Args:
        engine: answers the questions.
        questions: with their labels.
        filters: what every question is limited to.
        systems: whose rankings are measured besides the answers'; the weights of their legs.

    Raises:
        InputError: labels name unknown documents, or quotes that do not stand in them.
    """
    check_labels(engine, questions)
    gathered = _Gathered(engine, filters or Filters(), systems)
    for start in range(0, len(questions), TOGETHER):
        some = questions[start : start + TOGETHER]
        ranked = gathered.searched(some)
        for at, question in enumerate(some):
            yield None
            gathered.add(question, {system: found[at] for system, found in ranked.items()})
    yield gathered.evaluation(questions)


@dataclass
class _Gathered:
    """What was found for each question so far; ``made`` are passages that are no chunks."""

    engine: Engine
    filters: Filters
    systems: Systems
    runs: dict[str, dict[str, dict[str, float]]] = field(init=False)
    made: dict[str, dict[str, dict[str, Passage]]] = field(init=False)
    answered: dict[str, Answered] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.runs = {name: {} for name in (*self.systems, ASK)}
        self.made = {name: {} for name in self.runs}

    def searched(self, questions: Sequence[Labelled]) -> dict[str, list[list[Passage]]]:
        """The passages that each system ranks for each question."""
        return {
            name: retrieve_many(self.engine, questions, weights, filters=self.filters)
            for name, weights in self.systems.items()
        }

    def add(self, question: Labelled, ranked: Mapping[str, list[Passage]]) -> None:
        """Ask ``question``; ``ranked`` are the passages of each system."""
        engine, filters = self.engine, self.filters
        answer = engine.ask(question.question, question.history, filters, count=DEPTH)
        found = dict(ranked)
        fused = (
            found["hybrid"]
            if "hybrid" in found
            else retrieve(engine, question, None, filters=filters)
        )
        sure = _confidence(engine, question, fused, filters)
        self.answered[question.id] = replace(judge(engine, question, answer), confidence=sure)
        found[ASK] = list(answer.passages)
        for system, passages in found.items():
            names = [passage_name(passage) for passage in passages]
            self.runs[system][question.id] = {n: float(DEPTH - at) for at, n in enumerate(names)}
            self.texts |= {n: p.text for n, p in list(zip(names, passages, strict=True))[:SHOWN]}
            self.made[system][question.id] = {
                n: p for n, p in zip(names, passages, strict=True) if p.chunk.id < 0
            }

    def evaluation(self, questions: Sequence[Labelled]) -> Evaluation:
        """All of it, compared with the labels."""
        groups = {
            system: {
                q.id: [relevant(self.engine, group, own[q.id]) for group in q.groups]
                for q in questions
                if q.answerable
            }
            for system, own in self.made.items()
        }
        return Evaluation(
            questions=questions,
            ranked={name: rank_metrics(groups[name], run) for name, run in self.runs.items()},
            runs=self.runs,
            qrels={
                q.id: dict.fromkeys(
                    sorted(set().union(*(set().union(*g[q.id]) for g in groups.values()))), 1
                )
                for q in questions
                if q.answerable
            },
            answered=self.answered,
            texts=self.texts,
        )


def passage_name(passage: Passage) -> str:
    """``file:start-end``: the same passage has the same name in every index."""
    span = passage.chunk.span
    return f"{passage.chunk.document_id}:{span.start}-{span.end}"


def relevant(
    engine: Engine, group: Sequence[Evidence], retrieved: Mapping[str, Passage]
) -> frozenset[str]:
    """Passages whose span holds one of the group's quotes: all chunks, and those retrieved.

    ``retrieved`` need hold only passages that are no chunks of the index.
    """
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
        InputError: names each such question, its row, the document and the quote.
    """
    wrong = [
        f"{question.place}问题“{question.id}”{trouble}"
        for question in questions
        for group in question.groups
        for evidence in group
        if (trouble := _trouble(engine, evidence))
    ]
    if wrong:
        told = "\n".join(f"  {line}" for line in wrong)
        raise InputError(f"有 {len(wrong)} 处引文与索引不符，请改正：\n{told}")


def _trouble(engine: Engine, evidence: Evidence) -> str:
    """What is wrong with one quote, in Chinese, and how it may be mended; empty if it stands."""
    documents = engine.index.documents
    document = documents.get(evidence.doc)
    others = [name for name, other in documents.items() if evidence.quote in other.text]
    elsewhere = f"它在“{'”“'.join(others)}”中。" if others and evidence.quote else ""
    if document is None:
        return f"引用的文件“{evidence.doc}”不在索引中。请检查文件名或重新建立索引。{elsewhere}"
    if evidence.quote and evidence.quote in document.text:
        return ""
    told = f"的引文“{evidence.quote}”在文件“{evidence.doc}”中找不到。引文须与原文逐字相同。"
    alike = _alike(document.text, evidence.quote)
    return told + (f"原文是“{alike}”。" if alike else elsewhere)


def _alike(text: str, quote: str) -> str:
    """The stretch of ``text`` that differs from ``quote`` in widths, blanks or script only."""
    wanted = normalise(quote).text
    whole = normalise(text)
    at = whole.text.find(wanted) if wanted else -1
    return whole.original(Span(at, at + len(wanted))).of(text) if at >= 0 else ""


def judge(engine: Engine, question: Labelled, answer: Answer) -> Answered:
    """Compare one answer with its label."""
    texts = engine.index.documents
    verbatim = sum(c.quote == c.span.of(texts[c.document_id].text) for c in answer.citations)
    covered = None
    if question.answerable and not answer.abstained:
        covered = mean([float(_covers(answer.citations, group)) for group in question.groups])
    everything = [evidence for group in question.groups for evidence in group]
    quotes = "\n".join(normalise(citation.quote).text for citation in answer.citations)
    said = [normalise(statement.text).text for statement in answer.statements]
    return Answered(
        abstained=answer.abstained,
        value=_value_right(question, answer),
        covered=covered,
        citations=len(answer.citations),
        verbatim=verbatim,
        relevant=sum(_covers([citation], everything) for citation in answer.citations),
        said=sum(map(len, said)),
        quoted=sum(len(text) for text in said if text in quotes),
        kind=answer.kind,
        text=answer.reason if answer.abstained else answer.text,
    )


def _confidence(
    engine: Engine, question: Labelled, passages: Sequence[Passage], filters: Filters
) -> float:
    """How well the passages bear on the question, as the engine weighs it before it answers."""
    parsed = engine.parse(question.question, question.history)
    scope = engine.scope(parsed, filters)
    found = Found(parsed, scope, passages, engine.retriever.regions, engine.ledger)
    return Support.measure(found).probability()


def _covers(citations: Sequence[Citation], group: Sequence[Evidence]) -> bool:
    """Whether a citation holds a quote of the group, or stands wholly inside one."""
    return any(
        citation.document_id == evidence.doc
        and (evidence.quote in citation.quote or citation.quote in evidence.quote)
        for citation in citations
        for evidence in group
    )


def _value_right(question: Labelled, answer: Answer) -> bool | None:
    if not question.values or not question.answerable:
        return None
    if answer.abstained:
        return False
    said = normalise(answer.text).text
    first = normalise(answer.statements[0].text).text
    right = all(_stands(value, said) for value in question.values)
    wrong = any(
        _stands(value, first)
        for value in question.reject
        if not any(value in wanted for wanted in question.values)
    )
    return right and not wrong


def _stands(value: str, text: str) -> bool:
    """Whether ``value`` stands in ``text`` as a number of its own: 4.8 does not in 14.8 or 4.85."""
    wanted = re.escape(normalise(value).text)
    return re.search(rf"(?<![\d.](?=\d)){wanted}(?!(?<=\d)\.?\d)", text) is not None


def retrieve(
    engine: Engine,
    asked: Asked,
    weights: Mapping[str, float] | None,
    count: int = DEPTH,
    filters: Filters | None = None,
) -> list[Passage]:
    """The best passages by legs of these weights; None for the engine's own ranking."""
    return retrieve_many(engine, [asked], weights, count, filters)[0]


def retrieve_many(
    engine: Engine,
    asked: Sequence[Asked],
    weights: Mapping[str, float] | None,
    count: int = DEPTH,
    filters: Filters | None = None,
) -> list[list[Passage]]:
    """The same for several questions at once."""
    options = engine.options if weights is None else replace(engine.options, weights=weights)
    parsed = [engine.parse(one.question, one.history) for one in asked]
    return Retriever(engine.retriever.regions, options).search_many(parsed, count, filters)
