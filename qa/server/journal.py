"""Each call counted, timed and logged: one line of JSON, without the question unless asked for."""

import json
import logging
import re
import secrets
import time
from datetime import UTC, datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.server.access import CHAT, MCP
from qa.server.errors import reply, told

_LOG = logging.getLogger("guiwen.calls")
_GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"})
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """What Prometheus reads; a registry of its own, so that two servers may live in one process."""

    def __init__(self) -> None:
        """Start all counts at nought."""
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.calls = Counter("guiwen_calls_total", "Calls answered", labels, registry=self.registry)
        self.seconds = Histogram(
            "guiwen_call_seconds",
            "Time to the end of the reply",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.running = Gauge(
            "guiwen_calls_running", "Calls running or waiting", registry=self.registry
        )
        self.answers = Counter(
            "guiwen_answers_total",
            "Answers by kind; none is a refusal",
            ("library", "kind"),
            registry=self.registry,
        )
        self.documents = Gauge(
            "guiwen_documents", "Documents served", ("library",), registry=self.registry
        )
        self.passages = Gauge(
            "guiwen_passages", "Passages served", ("library",), registry=self.registry
        )


class Journal:
    """The outermost wrap of the application: what goes wrong inside it becomes a reply here."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Wrap ``app``."""
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call, and write it down."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"")
        name = given.decode() if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
        state = scope.setdefault("state", {})
        state["noted"] = {}
        status, began = 500, time.perf_counter()
        started = False

        async def watched(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", name.encode())]
            await send(message)

        self.metrics.running.inc()
        try:
            await self.app(scope, receive, watched)
        except (
            Exception
        ) as error:  # the last edge: the caller gets plain words, the log gets the rest
            failure = told(error)
            if not started:
                await reply(failure, scope["path"])(scope, receive, watched)
        finally:
            self.metrics.running.dec()
            self._write(scope, name, status, time.perf_counter() - began)

    def _write(self, scope: Scope, name: str, status: int, seconds: float) -> None:
        route = _route(scope)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self.metrics.calls.labels(method, route, str(status)).inc()
        self.metrics.seconds.labels(route).observe(seconds)
        caller = scope["state"].get("caller")
        line = {
            "id": name,
            "method": method,
            "route": route,
            "status": status,
            "seconds": round(seconds, 4),
            "caller": caller.name if caller else "",
            **scope["state"]["noted"],
        }
        _LOG.info("call", extra={"fields": line})


def _route(scope: Scope) -> str:
    """The pattern, not the path: paths are without end, and may name what was asked for."""
    path = scope["path"]
    for mounted in (CHAT, MCP):
        if path == mounted or path.startswith(f"{mounted}/"):
            return mounted
    route: str = getattr(scope.get("route"), "path", "")
    # Some versions of FastAPI tell the pattern without the prefix that it was included under.
    if route and path.startswith("/libraries/") and not route.startswith("/libraries/"):
        return "/libraries/{library}" + route
    return route or "other"


class JsonLines(logging.Formatter):
    """Log records as lines of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """One record."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def log_as_json() -> None:
    """Send all logs of the process to standard error in this form."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    # Some libraries set their own loggers to tell every step.
    handler.setLevel(logging.INFO)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("guiwen").setLevel(logging.INFO)
