"""What the interface says, in Chinese or in English. A text is named by its Chinese wording."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

_TABLES = "english_"


@dataclass(frozen=True)
class Words:
    """Says the texts of the interface in one language.

    Quotations, titles and names of regions are never translated, and what has no entry is said
    as it is.
    """

    language: str
    table: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __call__(self, text: str, **values: object) -> str:
        """Return ``text`` in this language, its ``{names}`` filled in from ``values``."""
        said = self.table.get(text, text)
        return said.format(**values) if values else said


CHINESE = Words("zh-CN")


@cache
def english() -> Words:
    """The interface in English: all ``english_*.json`` of ``qa/data``, Chinese to English."""
    table: dict[str, str] = {}
    for file in sorted(files("qa.data").iterdir(), key=lambda one: one.name):
        if file.name.startswith(_TABLES):
            table |= json.loads(file.read_text(encoding="utf-8"))
    return Words("en", table)
