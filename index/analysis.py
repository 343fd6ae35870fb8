"""One document → all that an index stores of it beside its text: what a change does not touch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index import records
from index.chunk import ChunkSize, chunk, coverage, search_text
from index.documents import Document
from index.encode import Encoder
from index.indicators import indicators
from index.outline import outline
from index.terms import terms
from index.vectors import Floats

Ids = NDArray[np.int32]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ragged:
    """A list of id lists: all ids in one array, and the length of each list."""

    ids: Ids
    counts: Counts

    @classmethod
    def of(cls, lists: Sequence[Ids]) -> "Ragged":
        """Lay ``lists`` end to end."""
        counts = np.array([len(one) for one in lists], dtype=np.int64)
        return cls(np.concatenate([*lists, np.zeros(0, dtype=np.int32)]).astype(np.int32), counts)


@dataclass(frozen=True, slots=True)
class Analysis:
    """The rows of one document; ``p`` passages, ``f`` figures, ``d`` the encoder's dimension.

    ``outline``, ``chunks`` and ``figures`` are lines as :mod:`index.records` writes them.
    ``names`` is ``(f, d)``, ``vectors`` ``(p, d)``. ``tokens`` holds each passage's token ids
    once, ascending; None if the encoder has none. ``terms`` holds each passage's terms as
    places in ``vocabulary``, which is in order of first appearance.
    """

    account: records.Account
    outline: bytes
    chunks: bytes
    figures: bytes
    names: Floats
    vectors: Floats
    tokens: Ragged | None
    vocabulary: tuple[str, ...]
    terms: Ragged


def analyse(document: Document, size: ChunkSize, encoder: Encoder) -> Analysis:
    """Do all of the work that a document costs; the same input gives the same bytes."""
    found = outline(document.text, document.layout)
    pieces = chunk(document, found, size)
    ledger = indicators(document, found)
    covered = coverage(document, found, pieces)
    texts = [search_text(document, piece) for piece in pieces]
    ids = encoder.token_ids(texts)
    numbers: dict[str, int] = {}
    said = [
        np.array([numbers.setdefault(t, len(numbers)) for t in terms(text)], dtype=np.int32)
        for text in texts
    ]
    return Analysis(
        account=records.Account(
            covered.characters, covered.indexed, covered.left_out, len(pieces), len(ledger)
        ),
        outline=records.lines([found]),
        chunks=records.chunk_lines(pieces),
        figures=records.figure_lines(ledger),
        names=_encoded(encoder, [figure.name for figure in ledger]),
        vectors=_encoded(encoder, texts),
        tokens=None if ids is None else Ragged.of([np.unique(one) for one in ids]),
        vocabulary=tuple(numbers),
        terms=Ragged.of(said),
    )


def _encoded(encoder: Encoder, texts: list[str]) -> Floats:
    if not texts:
        return np.zeros((0, encoder.dimension), dtype=np.float32)
    return encoder.encode(texts)
