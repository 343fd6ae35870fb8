"""Text → a tree of sections, and for every character of the document what it is.

Recognised: 篇 章 节, 一、 (一) 1. 1.1 (1), 专栏, 附件, run-in headings whose first sentence is the
title, the unnumbered headings of press articles and work reports, annexes whose numbers begin anew,
headings set in several lines. Contents lists, page furniture and the metadata around a document are
told apart and kept, each with its kind. Where a long stretch has lost its headings, it is divided
by meaning, and its sections say so.
"""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from index import cohesion
from index.documents import Hint, Layout, Part, Section, Span
from index.headings import TOP, Heading, headings, numbered
from index.hints import Shown
from index.labels import BOX_RANK, Label, bare, label, labelled
from index.nesting import nest
from index.normalise import normalise
from index.paragraphs import Paragraph, paragraphs
from index.unnumbered import METADATA

__all__ = ["VERSION", "Outline", "label", "outline"]

VERSION = 5

_NODE = 15  # the rank of 节: what stands further in may be an item
_COVER = 12  # lines at most of a cover before the contents
_PROSE = 60  # characters of a paragraph that no cover has
# How a speaker turns to another matter.
_TURN = ("各位代表", "同志们", "在肯定成绩的同时", "在看到成绩的同时")


@dataclass(frozen=True, slots=True)
class Outline:
    """The sections in reading order and the parts that cover every non-blank character."""

    sections: tuple[Section, ...]
    parts: tuple[Part, ...]
    wrapped: bool

    @property
    def inferred(self) -> tuple[Section, ...]:
        """The sections that no heading begins: divided by meaning where headings are lost."""
        return tuple(section for section in self.sections if section.inferred)


@dataclass(slots=True)
class _Block:
    """A paragraph with the heading that it is or begins with."""

    paragraph: Paragraph
    heading: Heading | None
    metadata: bool = False

    @property
    def is_heading(self) -> bool:
        return self.heading is not None and self.heading.span.end >= self.paragraph.span.end


def outline(text: str, layout: Layout | None = None) -> Outline:
    """Return the outline of ``text``; never raises, for a short text without headings it has none.

    Where ``layout`` tells how the file shows it, its headings, tables and furniture are what it says.
    """
    shown = Shown(layout) if layout else None
    found, setting = paragraphs(text, shown)
    blocks = [
        _Block(paragraph, heading)
        for paragraph, heading in zip(found, headings(text, found, setting), strict=True)
    ]
    if shown is not None:
        _show(text, blocks, shown)
    _mark_metadata(blocks)
    turns = [p.span.start for p in found if p.kind == "body" and p.search.startswith(_TURN)]
    boxes = _boxes(blocks, shown)
    _end_boxes(blocks, boxes)
    found_headings = [b.heading for b in blocks if b.heading is not None]
    sections = nest(found_headings, len(text), turns, boxes)
    parts = _parts(blocks)
    return Outline(cohesion.divide(text, sections, parts), parts, bool(setting.width))


def _show(text: str, blocks: list[_Block], shown: Shown) -> None:
    """Take headings from the layout, whatever their words look like; rows of tables are none."""
    ranks = shown.ranks(lambda hint: _rank(text, hint))
    for block in blocks:
        paragraph = block.paragraph
        hint = shown.heading(paragraph.span)
        if paragraph.kind != "body":
            continue
        if shown.is_table(paragraph.span):
            block.heading = None
        elif hint is not None and not METADATA.fullmatch(paragraph.search):
            search = paragraph.search if paragraph.broken else normalise(hint.span.of(text)).text
            search, found = search.rstrip("。"), _label(text, hint)
            title = numbered(found, search) if found else search
            rank = found.rank if found else ranks[hint.level]
            block.heading = Heading(rank, title, paragraph.span, found)
    _join_lines(blocks, shown)


def _join_lines(blocks: list[_Block], shown: Shown) -> None:
    """Join a numbered heading with the line below it that is set like it and has no number."""
    own = [block for block in blocks if block.paragraph.kind == "body"]
    for one, other in pairwise(own):
        first, second = one.heading, other.heading
        if first is None or second is None or first.label is None or second.label is not None:
            continue
        hints = shown.heading(one.paragraph.span), shown.heading(other.paragraph.span)
        alike = hints[0] and hints[1] and hints[0].level == hints[1].level
        title = f"{first.title} {second.title}"
        node = first.label.rank <= _NODE and first.label.rank != BOX_RANK
        if alike and node and one.is_heading and len(title) <= _PROSE:
            span = Span(first.span.start, second.span.end)
            one.heading, other.heading = None, Heading(first.rank, title, span, first.label)


def _boxes(blocks: list[_Block], shown: Shown | None) -> list[Span]:
    """The boxes that hold text of their own: one around a heading alone frames what follows it."""
    own = [block.paragraph.span.start for block in blocks if not block.is_heading]
    return [
        box
        for box in (shown.boxes if shown else ())
        if bisect_right(own, box.end - 1) > bisect_right(own, box.start - 1)
    ]


def _end_boxes(blocks: list[_Block], boxes: list[Span]) -> None:
    """The last line of a box heads nothing in it: it is an item, whatever stands below the box."""
    starts = [block.paragraph.span.start for block in blocks]
    for box in boxes:
        last = blocks[bisect_right(starts, box.end - 1) - 1]
        if last.is_heading and last.heading and last.heading.label and last.heading.rank > _NODE:
            last.heading = None


def _rank(text: str, hint: Hint) -> int | None:
    """The rank that its number gives a heading; a box's says nothing of others in its style."""
    found = _label(text, hint)
    return found.rank if found and found.rank != BOX_RANK else None


def _label(text: str, hint: Hint) -> Label | None:
    return labelled(normalise(hint.span.of(text)).text) or bare(hint.span.of(text))


def _mark_metadata(blocks: list[_Block]) -> None:
    """Lines such as 来源:…, and all that stands before the first heading or long paragraph."""
    for block in blocks:
        search = block.paragraph.search
        if block.heading is None and len(search) <= 60 and METADATA.fullmatch(search):
            block.metadata = True
    first = _first_of_text(blocks)
    if first == len(blocks):
        return
    for block in blocks[:first]:
        if block.paragraph.kind == "body":
            block.metadata, block.heading = True, None


def _first_of_text(blocks: list[_Block]) -> int:
    """Where the document itself begins; what stands on a cover before a contents list is none."""
    first = next((i for i, block in enumerate(blocks) if _begins(block)), len(blocks))
    listed = next((i for i, block in enumerate(blocks) if block.paragraph.kind == "contents"), 0)
    cover = blocks[first:listed]
    if len(cover) <= _COVER and all(
        len(b.paragraph.search) < _PROSE and not (b.heading and b.heading.label) for b in cover
    ):
        return max(first, listed)
    return first


def _begins(block: _Block) -> bool:
    paragraph, heading = block.paragraph, block.heading
    if paragraph.kind == "contents" or (
        heading is not None and heading.rank <= 30 and heading.rank != TOP
    ):
        return True
    return paragraph.kind == "body" and not block.is_heading and len(paragraph.search) >= _PROSE


def _parts(blocks: list[_Block]) -> tuple[Part, ...]:
    parts: list[Part] = []
    joined = sorted(b.heading.span for b in blocks if b.heading is not None)
    for block in blocks:
        paragraph, heading = block.paragraph, block.heading
        if paragraph.kind != "body":
            parts.append(Part(paragraph.kind, paragraph.span))
        elif block.metadata:
            parts.append(Part("metadata", paragraph.span))
        elif heading is None:
            # The first line of a heading that was set in two belongs to the second's.
            at = bisect_right(joined, paragraph.span.start, key=lambda span: span.start)
            if not any(span.covers(paragraph.span) for span in joined[max(0, at - 2) : at]):
                parts.append(Part("body", paragraph.span))
        elif block.is_heading:
            parts.append(Part("heading", heading.span))
        else:
            parts.append(Part("heading", heading.span))
            parts.append(Part("body", Span(heading.span.end, paragraph.span.end)))
    return tuple(sorted(parts, key=lambda part: part.span))
