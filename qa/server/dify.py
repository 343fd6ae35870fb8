"""Dify's external knowledge: a library is a knowledge, its passages are the records."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from qa.models import Filters, Passage
from qa.server.conditions import Conditions, matching
from qa.server.context import library_of, server_of
from qa.server.libraries import Library
from qa.server.replies import reference, uri

router = APIRouter(tags=["Dify"])


class Setting(BaseModel):
    """How many records, and how good they must be."""

    top_k: int = Field(ge=1, le=100)
    score_threshold: float | None = Field(default=0.0, ge=0, le=1)


class Retrieval(BaseModel):
    """A question to a knowledge."""

    knowledge_id: str = Field(min_length=1, max_length=64, description="资料库的名称")
    query: str = Field(max_length=20_000)
    retrieval_setting: Setting
    metadata_condition: Conditions | None = None


class Record(BaseModel):
    """A passage; a score of 1 is one that the answer would cite."""

    content: str
    score: float
    title: str
    metadata: dict[str, Any]


class Records(BaseModel):
    """The passages, best first."""

    records: list[Record]


@router.post("/retrieval", summary="作为 Dify 的外部知识库")
async def retrieval(request: Request, asked: Retrieval) -> Records:
    """Return passages in the form of Dify's external knowledge API."""
    library = library_of(request, asked.knowledge_id, asked.query)
    return await server_of(request).run(_records, library, asked)


def _records(library: Library, asked: Retrieval) -> Records:
    engine = library.engine
    documents = matching(asked.metadata_condition, engine.index.documents)
    if documents is not None and not documents:
        # No filter at all would mean every document.
        engine.parse(asked.query)
        return Records(records=[])
    filters = Filters(documents=documents or frozenset())
    found = engine.search(asked.query, asked.retrieval_setting.top_k, filters)
    least = asked.retrieval_setting.score_threshold or 0.0
    records = [_record(library.name, passage, engine.index.documents) for passage in found]
    return Records(records=[one for one in records if one.score >= least])


def _record(library: str, passage: Passage, documents: Any) -> Record:  # noqa: ANN401
    chunk = passage.chunk
    document = documents[chunk.document_id]
    return Record(
        content=passage.text,
        # Passages that an answer cites are ranked above 1.
        score=round(min(1.0, max(0.0, passage.score)), 6),
        title=document.title,
        metadata={
            "document": document.id,
            "section": " › ".join(chunk.section),
            "start": chunk.span.start,
            "end": chunk.span.end,
            "region": document.region,
            "issuer": document.issuer,
            "number": document.number,
            "issued": document.issued,
            "source": document.source,
            "reference": reference(document),
            "uri": uri(library, document.id),
        },
    )
