"""Answers, passages and documents as HTML for a page. Pure; every text is escaped here."""

from qa.present.answers import asked, live, problem, stream, waiting
from qa.present.evaluated import chosen, evaluated, evaluating, long_problem
from qa.present.facets import Facets, facets
from qa.present.findings import checking, findings
from qa.present.pane import source
from qa.present.parts import quotation, reference, target
from qa.present.reading import reading

__all__ = [
    "Facets",
    "asked",
    "checking",
    "chosen",
    "evaluated",
    "evaluating",
    "facets",
    "findings",
    "live",
    "long_problem",
    "problem",
    "quotation",
    "reading",
    "reference",
    "source",
    "stream",
    "target",
    "waiting",
]
