"""An open index: documents, chunks and the three legs, with the analysis they were made by."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np

from index import late, originals, records, store
from index.chunk import search_text
from index.dense import DenseIndex, DenseLeg
from index.documents import Chunk, Document, Indicator
from index.encode import Encoder, open_encoder
from index.errors import IndexDamagedError, InputError, StoreError
from index.normalise import normalise
from index.outline import Outline
from index.recipe import check_encoder, check_versions
from index.sparse import Bm25Parameters, Bm25sIndex, RankBm25Index, SparseIndex
from index.spelling import characters
from index.terms import terms
from index.vectors import Floats, Rows


class RowNumbers(Protocol):
    """Numbers or vectors that are taken by their rows."""

    def __getitem__(self, rows: Rows, /) -> Floats:
        """Return those of ``rows``, of shape ``(len(rows), …)``."""


@dataclass(frozen=True)
class Index:
    """Everything that a question is asked of; read-only.

    ``chunks[row].id == row``: rows name passages in all legs. ``indicator_vectors`` holds a unit
    vector for the name of each of ``indicators``. ``pointer`` tells which version of the index in
    ``folder`` this is.
    """

    folder: Path
    manifest: store.Manifest
    documents: Mapping[str, Document]
    outlines: Mapping[str, Outline]
    chunks: Sequence[Chunk]
    indicators: Sequence[Indicator]
    indicator_vectors: RowNumbers
    encoder: Encoder
    dense: DenseLeg
    sparse: SparseIndex
    late: late.LateIndex | None
    pointer: str = ""
    sparse_kind: str = "bm25s"

    @classmethod
    def open(cls, folder: Path, encoder: str | None = None, sparse: str = "bm25s") -> "Index":
        """Open the index in ``folder``.

        Args:
            folder: made by :func:`index.build`.
            encoder: refuse an index that was made by another; None takes the recorded one.
            sparse: ``bm25s``, or ``rank-bm25`` for the reference.

        Raises:
            IndexMissingError, IndexDamagedError, IndexMismatchError, EncoderError.
        """
        return cls._open(folder, sparse, lambda made: open_encoder(encoder or made.encoder))

    @classmethod
    def _open(
        cls, folder: Path, sparse: str, choose: Callable[[store.Manifest], Encoder]
    ) -> "Index":
        while True:
            pointer = store.pointer(folder)
            try:
                return cls._read(folder, pointer, sparse, choose)
            except (OSError, IndexDamagedError) as error:
                # Two writers may have come by since the pointer was read, see ``store``.
                if store.pointer(folder) != pointer:
                    continue
                if isinstance(error, IndexDamagedError):
                    raise
                raise IndexDamagedError(
                    f"索引“{folder}”无法读取：{error}。请检查权限，或重新建立索引。"
                ) from error

    @classmethod
    def _read(
        cls, folder: Path, pointer: str, sparse: str, choose: Callable[[store.Manifest], Encoder]
    ) -> "Index":
        generation, manifest = store.opened(folder)
        check_versions(folder, manifest)
        store.verify(generation, manifest)
        model = choose(manifest)
        check_encoder(folder, manifest, model)
        documents = {one.id: one for one in records.read_documents(generation)}
        accounts = records.read_accounts(generation)
        chunks = tuple(records.read_chunks(generation, documents, accounts))
        outlines = records.read_outlines(generation)
        tokens = (generation / late.FILE).is_file()
        return cls(
            folder=folder,
            manifest=manifest,
            documents=documents,
            outlines=dict(zip(documents, outlines, strict=True)),
            chunks=chunks,
            indicators=tuple(records.read_indicators(generation, documents, accounts)),
            indicator_vectors=np.load(generation / store.NAMES, mmap_mode="r"),
            encoder=model,
            dense=DenseIndex.load(generation),
            sparse=_open_sparse(sparse, generation, manifest, documents, chunks),
            late=late.LateIndex.load(generation) if tokens else None,
            pointer=pointer,
            sparse_kind=sparse,
        )

    def is_stale(self) -> bool:
        """Whether a writer has brought another version of the index into use since it was opened.

        An index that has gone, or is no longer readable, is not a newer one: False.
        """
        try:
            return store.pointer(self.folder) != self.pointer
        except StoreError:
            return False

    def reload(self) -> "Index":
        """Open the version that is in use now; this one can still be asked.

        Raises:
            IndexDamagedError, IndexMismatchError, EncoderError: as :meth:`open`.
        """

        def choose(made: store.Manifest) -> Encoder:
            # The weights are read already.
            same = made.encoder == self.manifest.encoder
            return self.encoder if same else open_encoder(made.encoder)

        return Index._open(self.folder, self.sparse_kind, choose)

    def text(self, chunk: Chunk) -> str:
        """The quotable text of ``chunk``, as it stands in its document."""
        return chunk.span.of(self.documents[chunk.document_id].text)

    def original(self, document_id: str) -> Path | None:
        """The file that a document was read from; None where the text is the file itself.

        It is taken from the version in use: later ones keep no file of a document that has changed.

        Raises:
            InputError: the document has been replaced or removed since this index was opened.
            IndexMissingError: the index has gone.
            IndexDamagedError: the file is missing, or is not the one that was read.
        """
        document = self.documents[document_id]
        try:
            return originals.find(store.current(self.folder), document)
        except (OSError, IndexDamagedError) as error:
            if self.is_stale():
                raise InputError(
                    f"“{document_id}”已经更新或移出索引，原来的文件不再保存。请重新提问。"
                ) from error
            if isinstance(error, IndexDamagedError):
                raise
            raise IndexDamagedError(
                f"“{document_id}”的原件无法读取：{error}。请检查权限，或重新建立索引。"
            ) from error

    def search_text(self, row: int) -> str:
        """The text that was tokenised and embedded for passage ``row``."""
        chunk = self.chunks[row]
        return search_text(self.documents[chunk.document_id], chunk)

    def rows(self, documents: frozenset[str]) -> Rows:
        """The passages of ``documents``, ascending."""
        return np.flatnonzero([chunk.document_id in documents for chunk in self.chunks]).astype(
            np.int64
        )

    @cached_property
    def document_rows(self) -> Mapping[str, Rows]:
        """The passages of each document, ascending."""
        found: dict[str, list[int]] = {name: [] for name in self.documents}
        for chunk in self.chunks:
            found[chunk.document_id].append(chunk.id)
        return {name: np.array(rows, dtype=np.int64) for name, rows in found.items()}

    @cached_property
    def lengths(self) -> RowNumbers:
        """How many characters each passage has."""
        return np.array([len(chunk.span) for chunk in self.chunks], dtype=np.float32)

    def owned_by(self, rows: Rows) -> frozenset[str]:
        """The documents that ``rows`` are of."""
        return frozenset(self.chunks[int(row)].document_id for row in rows)

    @cached_property
    def characters(self) -> frozenset[str]:
        """The Chinese characters of all texts."""
        texts = (document.text for document in self.documents.values())
        return characters(normalise(text).text for text in texts)

    def naming(self, name: str) -> Rows:
        """The passages whose text holds ``name``, ascending."""
        return np.array([r for r, text in enumerate(self._bodies) if name in text], dtype=np.int64)

    def with_year(self, rows: Rows, year: int) -> Rows:
        """Those of ``rows`` whose text or section path names ``year``."""
        pattern = re.compile(rf"(?<!\d){year}(?!\d)")
        return np.array(
            [
                row
                for row in rows
                if pattern.search(self._bodies[row])
                or any(pattern.search(part) for part in self.chunks[row].section)
            ],
            dtype=np.int64,
        )

    @cached_property
    def _bodies(self) -> tuple[str, ...]:
        return tuple(normalise(self.text(chunk)).text for chunk in self.chunks)

    def late_matches(self, search: str, rows: Rows) -> tuple[Floats, Floats] | None:
        """Best token cosines and token weights of ``rows``; None without token vectors."""
        ids = self.encoder.token_ids([search])
        if self.late is None or ids is None:
            return None
        return self.late.matches(ids[0], rows, self.encoder.token_vectors)

    def likeness(self, search: str, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """Compare ``search`` with any texts, both normalised.

        Returns:
            Cosines of the whole, and late-interaction scores (zero without token vectors), of
            shape ``(len(texts),)`` each.
        """
        vectors = self.encoder.encode([search, *texts])
        whole: Floats = vectors[1:] @ vectors[0]
        ids = self.encoder.token_ids([search, *texts])
        if self.late is None or ids is None:
            return whole, np.zeros_like(whole)
        best, weights = self.late.match_texts(ids[0], ids[1:], self.encoder.token_vectors)
        return whole, best @ weights


def _open_sparse(
    kind: str,
    generation: Path,
    manifest: store.Manifest,
    documents: Mapping[str, Document],
    chunks: tuple[Chunk, ...],
) -> SparseIndex:
    if kind == "bm25s":
        return Bm25sIndex.load(generation)
    corpus = [terms(search_text(documents[piece.document_id], piece)) for piece in chunks]
    return RankBm25Index(corpus, Bm25Parameters(**manifest.options["bm25"]))
