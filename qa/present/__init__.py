"""Answers, passages and documents as HTML for a page. Pure; every text is escaped here."""

from qa.present.answers import VERDICTS, asked, following, live, problem, stream, waiting
from qa.present.evaluated import chosen, evaluated, evaluating, long_problem
from qa.present.facets import Facets, facets
from qa.present.findings import checking, findings
from qa.present.pane import source
from qa.present.parts import quotation, reference, target
from qa.present.quoting import standard
from qa.present.reading import Asked, changes, menu, reading
from qa.present.welcome import holdings

__all__ = [
    "VERDICTS",
    "Asked",
    "Facets",
    "asked",
    "changes",
    "checking",
    "chosen",
    "evaluated",
    "evaluating",
    "facets",
    "findings",
    "following",
    "holdings",
    "live",
    "long_problem",
    "menu",
    "problem",
    "quotation",
    "reading",
    "reference",
    "source",
    "standard",
    "stream",
    "target",
    "waiting",
]
