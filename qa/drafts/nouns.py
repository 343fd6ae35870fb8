"""The nouns of checking a draft: what it says, and what the sources say to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from index import Region
from qa.answer.figures_told import Figure
from qa.models import Citation

Verdict = Literal["supported", "figure", "year", "region", "quotation", "unsupported"]

# What an author must look at; “supported” gets a footnote.
FLAGGED: frozenset[Verdict] = frozenset({"figure", "year", "region", "quotation", "unsupported"})


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or table cell of a draft, its text without markup.

    ``lead`` is what a cell is about: the head of its column and the other cells of its row.
    """

    text: str
    kind: Literal["text", "heading", "cell"] = "text"
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A quotation of a draft, ``[start, end)`` of the block's text, without its marks."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable statement: ``[start, end)`` of the text of block ``block``.

    ``search`` is its normalised text with what it is about. ``regions`` are those that it is on,
    ``explicit`` when it names them itself, else taken over from what precedes it. ``times`` are
    the years and periods that it gives; ``carried`` those of an earlier clause of its sentence.
    ``told`` tells that it is said of a plan, so that silence of the sources is worth a warning.
    ``before`` is what the clause before it says, without numbers: 比山东的75%低 leaves it out.
    """

    block: int
    start: int
    end: int
    text: str
    search: str
    regions: tuple[Region, ...] = ()
    explicit: bool = False
    times: frozenset[str] = frozenset()
    carried: frozenset[str] = frozenset()
    figures: tuple[Figure, ...] = ()
    quotes: tuple[Said, ...] = ()
    titles: tuple[str, ...] = ()
    told: bool = False
    before: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the sources say to a claim.

    ``said`` is what the draft has wrong (76%), where that is one thing; ``right`` what stands there
    instead (78.5%以上, 2025年, 济南市, the quotation as it is);
    ``diff`` pairs of ("=", "-" or "+", text) from a quotation to its source; ``note`` one Chinese
    sentence for the author.
    """

    claim: Claim
    verdict: Verdict
    citations: tuple[Citation, ...] = ()
    right: str = ""
    diff: tuple[tuple[str, str], ...] = ()
    note: str = ""
    said: str = ""

    @property
    def flagged(self) -> bool:
        """Whether the author must look at it."""
        return self.verdict in FLAGGED


@dataclass(frozen=True, slots=True)
class Mark:
    """A footnote to be set after character ``at`` of block ``block``; ``flagged`` as the finding."""

    block: int
    at: int
    text: str
    flagged: bool


@dataclass(frozen=True, slots=True)
class Appendix:
    """What is added after the draft: a heading and its lines."""

    title: str
    lines: tuple[str, ...]


class Draft(Protocol):
    """A report in one file format: what it says, and how footnotes are set into it."""

    @property
    def blocks(self) -> Sequence[Block]:
        """The paragraphs, headings and cells in reading order."""
        ...

    def written(self, marks: Sequence[Mark], appendices: Sequence[Appendix]) -> bytes:
        """Return the file with ``marks`` set in and ``appendices`` after it, all else as it was."""
        ...


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft with its findings in reading order."""

    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...]

    def count(self, verdict: Verdict) -> int:
        """How many claims got ``verdict``."""
        return sum(finding.verdict == verdict for finding in self.findings)
