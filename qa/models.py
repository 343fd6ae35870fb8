"""The nouns of asking: frozen, and made once at each stage."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from index import Chunk, Expansion, Indicator, Region, Span

Intent = Literal[
    "figure", "comparison", "outline", "metadata", "definition", "list", "measures", "passage"
]
Language = Literal["zh", "en"]
# Whether an aim is asked for or a state; "" where the words do not say.
Aim = Literal["target", "baseline", ""]


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, as understood.

    ``text`` is as typed; ``search`` is its search text with follow-ups resolved against the
    history. ``carried`` holds the words that come from the history only and count less.
    ``regions`` are those of the question that the corpus has documents on or within; ``unknown``
    are regions named that it has none on. ``period`` is that of “十五五”时期, first and last year. ``corrections`` are homophone typos, (typed, read);
    ``expansions`` the thesaurus entries that its words lead to. ``documents`` are what it names
    documents by: 国发〔2018〕42号, "2019 政府工作报告", see :mod:`qa.sources_named`. ``insisted`` tells
    that the user chose the intent, see :mod:`qa.overrides`.
    """

    text: str
    search: str
    carried: str = ""
    regions: tuple[Region, ...] = ()
    unknown: tuple[Region, ...] = ()
    years: tuple[int, ...] = ()
    period: tuple[int, int] | None = None
    intent: Intent = "passage"
    aim: Aim = ""
    traditional: bool = False
    language: Language = "zh"
    corrections: tuple[tuple[str, str], ...] = ()
    documents: tuple[str, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    insisted: bool = False


@dataclass(frozen=True, slots=True)
class Filters:
    """What the user restricts the search to; empty fields restrict nothing.

    ``lift_regions`` searches all regions although the question names one.
    """

    documents: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    year: int | None = None
    lift_regions: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk as found: its rank score, higher is better, and the score of each leg."""

    chunk: Chunk
    text: str
    score: float
    legs: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citation:
    """A verified quotation: ``quote == document.text[span]``.

    ``place`` says where it stands in the original: 第12页, 第34段, 指标!C5; empty for plain text.
    """

    document_id: str
    title: str
    section: tuple[str, ...]
    span: Span
    quote: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer and the numbers (from 0) of the citations that support it.

    ``verbatim`` is false for what the engine says itself: a lead-in, a computed difference.
    """

    text: str
    citations: tuple[int, ...] = ()
    verbatim: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that can be checked, or a refusal with its reason.

    ``passages`` are the best first, those that the answer cites leading; ``figures`` are what the
    answer tells from the ledger.
    """

    question: Question
    kind: Intent | Literal["none"]
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    abstained: bool = False
    reason: str = ""
    note: str = ""  # what a language model had to do with it
    figures: tuple[Indicator, ...] = ()

    @property
    def text(self) -> str:
        """The whole answer as plain text, with numbered marks [1] after what is cited."""
        lines = []
        for statement in self.statements:
            marks = "".join(f"[{number + 1}]" for number in statement.citations)
            lines.append(statement.text + marks)
        return "\n".join(lines)
