"""What the commands share: progress on standard error, results on standard output."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

# The step that takes the time is counted in characters, for an honest estimate.
_UNITS = {"分析": "字"}


def add_json(parser: argparse.ArgumentParser) -> None:
    """Let a command print what a program may read."""
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def show(options: argparse.Namespace, data: Any, text: Callable[[], str]) -> None:  # noqa: ANN401
    """Print ``data`` as JSON if asked to, else ``text``."""
    print(json.dumps(data, ensure_ascii=False, indent=1) if options.json else text())


@contextmanager
def bar() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar with an estimate for each step; silent when standard error is no terminal."""
    bars: dict[str, Any] = {}

    def progress(step: str, done: int, total: int) -> None:
        from tqdm import tqdm

        if step not in bars:
            bars[step] = tqdm(
                total=total,
                desc=step,
                unit=_UNITS.get(step, "步"),
                unit_scale=step in _UNITS,
                disable=not sys.stderr.isatty(),
            )
        bars[step].update(done - bars[step].n)

    try:
        yield progress
    finally:
        for one in bars.values():
            one.close()
