"""A question in, a cited answer out. This is the only door to the package."""

from qa.engine import NOT_FOUND, Engine
from qa.models import Answer, Citation, Filters, Passage, Question, Statement
from qa.retrieve import RetrieveOptions

__all__ = [
    "NOT_FOUND",
    "Answer",
    "Citation",
    "Engine",
    "Filters",
    "Passage",
    "Question",
    "RetrieveOptions",
    "Statement",
]
