"""What is answered: the nouns of ``qa`` in a form for other programs, references included."""

from dataclasses import replace
from functools import lru_cache
from threading import Lock
from urllib.parse import quote

from pydantic import BaseModel, Field

from index import Document, Index
from qa.compare import Cell
from qa.comparison.board import Board, remarks
from qa.engine import NOT_FOUND, Engine
from qa.export import references
from qa.models import Answer, Citation, Passage

_ONE_AT_A_TIME = Lock()


class CitationOut(BaseModel):
    """A verbatim quotation and where it stands: ``quote`` is ``text[start:end]`` of the document."""

    number: int = Field(description="文中的编号，从 1 起")
    document: str = Field(description="文件在索引中的名称")
    title: str
    section: list[str] = Field(description="章节路径，由外到内")
    start: int = Field(description="引文在文件文字中的起点")
    end: int = Field(description="引文的终点（不含）")
    quote: str = Field(description="引文，与原文逐字相同")
    place: str = Field(description="在原件中的页、段或单元格；纯文本为空")
    reference: str = Field(description="GB/T 7714-2015 格式的参考文献")
    uri: str = Field(description="MCP 资源的地址")


class PassageOut(BaseModel):
    """A passage that was found; a higher score is better."""

    document: str
    title: str
    section: list[str]
    start: int
    end: int
    text: str
    score: float
    legs: dict[str, float] = Field(description="各路的得分")
    reference: str
    uri: str


class SearchOut(BaseModel):
    """The passages, best first."""

    library: str
    passages: list[PassageOut]


class StatementOut(BaseModel):
    """A sentence of the answer and the numbers of the citations that bear it out."""

    text: str
    citations: list[int]
    verbatim: bool = Field(description="是否原文；否则是引擎自己的话，例如算出的差")


class AnswerOut(BaseModel):
    """An answer that can be checked, or a refusal with its reason."""

    library: str
    question: str
    kind: str
    answer: str = Field(description="全文，句后有编号 [1]")
    abstained: bool = Field(description="是否拒答")
    reason: str = Field(description="拒答的原因")
    note: str = Field(description="语言模型参与的情况")
    statements: list[StatementOut]
    citations: list[CitationOut]
    passages: list[PassageOut]


class CellOut(BaseModel):
    """One figure with its citation."""

    region: str
    year: int | None
    period: list[int] | None = Field(description="一段时期的数值：首年和末年")
    name: str
    value: float | list[float] = Field(description="数值；范围为 [低, 高]")
    unit: str
    bound: str
    kind: str = Field(description="target 目标，baseline 现状")
    text: str = Field(description="原文中的写法")
    citation: CitationOut


class CompareOut(BaseModel):
    """Figures by region and year; a place without a cell is not given by the documents."""

    library: str
    name: str
    regions: list[str]
    years: list[int | None]
    cells: list[CellOut]
    notes: list[str] = Field(description="比较之前须知")


class DocumentOut(BaseModel):
    """A document of the index."""

    document: str
    title: str
    region: str
    level: str
    period: list[int] | None = Field(description="规划期的首年和末年")
    issuer: str
    number: str
    issued: str
    source: str
    sha256: str
    characters: int
    passages: int
    reference: str
    uri: str


class DocumentText(DocumentOut):
    """A document with its text, or the part of it that was asked for."""

    start: int
    end: int
    text: str


def uri(library: str, document: str) -> str:
    """The address of a document as an MCP resource."""
    return f"guiwen://{quote(library, safe='')}/{quote(document, safe='')}"


def reference(document: Document) -> str:
    """The reference of one document, without a number."""
    return _reference(replace(document, text="", sha256="", damage=(), layout=None))


@lru_cache(100_000)
def _reference(bare: Document) -> str:
    # The style processor keeps state of its own.
    with _ONE_AT_A_TIME:
        return references([bare])[0].removeprefix("[1] ")


def citation_out(number: int, citation: Citation, library: str, index: Index) -> CitationOut:
    """One citation."""
    return CitationOut(
        number=number,
        document=citation.document_id,
        title=citation.title,
        section=list(citation.section),
        start=citation.span.start,
        end=citation.span.end,
        quote=citation.quote,
        place=citation.place,
        reference=reference(index.documents[citation.document_id]),
        uri=uri(library, citation.document_id),
    )


def passage_out(passage: Passage, library: str, index: Index) -> PassageOut:
    """One passage."""
    chunk = passage.chunk
    document = index.documents[chunk.document_id]
    return PassageOut(
        document=chunk.document_id,
        title=document.title,
        section=list(chunk.section),
        start=chunk.span.start,
        end=chunk.span.end,
        text=passage.text,
        score=round(passage.score, 6),
        legs={name: round(score, 6) for name, score in passage.legs.items()},
        reference=reference(document),
        uri=uri(library, chunk.document_id),
    )


def said(answer: Answer) -> str:
    """The whole answer with its marks, or that there is none and why."""
    return f"{NOT_FOUND}：{answer.reason}" if answer.abstained else answer.text


def citations_out(answer: Answer, library: str, index: Index) -> list[CitationOut]:
    """The citations of an answer, numbered as its marks are."""
    return [citation_out(n, one, library, index) for n, one in enumerate(answer.citations, 1)]


def answer_out(answer: Answer, library: str, index: Index) -> AnswerOut:
    """An answer with all that it rests on."""
    return AnswerOut(
        library=library,
        question=answer.question.text,
        kind=answer.kind,
        answer=said(answer),
        abstained=answer.abstained,
        reason=answer.reason,
        note=answer.note,
        statements=[
            StatementOut(text=s.text, citations=[n + 1 for n in s.citations], verbatim=s.verbatim)
            for s in answer.statements
        ],
        citations=citations_out(answer, library, index),
        passages=[passage_out(passage, library, index) for passage in answer.passages],
    )


def compare_out(made: Board, library: str, index: Index) -> CompareOut:
    """The table of one indicator with a citation in each cell."""
    (table,) = made.tables
    return CompareOut(
        library=library,
        name=table.name,
        regions=[region.name for region in made.regions],
        years=list(made.years),
        cells=[_cell_out(n, cell, library, index) for n, cell in enumerate(table.cells, 1)],
        notes=remarks(made),
    )


def _cell_out(number: int, cell: Cell, library: str, index: Index) -> CellOut:
    found = cell.indicator
    return CellOut(
        region=cell.region.name,
        year=cell.year,
        period=list(found.period) if found.period else None,
        name=found.name,
        value=list(found.value) if isinstance(found.value, tuple) else found.value,
        unit=found.unit,
        bound=found.bound,
        kind=found.kind,
        text=cell.value,
        citation=citation_out(number, cell.citation, library, index),
    )


def document_out(document: Document, library: str, engine: Engine) -> DocumentOut:
    """What is known of a document."""
    return DocumentOut(
        document=document.id,
        title=document.title,
        region=document.region,
        level=document.level,
        period=list(document.period) if document.period else None,
        issuer=document.issuer,
        number=document.number,
        issued=document.issued,
        source=document.source,
        sha256=document.sha256,
        characters=len(document.text),
        passages=len(engine.index.document_rows[document.id]),
        reference=reference(document),
        uri=uri(library, document.id),
    )
