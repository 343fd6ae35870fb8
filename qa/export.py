"""Sources as references: GB/T 7714-2015 by a CSL processor, and CSL-JSON for other programs."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index import Document

STYLE = Path(__file__).parent / "data" / "gb-t-7714-2015.csl"
_URL = re.compile(r"https?://[^\s，。；、）)]+")
# 《人民日报》2023年1月12日第5版: the paper, and its page.
_PAPER = re.compile(r"(?:^|[《，。；、\s])([\u4e00-\u9fff]{1,10}报)(?:[》，。；、\s\d第（(]|$)")
_PAGE = re.compile(r"第?\s*0*(\d{1,3})\s*版")
_READ = re.compile(
    r"(?:引用|访问|查阅|获取|下载|检索)(?:日期|时间|于)?[：:]?\s*(\d{4})[-年./](\d{1,2})[-月./](\d{1,2})"
    r"|(\d{4})[-年./](\d{1,2})[-月./](\d{1,2})日?\s*(?:引用|访问|查阅|获取|下载|检索)"
)
_SITE = re.compile(r"网站?(?:转载|报道|发布|刊发|公布|$)")
_ORGAN = re.compile(
    r"(?:人民政府|国务院|人民代表大会|[省市区县州旗]委|办公[厅室]|委员会|[部厅局])(?:办公[厅室])?$"
)
_GENRE = re.compile(
    r"(?:规划|计划|方案|纲要|意见|通知|办法|决定|规定|条例|细则|公告|通报|批复|复函|答复|措施|要点)(?:[（(《]|全文|$)"
)
# 甲厅、乙委 issued it together.
_TOGETHER = re.compile(r"[、,，;；]\s*|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")


def csl_json(documents: Sequence[Document]) -> list[dict[str, Any]]:
    """Return ``documents`` as CSL-JSON items, in order; what a document does not say is left out.

    A document with a number (发文字号), or one of a kind that organs of the state issue, is
    ``legislation``, a work report ``report``, one that a newspaper printed ``article-newspaper``,
    one that stands on the web ``webpage``, any other ``document``.
    """
    return [_item(f"d{at}", document) for at, document in enumerate(documents, 1)]


def _item(name: str, document: Document) -> dict[str, Any]:
    url = _URL.search(document.source)
    kind = _kind(document, bool(url))
    paper = _paper(document) if kind == "article-newspaper" else ""
    page = _PAGE.search(document.source) if paper else None
    issuers = [part for part in _TOGETHER.split(document.issuer) if part and part != paper]
    item: dict[str, Any] = {
        "id": name,
        "type": kind,
        "title": document.title,
        "language": "zh-CN",
        "number": document.number,
        "author": [{"literal": issuer} for issuer in issuers],
        "container-title": paper,
        "page": page.group(1) if page else "",
        "URL": url.group() if url else None,
        "note": f"guiwen:{document.id}",
    }
    dates = {"issued": _date(document.issued), "accessed": _read_on(document.source)}
    item |= {key: {"date-parts": [date]} for key, date in dates.items() if date}
    return {key: value for key, value in item.items() if value}


def _kind(document: Document, online: bool) -> str:
    if document.number:
        return "legislation"
    if document.title.endswith("工作报告") or re.search(r"报告[（(]|报告全文", document.title):
        return "report"
    if _paper(document):
        return "article-newspaper"
    issued = all(_ORGAN.search(part) for part in _TOGETHER.split(document.issuer))
    if document.issuer and issued and _GENRE.search(document.title):
        return "legislation"
    if online or _SITE.search(document.source) or _SITE.search(document.issuer):
        return "webpage"
    return "document"


def _paper(document: Document) -> str:
    """The newspaper that printed it, by the source or the issuer; 汇报 and 通报 are none."""
    for text in (document.source, document.issuer):
        for match in _PAPER.finditer(text):
            if not re.search(r"(?:汇|通|简|公|申|上|填|海|预|举|播|情|战|警|捷)报$", match[1]):
                return match[1]
    return ""


def _date(text: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", text)[:3]]


def _read_on(source: str) -> list[int]:
    """The day on which the source says that it was read."""
    found = _READ.search(source)
    return [int(part) for part in found.groups() if part] if found else []


def references(documents: Sequence[Document]) -> list[str]:
    """Return the numbered reference list of ``documents``: [1] 发布机构. 标题: 文号[A]. 日期.

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
