"""Tables of the original, row by row: as a sentence to be found by, and as cells to be counted.

'常住人口城镇化率：2020年73.5%，2025年78.5%，预期性' is how a row reads: the header's words stand
before each cell. What is quoted is the row as it stands in the text.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from index.documents import Cell, Document, Span, Table
from index.normalise import SearchText, normalise

T = TypeVar("T")

_NUMBERED = re.compile(r"序号|编号|序|No\.?|#", re.I)
_NAME = re.compile(r"指标(?!属性|性质|类型|值)|名称|项目|内容|目标名")
_UNIT = re.compile(r"(?:计量)?单位")
_ATTRIBUTE = re.compile(r"(?:指标)?(?:属性|性质|类型)")
_ATTRIBUTES = frozenset({"预期性", "约束性"})
_IN_NAME = re.compile(r"[(（]([^()（）]{1,14}|[^()（）]*/[^()（）]{1,10})[)）][*∗]?$")
_FIGURE = re.compile(
    r"[\[【]?(?:[<>≤≥]|大于|小于|不低于|不高于|超过?|约)?\s*-?\d[\d,.]*(?:[-—~]+\d[\d,.]*)?(?:左右|以上|以下|以内)?[\]】]?[*∗]?"
)
_OWN_UNIT = re.compile(r"(\d)(%|‰)")
_LONG = 400  # characters of a cell that a passage may hold in part
_LONGEST = 2000  # characters of a cell that are looked at as a label, a unit or a figure


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table of indicators: search text ``|name|(unit)|cell|cell`` and what its cells are.

    ``search`` maps to characters of the document from ``start``; ``labels`` names the column of
    each cell, ``attribute`` is 预期性, 约束性 or empty.
    """

    search: SearchText
    start: int
    labels: tuple[str, ...]
    attribute: str


class _Same(Generic[T]):
    """A key that is equal to itself alone: a table of thousands of cells is not hashed for each row."""

    def __init__(self, thing: T) -> None:
        self.thing = thing

    def __hash__(self) -> int:
        return id(self.thing)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.thing is self.thing


@dataclass(frozen=True, slots=True)
class _Columns:
    """What the columns of a table are: by their labels, and by what stands in them."""

    labels: dict[int, str]
    name: int
    number: int | None
    unit: int | None
    attribute: int | None


def of(document: Document) -> tuple[Table, ...]:
    """Return the tables of ``document`` that have cells."""
    found = document.layout.tables if document.layout else ()
    return tuple(table for table in found if table.cells)


def boxes(document: Document) -> tuple[Span, ...]:
    """Return the stretches that stand apart from the text: tables, and boxes such as a 专栏."""
    return tuple(table.span for table in (document.layout.tables if document.layout else ()))


def reading(document: Document, span: Span) -> str:
    """Return the search text of ``span``: rows of tables as sentences, all else as it stands."""
    inside = [table for table in of(document) if table.span.overlaps(span)]
    if not inside:
        return normalise(span.of(document.text)).text
    pieces, at = [], span.start
    for table in inside:
        pieces.append(normalise(document.text[at : max(at, table.span.start)]).text)
        first = bisect_right(table.rows, span.start, key=lambda row: row.end)
        last = bisect_left(table.rows, span.end, key=lambda row: row.start)
        for number in range(max(first, table.header), last):
            pieces.append(sentence(document, table, number, span))
        at = max(at, min(table.span.end, span.end))
    pieces.append(normalise(document.text[at : span.end]).text)
    return "\n".join(piece for piece in pieces if piece)


def sentence(document: Document, table: Table, number: int, within: Span | None = None) -> str:
    """Return row ``number`` as a sentence of search text, each cell with the words of its header.

    Of a row too long for one passage, only the cells ``within`` the passage are told, and of a
    long cell only what is within.
    """
    columns = _columns(document, table)
    name, unit = _name_and_unit(document, table, columns, number, within)
    apart = {columns.name, columns.number, columns.unit}
    said, kinds = [], []
    for cell in _cells(table, number):
        elsewhere = within is not None and cell.row == number and not cell.span.overlaps(within)
        if cell.column in apart or elsewhere or not len(cell.span):
            continue
        text = _part(document, cell, within)
        if not text:
            continue
        label = columns.labels.get(cell.column, "")
        group = cell.column < columns.name and cell.height > 1
        if group or text in _ATTRIBUTES or _ATTRIBUTE.fullmatch(label):
            kinds.append(text)
        else:
            said.append(f"{label}{text}{unit if _FIGURE.fullmatch(text) else ''}")
    return f"{name}:{','.join([*said, *kinds])}" if said or kinds else name


def rows(document: Document, table: Table) -> list[Row]:
    """Return the rows of a table as figures are read from them; [] if no column names a year."""
    columns = _columns(document, table)
    dated = [c for c, label in sorted(columns.labels.items()) if _is_dated(label)]
    if not dated:
        return []
    found = []
    for number in range(table.header, len(table.rows)):
        row = _row(document, table, columns, number, dated)
        if row is not None:
            found.append(row)
    return found


def _is_dated(label: str) -> bool:
    return re.search(r"20\d\d|年均|累计", label) is not None


def _row(
    document: Document, table: Table, columns: _Columns, number: int, dated: Sequence[int]
) -> Row | None:
    held = {cell.column: cell for cell in _cells(table, number)}
    name, unit = _name_and_unit(document, table, columns, number)
    named = held.get(columns.name)
    if named is None or not name or len(named.span) > _LONGEST:
        return None
    whole = table.rows[number]
    # A cell that reaches into this row from rows above stands before this row begins.
    start = min([number, *(held[column].row for column in dated if column in held)])
    start = table.rows[start].start
    made = _Mapped(start)
    made.put("|", 0)
    made.copy(document.text, named.span)
    if _IN_NAME.search(made.text):
        made.cut(len(_IN_NAME.sub("", made.text)))
    texts = [_text(document, held[column]) if column in held else "" for column in dated]
    shares = {match.group(2) for text in texts if (match := _OWN_UNIT.search(text))}
    unit = unit or (shares.pop() if len(shares) == 1 else "")
    made.put(f"|({unit})", named.span.end - start - 1)
    for column in dated:
        cell = held.get(column)
        made.put("|", None)
        if cell is None or not 0 < len(cell.span) <= _LONGEST:
            made.put("—", None)
        else:
            made.copy(document.text, cell.span)
    made.put("|", whole.end - start - 1)
    kind = held.get(columns.attribute) if columns.attribute is not None else None
    attribute = _text(document, kind) if kind is not None else ""
    labels = tuple(columns.labels[column] for column in dated)
    known = attribute if attribute in _ATTRIBUTES else ""
    return Row(made.search_text(whole.end - start), start, labels, known)


class _Mapped:
    """Search text put together from spans, each character with the place that it came from."""

    def __init__(self, start: int) -> None:
        self._start = start
        self._characters: list[str] = []
        self._offsets: list[int] = []

    @property
    def text(self) -> str:
        return "".join(self._characters)

    def put(self, text: str, offset: int | None) -> None:
        """Add characters that are not of the source; they point at ``offset``, or the last place."""
        at = offset if offset is not None else (self._offsets[-1] if self._offsets else 0)
        self._characters += text
        self._offsets += [at] * len(text)

    def copy(self, text: str, span: Span) -> None:
        """Add the search text of ``span``."""
        search = normalise(span.of(text))
        self._characters += search.text
        self._offsets += [at + span.start - self._start for at in search.offsets[:-1]]

    def cut(self, length: int) -> None:
        """Keep the first ``length`` characters."""
        del self._characters[length:], self._offsets[length:]

    def search_text(self, length: int) -> SearchText:
        return SearchText("".join(self._characters), (*self._offsets, length))


def _name_and_unit(
    document: Document, table: Table, columns: _Columns, number: int, within: Span | None = None
) -> tuple[str, str]:
    """The name of a row without its unit, and the unit: of its column, or in brackets after it."""
    name = unit = ""
    for cell in _cells(table, number):
        if cell.column == columns.name:
            name = _part(document, cell, within)
        elif cell.column == columns.unit:
            unit = _text(document, cell)
    bracket = _IN_NAME.search(name)
    if bracket and (not unit or unit == bracket.group(1)):
        name, unit = _IN_NAME.sub("", name), bracket.group(1)
    return name, unit


def _cells(table: Table, number: int) -> Iterator[Cell]:
    """The cells of a row, those of rows above that reach into it among them."""
    yield from _by_row(_Same(table))[number]


@lru_cache(maxsize=64)
def _by_row(same: "_Same[Table]") -> tuple[tuple[Cell, ...], ...]:
    table = same.thing
    found: list[list[Cell]] = [[] for _ in table.rows]
    for cell in table.cells:
        for row in range(cell.row, min(cell.row + cell.height, len(found))):
            found[row].append(cell)
    return tuple(tuple(sorted(row, key=lambda cell: cell.column)) for row in found)


def _text(document: Document, cell: Cell) -> str:
    return normalise(cell.span.of(document.text)[:_LONGEST]).text


def _part(document: Document, cell: Cell, within: Span | None) -> str:
    """The text of a cell; of a long one what is ``within``, or its beginning where nothing is."""
    if within is None or len(cell.span) <= _LONG:
        return _text(document, cell)
    start, end = max(cell.span.start, within.start), min(cell.span.end, within.end)
    if start >= end:
        start, end = cell.span.start, cell.span.start + _LONG
    return normalise(document.text[start:end]).text


def _columns(document: Document, table: Table) -> _Columns:
    return _columns_of(_Same(document), _Same(table))


@lru_cache(maxsize=64)
def _columns_of(one: "_Same[Document]", other: "_Same[Table]") -> _Columns:
    document, table = one.thing, other.thing
    labels = _labels(document, table)
    by_label = {
        kind: next((c for c, label in sorted(labels.items()) if found.fullmatch(label)), None)
        for kind, found in (("number", _NUMBERED), ("unit", _UNIT), ("attribute", _ATTRIBUTE))
    }
    taken = set(by_label.values())
    named = [
        column
        for column, label in sorted(labels.items())
        if _NAME.search(label) and column not in taken and not _is_dated(label)
    ]
    name = named[0] if named else _first_words(document, table, taken)
    attribute = by_label["attribute"]
    if attribute is None:
        attribute = next((c.column for c in table.cells if _text(document, c) in _ATTRIBUTES), None)
    return _Columns(labels, name, by_label["number"], by_label["unit"], attribute)


def _labels(document: Document, table: Table) -> dict[int, str]:
    """The words of the header above each column, from the top; a caption across all is none."""
    width = max((cell.column + cell.width for cell in table.cells), default=0)
    labels: dict[int, str] = {}
    for cell in table.cells:
        if cell.row >= table.header or (cell.width == width and width > 1):
            continue
        text = _text(document, cell)
        for column in range(cell.column, cell.column + cell.width):
            if text not in labels.get(column, ""):
                labels[column] = labels.get(column, "") + text
    return labels


def _first_words(document: Document, table: Table, taken: set[int | None]) -> int:
    """The first column that holds words rather than figures."""
    counts: dict[int, int] = {}
    for cell in table.cells:
        if cell.row >= table.header and cell.column not in taken and cell.height == 1:
            words = re.search(r"[\u4e00-\u9fff]{2}", _text(document, cell)) is not None
            counts[cell.column] = counts.get(cell.column, 0) + words
    total = len(table.rows) - table.header
    return next((c for c, n in sorted(counts.items()) if n >= 0.5 * total), min(counts, default=0))
