"""An open index: documents, chunks and the three legs, with the analysis they were made by."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index import late, originals, store
from index.catalogue import Catalogue
from index.chunk import search_text
from index.dense import DenseIndex, DenseLeg
from index.documents import Chunk, Document, Indicator
from index.encode import Encoder, open_encoder
from index.errors import IndexDamagedError, InputError, StoreError
from index.names import FigureNames, Names
from index.normalise import normalise
from index.outline import Outline
from index.recipe import check_encoder, check_versions
from index.sparse import Bm25Parameters, Bm25sIndex, RankBm25Index, SparseIndex
from index.terms import bigrams, terms
from index.vectors import Floats, Rows


class RowNumbers(Protocol):
    """Numbers that are taken by their rows."""

    def __getitem__(self, rows: Rows, /) -> Floats:
        """Return those of ``rows``, shape ``(len(rows),)``."""


@dataclass(frozen=True)
class Index:
    """Everything that a question is asked of; read-only.

    ``chunks[row].id == row``: rows name passages in all legs, and passages come in the order of
    ``documents``. An index that was opened reads documents, outlines, chunks and indicators when
    they are asked for; ``catalogue`` holds the documents without text and layout, for what looks
    at all of them. ``names`` are those of ``indicators``. ``pointer`` tells which version of the
    index in ``folder`` this is.
    """

    folder: Path
    manifest: store.Manifest
    documents: Mapping[str, Document]
    outlines: Mapping[str, Outline]
    chunks: Sequence[Chunk]
    indicators: Sequence[Indicator]
    names: Names
    encoder: Encoder
    dense: DenseLeg
    sparse: SparseIndex
    late: late.LateIndex | None
    pointer: str = ""
    sparse_kind: str = "bm25s"
    stored: Catalogue | None = None

    def __repr__(self) -> str:
        """Say which index it is; its contents would be megabytes."""
        return f"Index({str(self.folder)!r}, {len(self.documents)} documents, {len(self.chunks)} passages)"

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
        store.verify_once(generation, manifest)
        model = choose(manifest)
        check_encoder(folder, manifest, model)
        stored = Catalogue.open(generation)
        documents, chunks = stored.documents(), stored.chunks()
        return cls(
            folder=folder,
            manifest=manifest,
            documents=documents,
            outlines=stored.outlines(),
            chunks=chunks,
            indicators=stored.indicators(),
            names=FigureNames.load(generation),
            encoder=model,
            dense=DenseIndex.load(generation),
            sparse=_open_sparse(sparse, generation, manifest, documents, chunks),
            late=late.load(generation),
            pointer=pointer,
            sparse_kind=sparse,
            stored=stored,
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

    @cached_property
    def catalogue(self) -> Mapping[str, Document]:
        """The documents; their texts and layouts may be missing."""
        return self.stored.listed if self.stored else self.documents

    @cached_property
    def characters(self) -> frozenset[str]:
        """The Chinese characters of the passages."""
        return self.sparse.characters

    @cached_property
    def lengths(self) -> RowNumbers:
        """How many characters each passage has, ``(passages,)``."""
        if self.stored:
            return self.stored.lengths
        return np.array([len(chunk.span) for chunk in self.chunks], dtype=np.float32)

    @cached_property
    def owners(self) -> NDArray[np.int32]:
        """The place of each passage's document among ``documents``, ``(passages,)``."""
        if self.stored:
            counts = np.diff(self.stored.passages)
            return np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        places = {name: place for place, name in enumerate(self.documents)}
        return np.array([places[chunk.document_id] for chunk in self.chunks], dtype=np.int32)

    def rows(self, documents: frozenset[str]) -> Rows:
        """The passages of ``documents``, ascending."""
        found = [self.document_rows[name] for name in documents if name in self.document_rows]
        return np.sort(np.concatenate([*found, self._everything[:0]]))

    def owned_by(self, rows: Rows) -> frozenset[str]:
        """The documents that ``rows`` are of."""
        return frozenset(self._ids[place] for place in np.unique(self.owners[rows]).tolist())

    @cached_property
    def document_rows(self) -> Mapping[str, Rows]:
        """The passages of each document, ascending."""
        borders = np.searchsorted(self.owners, np.arange(len(self._ids) + 1))
        return {
            name: self._everything[start:end]
            for name, (start, end) in zip(self._ids, pairwise(borders.tolist()), strict=True)
        }

    @cached_property
    def figure_rows(self) -> Mapping[str, range]:
        """The figures of each document."""
        if self.stored:
            borders = self.stored.figures
        else:
            places = {name: place for place, name in enumerate(self.documents)}
            owners = [places[figure.document_id] for figure in self.indicators]
            borders = np.searchsorted(owners, np.arange(len(self._ids) + 1))
        return {
            name: range(start, end)
            for name, (start, end) in zip(self._ids, pairwise(borders.tolist()), strict=True)
        }

    @cached_property
    def _ids(self) -> tuple[str, ...]:
        return tuple(self.documents)

    @cached_property
    def _everything(self) -> Rows:
        return np.arange(len(self.chunks), dtype=np.int64)

    def naming(self, name: str) -> Rows:
        """The passages whose text holds ``name``, ascending."""
        # Passages with all pairs of the name; title and headings are searched with the text.
        near = self.sparse.holding(bigrams(name))
        return np.array([row for row in near.tolist() if name in self._body(row)], dtype=np.int64)

    def with_year(self, rows: Rows, year: int) -> Rows:
        """Those of ``rows`` whose text or section path names ``year``."""
        pattern = re.compile(rf"(?<!\d){year}(?!\d)")
        return np.array(
            [
                row
                for row in rows.tolist()
                if pattern.search(self._body(row))
                or any(pattern.search(part) for part in self.chunks[row].section)
            ],
            dtype=np.int64,
        )

    def _body(self, row: int) -> str:
        return normalise(self.text(self.chunks[row])).text

    def late_matches(self, search: str, rows: Rows) -> tuple[Floats, Floats] | None:
        """Best token cosines and token weights of ``rows``; None without token vectors."""
        ids = self.encoder.token_ids([search])
        if self.late is None or ids is None:
            return None
        return self.late.matches(ids[0], rows, self.encoder.token_cosines)

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
        best, weights = self.late.match_texts(ids[0], ids[1:], self.encoder.token_cosines)
        return whole, best @ weights


def _open_sparse(
    kind: str,
    generation: Path,
    manifest: store.Manifest,
    documents: Mapping[str, Document],
    chunks: Sequence[Chunk],
) -> SparseIndex:
    if kind == "bm25s":
        return Bm25sIndex.load(generation)
    corpus = [terms(search_text(documents[piece.document_id], piece)) for piece in chunks]
    return RankBm25Index(corpus, Bm25Parameters(**manifest.options["bm25"]))
