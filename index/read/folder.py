"""Files and folders → Documents, each under its path below the folder that was named."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.documents import Document, Layout
from index.errors import SourceError
from index.metadata import describe, level_of
from index.read import manifest, walk
from index.read.compose import Extract
from index.read.formats import MAX_BYTES, SUFFIXES, format_of, why_not
from index.read.guard import Guard
from index.read.text import decode


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not read, and why, in Chinese; ``partial`` if it was, but lacks something."""

    path: Path
    reason: str
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A file that is to be read, its id, and what the manifest says of it."""

    path: Path
    name: str
    entry: manifest.Entry


@dataclass(frozen=True, slots=True)
class Reading:
    """All documents in order of their ids, what was passed over, and the file of each document."""

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...]
    files: Mapping[str, Path] = field(default_factory=dict)


def read_sources(sources: Sequence[Path], *, strict: bool = True) -> Reading:
    """Read every text file named in, or below, ``sources``.

    Args:
        sources: files and folders; hidden files are not looked at.
        strict: stop at the first file that cannot be read; otherwise report it as skipped.

    Raises:
        SourceError: a path that does not exist, no readable file at all, two files of one id,
            or, when strict, any file that cannot be read.
    """
    listed, skipped = list_sources(sources)
    reading = read_listed(listed, strict=strict)
    skipped += reading.skipped
    if not reading.documents:
        raise nothing_found(sources, skipped)
    return Reading(reading.documents, tuple(skipped), reading.files)


def list_sources(sources: Sequence[Path]) -> tuple[list[Listed], list[Skipped]]:
    """Return the files below ``sources`` that can be read, and those that are passed over.

    Raises:
        SourceError: a path that does not exist, two files of one id, a manifest that is wrong.
    """
    listed: dict[str, Listed] = {}
    skipped: list[Skipped] = []
    for source in sources:
        entries = manifest.load(source) if source.is_dir() else {}
        for path, name, why in walk.files(source):
            if why:
                skipped.append(Skipped(walk.shown(path), why))
                continue
            if path.suffix.lower() not in SUFFIXES:
                if path.name != manifest.FILE:
                    skipped.append(Skipped(path, why_not(path)))
                continue
            if name in listed:
                raise SourceError(
                    f"两个来源中都有“{name}”，无法区分。请把它们放进同一个文件夹的不同子文件夹后再索引。"
                )
            listed[name] = Listed(path, name, entries.get(name, manifest.Entry()))
    return list(listed.values()), skipped


def read_listed(listed: Iterable[Listed], *, strict: bool = True) -> Reading:
    """Read files that :func:`list_sources` gave; none is no error.

    Raises:
        SourceError: when strict, a file that cannot be read.
    """
    documents: dict[str, Document] = {}
    files: dict[str, Path] = {}
    skipped: list[Skipped] = []
    with Guard() as guard:
        for one in listed:
            try:
                document, notes = _read_file(one.path, one.name, one.entry, guard)
            except SourceError as error:
                if strict:
                    raise
                skipped.append(Skipped(one.path, str(error)))
                continue
            documents[one.name], files[one.name] = document, one.path
            skipped += [Skipped(one.path, note, partial=True) for note in notes]
    return Reading(tuple(documents[name] for name in sorted(documents)), tuple(skipped), files)


def nothing_found(sources: Sequence[Path], skipped: Sequence[Skipped]) -> SourceError:
    """What to say when there is nothing to index."""
    places = "、".join(f"“{source}”" for source in sources)
    return SourceError(
        f"在 {places} 中没有找到可索引的文件（{'、'.join(sorted(SUFFIXES))}）。"
        + "".join(f"\n{one.path}：{one.reason}" for one in skipped[:5])
    )


def read_file(path: Path, name: str, entry: manifest.Entry) -> Document:
    """Read one file; what the manifest does not say is taken from the text where it says so."""
    with Guard() as guard:
        return _read_file(path, name, entry, guard)[0]


def _read_file(
    path: Path, name: str, entry: manifest.Entry, guard: Guard
) -> tuple[Document, tuple[str, ...]]:
    """Return the document of one file, and notes in Chinese on what it lacks."""
    data = _bytes(path)
    if not data.strip():
        decode(data, path)
    kind, note = format_of(data, path)
    read = Extract(*decode(data, path)) if kind == "text" else guard.read(path, kind)
    notes = tuple(filter(None, (note, *read.notes)))
    document = Document(
        id=name,
        text=read.text,
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=read.encoding,
        source=entry.source,
        damage=(*entry.damage, *notes),
        layout=read.layout,
        **described(read.text, read.layout, name, entry),
    )
    return document, notes


def described(text: str, layout: Layout | None, name: str, entry: manifest.Entry) -> dict[str, Any]:
    """The metadata of a document: what ``entry`` says, else what its text, file or name says."""
    found = describe(text, Path(name).stem)
    title = layout.title if layout else ""
    return {
        "title": entry.over("title", title or found.title),
        "region": entry.over("region", found.region),
        "level": entry.over("level", level_of(entry.region) or found.level),
        "period": entry.over_period(found.period),
        "issuer": entry.over("issuer", found.issuer),
        "number": entry.over("number", found.number),
        "issued": entry.over("issued", found.issued),
    }


def _bytes(path: Path) -> bytes:
    try:
        size = walk.plain(path).st_size
        if size > MAX_BYTES:
            raise SourceError(
                f"文件“{path}”有 {size // 2**20} MB，超过上限 {MAX_BYTES // 2**20} MB。请拆成几个文件后再索引。"
            )
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"文件“{path}”无法打开：{error.strerror}。请检查路径和权限。") from error
