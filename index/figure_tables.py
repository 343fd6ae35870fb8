"""Indicator tables, as PDF text or with | columns → Indicators.

A table begins with a header that names 指标 and its years; a row is a name with its unit, one cell
for each column, and 约束性 or 预期性, which may stand before the cells. A row whose cells do not fit
the header is left out: better no figure than one under the wrong year.
"""

import re
from dataclasses import dataclass
from typing import Literal

from index import numerals
from index import tables as grids
from index.documents import Document, Indicator, Span
from index.figure_names import Change, canonical
from index.figure_quantity import Value, bound_of
from index.figure_table_rows import ATTRIBUTE, CELL, Column, Row, blocks, column_of
from index.figure_time import Calendar, five_years
from index.figure_units import UNIT, tidy

_BINDING: dict[str, Literal["约束性", "预期性", ""]] = {"约束性": "约束性", "预期性": "预期性"}
# A row that ``tables`` has put together: |name|(unit)|cell|cell|
_GIVEN = re.compile(r"(?P<head>\|)(?P<name>[^|]+)\|\((?P<unit>[^|]*)\)(?P<bare>)\|(?P<cells>.*)\|")
_LONGEST = 2000  # characters before the end of a row, between which it is looked for
_SCALED = rf"(?:[十百千]?[万亿]+)?(?:{UNIT}|标准煤|(?=$))"
_ROW = re.compile(
    rf"(?P<head>(?:^|[^\d.])\d{{1,2}}[.、| )]*|^\|)\s*"
    rf"(?P<name>(?:\d+[-\d]*岁)?(?![岁年月分米])[\u4e00-\u9fff“][^|—]*?)[*∗]?\|?"
    rf"\s*(?:\((?P<unit>(?:%|‰|{_SCALED})(?=\))|[^()\d|]{{1,14}}(?=\)(?![\u4e00-\u9fff]))|[^()|]*/[^()|]{{1,10}})\)\|?"
    rf"|(?<=[|\u4e00-\u9fff)*∗ ])(?P<bare>%|‰|{_SCALED}|(?<=比值)—)(?=[\s|\d<>≤≥—\[【“-])\|?)"
    rf"[*∗]?(?P<cells>[^\u4e00-\u9fff].*|[\u4e00-\u9fff]+.*)$"
)


@dataclass(frozen=True, slots=True)
class Tables:
    """The figures of a document's tables and the stretches that the tables take up."""

    indicators: tuple[Indicator, ...]
    zones: tuple[Span, ...]


def tables(document: Document, points: Calendar) -> Tables:
    """Return the figures of the tables of ``document``, in order."""
    found: list[Indicator] = []
    zones: list[Span] = []
    for table in grids.of(document):
        rows = grids.rows(document, table)
        zones += [table.span] if rows else []
        for given in rows:
            found += _read_given(document, given, points)
    parts = blocks(document, zones)
    for row in (row for part in parts for row in part.rows):
        found += _read(document, row, points)
    return Tables(tuple(found), (*zones, *(part.zone for part in parts)))


def _read_given(document: Document, given: grids.Row, points: Calendar) -> list[Indicator]:
    """Return the figures of a row whose cells the original parts; a cell of other words has none."""
    columns = tuple(column_of(label) for label in given.labels)
    row = Row(given.search, given.start, given.attribute, columns)
    match = _GIVEN.fullmatch(given.search.text)
    if match is None:
        return []
    made, at = [], match.start("cells")
    for column, content in zip(columns, match["cells"].split("|"), strict=False):
        cell = CELL.match(given.search.text, at, at + len(content))
        if cell is not None and cell["value"] is not None and cell.end() == at + len(content):
            made.append(_indicator(document, row, match, (column, cell), points.start))
        at += len(content) + 1
    return made


def _read(document: Document, row: Row, points: Calendar) -> list[Indicator]:
    """Return the figures of one row; none if its cells do not fit the columns."""
    text = ATTRIBUTE.sub(lambda match: " " * len(match.group()), row.search.text)
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
    found, at = [], max(0, len(text) - _LONGEST)
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
        cell = CELL.match(text, at)
        if cell is None or cell.end() == at:
            return None
        cells.append(cell)
        at = cell.end()
    return cells or None


def _indicator(
    document: Document,
    row: Row,
    match: re.Match[str],
    place: tuple[Column, re.Match[str]],
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
        binding=_BINDING.get(row.attribute, ""),
        change=change,
        document_id=document.id,
        span=Span(found.start + row.start, found.end + row.start),
        sentence=Span(whole.start + row.start, whole.end + row.start),
    )


def _named(name: str, unit: str, cell: re.Match[str], column: Column) -> tuple[str, str, Change]:
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
    column: Column, name: str, cumulative: bool, document: Document
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
