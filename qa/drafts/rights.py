"""What a sentence gives where a claim has something else: its figure as written, its region."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from index import Index, Indicator, bigrams, normalise
from qa.answer.borne_out import clauses
from qa.answer.figures_told import Figure, figures
from qa.drafts.nouns import Claim
from qa.drafts.sources import Candidate
from qa.drafts.wording import bare
from qa.matter import contradicts

# Units that are never left out: the 三 of “三公” is no 三年.
_ALWAYS = {"年", "岁"}
_BOUND_WORDS = re.compile(r"^(?:以上|以下|左右|以内|之内|余|多)|^[人个户家项所座条章处年]")


@dataclass(frozen=True)
class Rights:
    """Reads what is right off one index."""

    index: Index

    def ledger(self, candidate: Candidate) -> list[Indicator]:
        """The figures of the ledger that stand in the sentence."""
        source = candidate.source
        return [
            indicator
            for indicator in self._of_document.get(source.document_id, ())
            if source.span.covers(indicator.span)
        ]

    @cached_property
    def _of_document(self) -> dict[str, list[Indicator]]:
        found: dict[str, list[Indicator]] = {}
        for indicator in self.index.indicators:
            found.setdefault(indicator.document_id, []).append(indicator)
        return found

    def figure(self, claim: Claim, candidate: Candidate, figure: Figure) -> str:
        """The figure that stands where the claim has another, as it is written; "" if none does."""
        said = set(bigrams(bare(claim)))
        document = self.index.documents[candidate.source.document_id]
        offered: list[tuple[float, str]] = []
        spans = [one.span.of(document.text) for one in self.ledger(candidate)]
        for indicator in self.ledger(candidate):
            name = normalise(indicator.name).text
            alike = unit_alike(indicator.unit, figure.unit)
            if alike and indicator.value != figure.value and not contradicts(claim.search, name):
                pairs = set(bigrams(name))
                share = len(pairs & said) / len(pairs) if pairs else 0.0
                offered.append((share + 0.1, indicator.span.of(document.text)))
        for share, text in self._told(claim, candidate, figure, said):
            # As the ledger has it, with the words that bound it.
            offered.append((share, next((one for one in spans if text in one), text)))
        # Which of several figures is meant must be plain from the words before it.
        best = max(offered, key=lambda one: one[0], default=(0.0, ""))
        return " ".join(best[1].split()) if best[0] >= 0.2 else ""

    def _told(
        self, claim: Claim, candidate: Candidate, figure: Figure, said: set[str]
    ) -> Iterator[tuple[float, str]]:
        """The figures that the sentence writes in the same unit, by the words around them."""
        search = candidate.source.search
        counted = _counted(claim.search, figure)
        for own in figures(search):
            if own.is_year or own.unit != figure.unit or own.value == figure.value:
                continue
            if not own.unit and _counted(search, own) != counted:
                continue
            clause = next(c for c in clauses(search) if own.start < c.end)
            pairs = set(bigrams(search[max(clause.start, own.start - 20) : own.end + 10]))
            after = search[own.end : own.end + 2]
            bound = _BOUND_WORDS.match(after)
            written = search[own.start : own.end] + (bound.group() if bound else "")
            yield len(pairs & said) / max(1, min(len(pairs), len(said))), written

    def region(self, candidate: Candidate) -> str:
        """The region that the sentence is about: one that it names at its head, else its document's."""
        source = candidate.source
        document = self.index.documents[source.document_id]
        named = [r for r in source.regions if source.search.startswith((r.name, r.short))]
        return named[0].name if named else document.region


def _counted(search: str, figure: Figure) -> str:
    """The character after a number: what it counts, 字 or 章."""
    return re.sub(r"^[余多]", "", search[figure.end : figure.end + 2])[:1]


def unit_alike(one: str, other: str) -> bool:
    """Whether two units may be one; counters (个, 家) are left out by one of the readings."""
    return one == other or (not (one and other) and not {one, other} & _ALWAYS)
