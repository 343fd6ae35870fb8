"""Answers as they grow, as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi.responses import StreamingResponse

from qa.models import Answer
from qa.server.replies import said

PING = b": ping\n\n"
_EVERY = 15.0
_END = object()
T = TypeVar("T")


class Events(StreamingResponse):
    """A reply of server-sent events; nothing on the way may keep or gather them."""

    def __init__(self, events: AsyncIterator[bytes]) -> None:
        """Send ``events`` as they come, and a sign of life while there is none."""
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(with_pings(events), 200, headers, media_type="text/event-stream")


def event(data: Any, name: str = "") -> bytes:  # noqa: ANN401 - anything that JSON can say
    """One event; JSON has no line breaks of its own, so one line of data is enough."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def deltas(answers: Iterable[Answer]) -> Iterator[tuple[str, bool, Answer]]:
    """Yield (new text, whether it takes the place of all before, answer so far).

    A language model may fail after its first sentences: the verbatim answer then stands instead.
    """
    sent = ""
    for answer in answers:
        text = said(answer)
        anew = not text.startswith(sent)
        fresh = text if anew else text[len(sent) :]
        for piece in fresh.splitlines(keepends=True):
            yield piece, anew, answer
            anew = False
        if not fresh:
            yield "", False, answer
        sent = text


async def stepwise(items: Iterator[T], limiter: CapacityLimiter) -> AsyncIterator[T]:
    """Take ``items`` one by one in a thread."""
    while True:
        item: Any = await to_thread.run_sync(next, items, _END, limiter=limiter)
        if item is _END:
            return
        yield item


async def with_pings(events: AsyncIterator[bytes], every: float = _EVERY) -> AsyncIterator[bytes]:
    """Pass ``events`` on, with a comment whenever nothing came for ``every`` seconds."""
    waiting: asyncio.Future[bytes] | None = None
    try:
        while True:
            if waiting is None:
                waiting = asyncio.ensure_future(anext(events))
            done, _ = await asyncio.wait({waiting}, timeout=every)
            if not done:
                yield PING
                continue
            try:
                found = waiting.result()
            except StopAsyncIteration:
                return
            finally:
                waiting = None
            yield found
    finally:
        if waiting is not None:
            waiting.cancel()
