"""What a search can be limited to, as a page offers it. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index import Document

_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Facets:
    """What a search can be limited to: documents as (title, id), regions and years."""

    documents: tuple[tuple[str, str], ...]
    regions: tuple[str, ...]
    years: tuple[int, ...]


def facets(documents: Iterable[Document]) -> Facets:
    """Return what ``documents`` offer to limit a search to."""
    held = list(documents)
    years = {int(year) for document in held for year in _YEAR.findall(document.text)}
    return Facets(
        documents=tuple((document.title, document.id) for document in held),
        regions=tuple(dict.fromkeys(d.region for d in held if d.region)),
        years=tuple(sorted(years)),
    )
