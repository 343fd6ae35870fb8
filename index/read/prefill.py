"""``manifest.json`` prefilled with what was read, for a person to check; edits are never lost."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.documents import Document
from index.errors import SourceError
from index.metadata import Description, describe
from index.read import manifest
from index.read.folder import read_sources

FIELDS = ("title", "region", "level", "period", "issuer", "number", "issued")
BY_HAND = "人工"


@dataclass(frozen=True, slots=True)
class Prefilled:
    """The manifest as written.

    ``rows`` has one row a document; ``added`` counts the values that were filled in, ``kept`` those
    that stood there already; ``doubtful`` lists (file, field, value) of low confidence.
    """

    path: Path
    rows: int
    added: int
    kept: int
    doubtful: tuple[tuple[str, str, str], ...]


def prefill(folder: Path) -> Prefilled:
    """Write what was read of each document in ``folder`` into its manifest, with how sure it is.

    Values that stand there stay as they are, and so do rows and keys of other kinds; only what is
    empty or missing is filled in. ``confidence`` says 高, 中 or 低 for what was read, and 人工
    where the value differs from it.

    Raises:
        SourceError: not a folder, a file or a manifest that cannot be read or written.
    """
    if not folder.is_dir():
        raise SourceError(f"“{folder}”不是文件夹：应为放来源文件的文件夹。请检查路径。")
    content = manifest.content(folder)
    rows: list[dict[str, Any]] = content["documents"]
    known = {row["file"]: row for row in rows}
    added = kept = 0
    doubtful: list[tuple[str, str, str]] = []
    for document in read_sources([folder], strict=False).documents:
        row = known.get(document.id)
        if row is None:
            row = {"file": document.id}
            rows.append(row)
        before = sum(_is_said(row.get(field)) for field in FIELDS)
        _fill(row, document, describe(document.text, Path(document.id).stem))
        kept += before
        added += sum(_is_said(row.get(field)) for field in FIELDS) - before
        doubtful += [
            (document.id, field, str(row[field]))
            for field, sure in row["confidence"].items()
            if sure == "低"
        ]
    manifest.write(folder, content)
    return Prefilled(folder / manifest.FILE, len(rows), added, kept, tuple(doubtful))


def _fill(row: dict[str, Any], document: Document, found: Description) -> None:
    confidence: dict[str, str] = {}
    for field in FIELDS:
        reading = found.readings.get(field)
        if not _is_said(row.get(field)):
            value = getattr(document, field)
            row[field] = list(value) if isinstance(value, tuple) else value
        if not _is_said(row[field]):
            continue
        if field == "title" and document.layout and row[field] == document.layout.title != "":
            # Set as the title in the file, by its style or size.
            confidence[field] = "中"
            continue
        same = reading is not None and reading.value == _shown(row[field])
        confidence[field] = reading.confidence if reading is not None and same else BY_HAND
    row["confidence"] = confidence


def _is_said(value: object) -> bool:
    return value not in (None, "", [])


def _shown(value: object) -> str:
    return "-".join(map(str, value)) if isinstance(value, list) else str(value)
