"""Markdown: blocks without markup but with a map back, and footnotes that leave all else as it was.

Code, front matter, HTML, link targets and definitions are not read as text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from qa.drafts.nouns import Appendix, Block, Mark

_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+")
_UNDERLINE = re.compile(r"\s{0,3}(?:=+|-+)\s*$")
_PREFIX = re.compile(r"\s*(?:(?:>|[-*+](?=\s)|\d{1,3}[.)](?=\s)|\[[ xX]\](?=\s))\s*)*")
_DEFINITION = re.compile(r"\s{0,3}\[[^\]]+\]:")
_RULE = re.compile(r"\s*\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*)*\|?\s*$")
# Markup inside a line: what is dropped, and what of a link is text.
_INLINE = re.compile(
    r"(?P<code>(`+).+?\2)|(?P<image>!\[[^\]]*\]\([^)]*\))|(?P<note>\[\^[^\]]+\])"
    r"|(?P<link>\[(?P<label>[^\]]*)\](?:\([^)]*\)|\[[^\]]*\]))|(?P<html><!--.*?-->|</?[A-Za-z][^<>]*>)"
    r"|(?P<mark>\*{1,3}|~~|(?<![A-Za-z0-9])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![A-Za-z0-9]))|(?P<escape>\\(?=[\\`*_{}\[\]()#+.!|~>-]))"
)
# What closes markup right after a claim stands before its footnote.
_CLOSING = re.compile(r"(?:\*{1,3}|_{1,3}|~~|`+|</[A-Za-z]+>)+")
_CELL = re.compile(r"(?:\\\||[^|])+")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block and, for each of its characters, where it stands in the file."""

    block: Block
    offsets: tuple[int, ...]


@dataclass(frozen=True)
class MarkdownDraft:
    """A Markdown file; ``encoding`` is the one that it is written back in."""

    raw: str
    encoding: str = "utf-8"

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Lines of text, headings and cells; a wrapped line goes on in the next block."""
        return tuple(piece.block for piece in self._pieces)

    @cached_property
    def _pieces(self) -> tuple[_Piece, ...]:
        return tuple(self._read())

    def _read(self) -> Iterator[_Piece]:
        paragraph: list[tuple[int, str]] = []
        table: list[tuple[int, str]] = []
        for start, line, following in self._lines():
            is_row = "|" in line and (
                bool(table) or bool(_RULE.match(following) and following.strip())
            )
            ends = not line.strip() or is_row or _PREFIX.match(line).end() or _HEADING.match(line)  # type: ignore[union-attr]
            if paragraph and ends:
                yield from self._paragraph(paragraph)
                paragraph = []
            if table and not is_row:
                yield from self._table(table)
                table = []
            heading = _HEADING.match(line)
            if is_row:
                table.append((start, line))
            elif heading or (line.strip() and not paragraph and _UNDERLINE.match(following)):
                yield self._piece(
                    start + (heading.end() if heading else 0), start + len(line), "heading"
                )
            elif line.strip() and not _UNDERLINE.match(line):
                paragraph.append((start, line))
        yield from self._paragraph(paragraph)
        yield from self._table(table)

    def _lines(self) -> Iterator[tuple[int, str, str]]:
        """Yield (start, line, next line) of the lines that are text; others come as blank."""
        found = [(m.start(), m.group()) for m in re.finditer(r"[^\r\n]*(?:\r\n|\r|\n|$)", self.raw)]
        lines = [(start, line.rstrip("\r\n")) for start, line in found]
        kept: list[tuple[int, str]] = []
        fence, matter, comment = "", False, False
        for number, (start, line) in enumerate(lines):
            opened = _FENCE.match(line)
            if number == 0 and line.strip() == "---":
                matter = True
            elif matter:
                matter = line.strip() not in {"---", "..."}
            elif fence:
                fence = "" if line.strip().startswith(fence) else fence
            elif opened:
                fence = opened.group(1)
            elif comment or line.lstrip().startswith("<!--"):
                comment = "-->" not in line
            elif not _DEFINITION.match(line):
                kept.append((start, line))
                continue
            kept.append((start, ""))
        for number, (start, line) in enumerate(kept):
            yield start, line, kept[number + 1][1] if number + 1 < len(kept) else ""

    def _paragraph(self, lines: Sequence[tuple[int, str]]) -> Iterator[_Piece]:
        """One block of the lines of a paragraph, without the breaks inside Chinese text."""
        if not lines:
            return
        text: list[str] = []
        offsets: list[int] = []
        for start, line in lines:
            prefix = _PREFIX.match(line)
            skip = prefix.end() if prefix and not text else len(line) - len(line.lstrip())
            piece = self._piece(start + skip, start + len(line.rstrip()), "text")
            if text and piece.block.text[:1].isascii() and text[-1].isascii():
                text.append(" ")
                offsets.append(offsets[-1])
            text += piece.block.text
            offsets += piece.offsets
        yield _Piece(Block("".join(text)), tuple(offsets))

    def _table(self, lines: Sequence[tuple[int, str]]) -> Iterator[_Piece]:
        """The cells of a table, each led by the head of its column and the rest of its row."""
        rows = []
        for start, line in lines:
            if _RULE.match(line):
                continue
            cells = [m for m in _CELL.finditer(line) if m.group().strip()]
            rows.append([self._piece(start + m.start(), start + m.end(), "cell") for m in cells])
        heads = [piece.block.text.strip() for piece in rows[0]] if rows else []
        for number, row in enumerate(rows):
            for column, piece in enumerate(row):
                lead = led(heads, [p.block.text.strip() for p in row], column) if number else ""
                yield _Piece(Block(piece.block.text, "cell", lead), piece.offsets)

    def _piece(self, start: int, end: int, kind: str) -> _Piece:
        text: list[str] = []
        offsets: list[int] = []

        def keep(first: int, last: int) -> None:
            text.append(self.raw[first:last])
            offsets.extend(range(first, last))

        at = start
        for match in _INLINE.finditer(self.raw, start, end):
            keep(at, match.start())
            if match["link"]:
                keep(*match.span("label"))
            at = match.end()
        keep(at, end)
        return _Piece(Block("".join(text), kind), tuple(offsets))  # type: ignore[arg-type]

    def written(self, marks: Sequence[Mark], appendices: Sequence[Appendix]) -> bytes:
        """Return the file with [^1] after each marked place, and definitions at the end."""
        newline = "\r\n" if "\r\n" in self.raw else "\n"
        used = [int(number) for number in re.findall(r"\[\^(\d+)\]", self.raw)]
        first = max(used, default=0) + 1
        pieces, at = [], 0
        for number, mark in enumerate(marks, first):
            place = self._place(mark)
            pieces += [self.raw[at:place], f"[^{number}]"]
            at = place
        pieces.append(self.raw[at:])
        for part in appendices:
            if part.lines:
                listed = newline.join(f"{line}{newline}" for line in part.lines)
                pieces += [newline, newline, f"## {part.title}", newline, newline, listed]
        pieces += [newline] if marks else []
        pieces += [f"{newline}[^{n}]: {mark.text}{newline}" for n, mark in enumerate(marks, first)]
        return "".join(pieces).encode(self.encoding, errors="xmlcharrefreplace")

    def _place(self, mark: Mark) -> int:
        """Where a footnote goes: after the character, and after markup that closes there."""
        offsets = self._pieces[mark.block].offsets
        place = offsets[mark.at - 1] + 1
        link = next(
            (
                match
                for match in _INLINE.finditer(
                    self.raw, self._line_start(place), self._line_end(place)
                )
                if match["link"] and match.start() < place < match.end()
            ),
            None,
        )
        place = link.end() if link else place
        closing = _CLOSING.match(self.raw, place)
        opened = self.raw[self._line_start(place) : place]
        if closing and opened.count(closing.group()) % 2:
            place = closing.end()
        return place

    def _line_start(self, at: int) -> int:
        return max(self.raw.rfind("\n", 0, at), self.raw.rfind("\r", 0, at)) + 1

    def _line_end(self, at: int) -> int:
        ends = [end for end in (self.raw.find("\n", at), self.raw.find("\r", at)) if end >= 0]
        return min(ends, default=len(self.raw))


def led(heads: Sequence[str], row: Sequence[str], column: int) -> str:
    """What a cell is about: the other cells of its row up to it, and the head of its column."""
    head = heads[column] if column < len(heads) else ""
    return ",".join([*(cell for cell in row[:column] if cell), *([head] if head else [])])
