"""The order of the steps from sources to an index on disk."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np

from index import chunk as chunking
from index import normalise, originals, outline, store, terms
from index.chunk import ChunkSize, chunk, coverage, search_text
from index.dense import DenseIndex
from index.documents import Chunk, Coverage, Document, Indicator
from index.encode import EMBEDDED, Encoder, open_encoder
from index.indicators import VERSION as INDICATORS_VERSION
from index.indicators import indicators
from index.late import LateIndex
from index.outline import Outline
from index.read import Reading, Skipped, read_sources
from index.sparse import Bm25Parameters, Bm25sIndex

# Each changes when the analysis does; an index made with others is refused.
VERSIONS = {
    "normalise": normalise.VERSION,
    "outline": outline.VERSION,
    "chunk": chunking.VERSION,
    "terms": terms.VERSION,
    "indicators": INDICATORS_VERSION,
}

_BATCH = 512

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How an index is made."""

    encoder: str = EMBEDDED
    size: ChunkSize = field(default_factory=ChunkSize)
    bm25: Bm25Parameters = field(default_factory=Bm25Parameters)
    strict: bool = True


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What became of the sources."""

    folder: Path
    passages: int
    coverage: tuple[Coverage, ...]
    skipped: tuple[Skipped, ...]


def _silent(_step: str, _done: int, _total: int) -> None:
    """Report nothing."""


def build(
    sources: Sequence[Path],
    folder: Path,
    options: BuildOptions | None = None,
    progress: Progress = _silent,
) -> BuildReport:
    """Index ``sources`` into ``folder``; an index that is there stays in use until the end.

    Args:
        sources: files and folders.
        folder: a new or empty folder, or one that holds an index.
        options: encoder, chunk lengths, BM25 parameters, strictness.
        progress: called with (step in Chinese, done, total).

    Raises:
        SourceError: a source cannot be read.
        EncoderError: the encoder cannot be loaded.
        StoreError: ``folder`` cannot be written.
    """
    options = options or BuildOptions()
    encoder = open_encoder(options.encoder)
    progress("读取", 0, len(sources))
    reading = read_sources(sources, strict=options.strict)
    outlines, chunks, report = _cut(reading, options.size, progress)
    texts = _search_texts(reading, chunks)
    with store.writing(folder) as fresh:
        store.write_documents(fresh, list(reading.documents), outlines)
        before = store.current(folder) if store.is_index(folder) else None
        originals.keep(fresh, before, reading.documents, reading.files)
        store.write_chunks(fresh, chunks)
        ledger = _ledger(reading, outlines, progress)
        store.write_indicators(fresh, ledger)
        np.save(fresh / store.NAMES, encoder.encode([figure.name for figure in ledger]))
        _write_legs(fresh, texts, encoder, options, progress)
        store.write_manifest(
            fresh,
            lambda files: store.Manifest(
                format=store.FORMAT,
                versions=VERSIONS,
                encoder=encoder.name,
                fingerprint=encoder.fingerprint,
                dimension=encoder.dimension,
                options={"size": asdict(options.size), "bm25": asdict(options.bm25)},
                sources={document.id: digest(document) for document in reading.documents},
                passages=len(chunks),
                files=files,
            ),
        )
    return BuildReport(folder, len(chunks), tuple(report), reading.skipped)


def is_current(folder: Path, sources: Sequence[Path]) -> bool:
    """Whether the index in ``folder`` is of these sources, analysis and embedded encoder.

    Raises:
        IndexMissingError, IndexDamagedError, IndexMismatchError: as on opening.
    """
    generation = store.current(folder)
    manifest = store.read_manifest(generation)
    if manifest.versions != VERSIONS:
        return False
    if manifest.fingerprint != open_encoder(EMBEDDED).fingerprint:
        return False
    store.verify(generation, manifest)
    reading = read_sources(sources, strict=False)
    return manifest.sources == {document.id: digest(document) for document in reading.documents}


def digest(document: Document) -> str:
    """Checksum of a document's text and metadata: another one means another version."""
    return hashlib.sha256(json.dumps(asdict(document), ensure_ascii=False).encode()).hexdigest()


def _cut(
    reading: Reading, size: ChunkSize, progress: Progress
) -> tuple[list[Outline], list[Chunk], list[Coverage]]:
    outlines: list[Outline] = []
    chunks: list[Chunk] = []
    report: list[Coverage] = []
    for done, document in enumerate(reading.documents):
        progress("分析结构", done, len(reading.documents))
        found = outline.outline(document.text, document.layout)
        pieces = chunk(document, found, size)
        outlines.append(found)
        report.append(coverage(document, found, pieces))
        chunks += [replace(piece, id=len(chunks) + i) for i, piece in enumerate(pieces)]
    progress("分析结构", len(reading.documents), len(reading.documents))
    return outlines, chunks, report


def _ledger(reading: Reading, outlines: list[Outline], progress: Progress) -> list[Indicator]:
    found: list[Indicator] = []
    for done, (document, parts) in enumerate(zip(reading.documents, outlines, strict=True)):
        progress("读取指标", done, len(outlines))
        found += indicators(document, parts)
    progress("读取指标", len(outlines), len(outlines))
    return found


def _search_texts(reading: Reading, chunks: Sequence[Chunk]) -> list[str]:
    documents = {document.id: document for document in reading.documents}
    return [search_text(documents[piece.document_id], piece) for piece in chunks]


def _write_legs(
    fresh: Path, texts: list[str], encoder: Encoder, options: BuildOptions, progress: Progress
) -> None:
    vectors, ids, corpus = [], [], []
    for start in range(0, len(texts), _BATCH):
        progress("编码", start, len(texts))
        batch = texts[start : start + _BATCH]
        vectors.append(encoder.encode(batch))
        ids += encoder.token_ids(batch) or []
        corpus += [terms.terms(text) for text in batch]
    progress("编码", len(texts), len(texts))
    DenseIndex.build(np.concatenate(vectors)).save(fresh)
    Bm25sIndex.build(corpus, options.bm25).save(fresh)
    if ids:
        LateIndex.build(ids).save(fresh)
