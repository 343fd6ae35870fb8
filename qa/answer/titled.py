"""A list that is a section: 基本原则有哪些 asks for what stands under 基本原则, item by item."""

from collections.abc import Sequence

from index import Section, Span, label, normalise, sentences, words
from qa.answer.base import Evidence
from qa.cite import Claim
from qa.matter import matter

_SHORTEST_TITLE = 4
_FEWEST, _MOST = 2, 25
# So many of the leading documents may hold the section.
_DOCUMENTS = 2


def titled(evidence: Evidence) -> list[Claim]:
    """Return the items of the section whose title the question names; [] if it names none.

    The title must stand whole in the question, and the words beside it be those of the document's
    title or of the sections above: else the question asks for something in the section.
    """
    asked = matter(evidence.question)
    for document_id in evidence.documents()[:_DOCUMENTS]:
        named = _named(evidence, document_id, asked)
        items = _items(evidence, document_id, named) if named else []
        if named and items:
            return [evidence.item(document_id, span) for span in (named.heading, *items)]
    return []


def _named(evidence: Evidence, document_id: str, asked: str) -> Section | None:
    """The section of the longest title that the question names; of equal ones, the first."""
    best: tuple[int, Section] | None = None
    for section in evidence.outline(document_id).sections:
        title = _bare(section.title)
        if len(title) < _SHORTEST_TITLE or title not in asked:
            continue
        above = (evidence.index.documents[document_id].title, *section.path[:-1])
        given = normalise("".join(above)).text
        if all(word in given for word in words(asked.replace(title, " "))) and (
            best is None or len(title) > best[0]
        ):
            best = len(title), section
    return best[1] if best else None


def _bare(title: str) -> str:
    search = normalise(title).text
    found = label(search)
    return search[len(found[1]) :].strip() if found else search.strip()


def _items(evidence: Evidence, document_id: str, named: Section) -> list[Span]:
    """The headings right under the section, or else the first sentence of each paragraph."""
    outline = evidence.outline(document_id)
    children = [
        section.heading
        for section in outline.sections
        if section.path[:-1] == named.path and named.span.covers(section.span)
    ]
    return _counted(children) or _counted(
        [
            sentences(evidence.index.documents[document_id].text, outline, part.span)[0]
            for part in outline.parts
            if part.kind == "body" and named.span.covers(part.span) and part.span
        ]
    )


def _counted(spans: Sequence[Span]) -> list[Span]:
    return list(spans) if _FEWEST <= len(spans) <= _MOST else []
