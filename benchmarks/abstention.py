"""Calibrate the silence: logistic regression on the support of an answer, cross-validated.

    python benchmarks/abstention.py INDEX QUESTIONS.jsonl [--off-topic FILE.jsonl.gz …] [--draw FILE.svg]

Labelled questions that reach the last answerer, and questions off the topic as further negatives.
Prints the weights for ``qa/support.py`` and the risk–coverage curve, and draws the curve
(``pip install "guiwen[bench]"``).
"""

import argparse
import gzip
import json
import random
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa import Engine, Filters
from qa.answer import ANSWERERS
from qa.answer.base import Evidence
from qa.clarify import question_back
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
    parser.add_argument("--draw", type=Path, help="write the risk–coverage curve here, as SVG")
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
    p, y, least = _fit(rows)
    if options.draw:
        _draw(p, y, least, options.draw)


def _features(engine: Engine, text: str, history: tuple[str, ...]) -> list[float] | None:
    """The support of a question that only the last answerer takes; None for the others."""
    question = engine.parse(text, history)
    if question.intent == "figure":
        return None
    scope = engine.scope(question, Filters())
    passages = engine.retriever.within(question, scope, 10)
    evidence = Evidence(question, scope, passages, engine.retriever.regions, engine.ledger)
    if question_back(evidence) or any(answerer(evidence) for answerer in ANSWERERS[:-1]):
        return None
    support = Support.measure(evidence)
    return [getattr(support, name) for name in NAMES]


def _fit(
    rows: list[tuple[list[float], int, str]],
) -> tuple[NDArray[np.float64], NDArray[np.int64], float]:
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
    coverage, risk = risk_coverage(p, y)
    for share in (0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0):
        at = round(share * len(y)) - 1
        print(f"{coverage[at]:8.2f}  {risk[at]:.3f}")
    return p, y, least


def risk_coverage(
    p: NDArray[np.float64], y: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Answer the surest first: the share answered, and the share of these that has no answer.

    Args:
        p: the probability of an answer, shape (n,).
        y: 1 where there is one, shape (n,).
    """
    right = np.cumsum(y[np.argsort(-p, kind="stable")])
    answered = np.arange(1, len(y) + 1)
    return answered / len(y), 1.0 - right / answered


def _draw(p: NDArray[np.float64], y: NDArray[np.int64], least: float, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    # The same figures give the same file.
    plt.rcParams["svg.hashsalt"] = "guiwen"
    coverage, risk = risk_coverage(p, y)
    kept = float((p >= least).mean())
    figure, axes = plt.subplots(figsize=(6, 4))
    axes.plot(coverage, risk, color="#1f5fa8", label="answered in order of support")
    axes.axvline(kept, color="#b03a2e", linestyle="--", label=f"threshold {least:.2f}")
    axes.axhline(1 - float(y.mean()), color="#888888", linestyle=":", label="all answered")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="share answered (coverage)",
             ylabel="share of these that the plans do not answer (risk)",
             title=f"Risk and coverage, {len(y)} questions, ten-fold cross-validated")  # fmt: skip
    axes.legend(frameon=False)
    axes.grid(alpha=0.3)
    figure.savefig(path, format="svg", metadata={"Date": None}, bbox_inches="tight")
    plt.close(figure)


if __name__ == "__main__":
    main()
