"""What every peer runs in: the same passages and questions, timed the same way.

Runs in the peer's own environment, so it needs only the standard library. An adapter gives
``build(texts) -> state`` and ``search(state, question, count) -> rows``, best first.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

COUNT = 10
WARM = 20

Build = Callable[[list[str]], Any]
Search = Callable[[Any, Any, int], Sequence[int]]


def main(build: Build, search: Search, name: str, whole: bool = False) -> None:
    """Build over SET/passages.jsonl, ask SET/queries.jsonl, write SET/runs/NAME.json.

    With ``whole``, the search is given the row of the question (with its history) and not its text.
    """
    folder = Path(sys.argv[1])
    passages = _rows(folder / "passages.jsonl")
    queries = _rows(folder / "queries.jsonl")
    start = time.perf_counter()
    state = build([row["text"] for row in passages])
    built = time.perf_counter() - start
    asked = [(row["id"], row if whole else row["text"]) for row in queries]
    for _, question in asked[:WARM]:
        search(state, question, COUNT)
    found, seconds = {}, []
    for name_, question in asked:
        start = time.perf_counter()
        rows = search(state, question, COUNT)
        seconds.append(time.perf_counter() - start)
        found[name_] = [passages[row]["id"] for row in rows]
    seconds.sort()
    (folder / "runs").mkdir(exist_ok=True)
    told = {
        "name": name,
        "build_s": built,
        "p50_ms": 1000 * seconds[len(seconds) // 2],
        "p95_ms": 1000 * seconds[int(len(seconds) * 0.95)],
        "peak_mb": _peak() / 1024,
        "found": found,
    }
    (folder / "runs" / f"{name}.json").write_text(
        json.dumps(told, ensure_ascii=False), encoding="utf-8"
    )


def _peak() -> int:
    """Peak resident memory in KiB, of this program alone: ru_maxrss counts what started it too."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
