"""The application: routes, guards and error replies put together."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Annotated, Any

from anyio import CapacityLimiter
from fastapi import APIRouter, Depends, FastAPI, Path, Request, Security
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.security import HTTPBearer
from fastapi_offline import FastAPIOffline
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from qa.server import dify, documents, mcp, native, openai
from qa.server.access import CHAT, Access
from qa.server.context import Server, server_of
from qa.server.errors import DOCUMENTED, add_handlers
from qa.server.journal import Journal
from qa.server.keys import Keys
from qa.server.libraries import Libraries
from qa.server.limits import Bodies, Limits
from qa.server.settings import Settings

_ABOUT = """向政府规划提问，得到可以核对的回答：每句话都有逐字的出处。

在 Authorization 中给出密钥（本机不设密钥时不用）。`library` 选择资料库，也可写在路径中：
`/libraries/名称/ask`。出错时返回 `{"error": {"message", "code", "type", "param"}}`。"""

health = APIRouter()


@health.get("/healthz", summary="是否在运行", tags=["运行"])
async def healthz() -> dict[str, str]:
    """Whether the process lives."""
    return {"status": "ok"}


@health.get("/readyz", summary="能否接受请求", tags=["运行"], responses={503: {}})
async def readyz(request: Request) -> JSONResponse:
    """Whether new calls should come here; not while it stops."""
    stopping = server_of(request).stopping
    return JSONResponse({"status": "stopping" if stopping else "ready"}, 503 if stopping else 200)


async def metrics(request: Request) -> Response:
    """What Prometheus reads."""
    server = server_of(request)
    for name, library in server.libraries.items():
        engine = await server.engine(library)
        server.metrics.documents.labels(name).set(len(engine.index.documents))
        server.metrics.passages.labels(name).set(len(engine.index.chunks))
    return Response(generate_latest(server.metrics.registry), media_type=CONTENT_TYPE_LATEST)


def create_app(
    libraries: Libraries, keys: Keys, settings: Settings, *, full: bool = True
) -> FastAPI:
    """Return the application over ``libraries``.

    Args:
        libraries: at least one.
        keys: without any, everyone who reaches the server may do everything.
        settings: the limits.
        full: False serves MCP and the signs of life alone.
    """
    server = Server(libraries, keys, settings)
    tools = mcp.make(server)
    app = FastAPIOffline(
        redoc_url=None,
        title="规问",
        description=_ABOUT,
        version=_version(),
        lifespan=_lifespan,
        separate_input_output_schemas=False,
    )
    app.state.server, app.state.tools = server, tools
    describe = app.openapi
    app.openapi = lambda: in_chinese(describe())  # type: ignore[method-assign]
    app.include_router(health)
    if full:
        _add_routes(app, settings)
    # The one route of the SDK's own application; its sessions live as long as ours.
    app.router.routes += mcp.http_routes(tools, settings)
    add_handlers(app)
    app.add_middleware(Bodies, settings=settings)
    app.add_middleware(Limits, settings=settings)
    app.add_middleware(Access, keys=keys, settings=settings)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.origins),
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["Authorization", "Content-Type"],
        )
    app.add_middleware(Journal, metrics=server.metrics)
    return app


def _add_routes(app: FastAPI, settings: Settings) -> None:
    guarded: dict[str, Any] = {
        "dependencies": [Security(HTTPBearer(auto_error=False, description="密钥"))],
        "responses": DOCUMENTED,
    }
    own = APIRouter()
    own.include_router(native.router, tags=["问答"])
    own.include_router(documents.router)
    app.include_router(own, **guarded)
    guarded["dependencies"] = [*guarded["dependencies"], Depends(_named)]
    app.include_router(own, prefix="/libraries/{library}", **guarded)
    guarded["dependencies"] = guarded["dependencies"][:1]
    app.include_router(openai.router, **guarded)
    app.include_router(dify.router, **guarded)
    app.add_api_route(
        "/metrics", metrics, summary="Prometheus 指标", tags=["运行"],
        response_class=Response, responses={200: {"content": {"text/plain": {}}}, **DOCUMENTED},
        dependencies=guarded["dependencies"],
    )  # fmt: skip
    app.add_api_route("/", _home, include_in_schema=False)


def in_chinese(described: Any) -> Any:  # noqa: ANN401 - any JSON
    """Leave out of a description what is for the programmer of this server: it is in English."""
    if isinstance(described, list):
        return [in_chinese(one) for one in described]
    if not isinstance(described, dict):
        return described
    kept = {}
    for key, value in described.items():
        if key == "description" and isinstance(value, str) and value.isascii():
            if "content" in described:
                kept[key] = "成功"
            continue
        kept[key] = in_chinese(value)
    return kept


async def _named(library: Annotated[str, Path(max_length=64, description="资料库的名称")]) -> str:
    """The library in the path; :func:`qa.server.context.library_of` reads it."""
    return library


async def _home(request: Request) -> RedirectResponse:
    """The chat where there is one, else the description of the calls."""
    chat = any(getattr(route, "path", "") == CHAT for route in request.app.routes)
    return RedirectResponse(f"{CHAT}/" if chat else "/docs")


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    server: Server = app.state.server
    server.limiter = CapacityLimiter(server.settings.threads)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.state.tools.session_manager.run())
        yield


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("guiwen")
    except PackageNotFoundError:
        return "0"
