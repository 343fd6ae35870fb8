"""The files that documents were read from, kept with the index under their checksums.

A text that was read from a PDF, a Word file, a page or a workbook can be checked only against that
file. So each generation keeps it as ``originals/SHA256.pdf``; the next one links to the same bytes.
"""

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from index.documents import Document
from index.errors import IndexDamagedError

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
    """
    for document in documents:
        name = _name(document)
        if not name or (generation / FOLDER / name).exists():
            continue
        (generation / FOLDER).mkdir(exist_ok=True)
        old = previous / FOLDER / name if previous else None
        if old is not None and old.is_file():
            _link(old, generation / FOLDER / name)
        elif document.id in files:
            shutil.copyfile(files[document.id], generation / FOLDER / name)


def find(generation: Path, document: Document) -> Path | None:
    """Return the original of ``document``, None for one whose text is the file itself.

    Raises:
        IndexDamagedError: it is missing, or is not the file that was read.
    """
    name = _name(document)
    if not name:
        return None
    path = generation / FOLDER / name
    if not path.is_file():
        raise IndexDamagedError(f"索引中缺少“{document.id}”的原件“{path}”。请重新建立索引。")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != document.sha256:
        raise IndexDamagedError(
            f"原件“{path}”已损坏：校验和应为 {document.sha256[:12]}…，实际为 {found[:12]}…。请重新建立索引。"
        )
    return path


def _name(document: Document) -> str:
    layout = document.layout
    if layout is None or layout.format in _AS_THEY_STAND:
        return ""
    return f"{document.sha256}.{layout.format}"


def _link(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except OSError:
        # Not every file system links.
        shutil.copyfile(old, new)
