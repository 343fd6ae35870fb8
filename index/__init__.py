"""Documents in, a searchable index out. This is the only door to the package."""

from index import numerals
from index.audit import Audit, DocumentAudit, audit
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
from index.read import read_sources
from index.read.prefill import Prefilled, prefill
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
    "Part",
    "Place",
    "Prefilled",
    "RayError",
    "Region",
    "SearchText",
    "Section",
    "Site",
    "SourceError",
    "Span",
    "Speller",
    "StoreError",
    "Thesaurus",
    "ancestors",
    "audit",
    "bigrams",
    "build",
    "characters",
    "find_regions",
    "is_current",
    "label",
    "lies_in",
    "normalise",
    "numerals",
    "open_index",
    "page_boxes",
    "place_name",
    "places",
    "prefill",
    "read_sources",
    "renamed",
    "resolve_region",
    "runner",
    "sentences",
    "site",
    "terms",
    "terms_of",
    "update",
    "with_own",
    "words",
]
