"""Calibrate the silence: logistic regression on the support of an answer, cross-validated.

    python benchmarks/abstention.py INDEX QUESTIONS.jsonl [--off-topic FILE.jsonl.gz …]

Labelled questions that reach the last answerer, and questions off the topic as further negatives.
Prints the weights for ``qa/support.py``, and the risk–coverage curve of the whole engine.
"""

import argparse
import gzip
import json
import random
from pathlib import Path

import numpy as np

from qa import Engine, Filters
from qa.answer import ANSWERERS
from qa.answer.base import Evidence
from qa.questionnaire import read_labelled
from qa.support import Support

NAMES = ("coverage", "late", "dense")
ANSWERED = 0.94


def main() -> None:
    """Fit, report, draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--off-topic", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    engine = Engine.open(options.index)
    rows: list[tuple[list[float], int, str]] = []
    for path in options.questions:
        for question in read_labelled(path):
            features = _features(engine, question.question, question.history)
            if features is not None:
                rows.append((features, int(question.answerable), "labelled"))
    for path in options.off_topic:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            asked = [json.loads(line)["q"][:60] for line in file]
        for text in random.Random(0).sample(asked, min(120, len(asked))):
            features = _features(engine, text, ())
            if features is not None:
                rows.append((features, 0, "off-topic"))
    _fit(rows)


def _features(engine: Engine, text: str, history: tuple[str, ...]) -> list[float] | None:
    """The support of a question that only the last answerer takes; None for the others."""
    question = engine.parse(text, history)
    if question.intent == "figure":
        return None
    scope = engine.scope(question, Filters())
    passages = engine.retriever.within(question, scope, 10)
    evidence = Evidence(question, scope, passages, engine.retriever.regions, engine.ledger)
    if any(answerer(evidence) for answerer in ANSWERERS[:-1]):
        return None
    support = Support.measure(evidence)
    return [getattr(support, name) for name in NAMES]


def _fit(rows: list[tuple[list[float], int, str]]) -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    x = np.array([row[0] for row in rows])
    y = np.array([row[1] for row in rows])
    model = LogisticRegression(C=10)
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    p = cross_val_predict(model, x, y, cv=folds, method="predict_proba")[:, 1]
    least = float(np.quantile(p[y == 1], 1 - ANSWERED))
    model.fit(x, y)
    print(
        f"{len(y)} questions, {int(y.sum())} answerable; cross-validated AUC {roc_auc_score(y, p):.3f}"
    )
    print({name: round(float(w), 2) for name, w in zip(NAMES, model.coef_[0], strict=True)})
    print(f"bias {float(model.intercept_[0]):.2f}, least {least:.3f} for {ANSWERED:.0%} answered")
    print(f"refused of the unanswerable at that threshold: {float((p[y == 0] < least).mean()):.3f}")
    print("coverage  risk")
    order = np.argsort(-p)
    for share in (0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0):
        kept = order[: round(share * len(order))]
        print(f"{share:8.2f}  {1 - float(y[kept].mean()):.3f}")


if __name__ == "__main__":
    main()
