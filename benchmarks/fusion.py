"""Convex combination against reciprocal rank fusion, and the weights of the legs.

    python benchmarks/fusion.py INDEX QUESTIONS.jsonl

Prints recall@1, recall@5 and MRR@10 over the answerable questions for each way of fusing.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np

from qa import Engine, Filters
from qa.evaluate import check_labels, relevant
from qa.fuse import Scores, convex, reciprocal_rank
from qa.questionnaire import read_labelled

WEIGHTS = (
    (1.0, 0.0, 0.0),
    (0.0, 1.0, 0.0),
    (0.0, 0.0, 1.0),
    (0.5, 0.5, 0.0),
    (0.3, 0.7, 0.0),
    (0.4, 0.3, 0.3),
    (0.3, 0.4, 0.3),
    (0.25, 0.45, 0.3),
    (0.2, 0.5, 0.3),
    (0.2, 0.6, 0.2),
)
LEGS = ("bm25", "dense", "late")


def main() -> None:
    """Print a line for each way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path)
    options = parser.parse_args()
    engine = Engine.open(options.index)
    questions = [q for q in read_labelled(options.questions) if q.answerable]
    check_labels(engine, questions)
    ways: dict[str, Callable[[dict[str, Scores]], Scores]] = {"rrf k=60": reciprocal_rank}
    for weights in WEIGHTS:
        named = dict(zip(LEGS, weights, strict=True))
        ways[" ".join(f"{n} {w}" for n, w in named.items())] = lambda legs, w=named: convex(legs, w)
    rows: dict[str, list[tuple[float, float, float]]] = {name: [] for name in ways}
    for question in questions:
        parsed = engine.parse(question.question, question.history)
        scope = engine.scope(parsed, Filters())
        found, candidates = engine.retriever.candidates(parsed, scope, scope.rows)
        names = [engine.index.chunks[int(row)] for row in found]
        keys = [f"{c.document_id}:{c.span.start}-{c.span.end}" for c in names]
        groups = [relevant(engine, group, {}) for group in question.groups]
        for name, way in ways.items():
            order = np.argsort(-way(dict(candidates.legs)), kind="stable")[:10]
            rows[name].append(_figures([keys[int(i)] for i in order], groups))
    for name, figures in rows.items():
        means = np.mean(figures, axis=0)
        print(f"{name:32s} R@1 {means[0]:.3f}  R@5 {means[1]:.3f}  MRR {means[2]:.3f}")


def _figures(ranked: list[str], groups: list[frozenset[str]]) -> tuple[float, float, float]:
    recall = [np.mean([bool(set(ranked[:k]) & group) for group in groups]) for k in (1, 5)]
    first = next((i for i, name in enumerate(ranked) if any(name in g for g in groups)), None)
    return float(recall[0]), float(recall[1]), 0.0 if first is None else 1.0 / (1 + first)


if __name__ == "__main__":
    main()
