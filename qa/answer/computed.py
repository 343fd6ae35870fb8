"""Rank and difference of figures, said to be computed. Pure."""

from collections.abc import Sequence
from itertools import pairwise

from index import Indicator
from qa.cite import Claim

_LARGE = ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"))


def computed(figures: Sequence[tuple[str, Indicator]]) -> list[Claim]:
    """Return a claim with order and greatest difference of labelled figures.

    Only of single values in one unit; [] for fewer than two.
    """
    values = [
        (float(indicator.value), label, indicator)
        for label, indicator in figures
        if isinstance(indicator.value, float | int)
    ]
    if len(values) < 2 or len({indicator.unit for _, _, indicator in values}) != 1:
        return []
    ranked = sorted(values, key=lambda row: -row[0])
    order = ranked[0][1]
    for (above, _, _), (value, label, _) in pairwise(ranked):
        order += f" {'＞' if above > value else '＝'} {label}"
    gap = ranked[0][0] - ranked[-1][0]
    if gap == 0:
        names = "、".join(label for _, label, _ in ranked)
        return [Claim(f"计算：{names}数值相同", (), verbatim=False)]
    difference = amount(gap, ranked[0][2].unit)
    return [Claim(f"计算：{order}，相差 {difference}（按所列数值）", (), verbatim=False)]


def amount(value: float, unit: str) -> str:
    """A difference as people write it: 11.8亿元, 2.5个百分点."""
    if unit == "%":
        return f"{value:.10g} 个百分点"
    if unit == "‰":
        return f"{value:.10g} 个千分点"
    for size, name in _LARGE:
        if abs(value) >= size:
            return f"{value / size:.10g} {name}{unit}"
    return f"{value:.10g} {unit}"
