"""What the commands print: plain text for people, plain dictionaries for programs. Pure."""

import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from index import Document, terms_of
from qa.engine import NOT_FOUND
from qa.models import Answer, Citation, Passage

if TYPE_CHECKING:
    from index import BuildReport, Prefilled

_KINDS = {"contents": "目录", "chrome": "网页或版面控件"}


def build_text(report: "BuildReport") -> str:
    """Say what became of each document."""
    lines = []
    for row in report.coverage:
        lines.append(f"{row.document_id}：{row.characters} 字，入库 {row.share:.1%}")
        for kind, name in _KINDS.items():
            left = [part for part in row.left_out if part.kind == kind]
            if left:
                size = sum(len(part.span) for part in left)
                lines.append(f"    未入库：{name} {len(left)} 处，{size} 字")
    lines += [
        f"{'注意' if one.partial else '跳过'} {one.path}：{one.reason}" for one in report.skipped
    ]
    lines += [f"移出：{name}" for name in report.removed]
    done = f"新分析 {len(report.analysed)} 份" if report.changed else "没有变化"
    lines.append(
        f"共 {report.documents} 份文件、{report.passages} 个段落（{done}）→ {report.folder}"
    )
    return "\n".join(lines)


def build_data(report: "BuildReport") -> dict[str, Any]:
    """The same for programs."""
    return {
        "folder": str(report.folder),
        "passages": report.passages,
        "documents": [
            {
                "file": row.document_id,
                "characters": row.characters,
                "indexed": row.indexed,
                "share": round(row.share, 4),
                "left_out": [
                    {"kind": part.kind, "start": part.span.start, "end": part.span.end}
                    for part in row.left_out
                ],
            }
            for row in report.coverage
        ],
        "skipped": [
            {"file": str(s.path), "reason": s.reason} for s in report.skipped if not s.partial
        ],
        "notes": [{"file": str(s.path), "note": s.reason} for s in report.skipped if s.partial],
        "analysed": list(report.analysed),
        "removed": list(report.removed),
        "changed": report.changed,
    }


_FIELDS = {
    "title": "标题", "region": "地区", "level": "层级", "period": "规划期", "issuer": "发文机关",
    "number": "文号", "issued": "日期",
}  # fmt: skip


def metadata_text(made: "Prefilled") -> str:
    """Where the manifest is, what was filled in, and what a person should look at."""
    lines = [
        f"{file}：{_FIELDS[field]}“{value}”把握不大，请核对" for file, field, value in made.doubtful
    ]
    lines.append(
        f"共 {made.rows} 份文件：新填 {made.added} 项，原有 {made.kept} 项未改动 → {made.path}"
    )
    lines.append("可直接修改清单；确实没有的写“无”。改后重新建立索引即生效。")
    return "\n".join(lines)


def metadata_data(made: "Prefilled") -> dict[str, Any]:
    """The same for programs."""
    return {
        "manifest": str(made.path),
        "documents": made.rows,
        "added": made.added,
        "kept": made.kept,
        "doubtful": [
            {"file": file, "field": field, "value": value} for file, field, value in made.doubtful
        ],
    }


def answer_text(answer: Answer, documents: Mapping[str, Document]) -> str:
    """The answer, its sources with the quoted text, or why there is none."""
    lines = [reading_text(answer)]
    if answer.abstained:
        lines += [f"{NOT_FOUND}：{answer.reason}", "", "最接近的段落（不是答案）："]
        lines += [
            passage_text(p, documents, place) for place, p in enumerate(answer.passages[:3], 1)
        ]
        return "\n".join(line for line in lines if line is not None)
    lines += [answer.text, *([f"（{answer.note}）"] if answer.note else []), "", "来源："]
    for number, citation in enumerate(answer.citations, 1):
        lines += quoted_from(citation, number)
    return "\n".join(lines)


def quoted_from(citation: Citation, number: int) -> list[str]:
    """Where a quotation stands, and the quotation, on two lines."""
    place = " › ".join((f"《{citation.title}》", *citation.section))
    return [f"[{number}] {place}（{_where(citation)}）", f"    {citation.quote.strip()}"]


def _where(citation: Citation) -> str:
    """File, place in the original where it has pages, paragraphs or cells, and characters."""
    span = citation.span
    words = f"第 {span.start}–{span.end} 字"
    return "，".join(part for part in (citation.document_id, citation.place, words) if part)


def reading_text(answer: Answer) -> str:
    """How the question was understood."""
    question = answer.question
    parts = []
    if question.regions:
        parts.append("地区 " + "、".join(region.name for region in question.regions))
    if question.years:
        parts.append("时间 " + "、".join(map(str, question.years)))
    for typed, read in question.corrections:
        parts.append(f"“{typed}”读作“{read}”")
    if terms_of(question.expansions):
        parts.append("联想到 " + "、".join(terms_of(question.expansions)))
    return f"（理解为：{'；'.join(parts)}）" if parts else ""


def place_text(document: Document, section: tuple[str, ...]) -> str:
    """Title and section path."""
    return f"《{document.title}》" + (" › ".join(("", *section)) if section else "")


def passage_text(passage: Passage, documents: Mapping[str, Document], place: int) -> str:
    """One passage of a ranking with its scores."""
    chunk = passage.chunk
    legs = "  ".join(f"{name} {score:.3f}" for name, score in passage.legs.items())
    head = place_text(documents[chunk.document_id], chunk.section)
    where = f"{chunk.document_id}，第 {chunk.span.start}–{chunk.span.end} 字"
    return f"{place}. {head}（{where}）\n   得分 {passage.score:.3f}  {legs}\n   {passage.text.strip()}"


def passage_data(passage: Passage) -> dict[str, Any]:
    """A passage as ``batch`` and ``--json`` give it."""
    return {
        "file": passage.chunk.document_id,
        "start": passage.chunk.span.start,
        "end": passage.chunk.span.end,
        "score": round(passage.score, 6),
    }


def answer_data(answer: Answer) -> dict[str, Any]:
    """An answer as ``--json`` gives it: as ``batch``, with its kind and the section paths."""
    data = {"kind": answer.kind, **batch_data(answer)}
    for row, citation in zip(data["citations"], answer.citations, strict=True):
        row["section"] = list(citation.section)
        if citation.place:
            row["place"] = citation.place
    return data


def batch_data(answer: Answer) -> dict[str, Any]:
    """An answer as ``batch`` gives it, without its id."""
    text = f"{NOT_FOUND}：{answer.reason}" if answer.abstained else answer.text
    return {
        "answer": text,
        "abstained": answer.abstained,
        "passages": [passage_data(passage) for passage in answer.passages],
        "citations": [
            {
                "file": citation.document_id,
                "start": citation.span.start,
                "end": citation.span.end,
                "quote": citation.quote,
            }
            for citation in answer.citations
        ],
    }


def table_row(name: str, *cells: str) -> str:
    """A line of a table in a terminal."""
    return _pad(name, 22, left=True) + "".join(_pad(cell, 14) for cell in cells)


def _pad(text: str, width: int, left: bool = False) -> str:
    """Fill to ``width`` columns of a terminal, where a Chinese character takes two."""
    columns = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    blanks = " " * max(0 if left else 1, width - columns)
    return text + blanks if left else blanks + text
