"""Headings told by how they look, where neither a style nor a number tells them: larger, or bolder."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from index.lines import TERMINAL

ENDS = TERMINAL + "。！？；：”"  # what a sentence ends with
_LARGER = 1.07
_SIZES = 6
_LONGEST, _LONGEST_BOLD = 80, 40  # characters


@dataclass(frozen=True, slots=True)
class Looks:
    """The size of most of the text, in points, and the level of each size clearly above it."""

    body: float
    levels: Mapping[float, int]

    @classmethod
    def of(cls, sizes: Iterable[float], body: float) -> "Looks":
        """Rank the ``sizes`` above ``body``: the largest is the outermost, 1."""
        larger = sorted({step(size) for size in sizes if size >= _LARGER * body}, reverse=True)
        return cls(body, {size: level for level, size in enumerate(larger[:_SIZES], 1)})

    def is_larger(self, size: float) -> bool:
        """Whether a line of this size is set as a heading."""
        return step(size) in self.levels

    def level(self, text: str, size: float, *, bold: bool) -> int:
        """The level of a heading that looks like one; 0 for text."""
        if not text or len(text) > _LONGEST or text[-1] in "；;，,：:":
            return 0
        if not re.search(r"[\u4e00-\u9fff]{2}", text):
            return 0
        if self.is_larger(size):
            return self.levels[step(size)] if "。" not in text[:-1] else 0
        strong = bold and len(text) <= _LONGEST_BOLD and text[-1] not in ENDS
        return len(self.levels) + 1 if strong and size >= 0.95 * self.body else 0


def step(size: float) -> float:
    """The size to half a point: what differs by less is meant to be the same."""
    return round(2 * size) / 2
