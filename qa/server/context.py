"""What the routes need of the server they are part of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Request

from qa.engine import Engine
from qa.server.errors import CallError
from qa.server.journal import Metrics
from qa.server.keys import Keys
from qa.server.libraries import Libraries, Library
from qa.server.service import choose
from qa.server.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Server:
    """One server: what it serves, to whom, within which limits.

    ``limiter`` lets so many calls compute at once; the others wait in order. ``stopping`` is set
    when no new call should come.
    """

    libraries: Libraries
    keys: Keys
    settings: Settings
    metrics: Metrics = field(default_factory=Metrics)
    limiter: CapacityLimiter = field(init=False)
    evaluations: int = 0
    stopping: bool = False

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do ``work`` in a thread when its turn comes, to its end."""
        return await to_thread.run_sync(partial(work, *args, **kwargs), limiter=self.limiter)

    async def engine(self, library: Library) -> Engine:
        """The engine of ``library``, in a thread: a new version takes its time to open."""
        return await self.run(lambda: library.engine)


def server_of(request: Request) -> Server:
    """The server that ``request`` came to."""
    found: Server = request.app.state.server
    return found


def library_of(request: Request, named: str | None, asked: str = "") -> Library:
    """The library of a call: of its path, or named in it; noted for the log.

    Raises:
        CallError: see :func:`qa.server.service.choose`.
    """
    server = server_of(request)
    library = choose(
        server.libraries, request.state.caller, request.path_params.get("library"), named
    )
    request.state.noted["library"] = library.name
    if asked and server.settings.log_questions:
        request.state.noted["question"] = asked
    return library


def check_may_write(request: Request, library: Library) -> None:
    """See that documents may be changed.

    Raises:
        CallError: not by this key, not on this server, or not in this library.
    """
    if not request.state.caller.may_write:
        raise CallError(403, "这个密钥只能查询，不能改动文件。", "read_only_key")
    if server_of(request).settings.read_only:
        raise CallError(403, "这个服务以 --read-only 启动，不能改动文件。", "read_only")
    if library.folder is None:
        raise CallError(
            403,
            f"资料库“{library.name}”不能通过接口改动：它是随程序附带的，或不在本机。"
            "请用 guiwen index 建立自己的索引，再以 --library 名称=目录 打开。",
            "read_only",
        )
