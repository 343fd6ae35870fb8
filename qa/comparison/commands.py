"""The commands compare and conflicts."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index import InputError
from qa.terminal import add_json, show


@dataclass(frozen=True, slots=True)
class Shared:
    """What the commands of ``qa.cli`` share."""

    add_index: Callable[[argparse.ArgumentParser], None]
    engine: Callable[[argparse.Namespace], Any]
    write: Callable[[Path, str | bytes], None]


def add_commands(commands: Any, shared: Shared) -> None:  # noqa: ANN401 - argparse has no public name
    """Add compare and conflicts."""
    one = commands.add_parser("compare", help="比较几项指标在各地区、各年份的数值，可存为表格和图")
    one.add_argument("names", nargs="+", metavar="指标", help="可写几项，例如：常住人口城镇化率")
    one.add_argument(
        "--year", action="append", default=[], metavar="年份", help="2025 或 2021-2025，可多次给出"
    )
    one.add_argument(
        "--region", action="append", default=[], metavar="地区", help="地区，可多次给出"
    )
    one.add_argument(
        "--rows", choices=("regions", "years"), default="regions",
        help="表格的行：regions 为地区（默认），years 为年份",
    )  # fmt: skip
    one.add_argument("--apart", action="store_true", help="不合并词表中的近义说法")
    one.add_argument("--csv", type=Path, metavar="文件.csv", help="存下各数值和出处")
    one.add_argument("--xlsx", type=Path, metavar="文件.xlsx", help="存下对照表和出处")
    one.add_argument("--png", type=Path, metavar="文件.png", help="存下图")
    one.add_argument("--font", type=Path, metavar="字体文件", help="画图用的中文字体，默认取系统的")
    shared.add_index(one)
    add_json(one)
    one.set_defaults(run=lambda options: _compare(options, shared))
    one = commands.add_parser("conflicts", help="列出索引中互相不一致的数值")
    shared.add_index(one)
    add_json(one)
    one.set_defaults(run=lambda options: _conflicts(options, shared))


def _compare(options: argparse.Namespace, shared: Shared) -> int:
    from qa.comparison.asked import Asked, years_of
    from qa.comparison.board import board
    from qa.comparison.picture import png_bytes
    from qa.comparison.sheets import csv_bytes, xlsx_bytes
    from qa.comparison.told import board_data, board_text

    if options.font and not options.font.is_file():
        raise InputError(f"字体文件“{options.font}”不存在。请检查路径。")
    years = tuple(dict.fromkeys(year for text in options.year for year in years_of(text)))
    asked = Asked(
        tuple(options.names), tuple(options.region), years, options.rows, not options.apart
    )
    found = board(shared.engine(options), asked)
    makers: tuple[tuple[Path | None, Callable[[], bytes]], ...] = (
        (options.csv, lambda: csv_bytes(found)),
        (options.xlsx, lambda: xlsx_bytes(found)),
        (options.png, lambda: png_bytes(found, options.font)),
    )
    # All are made before any is written, so that a failure leaves nothing behind.
    for path, content in [(path, make()) for path, make in makers if path]:
        shared.write(path, content)
    show(options, board_data(found), lambda: board_text(found))
    return 0


def _conflicts(options: argparse.Namespace, shared: Shared) -> int:
    from qa.compare import conflicts
    from qa.comparison.told import conflicts_data, conflicts_text

    found = conflicts(shared.engine(options))
    show(options, conflicts_data(found), lambda: conflicts_text(found))
    return 0
