"""Which passages a question may be answered from: documents, regions and years it is limited to."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index import Document, Index, Region, ancestors, lies_in, normalise, resolve_region
from qa.models import Filters, Question

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scope:
    """Groups of passages, one for each region asked about; one group when none is.

    Each is ascending and holds nothing twice.
    """

    groups: tuple[Rows, ...]
    regions: tuple[Region, ...]

    @property
    def rows(self) -> Rows:
        """All passages of the scope, ascending."""
        if len(self.groups) == 1:
            return self.groups[0]
        return _united(self.groups)


def _number(document: Document) -> str:
    return normalise(document.number).text.replace("[", "〔").replace("]", "〕")


def _is_of(document: Document, year: str) -> bool:
    """Whether a document is of ``year`` by its title, or, where that names none, by its date."""
    years = re.findall(r"(?<!\d)20\d\d(?!\d)", document.title)
    return year in years if years else document.issued.startswith(year)


def report_year(document: Document) -> int | None:
    """The year of a document whose title gives one: a yearly report."""
    years = set(re.findall(r"(?<!\d)20\d\d(?!\d)", document.title))
    return int(years.pop()) if len(years) == 1 else None


def _is_named(document: Document, title: str, key: str) -> bool:
    """Whether ``key``, see :mod:`qa.sources_named`, names the document of that normalised title."""
    if "〔" in key:
        return key == _number(document)
    if "《" in key:
        return key[1:-1] in title
    when, _, kind = key.partition(" ")
    if not kind:
        return key in title
    if "-" in when:
        years = f"{document.period[0]}-{document.period[1]}" if document.period else ""
        return when == years and re.search("规划|纲要|建议|计划", title) is not None
    return kind in title and _is_of(document, when)


# Marks instead of sorting or hashing: a region may have half a million passages.


def _united(parts: Sequence[Rows]) -> Rows:
    """What stands in any of them, ascending."""
    rows = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
    marks = np.zeros(int(rows.max(initial=-1)) + 1, dtype=bool)
    marks[rows] = True
    return np.flatnonzero(marks)


def _shared(one: Rows, other: Rows) -> Rows:
    """What stands in both; each is ascending and holds nothing twice."""
    marks = np.zeros(int(max(one.max(initial=-1), other.max(initial=-1))) + 1, dtype=bool)
    marks[one] = True
    return other[marks[other]]


@dataclass(frozen=True)
class Regions:
    """The regions of an index's documents, and which passages name which place."""

    index: Index

    @cached_property
    def of_document(self) -> Mapping[str, Region]:
        """The region of each document that has one."""
        found = {name: resolve_region(d.region) for name, d in self.index.catalogue.items()}
        return {name: region for name, region in found.items() if region is not None}

    @cached_property
    def corpus(self) -> tuple[Region, ...]:
        """The distinct regions of the documents, in a fixed order."""
        return tuple(sorted(self.held, key=lambda r: (len(r.code), r.code)))

    @cached_property
    def held(self) -> frozenset[Region]:
        """The same as a set."""
        return frozenset(self._documents_of)

    @cached_property
    def _documents_of(self) -> Mapping[Region, frozenset[str]]:
        found: dict[Region, list[str]] = {}
        for name, region in self.of_document.items():
            found.setdefault(region, []).append(name)
        return {region: frozenset(names) for region, names in found.items()}

    @cached_property
    def years(self) -> Mapping[str, int]:
        """The year of each document whose title gives one year: yearly reports."""
        found = {name: report_year(d) for name, d in self.index.catalogue.items()}
        return {name: year for name, year in found.items() if year is not None}

    @cached_property
    def document_years(self) -> NDArray[np.int32]:
        """The same in the order of the documents; 0 where there is none."""
        return np.array([self.years.get(name, 0) for name in self.index.catalogue], dtype=np.int32)

    def about(self, region: Region) -> frozenset[str]:
        """Documents on ``region`` itself; else on the smallest region around it; else within it."""
        exact = self._documents_of.get(region)
        if exact:
            return exact
        for outer in ancestors(region):
            around = self._documents_of.get(outer)
            if around and outer.code != "0":
                return around
        within = (names for own, names in self._documents_of.items() if lies_in(own, region))
        return frozenset().union(*within)

    def naming(self, region: Region) -> Rows:
        """Passages whose text names ``region`` (in the short form for provinces and cities)."""
        if region.code not in self._naming:
            self._naming[region.code] = self.index.naming(region.mentioned)
        return self._naming[region.code]

    @cached_property
    def _naming(self) -> dict[str, Rows]:
        """Filled as regions are asked about."""
        return {}

    def named(self, question: Question) -> frozenset[str]:
        """Documents that the question names, on its regions if it names any, else the nation's.

        2019年政府工作报告 without a region is that of the State Council where there is one.
        """
        found = frozenset().union(*(self._by_key(key) for key in question.documents))
        if found and question.regions:
            return found & frozenset().union(*(self.about(r) for r in question.regions))
        national = {
            name for name in found if (own := self.of_document.get(name)) and own.code == "0"
        }
        return frozenset(national) or found

    def _by_key(self, key: str) -> frozenset[str]:
        if key not in self._keys:
            listed = self.index.catalogue.items()
            self._keys[key] = frozenset(
                name for name, d in listed if _is_named(d, self._titles[name], key)
            )
        return self._keys[key]

    @cached_property
    def _titles(self) -> Mapping[str, str]:
        return {name: normalise(d.title).text for name, d in self.index.catalogue.items()}

    @cached_property
    def _keys(self) -> dict[str, frozenset[str]]:
        """Filled as documents are named."""
        return {}

    def scope(self, question: Question, filters: Filters) -> Scope:
        """Return the passages that ``question`` may be answered from under ``filters``.

        A region in the question is a hard filter: its documents; if it has none, those on the
        regions around or within it, and passages elsewhere that name it. A document named by its
        number or by kind and year (2019年政府工作报告) is a filter too. ``filters`` come on top.
        """
        allowed = self._allowed(filters)
        named = self.named(question)
        if named:
            rows = self.index.rows(named)
            inside = rows if allowed is self._all else _shared(rows, allowed)
            allowed = inside if len(inside) else allowed
        asked = () if filters.lift_regions else question.regions
        groups: list[Rows] = []
        for region in asked:
            own = [self.index.document_rows[name] for name in self.about(region)]
            if region not in self.corpus:
                own.append(self.naming(region))
            rows = _united(own)
            groups.append(rows if allowed is self._all else _shared(rows, allowed))
        kept = [group for group in groups if len(group)]
        return Scope(tuple(kept) or (allowed,), asked)

    @cached_property
    def _all(self) -> Rows:
        return np.arange(len(self.index.chunks), dtype=np.int64)

    def _allowed(self, filters: Filters) -> Rows:
        if not (filters.documents or filters.regions or filters.year):
            return self._all
        names = set(self.index.documents)
        if filters.documents:
            names &= filters.documents
        if filters.regions:
            wanted = [resolve_region(name) for name in sorted(filters.regions)]
            names &= {n for region in wanted if region for n in self.about(region)}
        rows = self.index.rows(frozenset(names))
        return self.index.with_year(rows, filters.year) if filters.year else rows
