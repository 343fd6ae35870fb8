"""Sections → chunks: on sentence borders, never across a heading, each knowing its path."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.documents import (
    INDEXED_KINDS,
    Chunk,
    Coverage,
    Document,
    LeftOut,
    Part,
    Section,
    Span,
)
from index.normalise import normalise
from index.outline import Outline

VERSION = 1
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
    unless they stand inside a paragraph that a page break cut in two.
    """
    size = size or ChunkSize()
    found: list[tuple[tuple[str, ...], Span, bool]] = []
    for metadata, parts in _stretches(outline):
        longest = size.metadata if metadata else size.longest
        path = METADATA_SECTION if metadata else _path(outline.sections, parts[0].span.start)
        if not metadata:
            # Headings without text of their own lead the first section that has some.
            path = _path(outline.sections, parts[-1].span.start)
        found += [(path, span, metadata) for span in _pack(document.text, parts, longest)]
    return [
        Chunk(i, document.id, path, span, "metadata" if metadata else "body")
        for i, (path, span, metadata) in enumerate(found)
    ]


def search_text(document: Document, piece: Chunk) -> str:
    """What is embedded and tokenised: title, the path that is not in the chunk itself, the text."""
    body = normalise(piece.span.of(document.text)).text
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


def _stretches(outline: Outline) -> Iterator[tuple[bool, list[Part]]]:
    """Yield (is metadata, parts) between which a chunk may not run on."""
    held: list[Part] = []
    state = ""
    borders = {section.span.start for section in outline.inferred}
    for part in outline.parts:
        if held and part.span.start in borders:
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


def _path(sections: tuple[Section, ...], at: int) -> tuple[str, ...]:
    """The path of the innermost section that holds the character ``at``."""
    inner: tuple[str, ...] = ()
    for section in sections:
        if section.span.start > at:
            break
        if section.span.start <= at < section.span.end:
            inner = section.path
    return inner


def _pack(text: str, parts: list[Part], longest: int) -> Iterator[Span]:
    """Pack whole sentences into spans of about equal length, none longer than ``longest``."""
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
