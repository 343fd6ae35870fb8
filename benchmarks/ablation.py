"""Each ingredient of retrieval left out, and each leg alone.

    python benchmarks/ablation.py INDEX QUESTIONS.jsonl

Prints recall@1, recall@5 and MRR@10 of the ranked passages, before any answer leads them, over the
answerable questions; and, in the last columns, recall@5 of the paraphrases and of English.
"""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from qa import Engine, Filters, Question, RetrieveOptions
from qa.evaluate import check_labels, passage_name, relevant
from qa.questionnaire import Labelled, read_labelled
from qa.retrieve import Retriever

FULL = RetrieveOptions()


def _same(question: Question) -> Question:
    return question


@dataclass(frozen=True)
class Variant:
    """One way of retrieving: its options, filters, and what is done to the parsed question."""

    options: RetrieveOptions = FULL
    filters: Filters = field(default_factory=Filters)
    change: Callable[[Question], Question] = _same


def _without(leg: str) -> RetrieveOptions:
    weights: Mapping[str, float] = {k: v for k, v in FULL.weights.items() if k != leg}
    return replace(FULL, weights=weights, rerank=False)


def _alone(leg: str) -> RetrieveOptions:
    return replace(FULL, weights={leg: 1.0}, rerank=False)


VARIANTS = {
    "all": Variant(),
    "bm25 alone": Variant(_alone("bm25")),
    "dense alone": Variant(_alone("dense")),
    "late alone": Variant(_alone("late")),
    "no bm25": Variant(_without("bm25")),
    "no dense": Variant(_without("dense")),
    "no late": Variant(_without("late")),
    "no learned scorer": Variant(replace(FULL, rerank=False)),
    "no thesaurus": Variant(change=lambda q: replace(q, expansions=())),
    "no region filter": Variant(filters=Filters(lift_regions=True)),
    "no year of report": Variant(replace(FULL, timely=0.0)),
    "no named documents": Variant(change=lambda q: replace(q, documents=())),
}


def main() -> None:
    """Print a line for each variant."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path)
    options = parser.parse_args()
    engine = Engine.open(options.index)
    questions = [q for q in read_labelled(options.questions) if q.answerable]
    check_labels(engine, questions)
    groups = {q.id: [relevant(engine, group, {}) for group in q.groups] for q in questions}
    print(f"{'':22s}{'R@1':>8s}{'R@5':>8s}{'MRR':>8s}{'para':>8s}{'en':>8s}")
    for name, variant in VARIANTS.items():
        rows = [(q, _figures(_search(engine, q, variant), groups[q.id])) for q in questions]
        cells = list(np.mean([figures for _, figures in rows], axis=0))
        for kind in ("paraphrase", "english"):
            own = [figures[1] for q, figures in rows if q.type == kind]
            cells.append(float(np.mean(own)) if own else float("nan"))
        print(f"{name:22s}" + "".join(f"{cell:8.3f}" for cell in cells), flush=True)


def _search(engine: Engine, question: Labelled, variant: Variant) -> list[str]:
    parsed = variant.change(engine.parse(question.question, question.history))
    retriever = Retriever(engine.retriever.regions, variant.options)
    scope = retriever.regions.scope(parsed, variant.filters)
    return [passage_name(passage) for passage in retriever.within(parsed, scope, 10)]


def _figures(ranked: list[str], groups: list[frozenset[str]]) -> tuple[float, float, float]:
    recall = [float(np.mean([bool(set(ranked[:k]) & group) for group in groups])) for k in (1, 5)]
    first = next((i for i, name in enumerate(ranked) if any(name in g for g in groups)), None)
    return recall[0], recall[1], 0.0 if first is None else 1.0 / (1 + first)


if __name__ == "__main__":
    main()
