"""Files and folders → Documents, each under its path below the folder that was named."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.documents import Document
from index.errors import SourceError
from index.metadata import describe, level_of
from index.read import manifest
from index.read.text import decode

SUFFIXES = frozenset({".txt", ".md", ".text"})


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not read, and why, in Chinese."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All documents in order of their ids, and the files that were passed over."""

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...]


def read_sources(sources: Sequence[Path], *, strict: bool = True) -> Reading:
    """Read every text file named in, or below, ``sources``.

    Args:
        sources: files and folders; hidden files are not looked at.
        strict: stop at the first file that cannot be read; otherwise report it as skipped.

    Raises:
        SourceError: a path that does not exist, no readable file at all, two files of one id,
            or, when strict, any file that cannot be read.
    """
    documents: dict[str, Document] = {}
    skipped: list[Skipped] = []
    for source in sources:
        entries = manifest.load(source) if source.is_dir() else {}
        for path, name in _files(source):
            if path.suffix.lower() not in SUFFIXES:
                if path.name != manifest.FILE:
                    expected = "、".join(sorted(SUFFIXES))
                    skipped.append(Skipped(path, f"不支持的格式，应为 {expected}"))
                continue
            if name in documents:
                raise SourceError(
                    f"两个来源中都有“{name}”，无法区分。请把它们放进同一个文件夹的不同子文件夹后再索引。"
                )
            try:
                documents[name] = read_file(path, name, entries.get(name, manifest.Entry()))
            except SourceError as error:
                if strict:
                    raise
                skipped.append(Skipped(path, str(error)))
    if not documents:
        places = "、".join(f"“{source}”" for source in sources)
        raise SourceError(
            f"在 {places} 中没有找到可索引的文本文件（{'、'.join(sorted(SUFFIXES))}）。"
        )
    return Reading(tuple(documents[name] for name in sorted(documents)), tuple(skipped))


def read_file(path: Path, name: str, entry: manifest.Entry) -> Document:
    """Read one file; what the manifest does not say is taken from the text where it says so."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"文件“{path}”无法打开：{error.strerror}。请检查路径和权限。") from error
    text, encoding = decode(data, path)
    found = describe(text, Path(name).stem)
    return Document(
        id=name,
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=encoding,
        title=entry.over("title", found.title),
        region=entry.over("region", found.region),
        level=entry.over("level", level_of(entry.region) or found.level),
        period=entry.over_period(found.period),
        issuer=entry.over("issuer", found.issuer),
        number=entry.over("number", found.number),
        issued=entry.over("issued", found.issued),
        source=entry.source,
        damage=entry.damage,
    )


def _files(source: Path) -> Iterable[tuple[Path, str]]:
    if source.is_file():
        return [(source, source.name)]
    if not source.is_dir():
        raise SourceError(f"找不到“{source}”：应为已有的文件或文件夹。请检查路径。")
    return [
        (path, path.relative_to(source).as_posix())
        for path in sorted(source.rglob("*"))
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(source).parts)
    ]
