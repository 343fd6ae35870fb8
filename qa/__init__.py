"""A question in, a cited answer out. This is the only door to the package."""

from index import GuiwenError, InputError
from qa import present
from qa.engine import NOT_FOUND, Engine
from qa.living import Living
from qa.llm import LanguageModel, LanguageModelError
from qa.models import Answer, Citation, Filters, Passage, Question, Statement
from qa.retrieve import RetrieveOptions
from qa.shelf import Shelf

__all__ = [
    "NOT_FOUND",
    "Answer",
    "Citation",
    "Engine",
    "Filters",
    "GuiwenError",
    "InputError",
    "LanguageModel",
    "LanguageModelError",
    "Living",
    "Passage",
    "Question",
    "RetrieveOptions",
    "Shelf",
    "Statement",
    "present",
]
