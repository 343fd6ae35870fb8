"""A long stretch that has lost its headings, divided where its vocabulary changes.

Hearst's TextTiling on paragraphs: how alike are the character pairs of the text before and after
each paragraph border; the deepest valleys become borders. No model, the same for the same text.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import sqrt

from index.documents import Part, Section, Span
from index.normalise import normalise

MARK = "〔按内容划分〕"
# In characters: a stretch without headings beyond the first is divided; the others bound a piece.
_STRETCH, _SHORTEST, _USUAL = 6000, 800, 2000
_WINDOW = 600


def divide(text: str, sections: tuple[Section, ...], parts: Sequence[Part]) -> tuple[Section, ...]:
    """Return ``sections`` and, where none begins for thousands of characters, inferred ones."""
    ends = {edge for s in sections for edge in (s.span.start, s.span.end)}
    starts = sorted({0, len(text), *ends})
    added: list[Section] = []
    bodies = [part.span for part in parts if part.kind == "body"]
    begins = [span.start for span in bodies]
    for start, end in pairwise(starts):
        if end - start <= _STRETCH:
            continue
        body = bodies[bisect_left(begins, start) : bisect_left(begins, end)]
        if sum(map(len, body)) > _STRETCH and len(body) >= 6:
            added += _inferred(text, sections, Span(start, end), body)
    return tuple(sorted((*sections, *added), key=lambda s: (s.span.start, s.level)))


def _inferred(
    text: str, sections: tuple[Section, ...], stretch: Span, body: list[Span]
) -> list[Section]:
    around = [s for s in sections if s.span.start <= stretch.start and s.span.end >= stretch.end]
    outer = max(around, key=lambda s: s.level, default=None)
    path = outer.path if outer else ()
    starts = [body[i].start for i in [0, *_borders(text, body)]]
    found = []
    for start, end in pairwise([*starts, stretch.end]):
        own = _first_words(text, start)
        title = MARK + normalise(own.of(text)).text
        found.append(Section(title, (*path, title), own, Span(start, end), inferred=True))
    return found


def _first_words(text: str, start: int) -> Span:
    """The first words, up to 24 characters and a whole clause if there is one."""
    match = re.match(r"[^。；：！？;:!?\n]{1,24}", text[start:])
    words = match.group() if match else text[start]
    clause = max(words.rfind("，"), words.rfind(","))
    whole = match is None or len(words) < 24 or clause < 8
    return Span(start, start + (len(words) if whole else clause))


def _borders(text: str, body: list[Span]) -> list[int]:
    """Indices of the paragraphs that begin a piece, ascending, never the first."""
    counts = [_pairs(span.of(text)) for span in body]
    depths = _depths(_alike(body, counts))
    total = body[-1].end - body[0].start
    chosen: list[int] = []
    edges = [body[0].start, body[-1].end]
    for index in sorted(range(1, len(body)), key=lambda i: (-depths[i - 1], i)):
        if len(chosen) + 1 >= max(2, round(total / _USUAL)):
            break
        start = body[index].start
        at = bisect_left(edges, start)
        near = edges[max(0, at - 1) : at + 1]
        if depths[index - 1] > 0 and all(abs(start - edge) >= _SHORTEST for edge in near):
            chosen.append(index)
            edges.insert(at, start)
    return sorted(chosen)


def _alike(body: list[Span], counts: list[Counter[str]]) -> list[float]:
    """Cosine, 0 to 1, of the pairs within a window before and after each border of paragraphs.

    The windows slide: each paragraph enters and leaves them once, however short it is.
    """
    before, after = _Window(counts), _Window(counts)
    first = last = 0
    alike = []
    for border in range(1, len(body)):
        start = body[border].start
        while first + 1 < border and start - body[first + 1].start >= _WINDOW:
            first += 1
        last = max(last, border)
        while last + 1 < len(body) and body[last].end - start < _WINDOW:
            last += 1
        before.move(first, border)
        after.move(border, last + 1)
        alike.append(_cosine(before.pairs, after.pairs))
    return alike


class _Window:
    """The pairs of a run of paragraphs, which only moves on."""

    def __init__(self, counts: list[Counter[str]]) -> None:
        self.pairs: dict[str, int] = {}
        self._counts, self._start, self._end = counts, 0, 0

    def move(self, start: int, end: int) -> None:
        for index in range(self._end, end):
            for pair, count in self._counts[index].items():
                self.pairs[pair] = self.pairs.get(pair, 0) + count
        for index in range(self._start, start):
            for pair, count in self._counts[index].items():
                left = self.pairs[pair] - count
                if left:
                    self.pairs[pair] = left
                else:
                    del self.pairs[pair]
        self._start, self._end = start, end


def _cosine(one: dict[str, int], other: dict[str, int]) -> float:
    product = sum(count * other.get(pair, 0) for pair, count in one.items())
    size = sqrt(sum(c * c for c in one.values()) * sum(c * c for c in other.values()))
    return product / size if size else 0.0


def _depths(alike: list[float]) -> list[float]:
    """How far each value lies below the peaks on both sides."""
    left, right = _peaks(alike), _peaks(alike[::-1])[::-1]
    return [
        (before - value) + (after - value)
        for before, value, after in zip(left, alike, right, strict=True)
    ]


def _peaks(values: list[float]) -> list[float]:
    """The height that each value climbs to, going back without a step down."""
    peaks: list[float] = []
    for index, value in enumerate(values):
        peaks.append(peaks[-1] if index and values[index - 1] >= value else value)
    return peaks


def _pairs(paragraph: str) -> Counter[str]:
    search = normalise(paragraph).text
    pairs = (search[i : i + 2] for i in range(len(search) - 1))
    return Counter(p for p in pairs if re.fullmatch(r"[\u3400-\u9fff]{2}", p))
