"""What runs otherwise than the text of its page: turned labels, page numbers of turned pages, watermarks."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from index.read.pdf_furniture import is_page_number
from index.read.pdf_lines import Line, around, lines
from index.read.pdf_page import Page, Strip


def strip_lines(page: Page) -> list[Line]:
    """The lines of all strips of ``page``, each with its box on the page."""
    found: list[Line] = []
    for strip in page.strips:
        if strip.turn is None:
            line = _straight(strip, page.number)
            line.slanted = True
            found.append(line)
            continue
        for line in lines(strip.characters, page.number):
            line.box = strip.on_page(line.box)
            found.append(line)
    return found


def astray(pages: Iterable[list[Line]]) -> dict[int, str]:
    """Why each line is no part of the text, by its ``id``; "" for one that is."""
    found = [line for page in pages for line in page]
    counts = Counter(_key(line) for line in found)
    return {id(line): _reason(line, counts[_key(line)]) for line in found}


def _reason(line: Line, times: int) -> str:
    if line.slanted:
        return "斜排文字"
    if is_page_number(line.text().strip()):
        return "页码"
    return "页边" if times >= 3 else ""


def _key(line: Line) -> tuple[str, int, int]:
    return line.text().strip(), round(line.box[0] / 12), round(line.box[1] / 12)


def _straight(strip: Strip, page: int) -> Line:
    """A line that runs aslant as one that runs straight, at the place of the slanted one."""
    box = around([character.box for character in strip.characters])
    level = [
        replace(
            one,
            box=(box[0] + one.size * at, box[1], box[0] + one.size * (at + 1), box[1] + one.size),
        )
        for at, one in enumerate(strip.characters)
    ]
    line = Line(level, page)
    line.box = box
    return line
