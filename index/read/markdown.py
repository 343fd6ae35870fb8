"""Markdown: the characters as they stand; headings and tables are spans of them."""

import re
from collections.abc import Sequence
from pathlib import Path

from index.documents import Cell, Layout, Span, Table
from index.documents import Hint as Heading
from index.read.compose import (
    LONGEST_HEADING,
    Extract,
    GridCell,
    Piece,
    header_rows,
    split_title,
)
from index.read.text import decode

_CELL = re.compile(r"(?:\\.|[^|\\\n\r])+")
_MARKS = re.compile(r"^[ \t]*#{0,6}[ \t]*|[ \t]+#*[ \t]*$")


def read(data: bytes, path: Path) -> Extract:
    """Read a Markdown file in any Chinese encoding.

    Raises:
        SourceError: empty, or not text.
    """
    from markdown_it import MarkdownIt

    text, encoding = decode(data, path)
    starts = _line_starts(text)
    # The parser counts LF lines; so does this, and a lone CR ends no line for either.
    # Only blocks are asked for: what stands inside a line costs time that can grow with its square.
    parser = MarkdownIt("commonmark").enable("table").disable("inline")
    tokens = parser.parse(text.replace("\r", " "))
    headings: list[Heading] = []
    tables: list[Table] = []
    for token in tokens:
        if token.map is None or token.level:
            continue
        first, last = token.map
        if token.type == "heading_open":
            # A setext heading's underline is no part of it.
            span = _trimmed(text, Span(starts[first], starts[first + 1]))
            if 0 < len(span) <= LONGEST_HEADING:
                headings.append(Heading(span, int(token.tag[1])))
        elif token.type == "table_open":
            tables.append(
                _table(text, [Span(starts[i], starts[i + 1]) for i in range(first, last)])
            )
    title, kept = split_title(text, headings)
    layout = Layout("markdown", title, headings=kept, tables=tuple(tables))
    return Extract(text, encoding, layout)


def _line_starts(text: str) -> list[int]:
    starts = [0, *(match.end() for match in re.finditer(r"\n", text))]
    return [*starts, len(text), len(text)]


def _trimmed(text: str, line: Span) -> Span:
    """The heading's own characters, without # and blanks."""
    content = line.of(text).rstrip()
    opening = _MARKS.match(content)
    start = line.start + (opening.end() if opening else 0)
    end = line.start + len(content.rstrip("#").rstrip() if content.lstrip()[:1] == "#" else content)
    return Span(start, max(start, end))


def _table(text: str, lines: Sequence[Span]) -> Table:
    """The cells of a table of ``|`` lines; the line of dashes below the header holds none."""
    rows: list[Span] = []
    grid: list[list[GridCell]] = []
    cells: list[Cell] = []
    for number, line in enumerate(lines):
        content = line.of(text).rstrip()
        rows.append(Span(line.start, line.start + len(content)))
        grid.append([])
        if number == 1:
            continue
        column = 0
        for match in _CELL.finditer(content):
            inner = match.group().strip()
            if not inner and (match.start() == 0 or match.end() == len(content)):
                continue
            start = line.start + match.start() + len(match.group()) - len(match.group().lstrip())
            cells.append(Cell(Span(start, start + len(inner)), number, column))
            grid[-1].append(GridCell((Piece(inner),), number, column))
            column += 1
    header = max(2, header_rows([grid[0], *grid[2:]]) + 1) if len(grid) > 2 else 2
    return Table(Span(rows[0].start, rows[-1].end), header, tuple(rows), tuple(cells))
