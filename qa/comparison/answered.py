"""The comparison that an answer was: what the chat compared, to be opened as a table."""

from qa.comparison.asked import MOST_INDICATORS, Asked
from qa.comparison.catalogue import Catalogue
from qa.models import Answer


def asked_of(catalogue: Catalogue, answer: Answer) -> Asked | None:
    """Return what ``answer`` compared; None if it compared no figures of the ledger.

    The indicators are those of the figures that it cites and says.
    """
    if answer.kind != "comparison" or answer.abstained:
        return None
    said = answer.text
    names: dict[str, None] = {}
    places: dict[str, None] = {region.name: None for region in answer.question.regions}
    for figure in catalogue.figures:
        one = figure.indicator
        text = catalogue.index.documents[one.document_id].text
        if one.name in said and any(
            citation.document_id == one.document_id
            and citation.span.covers(one.span)
            and one.span.of(text) in said
            for citation in answer.citations
        ):
            names[one.name] = None
            places[figure.region.name] = None
    if not names:
        return None
    return Asked(tuple(names)[:MOST_INDICATORS], tuple(places), tuple(answer.question.years))
