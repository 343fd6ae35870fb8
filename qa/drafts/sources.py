"""The sentences of the index that a claim may rest on, and how alike they are to it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from index import Region, normalise, words
from qa.answer.borne_out import Check, Source
from qa.cite import cited, section_path
from qa.drafts.nouns import Claim
from qa.drafts.wording import bare, times
from qa.engine import Engine
from qa.models import Citation, Filters, Passage

# Passages looked at within the regions of a claim, and anywhere.
_WITHIN = 8
_ANYWHERE = 6
# At most so many passages that hold a figure of the claim, wherever they stand.
_HOLDING = 12


_TITLED = re.compile(r"《[^《》]*》")


@dataclass(frozen=True)
class Candidate:
    """A sentence that can be cited, the times that it gives or stands under, and its likeness.

    ``score`` is 0 to 1. ``times`` are its own, else those of the innermost heading that has some;
    empty where the source gives none.
    """

    source: Source
    times: frozenset[str]
    section: tuple[str, ...]
    score: float


@dataclass(frozen=True)
class Sources:
    """Finds candidates in one index."""

    engine: Engine
    _read: dict[int, tuple[Source, ...]] = field(default_factory=dict, init=False, repr=False)
    _texts: dict[str, str] = field(default_factory=dict, init=False, repr=False)

    def candidates(self, claim: Claim) -> list[Candidate]:
        """Return the sentences near ``claim``, the most alike first."""
        rows = dict.fromkeys([*self._found(claim), *self._holding(claim)])
        sources = list(dict.fromkeys(s for row in rows for s in self._sentences(row)))
        scores = self.likeness(claim, sources)
        order = np.argsort(-scores, kind="stable")
        return [self._candidate(sources[at], float(scores[at])) for at in order]

    def _candidate(self, source: Source, score: float) -> Candidate:
        sections = self.engine.index.outlines[source.document_id].sections
        path = section_path(sections, source.span)
        # The years of a title are not when what is said of it holds.
        own = times(_TITLED.sub("", source.search))
        heads = (times(normalise(head).text) for head in reversed(path))
        given = own or next((found for found in heads if found), frozenset())
        return Candidate(source, given, path, score)

    def likeness(self, claim: Claim, sources: Sequence[Source]) -> np.ndarray:
        """The mean of the share of words held, by rarity, and of the likeness of meaning."""
        if not sources:
            return np.zeros(0)
        index = self.engine.index
        said = bare(claim) or claim.search
        kept = [w for w in dict.fromkeys(words(said)) if not w[0].isdigit()]
        texts = [source.search for source in sources]
        whole, late = index.likeness(said, texts)
        meaning = late if late.any() else whole
        if not kept:
            return np.asarray(meaning)
        frequencies = index.sparse.document_frequencies(kept)
        rarity = np.array([np.log1p(len(index.chunks) / (1 + df)) for df in frequencies])
        held = np.array([[w in f"{s.search}\n{s.context}".lower() for w in kept] for s in sources])
        return np.asarray((held @ rarity / rarity.sum() + meaning) / 2)

    def _found(self, claim: Claim) -> Iterable[int]:
        """Passages by search: of the regions of the claim, then of any."""
        names = "".join(r.name for r in claim.regions if r.short not in claim.search)
        text = (names + claim.search)[:1500]
        retriever = self.engine.retriever
        question = self.engine.parse(text)
        for filters, count in ((Filters(), _WITHIN), (Filters(lift_regions=True), _ANYWHERE)):
            scope = self.engine.scope(question, filters)
            for passage in retriever.within(question, scope, count):
                if passage.chunk.id >= 0:
                    yield passage.chunk.id

    def _holding(self, claim: Claim) -> Iterable[int]:
        """Passages that hold a figure of the claim by the ledger, those of its regions first."""
        index = self.engine.index
        rows: list[int] = []
        for figure in claim.figures:
            rows += self._by_value.get(str(figure.value), [])
        own = {
            name for region in claim.regions for name in self.engine.retriever.regions.about(region)
        }
        rows.sort(key=lambda row: index.indicators[row].document_id not in own)
        for row in rows[:_HOLDING]:
            indicator = index.indicators[row]
            for chunk in index.document_rows[indicator.document_id]:
                if index.chunks[int(chunk)].span.overlaps(indicator.span):
                    yield int(chunk)

    @cached_property
    def _by_value(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for row, indicator in enumerate(self.engine.index.indicators):
            found.setdefault(str(indicator.value), []).append(row)
        return found

    def _sentences(self, row: int) -> tuple[Source, ...]:
        if row not in self._read:
            index = self.engine.index
            chunk = index.chunks[row]
            passage = Passage(chunk, index.text(chunk), 0.0)
            self._read[row] = Check(index, [passage]).sources(1)
        return self._read[row]

    def text(self, document_id: str) -> str:
        """The search text of a whole document."""
        if document_id not in self._texts:
            self._texts[document_id] = normalise(self.engine.index.documents[document_id].text).text
        return self._texts[document_id]

    def is_on(self, candidate: Candidate, region: Region) -> bool:
        """Whether the sentence can be about ``region``."""
        return region in candidate.source.regions

    def citation(self, candidate: Candidate) -> Citation:
        """The sentence as a citation."""
        source = candidate.source
        document = self.engine.index.documents[source.document_id]
        return cited(document, candidate.section, source.span)


def unmarked(text: str) -> str:
    """Text without quotation marks and blanks: “跑一次” in a quotation may be ‘跑一次’."""
    return re.sub(r"[“”‘’「」『』\"'\s]", "", text)
