"""The nouns of the house: small frozen types, standard library only.

Offsets are always characters of ``Document.text``, which is the source as read, never altered.
"""

from dataclasses import dataclass
from typing import Literal

PartKind = Literal["body", "heading", "metadata", "contents", "chrome"]

INDEXED_KINDS: frozenset[PartKind] = frozenset({"body", "heading", "metadata"})


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range ``[start, end)`` of characters."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"expected 0 <= start <= end, got [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the characters of ``text`` that the span covers."""
        return text[self.start : self.end]

    def covers(self, other: "Span") -> bool:
        """Whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        """Whether the two spans share at least one character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Place:
    """Where ``span`` of the text stands in the original file: on a page, in a paragraph or a cell.

    ``page`` and ``paragraph`` count from 1, 0 means none. ``box`` is (left, top, right, bottom) in
    points from the upper left corner of the page as it is shown. ``sheet`` and ``cell`` name a
    cell of a workbook (C5) or of a Word table (第3行第2列).
    """

    span: Span
    page: int = 0
    box: tuple[float, float, float, float] | None = None
    paragraph: int = 0
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Hint:
    """What the original sets as a heading, by its style or size; level 1 is the outermost.

    Level 0 says that it is none, whatever its words look like: a footnote that begins with a number.
    """

    span: Span
    level: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; rows and columns count from 0, ``height`` and ``width`` are its extent."""

    span: Span
    row: int
    column: int
    height: int = 1
    width: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the original, a line of the text for each row; the first ``header`` rows label it.

    A table without cells is a box around paragraphs, such as a 专栏.
    """

    span: Span
    header: int
    rows: tuple[Span, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Furniture:
    """What repeats on the pages of the original and is no part of the document, and why."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How the original shows the text that was read from it; all in order of their spans."""

    format: str
    title: str = ""
    places: tuple[Place, ...] = ()
    headings: tuple[Hint, ...] = ()
    tables: tuple[Table, ...] = ()
    furniture: tuple[Furniture, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One source document.

    ``id`` is its path below the indexed folder, with ``/`` between folders. ``period`` is the
    planning period as (first year, last year). Metadata that the source and the manifest do not
    give is an empty string or ``None``: it is never guessed. ``text`` is the file as decoded or,
    where ``layout`` is given, as read from it once, in one reading order; ``sha256`` is the file's.
    """

    id: str
    title: str
    text: str
    sha256: str
    encoding: str = "utf-8"
    region: str = ""
    level: str = ""
    period: tuple[int, int] | None = None
    issuer: str = ""
    number: str = ""
    issued: str = ""
    source: str = ""
    damage: tuple[str, ...] = ()
    layout: Layout | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a document and what it is; parts never overlap and come in order."""

    kind: PartKind
    span: Span


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and all that stands under it.

    ``path`` holds the titles from the outermost section to this one; ``level`` is ``len(path)``.
    ``heading`` is the span of the heading itself, ``span`` runs to the end of the section.
    ``inferred`` tells a section that no heading begins: the text had lost them and was divided by
    meaning; ``heading`` then covers its first words.
    """

    title: str
    path: tuple[str, ...]
    heading: Span
    span: Span
    inferred: bool = False

    @property
    def level(self) -> int:
        """Depth in the outline, 1 for the outermost."""
        return len(self.path)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A quotable stretch of one section: ``document.text[span]`` is the quote."""

    id: int
    document_id: str
    section: tuple[str, ...]
    span: Span
    kind: Literal["body", "metadata"] = "body"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure that a plan gives: the cell of a planner's table.

    ``name`` is canonical (城镇化率 alone is 常住人口城镇化率), ``surface`` the words that name it.
    At most one of ``year`` and ``period`` (first and last year) is set; neither where the source
    gives none. ``value`` is in ``unit`` with 万 and 亿 multiplied out, per cents as 78.5; a range
    is (low, high). ``change`` tells a growth rate or a difference from a level. ``span`` covers
    the value with its unit and bound words, ``sentence`` the whole sentence.
    """

    name: str
    surface: str
    region: str
    year: int | None
    period: tuple[int, int] | None
    value: float | tuple[float, float]
    unit: str
    bound: Literal[">=", "<=", "≈", "="]
    kind: Literal["target", "baseline"]
    binding: Literal["约束性", "预期性", ""]
    change: Literal["growth", "difference", ""]
    document_id: str
    span: Span
    sentence: Span


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A stretch that is in no chunk, and why."""

    kind: PartKind
    span: Span


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of the non-blank characters of one document."""

    document_id: str
    characters: int
    indexed: int
    left_out: tuple[LeftOut, ...]

    @property
    def share(self) -> float:
        """Indexed share of the non-blank characters, 0 to 1; 1 for a document without any."""
        return self.indexed / self.characters if self.characters else 1.0
