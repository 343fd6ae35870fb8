"""Statements ↔ spans: a citation is made only of what stands in the source. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index import Document, Section, Span, normalise, place_name
from qa.models import Citation, Statement

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Quote:
    """A span that supports a statement."""

    document_id: str
    span: Span
    section: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement with its evidence, before verification.

    ``figures`` are the words that must stand in the quotes when the claim is not verbatim; None
    means every number in it.
    """

    text: str
    quotes: tuple[Quote, ...]
    verbatim: bool = True
    figures: tuple[str, ...] | None = None


def verify(
    claims: Sequence[Claim], documents: Mapping[str, Document]
) -> tuple[tuple[Statement, ...], tuple[Citation, ...], int]:
    """Number the citations of ``claims`` and withhold what they do not support.

    A verbatim claim must stand in one of its quotes; every number of any claim that has quotes
    must stand in one of them, once widths and script are normalised.

    Returns:
        The statements kept, the citations in order of first use, and how many were withheld.
    """
    citations: dict[tuple[str, Span], Citation] = {}
    order: list[tuple[str, Span]] = []
    statements: list[Statement] = []
    withheld = 0
    for claim in claims:
        made = [_citation(quote, documents) for quote in claim.quotes]
        found = [citation for citation in made if citation is not None]
        if claim.quotes and not (found and supported(claim, found)):
            withheld += 1
            continue
        numbers = []
        for citation in found:
            key = (citation.document_id, citation.span)
            if key not in citations:
                citations[key] = citation
                order.append(key)
            numbers.append(order.index(key))
        statements.append(Statement(claim.text, tuple(numbers), claim.verbatim))
    return tuple(statements), tuple(citations[key] for key in order), withheld


def supported(claim: Claim, citations: Sequence[Citation]) -> bool:
    """Whether ``citations`` bear out ``claim``."""
    quoted = [normalise(citation.quote).text for citation in citations]
    said = normalise(claim.text).text
    if claim.verbatim:
        return any(said in quote for quote in quoted)
    if claim.figures is not None:
        return all(any(normalise(f).text in quote for quote in quoted) for f in claim.figures)
    there = {number for quote in quoted for number in _NUMBER.findall(quote)}
    return all(number in there for number in _NUMBER.findall(said))


def _citation(quote: Quote, documents: Mapping[str, Document]) -> Citation | None:
    document = documents.get(quote.document_id)
    if document is None or quote.span.end > len(document.text) or not quote.span:
        return None
    return cited(document, quote.section, quote.span)


def cited(document: Document, section: tuple[str, ...], span: Span) -> Citation:
    """The citation of ``span``, with its place in the original file."""
    quote, place = span.of(document.text), place_name(document, span)
    return Citation(document.id, document.title, section, span, quote, place)


def section_path(sections: Sequence[Section], span: Span) -> tuple[str, ...]:
    """The path of the innermost section that holds the beginning of ``span``."""
    path: tuple[str, ...] = ()
    for section in sections:
        if section.span.start <= span.start < section.span.end:
            path = section.path
    return path
