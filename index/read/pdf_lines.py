"""Characters of a page → its lines: what stands close together on one baseline."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from index.read.pdf_glyphs import Box, Character
from index.read.pdf_grid import Grid

_NO_START = "，。、；：？！”’）》」』】％%,.;:?!)]}…"
_CHAIN = re.compile(r"[\d%％]、$")  # 17.6%、16.8% is one word to some programs
_NO_END = "“‘（《「『【([{"
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class Line:
    """Characters on one baseline. ``flow`` names the column; ``left`` and ``right`` its edges.

    ``raised`` are the indices of the characters that are set as superscripts. A table stands among
    the lines as one with a ``grid``, and ``inside`` it its characters and the lines that are turned.
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
    inside: tuple[list[Character], list["Line"]] = field(default_factory=lambda: ([], []))
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


def first_word(line: Line) -> float:
    """The width of what could not have been parted at the beginning of ``line``."""
    width, taken = 0.0, ""
    for character in line.characters:
        if taken and not (
            (character.text.isascii() and taken[-1].isascii())
            or (character.text.isdecimal() and _CHAIN.search(taken))
            or character.text in _NO_START
            or taken[-1] in _NO_END
        ):
            break
        width += character.box[2] - character.box[0]
        taken += character.text
        if character.blank:
            break
    return width


def _follows(before: Character, after: Character, reach: float) -> bool:
    size = max(before.size, after.size)
    level = abs((before.box[1] + before.box[3]) - (after.box[1] + after.box[3])) / 2
    gap = after.box[0] - before.box[2]
    return level < 0.55 * size and -0.6 * size < gap < reach * size


def _joined(found: list[Line], reach: float) -> list[Line]:
    """Join lines that stand close beside each other in a row, whatever order the file has."""
    joined: list[Line] = []
    for row in by_row(found):
        held = row[0]
        for line in row[1:]:
            if line.box[0] < held.box[2] - 0.3 * line.size:
                # Characters of a second font were written after their neighbours.
                both = [*held.characters, *line.characters]
                held = Line(_once(sorted(both, key=lambda c: c.box[0] + c.box[2])), held.page)
            elif _follows(held.characters[-1], line.characters[0], reach):
                held = Line([*held.characters, *line.characters], held.page)
            else:
                joined.append(held)
                held = line
        joined.append(held)
    return joined


def _once(ordered: list[Character]) -> list[Character]:
    """Leave out the shadow of a line that was set twice, a little apart."""
    kept = ordered[:1]
    for character in ordered[1:]:
        near = abs(character.box[0] - kept[-1].box[0]) < 0.2 * character.size
        if not near or character.text != kept[-1].text:
            kept.append(character)
    return kept


def by_row(found: Sequence[Line]) -> list[list[Line]]:
    """The lines that stand beside each other, row by row, each from left to right."""
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
