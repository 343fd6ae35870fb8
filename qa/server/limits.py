"""No more than the server bears: a rate for each caller, places for all, and the size of a body."""

import math
import time

import anyio
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.server.access import is_open
from qa.server.errors import CallError, reply
from qa.server.settings import Settings

# What a form is besides its file.
_FORM = 2**16
# A body that is sent drop by drop holds a place that others wait for.
BODY_SECONDS, UPLOAD_SECONDS = 30.0, 600.0


class Limits:
    """Answers 429, and when to try again, to what is too much."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Wrap ``app``, inside :class:`qa.server.access.Access`."""
        self.app, self.slots, self.taken = app, settings.slots, 0
        self.rate = RateLimitItemPerMinute(settings.rate) if settings.rate else None
        self.window = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        if scope["type"] != "http" or is_open(scope["path"]):
            await self.app(scope, receive, send)
            return
        try:
            self._check_rate(scope)
            self._check_places()
        except CallError as error:
            await reply(error, scope["path"])(scope, receive, send)
            return
        self.taken += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.taken -= 1

    def _check_rate(self, scope: Scope) -> None:
        if self.rate is None:
            return
        caller = scope["state"]["caller"].name
        client = (scope.get("client") or ("",))[0]
        name = client if caller == "anyone" else caller
        if not self.window.hit(self.rate, name):
            until = self.window.get_window_stats(self.rate, name).reset_time
            wait = min(60, max(1, math.ceil(until - time.time())))
            raise CallError(
                429,
                f"请求过于频繁：每分钟不超过 {self.rate.amount} 次。请在 {wait} 秒后再试。",
                "rate_limited",
                retry=wait,
            )

    def _check_places(self) -> None:
        if self.taken >= self.slots:
            raise CallError(429, "同时进行的请求过多。请稍后再试。", "overloaded", retry=1)


class Bodies:
    """Answers 413 to a body that is too large, before it is held, and 408 to one that does not end."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Wrap ``app``."""
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_file = headers.get("content-type", "").startswith("multipart/form-data")
        most = self.settings.upload + _FORM if is_file else self.settings.body
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > most:
            error = CallError(413, f"请求的内容太大：不应超过 {most // 1024} KB。")
            await reply(error, scope["path"])(scope, receive, send)
            return
        read, whole = 0, False
        until = anyio.current_time() + (UPLOAD_SECONDS if is_file else BODY_SECONDS)

        async def counted() -> Message:
            nonlocal read, whole
            if whole:
                return await receive()
            # Errors of this one kind pass through the parsers of bodies.
            with anyio.CancelScope(deadline=until):
                message = await receive()
                read += len(message.get("body", b""))
                whole = not message.get("more_body", False)
                if read > most:
                    raise HTTPException(413)
                return message
            raise HTTPException(408)

        await self.app(scope, counted, send)
