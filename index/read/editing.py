"""Metadata of one document, set right by a person: checked, and told in the manifest.

The manifest gets only what differs from what is read of the text, so that all else follows the
text when the file is replaced.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index import regions
from index.documents import Document, Span
from index.errors import InputError
from index.metadata import describe
from index.read import manifest
from index.read.folder import described
from index.read.prefill import BY_HAND, FIELDS

LONGEST = 200
_PERIOD = re.compile(r"(\d{4})\s*(?:[-—–~～至]+\s*(\d{4}))?\s*年?")
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True)
class Particular:
    """A field of the metadata: its value as text, how sure it is, and where the text says it.

    ``confidence`` is 高, 中 or 低; 人工 where a person said it; "" where there is none.
    """

    field: str
    value: str
    confidence: str
    span: Span | None = None


def particulars(document: Document) -> tuple[Particular, ...]:
    """Return the metadata of ``document``, field by field, each with how sure it is."""
    read = describe(document.text, Path(document.id).stem).readings
    told = document.layout.title if document.layout else ""
    found = []
    for field in FIELDS:
        value = _text(getattr(document, field))
        reading = read.get(field)
        if not value:
            found.append(Particular(field, "", BY_HAND if reading else ""))
        elif field == "title" and value == told:
            # Set as the title in the file, by its style or size.
            found.append(Particular(field, value, "中"))
        elif reading is not None and reading.value == value:
            found.append(Particular(field, value, reading.confidence, reading.span))
        else:
            found.append(Particular(field, value, BY_HAND))
    return tuple(found)


def edited(document: Document, values: Mapping[str, str]) -> Document:
    """Return ``document`` with ``values`` for some of its fields; "" for what it does not have.

    Raises:
        InputError: a value that cannot be, with what it should be.
    """
    checked: dict[str, Any] = {}
    for field, given in values.items():
        if field not in FIELDS:
            raise InputError(f"元数据没有“{field}”这一项。应为：{'、'.join(FIELDS)}。")
        value = " ".join(given.split())
        if len(value) > LONGEST:
            raise InputError(f"“{value[:20]}…”有 {len(value)} 字，太长：应不超过 {LONGEST} 字。")
        if value == manifest.NONE:
            value = ""
        checked[field] = _CHECKS.get(field, str)(value)
    if checked.get("title", document.title) == "":
        raise InputError("标题不能空着。请写文件的标题。")
    return replace(document, **checked)


def tell(folder: Path, document: Document, besides: Mapping[str, Any] | None = None) -> None:
    """Make the manifest of ``folder`` say what is said of ``document`` and its text does not.

    Args:
        folder: the sources, the document's file among them.
        document: as it is to be read from now on.
        besides: a row that was withdrawn, whose other keys are to be kept.

    Raises:
        SourceError: the manifest cannot be read or written.
    """
    content = manifest.content(folder)
    rows = content["documents"]
    row = next((one for one in rows if one["file"] == document.id), None)
    fresh = _row(document, row or {**(besides or {}), "file": document.id})
    if row is not None:
        rows[rows.index(row)] = fresh
    else:
        rows.append(fresh)
    content["documents"] = [one for one in rows if set(one) != {"file"}]
    manifest.write(folder, content)


def withdraw(folder: Path, name: str) -> dict[str, Any]:
    """Take what the manifest of ``folder`` says of the document ``name`` out of it; return it.

    Raises:
        SourceError: the manifest cannot be read or written.
    """
    content = manifest.content(folder)
    taken = [row for row in content["documents"] if row["file"] == name]
    if taken:
        content["documents"] = [row for row in content["documents"] if row["file"] != name]
        manifest.write(folder, content)
    return taken[0] if taken else {}


def _row(document: Document, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row without the fields that are read rightly, and with those that are not."""
    said = {key: value for key, value in row.items() if key not in {*FIELDS, "confidence"}}
    # The level follows the region, so that the region comes first.
    for field in ("region", *(one for one in FIELDS if one != "region")):
        entry = manifest.entry_of(said)
        read = described(document.text, document.layout, document.id, entry)[field]
        value = getattr(document, field)
        if value != read:
            said[field] = (list(value) if isinstance(value, tuple) else value) or manifest.NONE
    return said


def _text(value: Any) -> str:  # noqa: ANN401 - a field of any kind
    return "-".join(map(str, value)) if isinstance(value, tuple) else str(value or "")


def _period(value: str) -> tuple[int, int] | None:
    if not value:
        return None
    found = _PERIOD.fullmatch(value)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if not 1900 <= first <= last <= 2200:
        raise InputError(f"规划期“{value}”不对：应写起止年份，例如 2021-2035。")
    return first, last


def _date(value: str) -> str:
    if value and not _DATE.fullmatch(value):
        raise InputError(f"日期“{value}”不对：应为 2022-07-15、2022-07 或 2022。")
    return value


def _region(value: str) -> str:
    if value and regions.resolve(value) is None:
        raise InputError(f"不认识地区“{value}”。请写行政区划名称，例如：济南市、历城区、全国。")
    return value


def _level(value: str) -> str:
    if value and value not in LEVELS:
        raise InputError(f"层级“{value}”不对：应为 {'、'.join(LEVELS)}。")
    return value


LEVELS = tuple(regions.LEVELS.values())
_CHECKS = {"period": _period, "issued": _date, "region": _region, "level": _level}
