"""Where the tasks of an indexing run: one after another here, or many at once on Ray.

Ray Core, not Ray Data: a task is a call that may be made again, and that is all that is needed.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from index.errors import GuiwenError, InputError, MilvusError, RayError

Given = TypeVar("Given")
Made = TypeVar("Made")

LOCAL = "local"
_ANSWER = 30.0  # seconds
_PROBE = "import ray, sys; ray.init(address=sys.argv[1], log_to_driver=False)"
_RETRIES = 5
# A task is minutes of work; none done in this time means that the cluster does nothing.
_STALL = 1800.0


class Runner(Protocol):
    """Runs a task on many items."""

    def run(
        self, task: Callable[[Given], Made], items: Sequence[Given]
    ) -> Iterator[tuple[int, Made]]:
        """Yield (place, result) of each item, in any order.

        Raises:
            GuiwenError: what a task raised.
        """


class Here:
    """Runs tasks one after another in this process."""

    def run(
        self, task: Callable[[Given], Made], items: Sequence[Given]
    ) -> Iterator[tuple[int, Made]]:
        """Yield (place, result) of each item, in order."""
        for at, item in enumerate(items):
            yield at, task(item)


class OnRay:
    """Runs tasks on a Ray cluster, again where a node was lost or Milvus did not answer."""

    def __init__(self, ray: Any) -> None:  # noqa: ANN401 - imported late
        self._ray = ray

    def run(
        self, task: Callable[[Given], Made], items: Sequence[Given]
    ) -> Iterator[tuple[int, Made]]:
        """Yield (place, result) of each item, as they are done."""
        ray = self._ray
        remote = ray.remote(
            num_cpus=1,
            max_retries=_RETRIES,
            retry_exceptions=[MilvusError],
            scheduling_strategy="SPREAD",
        )(task)
        slots = 2 * max(1, int(ray.cluster_resources().get("CPU", 1)))
        waiting = list(enumerate(items))[::-1]
        running: dict[Any, int] = {}
        while waiting or running:
            while waiting and len(running) < slots:
                at, item = waiting.pop()
                running[remote.remote(item)] = at
            done, _ = ray.wait(list(running), timeout=_STALL)
            if not done:
                raise RayError(f"Ray 集群在 {_STALL / 60:g} 分钟内没有完成任何任务。请检查各节点。")
            for reference in done:
                yield running.pop(reference), self._result(reference)

    def _result(self, reference: Any) -> Any:  # noqa: ANN401
        try:
            return self._ray.get(reference)
        except self._ray.exceptions.RayTaskError as error:
            if isinstance(error.cause, GuiwenError):
                raise error.cause from error
            raise RayError(f"Ray 任务出错：{error.cause}") from error
        except self._ray.exceptions.RayError as error:
            raise RayError(
                f"Ray 任务重试 {_RETRIES} 次仍未完成：{' '.join(str(error).split())[:300]}"
            ) from error


@contextmanager
def runner(address: str | None) -> Iterator[Runner]:
    """Give the runner for ``address``: None runs here, ``local`` starts a Ray on this machine.

    Raises:
        InputError: ray is not installed, or the address is not of its form.
        RayError: no Ray answers there.
    """
    if address is None:
        yield Here()
        return
    try:
        import ray
    except ImportError as error:
        raise InputError("使用 --ray 需要 ray 包。请运行：pip install 'guiwen[ray]'") from error
    if address != LOCAL:
        _answers(address)
    _start(ray, address)
    try:
        yield OnRay(ray)
    finally:
        ray.shutdown()


def _start(ray: Any, address: str) -> None:  # noqa: ANN401
    quiet = {"log_to_driver": False, "configure_logging": False}
    try:
        if address == LOCAL:
            ray.init(include_dashboard=False, num_cpus=os.cpu_count() or 1, **quiet)
        else:
            ray.init(address=address, **quiet)
    except Exception as error:
        raise RayError(f"{_silent(address)}（{' '.join(str(error).split())[:300]}）") from error


def _answers(address: str) -> None:
    """See that a Ray is there: Ray itself would try for minutes, and then end this process."""
    try:
        parts = urlsplit(address if "://" in address else f"ray-gcs://{address}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not port:
        raise InputError(
            f"--ray 的地址“{address}”有误：应为 local、主机:端口（如 10.0.0.1:6379）或 ray://主机:10001。"
        )
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError as error:
        raise RayError(f"{_silent(address)}（{error.strerror or error}）") from error
    try:
        subprocess.run(
            [sys.executable, "-c", _PROBE, address],
            check=True,
            capture_output=True,
            timeout=_ANSWER,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise RayError(_silent(address)) from error


def _silent(address: str) -> str:
    return (
        f"Ray 集群“{address}”没有应答。请检查地址，以及 ray start 是否已在运行。没有写入任何内容。"
    )
