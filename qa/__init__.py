"""A question in, a cited answer out. This is the only door to the package.

As with ``index``, what is behind it is loaded when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

_MODULES = {
    "index": (
        "GuiwenError",
        "InputError",
    ),
    "qa.engine": (
        "NOT_FOUND",
        "Engine",
    ),
    "qa.living": ("Living",),
    "qa.llm": (
        "LanguageModel",
        "LanguageModelError",
    ),
    "qa.models": (
        "Answer",
        "Citation",
        "Filters",
        "Passage",
        "Question",
        "Statement",
    ),
    "qa.retrieve": ("RetrieveOptions",),
    "qa.shelf": ("Shelf",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    if name == "present":
        return import_module("qa.present")
    if name not in _HOMES:
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    found = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found
