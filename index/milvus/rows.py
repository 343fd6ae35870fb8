"""Row numbers ↔ ids of Milvus: rows count through the documents in order of their names."""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.milvus.expression import one_of
from index.milvus.records import Entry
from index.milvus.schema import KEY, passage_id

Rows = NDArray[np.int64]

# Ids of one filter; with more, several searches are made and their hits put together.
_MANY = 5000


class Numbering:
    """The rows of the documents of one catalogue."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.names = [entry.document.id for entry in entries]
        self.keys = [entry.key for entry in entries]
        counts = np.array([entry.account.passages for entry in entries], dtype=np.int64)
        self.starts: Rows = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self._places = {key: at for at, key in enumerate(self.keys)}

    def __len__(self) -> int:
        return int(self.starts[-1])

    def row(self, passage: str) -> int | None:
        """The row of a passage by its id; None if no document of the catalogue has it."""
        at = self._places.get(passage[:KEY])
        if at is None:
            return None
        row = int(self.starts[at]) + int(passage[KEY:])
        return row if row < self.starts[at + 1] else None

    def passage(self, row: int) -> str:
        """The id of the passage in ``row``."""
        at = self.document(row)
        return passage_id(self.keys[at], row - int(self.starts[at]))

    def document(self, row: int) -> int:
        """The place of the document that ``row`` is of."""
        return int(np.searchsorted(self.starts, row, side="right")) - 1

    def of_document(self, at: int) -> Rows:
        """The rows of the document in that place."""
        return np.arange(self.starts[at], self.starts[at + 1], dtype=np.int64)

    @cached_property
    def everything(self) -> Rows:
        """All rows."""
        return np.arange(len(self), dtype=np.int64)

    @cached_property
    def by_name(self) -> dict[str, int]:
        """The place of each document."""
        return {name: at for at, name in enumerate(self.names)}

    def filters(self, rows: Rows) -> Iterator[str]:
        """Yield filters, mostly one, that together give just ``rows``; "" gives all.

        Args:
            rows: ascending, each once.
        """
        if len(rows) == len(self):
            yield ""
            return
        found, held = np.unique(
            np.searchsorted(self.starts, rows, side="right") - 1, return_counts=True
        )
        whole = {int(at) for at in found[held == np.diff(self.starts)[found]]}
        keys = [self.keys[at] for at in sorted(whole)]
        for first in range(0, len(keys), _MANY):
            yield one_of("key", keys[first : first + _MANY])
        single = [int(row) for row in rows if self.document(int(row)) not in whole]
        for first in range(0, len(single), _MANY):
            yield one_of("id", map(self.passage, single[first : first + _MANY]))
