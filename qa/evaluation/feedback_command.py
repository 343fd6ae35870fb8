"""The command feedback: what users said in the page, as labelled questions."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any


def add_command(
    commands: Any,  # noqa: ANN401 - argparse has no public name
    write: Callable[[Path, str], None],
) -> None:
    """Add feedback."""
    one = commands.add_parser(
        "feedback",
        help="把网页里的反馈整理成带标注的问题",
        description="评为“对”的回答连同引文写成带标注的问题，可直接用 guiwen evaluate 评测；"
        "其余的写到旁边的 .todo.jsonl，由人补全，或用 guiwen label 逐段标注。",
    )
    one.add_argument(
        "feedback", nargs="?", type=Path, metavar="反馈.jsonl", help="默认为网页所写的文件"
    )
    one.add_argument("-o", "--output", required=True, type=Path, metavar="标注.jsonl")
    one.set_defaults(run=lambda options: _feedback(options, write))


def _feedback(options: argparse.Namespace, write: Callable[[Path, str], None]) -> int:
    from qa.evaluation.feedback import labels
    from qa.feedback import default_path, kept

    source = options.feedback or default_path()
    found = labels(kept(source))
    aside = options.output.with_suffix(f".todo{options.output.suffix}")
    write(options.output, _lines(found.labelled))
    write(aside, _lines(found.to_do))
    print(
        f"反馈 {source}：{len(found.labelled)} 题已有标注 → {options.output}；"
        f"{len(found.to_do)} 题待补全 → {aside}",
        file=sys.stderr,
    )
    return 0


def _lines(rows: Sequence[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
