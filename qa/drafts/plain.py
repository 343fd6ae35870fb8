"""Plain text: each line a block; marks [1] after claims, their notes at the end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from qa.drafts.nouns import Appendix, Block, Mark

# A line without an end mark that is short or numbered is a heading.
_HEADING = re.compile(
    r"\s*(?:第[一二三四五六七八九十百\d]+[章节编篇]|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+(?:\.\d+)*[.、 ])?[^。！？；!?;]{0,40}\s*"
)


@dataclass(frozen=True)
class PlainDraft:
    """A text file; ``encoding`` is the one that it is written back in."""

    raw: str
    encoding: str = "utf-8"

    @cached_property
    def _lines(self) -> tuple[tuple[int, str], ...]:
        """Start and text of each line that is not blank."""
        found = re.finditer(r"[^\r\n]+", self.raw)
        return tuple((match.start(), match.group()) for match in found if match.group().strip())

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The lines that are not blank."""
        return tuple(
            Block(line, "heading" if _HEADING.fullmatch(line) else "text")
            for _, line in self._lines
        )

    def written(self, marks: Sequence[Mark], appendices: Sequence[Appendix]) -> bytes:
        """Return the text with [1] after each marked place and the notes below."""
        newline = "\r\n" if "\r\n" in self.raw else "\n"
        pieces, at = [], 0
        for number, mark in enumerate(marks, 1):
            place = self._lines[mark.block][0] + mark.at
            pieces += [self.raw[at:place], f"[{number}]"]
            at = place
        pieces.append(self.raw[at:])
        notes = [f"[{number}] {mark.text}" for number, mark in enumerate(marks, 1)]
        parts = [Appendix("脚注", tuple(notes)), *appendices]
        for part in parts:
            if part.lines:
                pieces += [newline, newline, newline.join((part.title, *part.lines))]
        return ("".join(pieces) + newline).encode(self.encoding, errors="xmlcharrefreplace")
