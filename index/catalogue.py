"""The files of a generation as rows that are decoded when they are asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import records
from index.documents import Chunk, Document, Indicator
from index.mapped import Lines, Named, Rows, mapped_array
from index.outline import Outline

# The documents without text and layout: what a question is filtered by.
FILE = "catalogue.jsonl"
_STARTS, _LENGTHS = "starts.npy", "lengths.npy"


def line(document: Document) -> bytes:
    """Return the line of ``document`` in the catalogue."""
    return records.lines([replace(document, text="", layout=None)])


def save(folder: Path, counts: Sequence[tuple[int, int]], lengths: NDArray[np.int64]) -> None:
    """Write how many passages and figures each document has, and how long each passage is."""
    starts = np.concatenate([[[0, 0]], np.cumsum(counts, axis=0)]).T.astype(np.int64)
    np.save(folder / _STARTS, starts)
    np.save(folder / _LENGTHS, lengths.astype(np.float32))


@dataclass(frozen=True)
class Catalogue:
    """One generation, its files mapped into memory.

    ``passages`` and ``figures`` tell where those of each document begin, ``(documents + 1,)``;
    ``lengths`` the characters of each passage.
    """

    generation: Path
    listed: Mapping[str, Document]
    passages: NDArray[np.int64]
    figures: NDArray[np.int64]
    lengths: NDArray[np.float32]

    @classmethod
    def open(cls, generation: Path) -> "Catalogue":
        """Read the catalogue of ``generation``; nothing else is read yet."""
        listed = {one.id: one for one in records.read_catalogue(generation / FILE)}
        passages, figures = mapped_array(generation / _STARTS)
        return cls(generation, listed, passages, figures, mapped_array(generation / _LENGTHS))

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.listed)

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {name: place for place, name in enumerate(self._names)}

    def documents(self) -> Mapping[str, Document]:
        """The documents by their ids, in order."""
        texts, layouts = self._lines(records.DOCUMENTS), self._lines(records.LAYOUTS)
        return Named(
            self._places,
            lambda at: records.document_of(texts.of(at, at + 1), layouts.of(at, at + 1)),
        )

    def outlines(self) -> Mapping[str, Outline]:
        """The outlines by the ids of their documents."""
        rows = self._lines(records.OUTLINES)
        return Named(self._places, lambda at: records.outline_of(rows.of(at, at + 1)))

    def chunks(self) -> Sequence[Chunk]:
        """The chunks; their ids are their places."""
        rows = self._lines(records.CHUNKS)
        return Rows(
            len(rows),
            lambda at: records.chunk_of(rows.of(at, at + 1), at, self._owner(self.passages, at)),
        )

    def indicators(self) -> Sequence[Indicator]:
        """The ledger of figures in the order of documents and text."""
        rows = self._lines(records.INDICATORS)
        return Rows(
            len(rows),
            lambda at: records.figure_of(rows.of(at, at + 1), self._owner(self.figures, at)),
        )

    def _owner(self, starts: NDArray[np.int64], row: int) -> str:
        return self._names[int(starts.searchsorted(row, side="right")) - 1]

    def _lines(self, name: str) -> Lines:
        return Lines(self.generation / name)
