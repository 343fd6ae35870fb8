"""Documents in, a searchable index out. This is the only door to the package.

What is behind the door is loaded when it is first asked for: a question needs neither the readers
of files nor the ledger's rules, and a help text nothing at all.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index import numerals
    from index.audit import Audit, DocumentAudit, account, audit
    from index.build import BuildReport, build, is_current
    from index.chunk import ChunkSize, sentences
    from index.crossencode import CrossScorer
    from index.documents import (
        Chunk,
        Coverage,
        Document,
        Indicator,
        Layout,
        LeftOut,
        Part,
        Place,
        Section,
        Span,
    )
    from index.encode import EMBEDDED
    from index.errors import (
        EncoderError,
        GuiwenError,
        IndexDamagedError,
        IndexLockedError,
        IndexMismatchError,
        IndexMissingError,
        InputError,
        MilvusError,
        RayError,
        SourceError,
        StoreError,
    )
    from index.layouts import page_boxes, place_name, places
    from index.milvus.address import Address
    from index.milvus.job import MilvusWriter
    from index.milvus.runner import runner
    from index.normalise import SearchText, normalise
    from index.opening import open_index
    from index.outline import Outline, label
    from index.pages import PageImage, page_image
    from index.read import read_sources
    from index.read.editing import Particular, edited, particulars, tell, withdraw
    from index.read.formats import MAX_BYTES, SUFFIXES, suffix_of
    from index.read.prefill import Prefilled, prefill
    from index.read.workbook import Sheet, column_letters
    from index.read.workbook import checked_sheets as sheets_of
    from index.recipe import BuildOptions
    from index.regions import Region, ancestors, lies_in
    from index.regions import find as find_regions
    from index.regions import resolve as resolve_region
    from index.searchable import Index
    from index.site import Site, site
    from index.spelling import Speller, characters
    from index.terms import bigrams, terms, words
    from index.thesaurus import Expansion, Thesaurus, terms_of, with_own
    from index.update import Changes, renamed, update

__all__ = [
    "EMBEDDED",
    "MAX_BYTES",
    "SUFFIXES",
    "Address",
    "Audit",
    "BuildOptions",
    "BuildReport",
    "Changes",
    "Chunk",
    "ChunkSize",
    "Coverage",
    "CrossScorer",
    "Document",
    "DocumentAudit",
    "EncoderError",
    "Expansion",
    "GuiwenError",
    "Index",
    "IndexDamagedError",
    "IndexLockedError",
    "IndexMismatchError",
    "IndexMissingError",
    "Indicator",
    "InputError",
    "Layout",
    "LeftOut",
    "MilvusError",
    "MilvusWriter",
    "Outline",
    "PageImage",
    "Part",
    "Particular",
    "Place",
    "Prefilled",
    "RayError",
    "Region",
    "SearchText",
    "Section",
    "Sheet",
    "Site",
    "SourceError",
    "Span",
    "Speller",
    "StoreError",
    "Thesaurus",
    "account",
    "ancestors",
    "audit",
    "bigrams",
    "build",
    "characters",
    "column_letters",
    "edited",
    "find_regions",
    "is_current",
    "label",
    "lies_in",
    "normalise",
    "numerals",
    "open_index",
    "page_boxes",
    "page_image",
    "particulars",
    "place_name",
    "places",
    "prefill",
    "read_sources",
    "renamed",
    "resolve_region",
    "runner",
    "sentences",
    "sheets_of",
    "site",
    "suffix_of",
    "tell",
    "terms",
    "terms_of",
    "update",
    "with_own",
    "withdraw",
    "words",
]

# Where each name is from; NAME=OTHER where it is called otherwise there.
_MODULES = {
    "index.audit": (
        "Audit",
        "DocumentAudit",
        "account",
        "audit",
    ),
    "index.build": (
        "BuildReport",
        "build",
        "is_current",
    ),
    "index.chunk": (
        "ChunkSize",
        "sentences",
    ),
    "index.crossencode": ("CrossScorer",),
    "index.documents": (
        "Chunk",
        "Coverage",
        "Document",
        "Indicator",
        "Layout",
        "LeftOut",
        "Part",
        "Place",
        "Section",
        "Span",
    ),
    "index.encode": ("EMBEDDED",),
    "index.errors": (
        "EncoderError",
        "GuiwenError",
        "IndexDamagedError",
        "IndexLockedError",
        "IndexMismatchError",
        "IndexMissingError",
        "InputError",
        "MilvusError",
        "RayError",
        "SourceError",
        "StoreError",
    ),
    "index.layouts": (
        "page_boxes",
        "place_name",
        "places",
    ),
    "index.milvus.address": ("Address",),
    "index.milvus.job": ("MilvusWriter",),
    "index.milvus.runner": ("runner",),
    "index.normalise": (
        "SearchText",
        "normalise",
    ),
    "index.opening": ("open_index",),
    "index.outline": (
        "Outline",
        "label",
    ),
    "index.pages": (
        "PageImage",
        "page_image",
    ),
    "index.read": ("read_sources",),
    "index.read.editing": (
        "Particular",
        "edited",
        "particulars",
        "tell",
        "withdraw",
    ),
    "index.read.formats": (
        "MAX_BYTES",
        "SUFFIXES",
        "suffix_of",
    ),
    "index.read.workbook": (
        "Sheet",
        "column_letters",
        "sheets_of=checked_sheets",
    ),
    "index.read.prefill": (
        "Prefilled",
        "prefill",
    ),
    "index.recipe": ("BuildOptions",),
    "index.regions": (
        "Region",
        "ancestors",
        "lies_in",
        "find_regions=find",
        "resolve_region=resolve",
    ),
    "index.searchable": ("Index",),
    "index.site": (
        "Site",
        "site",
    ),
    "index.spelling": (
        "Speller",
        "characters",
    ),
    "index.terms": (
        "bigrams",
        "terms",
        "words",
    ),
    "index.thesaurus": (
        "Expansion",
        "Thesaurus",
        "terms_of",
        "with_own",
    ),
    "index.update": (
        "Changes",
        "renamed",
        "update",
    ),
}
_HOMES = {
    name.partition("=")[0]: (module, name.rpartition("=")[2])
    for module, names in _MODULES.items()
    for name in names
}


def __getattr__(name: str) -> object:
    if name == "numerals":
        return import_module("index.numerals")
    if name not in _HOMES:
        raise AttributeError(f"module 'index' has no attribute {name!r}")
    module, called = _HOMES[name]
    found = getattr(import_module(module), called)
    globals()[name] = found
    return found


class _Door(ModuleType):
    """Shows the function ``build`` and not the module ``index.build`` that it is in."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Door
