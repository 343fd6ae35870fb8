"""Answers, passages and documents as HTML for a page; every text is escaped here."""

from qa.facets import Facets, facets
from qa.present.answers import VERDICTS, asked, following, live, problem, stream, waiting
from qa.present.audits import audited, told
from qa.present.documents import FIELDS, View, one, summary, table, values
from qa.present.evaluated import chosen, evaluated, evaluating, long_problem
from qa.present.findings import checking, findings
from qa.present.keeping import kind, outcome, question
from qa.present.leaf import leaf
from qa.present.pane import searched, source, text
from qa.present.parts import quotation, reference, target
from qa.present.quoting import standard
from qa.present.reading import Asked, changes, menu, reading
from qa.present.tree import openers, outline
from qa.present.welcome import holdings

__all__ = [
    "FIELDS",
    "VERDICTS",
    "Asked",
    "Facets",
    "View",
    "asked",
    "audited",
    "changes",
    "checking",
    "chosen",
    "evaluated",
    "evaluating",
    "facets",
    "findings",
    "following",
    "holdings",
    "kind",
    "leaf",
    "live",
    "long_problem",
    "menu",
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
    "standard",
    "stream",
    "summary",
    "table",
    "target",
    "text",
    "told",
    "values",
    "waiting",
]
