"""A cited place in its document, as HTML. Pure; every text is escaped here."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from index import Document, Index, InputError, Section, Span
from qa.cite import cited, section_path
from qa.models import Citation
from qa.present.parts import copier, parse_target, quotation, section_line, span_line, target
from qa.words import CHINESE, Words

# Characters of a source shown before and after the cited span.
AROUND = 60_000


def source(index: Index, place: str, say: Words = CHINESE) -> str:
    """Return the document of ``place`` as HTML, its span marked.

    Args:
        index: holds the document.
        place: as made by :func:`target`.
        say: the language of what stands around the source.

    Raises:
        InputError: there is no such place.
    """
    named = parse_target(place)
    name, start, end, sealed = named or ("", 0, 0, False)
    document = index.documents.get(name)
    if document is None or not start <= end <= len(document.text):
        raise InputError("找不到这处原文：索引可能已经更新。请重新提问。")
    span = Span(start, end)
    if sealed and place != target(document.id, span, span.of(document.text)):
        raise InputError("这份文件在回答之后已经更新，这处原文变了。请重新提问。")
    sections = index.outlines[document.id].sections
    path = section_path(sections, span)
    citation = cited(document, path, span)
    return (
        f'<header class="gw-bar">{_buttons(citation, document, say)}</header>'
        f'<div class="gw-about">{_about(document, citation, say)}</div>'
        f'<div class="gw-text" tabindex="0" role="document" aria-label="{say("原文")}">'
        f"{_text(document, span, sections, say)}</div>"
    )


def _buttons(citation: Citation, document: Document, say: Words) -> str:
    quote = copier(quotation(citation, document), say("复制引文"), say("复制引文和出处"))
    return (
        f'<button type="button" class="gw-step" value="-1" aria-label="{say("上一条依据")}">{say("上一条")}</button>'
        '<span class="gw-count" aria-live="polite"></span>'
        f'<button type="button" class="gw-step" value="1" aria-label="{say("下一条依据")}">{say("下一条")}</button>'
        f'<span class="gw-gap"></span>{quote}'
        f'<button type="button" class="gw-close" aria-label="{say("关闭原文，返回答案")}">{say("返回答案")}</button>'
    )


def _about(document: Document, citation: Citation, say: Words) -> str:
    facts = " · ".join(f for f in (document.number, document.issuer, document.issued) if f)
    lines = [("gw-facts", facts), ("gw-path", section_line(citation.section))]
    shown = "".join(f'<p class="{name}">{escape(text)}</p>' for name, text in lines if text)
    place = span_line(citation.span, say) + say("（全文 {count} 字）", count=len(document.text))
    if citation.place:
        place = say("原件{place}，", place=citation.place) + place
    damage = ""
    if document.damage:
        notes = "".join(f"<li>{escape(note)}</li>" for note in document.damage)
        damage = f"<details><summary>{say('原文状况')}</summary><ul>{notes}</ul></details>"
    return (
        f'<h2>{escape(document.title)}</h2>{shown}<p class="gw-facts">{escape(place)}</p>{damage}'
    )


def _text(document: Document, cited: Span, sections: Sequence[Section], say: Words) -> str:
    """Return the lines around ``cited`` as paragraphs; the source itself is not altered."""
    text = document.text
    start = 0 if cited.start <= AROUND else text.rfind("\n", 0, cited.start - AROUND) + 1
    after = text.find("\n", min(cited.end + AROUND, len(text)))
    window = Span(start, after if after >= 0 else len(text))
    headings = [s.heading for s in sections if s.heading.overlaps(window)]
    lines = [_hidden(say("（前面 {count} 字未显示）", count=start))] if start else []
    at = window.start
    for line in window.of(text).splitlines(keepends=True):
        if line.strip():
            lines.append(_line(text, Span(at, at + len(line)), cited, headings))
        at += len(line)
    if window.end < len(text):
        lines.append(_hidden(say("（后面 {count} 字未显示）", count=len(text) - window.end)))
    return "".join(lines)


def _hidden(note: str) -> str:
    return f'<p class="gw-quiet">{note}</p>'


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
