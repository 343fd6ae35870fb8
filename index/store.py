"""The index on disk: generations in a folder, each checksummed, moved in whole.

``DIR/CURRENT`` names the generation in use; ``DIR/gen-000001/`` holds it. A writer makes the next
generation beside the old one and replaces ``CURRENT`` in one step, so that a build killed at any
moment leaves the old index in use. One writer at a time; readers never wait.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from index import originals
from index.documents import Chunk, Document, Indicator, Part, Section, Span
from index.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    StoreError,
)
from index.layouts import from_row, to_row
from index.outline import Outline

FORMAT = 1
CURRENT = "CURRENT"
MANIFEST = "manifest.json"
DOCUMENTS = "documents.jsonl"
CHUNKS = "chunks.jsonl"
OUTLINES = "outlines.jsonl"
INDICATORS = "indicators.jsonl"
NAMES = "names.npy"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index records of its own making; two indexes are alike when these are equal."""

    format: int
    versions: dict[str, int]
    encoder: str
    fingerprint: str
    dimension: int
    options: dict[str, Any]
    sources: dict[str, str]
    passages: int
    files: dict[str, str]


def is_index(folder: Path) -> bool:
    """Whether ``folder`` holds an index, whole or not."""
    return (folder / CURRENT).is_file()


def current(folder: Path) -> Path:
    """Return the generation in use.

    Raises:
        IndexMissingError: no such folder, or a folder that is no index.
    """
    if not folder.is_dir():
        raise IndexMissingError(
            f"索引文件夹“{folder}”不存在。请先运行 guiwen index 来源… -o {folder} 建立索引。"
        )
    if not is_index(folder):
        raise IndexMissingError(
            f"“{folder}”不是规问的索引：缺少 {CURRENT} 文件。"
            f"请检查 --index 的路径，或运行 guiwen index 来源… -o {folder}。"
        )
    name = (folder / CURRENT).read_text(encoding="utf-8").strip()
    generation = folder / name
    if not name.startswith("gen-") or not generation.is_dir():
        raise IndexDamagedError(
            f"索引“{folder}”已损坏：{CURRENT} 指向的“{name}”不存在。请重新建立索引。"
        )
    return generation


def read_manifest(generation: Path) -> Manifest:
    """Read the record of one generation.

    Raises:
        IndexDamagedError: missing or unreadable.
        IndexMismatchError: of another format.
    """
    path = generation / MANIFEST
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        found = int(raw["format"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamagedError(
            f"索引文件“{path}”缺失或已损坏：{error}。请重新建立索引。"
        ) from error
    if found != FORMAT:
        raise IndexMismatchError(
            f"索引“{generation.parent}”的格式为第 {found} 版，本程序需要第 {FORMAT} 版。请重新建立索引。"
        )
    try:
        return Manifest(**raw)
    except TypeError as error:
        raise IndexDamagedError(f"索引文件“{path}”缺少字段：{error}。请重新建立索引。") from error


def verify(generation: Path, manifest: Manifest) -> None:
    """Compare every file with its recorded checksum.

    Raises:
        IndexDamagedError: names the first file that is missing or differs.
    """
    for name, expected in sorted(manifest.files.items()):
        path = generation / name
        if not path.is_file():
            raise IndexDamagedError(f"索引文件“{path}”缺失。请重新建立索引。")
        found = _checksum(path)
        if found != expected:
            raise IndexDamagedError(
                f"索引文件“{path}”已损坏：校验和应为 {expected[:12]}…，实际为 {found[:12]}…。请重新建立索引。"
            )


@contextmanager
def writing(folder: Path) -> Iterator[Path]:
    """Give a fresh folder for the next generation; it comes into use when the block succeeds.

    Raises:
        IndexLockedError: another process is writing.
        StoreError: the folder cannot be written, or holds other files and no index.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        others = [p.name for p in folder.iterdir() if not p.name.startswith((".", "gen-"))]
        if others and not is_index(folder):
            raise StoreError(
                f"输出文件夹“{folder}”已有其他文件（如 {others[0]}），不会覆盖。请换一个空文件夹。"
            )
        with FileLock(folder / ".lock", timeout=0):
            yield from _next_generation(folder)
    except Timeout as error:
        raise IndexLockedError(f"另一个进程正在写索引“{folder}”。请等它完成后重试。") from error
    except OSError as error:
        raise StoreError(
            f"无法写入索引“{folder}”：{error.strerror or error}。旧索引未受影响；请检查权限和磁盘空间。"
        ) from error


def _next_generation(folder: Path) -> Iterator[Path]:
    for leftover in folder.glob(".new-*"):
        shutil.rmtree(leftover)
    kept = (folder / CURRENT).read_text(encoding="utf-8").strip() if is_index(folder) else ""
    numbers = [int(p.name[4:]) for p in folder.glob("gen-*") if p.name[4:].isdigit()]
    name = f"gen-{max(numbers, default=0) + 1:06d}"
    fresh = folder / f".new-{os.getpid()}"
    fresh.mkdir()
    try:
        yield fresh
        for path in sorted(fresh.rglob("*")):
            _flush(path)
        fresh.rename(folder / name)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    pointer = folder / ".CURRENT.new"
    pointer.write_text(name + "\n", encoding="utf-8")
    _flush(pointer)
    pointer.replace(folder / CURRENT)
    _flush(folder)
    # A reader may have looked up the old name a moment ago: it keeps one generation of grace.
    for old in folder.glob("gen-*"):
        if old.name not in {name, kept}:
            shutil.rmtree(old)


def write_manifest(fresh: Path, make: Callable[[dict[str, str]], Manifest]) -> None:
    """Write the record last, with the checksums of all files that stand in ``fresh``."""
    files = {
        path.relative_to(fresh).as_posix(): _checksum(path)
        for path in sorted(fresh.rglob("*"))
        # Originals bear their checksums as names and are compared when they are asked for.
        if path.is_file() and path.parent.name != originals.FOLDER
    }
    text = json.dumps(asdict(make(files)), ensure_ascii=False, indent=1, sort_keys=True)
    (fresh / MANIFEST).write_text(text + "\n", encoding="utf-8")


def write_documents(fresh: Path, documents: list[Document], outlines: list[Outline]) -> None:
    """Write documents with their text, and their outlines, a line each."""
    _write_lines(
        fresh / DOCUMENTS, ({**asdict(one), "layout": to_row(one.layout)} for one in documents)
    )
    _write_lines(
        fresh / OUTLINES,
        (
            {
                "sections": [
                    [s.title, s.path, *_pair(s.heading), *_pair(s.span), s.inferred]
                    for s in o.sections
                ],
                "parts": [[p.kind, *_pair(p.span)] for p in o.parts],
                "wrapped": o.wrapped,
            }
            for o in outlines
        ),
    )


def write_chunks(fresh: Path, chunks: list[Chunk]) -> None:
    """Write chunks in order of their ids, a line each."""
    _write_lines(
        fresh / CHUNKS,
        ([c.id, c.document_id, c.section, *_pair(c.span), c.kind] for c in chunks),
    )


def write_indicators(fresh: Path, indicators: list[Indicator]) -> None:
    """Write the ledger of figures, a line each."""
    _write_lines(fresh / INDICATORS, (asdict(indicator) for indicator in indicators))


def read_indicators(generation: Path) -> list[Indicator]:
    """Read the ledger of figures in the order of documents and text."""
    return [
        Indicator(
            **{
                **row,
                "period": tuple(row["period"]) if row["period"] else None,
                "value": tuple(row["value"]) if isinstance(row["value"], list) else row["value"],
                "span": Span(**row["span"]),
                "sentence": Span(**row["sentence"]),
            }
        )
        for row in _read_lines(generation / INDICATORS)
    ]


def read_documents(generation: Path) -> list[Document]:
    """Read the documents in order of their ids."""
    rows = _read_lines(generation / DOCUMENTS)
    return [
        Document(
            **{
                **row,
                "period": tuple(row["period"]) if row["period"] else None,
                "damage": tuple(row["damage"]),
                "layout": from_row(row["layout"]),
            }
        )
        for row in rows
    ]


def read_outlines(generation: Path) -> list[Outline]:
    """Read the outlines, in the order of the documents."""
    return [
        Outline(
            tuple(
                Section(title, tuple(path), Span(a, b), Span(c, d), inferred)
                for title, path, a, b, c, d, inferred in row["sections"]
            ),
            tuple(Part(kind, Span(a, b)) for kind, a, b in row["parts"]),
            row["wrapped"],
        )
        for row in _read_lines(generation / OUTLINES)
    ]


def read_chunks(generation: Path) -> list[Chunk]:
    """Read the chunks in order of their ids."""
    return [
        Chunk(number, document, tuple(section), Span(start, end), kind)
        for number, document, section, start, end, kind in _read_lines(generation / CHUNKS)
    ]


def _pair(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _write_lines(path: Path, rows: Any) -> None:  # noqa: ANN401 - any JSON
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


def _read_lines(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            yield json.loads(line)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()[:32]


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
