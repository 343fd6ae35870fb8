"""What an answerer gets and gives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index import Index, Indicator, Outline, Span, normalise, words
from qa.cite import Claim, Quote, section_path
from qa.ledger import Ledger
from qa.models import Intent, Passage, Question
from qa.scope import Regions, Scope


@dataclass(frozen=True, slots=True)
class Evidence:
    """The question, where it may be answered from, and the best passages found there."""

    question: Question
    scope: Scope
    passages: Sequence[Passage]
    regions: Regions
    ledger: Ledger

    @property
    def index(self) -> Index:
        """The index that is asked."""
        return self.regions.index

    def documents(self) -> list[str]:
        """Documents of the scope: those whose title the question names first, then by rank.

        When the question names regions, only documents on these.
        """
        ranked = dict.fromkeys(p.chunk.document_id for p in self.passages)
        if self.scope.regions:
            own = frozenset().union(*(self.regions.about(r) for r in self.scope.regions))
            ranked = {name: None for name in ranked if name in own} or dict.fromkeys(sorted(own))
        asked = set(words(self.question.search))
        titles = {
            name: len(asked & set(words(normalise(self.index.catalogue[name].title).text)))
            for name in ranked
        }
        return sorted(ranked, key=lambda name: -titles[name])

    def outline(self, document_id: str) -> Outline:
        """The outline of one document."""
        return self.index.outlines[document_id]

    def quote(self, document_id: str, span: Span) -> Quote:
        """A quote with the path of the section that it stands in."""
        return Quote(document_id, span, section_path(self.outline(document_id).sections, span))

    def item(self, document_id: str, span: Span) -> Claim:
        """What stands at ``span``, without blanks around it, as one item of a list."""
        text = span.of(self.index.documents[document_id].text).strip()
        return Claim(text, (self.quote(document_id, span),))


def bare(evidence: Evidence) -> str:
    """The question without the regions that the scope sees to."""
    search = evidence.question.search
    for region in evidence.scope.regions:
        search = search.replace(region.name, "").replace(region.short, "")
    return search.strip() or evidence.question.search


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer before its claims are verified; ``refusal`` says why there is none.

    ``figures`` are those of the ledger that it tells.
    """

    kind: Intent
    claims: tuple[Claim, ...]
    refusal: str = ""
    figures: tuple[Indicator, ...] = ()


Answerer = Callable[[Evidence], Draft | None]
