"""Characters of a page → its lines in reading order, column by column."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median, median_low

from index.read.pdf_glyphs import Box, Character
from index.read.pdf_grid import Grid

_MOST = 3000  # segments of one page that are looked at for columns
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class Line:
    """Characters on one baseline. ``flow`` names the column; ``left`` and ``right`` its edges.

    ``raised`` are the indices of the characters that are set as superscripts. A table stands among
    the lines as one with a ``grid``.
    """

    characters: list[Character]
    page: int
    box: Box = (0.0, 0.0, 0.0, 0.0)
    size: float = 0.0
    flow: str = ""
    left: float = 0.0
    right: float = 0.0
    raised: frozenset[int] = field(default_factory=frozenset)
    grid: Grid | None = None
    slanted: bool = False

    def __post_init__(self) -> None:
        boxes = [character.box for character in self.characters]
        self.box = around(boxes)
        self.size = median(character.size for character in self.characters)
        centre = median((box[1] + box[3]) / 2 for box in boxes)
        self.raised = frozenset(
            i
            for i, (character, box) in enumerate(zip(self.characters, boxes, strict=True))
            if character.size < 0.8 * self.size and (box[1] + box[3]) / 2 < centre - 0.1 * self.size
        )

    @property
    def bold(self) -> bool:
        """Whether all of the line is set in bold."""
        return all(character.bold for character in self.characters)

    def marks(self) -> list[tuple[str, frozenset[int]]]:
        """The superscripts: for each run of them its characters, brackets apart, and its indices."""
        runs: list[list[int]] = []
        for at in sorted(self.raised):
            if runs and at == runs[-1][-1] + 1:
                runs[-1].append(at)
            else:
                runs.append([at])
        texts = ["".join(self.characters[i].text for i in run).strip(" []") for run in runs]
        return [(text, frozenset(run)) for text, run in zip(texts, runs, strict=True)]

    def text(self, without: frozenset[int] = frozenset()) -> str:
        """The line as text, blanks where they are seen; superscript digits as such."""
        out: list[str] = []
        before: Character | None = None
        for index, character in enumerate(self.characters):
            if index in without:
                continue
            if before is not None:
                out.append(_between(before, character))
            shown = character.text
            out.append(shown.translate(_SUPERSCRIPT) if index in self.raised else shown)
            before = character
        return "".join(out)


def lines(characters: Sequence[Character], page: int) -> list[Line]:
    """Join characters into lines: first as the file has them, then across the row."""
    runs: list[list[Character]] = []
    for character in characters:
        if runs and _follows(runs[-1][-1], character, 1.6):
            runs[-1].append(character)
        else:
            runs.append([character])
    return _joined([Line(run, page) for run in runs], 1.0)


def usual_gutter(pages: Iterable[Sequence[Line]]) -> float | None:
    """The x between the two columns of most pages that have two; None if hardly any has."""
    found = [at for page in pages if len(page) <= _MOST and (at := _gutter(page)) is not None]
    return median_low(found) if len(found) >= 2 else None


def columns(found: Sequence[Line], flow: str = "", usual: float | None = None) -> list[Line]:
    """Put lines into reading order: from top to bottom, the left column before the right one.

    A page that is too short or too full of tables to tell has its gutter at ``usual``, if any.
    """
    gutter = _gutter(found) if len(found) <= _MOST and len(flow) < 3 else None
    if gutter is None and usual is not None and _parts(found, usual):
        gutter = usual
    if gutter is None:
        for line in found:
            line.flow = flow
        return _rows(found)
    ordered: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []

    def flush() -> None:
        ordered.extend(columns(left, flow + "l"))
        ordered.extend(columns(right, flow + "r"))
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


def _follows(before: Character, after: Character, reach: float) -> bool:
    size = max(before.size, after.size)
    level = abs((before.box[1] + before.box[3]) - (after.box[1] + after.box[3])) / 2
    gap = after.box[0] - before.box[2]
    return level < 0.55 * size and -0.6 * size < gap < reach * size


def _joined(found: list[Line], reach: float) -> list[Line]:
    """Join lines that stand close beside each other in a row, whatever order the file has."""
    joined: list[Line] = []
    for row in _by_row(found):
        held = row[0]
        for line in row[1:]:
            if line.box[0] < held.box[2] - 0.3 * line.size:
                # Characters of a second font were written after their neighbours.
                both = [*held.characters, *line.characters]
                held = Line(sorted(both, key=lambda c: c.box[0] + c.box[2]), held.page)
            elif _follows(held.characters[-1], line.characters[0], reach):
                held = Line([*held.characters, *line.characters], held.page)
            else:
                joined.append(held)
                held = line
        joined.append(held)
    return joined


def _by_row(found: Sequence[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in sorted(found, key=lambda one: one.box[1] + one.box[3]):
        middle = (line.box[1] + line.box[3]) / 2
        last = rows[-1][0] if rows else None
        if last is not None and abs((last.box[1] + last.box[3]) / 2 - middle) < 0.5 * max(
            last.size, line.size
        ):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda one: one.box[0]) for row in rows]


def _rows(found: Sequence[Line]) -> list[Line]:
    """One line for each row: what stands far apart in a row is parted by a tab."""
    whole = []
    for row in _by_row(found):
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
    filled = median(line.box[2] - line.box[0] for line in left) >= 0.6 * (at - start) and median(
        line.box[2] - line.box[0] for line in right
    ) >= 0.6 * (end - at)
    top = max(min(line.box[1] for line in side) for side in (left, right))
    bottom = min(max(line.box[3] for line in side) for side in (left, right))
    return crossing if filled and bottom - top > 3 * found[0].size else None


def _between(before: Character, after: Character) -> str:
    gap = after.box[0] - before.box[2]
    if gap > 1.6 * before.size:
        return "\t"
    if before.blank and gap > -0.5 * before.size:
        return " "
    narrow = before.text.isascii() and after.text.isascii()
    return " " if narrow and gap > 0.2 * before.size else ""


def around(boxes: Sequence[Box]) -> Box:
    """The box that holds all ``boxes``."""
    return (
        min(box[0] for box in boxes), min(box[1] for box in boxes),
        max(box[2] for box in boxes), max(box[3] for box in boxes),
    )  # fmt: skip
