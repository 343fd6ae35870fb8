"""How well the best passages bear on the question, and whether that is enough to answer.

The threshold is set by ``benchmarks/abstention.py`` on labelled questions, cross-validated.
"""

import re
from dataclasses import dataclass

import numpy as np

from index import normalise, words
from qa.answer.base import Evidence

# Logistic regression; see benchmarks/abstention.md.
_WEIGHTS = {"coverage": 0.0, "late": 0.0, "weakest": 0.0, "dense": 0.0, "year": 0.0}
_BIAS = 10.0
_TOP = 3


@dataclass(frozen=True, slots=True)
class Support:
    """Evidence for an answer, each 0 to 1.

    coverage: share of the question's words, by rarity, that the best passage holds.
    late, weakest: mean over the question's tokens, and over the worst third of them, of the best
    cosine in the best passage. dense: cosine of the whole. year: 1 when a year asked about stands
    in one of the best passages, its headings or its title, or none is asked about.
    """

    coverage: float
    late: float
    weakest: float
    dense: float
    year: float

    @classmethod
    def measure(cls, evidence: Evidence) -> "Support":
        """Measure the best passages of ``evidence``."""
        top = evidence.passages[:_TOP]
        if not top:
            return cls(0.0, 0.0, 0.0, 0.0, 0.0)
        texts = [_context(evidence, at) for at in range(len(top))]
        rows = np.array([p.chunk.id for p in top], dtype=np.int64)
        late = evidence.index.late_matches(_bare(evidence), rows)
        mean = weakest = 0.0
        if late is not None and late[0].shape[1]:
            best, weights = late
            mean = float((best @ weights).max())
            third = max(1, best.shape[1] // 3)
            weakest = float(np.sort(best, axis=1)[:, :third].mean(axis=1).max())
        return cls(
            coverage=max(_coverage(evidence, text) for text in texts),
            late=mean,
            weakest=weakest,
            dense=max(p.legs.get("dense", 0.0) for p in top),
            year=_year(evidence, texts),
        )

    def probability(self) -> float:
        """The probability that the passages answer the question."""
        total = _BIAS + sum(weight * getattr(self, name) for name, weight in _WEIGHTS.items())
        return float(1.0 / (1.0 + np.exp(-total)))


def refusal(evidence: Evidence, support: Support) -> str:
    """Return why no answer is given, in Chinese; empty when the support is enough."""
    if evidence.question.intent == "figure" and support.year == 0.0:
        years = "、".join(f"{year}年" for year in evidence.question.years)
        return f"最接近的段落没有载明{years}的数值。"
    if support.probability() < 0.5:
        return "最接近的段落与问题的相关程度不足以作答。"
    return ""


def _bare(evidence: Evidence) -> str:
    search = evidence.question.search
    for region in evidence.scope.regions:
        search = search.replace(region.name, "").replace(region.short, "")
    return search or evidence.question.search


def _context(evidence: Evidence, at: int) -> str:
    chunk = evidence.passages[at].chunk
    if chunk.id >= 0:
        return evidence.index.search_text(chunk.id)
    return normalise(evidence.passages[at].text).text


def _coverage(evidence: Evidence, text: str) -> float:
    asked = list(dict.fromkeys(words(_bare(evidence))))
    if not asked:
        return 0.0
    lowered = text.lower()
    frequencies = evidence.index.sparse.document_frequencies(asked)
    size = len(evidence.index.chunks)
    weights = [float(np.log1p(size / (1 + df))) for df in frequencies]
    held = sum(w for word, w in zip(asked, weights, strict=True) if word in lowered)
    return held / sum(weights)


def _year(evidence: Evidence, texts: list[str]) -> float:
    years = evidence.question.years
    if not years:
        return 1.0
    return float(any(re.search(rf"(?<!\d){year}(?!\d)", text) for year in years for text in texts))
