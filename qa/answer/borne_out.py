"""Whether a sentence of a language model is borne out by the passages that it names.

Every sentence must name its passages, every figure must stand in the quoted sentences, and every
clause must say what one of them says.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import numpy as np

from index import (
    Document,
    Index,
    Region,
    Span,
    ancestors,
    bigrams,
    find_regions,
    lies_in,
    normalise,
    resolve_region,
    sentences,
    words,
)
from qa.answer.figures_told import Figure, figures, meant, plain
from qa.cite import Claim, Quote, section_path
from qa.fuse import Scores
from qa.matter import OPPOSITES, contradicts
from qa.models import Passage

# What a clause must reach, chosen on the supported and unsupported sentences of
# tests/test_generated.py: the second kind must be rare.
LEAST = 0.62
# How much of the ledger's name of a figure must be told where the figure is.
NAMED = 0.55
# How the model names the passages that it goes by: [1], [1, 2] or 【1】.
MARK = re.compile(r"[\[［【]\s*(\d{1,2}(?:\s*[,，、]\s*\d{1,2})*)\s*[\]］】]")

_CLAUSE = re.compile(r"[^,;:。!?]+[,;:。!?]*")
_DENIAL = re.compile("不得|不能|不准|不可|不再|不予|不必|无需|无须|禁止|严禁|没有|尚未|停止")
# A clause on one side of such a pair is not borne out by one on the other.
_PAIRS = (
    ("扩大|拉大", "缩小"),
    ("提高|提升|上升", "降低|下降"),
    ("高于|高出?(?=\\d)", "低于|低(?=\\d)"),
    ("增加|新增|增长", "减少|削减|压减|降低|下降"),
    *OPPOSITES,
)


@dataclass(frozen=True)
class Source:
    """A sentence that can be quoted: its search text, and what it states.

    ``context`` holds the title and headings above it; ``regions`` those that it can be about.
    """

    document_id: str
    span: Span
    search: str
    context: str
    figures: tuple[Figure, ...]
    regions: frozenset[Region]

    def states(self, figure: Figure) -> bool:
        """Whether ``figure`` stands here, for the same year and with the same bound if any."""
        return any(own.bears_out(figure) for own in self.figures)


@dataclass(frozen=True, slots=True)
class _Part:
    """A clause of a sentence, ``told`` with what goes before it, and what it states.

    ``plain`` is the clause with its shares and years in Arabic numerals, as plans write them.
    """

    text: str
    plain: str
    told: str
    figures: tuple[Figure, ...]
    years: tuple[Figure, ...]
    regions: tuple[tuple[Region, ...], ...]


@dataclass(frozen=True)
class Check:
    """Verifies sentences against the passages that the model was shown."""

    index: Index
    passages: Sequence[Passage]
    _known: dict[int, tuple[Source, ...]] = field(default_factory=dict, init=False, repr=False)

    def claim(self, sentence: str) -> Claim | None:
        """Return ``sentence`` with the quotes that bear it out; None if they do not.

        It must name passages that there are. Each clause must be borne out by one quotable
        sentence of them: its figures stand there, its regions are those spoken of, it does not
        say the opposite, and its words and meaning are alike enough. Years may stand in a heading.
        """
        marks = [int(n) for mark in MARK.findall(sentence) for n in re.findall(r"\d+", mark)]
        if not marks or not all(1 <= n <= len(self.passages) for n in marks):
            return None
        text = MARK.sub("", sentence).strip()
        said = normalise(text).text
        sources = [source for n in sorted(set(marks)) for source in self.sources(n)]
        parts = _parts(said)
        chosen: list[Source] = []
        for part in parts:
            best = self._best(part, sources)
            if best is None:
                return None
            chosen.append(best)
        for year in (year for part in parts for year in part.years):
            giving = next((source for source in (*chosen, *sources) if source.states(year)), None)
            if giving is None:
                return None
            chosen.append(giving)
        quotes = tuple(dict.fromkeys(self._quote(source) for source in chosen))
        quoted = (quote.span.of(self.index.documents[quote.document_id].text) for quote in quotes)
        verbatim = any(said in normalise(quote).text for quote in quoted)
        return Claim(text, quotes, verbatim, figures=())

    def _best(self, part: _Part, offered: Sequence[Source]) -> Source | None:
        """The source most like ``part`` of those that may bear it out; None below the least."""
        sources = [
            source
            for source in offered
            if all(source.regions.intersection(any_of) for any_of in part.regions)
            and all(map(source.states, part.figures))
        ]
        scores = self.support(part.plain, sources)
        for source, score in sorted(zip(sources, scores, strict=True), key=lambda pair: -pair[1]):
            if score < LEAST:
                break
            misnamed = any(self._misnames(part.told, figure, source) for figure in part.figures)
            if not misnamed and not self._contradicts(part, source):
                return source
        return None

    def support(self, clause: str, sources: Sequence[Source]) -> Scores:
        """The mean of the share of words held and of the likeness of meaning, each 0 to 1."""
        if not sources:
            return np.zeros(0, dtype=np.float32)
        whole, late = self.index.likeness(clause, [source.search for source in sources])
        said = [word for word in dict.fromkeys(words(clause)) if not word[0].isdigit()]
        frequencies = self.index.sparse.document_frequencies(said)
        rarity = np.array([np.log1p(len(self.index.chunks) / (1 + df)) for df in frequencies])
        share = np.ones(len(sources))
        if said:
            texts = [f"{source.search}\n{source.context}".lower() for source in sources]
            share = np.array([[w in text for w in said] for text in texts]) @ rarity / rarity.sum()
        meaning = late if late.any() else whole
        return ((share + meaning) / 2).astype(np.float32)

    def _contradicts(self, part: _Part, source: Source) -> bool:
        """Whether the clause of ``source`` most like ``part`` says otherwise."""
        there = _parts(source.search)
        whole, late = self.index.likeness(part.text, [clause.text for clause in there])
        return _otherwise(part, there[int(np.argmax(whole + late))])

    def _misnames(self, told: str, figure: Figure, source: Source) -> bool:
        """Whether the ledger knows ``figure`` of ``source``, but under no name that is told of."""
        names = [
            normalise(indicator.name).text
            for indicator in self.index.indicators
            if indicator.document_id == source.document_id
            and source.span.covers(indicator.span)
            and indicator.value == figure.value
        ]
        return bool(names) and not any(
            self._named(name, told) for name in names if not contradicts(told, name)
        )

    def _named(self, name: str, told: str) -> bool:
        pairs = set(bigrams(name))
        share = len(pairs & set(bigrams(told))) / len(pairs) if pairs else 1.0
        return share >= NAMED or float(self.index.likeness(name, [told])[1][0]) >= NAMED

    def sources(self, number: int) -> tuple[Source, ...]:
        """The sentences of the passage with this number, from 1, then the headings above it."""
        if number not in self._known:
            self._known[number] = tuple(self._read(self.passages[number - 1]))
        return self._known[number]

    def _read(self, passage: Passage) -> Iterator[Source]:
        chunk = passage.chunk
        document = self.index.documents[chunk.document_id]
        context = normalise("\n".join((document.title, *chunk.section))).text
        search = normalise(passage.text)
        # The year that a heading gives holds for what stands under it.
        head = normalise("".join(chunk.section)).text + "\n"
        stated = figures(head + search.text)
        spans = sentences(document.text, self.index.outlines[document.id], chunk.span)
        start = chunk.span.start
        places = [search.search(Span(span.start - start, span.end - start)) for span in spans]
        texts = [place.of(search.text) for place in places]
        about = _about(document, context, texts)
        for span, place, text, regions in zip(spans, places, texts, about, strict=True):
            inside = tuple(f for f in stated if place.start <= f.start - len(head) < place.end)
            yield Source(document.id, span, text, context, inside, regions)
        for section in self.index.outlines[document.id].sections:
            if section.span.start <= start < section.span.end:
                text = normalise(section.heading.of(document.text)).text
                (regions,) = _about(document, context, [text])
                yield Source(
                    document.id, section.heading, text, context, tuple(figures(text)), regions
                )

    def _quote(self, source: Source) -> Quote:
        sections = self.index.outlines[source.document_id].sections
        return Quote(source.document_id, source.span, section_path(sections, source.span))


def clauses(search: str) -> list[Span]:
    """Return the clauses of normalised text; one without two words goes with the next."""
    found: list[Span] = []
    start = 0
    for match in _CLAUSE.finditer(search):
        piece = search[start : match.end()]
        if len([word for word in words(piece) if not word[0].isdigit()]) > 1:
            found.append(Span(start, match.end()))
            start = match.end()
    if not found:
        return [Span(0, len(search))]
    return [*found[:-1], Span(found[-1].start, len(search))]


def _parts(search: str) -> list[_Part]:
    stated = meant(search)
    found = []
    for clause in clauses(search):
        own = [figure for figure in stated if clause.start <= figure.start < clause.end]
        found.append(
            _Part(
                clause.of(search),
                plain(search, clause, own),
                search[: clause.end],
                tuple(figure for figure in own if not figure.is_year),
                tuple(figure for figure in own if figure.is_year),
                tuple(_spoken_of(clause.of(search))),
            )
        )
    return found


def _otherwise(part: _Part, there: _Part) -> bool:
    """Whether one denies what the other says, takes the other side, or gives other years."""
    if bool(_DENIAL.search(part.text)) != bool(_DENIAL.search(there.text)):
        return True
    for pair in _PAIRS:
        sides, others = ([bool(re.search(w, c.text)) for w in pair] for c in (part, there))
        if sides != others and sum(sides) == sum(others) == 1:
            return True
    years, others_years = ({year.value for year in clause.years} for clause in (part, there))
    return bool(years and others_years) and years.isdisjoint(others_years)


def _spoken_of(search: str) -> list[tuple[Region, ...]]:
    """The regions that ``search`` names, each as its candidates; 山东省 in 山东省济南市 is none."""
    found = find_regions(search)
    return [
        named
        for (_, end, named), following in zip_longest(found, found[1:])
        if not (
            following
            and following[0] == end
            and any(lies_in(inner, outer) for inner in following[2] for outer in named)
        )
    ]


def _about(document: Document, context: str, texts: Sequence[str]) -> list[frozenset[Region]]:
    """The regions that each of the successive sentences ``texts`` can be about.

    Those that it names, else those that the last one before it names; that of the document, and
    those of the title and headings unless a region opens the sentence.
    """
    own = resolve_region(document.region) if document.region else None
    near = frozenset({own.code}) if own else frozenset()
    home = frozenset({own}) if own else frozenset()
    above = home | {region for _, _, named in find_regions(context, near) for region in named}
    province = {region for region in ancestors(own) if region.level == "省级"} if own else set()
    found: list[frozenset[Region]] = []
    last: frozenset[Region] = frozenset()
    for text in texts:
        here = find_regions(text, near)
        last = frozenset(region for _, _, named in here for region in named) or last
        opened = bool(here) and here[0][0] == 0
        wider = province if re.search("全省|我省", text) else frozenset()
        found.append(last | wider | (home if opened else above))
    return found
