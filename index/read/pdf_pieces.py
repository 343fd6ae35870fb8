"""Lines of a PDF → the pieces that a paragraph or a cell is written of, line ends undone."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.documents import Place, Span
from index.read.compose import Piece
from index.read.pdf_lines import Line

# No file keeps the blank at which a line broke; between a date and a time there was one.
_DATE, _TIME = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}$"), re.compile(r"\d{1,2}:\d{2}")


def join(before: str, after: str, blank: bool = False) -> str:
    """What stands between two lines of one paragraph: a blank between words, else nothing.

    ``blank``: the file itself has one at the end of the first line.
    """
    if _DATE.search(before[-10:]) and _TIME.match(after):
        return " "
    if before[-1:].isascii() and after[:1].isascii() and (blank or after[:1].isalpha()):
        return "" if before[-1:] in "-/([“" else " "
    return ""


def pieces(found: Sequence[Line], marks: frozenset[str]) -> list[Piece]:
    """The pieces of a paragraph, without the superscripts ``marks`` that refer to footnotes."""
    made: list[Piece] = []
    ended = False
    for line in found:
        without = [at for mark, at in line.marks() if mark in marks]
        text = line.text(frozenset().union(*without))
        if made and join(made[-1].text, text, ended):
            made[-1] = replace(made[-1], text=made[-1].text + " ")
        elif made and re.search("[a-z]-$", made[-1].text) and re.match("[a-z]", text):
            # A word that was parted at the end of the line.
            made[-1] = replace(made[-1], text=made[-1].text[:-1])
        made.append(Piece(text, _place(line)))
        ended = line.characters[-1].blank
    return made


def cell(found: Sequence[Line]) -> tuple[Piece, ...]:
    """The pieces of a cell of a table, its lines from top to bottom."""
    ordered = sorted(found, key=lambda line: (round(line.box[1] / 3), line.box[0]))
    return tuple(
        replace(piece, text=piece.text.replace("\t", " ")) for piece in pieces(ordered, frozenset())
    )


def _place(line: Line) -> Place:
    return Place(Span(0, 0), page=line.page, box=line.box)
