"""What is shown before the scripts of the page are there: put into the page as it is served."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Mapping[str, Any], Any, Send], Awaitable[None]]

_PAGES = {"/", "/en", "/en/"}


class First:
    """Serves ``application`` with ``html`` at the beginning of the body of its pages.

    Gradio adds its own ``head`` only once its scripts run, which is when this is over.
    """

    def __init__(self, application: Application, html: str) -> None:
        self._application = application
        self._html = html.encode()

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Send) -> None:  # noqa: ANN401
        """Pass a request on, and its answer back."""
        if scope["type"] != "http" or scope["path"] not in _PAGES or scope["method"] != "GET":
            await self._application(scope, receive, send)
            return
        started: list[Message] = []
        body = bytearray()

        async def held(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            told = self._with_html(bytes(body))
            start = started[0]
            start["headers"] = [
                (name, str(len(told)).encode() if name.lower() == b"content-length" else value)
                for name, value in start["headers"]
            ]
            await send(start)
            await send({"type": "http.response.body", "body": told})

        await self._application(scope, receive, held)

    def _with_html(self, page: bytes) -> bytes:
        tag = page.find(b"<body")
        at = page.find(b">", tag) + 1
        return page if tag < 0 else page[:at] + self._html + page[at:]
