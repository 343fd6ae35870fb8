"""The text of a document as paragraphs of HTML, with what is cited or found in it marked. Pure."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from index import Document, Section, Span
from qa.words import CHINESE, Words

# Characters of a source shown before and after the place that is read.
AROUND = 60_000
# Hits that are told apart; more are not stepped through one by one.
HITS = 999
# ％ is found by %, Ａ by A: forms of other width stand for one another, one by one.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


@dataclass(frozen=True, slots=True)
class Marked:
    """What is marked in a text: the cited span, headings, what was searched for, the hit at hand."""

    cited: Span
    sections: Sequence[Section] = ()
    found: Sequence[Span] = ()
    here: Span | None = None


def find(text: str, query: str) -> list[Span]:
    """Return where ``query`` stands in ``text``, first to last, at most ``HITS`` places.

    Blanks and line ends between its characters, case and the width of signs make no difference.
    """
    wanted = [c for c in query.translate(_NARROW) if not c.isspace()]
    if not wanted:
        return []
    pattern = re.compile(r"\s*".join(map(re.escape, wanted)), re.IGNORECASE)
    hits = pattern.finditer(text.translate(_NARROW))
    return [Span(*hit.span()) for hit, _ in zip(hits, range(HITS), strict=False)]


def lines(document: Document, marked: Marked, near: int, say: Words = CHINESE) -> str:
    """Return the lines around ``near`` as paragraphs; the source itself is not altered."""
    text = document.text
    cited = marked.cited if marked.cited.start <= near <= marked.cited.end else Span(near, near)
    start = 0 if near <= AROUND else text.rfind("\n", 0, near - AROUND) + 1
    after = text.find("\n", min(cited.end + AROUND, len(text)))
    window = Span(start, after if after >= 0 else len(text))
    borders = _Borders(marked, window)
    shown = [_hidden(say("（前面 {count} 字未显示）", count=start))] if start else []
    margin = _Margin(document, say)
    at = window.start
    for line in window.of(text).splitlines(keepends=True):
        if line.strip():
            span = Span(at, at + len(line))
            shown.append(f"<p{margin.of(span)}>{''.join(borders.pieces(text, span))}</p>")
        at += len(line)
    if window.end < len(text):
        shown.append(_hidden(say("（后面 {count} 字未显示）", count=len(text) - window.end)))
    return "".join(shown)


def _hidden(note: str) -> str:
    return f'<p class="gw-quiet">{note}</p>'


class _Borders:
    """Where the marking changes within a window of a text."""

    def __init__(self, marked: Marked, window: Span) -> None:
        self._marked = marked
        self._bold = [s.heading for s in marked.sections if s.heading.overlaps(window)]
        self._found = [span for span in marked.found if span.overlaps(window)]
        spans = (marked.cited, *self._bold, *self._found)
        self._points = sorted({point for span in spans for point in (span.start, span.end)})

    def pieces(self, text: str, line: Span) -> Iterator[str]:
        """The stretches of ``line``, each marked as one."""
        first = bisect_right(self._points, line.start)
        inside = self._points[first : bisect_left(self._points, line.end)]
        bold = [span for span in self._bold if span.overlaps(line)]
        found = [span for span in self._found if span.overlaps(line)]
        for start, end in pairwise((line.start, *inside, line.end)):
            piece = Span(start, end)
            shown = escape(piece.of(text).rstrip("\r\n"))
            if not shown:
                continue
            hit = next((span for span in found if span.covers(piece)), None)
            if hit is not None:
                here = " gw-here" if hit == self._marked.here else ""
                shown = f'<mark class="gw-found{here}">{shown}</mark>'
            heading = next((span for span in bold if span.covers(piece)), None)
            if heading is not None:
                name = f' data-start="{heading.start}"' if heading.start == start else ""
                shown = f"<b{name}>{shown}</b>"
            yield f"<mark>{shown}</mark>" if self._marked.cited.covers(piece) else shown


class _Margin:
    """What stands beside a line: where it is in the original, if that is told by number."""

    def __init__(self, document: Document, say: Words) -> None:
        self._say = say
        layout = document.layout
        self._places = [p for p in layout.places if p.page or p.paragraph] if layout else []
        self._starts = [place.span.start for place in self._places]
        self._page = 0

    def of(self, line: Span) -> str:
        """The attribute of the paragraph of ``line``; "" if there is nothing to say."""
        inside = slice(bisect_left(self._starts, line.start), bisect_left(self._starts, line.end))
        places = self._places[inside]
        if not places:
            return ""
        first, last = places[0], places[-1]
        if first.paragraph:
            return f' data-at="{first.paragraph}"'
        if self._page == first.page == last.page:
            return ""
        self._page = last.page
        # A paragraph may run on over the page.
        pages = str(first.page) if first.page == last.page else f"{first.page}–{last.page}"
        return f' data-at="{self._say("第{page}页", page=pages)}"'
