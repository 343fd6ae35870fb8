"""Sections → chunks: on sentence borders, never across a heading, each knowing its path."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.around import Around
from index.documents import (
    INDEXED_KINDS,
    Chunk,
    Coverage,
    Document,
    LeftOut,
    Part,
    Span,
)
from index.normalise import normalise
from index.outline import Outline
from index.tables import boxes, of, reading

VERSION = 2
METADATA_SECTION = ("文件信息",)

# A sentence ends with its closing quotation marks and brackets.
_SENTENCE_END = re.compile(r"[。!?！？;；]+[”’」』)）]*|\.(?=\s)")


@dataclass(frozen=True, slots=True)
class ChunkSize:
    """Lengths in characters of search text, so that glosses and line wraps do not count."""

    longest: int = 300
    metadata: int = 400

    def __post_init__(self) -> None:
        if self.longest < 50 or self.metadata < 50:
            raise ValueError(f"expected lengths of at least 50, got {self}")


def chunk(document: Document, outline: Outline, size: ChunkSize | None = None) -> list[Chunk]:
    """Cut ``document`` into chunks in reading order; ids count from 0 within the document.

    A heading goes with the text that follows it. Contents lists and page furniture are in none,
    unless they stand inside a paragraph that a page break cut in two. A table is kept whole where
    it fits; otherwise each of its rows is a chunk, the header with the first.
    """
    size = size or ChunkSize()
    found: list[tuple[tuple[str, ...], Span, bool]] = []
    apart = boxes(document)
    rows = [row for table in of(document) for row in table.rows[table.header + 1 :]]
    around = Around(outline.sections)
    for metadata, parts in _stretches(outline, apart):
        longest = size.metadata if metadata else size.longest
        path: tuple[str, ...] = METADATA_SECTION
        if not metadata:
            # Headings without text of their own lead the first section that has some.
            inner = around.at(parts[-1].span.start)
            path = inner[-1].path if inner else ()
        borders = frozenset() if metadata else _row_borders(rows, parts)
        spans = _pack(document.text, parts, longest, borders)
        found += [(path, span, metadata) for span in spans]
    return [
        Chunk(i, document.id, path, span, "metadata" if metadata else "body")
        for i, (path, span, metadata) in enumerate(found)
    ]


def search_text(document: Document, piece: Chunk) -> str:
    """What is embedded and tokenised: title, the path that is not in the chunk itself, the text.

    Rows of tables read as sentences, with the words of the header.
    """
    body = reading(document, piece.span)
    context = [document.title, *piece.section]
    heads = [normalise(part).text for part in context if part]
    return "\n".join([*(h for h in heads if h not in body), body])


def coverage(document: Document, outline: Outline, chunks: Iterable[Chunk]) -> Coverage:
    """Count the non-blank characters of ``document`` in and out of ``chunks``."""
    total = _ink(document.text)
    indexed = sum(_ink(piece.span.of(document.text)) for piece in chunks)
    left = tuple(
        LeftOut(part.kind, part.span) for part in outline.parts if part.kind not in INDEXED_KINDS
    )
    return Coverage(document.id, total, indexed, left)


def sentences(text: str, outline: Outline, span: Span) -> list[Span]:
    """Return the spans of the sentences inside ``span``: no part of the outline runs into another.

    A line break inside a part is an export's, not the author's, and ends no sentence.
    """
    found: list[Span] = []
    for part in outline.parts:
        if part.span.start >= span.end:
            break
        if part.kind in INDEXED_KINDS and part.span.overlaps(span):
            inner = Span(max(part.span.start, span.start), min(part.span.end, span.end))
            found += [inner] if part.kind == "heading" else _sentences(text, inner)
    return found


def _sentences(text: str, span: Span) -> list[Span]:
    """Return the spans of the sentences of one part, without surrounding blanks."""
    found: list[Span] = []
    start = span.start
    for match in _SENTENCE_END.finditer(text, span.start, span.end):
        _append_trimmed(text, Span(start, match.end()), found)
        start = match.end()
    _append_trimmed(text, Span(start, span.end), found)
    return found


def _append_trimmed(text: str, span: Span, found: list[Span]) -> None:
    piece = span.of(text)
    stripped = piece.strip()
    if stripped:
        start = span.start + len(piece) - len(piece.lstrip())
        found.append(Span(start, start + len(stripped)))


def _ink(text: str) -> int:
    return sum(not character.isspace() for character in text)


def _row_borders(rows: Sequence[Span], parts: Sequence[Part]) -> frozenset[int]:
    """Where the rows of tables after the first begin, as far as ``parts`` reach."""
    first = bisect_left(rows, Span(parts[0].span.start, parts[0].span.start))
    last = bisect_left(rows, Span(parts[-1].span.end, parts[-1].span.end))
    return frozenset(row.start for row in rows[first:last])


def _stretches(outline: Outline, apart: Sequence[Span] = ()) -> Iterator[tuple[bool, list[Part]]]:
    """Yield (is metadata, parts) between which a chunk may not run on.

    Tables and boxes, ``apart``, are stretches of their own, together with the heading before them.
    """
    held: list[Part] = []
    state = ""
    borders = {section.span.start for section in outline.inferred}
    ends = [span.end for span in apart]
    for part in outline.parts:
        beside = state == "body" and _is_border(held[-1].span, part.span, apart, ends)
        if held and (beside or part.span.start in borders):
            yield state == "metadata", held
            held, state = [], ""
        if part.kind not in INDEXED_KINDS:
            # Page marks inside a wrapped paragraph do not end it; contents lists do.
            if held and (part.kind == "contents" or state == "metadata"):
                yield state == "metadata", held
                held, state = [], ""
            continue
        if held and (part.kind != state and not (part.kind == "body" and state == "heading")):
            yield state == "metadata", held
            held = []
        held.append(part)
        state = part.kind
    if held:
        yield state == "metadata", held


def _is_border(before: Span, after: Span, apart: Sequence[Span], ends: Sequence[int]) -> bool:
    """Whether a table or a box begins or ends between two parts."""
    at = bisect_right(ends, before.start)
    if at == len(apart):
        return False
    return apart[at].overlaps(before) != apart[at].overlaps(after)


def _pack(
    text: str, parts: list[Part], longest: int, borders: frozenset[int] = frozenset()
) -> Iterator[Span]:
    """Pack whole sentences into spans of about equal length, none longer than ``longest``.

    Where all do not fit into one, a span ends before each of ``borders``.
    """
    pieces: list[Span] = []
    for part in parts:
        pieces += [part.span] if part.kind == "heading" else _sentences(text, part.span)
    lengths = [len(normalise(piece.of(text)).text) for piece in pieces]
    total = sum(lengths)
    target = total / max(1, -(-total // longest))
    start, filled = 0, 0
    for index, (piece, length) in enumerate(zip(pieces, lengths, strict=True)):
        too_long = filled + length > longest
        enough = filled >= target and filled + length / 2 > target
        enough = piece.start in borders and total > longest if borders else enough
        # What leaves nothing to search for, a joiner or a soft hyphen, is no passage of its own.
        if index > start and length and (too_long or enough):
            yield Span(pieces[start].start, pieces[index - 1].end)
            start, filled = index, 0
        filled += length
        if length > longest:
            yield from _halve(text, Span(pieces[start].start, piece.end), longest)
            start, filled = index + 1, 0
    if start < len(pieces):
        yield Span(pieces[start].start, pieces[-1].end)


def _halve(text: str, span: Span, longest: int) -> Iterator[Span]:
    """Cut one overlong sentence at its commas, or, where it has none, at the length."""
    while len(span) > longest:
        window = text[span.start : span.start + longest]
        at = max((window.rfind(mark) for mark in ",，、:：|\t "), default=-1)
        cut = at + 1 if at >= longest // 2 else longest
        yield Span(span.start, span.start + cut)
        span = Span(span.start + cut, span.end)
    if len(span):
        yield span
