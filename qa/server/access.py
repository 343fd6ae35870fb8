"""Who calls, and from where: keys, names of this machine, and web pages of other sites."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.server.errors import RETRIEVAL, CallError, reply
from qa.server.keys import ANYONE, Caller, Keys
from qa.server.settings import Settings, is_loopback

# What needs no key: signs of life, the description of the calls; the chat has a log-in of its own.
OPEN = frozenset({"/", "/healthz", "/readyz", "/docs", "/openapi.json", "/favicon.ico"})
CHAT = "/app"
MCP = "/mcp"
_OPEN_BELOW = ("/static-offline-docs/", f"{CHAT}/", "/docs/")


def is_open(path: str) -> bool:
    """Whether ``path`` needs no key."""
    return path in OPEN or path == CHAT or path.startswith(_OPEN_BELOW)


class Access:
    """Lets a call through with its caller in ``state["caller"]``, or answers why not."""

    def __init__(self, app: ASGIApp, keys: Keys, settings: Settings) -> None:
        """Wrap ``app``."""
        self.app, self.keys, self.settings = app, keys, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            self._check_place(headers)
            if not is_open(scope["path"]):
                scope.setdefault("state", {})["caller"] = self._caller(headers, scope)
        except CallError as error:
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            else:
                await reply(error, scope["path"])(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _check_place(self, headers: Headers) -> None:
        """Refuse pages of other sites, and other names for this machine where no key protects it."""
        host = headers.get("host", "")
        if not self.keys and not is_loopback(_name(host)):
            raise CallError(
                403, "没有设置密钥时，只接受以 localhost 或 127.0.0.1 访问。", "host_not_allowed"
            )
        origin = headers.get("origin")
        if origin is None or origin in self.settings.origins:
            return
        try:
            own = urlsplit(origin).netloc == host != ""
        except ValueError:
            own = False
        if not own:
            raise CallError(
                403,
                "不接受来自其他网站页面的请求。可用 --origin 允许某个网站。",
                "origin_not_allowed",
            )

    def _caller(self, headers: Headers, scope: Scope) -> Caller:
        if not self.keys:
            return ANYONE
        scheme, _, key = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise CallError(401, "没有给出密钥。请在请求头中写 Authorization: Bearer 密钥。")
        caller = self.keys.caller(key.strip())
        if caller is None:
            # Dify takes 403, not 401, for a key that is refused when it is set up.
            status = 403 if scope["path"] == RETRIEVAL else 401
            raise CallError(status, "密钥不对。请向管理员核对。", "wrong_key")
        return caller


def _name(host: str) -> str:
    """The name in a Host header, without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
