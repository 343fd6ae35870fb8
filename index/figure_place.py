"""Where a figure holds: the region that its sentence names, else its heading, else the document's."""

import re

from index import regions
from index.documents import Document, Section, Span
from index.figure_sentence import Figure
from index.normalise import normalise

_NUMBERING = re.compile(r"^[\d一二三四五六七八九十()、.\s第章节]+")
_LONGEST = 15  # characters of a region's name
_WHOLE = re.compile(r"全[国省市区县州盟旗]|我[国省市区县州盟旗]")


def of_headings(sections: tuple[Section, ...], document: Document) -> dict[Span, str]:
    """The regions that headings consist of (二、历城区), by the span that each governs."""
    found = {}
    for section in sections:
        title = _NUMBERING.sub("", normalise(section.title).text).rstrip(":")
        if title and len(title) <= _LONGEST and _opening(title, document) == title:
            found[section.span] = title
    return found


def of_figures(sentence: str, figures: list[Figure], document: Document, above: str) -> list[str]:
    """The region of each figure of a sentence; one named there holds until 全市 or another."""
    places, said, at = [], above, 0
    for figure in figures:
        if _WHOLE.search(sentence[at : figure.quantity.start]):
            said = document.region
        said = _opening(figure.surface, document) or said
        at = figure.quantity.end
        places.append(said)
    return places


def _opening(words: str, document: Document) -> str:
    """The region, of those in the document's, whose full name ``words`` open with; "" if none."""
    own = regions.candidates(document.region)
    for start, end, named in regions.find(words[:20])[:1]:
        inner = [region for region in named if own and regions.lies_in(region, own[0])]
        if start == 0 and inner and words[:end] == inner[0].name:
            return inner[0].name
    return ""
