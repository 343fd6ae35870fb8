"""A learned scorer over the legs' features: a few regression trees, evaluated with numpy. Pure.

Fitted by ``notebooks/train_reranker.py`` (LambdaMART; Burges, 2010) on questions about plans, with
encoders that had not seen the documents asked about.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa import trees
from qa.fuse import Scores, scaled
from qa.trees import Trees

DATA = Path(__file__).parent / "data" / "reranker.json"

FEATURES = (
    "bm25",
    "bm25_scaled",
    "bm25_rank",
    "bm25_fall",
    "dense",
    "dense_scaled",
    "dense_rank",
    "dense_fall",
    "late",
    "late_scaled",
    "late_weakest",
    "coverage",
    "fused",
    "known",
    "question_terms",
    "passage_length",
)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The evidence on some passages for one question; arrays of shape ``(passages,)``.

    ``coverage`` is the share of the question's terms by rarity that the passage holds, ``known``
    the share that the corpus holds at all, ``lengths`` the passages' terms.
    """

    legs: Mapping[str, Scores]
    weakest: Scores
    coverage: Scores
    fused: Scores
    lengths: Scores
    known: float
    question_terms: int


def features(found: Candidates) -> NDArray[np.float32]:
    """Return the matrix ``(passages, features)`` in the order of ``FEATURES``."""
    size = len(found.fused)
    columns: list[Scores] = []
    for leg in ("bm25", "dense"):
        scores = found.legs[leg]
        columns += [scores, scaled(scores), _inverse_rank(scores), _fall(scores)]
    late = found.legs.get("late", np.zeros(size, dtype=np.float32))
    columns += [late, scaled(late), found.weakest, found.coverage, found.fused]
    constants = (found.known, float(found.question_terms))
    columns += [np.full(size, value, dtype=np.float32) for value in constants]
    columns.append(np.log1p(found.lengths))
    return np.stack(columns, axis=1).astype(np.float32)


def _inverse_rank(scores: Scores) -> Scores:
    order = np.argsort(-scores, kind="stable")
    ranks = np.empty(len(scores), dtype=np.float32)
    ranks[order] = np.arange(1, len(scores) + 1)
    return (1.0 / ranks).astype(np.float32)


def _fall(scores: Scores) -> Scores:
    """How far the tenth score lies below the first, relative to it: a sharp leg knows."""
    if not len(scores):
        return np.zeros(0, dtype=np.float32)
    best = np.sort(scores)[::-1]
    tenth = best[min(9, len(best) - 1)]
    fall = float((best[0] - tenth) / best[0]) if best[0] > 0 else 0.0
    return np.full(len(scores), fall, dtype=np.float32)


@cache
def embedded() -> Trees | None:
    """The trees of the package; None where they are not shipped."""
    if not DATA.is_file():
        return None
    return load(json.loads(DATA.read_text(encoding="utf-8")))


def load(raw: Mapping[str, object]) -> Trees:
    """Make the trees of what ``notebooks/train_reranker.py`` wrote.

    Raises:
        ValueError: made for other features.
    """
    if tuple(raw["features"]) != FEATURES:  # type: ignore[arg-type]
        raise ValueError(f"expected the features {FEATURES}, got {raw['features']}")
    return trees.load(raw["trees"])  # type: ignore[arg-type]
