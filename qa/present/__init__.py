"""Answers, passages and documents as HTML for a page; every text is escaped here."""

from qa.present.answers import asked, live, problem, stream, waiting
from qa.present.evaluated import chosen, evaluated, evaluating, long_problem
from qa.present.facets import Facets, facets
from qa.present.findings import checking, findings
from qa.present.leaf import leaf
from qa.present.pane import searched, source, text
from qa.present.parts import quotation, reference, target
from qa.present.reading import reading
from qa.present.tree import openers, outline

__all__ = [
    "Facets",
    "asked",
    "checking",
    "chosen",
    "evaluated",
    "evaluating",
    "facets",
    "findings",
    "leaf",
    "live",
    "long_problem",
    "openers",
    "outline",
    "problem",
    "quotation",
    "reading",
    "reference",
    "searched",
    "source",
    "stream",
    "target",
    "text",
    "waiting",
]
