"""Nouns ↔ lines of JSON: the rows of an index's files, a line each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

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


def read_catalogue(path: Path) -> list[Document]:
    """Read documents without text and layout."""
    return list(_rows(path, Document))


def read_accounts(generation: Path) -> list[Account]:
    """Read what became of each document, in the same order."""
    return list(_rows(generation / ACCOUNTS, Account))


def chunk_lengths(rows: bytes) -> NDArray[np.int64]:
    """Return the length in characters of each chunk of :func:`chunk_lines`."""
    spans = [row.span for row in map(_CHUNK.decode, rows.splitlines())]
    return np.array([len(span) for span in spans], dtype=np.int64)


def figure_names(rows: bytes) -> list[str]:
    """Return the name of each figure of :func:`figure_lines`."""
    return [row.name for row in map(_NAME.decode, rows.splitlines())]


def chunk_of(line: bytes, number: int, document: str) -> Chunk:
    """Return the chunk of one line; its id is its place among all, its document follows from it."""
    row = _CHUNK.decode(line)
    return Chunk(number, document, row.section, row.span, row.kind)


def figure_of(line: bytes, document: str) -> Indicator:
    """Return the figure of one line."""
    return replace(_FIGURE.decode(line), document_id=document)


def document_of(line: bytes, layout: bytes) -> Document:
    """Return the document of a line and of its layout's line."""
    document = _DOCUMENT.decode(line)
    read = from_row(msgspec.json.decode(layout))
    return document if read is None else replace(document, layout=read)


def outline_of(line: bytes) -> Outline:
    """Return the outline of one line."""
    return _OUTLINE.decode(line)


def _rows(path: Path, kind: type[Row]) -> Iterator[Row]:
    decoder = msgspec.json.Decoder(kind)
    with path.open("rb") as file:
        for line in file:
            yield decoder.decode(line)


@dataclass(frozen=True, slots=True)
class _Name:
    """What is read of a figure where only its name is wanted."""

    name: str


_CHUNK = msgspec.json.Decoder(_ChunkRow)
_NAME = msgspec.json.Decoder(_Name)
_FIGURE = msgspec.json.Decoder(Indicator)
_DOCUMENT = msgspec.json.Decoder(Document)
_OUTLINE = msgspec.json.Decoder(Outline)
