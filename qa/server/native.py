"""Our own calls: search, ask, compare, evaluate."""

from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from qa.server import service
from qa.server.context import Server, library_of, server_of
from qa.server.errors import CallError, reply, told
from qa.server.libraries import Library
from qa.server.models import AskIn, CompareIn, EvaluateIn, SearchIn
from qa.server.replies import AnswerOut, CompareOut, SearchOut, answer_out, citations_out
from qa.server.stream import Begun, Deltas, Events, begin, event

router = APIRouter()
_EVENT = {
    "type": "object",
    "required": ["event", "data"],
    "properties": {
        "event": {"enum": ["delta", "reset", "citations", "done", "error"]},
        "data": {"type": "string", "description": "JSON：新的文字、引文的列表、整个回答或错误"},
    },
}
_STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "model": AnswerOut,
        "content": {"text/event-stream": {"schema": _EVENT}},
        "description": "回答；要求 text/event-stream 或 stream 时逐步返回 delta、citations、done 三种事件",
    }
}


@router.post("/search", summary="检索段落")
async def search(request: Request, asked: SearchIn) -> SearchOut:
    """Return the best passages, those that an answer would cite leading."""
    library = library_of(request, asked.library, asked.question)
    return await server_of(request).run(service.search, library, asked)


@router.post("/ask", summary="提问，得到带出处的回答", response_model=None, responses=_STREAMED)
async def ask(request: Request, asked: AskIn) -> AnswerOut | Response:
    """Answer a question verbatim, with citations, or refuse and say why."""
    server = server_of(request)
    library = library_of(request, asked.library, asked.question)
    if not asked.stream and "text/event-stream" not in request.headers.get("accept", ""):
        answer = await server.run(service.ask, library, asked)
        server.metrics.answers.labels(library.name, answer.kind).inc()
        return JSONResponse(answer.model_dump())
    begun = await server.run(begin, library, asked)
    return Events(_events(server, library, begun))


async def _events(server: Server, library: Library, begun: Begun) -> AsyncIterator[bytes]:
    """Deltas, then the citations, then the whole; ``reset`` takes all deltas before it back."""
    grown, answer, index = Deltas(), begun.first, begun.engine.index
    try:
        async for answer in begun.answers(server.limiter):
            for text, anew in grown.take(answer):
                if anew:
                    yield event({}, "reset")
                yield event({"text": text}, "delta")
        cited = citations_out(answer, library.name, index)
        yield event([one.model_dump() for one in cited], "citations")
        server.metrics.answers.labels(library.name, answer.kind).inc()
        yield event(answer_out(answer, library.name, index).model_dump(), "done")
    except Exception as error:  # the reply has begun: its end says what happened
        yield b"event: error\ndata: " + bytes(reply(told(error), "").body) + b"\n\n"


@router.post("/compare", summary="比较一项指标在各地区、各年份的数值")
async def compare(request: Request, asked: CompareIn) -> CompareOut:
    """Return the matrix of an indicator with a citation in each cell."""
    library = library_of(request, asked.library, asked.name)
    return await server_of(request).run(service.compared, library, asked)


@router.post("/evaluate", summary="用带标注的问题评测")
async def evaluate(request: Request, asked: EvaluateIn) -> dict[str, Any]:
    """Return what ``guiwen evaluate --json`` does; one evaluation at a time."""
    server = server_of(request)
    library = library_of(request, asked.library)
    if server.evaluations:
        raise CallError(429, "正在进行另一项评测。请稍后再试。", "overloaded", retry=10)
    server.evaluations += 1
    try:
        return await server.run(_evaluated, library, asked)
    finally:
        server.evaluations -= 1


def _evaluated(library: Library, asked: EvaluateIn) -> dict[str, Any]:
    from qa.evaluate import evaluate as run
    from qa.evaluation.report import evaluation_data
    from qa.questionnaire import labelled

    questions = labelled(asked.questions)
    return evaluation_data(run(library.engine, questions))
