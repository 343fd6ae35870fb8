"""Indicator tables, as PDF text or with | columns → Indicators.

A table begins with a header that names 指标 and its years; a row is a name with its unit, one cell
for each column, and 约束性 or 预期性, which may stand before the cells. A row whose cells do not fit
the header is left out: better no figure than one under the wrong year.
"""

import re
from dataclasses import dataclass

from index import numerals
from index.documents import Document, Indicator, Span
from index.figure_names import Change, canonical
from index.figure_time import Calendar, five_years
from index.figure_units import UNIT, tidy
from index.figure_values import Value, bound_of
from index.lines import Line, chrome, split_lines
from index.normalise import SearchText, normalise

_ATTRIBUTE = re.compile(r"(预期性|约束性)\|?$")
_EARLY = re.compile(r"预期性|约束性")
_FARTHEST = 30  # lines from one attribute to the next, where every cell has a line of its own
_FIRST_ROW = re.compile(
    r"\|?\d{1,2}[.、|)]?\s*(?=[\u4e00-\u9fff\d])(?!\d*年)|[一二三四五六七八九]、|[:\-| ]+$"
)
_COLUMN = re.compile(
    r"(?P<year>20\d\d)(?:年|(?=目标|预期|规划|基期))|(?P<mean>(?:五年)?年均[^|年\d]{0,8}(?:[/(\[]?累计[)\]]?)?)|(?P<sum>累计)"
)
_SCALED = rf"(?:[十百千]?[万亿]+)?(?:{UNIT}|标准煤|(?=$))"
_ROW = re.compile(
    rf"(?P<head>(?:^|[^\d.])\d{{1,2}}[.、| )]*|^\|)\s*"
    rf"(?P<name>(?:\d+[-\d]*岁)?(?![岁年月分米])[\u4e00-\u9fff“][^|—]*?)[*∗]?\|?"
    rf"\s*(?:\((?P<unit>(?:%|‰|{_SCALED})(?=\))|[^()\d|]{{1,14}}(?=\)(?![\u4e00-\u9fff]))|[^()|]*/[^()|]{{1,10}})\)\|?"
    rf"|(?<=[|\u4e00-\u9fff)*∗ ])(?P<bare>%|‰|{_SCALED}|(?<=比值)—)(?=[\s|\d<>≤≥—\[【“-])\|?)"
    rf"[*∗]?(?P<cells>[^\u4e00-\u9fff].*|[\u4e00-\u9fff]+.*)$"
)
_NUMBER = rf"(?:{numerals.ARABIC})(?:[-—~]+(?:{numerals.ARABIC}))?"
_CELL = re.compile(
    rf"\s*(?:(?:“?(?P<plan>十[一二三四五六七八九]五)”?(?:时期|期间)?|(?P<first>20\d\d)[-—~至](?P<last>20\d\d)年)(?:年均|累计)(?:增长|新增|提高|下降|降低)?)?"
    rf"(?:力争)?(?:达到|达)?(?P<value>(?P<open>[\[【])?(?P<way>提高|下降|降低|增长)?(?P<before>[<>≤≥]|大于|小于|不低于|不高于|超过?|约)?\s*(?P<number>{_NUMBER})(?P<point>个百分点)?%?"
    rf"(?P<after>左右|以上|以下|以内)?[\]】]?)[*∗]?(?:,[\u4e00-\u9fff]+)?"
    rf"|\s*(?P<none>[—–-]+|/)|\s*[\[【]?(?P<words>[\u4e00-\u9fff、]+)[\]】]?"
)


@dataclass(frozen=True, slots=True)
class _Column:
    """What the cells of a column are: the level of a year, a mean or a sum over the plan."""

    year: int | None
    mean: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """A row's search text without its attribute, and where it lies."""

    search: SearchText
    start: int
    attribute: str
    columns: tuple[_Column, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """The figures of a document's tables and the stretches that the tables take up."""

    indicators: tuple[Indicator, ...]
    zones: tuple[Span, ...]


def tables(document: Document, points: Calendar) -> Tables:
    """Return the figures of the tables of ``document``, in order."""
    lines = split_lines(document.text)
    furniture = chrome(lines)
    found: list[Indicator] = []
    zones: list[Span] = []
    for first, last in _clusters(lines):
        header = _header(lines, first)
        if header is None:
            continue
        last = _end(lines, header, last)
        zones.append(Span(lines[header].span.start, lines[last].span.end))
        early = _is_early(lines, header)
        build = _numbered_rows if early else _rows
        for row in build(document, lines, furniture, header, last):
            found += _read(document, row, points)
    return Tables(tuple(found), tuple(zones))


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


def _columns(lines: list[Line], header: int) -> tuple[tuple[_Column, ...], int]:
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
        found.append(_Column(year, mean=match["year"] is None))
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
        and (cell := _CELL.fullmatch(lines[last + 1].search))
        and not (cell["words"] and not lines[last + 1].search.startswith("完成"))
    ):
        last += 1
    return last


def _numbered_rows(
    document: Document, lines: list[Line], furniture: list[bool], header: int, last: int
) -> list[_Row]:
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
        attribute = _EARLY.search(search.text)
        if attribute:
            rows.append(_Row(search, first, attribute.group(), columns))
    return rows


def _rows(
    document: Document, lines: list[Line], furniture: list[bool], header: int, last: int
) -> list[_Row]:
    """Join lines into rows, each ending with its attribute; headers of later pages are passed."""
    columns, index = _columns(lines, header)
    rows: list[_Row] = []
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
            rows.append(_Row(search, start, attribute.group(1), columns))
            start = None
        index += 1
    return rows


def _read(document: Document, row: _Row, points: Calendar) -> list[Indicator]:
    """Return the figures of one row; none if its cells do not fit the columns."""
    text = _EARLY.sub(lambda match: " " * len(match.group()), row.search.text)
    matches = [m for m in _row_matches(text) if _cells(text, m) is not None]
    if not matches:
        return []
    match = matches[-1]
    cells = _cells(text, match) or []
    if len(cells) != len(row.columns):
        return []
    made = []
    for column, cell in zip(row.columns, cells, strict=True):
        if cell["value"] is not None:
            made.append(_indicator(document, row, match, (column, cell), points.start))
    return made


def _row_matches(text: str) -> list[re.Match[str]]:
    """Every reading of ``text`` as a row, the one from the last row number last."""
    found, at = [], 0
    while match := _ROW.search(text, at):
        found.append(match)
        at = match.start("head") + 1
    return found


def _cells(text: str, row: re.Match[str]) -> list[re.Match[str]] | None:
    """The cells after name and unit; None if anything there is no cell."""
    end = len(text)
    at, cells = row.start("cells"), []
    while at < end and text[at:].strip("| "):
        at += len(text[at:]) - len(text[at:].lstrip("| "))
        cell = _CELL.match(text, at)
        if cell is None or cell.end() == at:
            return None
        cells.append(cell)
        at = cell.end()
    return cells or None


def _indicator(
    document: Document,
    row: _Row,
    match: re.Match[str],
    place: tuple[_Column, re.Match[str]],
    first: int | None,
) -> Indicator:
    """One cell as a figure; ``first`` is the first year that is future to the document."""
    column, cell = place
    name, unit, change = _named(
        match["name"].strip("| "), match["unit"] or match["bare"] or "", cell, column
    )
    year, period = _own_time(cell) or _time(column, name, bool(cell["open"]), document)
    last = period[1] if period else year
    value, unit = _value(cell, unit)
    past = last is not None and first is not None and last < first
    found = row.search.original(Span(cell.start("value"), cell.end("value")))
    begin = match.start("head") + (match["head"][0] not in "|0123456789")
    whole = row.search.original(Span(begin, len(row.search.text)))
    return Indicator(
        name=canonical(name, document.level == "国家"),
        surface=match["name"].strip("| "),
        region=document.region,
        year=year,
        period=period,
        value=value,
        unit=unit,
        bound=bound_of(f"{cell['before'] or ''}{cell['after'] or ''}"),
        kind="baseline" if past else "target",
        binding="约束性" if row.attribute == "约束性" else "预期性",
        change=change,
        document_id=document.id,
        span=Span(found.start + row.start, found.end + row.start),
        sentence=Span(whole.start + row.start, whole.end + row.start),
    )


def _named(name: str, unit: str, cell: re.Match[str], column: _Column) -> tuple[str, str, Change]:
    """Return (name, unit, change) of a cell: 年均增长 is 年均增速, 提高1个百分点 a difference."""
    unit = {"百分点": "个百分点"}.get(unit, unit)
    if cell["point"]:
        return f"{name}{cell['way'] or ''}", "个百分点", "difference"
    name = re.sub(r"年均增长(?:率)?$|年均增幅$", "年均增速", name)
    if column.mean and unit != "%" and not cell["open"]:
        return (name if name.endswith("增速") else f"{name}年均增速"), "%", "growth"
    if name.endswith(("增速", "增长率", "下降率", "降幅", "增长")) or re.search(
        r"(?:下降|降低|减少)$", name
    ):
        return name, unit, "growth"
    return name, unit, "difference" if unit == "个百分点" else ""


def _own_time(cell: re.Match[str]) -> tuple[int | None, tuple[int, int] | None] | None:
    """The period that a cell names itself: “十四五”年均增长4.0, 2021-2024年累计降低8.2."""
    if cell["plan"]:
        return None, five_years(cell["plan"])
    return (None, (int(cell["first"]), int(cell["last"]))) if cell["first"] else None


def _time(
    column: _Column, name: str, cumulative: bool, document: Document
) -> tuple[int | None, tuple[int, int] | None]:
    """A level holds in its year; a mean, and a sum in brackets, over the five years to it."""
    last = column.year or (document.period[1] if document.period else None)
    if last is not None and (column.mean or cumulative or re.search(r"年均(?!浓度)", name)):
        return None, (last - 4, last)
    return last, None


def _value(cell: re.Match[str], unit: str) -> tuple[Value, str]:
    """Multiply the unit's 万 and 亿 out."""
    scale = re.match(r"[十百千]?[万亿]+(?!$)", unit)
    factor = scale.group() if scale else ""
    parts = re.findall(numerals.ARABIC, cell["number"])
    values = [numerals.number(part + factor) for part in parts]
    value: Value = values[0] if len(values) == 1 else (values[0], values[1])
    return value, tidy(unit[len(factor) :].replace("—", ""))
