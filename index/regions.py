"""Regions of China: names, short names, and which lies in which.

The data are the statistical division codes: nation, provinces, prefectures, counties.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

# Longer suffixes first: 自治区 before 区.
_SUFFIXES = (
    "特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "自治州", "自治县",
    "自治旗", "地区", "林区", "省", "市", "区", "县", "旗", "盟",
)  # fmt: skip
_ETHNIC = (
    "藏族", "彝族", "傣族", "白族", "苗族", "侗族", "壮族", "回族", "羌族", "土家族", "布依族",
    "朝鲜族", "蒙古族", "哈萨克", "柯尔克孜", "蒙古", "哈尼族", "景颇族", "傈僳族",
)  # fmt: skip
NATION_ALIASES = ("全国", "我国", "中国")
LEVELS = {0: "国家", 2: "省级", 4: "市级", 6: "县级"}


@dataclass(frozen=True, slots=True)
class Region:
    """An administrative division; ``parent`` is the code of the one it lies in.

    ``latin`` is the short name in Latin letters without blanks: jinan, shaanxi, innermongolia.
    """

    code: str
    name: str
    parent: str
    latin: str

    @property
    def level(self) -> str:
        """国家, 省级, 市级 or 县级."""
        return "国家" if self.code == "0" else LEVELS[len(self.code)]

    @property
    def short(self) -> str:
        """The name as people say it: 济南, 历城, 内蒙古; the full name where that is too short."""
        return _shorten(self.name)

    @property
    def mentioned(self) -> str:
        """What a text that speaks of it must hold: the short name of provinces and cities."""
        return self.short if len(self.code) < 6 or len(self.short) > 2 else self.name


def _shorten(name: str) -> str:
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            name = name[: -len(suffix)]
            break
    for people in _ETHNIC:
        at = name.find(people)
        if at >= 2:
            return name[:at]
    return name


@cache
def _table() -> dict[str, Region]:
    lines = (
        (Path(__file__).parent / "data" / "regions.tsv").read_text(encoding="utf-8").splitlines()
    )
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {row[0]: Region(*row) for row in rows}


@cache
def _by_name() -> dict[str, tuple[Region, ...]]:
    names: dict[str, list[Region]] = {}
    for region in sorted(_table().values(), key=lambda r: (len(r.code), r.code)):
        for name in {region.name, region.short}:
            names.setdefault(name, []).append(region)
    for alias in NATION_ALIASES:
        names[alias] = [_table()["0"]]
    return {name: tuple(found) for name, found in names.items()}


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """The lengths of names by their first two characters, longest first."""
    lengths: dict[str, set[int]] = {}
    for name in _by_name():
        lengths.setdefault(name[:2], set()).add(len(name))
    return {opening: tuple(sorted(found, reverse=True)) for opening, found in lengths.items()}


@cache
def _mentions() -> dict[str, tuple[str, ...]]:
    """All that regions are mentioned by, under its first two characters."""
    found: dict[str, set[str]] = {}
    for region in _table().values():
        found.setdefault(region.mentioned[:2], set()).add(region.mentioned)
    return {opening: tuple(sorted(names)) for opening, names in found.items()}


def mentioned(text: str) -> frozenset[str]:
    """Return which :attr:`Region.mentioned` stand anywhere in ``text``."""
    openings = {text[at : at + 2] for at in range(len(text) - 1)} & _mentions().keys()
    return frozenset(name for two in openings for name in _mentions()[two] if name in text)


def candidates(name: str) -> tuple[Region, ...]:
    """Regions called ``name`` in full or short form, the higher level first; () if none."""
    return _by_name().get(name, ())


@cache
def _by_latin() -> dict[str, Region]:
    found: dict[str, Region] = {}
    for region in sorted(_table().values(), key=lambda r: (len(r.code), r.code)):
        if len(region.code) < 6:
            found.setdefault(region.latin, region)
    return found


def by_latin(name: str) -> Region | None:
    """The nation, province or prefecture called ``name`` in Latin letters, without blanks."""
    return _by_latin().get(name.lower())


def find(
    text: str, near: frozenset[str] = frozenset()
) -> list[tuple[int, int, tuple[Region, ...]]]:
    """Return (start, end, candidates) for each region named in ``text``, longest match first.

    The short names of counties are everyday words (和平, 前进, 城区), so a county counts by its full
    name only, unless its code or its parent's is in ``near``.
    """
    found: list[tuple[int, int, tuple[Region, ...]]] = []
    names, lengths, at = _by_name(), _lengths(), 0
    while at < len(text):
        for size in lengths.get(text[at : at + 2], ()):
            name = text[at : at + size]
            if len(name) < size:
                continue
            regions = tuple(r for r in names.get(name, ()) if _counts(r, name, near))
            if regions:
                found.append((at, at + size, regions))
                at += size
                break
        else:
            at += 1
    return found


def _counts(region: Region, name: str, near: frozenset[str]) -> bool:
    if len(region.code) < 6 or region.code in near or region.parent in near:
        return True
    return name == region.name and len(name) > 2


def ancestors(region: Region) -> list[Region]:
    """The regions that ``region`` lies in, nearest first, the nation last."""
    table, chain = _table(), []
    while region.parent:
        region = table[region.parent]
        chain.append(region)
    return chain


@lru_cache(maxsize=4096)
def resolve(name: str) -> Region | None:
    """The region that a full name such as 山东省济南市历城区, or a single name, stands for."""
    chosen: Region | None = None
    for _, _, named in find(name):
        inner = [r for r in named if chosen is None or lies_in(r, chosen)]
        chosen = inner[0] if inner else chosen
    return chosen


def lies_in(inner: Region, outer: Region) -> bool:
    """Whether ``inner`` is ``outer`` or lies in it."""
    return inner == outer or outer in ancestors(inner)
