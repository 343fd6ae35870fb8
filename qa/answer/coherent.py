"""Which figure stands in each cell of a comparison, so that the cells speak of one thing. Pure."""

from collections.abc import Sequence

from index import Indicator
from qa.figure_fit import Match
from qa.matter import pieces

# What it costs a figure to be of another change, or of a name that shares nothing.
_CHANGE = 0.3
_NAME = 0.3
# So many of each cell's best figures may set what the others should be.
_LEADS = 4


def chosen(cells: Sequence[Sequence[Match]]) -> list[Match | None]:
    """Return one match for each cell: those that together fit the question and one another best.

    Args:
        cells: the figures that may stand in each cell, best first; each fits the question.
    """
    leads = [match for cell in cells for match in cell[:_LEADS]]
    best: tuple[float, list[Match | None]] = (float("-inf"), [None] * len(cells))
    for lead in leads:
        row = [_nearest(cell, lead.indicator) for cell in cells]
        total = sum(_fit(match, lead.indicator) for match in row if match is not None)
        if total > best[0]:
            best = total, row
    return best[1]


def _nearest(cell: Sequence[Match], lead: Indicator) -> Match | None:
    alike = [match for match in cell if comparable(match.indicator, lead)]
    return max(alike, key=lambda match: _fit(match, lead), default=None)


def comparable(one: Indicator, other: Indicator) -> bool:
    """Whether the two are measured alike: 亿元 cannot be ranked beside %."""
    return one.unit == other.unit or not one.unit or not other.unit


def _fit(match: Match, lead: Indicator) -> float:
    mine = match.indicator
    score = match.score - (_CHANGE if mine.change != lead.change else 0.0)
    return score - _NAME * (1.0 - likeness(mine.name, lead.name))


def likeness(one: str, other: str) -> float:
    """The share of character pairs that two names have in common, 0 to 1."""
    if one == other:
        return 1.0
    mine, its = set(pieces(one)), set(pieces(other))
    return len(mine & its) / len(mine | its) if mine | its else 0.0
