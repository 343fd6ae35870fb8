"""The numbers of a whole document: which of them count on, and the lists that they make."""

import re
from collections.abc import Iterator, Sequence

from index.labels import BARE, DECIMAL, Label, follows, labelled
from index.lines import TERMINAL
from index.paragraphs import Paragraph


def labels(paragraphs: Sequence[Paragraph]) -> list[Label | None]:
    """Return the label of each paragraph, if it has one that is no mere figure.

    1.1 and ``1 总则`` are labels only where they count on: figures begin lines too.
    """
    found = [None if p.note else p.bare or labelled(p.search) for p in paragraphs]
    _drop_loose_decimals(found)
    _drop_loose_bare(found, paragraphs)
    return found


def lists(found: Sequence[Label | None]) -> Iterator[list[int]]:
    """The paragraphs whose numbers count on: (一) (二) (三), until something further out."""
    open_: dict[int, list[int]] = {}
    for index, label in enumerate(found):
        if label is None or not label.ordinal:
            continue
        for rank in [rank for rank in open_ if rank > label.rank]:
            yield open_.pop(rank)
        members = open_.get(label.rank, [])
        last = found[members[-1]] if members else None
        if last is not None and follows(label.ordinal, last.ordinal):
            members.append(index)
            continue
        if members:
            yield members
        open_[label.rank] = [index]
    yield from open_.values()


def _drop_loose_decimals(found: list[Label | None]) -> None:
    seen: dict[int, tuple[int, ...]] = {}
    kept: list[int] = []
    outer = 0
    for index, label in enumerate(found):
        if label is None or not label.ordinal:
            continue
        if not _is_decimal(label):
            if label.rank in {40, BARE}:
                outer = label.ordinal[0]
            continue
        depth, ordinal = len(label.ordinal), label.ordinal
        above = seen.get(depth - 1, (outer,) if depth == 2 else ())
        before = seen.get(depth, (0,) * depth)
        begins = ordinal[-1] == 1 and (ordinal[:-1] == above or follows(ordinal[:-1], before[:-1]))
        if follows(ordinal, before) or begins:
            seen[depth] = ordinal
            kept.append(index)
        else:
            found[index] = None
    if len(kept) < 2:
        for index in kept:
            found[index] = None


def _drop_loose_bare(found: list[Label | None], paragraphs: Sequence[Paragraph]) -> None:
    """``3 预警监测`` is a heading if 3.1 comes next, or if it goes on with a row of such."""
    last = 0
    for index, label in enumerate(found):
        if label is None or label.rank != BARE:
            continue
        search = paragraphs[index].search
        plain = len(search) <= 30 and search[-1] not in TERMINAL + ","
        later = (x for x in found[index + 1 :] if x and (x.rank == BARE or _is_decimal(x)))
        following = next(later, None)
        opens = following is not None and following.ordinal == (*label.ordinal, 1)
        goes_on = last > 0 and label.ordinal[0] == last + 1
        if plain and not re.search(r"\d", search[2:]) and (opens or goes_on):
            last = label.ordinal[0]
        else:
            found[index] = labelled(search)


def _is_decimal(label: Label) -> bool:
    return DECIMAL <= label.rank <= DECIMAL + 2
