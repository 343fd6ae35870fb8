"""The commands that serve other programs: serve and mcp."""

import argparse
import importlib.util
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from index import InputError, site

_NEEDED = (
    "fastapi",
    "uvicorn",
    "mcp",
    "prometheus_client",
    "limits",
    "fastapi_offline",
    "multipart",
)
# The name of the library when only --index says what to serve.
ONLY = "guiwen"


@dataclass(frozen=True, slots=True)
class Shared:
    """What the commands of ``qa.cli`` share.

    ``engine`` opens what ``--index`` names; ``mount_chat`` puts the chat beside the calls.
    """

    add_index: Callable[[argparse.ArgumentParser], None]
    add_model: Callable[[argparse.ArgumentParser], None]
    engine: Callable[[argparse.Namespace], Any]
    mount_chat: Callable[[Any, str, Mapping[str, Any], Any], None]


def add_commands(commands: Any, shared: Shared) -> None:  # noqa: ANN401 - argparse has no public name
    """Add serve and mcp."""
    one = commands.add_parser(
        "serve",
        help="向其他程序提供服务：HTTP、OpenAI、Dify、MCP",
        description="地址见 /docs。密钥取自 --keys 或环境变量 GUIWEN_KEYS；不设密钥时只能在本机使用。",
    )
    _add_libraries(one, shared)
    _add_address(one, 8000)
    _add_limits(one)
    one.add_argument("--read-only", action="store_true", help="不接受改动文件的请求")
    one.add_argument("--no-app", action="store_true", help="不带问答网页（/app）")
    one.set_defaults(run=lambda options: _serve(options, shared))
    one = commands.add_parser(
        "mcp",
        help="以 MCP 向大模型客户端提供工具",
        description="默认用标准输入输出；--http 则在 http://地址:端口/mcp 提供 streamable HTTP。",
    )
    _add_libraries(one, shared)
    one.add_argument("--http", action="store_true", help="用 streamable HTTP")
    _add_address(one, 8001)
    _add_limits(one)
    one.set_defaults(run=lambda options: _mcp(options, shared))


def _add_libraries(parser: argparse.ArgumentParser, shared: Shared) -> None:
    parser.add_argument(
        "--library", action="append", default=[], metavar="名称=索引", dest="libraries",
        help="资料库的名称和索引文件夹，可多次给出",
    )  # fmt: skip
    shared.add_index(parser)
    shared.add_model(parser)


def _add_address(parser: argparse.ArgumentParser, port: int) -> None:
    parser.add_argument("--host", default="127.0.0.1", metavar="地址")
    parser.add_argument("--port", type=int, default=port, metavar="端口", help=f"默认 {port}")
    parser.add_argument(
        "--keys", type=Path, metavar="文件",
        help="每行一个密钥：密钥、密钥@资料库+资料库；只读的再加 :ro",
    )  # fmt: skip


def _add_limits(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("限制")
    group.add_argument("--body", type=int, default=1024, metavar="KB", help="请求大小，默认 1024")
    group.add_argument("--upload", type=int, default=64, metavar="MB", help="上传大小，默认 64")
    group.add_argument(
        "--rate",
        type=int,
        default=600,
        metavar="次",
        help="每个密钥每分钟的次数，默认 600，0 为不限",
    )
    group.add_argument(
        "--slots", type=int, default=64, metavar="个", help="同时进行和等待的请求，默认 64"
    )
    group.add_argument(
        "--threads",
        type=int,
        metavar="个",
        help="同时计算的请求，默认为处理器核数；用语言模型时为 32，因为多在等待",
    )
    group.add_argument("--grace", type=int, default=30, metavar="秒", help="停止时等待，默认 30")
    group.add_argument(
        "--origin", action="append", default=[], metavar="网站", dest="origins",
        help="允许其网页从浏览器调用的网站，可多次给出；默认都不允许",
    )  # fmt: skip
    group.add_argument("--log-questions", action="store_true", help="日志中写明问题")


def _serve(options: argparse.Namespace, shared: Shared) -> int:
    need()
    from qa.server.access import CHAT
    from qa.server.app import create_app
    from qa.server.process import run

    settings, libraries, keys = _served(options, shared)
    app = create_app(libraries, keys, settings)
    if not options.no_app:
        engines = {name: library.engine for name, library in libraries.items()}
        shared.mount_chat(app, CHAT, engines, partial(_may_enter, keys, engines) if keys else None)
    return run(app, settings)


def _may_enter(keys: Any, names: Iterable[str], _user: str, password: str) -> bool:  # noqa: ANN401
    """Whether a password is a key for everything: the chat shows all libraries."""
    caller = keys.caller(password)
    return caller is not None and caller.may_write and all(map(caller.may_use, names))


def _mcp(options: argparse.Namespace, shared: Shared) -> int:
    need()
    from qa.server.app import create_app
    from qa.server.context import Server
    from qa.server.mcp import make, serve_stdio
    from qa.server.process import run

    if options.http:
        settings, libraries, keys = _served(options, shared)
        return run(create_app(libraries, keys, settings, full=False), settings)
    import anyio

    from qa.server.journal import log_as_json
    from qa.server.keys import Keys

    log_as_json()
    server = Server(_libraries(options, shared), Keys(), _settings(options))
    anyio.run(serve_stdio, make(server))
    return 0


def need() -> None:
    """See that the extra is installed.

    Raises:
        InputError: it is not; names the command that installs it.
    """
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise InputError(
            f"这个命令还需要 {'、'.join(missing)}。请运行：pip install 'guiwen[serve]'"
        )


def _served(options: argparse.Namespace, shared: Shared) -> tuple[Any, Any, Any]:
    """Settings, libraries and keys; the cheap checks come before an index is opened."""
    from qa.server.keys import read_keys
    from qa.server.libraries import read_names

    settings = _settings(options)
    keys = read_keys(options.keys, tuple(read_names(options.libraries)) or (ONLY,))
    if not keys and not settings.on_loopback:
        raise InputError(
            f"在 {settings.host} 提供服务必须有密钥，否则谁都能使用和改动资料库。"
            "请用 --keys 文件 或环境变量 GUIWEN_KEYS 给出密钥（openssl rand -hex 24 可生成一个），"
            "或改用 --host 127.0.0.1。"
        )
    return settings, _libraries(options, shared), keys


def _settings(options: argparse.Namespace) -> Any:  # noqa: ANN401 - imported late
    from qa.server.settings import Settings

    return Settings(
        host=options.host,
        port=options.port,
        body=options.body * 1024,
        upload=options.upload * 2**20,
        rate=options.rate,
        slots=options.slots,
        threads=_threads(options),
        grace=options.grace,
        origins=tuple(one.rstrip("/") for one in options.origins),
        read_only=getattr(options, "read_only", True),
        log_questions=options.log_questions,
    )


def _threads(options: argparse.Namespace) -> int:
    from os import cpu_count

    from qa.llm import LanguageModel

    if options.threads is not None:
        return int(options.threads)
    model = LanguageModel.from_environment(options.llm_url, options.llm_model, options.llm_key)
    return 32 if model else cpu_count() or 2


def _libraries(options: argparse.Namespace, shared: Shared) -> Any:  # noqa: ANN401 - imported late
    from qa.living import Living
    from qa.server.libraries import Library, read_names

    named = read_names(options.libraries)
    if named and options.index:
        raise InputError("--library 与 --index 只能用一种。多个索引请都用 --library 名称=目录。")
    places = {name: site(place) for name, place in named.items()} or {ONLY: options.index}
    found = {}
    for name, place in places.items():
        engine = shared.engine(argparse.Namespace(**{**vars(options), "index": place}))
        # What the first question needs is made before the first question comes.
        _ = engine.knowledge, engine.ledger, engine.retriever
        # What lies in a Milvus is changed by indexing it anew, not by calls.
        found[name] = Library(name, Living(engine), place if isinstance(place, Path) else None)
    return found
