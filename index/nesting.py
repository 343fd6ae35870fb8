"""Headings → a tree of sections, by rank; a box may stand anywhere and holds what begins in it."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import takewhile, zip_longest
from math import inf

from index.documents import Section, Span
from index.headings import Heading
from index.labels import BOX_RANK, FIRSTLY, follows

_MAIN, _NODE = 20, 15


def nest(
    headings: Sequence[Heading],
    length: int,
    turns: Sequence[int] = (),
    boxes: Sequence[Span] = (),
) -> tuple[Section, ...]:
    """Return a section for each heading; ``length`` is that of the text, in characters.

    ``turns`` are the offsets, ascending, where a speech turns to another matter: they end what
    stands below 一、, as 各位代表! does after the last of a list of tasks. ``boxes``, in order, stand
    apart on the page: what begins in one ends with it, but for chapters and the like.
    """
    boxed = {id(heading): _box_end(heading, boxes) for heading in headings}
    open_: list[Heading] = []
    paths: list[tuple[Heading, ...]] = []
    ends: dict[int, int] = {}
    for heading in headings:
        kept = [outer for outer in open_ if heading.span.start < boxed[id(outer)]]
        if kept and _next(turns, kept[-1].span.start, heading.span.start) is not None:
            kept = [outer for outer in kept if outer.rank <= _MAIN]
        kept = [*kept[: _depth(kept, heading)], heading]
        # A section ends where it is not in its place any more.
        for before, now in zip_longest(open_, kept[: len(open_)]):
            if before is not now:
                ends.setdefault(id(before), heading.span.start)
        open_ = kept
        paths.append(tuple(open_))
    sections = []
    for path in paths:
        start, own = path[-1].span.start, id(path[-1])
        end = int(min(ends.get(own, length), boxed[own]))
        if path[-1].rank > _MAIN:
            turn = _next(turns, start, end)
            end = end if turn is None else turn
        span = Span(start, end)
        titles = tuple(outer.title for outer in path)
        sections.append(Section(path[-1].title, titles, path[-1].span, span))
    return tuple(sections)


def _box_end(heading: Heading, boxes: Sequence[Span]) -> float:
    """Where the box ends that ``heading`` belongs to; never where it belongs to none."""
    at = bisect_right(boxes, heading.span.start, key=lambda box: box.start) - 1
    inside = at >= 0 and heading.span.start < boxes[at].end
    return boxes[at].end if inside and (heading.rank == BOX_RANK or heading.rank > _NODE) else inf


def _next(turns: Sequence[int], start: int, end: int) -> int | None:
    """The first of ``turns``, which ascend, between ``start`` and ``end``."""
    at = bisect_right(turns, start)
    return turns[at] if at < len(turns) and turns[at] < end else None


def _depth(open_: Sequence[Heading], heading: Heading) -> int:
    """How many of the open headings stay open above ``heading``."""
    box = next((i for i, outer in enumerate(open_) if outer.rank == BOX_RANK), None)
    if box is None:
        # A box is set beside a lead, not under it.
        rank = FIRSTLY if heading.rank == BOX_RANK else heading.rank
        return sum(1 for _ in takewhile(lambda outer: outer.rank < rank, open_))
    if heading.rank == BOX_RANK:
        return box
    return _by_rank(open_, heading, box + 1 if _inside(open_, box, heading) else 0)


def _inside(open_: Sequence[Heading], box: int, heading: Heading) -> bool:
    """Whether ``heading`` belongs to the open box rather than to what the box stands in."""
    outside = [outer for outer in open_[:box] if outer.rank < heading.rank]
    if len(outside) < box:
        # Something of this rank or a deeper one is open around the box: does it count on there?
        same = next((o for o in open_[:box] if o.rank == heading.rank), None)
        if same is None or same.label is None or heading.label is None:
            return False
        own = next((o for o in open_[box + 1 :] if o.rank == heading.rank), None)
        if own is not None and own.label is not None:
            return follows(heading.label.ordinal, own.label.ordinal)
        return heading.label.ordinal[-1:] == (1,) and not follows(
            heading.label.ordinal, same.label.ordinal
        )
    return heading.rank >= 40


def _by_rank(open_: Sequence[Heading], heading: Heading, least: int) -> int:
    kept = least
    for index in range(least, len(open_)):
        if open_[index].rank >= heading.rank and open_[index].rank != BOX_RANK:
            break
        kept = index + 1
    return kept
