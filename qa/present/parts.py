"""What every view of a source is made of: places, references, buttons. Pure.

The chat sanitises what it shows and drops ``data-`` and ``aria-`` attributes, so a button carries
what it opens or copies in ``value`` and its label in ``title``.
"""

import re
from collections.abc import Sequence
from html import escape
from zlib import crc32

from index import Document, Span
from qa.models import Citation
from qa.words import CHINESE, Words

_TARGET = re.compile(r"(.+)#(\d{1,9})-(\d{1,9})(?:~([0-9a-f]{8}))?", re.S)


def quotation(citation: Citation, document: Document) -> str:
    """Return the quotation with its reference, as plain text to paste."""
    return f"“{citation.quote}”\n——{reference(citation, document)}"


def reference(citation: Citation, document: Document) -> str:
    """Return where the quotation stands: title, number, section path, offsets."""
    number = f"（{document.number}）" if document.number else ""
    title = document.title if "《" in document.title else f"《{document.title}》"
    place = citation.place
    parts = [f"{title}{number}", section_line(citation.section), place, span_line(citation.span)]
    return "，".join(part for part in parts if part)


def target(document_id: str, span: Span, quote: str = "") -> str:
    """Return the name of a place in a document, which :func:`source` opens.

    With its ``quote``, only as long as the document says that there.
    """
    seal = f"~{crc32(quote.encode()):08x}" if quote else ""
    return f"{document_id}#{span.start}-{span.end}{seal}"


def parse_target(place: str) -> tuple[str, int, int, bool] | None:
    """Return the document, start, end and whether a quote seals them; None: no place at all."""
    match = _TARGET.fullmatch(place)
    return (match[1], int(match[2]), int(match[3]), bool(match[4])) if match else None


def place_of(citation: Citation) -> str:
    """Return the name of the place that ``citation`` quotes."""
    return target(citation.document_id, citation.span, citation.quote)


def section_line(section: Sequence[str]) -> str:
    """Return a section path on one line."""
    return " › ".join(section)


def span_line(span: Span, say: Words = CHINESE) -> str:
    """Return where a span stands, for people."""
    return say("字符 {start}–{end}", start=span.start, end=span.end)


def opener(kind: str, place: str, title: str, text: str) -> str:
    """Return a button that opens ``place`` in the source pane; ``text`` is HTML."""
    return (
        f'<button type="button" class="gw-open {kind}" value="{escape(place)}" '
        f'title="{escape(title)}">{text}</button>'
    )


def copier(text: str, label: str, title: str) -> str:
    """Return a button that copies ``text``."""
    return (
        f'<button type="button" class="gw-copy" value="{escape(text)}" '
        f'title="{escape(title)}">{label}</button>'
    )
