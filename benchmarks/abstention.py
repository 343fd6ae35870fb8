"""Calibrate the silence: logistic regression on the support of an answer, cross-validated.

    python benchmarks/abstention.py --on INDEX QUESTIONS.jsonl [--on INDEX QUESTIONS.jsonl …]
        [--off-topic FILE.jsonl.gz …] [--draw FILE.svg]

Labelled questions that reach the last answerer, or lines of {doc, lay, short} on a fold of the plans
that the index's encoder has not seen (``--fold K/N``), and questions off the topic as negatives of
each index. Prints the weights and the two thresholds for ``qa/support.py`` and the risk–coverage
curve, and draws the curve (``pip install "guiwen[bench]"``).
"""

import argparse
import gzip
import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
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
# The share of the answerable questions that each threshold keeps.
KEPT_WITH_REGION, KEPT_WITHOUT = 0.99, 0.97
_OFF_TOPIC, _PLAIN = 150, 800


@dataclass(frozen=True)
class Row:
    """A question: its features, whether it has an answer, whether it names a region."""

    features: tuple[float, ...]
    answerable: bool
    region: bool


def main() -> None:
    """Fit, report, draw."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--on", nargs=2, type=Path, action="append", required=True, metavar=("INDEX", "QUESTIONS")
    )
    parser.add_argument("--off-topic", type=Path, nargs="*", default=[])
    parser.add_argument("--fold", default="0/3", help="the documents of lay questions: fold K/N")
    parser.add_argument("--draw", type=Path, help="write the risk–coverage curve here, as SVG")
    options = parser.parse_args()
    rows: list[Row] = []
    for index, questions in options.on:
        engine = Engine.open(index)
        asked = [*_asked(questions, options.fold), *_off_topic(options.off_topic)]
        rows += [row for question in asked if (row := _row(engine, *question)) is not None]
    p, y, least = _fit(rows)
    if options.draw:
        _draw(p, y, least, options.draw)


Question = tuple[str, tuple[str, ...], bool]


def _asked(path: Path, fold: str) -> list[Question]:
    first = json.loads(path.read_text(encoding="utf-8").partition("\n")[0])
    if "lay" not in first:
        return [(q.question, q.history, q.answerable) for q in read_labelled(path)]
    number, count = map(int, fold.split("/"))
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    own = [row for row in lines if fold_of(row["doc"], count) == number]
    random.Random(0).shuffle(own)
    return [(row[kind], (), True) for row in own[:_PLAIN] for kind in ("lay", "short")]


def _off_topic(files: Sequence[Path]) -> list[Question]:
    found: list[Question] = []
    for path in files:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            asked = [json.loads(line)["q"][:60] for line in file]
        chosen = random.Random(0).sample(asked, min(_OFF_TOPIC, len(asked)))
        found += [(text, (), False) for text in chosen]
    return found


def fold_of(document: str, folds: int) -> int:
    """The fold of a document by the checksum of its path, as in ``train_reranker.py``."""
    return int(hashlib.sha256(document.encode()).hexdigest(), 16) % folds


def _row(engine: Engine, text: str, history: tuple[str, ...], answerable: bool) -> Row | None:
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
    features = tuple(getattr(support, name) for name in NAMES)
    return Row(features, answerable, bool(question.regions))


def _fit(rows: list[Row]) -> tuple[NDArray[np.float64], NDArray[np.int64], float]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    x = np.array([row.features for row in rows])
    y = np.array([int(row.answerable) for row in rows])
    region = np.array([row.region for row in rows])
    model = LogisticRegression(C=10)
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    p = cross_val_predict(model, x, y, cv=folds, method="predict_proba")[:, 1]
    model.fit(x, y)
    print(
        f"{len(y)} questions, {int(y.sum())} answerable; cross-validated AUC {roc_auc_score(y, p):.3f}"
    )
    print({name: round(float(w), 2) for name, w in zip(NAMES, model.coef_[0], strict=True)})
    print(f"bias {float(model.intercept_[0]):.2f}")
    least = 0.0
    for name, group, kept in (
        ("with a region", region, KEPT_WITH_REGION),
        ("without", ~region, KEPT_WITHOUT),
    ):
        least = float(np.quantile(p[group & (y == 1)], 1 - kept))
        refused = float((p[group & (y == 0)] < least).mean())
        counts = int((group & (y == 1)).sum()), int((group & (y == 0)).sum())
        print(f"{name}: {counts[0]} answerable, {counts[1]} not; least {least:.3f} answers "
              f"{kept:.0%} of them and refuses {refused:.3f} of the others")  # fmt: skip
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
