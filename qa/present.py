"""Answers, passages and documents as HTML for a chat. Pure; every text is escaped here.

The chat sanitises what it shows and drops ``data-`` and ``aria-`` attributes, so a button carries
what it opens or copies in ``value`` and its label in ``title``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from zlib import crc32

from index import (
    Document,
    Index,
    InputError,
    Region,
    Section,
    Span,
    normalise,
    terms_of,
)
from qa.cite import cited, section_path
from qa.engine import NOT_FOUND
from qa.models import Answer, Citation, Filters, Passage, Question, Statement

# Characters of a source shown before and after the cited span, of a question, of nearest passages.
AROUND = 60_000
ECHO = 300
NEAREST = 3

_INTENTS = {
    "figure": "查数值", "comparison": "作比较", "outline": "查章节", "metadata": "查文件信息",
    "definition": "查定义", "list": "列事项", "measures": "查举措", "passage": "查段落",
}  # fmt: skip
_LEGS = {"bm25": "词语匹配（BM25）", "dense": "语义相近（向量）", "late": "逐词语义"}
_TARGET = re.compile(r"(.+)#(\d{1,9})-(\d{1,9})(?:~([0-9a-f]{8}))?", re.S)
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")

Documents = Mapping[str, Document]


@dataclass(frozen=True, slots=True)
class Facets:
    """What a search can be limited to: documents as (title, id), regions and years."""

    documents: tuple[tuple[str, str], ...]
    regions: tuple[str, ...]
    years: tuple[int, ...]


def facets(documents: Iterable[Document]) -> Facets:
    """Return what ``documents`` offer to limit a search to."""
    held = list(documents)
    years = {int(year) for document in held for year in _YEAR.findall(document.text)}
    return Facets(
        documents=tuple((document.title, document.id) for document in held),
        regions=tuple(dict.fromkeys(d.region for d in held if d.region)),
        years=tuple(sorted(years)),
    )


def asked(text: str) -> str:
    """Return the user's question as shown in the chat, cut when it is very long."""
    if not text.strip():
        return '<div class="gw-asked gw-quiet">（没有输入）</div>'
    shown = text if len(text) <= ECHO else f"{text[:ECHO]}……（共 {len(text)} 字）"
    return f'<div class="gw-asked">{escape(shown)}</div>'


def waiting() -> str:
    """Return what stands in the chat until the first statement comes."""
    return '<div class="gw-answer gw-quiet">正在查找……</div>'


def problem(message: str) -> str:
    """Return a failure, told in plain words."""
    return f'<div class="gw-answer gw-problem"><p>{escape(message)}</p></div>'


def stream(answer: Answer, documents: Documents, filters: Filters | None = None) -> Iterator[str]:
    """Yield ``answer`` statement by statement; the last one is complete, with its evidence."""
    head = reading(answer.question, filters or Filters())
    if answer.abstained:
        yield _answer(head, _refusal(answer, documents))
        return
    for shown in range(1, len(answer.statements)):
        yield _answer(head, _statements(answer, documents, answer.statements[:shown]))
    yield _answer(
        head,
        _statements(answer, documents, answer.statements),
        _references(answer, documents),
        _folded("相关段落", answer.passages, documents),
    )


def live(
    answers: Iterable[Answer], documents: Documents, filters: Filters | None = None
) -> Iterator[str]:
    """Yield a growing answer as HTML: the first statement by statement, each later one whole."""
    for number, answer in enumerate(answers):
        steps = list(stream(answer, documents, filters))
        yield from steps if number == 0 else steps[-1:]


def reading(question: Question, filters: Filters) -> str:
    """Return how the question was understood: region, time, intent, and what was carried over."""
    region = "、".join(r.name for r in question.regions)
    if filters.lift_regions:
        region = f"不限（问题中的{region}未作限制）" if region else "不限"
    parts = [
        ("地区", region or "未指定"),
        ("时间", "、".join(f"{year}年" for year in question.years) or "未指定"),
        ("意图", _INTENTS.get(question.intent, question.intent)),
    ]
    if question.unknown:
        parts.append(("未收录", _names(question.unknown)))
    if terms_of(question.expansions):
        parts.append(("联想到", "、".join(terms_of(question.expansions))))
    if question.search != normalise(question.text).text:
        parts.append(("理解为", question.search))
    chips = "".join(f"<span><b>{name}</b> {escape(value)}</span>" for name, value in parts)
    return f'<div class="gw-reading">{chips}</div>'


def quotation(citation: Citation, document: Document) -> str:
    """Return the quotation with its reference, as plain text to paste."""
    return f"“{citation.quote}”\n——{reference(citation, document)}"


def reference(citation: Citation, document: Document) -> str:
    """Return where the quotation stands: title, number, section path, offsets."""
    number = f"（{document.number}）" if document.number else ""
    title = document.title if "《" in document.title else f"《{document.title}》"
    place = citation.place
    parts = [f"{title}{number}", _path(citation.section), place, _offsets(citation.span)]
    return "，".join(part for part in parts if part)


def target(document_id: str, span: Span, quote: str = "") -> str:
    """Return the name of a place in a document, which :func:`source` opens.

    With its ``quote``, only as long as the document says that there.
    """
    seal = f"~{crc32(quote.encode()):08x}" if quote else ""
    return f"{document_id}#{span.start}-{span.end}{seal}"


def _place(citation: Citation) -> str:
    return target(citation.document_id, citation.span, citation.quote)


def source(index: Index, place: str) -> str:
    """Return the document of ``place`` as HTML, its span marked.

    Args:
        index: holds the document.
        place: as made by :func:`target`.

    Raises:
        InputError: there is no such place.
    """
    match = _TARGET.fullmatch(place)
    document = index.documents.get(match[1]) if match else None
    start, end = (int(match[2]), int(match[3])) if match else (0, 0)
    if document is None or not start <= end <= len(document.text):
        raise InputError("找不到这处原文：索引可能已经更新。请重新提问。")
    span = Span(start, end)
    if match and match[4] and place != target(document.id, span, span.of(document.text)):
        raise InputError("这份文件在回答之后已经更新，这处原文变了。请重新提问。")
    sections = index.outlines[document.id].sections
    path = section_path(sections, span)
    citation = cited(document, path, span)
    return (
        f'<header class="gw-bar">{_buttons(citation, document)}</header>'
        f'<div class="gw-about">{_about(document, citation)}</div>'
        f'<div class="gw-text" tabindex="0" role="document" aria-label="原文">'
        f"{_text(document, span, sections)}</div>"
    )


def _answer(*parts: str) -> str:
    return f'<div class="gw-answer">{"".join(parts)}</div>'


def _names(regions: Sequence[Region]) -> str:
    return "、".join(region.name for region in regions)


def _path(section: Sequence[str]) -> str:
    return " › ".join(section)


def _offsets(span: Span) -> str:
    return f"字符 {span.start}–{span.end}"


def _opener(kind: str, place: str, title: str, text: str) -> str:
    return (
        f'<button type="button" class="gw-open {kind}" value="{escape(place)}" '
        f'title="{escape(title)}">{text}</button>'
    )


def _copier(text: str, label: str, title: str) -> str:
    return (
        f'<button type="button" class="gw-copy" value="{escape(text)}" '
        f'title="{escape(title)}">{label}</button>'
    )


def _statements(answer: Answer, documents: Documents, shown: Sequence[Statement]) -> str:
    lines = [f'<p class="gw-said">{escape(answer.note)}</p>'] if answer.note else []
    for statement in shown:
        marks = "".join(
            _opener(
                "gw-mark",
                _place(answer.citations[at]),
                f"查看依据{at + 1}：{reference(answer.citations[at], documents[answer.citations[at].document_id])}",
                f"[{at + 1}]",
            )
            for at in statement.citations
        )
        kind = "gw-quoted" if statement.verbatim else "gw-said"
        lines.append(f'<p class="{kind}">{escape(statement.text)}{marks}</p>')
    return f'<div class="gw-statements">{"".join(lines)}</div>'


def _references(answer: Answer, documents: Documents) -> str:
    rows, plain = [], []
    for at, citation in enumerate(answer.citations):
        document = documents[citation.document_id]
        place = _place(citation)
        label = (
            f'<span class="gw-no">[{at + 1}]</span> {escape(document.title)}'
            f'<span class="gw-path">{escape(_path((*citation.section, *filter(None, [citation.place]))))}</span>'
        )
        opener = _opener("gw-ref", place, f"查看依据{at + 1}的原文", label)
        copier = _copier(quotation(citation, document), "复制引文", f"复制依据{at + 1}的引文和出处")
        rows.append(f"<li>{opener}{copier}</li>")
        plain.append(f"[{at + 1}] {reference(citation, document)}")
    everything = "\n".join([answer.text, "", *plain])
    return (
        '<div class="gw-label">依据'
        f"{_copier(everything, '复制答案和出处', '复制全部答案和出处')}</div>"
        f'<ol class="gw-refs">{"".join(rows)}</ol>'
    )


def _refusal(answer: Answer, documents: Documents) -> str:
    nearest, rest = answer.passages[:NEAREST], answer.passages[NEAREST:]
    said = f'<p class="gw-none"><b>{NOT_FOUND}</b>{escape(answer.reason)}</p>'
    if not nearest:
        return said
    return (
        f'{said}<div class="gw-label">最接近的段落<i>仅供查阅，不是答案</i></div>'
        f"{_passages(nearest, documents)}{_folded('其余段落', rest, documents)}"
    )


def _folded(title: str, passages: Sequence[Passage], documents: Documents) -> str:
    if not passages:
        return ""
    return (
        f'<details class="gw-more"><summary>{title}（{len(passages)}）</summary>'
        f"{_passages(passages, documents)}</details>"
    )


def _passages(passages: Sequence[Passage], documents: Documents) -> str:
    rows = []
    for passage in passages:
        chunk, title = passage.chunk, documents[passage.chunk.document_id].title
        label = f'{escape(title)}<span class="gw-path">{escape(_path(chunk.section))}</span>'
        place = target(chunk.document_id, chunk.span, passage.text)
        opener = _opener("gw-place", place, "打开原文", label)
        excerpt = f'<p class="gw-excerpt">{escape(passage.text.strip())}</p>'
        rows.append(f"<li>{opener}{excerpt}{_scores(passage)}</li>")
    return f'<ul class="gw-passages">{"".join(rows)}</ul>'


def _scores(passage: Passage) -> str:
    rows = "".join(
        f"<tr><th>{escape(_LEGS.get(leg, leg))}</th><td>{score:.3f}</td></tr>"
        for leg, score in passage.legs.items()
    )
    summary = f"<summary>综合得分 {passage.score:.3f}</summary>"
    table = f"<table><tbody>{rows}</tbody></table>" if rows else "<p>按章节或文件信息直接找到。</p>"
    return f'<details class="gw-scores">{summary}{table}</details>'


def _buttons(citation: Citation, document: Document) -> str:
    copier = _copier(quotation(citation, document), "复制引文", "复制引文和出处")
    return (
        '<button type="button" class="gw-step" value="-1" aria-label="上一条依据">上一条</button>'
        '<span class="gw-count" aria-live="polite"></span>'
        '<button type="button" class="gw-step" value="1" aria-label="下一条依据">下一条</button>'
        f'<span class="gw-gap"></span>{copier}'
        '<button type="button" class="gw-close" aria-label="关闭原文，返回答案">返回答案</button>'
    )


def _about(document: Document, citation: Citation) -> str:
    facts = " · ".join(f for f in (document.number, document.issuer, document.issued) if f)
    lines = [("gw-facts", facts), ("gw-path", _path(citation.section))]
    shown = "".join(f'<p class="{name}">{escape(text)}</p>' for name, text in lines if text)
    place = f"{_offsets(citation.span)}（全文 {len(document.text)} 字）"
    place = f"原件{citation.place}，{place}" if citation.place else place
    damage = ""
    if document.damage:
        notes = "".join(f"<li>{escape(note)}</li>" for note in document.damage)
        damage = f"<details><summary>原文状况</summary><ul>{notes}</ul></details>"
    return f'<h2>{escape(document.title)}</h2>{shown}<p class="gw-facts">{place}</p>{damage}'


def _text(document: Document, cited: Span, sections: Sequence[Section]) -> str:
    """Return the lines around ``cited`` as paragraphs; the source itself is not altered."""
    text = document.text
    start = 0 if cited.start <= AROUND else text.rfind("\n", 0, cited.start - AROUND) + 1
    after = text.find("\n", min(cited.end + AROUND, len(text)))
    window = Span(start, after if after >= 0 else len(text))
    headings = [s.heading for s in sections if s.heading.overlaps(window)]
    lines = [f'<p class="gw-quiet">（前面 {start} 字未显示）</p>'] if start else []
    at = window.start
    for line in window.of(text).splitlines(keepends=True):
        if line.strip():
            lines.append(_line(text, Span(at, at + len(line)), cited, headings))
        at += len(line)
    if window.end < len(text):
        lines.append(f'<p class="gw-quiet">（后面 {len(text) - window.end} 字未显示）</p>')
    return "".join(lines)


def _line(text: str, line: Span, cited: Span, headings: Sequence[Span]) -> str:
    bold = [heading for heading in headings if heading.overlaps(line)]
    borders = {point for span in (cited, *bold) for point in (span.start, span.end)}
    inside = {point for point in borders if line.start < point < line.end}
    pieces = []
    for start, end in pairwise(sorted({line.start, line.end} | inside)):
        piece = Span(start, end)
        shown = escape(piece.of(text).rstrip("\r\n"))
        if any(heading.covers(piece) for heading in bold):
            shown = f"<b>{shown}</b>"
        pieces.append(f"<mark>{shown}</mark>" if shown and cited.covers(piece) else shown)
    return f"<p>{''.join(pieces)}</p>"
