"""What the user puts in place of what was understood of a question. Pure."""

import re
from dataclasses import dataclass, replace

from index import InputError, Region, normalise, resolve_region
from qa.matter import aim_of
from qa.models import Intent
from qa.named import mentions, period_of, regions_of, years_asked, years_of
from qa.sources_named import sources_named

_PERIOD = re.compile(r"“?十[一二三四五六]五[”\"]?(?:时期|期间|五年|规划?期?末)?的?")
# What is left over at the edges once a region or a year is taken out.
_LEFT = re.compile(r"^[的、,和与及跟比在到 ]+|[、,和与及跟 ]+$")


@dataclass(frozen=True, slots=True)
class Overrides:
    """How a question is to be read instead; what is None is read as it stands.

    ``regions`` and ``years`` take the place of those named, empty ones lift the limit.
    ``indicator`` names the figure that is wanted, ``intent`` the kind of answer; ``passage`` there
    means passages and no figure. ``unnamed`` lifts the limit to the documents that it names.
    """

    regions: tuple[str, ...] | None = None
    years: tuple[int, ...] | None = None
    indicator: str = ""
    intent: Intent | None = None
    unnamed: bool = False

    def __bool__(self) -> bool:
        """Whether anything is read otherwise."""
        return self != Overrides()

    def changed(self, other: "Overrides") -> "Overrides":
        """These with what ``other`` sets on top; a figure and a kind of answer exclude each other."""
        wanted = replace(self, indicator="", intent=None)
        if not (other.indicator or other.intent):
            wanted = self
        return Overrides(
            regions=wanted.regions if other.regions is None else other.regions,
            years=wanted.years if other.years is None else other.years,
            indicator=other.indicator or wanted.indicator,
            intent=other.intent or wanted.intent,
            unnamed=other.unnamed or wanted.unnamed,
        )


def reworded(
    search: str, carried: str, overrides: Overrides, corpus: tuple[Region, ...]
) -> tuple[str, str]:
    """Return a question in the words that say what ``overrides`` want, and what it carries over.

    Args:
        search: the whole question, normalised, its follow-up resolved.
        carried: its beginning that comes from the history.
        overrides: how it is to be read.
        corpus: the regions of the index.

    Raises:
        InputError: a region that is not known, or an indicator of no letters.
    """
    names = _names(overrides.regions)
    if overrides.indicator:
        return _asking_for(_indicator(overrides.indicator), search, names, overrides, corpus), ""
    fresh = search.removeprefix(carried)
    parts = [_bare(part, overrides, corpus) for part in (carried, fresh)]
    said = _limits(names, overrides.years)
    if not carried:
        return f"{said}{parts[1]}".strip(), ""
    return f"{said}{parts[0]} {parts[1]}".strip(), f"{said}{parts[0]}"


def _bare(search: str, overrides: Overrides, corpus: tuple[Region, ...]) -> str:
    """``search`` without the words that what is overridden takes the place of."""
    cuts: list[tuple[int, int]] = []
    if overrides.unnamed:
        cuts += [(named.start, named.end) for named in sources_named(search)]
    if overrides.regions is not None:
        cuts += [(start, end) for start, end, _ in mentions(search, corpus)]
    if overrides.years is not None:
        cuts += [match.span() for match in years_asked(search)]
        cuts += [match.span() for match in _PERIOD.finditer(search) if _is_time(search, match)]
    if not cuts:
        return search
    kept, at = [], 0
    for start, end in sorted(cuts):
        kept.append(search[at : max(at, start)])
        at = max(at, end)
    kept.append(search[at:])
    return _LEFT.sub("", "".join(kept).strip())


def _is_time(search: str, match: re.Match[str]) -> bool:
    """Whether 十四五 is the time asked about, and not part of the name of a plan."""
    inside = any(named.start <= match.start() < named.end for named in sources_named(search))
    return not inside and bool(period_of(match.group()) or years_of(match.group()))


def _asking_for(
    name: str,
    search: str,
    names: str | None,
    overrides: Overrides,
    corpus: tuple[Region, ...],
) -> str:
    """The question for the figure ``name``, in the place and for the time of the one before."""
    held, unknown = regions_of(search, corpus)
    where = "和".join(region.name for region in (*held, *unknown)) if names is None else names
    years = years_of(search) if overrides.years is None else overrides.years
    named = [] if overrides.unnamed else sources_named(search)
    sources = "".join(search[source.start : source.end] for source in named)
    aim = "目标" if aim_of(search) == "target" else ""
    return f"{sources}{where}{_limits('', years)}{name}{aim}"


def _limits(names: str | None, years: tuple[int, ...] | None) -> str:
    return (names or "") + "和".join(f"{year}年" for year in years or ())


def _names(regions: tuple[str, ...] | None) -> str | None:
    if regions is None:
        return None
    found = []
    for name in regions:
        region = resolve_region(normalise(name).text)
        if region is None:
            raise InputError(f"不认识地区“{name}”。请写行政区划名称，例如：济南、历城区。")
        found.append(region.name)
    return "和".join(found)


def _indicator(name: str) -> str:
    wanted = normalise(name).text.strip()
    if not re.search(r"[a-z\u3400-\u9fff]", wanted, re.I) or len(wanted) > 200:
        raise InputError("请写明要查的指标，例如：常住人口城镇化率。")
    return wanted
