"""The Model Context Protocol by its official SDK: tools that cite, documents as resources."""

import logging
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from itertools import islice
from typing import Any, TypeVar

from mcp.server import MCPServer
from mcp.server.context import CallNext, ServerRequestContext
from mcp.server.mcpserver import ResourceSecurity
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import Resource, ToolAnnotations
from pydantic import BaseModel, ValidationError
from starlette.routing import BaseRoute, Route

from index import Document, GuiwenError
from qa.server import service
from qa.server.access import MCP
from qa.server.context import Server
from qa.server.errors import CallError, complaint
from qa.server.keys import ANYONE, Caller
from qa.server.libraries import Library
from qa.server.models import CompareIn, SearchIn
from qa.server.replies import AnswerOut, CompareOut, DocumentText, SearchOut, uri
from qa.server.settings import Settings

T = TypeVar("T", bound=BaseModel)

# A list of resources is for a person to choose from; more are found by search.
MOST = 1000
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
_CALLER: ContextVar[Caller] = ContextVar("caller", default=ANYONE)
_HOW = """查政府规划。回答逐字引自原文：转述时请保留编号 [1] 和 citations 中的出处（文件、章节、引文、
GB/T 7714 参考文献）。abstained 为 true 时文件没有写，不要自行补充。先用 ask；要更多原文用 search，
读上下文用 fetch，比较各地各年的指标用 compare。"""

_LIBRARY = "library 为资料库，只有一个时可以不写。"
_SEARCH = f"检索与问题最相关的原文段落，可按文件、地区、年份限定。{_LIBRARY}"
_ASK = (
    "回答问题，每句话都有逐字的引文；文件没有写时拒答并说明原因。"
    f"history 为此前问过的问题。{_LIBRARY}"
)
_COMPARE = (
    "比较一项指标在各地区、各年份的数值，每个数值都有引文。"
    f"name 为指标，例如：常住人口城镇化率。{_LIBRARY}"
)
_FETCH = f"读取一份文件的文字，或从 start 到 end 的一段，与引文的 start、end 同样计数。{_LIBRARY}"
_DOCUMENT = "一份文件的全部文字；引文即其中从 start 到 end 的一段。"


class Tools(MCPServer[Any]):
    """The SDK's server, which lists the documents as they are now."""

    def __init__(self, server: Server) -> None:
        """Make the server without its tools, see :func:`make`."""
        root = logging.getLogger()
        handlers, level = root.handlers[:], root.level
        super().__init__("guiwen", title="规问", instructions=_HOW, log_level="WARNING")
        # The SDK sets up logging for the whole process; that is not for a library to do.
        root.handlers[:] = handlers
        root.setLevel(level)
        self.served = server

    async def list_resources(self) -> list[Resource]:
        """The documents that the caller may read, the first ``MOST`` of each library."""
        found = []
        for library in self.served.libraries.values():
            if _CALLER.get().may_use(library.name):
                engine = await self.served.engine(library)
                held = islice(engine.index.catalogue.values(), MOST)
                found += [_resource(library.name, document) for document in held]
        return found


def _resource(library: str, document: Document) -> Resource:
    return Resource(
        uri=uri(library, document.id),
        name=document.id,
        title=document.title,
        description=f"资料库 {library}",
        mime_type="text/plain",
    )


def make(server: Server) -> Tools:
    """Return the tools and resources over the libraries of ``server``."""
    tools = Tools(server)
    tools.middleware.append(_known)

    def chosen(name: str | None) -> Library:
        return service.choose(server.libraries, _CALLER.get(), name)

    @tools.tool(title="检索段落", description=_SEARCH, annotations=_READS)
    async def search(  # noqa: PLR0913, PLR0917 - one for each field of the tool's form
        question: str,
        count: int = 10,
        documents: list[str] | None = None,
        regions: list[str] | None = None,
        year: int | None = None,
        library: str | None = None,
    ) -> SearchOut:
        limits = {"documents": documents or [], "regions": regions or [], "year": year}
        given = {"question": question, "count": count, "filters": limits}
        return await _tell(
            server, lambda: service.search(chosen(library), SearchIn.model_validate(given))
        )

    @tools.tool(title="提问", description=_ASK, annotations=_READS)
    async def ask(
        question: str, history: list[str] | None = None, library: str | None = None
    ) -> AnswerOut:
        given = {"question": question, "history": history or []}
        return await _tell(
            server, lambda: service.ask(chosen(library), SearchIn.model_validate(given))
        )

    @tools.tool(title="比较指标", description=_COMPARE, annotations=_READS)
    async def compare(
        name: str,
        years: list[int] | None = None,
        regions: list[str] | None = None,
        library: str | None = None,
    ) -> CompareOut:
        given = {"name": name, "years": years or [], "regions": regions or []}
        return await _tell(
            server, lambda: service.compared(chosen(library), CompareIn.model_validate(given))
        )

    @tools.tool(title="读取原文", description=_FETCH, annotations=_READS)
    async def fetch(
        document: str, start: int = 0, end: int | None = None, library: str | None = None
    ) -> DocumentText:
        return await _tell(server, lambda: service.fetched(chosen(library), document, start, end))

    @tools.resource(
        "guiwen://{library}/{document}",
        name="document",
        title="文件全文",
        description=_DOCUMENT,
        mime_type="text/plain",
        # Names are looked up, never opened as paths.
        security=ResourceSecurity(exempt_params=frozenset({"library", "document"})),
    )
    async def read(library: str, document: str) -> str:
        try:
            return (await server.run(lambda: service.fetched(chosen(library), document))).text
        except CallError as error:
            raise ResourceNotFoundError(str(error)) from error

    return tools


async def _known(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> Any:  # noqa: ANN401 - whatever the SDK passes on
    """Note who calls: over HTTP the owner of the key; on standard input the user of this machine."""
    before = _CALLER.set(getattr(getattr(ctx.request, "state", None), "caller", ANYONE))
    try:
        return await call_next(ctx)
    finally:
        _CALLER.reset(before)


async def _tell(server: Server, work: Callable[[], T]) -> T:
    """Do ``work`` when its turn comes; what goes wrong is told to the model in Chinese."""
    try:
        return await server.run(work)
    except ValidationError as error:
        found: list[Mapping[str, Any]] = [
            {**one, "loc": ("", *one["loc"])} for one in error.errors(include_url=False)
        ]
        raise ToolError(str(complaint(found))) from error
    except (CallError, GuiwenError) as error:
        raise ToolError(str(error)) from error


def http_routes(tools: Tools, settings: Settings) -> list[BaseRoute]:
    """The route ``/mcp``: streamable HTTP, a call at a time, no session to keep.

    The host and the origin are checked by :class:`qa.server.access.Access`. There is nothing to
    tell a client that did not ask: a stream to listen on, by GET, would only hold a place.
    """
    unchecked = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    made = tools.streamable_http_app(
        streamable_http_path=MCP,
        stateless_http=True,
        json_response=True,
        transport_security=unchecked,
        max_request_body_size=settings.body,
    )
    return [
        Route(route.path, route.endpoint, methods=["POST"])
        for route in made.routes
        if isinstance(route, Route)
    ]


async def serve_stdio(tools: Tools) -> None:
    """Serve on standard input and output until they are closed."""
    from anyio import CapacityLimiter

    tools.served.limiter = CapacityLimiter(tools.served.settings.threads)
    await tools.run_stdio_async()
