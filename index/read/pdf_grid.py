"""Ruled lines → grids: the cells that the lines of a table enclose, merged ones as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from index.read.pdf_glyphs import Box
from index.read.pdf_page import Rule

_NEAR = 3.0  # points within which two lines are one
_MAX_LINES = 400  # of one direction in one table
_MAX_CELLS = 10_000
_LEAST = 12.0  # points: what is smaller holds no character


@dataclass(frozen=True, slots=True)
class Room:
    """A cell of a grid: its box and its rows and columns, from 0."""

    box: Box
    row: int
    column: int
    height: int
    width: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its box, its cells, the x of what parts its columns; ``ruled`` where lines do."""

    box: Box
    rooms: tuple[Room, ...]
    columns: tuple[float, ...]
    ruled: bool = True


def grids(rules: Sequence[Rule]) -> list[Grid]:
    """Return the tables that ``rules`` draw, from top to bottom."""
    flat = _merged([rule for rule in rules if rule.flat])
    upright = _merged([rule for rule in rules if not rule.flat])
    if len(flat) > _MAX_LINES * 4 or len(upright) > _MAX_LINES * 4:
        return []
    found = []
    for group in _connected(flat, upright):
        grid = _grid([r for r in group if r.flat], [r for r in group if not r.flat])
        if grid is not None:
            found.append(grid)
    found.sort(key=lambda grid: (grid.box[1], grid.box[0]))
    return [g for g in found if not any(o is not g and _inside(g.box, o.box) for o in found)]


def _merged(rules: list[Rule]) -> list[Rule]:
    """Snap lines that lie close to one another and join those that overlap or touch."""
    joined: list[Rule] = []
    for rule in sorted(rules, key=lambda r: (r.at, r.start)):
        level = joined[-1].at if joined and rule.at - joined[-1].at <= _NEAR else rule.at
        joined.append(Rule(rule.flat, level, rule.start, rule.end))
    merged: list[Rule] = []
    for rule in sorted(joined, key=lambda r: (r.at, r.start)):
        last = merged[-1] if merged else None
        if last is not None and last.at == rule.at and rule.start <= last.end + _NEAR:
            merged[-1] = Rule(rule.flat, rule.at, last.start, max(last.end, rule.end))
        else:
            merged.append(rule)
    return merged


def _connected(flat: list[Rule], upright: list[Rule]) -> list[list[Rule]]:
    """Groups of lines that cross or touch one another."""
    rules = [*flat, *upright]
    parent = list(range(len(rules)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for i, one in enumerate(flat):
        for j, other in enumerate(upright):
            across = one.start - _NEAR <= other.at <= one.end + _NEAR
            if across and other.start - _NEAR <= one.at <= other.end + _NEAR:
                parent[root(i)] = root(len(flat) + j)
    groups: dict[int, list[Rule]] = {}
    for index, rule in enumerate(rules):
        groups.setdefault(root(index), []).append(rule)
    return [group for group in groups.values() if len(group) >= 4]


def _grid(flat: list[Rule], upright: list[Rule]) -> Grid | None:
    if not flat or not upright:
        return None
    sides, ends = _open_sides(flat, upright), _open_sides(upright, flat)
    flat, upright = [*flat, *ends], [*upright, *sides]
    ys, xs = sorted({rule.at for rule in flat}), sorted({rule.at for rule in upright})
    if len(ys) < 2 or len(xs) < 2 or len(ys) > _MAX_LINES or len(xs) > _MAX_LINES:
        return None
    if len(xs) * len(ys) > _MAX_CELLS:
        return None
    if xs[-1] - xs[0] < _LEAST or ys[-1] - ys[0] < _LEAST:
        return None
    return Grid((xs[0], ys[0], xs[-1], ys[-1]), tuple(_rooms(xs, ys, flat, upright)), tuple(xs))


def _open_sides(rules: list[Rule], across: list[Rule]) -> list[Rule]:
    """Lines where most ``rules`` end together beyond the outermost of ``across``: no line closes it."""
    first, last = min(rule.at for rule in across), max(rule.at for rule in across)
    span = min(rule.at for rule in rules), max(rule.at for rule in rules)
    found = []
    for edges, outer, out in (
        ([rule.start for rule in rules], first, -1),
        ([rule.end for rule in rules], last, 1),
    ):
        edge = median(edges)
        common = sum(abs(one - edge) <= _NEAR for one in edges) > 0.6 * len(edges)
        beyond = out * (edge - outer)
        if common and len(edges) >= 3 and beyond > _LEAST:
            found.append(Rule(not rules[0].flat, edge, *span))
    return found


def _rooms(xs: list[float], ys: list[float], flat: list[Rule], upright: list[Rule]) -> list[Room]:
    """Join the smallest cells wherever no line parts them; each group is a cell."""
    rows, columns = len(ys) - 1, len(xs) - 1
    owner = {(r, c): (r, c) for r in range(rows) for c in range(columns)}
    for r in range(rows):
        for c in range(columns):
            if c and not _parts(upright, xs[c], ys[r], ys[r + 1]):
                _own(owner, (r, c), owner[r, c - 1])
            if r and not _parts(flat, ys[r], xs[c], xs[c + 1]):
                _own(owner, (r, c), owner[r - 1, c])
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for cell in owner:
        at = cell
        while owner[at] != at:
            at = owner[at]
        groups.setdefault(at, []).append(cell)
    found = []
    for cells in groups.values():
        r0, r1 = min(r for r, _ in cells), max(r for r, _ in cells)
        c0, c1 = min(c for _, c in cells), max(c for _, c in cells)
        box = (xs[c0], ys[r0], xs[c1 + 1], ys[r1 + 1])
        found.append(Room(box, r0, c0, r1 - r0 + 1, c1 - c0 + 1))
    return sorted(found, key=lambda room: (room.row, room.column))


def _own(
    owner: dict[tuple[int, int], tuple[int, int]], cell: tuple[int, int], by: tuple[int, int]
) -> None:
    while owner[cell] != cell:
        cell = owner[cell]
    while owner[by] != by:
        by = owner[by]
    owner[max(cell, by)] = min(cell, by)


def _parts(rules: list[Rule], at: float, start: float, end: float) -> bool:
    """Whether a line at ``at`` covers the middle of the stretch from ``start`` to ``end``."""
    middle = (start + end) / 2
    return any(rule.at == at and rule.start <= middle <= rule.end for rule in rules)


def _inside(one: Box, other: Box) -> bool:
    return (
        one[0] >= other[0] - _NEAR and one[1] >= other[1] - _NEAR
        and one[2] <= other[2] + _NEAR and one[3] <= other[3] + _NEAR and one != other
    )  # fmt: skip
