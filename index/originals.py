"""The files that documents were read from, kept with the index under their checksums.

A text that was read from a PDF, a Word file, a page or a workbook can be checked only against that
file. So each generation keeps it as ``originals/SHA256.pdf``; the next one links to the same bytes.
They are compared with their checksums when they are asked for and when they are handed on, not when
an index is opened: they are large, and no answer depends on them.
"""

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from index.documents import Document
from index.errors import IndexDamagedError, SourceError

FOLDER = "originals"
_AS_THEY_STAND = frozenset({"markdown"})  # their text is the file


def keep(
    generation: Path,
    previous: Path | None,
    documents: Sequence[Document],
    files: Mapping[str, Path],
) -> None:
    """Keep the originals of ``documents`` in ``generation``, which is being written.

    Args:
        generation: where to keep them.
        previous: the generation before, whose originals need not be copied again.
        documents: what is indexed.
        files: the file of each document, by its id, as far as they were read in this run.

    Raises:
        SourceError: a file is no longer what was read.
        IndexDamagedError: an original is neither at hand nor whole in ``previous``.
    """
    for document in documents:
        name = _name(document)
        if not name or (generation / FOLDER / name).exists():
            continue
        (generation / FOLDER).mkdir(exist_ok=True)
        old = previous / FOLDER / name if previous else None
        if old is not None and _is_whole(old, document):
            _link(old, generation / FOLDER / name)
        elif document.id in files:
            _copy(files[document.id], generation / FOLDER / name, document)
        elif old is not None:
            raise _damage(old, document)


def are_whole(generation: Path, documents: Sequence[Document]) -> bool:
    """Whether ``generation`` keeps the originals of all ``documents``, as they were read."""
    return all(
        _is_whole(generation / FOLDER / _name(document), document)
        for document in documents
        if is_kept(document)
    )


def is_kept(document: Document) -> bool:
    """Whether the text of ``document`` is not the file itself, so that the file is kept."""
    return bool(_name(document))


def find(generation: Path, document: Document) -> Path | None:
    """Return the original of ``document``, None for one whose text is the file itself.

    Raises:
        IndexDamagedError: it is missing, or is not the file that was read.
    """
    name = _name(document)
    if not name:
        return None
    path = generation / FOLDER / name
    if not _is_whole(path, document):
        raise _damage(path, document)
    return path


def _name(document: Document) -> str:
    layout = document.layout
    if layout is None or layout.format in _AS_THEY_STAND:
        return ""
    return f"{document.sha256}.{layout.format}"


def _is_whole(path: Path, document: Document) -> bool:
    return path.is_file() and _checksum(path) == document.sha256


def _damage(path: Path, document: Document) -> IndexDamagedError:
    if not path.is_file():
        return IndexDamagedError(f"索引中缺少“{document.id}”的原件“{path}”。请重新建立索引。")
    return IndexDamagedError(
        f"“{document.id}”的原件“{path}”已损坏：校验和应为 {document.sha256[:12]}…，"
        f"实际为 {_checksum(path)[:12]}…。请重新建立索引。"
    )


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(path: Path, new: Path, document: Document) -> None:
    if path.is_file():
        shutil.copyfile(path, new)
        if _checksum(new) == document.sha256:
            return
    raise SourceError(f"文件“{path}”在读入以后有改动或已移走。旧索引未受影响；请重新运行。")


def _link(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except OSError:
        # Not every file system links.
        shutil.copyfile(old, new)
