"""Milvus servers of three kinds for tests and benchmarks, each from an environment of its own.

    python tests/milvus_servers.py                          make the environments (a few minutes)
    python tests/milvus_servers.py KIND DATA PORT           run one server until it is told to stop

The environments are folders ``milvus-KIND`` below ``$GUIWEN_MILVUS_ENVS``, or below
``guiwen-milvus`` in the folder for temporary files. They are apart from ours because the servers want other versions of the client than we do.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

ENVIRONMENT = "GUIWEN_MILVUS_ENVS"
PACKAGES = {
    # The embedded form of the C++ engine, over TCP; the one we hold ranking to.
    "lite2": ["milvus-lite==2.5.1", "pymilvus==2.6.17", "setuptools<81"],
    # The embedded form of version 3, with a server of its own.
    "lite3": ["milvus-lite==3.2.2", "pymilvus==3.0.2"],
    # A real standalone server in a wheel: dense vectors, filters, durability; no sparse vectors.
    "server": ["milvus==2.3.5", "setuptools<81"],
}


def folder(kind: str) -> Path:
    """Where the environment of ``kind`` is, or would be."""
    named = os.environ.get(ENVIRONMENT)
    base = Path(named) if named else Path(gettempdir()) / "guiwen-milvus"
    return base / f"milvus-{kind}"


def missing(kind: str) -> str:
    """Why a server of ``kind`` cannot be started here; "" if it can."""
    if (folder(kind) / "ready").is_file():
        # The etcd inside a real server wants this port, and no other: one at a time.
        busy = kind == "server" and _answers(2380)
        return "port 2380 is taken, which a real server wants" if busy else ""
    return (
        f"no environment for milvus {kind} in {folder(kind)}: "
        f"make it with python tests/milvus_servers.py, or name its place in {ENVIRONMENT}"
    )


def install() -> None:
    """Make the environments that are not there."""
    for kind, packages in PACKAGES.items():
        place = folder(kind)
        if (place / "ready").is_file():
            continue
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
        pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, *packages], check=True)
        (place / "ready").touch()


def free_port() -> int:
    """A port of loopback that nobody has now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@dataclass
class Server:
    """One server; it can be killed as by a loss of power, and started again over the same data."""

    kind: str
    data: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """What is before the collection."""
        return f"milvus://127.0.0.1:{self.port}"

    def start(self, patience: float = 90) -> None:
        """Start, and wait until somebody answers."""
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data.parent / f"{self.data.name}.log").open("ab") as log:
            # A session of its own: what it starts can be stopped with it, by its id.
            self.process = subprocess.Popen(
                self._command(),
                stdout=log,
                stderr=log,
                env=self._environment(),
                start_new_session=True,
                cwd=self.data,
            )
        ends = time.monotonic() + patience
        while time.monotonic() < ends:
            if self.process.poll() is not None:
                raise RuntimeError(f"milvus {self.kind} ended: see {self.data}.log")
            if _answers(self.port):
                return
            time.sleep(0.2)
        self.kill()
        raise RuntimeError(f"milvus {self.kind} does not answer on port {self.port}")

    def kill(self) -> None:
        """End it and its children at once."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def _command(self) -> list[str]:
        bin_ = folder(self.kind) / "bin"
        if self.kind == "server":
            # It moves on silently if its port is taken: this one was free a moment ago.
            return [
                str(bin_ / "milvus-server"), "--data", str(self.data),
                "--proxy-port", str(self.port),
            ]  # fmt: skip
        if self.kind == "lite3":
            return [
                str(bin_ / "milvus-lite"), "server", "--data-dir", str(self.data),
                "--host", "127.0.0.1", "--port", str(self.port),
            ]  # fmt: skip
        engine = self._engine() / "milvus"
        return [str(engine), str(self.data / "lite.db"), f"127.0.0.1:{self.port}", "ERROR"]

    def _environment(self) -> dict[str, str]:
        env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        if self.kind == "lite2":
            env["LD_LIBRARY_PATH"] = str(self._engine())
        return env

    def _engine(self) -> Path:
        (found,) = folder(self.kind).glob("lib/python*/site-packages/milvus_lite/lib")
        return found


@contextmanager
def running(kind: str, data: Path) -> Iterator[Server]:
    """A server of ``kind`` with its data in ``data``."""
    server = Server(kind, data, free_port())
    server.start()
    try:
        yield server
    finally:
        server.kill()


if __name__ == "__main__":
    if len(sys.argv) == 1:
        install()
    else:
        one = Server(sys.argv[1], Path(sys.argv[2]).resolve(), int(sys.argv[3]))
        one.start()
        print(one.address, flush=True)
        try:
            signal.sigwait([signal.SIGINT, signal.SIGTERM])
        finally:
            one.kill()
