"""Near-duplicate paragraphs, within a document and across documents: MinHash, then the truth.

MinHash with locality-sensitive hashing (datasketch) proposes pairs; a pair counts when the shared
part of its character triples, counted exactly, is ``ALIKE`` or more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.documents import Span

ALIKE = 0.8
SHORTEST = 40
_PERMUTATIONS = 64
# Somewhat lower than ALIKE, for MinHash estimates.
_PROPOSED = 0.7

Triples = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a document and its search text."""

    document_id: str
    span: Span
    search: str


def near_duplicates(paragraphs: Iterable[Paragraph]) -> list[tuple[Paragraph, ...]]:
    """Return groups of two or more paragraphs that say almost the same, in order of their firsts.

    Paragraphs of fewer than ``SHORTEST`` characters of search text are passed over.
    """
    alike: dict[str, list[Paragraph]] = {}
    for paragraph in paragraphs:
        if len(paragraph.search) >= SHORTEST:
            alike.setdefault(paragraph.search, []).append(paragraph)
    texts = list(alike)
    labels = _groups(len(texts), _pairs([_triples(text) for text in texts]))
    found: dict[int, list[Paragraph]] = {}
    for label, text in zip(labels, texts, strict=True):
        found.setdefault(label, []).extend(alike[text])
    return [tuple(group) for group in found.values() if len(group) > 1]


def _triples(search: str) -> Triples:
    """The set of three neighbouring characters of a text, ascending, each as one number."""
    codes = np.frombuffer(search.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    return np.unique(codes[:-2] << np.uint64(42) | codes[1:-1] << np.uint64(21) | codes[2:])


def _pairs(texts: Sequence[Triples]) -> list[tuple[int, int]]:
    from datasketch import MinHash, MinHashLSH

    near = MinHashLSH(threshold=_PROPOSED, num_perm=_PERMUTATIONS)
    pairs: list[tuple[int, int]] = []
    for number, triples in enumerate(texts):
        # The numbers are hashed once more: neighbouring codes would make neighbouring hashes.
        sketch = MinHash(num_perm=_PERMUTATIONS, hashfunc=int)
        sketch.update_batch(_mixed(triples))
        pairs += [
            (other, number)
            for other in sorted(near.query(sketch))
            if _jaccard(texts[other], triples) >= ALIKE
        ]
        near.insert(number, sketch)
    return pairs


def _mixed(triples: Triples) -> list[int]:
    """32-bit hashes of the triples (the finaliser of SplitMix64, its upper half)."""
    mixed = triples.copy()
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ mixed >> np.uint64(shift)) * np.uint64(factor)
    hashes: list[int] = ((mixed ^ mixed >> np.uint64(31)) >> np.uint64(32)).tolist()
    return hashes


def _jaccard(one: Triples, other: Triples) -> float:
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / (len(one) + len(other) - shared)


def _groups(size: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Give each of ``size`` things the number of its group, by who is paired with whom."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    if not size:
        return []
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    graph = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    labels: list[int] = connected_components(graph, directed=False)[1].tolist()
    return labels
