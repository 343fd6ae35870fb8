"""Lines of a page → reading order, column by column, with the tables that blanks alone make."""

from collections.abc import Iterable, Sequence
from statistics import median_low

from index.read.pdf_blanks import blank_tables
from index.read.pdf_lines import Line, by_row
from index.read.pdf_page import Rule

_MOST = 3000  # segments of one page that are looked at for columns


def usual_gutter(pages: Iterable[Sequence[Line]]) -> float | None:
    """The x between the two columns of most pages that have two; None if hardly any has."""
    found = [at for page in pages if len(page) <= _MOST and (at := _gutter(page)) is not None]
    return median_low(found) if len(found) >= 2 else None


def columns(
    found: Sequence[Line],
    flow: str = "",
    usual: float | None = None,
    rules: Sequence[Rule] = (),
) -> list[Line]:
    """Put lines into reading order: from top to bottom, the left column before the right one.

    A page that is too short or too full of tables to tell has its gutter at ``usual``, if any.
    """
    gutter = _gutter(found) if len(found) <= _MOST and len(flow) < 3 else None
    if gutter is None and usual is not None and _parts(found, usual):
        gutter = usual
    if gutter is None:
        whole = blank_tables(found, rules)
        for line in whole:
            line.flow = flow
        return _rows(whole)
    ordered: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []

    def flush() -> None:
        ordered.extend(columns(left, flow + "l", rules=rules))
        ordered.extend(columns(right, flow + "r", rules=rules))
        left.clear()
        right.clear()

    for line in sorted(found, key=lambda one: (one.box[1], one.box[0])):
        if line.box[2] <= gutter + 1:
            left.append(line)
        elif line.box[0] >= gutter - 1:
            right.append(line)
        else:
            flush()
            line.flow = flow
            ordered.append(line)
    flush()
    return ordered


def set_edges(found: Iterable[Line], widths: dict[int, float]) -> None:
    """Give each line the edges of its column, which are those of all columns of its kind."""
    kinds: dict[tuple[str, float], list[Line]] = {}
    for line in found:
        kinds.setdefault((line.flow, widths[line.page]), []).append(line)
    for alike in kinds.values():
        left = _common(sorted(line.box[0] for line in alike), alike[0].size)
        right = _common(sorted(-line.box[2] for line in alike), alike[0].size)
        for line in alike:
            line.left, line.right = left, -right


def _common(ascending: list[float], size: float) -> float:
    """The outermost edge that several lines share; the outermost where none do."""
    for edge in ascending:
        shared = sum(abs(other - edge) <= 0.5 * size for other in ascending)
        if shared >= max(2, 0.03 * len(ascending)):
            return edge
    return ascending[0]


def _rows(found: Sequence[Line]) -> list[Line]:
    """One line for each row: what stands far apart in a row is parted by a tab."""
    whole = []
    for row in by_row(found):
        if len(row) == 1 or any(line.grid for line in row):
            whole += row
            continue
        line = Line([character for line in row for character in line.characters], row[0].page)
        line.flow = row[0].flow
        whole.append(line)
    return whole


def _parts(found: Sequence[Line], at: float) -> bool:
    """Whether lines stand on both sides of ``at`` and hardly any across it."""
    left = sum(line.box[2] <= at + 1 for line in found)
    right = sum(line.box[0] >= at - 1 for line in found)
    return min(left, right) > 0 and len(found) - left - right <= 0.2 * len(found)


def _gutter(found: Sequence[Line]) -> float | None:
    """The x between two columns of prose; None where there is one column or a list of cells."""
    if len(found) < 10:
        return None
    start, end = min(line.box[0] for line in found), max(line.box[2] for line in found)
    best: tuple[int, float] | None = None
    at = start + 0.25 * (end - start)
    # What stands far off the page must not make the search long.
    step = max(4.0, (end - start) / 400)
    while at < start + 0.75 * (end - start):
        crossing = _crossing(found, at, start, end)
        if crossing is not None and (best is None or crossing < best[0]):
            best = (crossing, at)
        at += step
    return best[1] if best else None


def _crossing(found: Sequence[Line], at: float, start: float, end: float) -> int | None:
    """How many lines cross ``at``; None if it is no gutter."""
    left = [line for line in found if line.box[2] <= at + 1]
    right = [line for line in found if line.box[0] >= at - 1]
    crossing = len(found) - len(left) - len(right)
    if min(len(left), len(right)) < 4 or crossing > 0.5 * min(len(left), len(right)):
        return None
    filled = _is_filled(left, at - start) and _is_filled(right, end - at)
    top = max(min(line.box[1] for line in side) for side in (left, right))
    bottom = min(max(line.box[3] for line in side) for side in (left, right))
    return crossing if filled and bottom - top > 3 * found[0].size else None


def _is_filled(side: Sequence[Line], room: float) -> bool:
    """Whether lines of prose stand on one side of a gutter: most are long, or many reach its edge."""
    edge = max(line.box[2] for line in side)
    long = [line for line in side if line.box[2] - line.box[0] >= 0.6 * room]
    full = sum(line.box[2] >= edge - 1.2 * line.size for line in long)
    return 2 * len(long) >= len(side) or full >= max(4, 0.2 * len(side))
