"""The commands that make an index, keep it current and account for it.

Each loads what it needs when it runs: the help needs none of it.
"""

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index import site
from qa.terminal import add_json, bar, show

if TYPE_CHECKING:
    from index import BuildOptions, BuildReport, Changes, Site

Progress = Callable[[str, int, int], None]


def add_commands(commands: Any) -> None:  # noqa: ANN401 - argparse has no public name for it
    """Add index, add, remove, rename and audit."""
    one = commands.add_parser("index", help="为文件或文件夹建立索引；已有的索引只更新有变化的文件")
    one.add_argument("sources", nargs="+", type=Path, metavar="来源", help="文件或文件夹")
    one.add_argument(
        "-o",
        "--output",
        "--index",
        required=True,
        type=site,
        metavar="位置",
        help="索引文件夹，或 milvus://主机:端口/集合（密钥见环境变量 GUIWEN_MILVUS_TOKEN）",
    )
    one.add_argument(
        "--ray",
        metavar="地址",
        help="在 Ray 集群上建立 Milvus 中的索引：主机:端口，local 为本机各核",
    )
    one.add_argument("--encoder", help="内置模型（默认），或 sentence-transformers 名称、路径")
    one.add_argument("--chunk", type=int, help="段落最长字数")
    one.add_argument("--fresh", action="store_true", help="全部重新分析，不沿用已有的索引")
    _add_keep_going(one)
    add_json(one)
    one.set_defaults(run=_index)
    one = commands.add_parser("add", help="把文件加入索引，或换成新版本")
    _add_folder(one)
    one.add_argument("sources", nargs="+", type=Path, metavar="来源", help="文件或文件夹")
    one.add_argument("--as", dest="name", metavar="名称", help="在索引中的名称（只有一个文件时）")
    _add_keep_going(one)
    add_json(one)
    one.set_defaults(run=_add)
    one = commands.add_parser("remove", help="从索引中移出文件")
    _add_folder(one)
    one.add_argument("names", nargs="+", metavar="名称", help="文件在索引中的名称")
    add_json(one)
    one.set_defaults(run=_remove)
    one = commands.add_parser("rename", help="更改文件在索引中的名称")
    _add_folder(one)
    one.add_argument("old", metavar="原名称")
    one.add_argument("new", metavar="新名称")
    add_json(one)
    one.set_defaults(run=_rename)
    one = commands.add_parser("audit", help="逐份核对索引：入库、未入库及原因、重复、损伤")
    _add_folder(one)
    add_json(one)
    one.set_defaults(run=_audit)


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("index", type=_folder, metavar="目录", help="索引文件夹")


def _folder(text: str) -> Path:
    """Read the name of an index that is changed document by document: only folders are."""
    from index import InputError

    where = site(text)
    if isinstance(where, Path):
        return where
    raise InputError(
        f"“{where}”在 Milvus 中，不能用这个命令。请改动来源文件夹后再次运行 guiwen index，没有变化的文件不会重新分析。"
    )


def _add_keep_going(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--keep-going", action="store_true", help="跳过无法读取的文件并报告，不中止"
    )


def _index(options: argparse.Namespace) -> int:
    from index import EMBEDDED, BuildOptions, ChunkSize, InputError
    from qa.report import build_data, build_text

    try:
        size = ChunkSize() if options.chunk is None else ChunkSize(longest=options.chunk)
    except ValueError as error:
        raise InputError(f"--chunk 应不小于 50，实际为 {options.chunk}。") from error
    made = BuildOptions(
        encoder=options.encoder or EMBEDDED, size=size, strict=not options.keep_going
    )
    with bar() as progress:
        report = _build(options, made, progress)
    show(options, build_data(report), lambda: build_text(report))
    return 0


def _build(options: argparse.Namespace, made: "BuildOptions", progress: Progress) -> "BuildReport":
    from index import InputError, MilvusWriter, build, runner

    where: Site = options.output
    if not isinstance(where, Path):
        with runner(options.ray) as tasks:
            writer = MilvusWriter(where, tasks)
            return writer.build(options.sources, made, progress, fresh=options.fresh)
    if options.ray is not None:
        raise InputError("--ray 只用于建立 Milvus 中的索引：请把 -o 写成 milvus://主机:端口/集合。")
    return build(options.sources, where, made, progress, fresh=options.fresh)


def _add(options: argparse.Namespace) -> int:
    from index import Changes, InputError, read_sources, renamed

    reading = read_sources(options.sources, strict=not options.keep_going)
    documents, files = reading.documents, reading.files
    if options.name is not None:
        if len(documents) != 1:
            raise InputError(f"--as 只能用于一个文件，实际有 {len(documents)} 个。")
        (path,) = files.values()
        documents, files = (renamed(documents[0], options.name),), {options.name: path}
    return _update(options, Changes(put=documents, files=files), reading.skipped)


def _remove(options: argparse.Namespace) -> int:
    from index import Changes

    return _update(options, Changes(removed=tuple(dict.fromkeys(options.names))))


def _rename(options: argparse.Namespace) -> int:
    from index import Changes

    return _update(options, Changes(renamed={options.old: options.new}))


def _update(options: argparse.Namespace, changes: "Changes", skipped: tuple[Any, ...] = ()) -> int:
    from index import update
    from qa.report import build_data, build_text

    with bar() as progress:
        report = replace(update(options.index, changes, progress), skipped=skipped)
    show(options, build_data(report), lambda: build_text(report))
    return 0


def _audit(options: argparse.Namespace) -> int:
    from index import Index, audit
    from qa.accounts import audit_data, audit_text

    found = audit(Index.open(options.index))
    show(options, audit_data(found), lambda: audit_text(found))
    return 0
