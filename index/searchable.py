"""An open index: documents, chunks and the three legs, with the analysis they were made by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import late, originals, store
from index.build import VERSIONS
from index.chunk import search_text
from index.dense import DenseIndex
from index.documents import Chunk, Document, Indicator
from index.encode import Encoder, open_encoder
from index.errors import IndexMismatchError
from index.outline import Outline
from index.sparse import Bm25Parameters, Bm25sIndex, RankBm25Index, SparseIndex
from index.terms import terms
from index.vectors import Floats

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Index:
    """Everything that a question is asked of; read-only.

    ``chunks[row].id == row``: rows name passages in all legs. ``indicator_vectors`` holds a unit
    vector for the name of each of ``indicators``.
    """

    folder: Path
    manifest: store.Manifest
    documents: Mapping[str, Document]
    outlines: Mapping[str, Outline]
    chunks: tuple[Chunk, ...]
    indicators: tuple[Indicator, ...]
    indicator_vectors: Floats
    encoder: Encoder
    dense: DenseIndex
    sparse: SparseIndex
    late: late.LateIndex | None

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
        generation = store.current(folder)
        manifest = store.read_manifest(generation)
        _check_versions(folder, manifest)
        store.verify(generation, manifest)
        model = open_encoder(encoder or manifest.encoder)
        _check_encoder(folder, manifest, model)
        documents = store.read_documents(generation)
        chunks = tuple(store.read_chunks(generation))
        outlines = store.read_outlines(generation)
        by_id = {document.id: document for document in documents}
        tokens = (generation / late.FILE).is_file()
        return cls(
            folder=folder,
            manifest=manifest,
            documents=by_id,
            outlines=dict(zip(by_id, outlines, strict=True)),
            chunks=chunks,
            indicators=tuple(store.read_indicators(generation)),
            indicator_vectors=np.load(generation / store.NAMES, mmap_mode="r"),
            encoder=model,
            dense=DenseIndex.load(generation),
            sparse=_open_sparse(sparse, generation, manifest, by_id, chunks),
            late=late.LateIndex.load(generation) if tokens else None,
        )

    def text(self, chunk: Chunk) -> str:
        """The quotable text of ``chunk``, as it stands in its document."""
        return chunk.span.of(self.documents[chunk.document_id].text)

    def original(self, document_id: str) -> Path | None:
        """The file that a document was read from; None where the text is the file itself.

        Raises:
            IndexDamagedError: it is missing, or is not the file that was read.
        """
        return originals.find(store.current(self.folder), self.documents[document_id])

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


def _check_versions(folder: Path, manifest: store.Manifest) -> None:
    for name, expected in VERSIONS.items():
        found = manifest.versions.get(name)
        if found != expected:
            raise IndexMismatchError(
                f"索引“{folder}”的文本分析（{name}）为第 {found} 版，本程序需要第 {expected} 版。"
                "请用 guiwen index 重新建立索引。"
            )


def _check_encoder(folder: Path, manifest: store.Manifest, model: Encoder) -> None:
    if model.fingerprint == manifest.fingerprint:
        return
    raise IndexMismatchError(
        f"索引“{folder}”由编码器“{manifest.encoder}”（{manifest.dimension} 维，"
        f"指纹 {manifest.fingerprint}）建立，现在的编码器是“{model.name}”（{model.dimension} 维，"
        f"指纹 {model.fingerprint}）。请改用原来的编码器，或重新建立索引。"
    )
