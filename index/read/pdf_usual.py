"""What is usual in a document: its sizes, indents and leading, by which paragraphs are told apart."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from index.read.pdf_lines import Line


def is_indented(found: Sequence[Line]) -> bool:
    """Whether paragraphs begin with an indent: most lines after a short one do."""
    begins = [
        (line.box[0] - line.left) / line.size
        for before, line in pairwise(found)
        if before.page == line.page and before.flow == line.flow and before.grid is line.grid is None
        and before.box[2] < before.right - 2 * before.size
    ]  # fmt: skip
    return sum(1.2 < offset < 3.2 for offset in begins) > 0.4 * len(begins)


def leading(found: Sequence[Line]) -> float:
    """The gap between most lines of the text and the next below, in points."""
    gaps = [
        line.box[1] - before.box[3]
        for before, line in pairwise(found)
        if before.page == line.page
        and before.flow == line.flow
        and before.grid is line.grid is None
    ]
    return median(gap for gap in gaps) if gaps else 0.0


def is_centred(line: Line) -> bool:
    """Whether a line stands in the middle of its column, clear of both edges."""
    left, right = line.box[0] - line.left, line.right - line.box[2]
    return min(left, right) > 2 * line.size and abs(left - right) < 1.5 * line.size
