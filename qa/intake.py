"""Files that a user hands over: named harmlessly, read, and told apart from what is there."""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from index import MAX_BYTES, Document, SourceError, read_sources, suffix_of

# Bytes of a file.
LARGEST = MAX_BYTES
# Files in one go, and bytes of a name, which some systems limit to 255.
MOST = 200
_LONGEST = 150


@dataclass(frozen=True, slots=True)
class Place:
    """The document whose place a file is to take, and what the manifest says of it."""

    name: str
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that can be taken in: where it is staged, its document, what is to be told of it."""

    path: Path
    document: Document
    notes: tuple[str, ...] = ()


def taken_in(
    files: Sequence[Path],
    staging: Path,
    held: Mapping[str, Document],
    progress: Callable[[str, int, int], None],
    instead: Place | None = None,
) -> tuple[list[Incoming], dict[str, str]]:
    """Read ``files`` as documents of a library.

    Args:
        files: the files, as they were handed over; they stay where they are.
        staging: a folder to copy them to.
        held: the documents of the library, by name.
        progress: called with (step in Chinese, done, total) in files.
        instead: where a single file goes.

    Returns:
        What can be taken in, and the names of the others, each with why not.
    """
    found: list[Incoming] = []
    refused: dict[str, str] = {}
    known = {one.sha256: one.id for one in held.values()}
    names = set(held)
    for number, file in enumerate(files):
        progress("读取", number, len(files))
        shown = harmless(file.name)
        try:
            if number >= MOST:
                raise SourceError(f"一次最多放入 {MOST} 份文件。其余的请再放一次。")
            name = _named(file, shown, instead)
            if not instead and name in names:
                raise SourceError(
                    "资料库中已有同名文件。要换成新版本，请打开那份文件，点“换成新版本”。"
                )
            one = _read(file, staging / str(number), name, instead.said if instead else {})
        except SourceError as error:
            refused[shown] = str(error)
            continue
        twin = known.get(one.document.sha256)
        if twin:
            own = instead is not None and twin == instead.name
            same = "换上的文件与现有的完全相同。" if own else f"内容与“{twin}”完全相同。"
            refused[shown] = f"{same}没有重复放入。"
            continue
        known[one.document.sha256] = name
        names.add(name)
        found.append(one)
    progress("读取", len(files), len(files))
    return found, refused


def harmless(name: str) -> str:
    """Return the last part of a file's name, without what could lead elsewhere or hide it."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip().lstrip(".")
    path = PurePosixPath(kept.strip() or "未命名.txt")
    stem, suffix = path.stem, path.suffix[:16]
    while len((stem + suffix).encode()) > _LONGEST:
        stem = stem[:-1]
    return stem + suffix


def _named(file: Path, shown: str, instead: Place | None) -> str:
    """The name that a file gets: with the suffix of its kind, and the place that it takes."""
    suffix = suffix_of(_head(file), Path(shown))
    if instead is None:
        return shown if suffix == PurePosixPath(shown).suffix else shown + suffix
    old = PurePosixPath(instead.name)
    return instead.name if old.suffix.lower() == suffix.lower() else f"{old.with_suffix(suffix)}"


def _head(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise SourceError(
                f"文件有 {file.stat().st_size // 2**20} MB，超过上限 {LARGEST // 2**20} MB。请拆成几个文件。"
            )
        return file.read_bytes()
    except OSError as error:
        raise SourceError(f"文件无法打开：{error.strerror}。请重新选择。") from error


def _read(file: Path, folder: Path, name: str, said: Mapping[str, Any]) -> Incoming:
    """Read a copy of ``file`` under its ``name``, as a folder that holds it alone is read."""
    path = folder / name
    path.parent.mkdir(parents=True)
    shutil.copyfile(file, path)
    if said:
        rows = {"documents": [{**said, "file": name}]}
        (folder / "manifest.json").write_text(json.dumps(rows), encoding="utf-8")
    try:
        reading = read_sources([folder])
    except SourceError as error:
        raise SourceError(_plain(str(error), path)) from error
    notes = tuple(f"{name}：{_plain(one.reason, path)}" for one in reading.skipped)
    return Incoming(path, reading.documents[0], notes)


def _plain(told: str, path: Path) -> str:
    """Without the folder, which is no business of the reader."""
    return told.replace(f"文件“{path}”", "文件").replace(str(path), path.name)
