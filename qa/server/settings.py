"""What an operator sets; the commands fill it from their options."""

import ipaddress
import os
from dataclasses import dataclass, field

from index import InputError


def _cores() -> int:
    return os.cpu_count() or 2


@dataclass(frozen=True, slots=True)
class Settings:
    """Addresses and limits of one server.

    ``body`` and ``upload`` are bytes of a JSON call and of an uploaded file; ``rate`` is calls a
    minute for each key (without keys, for each address), 0 for no limit; ``slots`` is how many
    calls may run or wait at once; ``threads`` how many of them compute. ``origins`` are the web
    pages that may call from a browser. ``grace`` is how many seconds running calls get to finish.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    body: int = 2**20
    upload: int = 64 * 2**20
    rate: int = 600
    slots: int = 64
    threads: int = field(default_factory=_cores)
    grace: int = 30
    origins: tuple[str, ...] = ()
    read_only: bool = False
    log_questions: bool = False

    def __post_init__(self) -> None:
        for name, least in (
            ("body", 1024), ("upload", 1024), ("rate", 0), ("slots", 1), ("threads", 1), ("grace", 0),
        ):  # fmt: skip
            if getattr(self, name) < least:
                raise InputError(f"--{name} 应不小于 {least}，实际为 {getattr(self, name)}。")
        if not 0 <= self.port <= 65535:
            raise InputError(f"--port 应在 0 到 65535 之间，实际为 {self.port}。")
        for origin in self.origins:
            if not origin.startswith(("http://", "https://")) or origin.rstrip("/").count("/") != 2:
                raise InputError(f"--origin 应如 https://example.cn，实际为“{origin}”。")

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether ``host``, a name or an address, means this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
