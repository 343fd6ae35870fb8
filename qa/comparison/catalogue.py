"""What an index offers to compare: its indicators, their synonyms, regions and years."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from index import Index, Indicator, InputError, Region, Thesaurus, normalise, resolve_region
from qa.comparison.kinship import key_of, wordings_of
from qa.matter import contradicts, pieces

# Of how many pairs of characters typed a name must share this part to be offered.
_LEAST = 0.5


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the ledger with its place in a table; ``year`` ends a period, None: not given."""

    indicator: Indicator
    region: Region
    year: int | None


@dataclass(frozen=True)
class Group:
    """All figures of one indicator; ``names`` are its wordings, the most used one first."""

    names: tuple[str, ...]
    figures: tuple[Figure, ...]

    @property
    def name(self) -> str:
        """The wording that most regions use."""
        return self.names[0]

    @cached_property
    def regions(self) -> frozenset[Region]:
        """The regions that give it."""
        return frozenset(figure.region for figure in self.figures)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years for which it is given, ascending."""
        return tuple(sorted({f.year for f in self.figures if f.year is not None}))

    @cached_property
    def unit(self) -> str:
        """The unit of most of its figures."""
        return Counter(f.indicator.unit for f in self.figures).most_common(1)[0][0]

    @cached_property
    def written(self) -> tuple[str, ...]:
        """Its names in lower case, as what is typed is held against them."""
        return tuple(name.lower() for name in self.names)

    @cached_property
    def pieces(self) -> frozenset[str]:
        """The character pairs and Latin words of its names."""
        return frozenset(piece for name in self.names for piece in pieces(name))


@dataclass(frozen=True)
class Catalogue:
    """The indicators of one index, joined where the thesaurus calls them one, or name by name."""

    index: Index
    thesaurus: Thesaurus

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures of regions that are known, in the order of the ledger."""
        placed = ((one, _region(one)) for one in self.index.indicators)
        return tuple(Figure(one, region, _year(one)) for one, region in placed if region)

    @cached_property
    def by_name(self) -> Mapping[str, Group]:
        """One group for each name."""
        return {group.name: group for group in _groups((f.indicator.name, f) for f in self.figures)}

    @cached_property
    def joined(self) -> Mapping[str, Group]:
        """The group that each name belongs to, with its synonyms."""
        terms = wordings_of(self.thesaurus)
        keys = {n: key_of(n, group.unit, terms) for n, group in self.by_name.items()}
        groups = _groups((keys[f.indicator.name], f) for f in self.figures)
        return {name: group for group in groups for name in group.names}

    @cached_property
    def held(self) -> frozenset[Region]:
        """The regions that some document of the index is on."""
        found = {resolve_region(d.region) for d in self.index.catalogue.values() if d.region}
        return frozenset(region for region in found if region)

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """The regions that have figures, the nation first."""
        return tuple(sorted({f.region for f in self.figures}, key=lambda r: (len(r.code), r.code)))

    def groups(self, join: bool = True) -> list[Group]:
        """All groups, those of most regions first."""
        return self._all_joined if join else self._all_apart

    @cached_property
    def _all_joined(self) -> list[Group]:
        return _ranked(self.joined.values())

    @cached_property
    def _all_apart(self) -> list[Group]:
        return _ranked(self.by_name.values())

    def group(self, name: str, join: bool = True) -> Group:
        """Return the indicator called ``name``, as plans write it or shortly: 城镇化率.

        Raises:
            InputError: there is none; the nearest ones are told.
        """
        wanted = normalise(name).text.strip()
        held = self.joined if join else self.by_name
        if wanted in held:
            return held[wanted]
        meant = [
            group
            for group in self._meant(wanted, held)
            if not contradicts(wanted, group.name) and pieces(wanted)
        ]
        if meant:
            return _ranked(meant)[0]
        if not pieces(wanted):
            raise InputError("请写明要比较的指标，例如：常住人口城镇化率。")
        near = [group.name for group in self.search(wanted, count=5)]
        told = f"相近的有：{'、'.join(near)}" if near else "例如：常住人口城镇化率"
        raise InputError(f"索引中没有指标“{name}”的数值。请换用规划中的写法，{told}。")

    def _meant(self, wanted: str, held: Mapping[str, Group]) -> list[Group]:
        """What a name that no figure has may stand for: another wording, or the end of a name."""
        terms = wordings_of(self.thesaurus)
        for unit in {group.unit for group in held.values()} if wanted in terms else ():
            key = key_of(wanted, unit, terms)
            if key in self._by_key:
                return [held[self._by_key[key]]]
        return [group for name, group in held.items() if wanted and name.endswith(wanted)]

    @cached_property
    def _by_key(self) -> Mapping[tuple[str, ...], str]:
        terms = wordings_of(self.thesaurus)
        return {key_of(n, group.unit, terms): n for n, group in self.by_name.items()}

    def region(self, name: str) -> Region:
        """Return the region called ``name``.

        Raises:
            InputError: it is not known; the nearest ones of the index are told.
        """
        region = resolve_region(normalise(name).text)
        if region is None:
            names = {word: r.name for r in self.regions for word in (r.short, r.name)}
            near = dict.fromkeys(names[word] for word in get_close_matches(name, names, 3, 0.4))
            told = "、".join(near) or "济南、历城区"
            raise InputError(f"不认识地区“{name}”。请写行政区划名称，例如：{told}。")
        return region

    def search(
        self,
        typed: str,
        regions: Collection[Region] = (),
        join: bool = True,
        count: int = 20,
    ) -> list[Group]:
        """Return the indicators that ``typed`` may begin to name, best first.

        Those that have all that was typed in their names come first, then those of the official
        term that it is a wording of, then those that share most of it; within these, the ones
        that most of ``regions`` (of all, when empty) have figures of. Nothing typed: all.
        """
        wanted = normalise(typed).text.strip().lower()
        chosen = frozenset(regions)
        fits = self._fits(wanted, self.groups(join), count)
        ranked = sorted(
            (-fit, -len(group.regions & chosen) if chosen else 0, place, group.name)
            for place, (group, fit) in enumerate(zip(self.groups(join), fits, strict=True))
            if fit
        )
        return [self.groups(join)[place] for _, _, place, _ in ranked[:count]]

    def _fits(self, wanted: str, groups: Sequence[Group], enough: int) -> list[float]:
        """How well what was typed fits each of ``groups``; 0 for not at all."""
        if not wanted:
            return [1.0] * len(groups)
        terms = {expansion.entry.term for expansion in self.thesaurus.expand(wanted)}
        named = {
            w for e in self.thesaurus.entries if e.term in terms for w in (e.term, *e.official)
        }
        fits = [_fit(wanted, named, group) for group in groups]
        asked = frozenset(pieces(wanted))
        if not asked or sum(map(bool, fits)) >= enough:
            return fits
        shares = [len(asked & group.pieces) / len(asked) for group in groups]
        return [
            fit or (round(share, 1) if share >= _LEAST else 0.0)
            for fit, share in zip(fits, shares, strict=True)
        ]

    def places(
        self, typed: str, names: Sequence[str], join: bool = True
    ) -> list[tuple[Region, int]]:
        """Return the regions that ``typed`` may begin to name, those with most figures first.

        The figures counted are of the indicators ``names``, of all when none is named.
        """
        wanted = normalise(typed).text.strip()
        counts = Counter(figure.region for figure in self._of(names, join))
        found = [r for r in self.regions if wanted in r.name or r.latin.startswith(wanted.lower())]
        ranked = sorted(found, key=lambda r: (-counts[r], len(r.code), r.code))
        return [(region, counts[region]) for region in ranked]

    def years(self, names: Sequence[str], join: bool = True) -> list[tuple[int, int]]:
        """Return the years with figures of ``names`` (of all when none), latest first, counted."""
        counts = Counter(f.year for f in self._of(names, join) if f.year is not None)
        return sorted(((y, n) for y, n in counts.items() if y is not None), reverse=True)

    def _of(self, names: Sequence[str], join: bool) -> Iterable[Figure]:
        if not names:
            return self.figures
        return [figure for name in names for figure in self.group(name, join).figures]


def _ranked(groups: Iterable[Group]) -> list[Group]:
    """Each once, those of most regions first."""
    unique = {group.name: group for group in groups}
    return sorted(unique.values(), key=lambda g: (-len(g.regions), -len(g.figures), g.name))


def _groups(keyed: Iterable[tuple[object, Figure]]) -> list[Group]:
    found: dict[object, list[Figure]] = {}
    for key, figure in keyed:
        found.setdefault(key, []).append(figure)
    return [Group(_names(figures), tuple(figures)) for figures in found.values()]


def _names(figures: Sequence[Figure]) -> tuple[str, ...]:
    regions: dict[str, set[str]] = {}
    for figure in figures:
        regions.setdefault(figure.indicator.name, set()).add(figure.region.code)
    return tuple(sorted(regions, key=lambda name: (-len(regions[name]), len(name), name)))


def _fit(wanted: str, named: set[str], group: Group) -> float:
    """Whether what was typed is a name (4), stands in one (3), or means one (2); else 0."""
    if wanted in group.written:
        return 4.0
    if any(wanted in name for name in group.written):
        return 3.0
    return 2.0 if named.intersection(group.names) else 0.0


def _region(indicator: Indicator) -> Region | None:
    return resolve_region(indicator.region) if indicator.region else None


def _year(indicator: Indicator) -> int | None:
    if indicator.year is None and indicator.period is not None:
        return indicator.period[1]
    return indicator.year
