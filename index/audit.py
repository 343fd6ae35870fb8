"""What became of every character of every document of an index, and what is odd about it.

Counted anew from the stored texts and spans: nothing that the build has noted is believed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.damage import Damage, damage
from index.documents import INDEXED_KINDS, Chunk, Document, PartKind, Span
from index.duplicates import Paragraph, near_duplicates
from index.normalise import normalise
from index.outline import Outline
from index.searchable import Index

# Search characters; a shorter passage says hardly anything by itself.
SHORT = 15

_BLANKS = np.array([c for c in range(0x3001) if chr(c).isspace()], dtype=np.uint32)
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class DocumentAudit:
    """The account of one document; all counts of characters are of non-blank ones.

    ``indexed`` + the values of ``left_out`` + ``unaccounted`` = ``characters``. ``overlapping``
    counts characters that are in more than one passage, ``orphans`` names headings with no text
    under them, ``round_trips`` counts the passages whose span gives back what is searched.
    ``duplicates_within`` and ``_across`` count paragraphs that another of the same document, or of
    another one, almost repeats. ``told`` is the damage that the manifest tells of. ``furniture``
    counts, by reason, what of ``left_out`` the reader of the file had told apart from its text.
    """

    document_id: str
    characters: int
    indexed: int
    left_out: Mapping[PartKind, int]
    unaccounted: int
    overlapping: int
    orphans: tuple[str, ...]
    passages: int
    too_long: int
    too_short: int
    round_trips: int
    duplicates_within: int
    duplicates_across: int
    damage: Mapping[Damage, int]
    told: tuple[str, ...]
    furniture: Mapping[str, int] = field(default_factory=dict)

    @property
    def accounted(self) -> float:
        """Share of the characters that are indexed, or left out for a reason; 0 to 1."""
        return 1 - self.unaccounted / self.characters if self.characters else 1.0

    @property
    def content(self) -> float:
        """Indexed share of the characters that are the document's own; 0 to 1."""
        own = self.indexed + self.unaccounted
        return self.indexed / own if own else 1.0


@dataclass(frozen=True, slots=True)
class Audit:
    """The account of an index; ``duplicates`` are groups of paragraphs that almost repeat."""

    documents: tuple[DocumentAudit, ...]
    duplicates: tuple[tuple[Paragraph, ...], ...]

    @property
    def round_trips(self) -> float:
        """Share of the passages whose span gives back what is searched; 1 in a sound index."""
        passages = sum(document.passages for document in self.documents)
        return sum(document.round_trips for document in self.documents) / max(1, passages)


def audit(index: Index) -> Audit:
    """Account for every document of ``index``."""
    groups = near_duplicates(_paragraphs(index))
    within, across = _repeats(groups)
    documents = tuple(
        account(index, name, (within.get(name, 0), across.get(name, 0))) for name in index.documents
    )
    return Audit(documents, tuple(groups))


def account(index: Index, name: str, repeated: tuple[int, int] = (0, 0)) -> DocumentAudit:
    """Account for one document of ``index``; what is ``repeated`` only :func:`audit` can tell."""
    size = index.manifest.options["size"]
    return _account(
        index.documents[name],
        index.outlines[name],
        [index.chunks[int(row)] for row in index.document_rows[name]],
        {"body": size["longest"], "metadata": size["metadata"]},
        repeated,
    )


def round_trips(document: Document, chunk: Chunk) -> bool:
    """Whether the chunk's span lies in the text, and the search text made of it maps back to it.

    Mapped to the original and normalised again, the search text must be the same.
    """
    span, text = chunk.span, document.text
    if chunk.document_id != document.id or not 0 <= span.start < span.end <= len(text):
        return False
    quote = span.of(text)
    search = normalise(quote)
    if not search.text:
        return False
    back = search.original(Span(0, len(search.text)))
    return normalise(back.of(quote)).text == search.text


def _account(
    document: Document,
    outline: Outline,
    chunks: Sequence[Chunk],
    longest: Mapping[str, int],
    repeated: tuple[int, int],
) -> DocumentAudit:
    text = document.text
    ink = ~np.isin(np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32), _BLANKS)
    times = np.zeros(len(text) + 1, dtype=np.int32)
    for chunk in chunks:
        times[min(chunk.span.start, len(text))] += 1
        times[min(chunk.span.end, len(text))] -= 1
    times = np.cumsum(times[:-1])
    left: dict[PartKind, int] = {}
    known = times > 0
    for part in outline.parts:
        if part.kind not in INDEXED_KINDS:
            place = slice(part.span.start, part.span.end)
            count = int(np.count_nonzero(ink[place] & ~known[place]))
            known[place] = True
            left[part.kind] = left.get(part.kind, 0) + count
    furniture: dict[str, int] = {}
    for one in document.layout.furniture if document.layout else ():
        place = slice(one.span.start, one.span.end)
        count = int(np.count_nonzero(ink[place] & (times[place] == 0)))
        if count:
            furniture[one.reason] = furniture.get(one.reason, 0) + count
    lengths = [(len(normalise(chunk.span.of(text)).text), longest[chunk.kind]) for chunk in chunks]
    return DocumentAudit(
        document_id=document.id,
        characters=int(np.count_nonzero(ink)),
        indexed=int(np.count_nonzero(ink & (times > 0))),
        left_out={kind: count for kind, count in left.items() if count},
        unaccounted=int(np.count_nonzero(ink & ~known)),
        overlapping=int(np.count_nonzero(ink & (times > 1))),
        orphans=tuple(_orphans(outline)),
        passages=len(chunks),
        too_long=sum(length > most for length, most in lengths),
        too_short=sum(length < SHORT for length, _ in lengths),
        round_trips=sum(round_trips(document, chunk) for chunk in chunks),
        duplicates_within=repeated[0],
        duplicates_across=repeated[1],
        damage=damage(text),
        told=document.damage,
        furniture=furniture,
    )


def _orphans(outline: Outline) -> Iterator[str]:
    """Titles of sections without a character of text or figures under their heading."""
    bodies = [part.span for part in outline.parts if part.kind == "body"]
    starts = np.array([span.start for span in bodies], dtype=np.int64)
    for section in outline.sections:
        # The last body part that starts before the section ends reaches furthest into it.
        last = int(np.searchsorted(starts, section.span.end)) - 1
        if last < 0 or bodies[last].end <= section.heading.end:
            yield section.title


def _paragraphs(index: Index) -> Iterator[Paragraph]:
    for name, outline in index.outlines.items():
        text = index.documents[name].text
        for part in outline.parts:
            if part.kind == "body":
                yield Paragraph(name, part.span, normalise(part.span.of(text)).text)


def _repeats(
    groups: Sequence[tuple[Paragraph, ...]],
) -> tuple[dict[str, int], dict[str, int]]:
    """How many paragraphs of each document are repeated in it, and in others."""
    within: dict[str, int] = {}
    across: dict[str, int] = {}
    for group in groups:
        names = [paragraph.document_id for paragraph in group]
        for name in set(names):
            count = names.count(name)
            if count > 1:
                within[name] = within.get(name, 0) + count
            if count < len(names):
                across[name] = across.get(name, 0) + count
    return within, across
