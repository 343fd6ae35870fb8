"""Which names of figures mean one indicator, as far as the thesaurus says so. Pure."""

import re
from collections.abc import Mapping

from index import Thesaurus

Key = tuple[str, ...]

# What may stand around a wording of the thesaurus without making it another matter, if it stands
# around both: 新增市场主体 and 新增经营主体, CPI涨幅 and 居民消费价格涨幅.
_BEFORE = ("", "新增", "净增")
_AFTER = re.compile(
    r"(?:年均)?(?:实际)?(?:增速|增幅|涨幅|降幅)$|(?:累计)?(?:下降|降低|提高|增加|减少)$"
)
# A level, a rate, a share and a growth of one matter are different figures, though the thesaurus
# lists them together; so are those of a rank and those of all.
_MEASURES = {
    "growth": re.compile(r"增速|增幅|涨幅|增长率"),
    "fall": re.compile(r"下降|降低|减少|降幅"),
    "rise": re.compile(r"提高|增加|提升"),
    "yearly": re.compile(r"年均"),
    "share": re.compile(r"占比|比重|比例|比率|率|强度"),
    "each": re.compile(r"人均|每(?:百|千|万)|(?:百|千|万)人"),
    "capacity": re.compile(r"能力|产能"),
    "new": re.compile(r"新增|净增"),
    "rank": re.compile(r"国家级|省级|市级|县级|卓越级"),
}


def wordings_of(thesaurus: Thesaurus) -> dict[str, str]:
    """Return the term that each official wording stands for; the first entry's, where two say."""
    found: dict[str, str] = {}
    for entry in thesaurus.entries:
        for wording in (entry.term, *entry.official):
            found.setdefault(wording, entry.term)
    return found


def key_of(name: str, unit: str, terms: Mapping[str, str]) -> Key:
    """Return what ``name`` has in common with other names of the same indicator, and only these.

    Args:
        name: of a figure in the ledger.
        unit: in which most figures of this name are given; 率 in % and 率 in ‰ stay apart.
        terms: as made by :func:`wordings_of`.
    """
    after = _AFTER.search(name)
    for tail in dict.fromkeys([after[0] if after else "", ""]):
        body = name[: len(name) - len(tail)]
        for head in _BEFORE:
            term = terms.get(body.removeprefix(head)) if body.startswith(head) else None
            if term:
                return (head, term, _one(tail), *_measures(name), unit)
    return (name, unit)


def _one(tail: str) -> str:
    return re.sub("增幅|涨幅", "增速", tail)


def _measures(name: str) -> list[str]:
    return [measure for measure, pattern in _MEASURES.items() if pattern.search(name)]
