"""A quotation with its reference after GB/T 7714, as plain text to paste."""

from index import Index, InputError, Span
from qa.cite import cited, section_path
from qa.export import references
from qa.present.parts import parse_target, section_line


def standard(index: Index, place: str) -> str:
    """Return the words at ``place``, where they stand, and the entry of their document.

    Raises:
        InputError: there is no such place.
    """
    name, start, end, _ = parse_target(place) or ("", 0, 0, False)
    document = index.documents.get(name)
    if document is None or not start < end <= len(document.text):
        raise InputError("找不到这处原文：索引可能已经更新。请重新提问。")
    span = Span(start, end)
    citation = cited(document, section_path(index.outlines[name].sections, span), span)
    (entry,) = references([document])
    where = "，".join(part for part in (section_line(citation.section), citation.place) if part)
    return f"“{citation.quote}”[1]{f'（{where}）' if where else ''}\n{entry}"
