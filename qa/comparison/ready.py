"""Comparisons that a library can fill, drawn from its ledger, for someone who has chosen none."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

from index import Region
from qa.comparison.asked import Asked
from qa.comparison.catalogue import Catalogue, Figure, Group
from qa.words import CHINESE, Words

# How many of the most shared indicators are looked through, and how much of each is shown.
_LOOKED_AT = 80
_REGIONS = 12
_YEARS = 12
_TOGETHER = 4


@dataclass(frozen=True, slots=True)
class Ready:
    """A comparison, and what it is of."""

    title: str
    about: str
    asked: Asked


def ready(catalogue: Catalogue, say: Words = CHINESE) -> list[Ready]:
    """Return up to three comparisons: over regions, of several indicators, and over years.

    Targets go before states, and each is of other indicators where the library has enough; one
    that would hold fewer than two figures is left out.
    """
    plain = [group for group in catalogue.groups() if _plain(group)][:_LOOKED_AT]
    made: list[Ready] = []
    for maker in (_over_regions, _together, _over_years):
        used = {name for one in made for name in one.asked.indicators}
        found = maker(plain, used, say)
        made += [found] if found else []
    return made


def _plain(group: Group) -> bool:
    """Whether its figures are of one kind of quantity."""
    return len({figure.indicator.unit for figure in group.figures}) == 1


def _over_regions(groups: Sequence[Group], used: Collection[str], say: Words) -> Ready | None:
    """The indicator and the year that most regions share."""
    counts: dict[tuple[int, int], set[Region]] = {}
    for place, group in enumerate(groups):
        for figure in _aims(group):
            counts.setdefault((place, figure.year or 0), set()).add(figure.region)
    shared = {key: regions for key, regions in counts.items() if len(regions) > 1}
    if not shared:
        return None
    place, year = max(sorted(shared), key=lambda key: (len(shared[key]), -key[0], key[1]))
    regions = _in_order(shared[place, year])[:_REGIONS]
    name = groups[place].name
    return Ready(
        say("各地区{year}年{name}", year=year, name=name),
        say("{count} 个地区", count=len(regions)),
        Asked((name,), tuple(region.name for region in regions), (year,)),
    )


def _together(groups: Sequence[Group], used: Collection[str], say: Words) -> Ready | None:
    """Several indicators of two regions in one year, or of one where no two share several."""
    held: dict[tuple[Region, int], list[str]] = {}
    for group in groups:
        if group.name not in used:
            for region, year in sorted(
                {(f.region, f.year or 0) for f in _aims(group)},
                key=lambda key: (key[0].code, key[1]),
            ):
                held.setdefault((region, year), []).append(group.name)
    sides: dict[tuple[tuple[str, ...], int], list[str]] = {
        ((region.name,), year): names for (region, year), names in held.items()
    }
    pairs: dict[tuple[tuple[str, ...], int], list[str]] = {}
    for year in {year for _, year in held}:
        for one, other in combinations([region for region, its in held if its == year], 2):
            both = [name for name in held[one, year] if name in held[other, year]]
            pairs[(one.name, other.name), year] = both
    for offered in (pairs, sides):
        several = {key: names for key, names in offered.items() if len(names) > 1}
        if several:
            regions, year = max(sorted(several), key=lambda key: len(several[key]))
            names = several[regions, year][:_TOGETHER]
            places = say("与").join(regions)
            return Ready(
                say("{places}{year}年的{count}项指标", places=places, year=year, count=len(names)),
                say("、").join(names),
                Asked(tuple(names), regions, (year,)),
            )
    return None


def _over_years(groups: Sequence[Group], used: Collection[str], say: Words) -> Ready | None:
    """The indicator that one region gives over most years, as targets and states, undisputed."""
    series: dict[tuple[bool, bool, bool, int], tuple[Group, Region, list[int]]] = {}
    for group in groups:
        for region in _in_order(group.regions):
            own = [figure for figure in _dated(group.figures) if figure.region == region]
            years = sorted({figure.year or 0 for figure in own})
            kinds = {figure.indicator.kind for figure in own}
            values = {(f.year, f.indicator.kind, f.indicator.value) for f in own}
            clear = len(values) == len({(year, kind) for year, kind, _ in values})
            key = (len(kinds) > 1, clear, group.name not in used, len(years))
            series.setdefault(key, (group, region, years))
    several = {key: found for key, found in series.items() if key[3] > 1}
    if not several:
        return None
    group, region, years = several[max(several)]
    shown = years[-_YEARS:]
    return Ready(
        say("{region}历年{name}", region=region.name, name=group.name),
        say("{first}–{last}年", first=shown[0], last=shown[-1]),
        Asked((group.name,), (region.name,), tuple(shown), "years"),
    )


def _dated(figures: Sequence[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.year is not None]


def _aims(group: Group) -> list[Figure]:
    """Its targets, which are what plans are compared by; its states where it has none."""
    dated = _dated(group.figures)
    return [figure for figure in dated if figure.indicator.kind == "target"] or dated


def _in_order(regions: Collection[Region]) -> list[Region]:
    return sorted(regions, key=lambda region: (len(region.code), region.code))
