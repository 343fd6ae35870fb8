"""OpenAI's form: a library is a model, the last message of the user is the question."""

import time
import uuid
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from index import normalise
from qa.engine import Engine
from qa.models import Answer
from qa.server.context import Server, library_of, server_of
from qa.server.errors import CallError, reply, told
from qa.server.libraries import Library
from qa.server.models import SearchIn
from qa.server.replies import CitationOut, citations_out, said
from qa.server.stream import Begun, Deltas, Events, begin, event

router = APIRouter(prefix="/v1", tags=["OpenAI"])
_DONE = b"data: [DONE]\n\n"
# Programs whose model must be named so ask the only library of their key.
ALIAS = "guiwen"


class Part(BaseModel):
    """A part of a message; only text is read."""

    type: str = Field(max_length=40)
    text: str = Field(default="", max_length=20_000)


class Message(BaseModel):
    """A message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[str, Field(max_length=100_000)] | list[Part] | None = None

    @property
    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """Whether to tell the usage at the end."""

    include_usage: bool | None = None


class Completion(BaseModel):
    """A chat completion; settings of models, such as temperature, have no meaning here."""

    model_config = ConfigDict(extra="allow")

    model: str = Field(
        min_length=1, max_length=64, description="资料库的名称；只有一个时可写 guiwen"
    )
    messages: list[Message] = Field(min_length=1, max_length=200)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: Annotated[int, Field(ge=1, le=1)] | None = None


@router.get("/models", summary="列出资料库")
async def models(request: Request) -> dict[str, Any]:
    """List the libraries that the caller may use."""
    opened = [n for n in server_of(request).libraries if request.state.caller.may_use(n)]
    return {"object": "list", "data": [_model(name) for name in opened]}


@router.get("/models/{model}", summary="一个资料库")
async def model(request: Request, model: str) -> dict[str, Any]:
    """Tell of one library."""
    return _model(_library(request, model).name)


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "guiwen"}


def _library(request: Request, name: str, asked: str = "") -> Library:
    libraries = server_of(request).libraries
    try:
        return library_of(
            request, None if name == ALIAS and ALIAS not in libraries else name, asked
        )
    except CallError as error:
        code = "model_not_found" if error.status == 404 else error.code
        raise CallError(error.status, str(error), code, param="model") from error


@router.post("/chat/completions", summary="以对话的形式提问", response_model=None)
async def completions(request: Request, asked: Completion) -> Response:
    """Answer the last question of the user; the earlier ones are its history."""
    server = server_of(request)
    said_by_user = [m.text for m in asked.messages if m.role == "user" and m.text.strip()]
    if not said_by_user or asked.messages[-1].role not in {"user", "system", "developer"}:
        raise CallError(400, "最后应有一条 role 为 user 的提问。", param="messages")
    *history, question = said_by_user
    library = _library(request, asked.model, question)
    given = SearchIn.model_construct(question=question, history=history)
    begun = await server.run(begin, library, given)
    # The library's own name, whatever it was asked by.
    head = {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "created": int(time.time()),
        "model": library.name,
    }
    if asked.stream:
        usage = bool(asked.stream_options and asked.stream_options.include_usage)
        return Events(_chunks(server, library, begun, head, given if usage else None))
    answer = begun.first
    async for answer in begun.answers(server.limiter):  # noqa: B007 - the last one counts
        pass
    engine = begun.engine
    server.metrics.answers.labels(library.name, answer.kind).inc()
    cited = citations_out(answer, library.name, engine.index)
    message = {
        "role": "assistant",
        "content": said(answer) + _tail(answer, cited),
        "refusal": None,
    }
    return JSONResponse(
        {
            **head,
            "object": "chat.completion",
            "choices": [
                {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
            ],
            "usage": _usage(engine, question, history, str(message["content"])),
            "citations": [one.model_dump() for one in cited],
        }
    )


async def _chunks(
    server: Server, library: Library, begun: Begun, head: dict[str, Any], usage_of: SearchIn | None
) -> AsyncIterator[bytes]:
    """The answer in pieces, the references, the citations with the end; the usage if asked for."""

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:  # noqa: ANN401
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return event({**head, "object": "chat.completion.chunk", "choices": [choice], **more})

    grown, answer, index, whole = Deltas(), begun.first, begun.engine.index, ""
    try:
        yield chunk({"role": "assistant", "content": ""})
        async for answer in begun.answers(server.limiter):
            for text, anew in grown.take(answer):
                # What was sent cannot be taken back in this form.
                fresh = f"\n\n（以上未完成。{answer.note}）\n\n{text}" if anew else text
                whole += fresh
                yield chunk({"content": fresh})
        server.metrics.answers.labels(library.name, answer.kind).inc()
        cited = citations_out(answer, library.name, index)
        tail = _tail(answer, cited)
        if tail:
            yield chunk({"content": tail})
        yield chunk({}, "stop", citations=[one.model_dump() for one in cited])
        if usage_of is not None:
            spent = _usage(begun.engine, usage_of.question, usage_of.history, whole + tail)
            yield event({**head, "object": "chat.completion.chunk", "choices": [], "usage": spent})
    except Exception as error:  # the reply has begun: its end says what happened
        yield b"data: " + bytes(reply(told(error), "").body) + b"\n\n"
    yield _DONE


def _tail(answer: Answer, cited: list[CitationOut]) -> str:
    """The note and the numbered references that follow the answer."""
    lines = [f"（{answer.note}）"] if answer.note else []
    if cited:
        lines.append("来源：")
    for one in cited:
        place = " › ".join(filter(None, (*one.section, one.place)))
        lines.append(f"[{one.number}] {one.reference}" + (f" {place}：" if place else " "))
        lines[-1] += f"“{one.quote.strip()}”"
    return "\n\n" + "\n".join(lines) if lines else ""


def _usage(engine: Engine, question: str, history: list[str], reply_text: str) -> dict[str, int]:
    """Pieces of the index's encoder, as there is no other count; characters where it gives none."""
    texts = ["\n".join([*history, question]), reply_text]
    ids = engine.index.encoder.token_ids([normalise(text).text for text in texts])
    asked, answered = (len(one) for one in (ids if ids is not None else texts))
    return {
        "prompt_tokens": asked,
        "completion_tokens": answered,
        "total_tokens": asked + answered,
    }
