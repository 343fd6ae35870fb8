"""An index in Milvus, as retrieval sees it: the same rows, nouns and scores as one in a folder."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from index import records as lines
from index.documents import Document, Indicator
from index.encode import Encoder, open_encoder
from index.errors import IndexDamagedError, IndexMissingError, InputError, StoreError
from index.milvus.address import Address
from index.milvus.client import Client
from index.milvus.expression import holds
from index.milvus.lazy import (
    AllAtOnce,
    LateDocument,
    LateMapping,
    LateSequence,
    Recent,
)
from index.milvus.legs import (
    DenseOnServer,
    LateOnServer,
    Lengths,
    NamesOnServer,
    Passages,
    SparseOnServer,
)
from index.milvus.prepare import for_reading
from index.milvus.records import Entry, Published, Records
from index.milvus.rows import Numbering, Rows
from index.milvus.writing import Stored
from index.outline import Outline
from index.recipe import check_encoder, check_versions
from index.searchable import Index, RowNumbers
from index.store import Manifest

# Documents whose text is held, each of up to some hundred thousand characters.
_TEXTS = 200
# Seconds between two looks at whether there is a newer version.
_LOOK = 2.0


@dataclass(frozen=True, kw_only=True)
class MilvusIndex(Index):
    """An index of which only the catalogue is held; the rest is fetched as it is asked for."""

    address: Address
    published: Published
    connection: Client
    library: "Library"
    passages: Passages
    _looked: list[float] = field(default_factory=lambda: [0.0])

    @classmethod
    def connect(cls, address: Address, encoder: str | None = None) -> "MilvusIndex":
        """Open the index at ``address``.

        Args:
            address: of the collection.
            encoder: refuse an index that was made by another; None takes the recorded one.

        Raises:
            IndexMissingError: no such collection, or nothing published in it.
            IndexDamagedError, IndexMismatchError, EncoderError: as for an index in a folder.
            MilvusError: it does not answer in time, or fewer rows than it should.
        """
        return cls._connect(address, lambda made: open_encoder(encoder or made.encoder))

    @classmethod
    def _connect(cls, address: Address, choose: Callable[[Manifest], Encoder]) -> "MilvusIndex":
        client = Client.connect(address)
        for_reading(client)
        records = Records(client)
        published = records.published()
        if published is None:
            raise IndexMissingError(
                f"索引“{address}”还没有建成。请再次运行 guiwen index 来源… -o {address}，会接着做。"
            )
        check_versions(address, published.made)
        model = choose(published.made)
        check_encoder(address, published.made, model)
        entries = records.catalogue(published.job)
        numbering = Numbering(entries)
        if (len(numbering), len(entries)) != (published.made.passages, published.documents):
            raise IndexDamagedError(f"索引“{address}”的目录与清单不符。请重新建立索引。")
        passages = Passages(client, published, numbering)
        passages.check()
        library = Library(records, entries)
        figures = AllAtOnce(sum(entry.account.figures for entry in entries), library.figures)
        tokens = records.token_frequencies(published.job)
        return cls(
            folder=Path(str(address)),
            manifest=published.made,
            documents={e.document.id: LateDocument(e.document, library.document) for e in entries},
            outlines=LateMapping([e.document.id for e in entries], library.outline),
            chunks=LateSequence(len(numbering), lambda r: [f.chunk for f in passages.fetch(r)]),
            indicators=figures,
            names=NamesOnServer(figures, model),
            encoder=model,
            dense=DenseOnServer(passages),
            sparse=SparseOnServer(records, published, passages),
            late=LateOnServer(tokens.astype(np.int32), passages) if len(tokens) else None,
            pointer=published.job,
            address=address,
            published=published,
            connection=client,
            library=library,
            passages=passages,
        )

    def is_stale(self) -> bool:
        """Whether another version has been published; False while the server does not say."""
        if time.monotonic() - self._looked[0] < _LOOK:
            return False
        self._looked[0] = time.monotonic()
        try:
            found = self.library.records.published(strong=False)
        except StoreError:
            return False
        return found is not None and found.job != self.pointer

    def reload(self) -> "MilvusIndex":
        """Open the version that is in use now; this one can still be asked."""

        def choose(made: Manifest) -> Encoder:
            return (
                self.encoder
                if made.encoder == self.manifest.encoder
                else open_encoder(made.encoder)
            )

        return self._connect(self.address, choose)

    @property
    def lengths(self) -> RowNumbers:
        """How many characters each passage has."""
        return Lengths(self.passages)

    @cached_property
    def owners(self) -> NDArray[np.int32]:
        """The place of each passage's document among ``documents``, ``(passages,)``."""
        counts = np.diff(self.passages.numbering.starts)
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)

    @cached_property
    def figure_rows(self) -> Mapping[str, range]:
        """The figures of each document."""
        borders = np.cumsum([0, *(e.account.figures for e in self.library.entries)]).tolist()
        names = self.passages.numbering.names
        return {
            name: range(first, last)
            for name, (first, last) in zip(names, pairwise(borders), strict=True)
        }

    def naming(self, name: str) -> Rows:
        """The passages whose text holds ``name``, one of those that regions are mentioned by."""
        return self.passages.matching(holds("places", name))

    def with_year(self, rows: Rows, year: int) -> Rows:
        """Those of ``rows`` whose text or section path names ``year``, of four digits."""
        found: Rows = np.intersect1d(rows, self.passages.matching(holds("years", year)))
        return found

    def original(self, document_id: str) -> Path | None:
        """No file is kept in Milvus.

        Raises:
            InputError: the document was not read from plain text.
        """
        if self.documents[document_id].layout is None:
            return None
        raise InputError(
            f"“{document_id}”的原件不在 Milvus 中，只存有读出的文字。请到来源文件夹查看。"
        )


class Library:
    """The documents of one catalogue: fetched when they are looked at, the last of them held."""

    def __init__(self, records: Records, entries: list[Entry]) -> None:
        self.records = records
        self.entries = tuple(entries)
        self._entries = {entry.document.id: entry for entry in entries}
        self._held: Recent[str, tuple[Document, Outline]] = Recent(_TEXTS)

    def document(self, name: str) -> Document:
        """The document with its text and layout.

        Raises:
            IndexDamagedError: it is not there, or not whole.
        """
        return self._stored(name)[0]

    def outline(self, name: str) -> Outline:
        """The outline of a document."""
        return self._stored(name)[1]

    def _stored(self, name: str) -> tuple[Document, Outline]:
        held = self._held.get(name)
        if held is None:
            body = self.records.only("document", self._entries[name].key, strong=False)
            stored = msgspec.json.decode(body, type=Stored)
            document = lines.document_of(stored.document, stored.layout)
            held = document, lines.decode(stored.outline, Outline)
            self._held.put(name, held)
        return held

    def figures(self) -> list[Indicator]:
        """All figures, in order of documents and text."""
        wanted = [entry for entry in self._entries.values() if entry.account.figures]
        bodies = self.records.get("figures", [entry.key for entry in wanted])
        found: list[Indicator] = []
        for entry in wanted:
            own = lines.figures_of(bodies.get(entry.key, b""), entry.document.id)
            if len(own) != entry.account.figures:
                raise IndexDamagedError(
                    f"索引“{self.records.client.address}”中“{entry.document.id}”的数值不完整。请重新建立索引。"
                )
            found += own
        return found
