"""Which lines of a PDF are running heads, feet and page numbers, and which are footnotes."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from index.read.pdf_lines import Line, by_row
from index.read.pdf_page import Page

_NUMBER = re.compile(
    r"[-—–_·.\s]*(?:\d{1,4}|[ivxlⅰ-ⅻ]{1,6})[-—–_·\s]*|第\s*\d+\s*页(?:[,，/\s]*共\s*\d+\s*页)?|\d+\s*/\s*\d+"
    r"|page\s*\d+(?:\s*of\s*\d+)?",
    re.I,
)
_NOTE = re.compile(r"[①-⑳]|\[?\d{1,3}[\]\s.、]?|[*＊†]|注\d*[:：]")
_MARGIN = 0.13  # of the page's height
_LONG = 12  # characters of a line of text
_ROWS = 3  # that can be running heads, at the top and at the bottom
_CELLS = 4  # in a row: no running head has so many, but the header of a table


def furniture(pages: Sequence[Page], found: Mapping[int, list[Line]]) -> dict[int, str]:
    """Return the reason for each line that is page furniture, by ``id`` of the line."""
    edges: list[tuple[Line, str, tuple[str, str, int]]] = []
    on: dict[tuple[str, str, int], set[int]] = {}
    reasons: dict[int, str] = {}
    inner: set[tuple[str, float]] = set()
    for page in pages:
        margins = _margins(page, found[page.number])
        outer = {id(line) for _, line in margins}
        inner |= {(x.text().strip(), x.size) for x in found[page.number] if id(x) not in outer}
        for side, line in margins:
            text = line.text().strip()
            if is_page_number(text):
                reasons[id(line)] = "页码"
                continue
            key = (f"{side}{line.size:.0f}", re.sub(r"\d+", "#", text), round(line.box[1] / 6))
            edges.append((line, side, key))
            on.setdefault(key, set()).add(page.number)
    least = 2 if len(pages) <= 4 else 3
    for line, side, key in edges:
        # A line that sits on the border of two rounded heights counts for both.
        near = [on.get((key[0], key[1], key[2] + shift), set()) for shift in (-1, 0, 1)]
        # 各位代表！ comes back too, but not only at the edges of pages.
        if len(set().union(*near)) >= least and (line.text().strip(), line.size) not in inner:
            reasons[id(line)] = side
    return reasons | _others(edges, reasons, len(pages)) | _beside(found, least)


def _others(
    edges: Sequence[tuple[Line, str, tuple[str, str, int]]], reasons: Mapping[int, str], pages: int
) -> dict[int, str]:
    """What stands where most pages have a running head, set like it: that of a short chapter."""
    slots = Counter(
        (side, line.size, round(line.box[1])) for line, side, _ in edges if id(line) in reasons
    )
    usual = {slot for slot, count in slots.items() if count >= max(4, pages / 2)}
    return {
        id(line): side
        for line, side, _ in edges
        if id(line) not in reasons and (side, line.size, round(line.box[1])) in usual
    }


def _beside(found: Mapping[int, list[Line]], least: int) -> dict[int, str]:
    """What stands beside the text at one place of several pages: a mark set down the margin."""
    long = [line for all_ in found.values() for line in all_ if len(line.characters) >= _LONG]
    if not long:
        return {}
    # Most lines: a single one may hang out.
    left = sorted(line.box[0] for line in long)[len(long) // 50]
    right = sorted(line.box[2] for line in long)[-1 - len(long) // 50]
    outside = [
        line
        for all_ in found.values()
        for line in all_
        if line.box[2] < left or line.box[0] > right
    ]
    counts = Counter(_spot(line) for line in outside)
    return {id(line): "页边" for line in outside if counts[_spot(line)] >= least}


def _spot(line: Line) -> tuple[str, int, int]:
    return line.text().strip(), round(line.box[0]), round(line.box[1])


def is_page_number(text: str) -> bool:
    """Whether a line is the number of its page: — 12 —, 第3页, 3/40, iv."""
    return _NUMBER.fullmatch(text) is not None


def footnotes(page: Page, found: Sequence[Line], body: float) -> tuple[list[Line], frozenset[str]]:
    """Return the lines of the notes at the foot of ``page`` and the marks that refer to them."""
    small = [line for line in found if line.size < 0.93 * body and line.box[1] > 0.4 * page.height]
    raised = any(line.raised for line in found)
    separators = [
        rule.at for rule in page.rules if rule.flat and rule.end - rule.start < 0.45 * page.width
    ]
    last_body = max((line.box[3] for line in found if line not in small), default=0.0)
    notes = [line for line in small if line.box[1] >= last_body - 2]
    if not notes or not _NOTE.match(notes[0].text()):
        return [], frozenset()
    top = notes[0].box[1]
    if not raised and not any(last_body - 2 <= at <= top + 4 for at in separators):
        return [], frozenset()
    return notes, frozenset(mark for line in notes if (mark := note_mark(line)))


def note_mark(line: Line) -> str:
    """The number or sign that a footnote begins with, as it stands in the text; "" without one."""
    match = _NOTE.match(line.text().translate(_PLAIN))
    return match.group().strip(" .、[]") if match else ""


_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def _margins(page: Page, found: Sequence[Line]) -> list[tuple[str, Line]]:
    """The lines at the upper and the lower edge of the page, each with the name of its place."""
    if not found:
        return []
    rows = by_row(found)
    heads = [
        line for at, row in enumerate(rows[:_ROWS]) if _is_head(row, rows, at + 1) for line in row
    ]
    last = len(rows) - 1
    feet = [
        line
        for at, row in enumerate(rows)
        if at > last - _ROWS and _is_head(row, rows, at - 1)
        for line in row
    ]
    top, bottom = _MARGIN * page.height, (1 - _MARGIN) * page.height
    return [("页眉", line) for line in heads if line.box[3] < top] + [
        ("页脚", line) for line in feet if line.box[1] > bottom
    ]


def _is_head(row: Sequence[Line], rows: Sequence[Sequence[Line]], inner: int) -> bool:
    """Whether a row at the edge of a page may be its head: several cells close to more are a table."""
    if len(row) < _CELLS - 1 or not 0 <= inner < len(rows):
        return len(row) < _CELLS
    other, size = rows[inner], max(line.size for line in row)
    top, bottom = min(x.box[1] for x in row), max(x.box[3] for x in row)
    gap = max(min(x.box[1] for x in other) - bottom, top - max(x.box[3] for x in other))
    return len(row) < _CELLS and gap > 1.5 * size
