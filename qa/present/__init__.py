"""Answers, passages and documents as HTML for a page. Pure; every text is escaped here."""

from qa.present.answers import asked, live, problem, stream, waiting
from qa.present.facets import Facets, facets
from qa.present.pane import source
from qa.present.parts import quotation, reference, target
from qa.present.reading import reading

__all__ = [
    "Facets",
    "asked",
    "facets",
    "live",
    "problem",
    "quotation",
    "reading",
    "reference",
    "source",
    "stream",
    "target",
    "waiting",
]
