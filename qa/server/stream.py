"""Answers as they grow, as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi.responses import StreamingResponse

from qa.engine import Engine
from qa.models import Answer
from qa.server.libraries import Library
from qa.server.models import SearchIn
from qa.server.replies import said
from qa.server.service import filters_of

PING = b": ping\n\n"
_EVERY = 15.0
_END = object()


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


@dataclass(frozen=True, slots=True)
class Begun:
    """An answer of which the first state is known; with a language model there may be more."""

    engine: Engine
    first: Answer
    rest: Iterator[Answer]

    async def answers(self, limiter: CapacityLimiter) -> AsyncIterator[Answer]:
        """Yield its states, the last one complete; waiting in a thread."""
        yield self.first
        while self.engine.model is not None:
            found: Any = await to_thread.run_sync(next, self.rest, _END, limiter=limiter)
            if found is _END:
                return
            yield found


def begin(library: Library, asked: SearchIn) -> Begun:
    """Ask; what is wrong with the question is raised here, before a reply begins.

    Without a language model this is the whole of the work: a stream waits for its turn once.
    """
    engine = library.engine
    filters = filters_of(engine, asked.filters)
    answers = engine.ask_stream(asked.question, asked.history, filters, asked.count)
    return Begun(engine, next(answers), answers)


class Deltas:
    """Tells what is new in an answer that grows."""

    def __init__(self) -> None:
        """Nothing is sent yet."""
        self._sent = ""

    def take(self, answer: Answer) -> Iterator[tuple[str, bool]]:
        """Yield (new text, whether it takes the place of all before).

        A language model may fail after its first sentences: the verbatim answer then stands instead.
        """
        text = said(answer)
        anew = not text.startswith(self._sent)
        fresh = text if anew else text[len(self._sent) :]
        self._sent = text
        for piece in fresh.splitlines(keepends=True):
            yield piece, anew
            anew = False


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
