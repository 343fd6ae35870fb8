"""A cited place in its document, as HTML. Pure; every text is escaped here."""

from dataclasses import dataclass
from html import escape

from index import Document, Index, InputError, Span
from qa.cite import cited, section_path
from qa.models import Citation
from qa.present.lines import Marked, find, lines
from qa.present.parts import copier, parse_target, quotation, section_line, span_line, target
from qa.words import CHINESE, Words

_GONE = "找不到这处原文：索引可能已经更新。请重新提问。"
_CHANGED = "这份文件在回答之后已经更新，这处原文变了。请重新提问。"


@dataclass(frozen=True, slots=True)
class Shown:
    """The document of a place, the span that is cited in it, and the path of its section."""

    document: Document
    span: Span
    path: tuple[str, ...]


def shown(index: Index, place: str) -> Shown:
    """Return what ``place``, made by :func:`target`, names in ``index``.

    Raises:
        InputError: there is no such place, or it says something else by now.
    """
    named = parse_target(place)
    name, start, end, sealed = named or ("", 0, 0, False)
    document = index.documents.get(name)
    if document is None or not start <= end <= len(document.text):
        raise InputError(_GONE)
    span = Span(start, end)
    if sealed and place != target(document.id, span, span.of(document.text)):
        raise InputError(_CHANGED)
    return Shown(document, span, section_path(index.outlines[name].sections, span))


def source(index: Index, place: str, say: Words = CHINESE) -> str:
    """Return the document of ``place`` as HTML, its span marked.

    Args:
        index: holds the document.
        place: as made by :func:`target`.
        say: the language of what stands around the source.

    Raises:
        InputError: there is no such place, or it says something else by now.
    """
    found = shown(index, place)
    citation = cited(found.document, found.path, found.span)
    return (
        f'<header class="gw-bar">{_buttons(citation, found.document, say)}</header>'
        f'<div class="gw-about">{_about(found.document, citation, say)}</div>'
        f"{_tools(found.document, place, say)}"
        f'<nav class="gw-outline" aria-label="{say("提纲")}" hidden></nav>'
        f'<div class="gw-text" tabindex="0" role="document" aria-label="{say("原文")}">'
        f"{text(index, place, say)}</div>"
        f'<div class="gw-leaf" tabindex="0" aria-label="{say("原件页面")}" hidden></div>'
    )


def text(index: Index, place: str, say: Words = CHINESE, near: int | None = None) -> str:
    """Return the text of the document around its cited span, or around the offset ``near``.

    Raises:
        InputError: as :func:`source`.
    """
    found = shown(index, place)
    marked = Marked(found.span, index.outlines[found.document.id].sections)
    return lines(found.document, marked, found.span.start if near is None else near, say)


def searched(
    index: Index, place: str, query: str, step: int, say: Words = CHINESE
) -> tuple[str, int, int]:
    """Return the text around a hit of ``query``, which hit it is (from 0), and how many there are.

    Args:
        index: holds the document.
        place: as made by :func:`target`.
        query: what to look for.
        step: the hit, counted on from the first one after the start of the cited span, in a ring.
        say: the language.

    Raises:
        InputError: as :func:`source`.
    """
    found = shown(index, place)
    hits = find(found.document.text, query)
    if not hits:
        return text(index, place, say), 0, 0
    first = sum(hit.start < found.span.start for hit in hits)
    at = (first + step) % len(hits)
    sections = index.outlines[found.document.id].sections
    marked = Marked(found.span, sections, hits, hits[at])
    return lines(found.document, marked, hits[at].start, say), at, len(hits)


def _buttons(citation: Citation, document: Document, say: Words) -> str:
    quote = copier(quotation(citation, document), say("复制引文"), say("复制引文和出处"))
    return (
        f'<button type="button" class="gw-step" value="-1" aria-label="{say("上一条依据")}">{say("上一条")}</button>'
        '<span class="gw-count" aria-live="polite"></span>'
        f'<button type="button" class="gw-step" value="1" aria-label="{say("下一条依据")}">{say("下一条")}</button>'
        f'<span class="gw-gap"></span>{quote if citation.quote else ""}'
        f'<button type="button" class="gw-close" aria-label="{say("关闭原文")}">{say("关闭")}</button>'
    )


def _tools(document: Document, place: str, say: Words) -> str:
    """The outline, the page, and what finds words in the document."""
    leaf = ""
    if document.layout is not None and document.layout.format == "pdf":
        leaf = f'<button type="button" class="gw-paper" aria-pressed="false">{say("看原件页面")}</button>'
    return (
        f'<div class="gw-tools" data-place="{escape(place)}">'
        f'<button type="button" class="gw-contents" aria-expanded="false">{say("提纲")}</button>{leaf}'
        f'<search class="gw-find"><input type="search" aria-label="{say("在本文件中查找")}" '
        f'placeholder="{say("在本文件中查找")}" maxlength="60" enterkeyhint="search">'
        '<span class="gw-hits" aria-live="polite"></span>'
        f'<button type="button" class="gw-hit" value="-1" aria-label="{say("上一处")}" disabled>↑</button>'
        f'<button type="button" class="gw-hit" value="1" aria-label="{say("下一处")}" disabled>↓</button></search>'
        "</div>"
    )


def _about(document: Document, citation: Citation, say: Words) -> str:
    facts = " · ".join(f for f in (document.number, document.issuer, document.issued) if f)
    told = [("gw-facts", facts), ("gw-path", section_line(citation.section))]
    above = "".join(f'<p class="{name}">{escape(line)}</p>' for name, line in told if line)
    place = say("（全文 {count} 字）", count=len(document.text))
    if citation.quote:
        place = span_line(citation.span, say) + place
    if citation.quote and citation.place:
        place = say("原件{place}，", place=citation.place) + place
    damage = ""
    if document.damage:
        notes = "".join(f"<li>{escape(note)}</li>" for note in document.damage)
        damage = f"<details><summary>{say('原文状况')}</summary><ul>{notes}</ul></details>"
    return (
        f'<h2>{escape(document.title)}</h2>{above}<p class="gw-facts">{escape(place)}</p>{damage}'
    )
