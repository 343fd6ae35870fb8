"""Readers behind a wall: each file in a process with a limit of memory and a limit of time."""

import base64
import json
import subprocess
import sys
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Any, Self

from index.errors import SourceError
from index.layouts import from_row
from index.read import ocr
from index.read.compose import Extract

MEMORY = 2**30
OCR_MEMORY = 4 * 2**30
SECONDS = 300.0
OCR_SECONDS = 3600.0

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    "from index.read.worker import serve; serve(int(sys.argv[2]))"
)


class Guard:
    """Reads files in a process of its own, which serves many and is replaced when it dies."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        """Allow each file so many seconds and bytes; nothing is started yet."""
        self._seconds, self._memory = seconds, memory
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process, if one runs."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def read(self, path: Path, kind: str) -> Extract:
        """Read ``path`` as ``kind``, scanned pages too where the extra for it is installed.

        Raises:
            SourceError: it cannot be read, or not within the limits.
        """
        found = self._ask(path, kind, ocr=False)
        if found.scanned and ocr.installed():
            with Guard(OCR_SECONDS, OCR_MEMORY) as other:
                return other._ask(path, kind, ocr=True)
        return found

    def picture(self, path: Path, page: int) -> tuple[bytes, float, float, int]:
        """Draw a page of a PDF; see :func:`index.read.pdf_image.render`.

        Raises:
            SourceError: it cannot be drawn, or not within the limits.
        """
        answer = self._answer({"path": str(path), "page": page}, path)
        if "error" in answer:
            raise SourceError(answer["error"])
        drawn = base64.b64decode(answer["picture"])
        return drawn, answer["width"], answer["height"], answer["pages"]

    def _ask(self, path: Path, kind: str, *, ocr: bool) -> Extract:
        answer = self._answer({"path": str(path), "format": kind, "ocr": ocr}, path)
        if "error" in answer:
            raise SourceError(answer["error"])
        row = answer["extract"]
        return Extract(**{**row, "layout": from_row(row["layout"]), "notes": tuple(row["notes"])})

    def _answer(self, request: dict[str, Any], path: Path) -> dict[str, Any]:
        process = self._running()
        late: list[bool] = []

        def stop() -> None:
            late.append(True)
            process.kill()

        timer = Timer(self._seconds, stop)
        timer.start()
        try:
            if process.stdin is None or process.stdout is None:
                raise ValueError("expected a process with pipes")
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            timer.cancel()
        if line.endswith("\n"):
            answer: dict[str, Any] = json.loads(line)
            return answer
        self.close()
        if late:
            raise SourceError(
                f"文件“{path}”在 {self._seconds:g} 秒内没有读完，已停止。请拆成几个文件，或检查来源。"
            )
        raise SourceError(
            f"读取文件“{path}”的进程中止：文件已损坏，或需要的内存超过 {self._memory // 2**20} MB。"
            "请用阅读器或办公软件打开后另存，或检查来源。"
        )

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START, json.dumps(sys.path), str(self._memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
            )
        return self._process
