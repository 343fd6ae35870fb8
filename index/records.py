"""Nouns ↔ lines of JSON: the rows of an index's files, a line each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from index.documents import Chunk, Coverage, Document, Indicator, LeftOut, Span
from index.layouts import from_row, to_row
from index.outline import Outline

DOCUMENTS = "documents.jsonl"
LAYOUTS = "layouts.jsonl"
ACCOUNTS = "accounts.jsonl"
OUTLINES = "outlines.jsonl"
CHUNKS = "chunks.jsonl"
INDICATORS = "indicators.jsonl"

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class _ChunkRow:
    """A chunk without id and document, which follow from the line's place."""

    section: tuple[str, ...]
    span: Span
    kind: Literal["body", "metadata"]


@dataclass(frozen=True, slots=True)
class Account:
    """What became of one document: its coverage, and how many rows it has in each file."""

    characters: int
    indexed: int
    left_out: tuple[LeftOut, ...]
    passages: int
    figures: int

    def coverage(self, document_id: str) -> Coverage:
        """The same, as it is reported."""
        return Coverage(document_id, self.characters, self.indexed, self.left_out)


def encode(noun: object) -> bytes:
    """Return ``noun`` as one line of JSON, without the line break."""
    return msgspec.json.encode(noun)


def decode(line: bytes, kind: type[Row]) -> Row:
    """Read one line that :func:`encode` wrote."""
    return msgspec.json.decode(line, type=kind)


def lines(nouns: Iterable[object]) -> bytes:
    """Return one line for each of ``nouns``."""
    return b"".join(encode(noun) + b"\n" for noun in nouns)


def document_line(document: Document) -> bytes:
    """Return the line of ``document`` without its layout, which has a file of its own."""
    return lines([replace(document, layout=None)])


def layout_line(document: Document) -> bytes:
    """Return the line of the layout of ``document``: null for a text."""
    return lines([to_row(document.layout)])


def chunk_lines(chunks: Sequence[Chunk]) -> bytes:
    """Return the lines of one document's chunks, in order."""
    return lines(_ChunkRow(c.section, c.span, c.kind) for c in chunks)


def chunks_of(data: bytes, document_id: str, first: int = 0) -> list[Chunk]:
    """Read the lines of one document's chunks; the first is numbered ``first``."""
    rows = (decode(line, _ChunkRow) for line in data.splitlines())
    return [
        Chunk(number, document_id, row.section, row.span, row.kind)
        for number, row in enumerate(rows, first)
    ]


def figures_of(data: bytes, document_id: str) -> list[Indicator]:
    """Read the lines of one document's figures."""
    rows = (decode(line, Indicator) for line in data.splitlines())
    return [replace(row, document_id=document_id) for row in rows]


def document_of(line: bytes, layout: bytes) -> Document:
    """Read the two lines of a document."""
    return replace(decode(line, Document), layout=from_row(msgspec.json.decode(layout)))


def figure_lines(figures: Sequence[Indicator]) -> bytes:
    """Return the lines of one document's figures, in order."""
    return lines(replace(figure, document_id="") for figure in figures)


def read_documents(generation: Path) -> list[Document]:
    """Read the documents in order of their ids."""
    texts = _rows(generation / DOCUMENTS, Document)
    with (generation / LAYOUTS).open("rb") as file:
        return [
            replace(document, layout=from_row(msgspec.json.decode(line)))
            for document, line in zip(texts, file, strict=True)
        ]


def read_accounts(generation: Path) -> list[Account]:
    """Read what became of each document, in the same order."""
    return list(_rows(generation / ACCOUNTS, Account))


def read_outlines(generation: Path) -> list[Outline]:
    """Read the outlines, in the order of the documents."""
    return list(_rows(generation / OUTLINES, Outline))


def read_chunks(
    generation: Path, documents: Iterable[str], accounts: Iterable[Account]
) -> list[Chunk]:
    """Read the chunks of ``documents``; their ids are their places."""
    rows = _rows(generation / CHUNKS, _ChunkRow)
    return [
        Chunk(number, document, row.section, row.span, row.kind)
        for number, (document, row) in enumerate(
            _owned(documents, (account.passages for account in accounts), rows)
        )
    ]


def read_indicators(
    generation: Path, documents: Iterable[str], accounts: Iterable[Account]
) -> list[Indicator]:
    """Read the ledger of figures in the order of documents and text."""
    rows = _rows(generation / INDICATORS, Indicator)
    counts = (account.figures for account in accounts)
    return [replace(row, document_id=document) for document, row in _owned(documents, counts, rows)]


def _owned(
    documents: Iterable[str], counts: Iterable[int], rows: Iterator[Row]
) -> Iterator[tuple[str, Row]]:
    """Pair each row with the document that it is of."""
    for document, count in zip(documents, counts, strict=True):
        for _ in range(count):
            yield document, next(rows)


def _rows(path: Path, kind: type[Row]) -> Iterator[Row]:
    decoder = msgspec.json.Decoder(kind)
    with path.open("rb") as file:
        for line in file:
            yield decoder.decode(line)
