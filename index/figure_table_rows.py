"""Where the indicator tables of a document lie, and which lines make up a row."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from index import numerals
from index.documents import Document, Span
from index.lines import Line, chrome, split_lines
from index.normalise import SearchText, normalise

_ATTRIBUTE = re.compile(r"(预期性|约束性)\|?$")
ATTRIBUTE = re.compile(r"预期性|约束性")
_FARTHEST = 30  # lines from one attribute to the next, where every cell has a line of its own
_FIRST_ROW = re.compile(
    r"\|?\d{1,2}[.、|)]?\s*(?=[\u4e00-\u9fff\d])(?!\d*年)|[一二三四五六七八九]、|[:\-| ]+$"
)
_COLUMN = re.compile(
    r"(?P<year>20\d\d)(?:年|(?=目标|预期|规划|基期))|(?P<mean>(?:五年)?年均[^|年\d]{0,8}(?:[/(\[]?累计[)\]]?)?)|(?P<sum>累计)"
)
_NUMBER = rf"(?:{numerals.ARABIC})(?:[-—~]+(?:{numerals.ARABIC}))?"
CELL = re.compile(
    rf"\s*(?:(?:“?(?P<plan>十[一二三四五六七八九]五)”?(?:时期|期间)?|(?P<first>20\d\d)[-—~至](?P<last>20\d\d)年)(?:年均|累计)(?:增长|新增|提高|下降|降低)?)?"
    rf"(?:力争)?(?:达到|达)?(?P<value>(?P<open>[\[【])?(?P<way>提高|下降|降低|增长)?(?P<before>[<>≤≥]|大于|小于|不低于|不高于|超过?|约)?\s*(?P<number>{_NUMBER})(?P<point>个百分点)?%?"
    rf"(?P<after>左右|以上|以下|以内)?[\]】]?)[*∗]?(?:,[\u4e00-\u9fff]+)?"
    rf"|\s*(?P<none>[—–-]+|/)|\s*[\[【]?(?P<words>[\u4e00-\u9fff、]+)[\]】]?"
)


@dataclass(frozen=True, slots=True)
class Column:
    """What the cells of a column are: the level of a year, a mean or a sum over the plan."""

    year: int | None
    mean: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row's search text without its attribute, and where it lies."""

    search: SearchText
    start: int
    attribute: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The stretch that a table takes up, and its rows."""

    zone: Span
    rows: list[Row]


def blocks(document: Document, known: Sequence[Span] = ()) -> list[Block]:
    """Find the tables of ``document``, in order, but for those that are ``known``."""
    lines = _outside(split_lines(document.text), known)
    furniture = chrome(lines)
    found = []
    for first, close in _clusters(lines):
        header = _header(lines, first)
        if header is None:
            continue
        if _is_early(lines, header):
            last = _end(lines, header, close)
            rows = _numbered_rows(document, lines, header, last)
        else:
            last = close
            rows = _rows(document, lines, furniture, header, last)
        found.append(Block(Span(lines[header].span.start, lines[last].span.end), rows))
    return found


def _outside(lines: list[Line], known: Sequence[Span]) -> list[Line]:
    """The lines that share no character with a span that is ``known``."""
    spans = sorted(known)
    starts = [span.start for span in spans]
    reach = [0, *accumulate((span.end for span in spans), max)]
    return [line for line in lines if reach[bisect_left(starts, line.span.end)] <= line.span.start]


def column_of(label: str) -> Column:
    """Return what the cells below a label of a header are."""
    match, year = _COLUMN.search(label), re.search(r"20\d\d", label)
    mean = match is not None and match["year"] is None
    return Column(int(year.group()) if year and not mean else None, mean=mean)


def _clusters(lines: list[Line]) -> list[tuple[int, int]]:
    """(first, last) of each run of lines that end in an attribute."""
    at = [
        i
        for i, line in enumerate(lines)
        if len(line.search) < 140 and _ATTRIBUTE.search(line.search)
    ]
    runs: list[tuple[int, int]] = []
    for index in at:
        if runs and index - runs[-1][1] <= _FARTHEST:
            runs[-1] = (runs[-1][0], index)
        else:
            runs.append((index, index))
    return runs


def _is_header(line: Line) -> bool:
    return (
        "指标" in line.search and len(line.search) <= 60 and not re.search(r"[。;,:]", line.search)
    )


def _header(lines: list[Line], first: int) -> int | None:
    """The line of the header: the last before the first row that names 指标 together with years."""
    for index in range(first, max(-1, first - _FARTHEST), -1):
        if _is_header(lines[index]) and _columns(lines, index)[0]:
            return index
    return None


def _columns(lines: list[Line], header: int) -> tuple[tuple[Column, ...], int]:
    """Return (columns, index of the first line after the header)."""
    text, end = lines[header].search, header + 1
    while end < len(lines) and end < header + 12:
        search = lines[end].search
        years = _COLUMN.search(text)
        closed = years and "属性" in text[years.start() :]
        if _FIRST_ROW.match(search) or len(search) > 30 or closed or re.fullmatch("1", search):
            break
        text, end = f"{text}|{search}", end + 1
    found = []
    for match in _COLUMN.finditer(text):
        year = int(match["year"]) if match["year"] else None
        found.append(Column(year, mean=match["year"] is None))
    return tuple(found), end


def _is_early(lines: list[Line], header: int) -> bool:
    """Whether the header names 属性 before the years, each on a line of its own."""
    _, end = _columns(lines, header)
    text = "|".join(line.search for line in lines[header:end])
    year = _COLUMN.search(text)
    return year is not None and -1 < text.find("属性") < year.start()


def _end(lines: list[Line], header: int, last: int) -> int:
    """The last line of a table: where 属性 comes early, the last row's cells follow it."""
    while (
        _is_early(lines, header)
        and last + 1 < len(lines)
        and (cell := CELL.fullmatch(lines[last + 1].search))
        and not (cell["words"] and not lines[last + 1].search.startswith("完成"))
    ):
        last += 1
    return last


def _numbered_rows(document: Document, lines: list[Line], header: int, last: int) -> list[Row]:
    """Join the lines from one row number to the next; the attribute stands among the cells."""
    columns, index = _columns(lines, header)
    starts: list[int] = []
    for at in range(index, last + 1):
        if lines[at].search == str(len(starts) + 1):
            starts.append(at)
    rows = []
    for begin, end in zip(starts, [*starts[1:], last + 1], strict=True):
        first = lines[begin].span.start
        search = normalise(document.text[first : lines[end - 1].span.end])
        attribute = ATTRIBUTE.search(search.text)
        if attribute:
            rows.append(Row(search, first, attribute.group(), columns))
    return rows


def _rows(
    document: Document, lines: list[Line], furniture: list[bool], header: int, last: int
) -> list[Row]:
    """Join lines into rows, each ending with its attribute; headers of later pages are passed."""
    columns, index = _columns(lines, header)
    rows: list[Row] = []
    start: int | None = None
    while index <= last:
        line = lines[index]
        if _is_header(line):
            again, index = _columns(lines, index)
            columns, start = again or columns, None
            continue
        if furniture[index] and not line.search.isdigit():
            # Bare digits may be a cell; if they were a page number, the row will not fit.
            index += 1
            continue
        start = line.span.start if start is None else start
        attribute = _ATTRIBUTE.search(line.search)
        if attribute:
            search = normalise(document.text[start : line.span.end])
            rows.append(Row(search, start, attribute.group(1), columns))
            start = None
        index += 1
    return rows
