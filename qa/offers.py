"""What a part of the reading of a question can be changed to: only what the library holds."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, get_args

from index import Indicator
from qa.compare import suggestions
from qa.conversation import Again
from qa.engine import Engine
from qa.models import Intent
from qa.overrides import Overrides

MOST = 40

Part = Literal["region", "year", "indicator", "intent"]
INTENTS: tuple[Intent, ...] = get_args(Intent)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A part of a reading that is to be changed: ``again`` is the question as it was asked.

    ``regions`` are those it was read for; ``name`` is the figure that answered it and
    ``documents`` are those that it was answered from.
    """

    part: Part
    again: Again
    regions: tuple[str, ...] = ()
    name: str = ""
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A choice: its name, and the question asked again with it."""

    name: str
    again: Again


def offers(engine: Engine, wanted: Wanted, typed: str = "") -> list[Offer]:
    """Return what ``wanted.part`` can be changed to, at most ``MOST``, those that hold ``typed``."""
    found = [
        Offer(name, replace(wanted.again, overrides=overrides))
        for name, overrides in _choices(engine, wanted, typed.strip())
        if typed.strip() in name or wanted.part == "indicator"
    ]
    return found[:MOST]


def _choices(engine: Engine, wanted: Wanted, typed: str) -> Iterable[tuple[str, Overrides]]:
    own = wanted.again.overrides
    if wanted.part == "region":
        regions = engine.retriever.regions.corpus
        return [(r.name, replace(own, regions=(r.name,))) for r in regions]
    if wanted.part == "year":
        return [(f"{year}", replace(own, years=(year,))) for year in _years(engine, wanted)]
    if wanted.part == "intent":
        return [(one, replace(own, intent=one, indicator="")) for one in INTENTS]
    names = suggestions(engine, typed, MOST) if typed else _names(engine, wanted)
    return [(name, replace(own, indicator=name, intent=None)) for name in names]


def _years(engine: Engine, wanted: Wanted) -> list[int]:
    """The years of the figure that was asked for, else of all figures of its regions."""
    of_regions = [
        one for one in engine.index.indicators if not wanted.regions or one.region in wanted.regions
    ]
    of_name = [one for one in of_regions if one.name == wanted.name]
    years = {_year(one) for one in of_name or of_regions} - {None}
    return sorted((year for year in years if year is not None), reverse=True)[:MOST]


def _names(engine: Engine, wanted: Wanted) -> list[str]:
    """The names of the figures of the same documents, nearest to the one told first."""
    near = suggestions(engine, wanted.name, len(engine.index.indicators)) if wanted.name else []
    held = dict.fromkeys(
        one.name
        for one in engine.index.indicators
        if one.change != "difference"
        and (one.document_id in wanted.documents or not wanted.documents)
    )
    first = [name for name in near if name in held]
    return list(dict.fromkeys([*first, *held]))[:MOST]


def _year(figure: Indicator) -> int | None:
    return figure.period[1] if figure.year is None and figure.period else figure.year
