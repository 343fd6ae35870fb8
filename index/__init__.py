"""Documents in, a searchable index out. This is the only door to the package."""

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
    SourceError,
    StoreError,
)
from index.layouts import page_boxes, place_name, places
from index.normalise import SearchText, normalise
from index.outline import Outline, label
from index.pages import PageImage, page_image
from index.read import read_sources
from index.read.editing import Particular, edited, particulars, tell, withdraw
from index.read.formats import MAX_BYTES, SUFFIXES, suffix_of
from index.read.prefill import Prefilled, prefill
from index.recipe import BuildOptions
from index.regions import Region, ancestors, lies_in
from index.regions import find as find_regions
from index.regions import resolve as resolve_region
from index.searchable import Index
from index.spelling import Speller, characters
from index.terms import bigrams, terms, words
from index.thesaurus import Expansion, Thesaurus, terms_of, with_own
from index.update import Changes, renamed, update

__all__ = [
    "EMBEDDED",
    "MAX_BYTES",
    "SUFFIXES",
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
    "Outline",
    "PageImage",
    "Part",
    "Particular",
    "Place",
    "Prefilled",
    "Region",
    "SearchText",
    "Section",
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
    "edited",
    "find_regions",
    "is_current",
    "label",
    "lies_in",
    "normalise",
    "numerals",
    "page_boxes",
    "page_image",
    "particulars",
    "place_name",
    "places",
    "prefill",
    "read_sources",
    "renamed",
    "resolve_region",
    "sentences",
    "suffix_of",
    "tell",
    "terms",
    "terms_of",
    "update",
    "with_own",
    "withdraw",
    "words",
]
