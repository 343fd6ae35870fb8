"""The index on disk: generations in a folder, each checksummed, moved in whole.

``DIR/CURRENT`` names the generation in use and seals its manifest, which seals all other files;
``DIR/gen-000001/`` holds it. A writer makes the next generation beside the old one and replaces
``CURRENT`` in one step, so that a build killed at any moment leaves the old index in use. One
writer at a time; readers never wait.

An open index needs its folder no more: what it has not read into memory it has mapped, and a mapped
file lives on after it is removed. (Originals alone are opened when asked for, in the generation
that is in use then.) So a writer removes what is not in use, but for the generation
that was in use before: a reader that is just opening it finds it whole. Should two writers come
by meanwhile, that reader sees that ``CURRENT`` has moved on and opens again. (Windows does not
remove a mapped file; it stays until a later writer can.)
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from index import checked, originals
from index.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    StoreError,
)

FORMAT = 3
CURRENT = "CURRENT"
MANIFEST = "manifest.json"
CACHE = ".cache"

# Name and seal of the generation, and a checksum of both; the first format had the name alone.
_POINTER = re.compile(r"(gen-\d{6,})(?: ([0-9a-f]{32}) ([0-9a-f]{8}))?\n")


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


def pointer(folder: Path) -> str:
    """Return the content of ``CURRENT``: it changes when another generation comes into use.

    Raises:
        IndexMissingError: no such folder, or a folder that is no index.
    """
    if not folder.is_dir():
        raise IndexMissingError(
            f"索引文件夹“{folder}”不存在。请先运行 guiwen index 来源… -o {folder} 建立索引。"
        )
    if not is_index(folder):
        begun = "上次建立没有完成；再次运行会接着做。" if (folder / CACHE).is_dir() else ""
        raise IndexMissingError(
            f"“{folder}”不是规问的索引：缺少 {CURRENT} 文件。{begun}"
            f"请检查 --index 的路径，或运行 guiwen index 来源… -o {folder}。"
        )
    return _read(folder / CURRENT).decode(errors="replace")


def current(folder: Path) -> Path:
    """Return the generation in use.

    Raises:
        IndexMissingError: no such folder, or a folder that is no index.
        IndexDamagedError: ``CURRENT`` is not as it was written.
    """
    return _pointed(folder)[0]


def opened(folder: Path) -> tuple[Path, Manifest]:
    """Return the generation in use and its record, the record compared with its seal.

    Raises:
        IndexMissingError: no such folder, or a folder that is no index.
        IndexDamagedError: pointer or record are missing or not as they were written.
        IndexMismatchError: of another format.
    """
    generation, seal = _pointed(folder)
    if seal:
        _compare(generation / MANIFEST, seal)
    manifest = _manifest(generation)
    if not seal:
        raise _damaged(folder / CURRENT, "没有校验和")
    return generation, manifest


def _pointed(folder: Path) -> tuple[Path, str]:
    """The generation in use and the checksum of its manifest, "" in the first format."""
    found = _POINTER.fullmatch(pointer(folder))
    if not found or (found[2] and _short(f"{found[1]} {found[2]}") != found[3]):
        raise _damaged(folder / CURRENT, "内容与校验和不符")
    generation = folder / found[1]
    if not generation.is_dir():
        raise IndexDamagedError(
            f"索引“{folder}”已损坏：{CURRENT} 指向的“{found[1]}”不存在。请重新建立索引。"
        )
    return generation, found[2] or ""


def _manifest(generation: Path) -> Manifest:
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
        _compare(generation / name, expected)


def verify_once(generation: Path, manifest: Manifest) -> None:
    """Do the same, but for large files that are as they were when they were last compared.

    Raises:
        IndexDamagedError: names the first file that is missing or differs.
    """
    seal = _checksum(generation / MANIFEST)
    before = checked.known(generation.parent, seal)
    found = checked.stamps(generation, manifest.files)
    for name, expected in sorted(manifest.files.items()):
        if name not in found or found[name] != before.get(name):
            _compare(generation / name, expected)
    if found != before:
        checked.note(generation.parent, seal, found)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Be the one writer of the index in ``folder``, which is made if it is not there.

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
            yield
    except Timeout as error:
        raise IndexLockedError(f"另一个进程正在写索引“{folder}”。请等它完成后重试。") from error
    except OSError as error:
        raise StoreError(
            f"无法写入索引“{folder}”：{error.strerror or error}。旧索引未受影响；请检查权限和磁盘空间。"
        ) from error


@contextmanager
def next_generation(folder: Path) -> Iterator[Path]:
    """Give a fresh folder for the next generation; it comes into use when the block succeeds.

    The block writes the manifest last. Only inside :func:`writing`.
    """
    for leftover in folder.glob(".new-*"):
        shutil.rmtree(leftover)
    found = _POINTER.fullmatch(pointer(folder)) if is_index(folder) else None
    kept = found[1] if found else ""
    numbers = [int(p.name[4:]) for p in folder.glob("gen-*") if p.name[4:].isdigit()]
    name = f"gen-{max(numbers, default=0) + 1:06d}"
    fresh = folder / f".new-{os.getpid()}"
    fresh.mkdir()
    try:
        yield fresh
        for path in [*sorted(fresh.rglob("*")), fresh]:
            _flush(path)
        fresh.rename(folder / name)
        _flush(folder)
        _point(folder, name)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        if not is_index(folder) or name not in pointer(folder):
            shutil.rmtree(folder / name, ignore_errors=True)
        raise
    # Their checksums have just been found.
    made = folder / name
    checked.note(folder, _checksum(made / MANIFEST), checked.stamps(made, _manifest(made).files))
    for old in folder.glob("gen-*"):
        if old.name not in {name, kept}:
            shutil.rmtree(old, ignore_errors=True)


def _point(folder: Path, name: str) -> None:
    """Bring the generation ``name`` into use, in one step."""
    named = f"{name} {_checksum(folder / name / MANIFEST)}"
    fresh = folder / ".CURRENT.new"
    fresh.write_text(f"{named} {_short(named)}\n", encoding="utf-8")
    _flush(fresh)
    fresh.replace(folder / CURRENT)
    _flush(folder)


def write_manifest(fresh: Path, make: Callable[[dict[str, str]], Manifest]) -> None:
    """Write the record last, with the checksums of all files that stand in ``fresh``."""
    files = {
        path.relative_to(fresh).as_posix(): _checksum(path)
        for path in sorted(fresh.rglob("*"))
        # Originals bear their checksums as names, see ``originals``.
        if path.is_file() and path.parent.name != originals.FOLDER
    }
    text = json.dumps(asdict(make(files)), ensure_ascii=False, indent=1, sort_keys=True)
    (fresh / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _compare(path: Path, expected: str) -> None:
    if not path.is_file():
        raise IndexDamagedError(f"索引文件“{path}”缺失。请重新建立索引。")
    found = _checksum(path)
    if found != expected:
        raise _damaged(path, f"校验和应为 {expected[:12]}…，实际为 {found[:12]}…")


def _damaged(path: Path, how: str) -> IndexDamagedError:
    return IndexDamagedError(f"索引文件“{path}”已损坏：{how}。请重新建立索引。")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StoreError(
            f"索引文件“{path}”无法打开：{error.strerror}。请检查路径和权限。"
        ) from error


def _checksum(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "blake2b").hexdigest()[:32]
    except OSError as error:
        raise IndexDamagedError(
            f"索引文件“{path}”无法读取：{error.strerror}。请检查权限，或重新建立索引。"
        ) from error


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode()).hexdigest()[:8]


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
