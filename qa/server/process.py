"""The running server: one process, told to stop by a signal, which finishes what runs."""

import logging
import signal
import socket
from types import FrameType

import uvicorn
from fastapi import FastAPI

from index import InputError
from qa.server.context import Server
from qa.server.journal import log_as_json
from qa.server.settings import Settings


class _Server(uvicorn.Server):
    """uvicorn's server, which says that it stops before it does."""

    def __init__(self, config: uvicorn.Config, served: Server) -> None:
        """Serve what ``config`` says; ``served`` is told of the end."""
        super().__init__(config)
        self._served = served

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take no new calls."""
        self._served.stopping = True
        super().handle_exit(sig, frame)


def run(app: FastAPI, settings: Settings) -> int:
    """Serve ``app`` until SIGTERM or SIGINT, then let running calls finish.

    Raises:
        InputError: the port is taken, or the address is not of this machine.
    """
    bound = _bind(settings)
    log_as_json()
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        # Longer than proxies and clients keep an idle connection: the end of it is theirs.
        timeout_keep_alive=75,
        timeout_graceful_shutdown=settings.grace,
    )
    # uvicorn raises the signal again when it is done: a stop that was asked for is no failure.
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: None)
    server = _Server(config, app.state.server)
    name = f"[{settings.host}]" if ":" in settings.host else settings.host
    print(f"规问已启动：http://{name}:{bound.getsockname()[1]} （按 Ctrl+C 停止）", flush=True)
    server.run(sockets=[bound])
    logging.getLogger("guiwen").info("stopped")
    return 0 if server.started else 1


def _bind(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    bound = socket.socket(family)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((settings.host.strip("[]"), settings.port))
        # From now on calls wait instead of being refused.
        bound.listen(2048)
    except OSError as error:
        bound.close()
        raise InputError(
            f"无法在 {settings.host}:{settings.port} 提供服务：端口已被占用，或地址不属于本机。"
            "请关闭占用该端口的程序，或换一个端口。"
        ) from error
    return bound
