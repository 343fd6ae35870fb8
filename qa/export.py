"""Sources as references: GB/T 7714-2015 by a CSL processor, and CSL-JSON for other programs."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index import Document

STYLE = Path(__file__).parent / "data" / "gb-t-7714-2015.csl"
_URL = re.compile(r"https?://[^\s，。；、）)]+")


def csl_json(documents: Sequence[Document]) -> list[dict[str, Any]]:
    """Return ``documents`` as CSL-JSON items, in order; what a document does not say is left out.

    A document with a number (发文字号) is ``legislation``, a work report ``report``, one whose source
    is an address ``webpage``, any other ``document``.
    """
    return [_item(f"d{at}", document) for at, document in enumerate(documents, 1)]


def _item(name: str, document: Document) -> dict[str, Any]:
    url = _URL.search(document.source)
    kind = "webpage" if url else "document"
    if document.number:
        kind = "legislation"
    elif "报告" in document.title:
        kind = "report"
    item: dict[str, Any] = {
        "id": name,
        "type": kind,
        "title": document.title,
        "language": "zh-CN",
        "number": document.number,
        "author": [{"literal": document.issuer}] if document.issuer else None,
        "URL": url.group() if url else None,
        "note": f"guiwen:{document.id}",
    }
    date = [int(part) for part in re.findall(r"\d+", document.issued)[:3]]
    if date:
        item["issued"] = {"date-parts": [date]}
    return {key: value for key, value in item.items() if value}


def references(documents: Sequence[Document]) -> list[str]:
    """Return the numbered reference list of ``documents``: [1] 发布机构. 标题：文号[A]. 日期.

    Formatted by citeproc-py in the style of ``STYLE``.
    """
    if not documents:
        return []
    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON

    # A note is for the programs that read CSL-JSON; the processor knows no such type as document.
    items = [
        {
            **{key: value for key, value in item.items() if key not in {"note", "language"}},
            "type": "manuscript" if item["type"] == "document" else item["type"],
        }
        for item in csl_json(documents)
    ]
    style = CitationStylesStyle(str(STYLE), validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    for item in items:
        bibliography.register(Citation([CitationItem(item["id"])]))
    return [_tidy(str(entry)) for entry in bibliography.bibliography()]


def _tidy(entry: str) -> str:
    """One full stop at the end, no blanks before marks."""
    return re.sub(r"\s+", " ", re.sub(r"\.{2,}", ".", entry)).strip()
