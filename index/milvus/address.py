"""Where an index in Milvus lives, as the user writes it."""

import os
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from index.errors import InputError

TOKEN = "GUIWEN_MILVUS_TOKEN"
_SCHEMES = ("milvus", "http", "https")
_FORM = "milvus://主机:端口/集合（19530 端口可省略）或 https://主机/集合"
_OPTIONS = ("timeout", "sparse", "dense")
_DENSE = ("FLAT", "HNSW")


@dataclass(frozen=True, slots=True)
class Address:
    """One index in one Milvus.

    ``uri`` is what the client connects to; the token is not part of ``str``. ``timeout`` is in
    seconds, for each call. Without ``sparse`` candidates come from the dense leg alone: for
    servers before 2.4. ``dense`` names the kind of vector index, "" leaves it to the size.
    """

    uri: str
    collection: str
    token: str = ""
    database: str = ""
    timeout: float = 10.0
    sparse: bool = True
    dense: str = ""

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read ``milvus://host:port/[database/]collection?timeout=…&sparse=no&dense=HNSW``.

        The token is that of the environment variable ``GUIWEN_MILVUS_TOKEN``, or ``user:password@``
        before the host.

        Raises:
            InputError: not of this form; a name that Milvus does not allow.
        """
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError as error:
            raise InputError(f"地址“{text}”有误：{error}。应为 {_FORM}。") from error
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise InputError(f"地址“{text}”有误：应为 {_FORM}。")
        *database, collection = [part for part in parts.path.split("/") if part] or [""]
        for name in (*database, collection):
            if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,199}", name) or len(database) > 1:
                raise InputError(
                    f"地址“{text}”中的集合名“{name}”有误：应以字母或下划线开头，"
                    f"只含字母、数字和下划线。形式为 {_FORM}。"
                )
        scheme = "https" if parts.scheme == "https" else "http"
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        options = _options(text, parts.query)
        return cls(
            uri=f"{scheme}://{host}:{port or (443 if scheme == 'https' else 19530)}",
            collection=collection,
            token=_token(parts),
            database="".join(database),
            timeout=_seconds(text, options.get("timeout", "10")),
            sparse=options.get("sparse", "yes") != "no",
            dense=options.get("dense", ""),
        )

    @property
    def records(self) -> str:
        """The collection of what is not searched."""
        return f"{self.collection}_records"

    def __str__(self) -> str:
        """The address without its secrets."""
        place = self.uri.replace("http://", "milvus://", 1)
        return "/".join(filter(None, (place, self.database, self.collection)))


def is_address(text: str) -> bool:
    """Whether ``text`` names an index elsewhere, not a folder."""
    return "://" in text


def _token(parts: SplitResult) -> str:
    if parts.username:
        return f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return os.environ.get(TOKEN, "")


def _options(text: str, query: str) -> dict[str, str]:
    options = dict(parse_qsl(query, keep_blank_values=True))
    for name, value in options.items():
        known = {"sparse": ("yes", "no"), "dense": _DENSE}.get(name, (value,))
        if name not in _OPTIONS or value not in known:
            raise InputError(
                f"地址“{text}”中的选项“{name}={value}”有误：可用 timeout=秒数、"
                f"sparse=yes|no、dense={'|'.join(_DENSE)}。"
            )
    return options


def _seconds(text: str, value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds <= 3600:
        raise InputError(f"地址“{text}”中的 timeout 应在 0.1 到 3600 秒之间，实际为“{value}”。")
    return seconds
