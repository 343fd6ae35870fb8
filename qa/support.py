"""How well the best passages bear on the question, and whether that is enough to answer.

The threshold is set by ``benchmarks/abstention.py`` on labelled questions, cross-validated.
"""

import re
from dataclasses import dataclass

import numpy as np

from index import Chunk, lies_in, normalise, words
from qa.answer.base import Evidence, bare
from qa.matter import UNIT_ASKED, lacks_side, matter

# Logistic regression on labelled and off-topic questions; see benchmarks/abstention.md.
_WEIGHTS = {"coverage": 3.21, "late": 3.23, "dense": 13.52}
_BIAS = -6.01
# Answers 95 of 100 of the answerable questions that reach the last answerer.
LEAST = 0.16
_FIGURE_LEAST = 0.25
_TOP = 3
# Coverage of an English question of which the thesaurus knows no word.
_UNKNOWN = 0.5
# A number that is not part of a name such as PM2.5, 5G or IPv6; small ones may be in Chinese.
_NUMBER = re.compile(
    r"(?<![A-Za-z\d.])\d+(?:\.\d+)?(?![A-Za-z\d.])|[一二两三四五六七八九十百千]+(?=[个条项座处家级分章年类种所倍街轴核极圈园镇村字步期片大])"
)


@dataclass(frozen=True, slots=True)
class Support:
    """Evidence for an answer, each 0 to 1.

    coverage: share of the question's words, by rarity, that the best passage holds.
    late: mean over the question's tokens of the best cosine in the best passage. dense: cosine of
    the whole.
    """

    coverage: float
    late: float
    dense: float

    @classmethod
    def measure(cls, evidence: Evidence) -> "Support":
        """Measure the best passages of ``evidence``."""
        top = evidence.passages[:_TOP]
        if not top:
            return cls(0.0, 0.0, 0.0)
        return cls(
            coverage=max(_coverage(evidence, _context(evidence, at)) for at in range(len(top))),
            late=max(passage.legs.get("late", 0.0) for passage in top),
            dense=max(passage.legs.get("dense", 0.0) for passage in top),
        )

    def probability(self) -> float:
        """The probability that the passages answer the question."""
        total = _BIAS + sum(weight * getattr(self, name) for name, weight in _WEIGHTS.items())
        return float(1.0 / (1.0 + np.exp(-total)))


def refusal(evidence: Evidence) -> str:
    """Return why no answer is given, in Chinese; empty when the evidence is enough."""
    strange = _strange_region(evidence)
    if strange:
        return f"索引中没有关于{strange}的文件，最接近的段落也没有提到它。"
    if Support.measure(evidence).probability() < LEAST:
        return "最接近的段落与问题的相关程度不足以作答。"
    return ""


def figure_refusal(evidence: Evidence, chunk: Chunk, sentence: str) -> str:
    """Return why ``sentence`` (normalised), the best one, does not give the figure asked for.

    It must be on a region asked about, hold a number that the question does not, the words of the matter, the side of a pair
    that the question takes, and the year, unless that stands in the passage or its headings.
    """
    asked = matter(evidence.question)
    if not _on_region(evidence, chunk, sentence):
        return f"索引中没有关于{evidence.question.regions[0].name}的这一数值。"
    numbers = set(_NUMBER.findall(sentence)) - set(_NUMBER.findall(evidence.question.search))
    if not numbers:
        return "最接近的段落没有给出所问的数值。"
    unit = UNIT_ASKED.search(evidence.question.search)
    if unit and not re.search(rf"\d[\d.,]*[余多]?[百千万亿]*{unit.group(1)}", sentence):
        return "最接近的段落没有给出所问的数值。"
    if lacks_side(asked, sentence):
        return "最接近的段落说的是另一项指标。"
    if not _has_years(evidence, chunk):
        years = "、".join(f"{year}年" for year in evidence.question.years)
        return f"最接近的段落没有载明{years}的数值。"
    whole, likeness = evidence.index.likeness(asked or evidence.question.search, [sentence])
    close = max(float(whole[0]), float(likeness[0])) >= _FIGURE_LEAST
    return "" if close or evidence.question.language == "en" else "最接近的段落与所问的指标不符。"


def _has_years(evidence: Evidence, chunk: Chunk) -> bool:
    """Whether every year asked about stands in the passage or its headings, or is the report's."""
    context = " ".join((*chunk.section, normalise(evidence.index.text(chunk)).text))
    context += f" {evidence.regions.years.get(chunk.document_id, '')}"
    return all(re.search(rf"(?<!\d){year}(?!\d)", context) for year in evidence.question.years)


def _on_region(evidence: Evidence, chunk: Chunk, sentence: str) -> bool:
    """Whether the sentence stands in a document on a region asked about, or names one."""
    asked = evidence.question.regions
    regions = evidence.regions
    return not asked or any(
        region.short in sentence
        or any(
            name == chunk.document_id and lies_in(own, region)
            for name, own in regions.of_document.items()
        )
        for region in asked
    )


def _strange_region(evidence: Evidence) -> str:
    """A region asked about that has no document of its own and stands in none of the passages."""
    regions = evidence.regions
    for region in (*evidence.question.regions, *evidence.question.unknown):
        own = any(lies_in(other, region) for other in regions.corpus)
        named = any(region.short in normalise(p.text).text for p in evidence.passages[:_TOP])
        if not own and not named:
            return region.name
    return ""


def _context(evidence: Evidence, at: int) -> str:
    chunk = evidence.passages[at].chunk
    if chunk.id >= 0:
        return evidence.index.search_text(chunk.id)
    return normalise(evidence.passages[at].text).text


def _coverage(evidence: Evidence, text: str) -> float:
    question = evidence.question
    if question.language == "en":
        # English words stand in no plan: the terms that the thesaurus knows them by do.
        asked = [w for e in question.expansions for w in words(e.entry.term)]
        if not asked:
            return _UNKNOWN
    else:
        asked = list(dict.fromkeys(words(bare(evidence))))
    if not asked:
        return 0.0
    lowered = text.lower()
    frequencies = evidence.index.sparse.document_frequencies(asked)
    size = len(evidence.index.chunks)
    weights = [float(np.log1p(size / (1 + df))) for df in frequencies]
    held = sum(w for word, w in zip(asked, weights, strict=True) if word in lowered)
    return held / sum(weights)
