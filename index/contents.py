"""Contents lists told apart from the headings that they name."""

import re
from collections.abc import Callable

from index.labels import label
from index.lines import TERMINAL, Line

_CONTENTS = re.compile(r"目[录次]|contents", re.I)
# Three of them do: to take all would try each of a long run as the first.
_LEADER = re.compile(r"(?:[.·…]{3}|\.{2})\s*\d{0,4}$")
_MOST = 2000  # lines of one contents list


def mark(lines: list[Line], furniture: list[bool]) -> list[bool]:
    """Mark the lines of contents lists: after 目录, or with dot leaders and page numbers."""
    marks = [bool(_LEADER.search(line.search)) for line in lines]
    names = [_entry(line.search) for line in lines]
    last = {name: at for at, name in enumerate(names)}
    for index, line in enumerate(lines):
        if not _CONTENTS.fullmatch(line.search):
            continue
        marks[index] = True
        first: str | None = None
        for at in range(index + 1, min(len(lines), index + 1 + _MOST)):
            search, entry = lines[at].search, names[at]
            if furniture[at]:
                continue
            # The first heading again, or the first line of it: the text begins.
            if first is not None and (
                entry == first or (len(entry) > 3 and first.startswith(entry))
            ):
                break
            if not marks[at] and (len(search) > 60 or search[-1] in TERMINAL + ","):
                break
            first = first or entry
            marks[at] = True
        _unmark_body(lines, marks, index, lambda at, end: last[names[at]] > end)
    return marks


def entries(lines: list[Line], marks: list[bool]) -> frozenset[str]:
    """The titles that contents lists name, without blanks, leaders and page numbers."""
    return frozenset(
        _entry(line.search) for line, marked in zip(lines, marks, strict=True) if marked
    )


def _unmark_body(
    lines: list[Line], marks: list[bool], start: int, is_after: Callable[[int, int], bool]
) -> None:
    """Give back trailing lines that no contents list would hold: unnumbered, just before text.

    ``is_after(at, end)`` says whether what line ``at`` names stands again after line ``end``.
    """
    end = start
    while end + 1 < len(lines) and marks[end + 1]:
        end += 1
    whole = end
    while end > start + 1 and label(lines[end].search) is None:
        if _LEADER.search(lines[end].search) or is_after(end, whole):
            break
        marks[end] = False
        end -= 1


def _entry(search: str) -> str:
    # From the end: a pattern would try each of a long run of dots as the first.
    number = re.search(r"\d{0,3}$", search)
    end = number.start() if number else len(search)
    while end and (search[end - 1] in ".·…" or search[end - 1].isspace()):
        end -= 1
    return re.sub(r"\s", "", search[:end])
