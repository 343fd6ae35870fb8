"""The last answerer: the sentences that answer best, verbatim."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index import Span, normalise, sentences, terms
from qa.answer.base import Draft, Evidence
from qa.cite import Claim
from qa.fuse import Scores, scaled
from qa.models import Passage

# Passages whose sentences compete, and how much a passage's own rank counts against them.
_PASSAGES = 3
_PASSAGE_WEIGHT = 0.5
_SEVERAL = {"list", "measures", "comparison"}


@dataclass(frozen=True, slots=True)
class _Sentence:
    passage: Passage
    span: Span
    search: str


def answer(evidence: Evidence) -> Draft | None:
    """Quote the best sentence; for lists, measures and comparisons one from each good passage."""
    candidates = _candidates(evidence)
    if not candidates:
        return None
    scores = _scores(evidence, candidates)
    order = np.argsort(-scores, kind="stable")
    best = [candidates[int(at)] for at in order]
    chosen = [best[0]]
    if evidence.question.intent in _SEVERAL:
        for sentence in best[1:]:
            if all(sentence.passage is not other.passage for other in chosen):
                chosen.append(sentence)
    claims = []
    for sentence in chosen:
        document_id = sentence.passage.chunk.document_id
        text = evidence.index.documents[document_id].text
        quote = evidence.quote(document_id, sentence.span)
        claims.append(Claim(sentence.span.of(text), (quote,)))
    kind = evidence.question.intent
    return Draft(kind if kind in {"list", "measures", "definition"} else "passage", tuple(claims))


def _candidates(evidence: Evidence) -> list[_Sentence]:
    found = []
    for passage in evidence.passages[:_PASSAGES]:
        text = evidence.index.documents[passage.chunk.document_id].text
        headings = {s.heading for s in evidence.outline(passage.chunk.document_id).sections}
        for span in sentences(text, passage.chunk.span):
            search = normalise(span.of(text)).text
            if len(search) >= 6 and span not in headings:
                found.append(_Sentence(passage, span, search))
    return found


def _scores(evidence: Evidence, candidates: Sequence[_Sentence]) -> Scores:
    """Overlap weighed by rarity, and meaning, both scaled over the candidates."""
    question = evidence.question.search
    asked = list(dict.fromkeys(terms(question)))
    frequencies = evidence.index.sparse.document_frequencies(asked)
    size = len(evidence.index.chunks)
    rarity = dict(zip(asked, (np.log1p(size / (1 + df)) for df in frequencies), strict=True))
    overlap = np.array(
        [sum(rarity[t] for t in set(terms(c.search)) if t in rarity) for c in candidates],
        dtype=np.float32,
    )
    vectors = evidence.index.encoder.encode([question, *(c.search for c in candidates)])
    meaning: Scores = vectors[1:] @ vectors[0]
    own = np.array([c.passage.score for c in candidates], dtype=np.float32)
    total = scaled(overlap) + scaled(meaning) + _PASSAGE_WEIGHT * scaled(own)
    if evidence.question.intent == "figure":
        total += np.array([bool(re.search(r"\d", c.search)) for c in candidates]) * 0.3
    return total.astype(np.float32)
