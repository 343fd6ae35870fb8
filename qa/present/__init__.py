"""Answers, passages and documents as HTML for a page; every text is escaped here."""

from qa.present.answers import asked, live, problem, stream, waiting
from qa.present.audits import audited, told
from qa.present.documents import FIELDS, View, one, summary, table, values
from qa.present.evaluated import chosen, evaluated, evaluating, long_problem
from qa.present.facets import Facets, facets
from qa.present.findings import checking, findings
from qa.present.keeping import kind, outcome, question
from qa.present.leaf import leaf
from qa.present.pane import searched, source, text
from qa.present.parts import quotation, reference, target
from qa.present.reading import reading
from qa.present.tree import openers, outline

__all__ = [
    "FIELDS",
    "Facets",
    "View",
    "asked",
    "audited",
    "checking",
    "chosen",
    "evaluated",
    "evaluating",
    "facets",
    "findings",
    "kind",
    "leaf",
    "live",
    "long_problem",
    "one",
    "openers",
    "outcome",
    "outline",
    "problem",
    "question",
    "quotation",
    "reading",
    "reference",
    "searched",
    "source",
    "stream",
    "summary",
    "table",
    "target",
    "text",
    "told",
    "values",
    "waiting",
]
