"""A long stretch that has lost its headings, divided where its vocabulary changes.

Hearst's TextTiling on paragraphs: how alike are the character pairs of the text before and after
each paragraph border; the deepest valleys become borders. No model, the same for the same text.
"""

import re
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
    for start, end in pairwise(starts):
        if end - start <= _STRETCH:
            continue
        body = [p.span for p in parts if p.kind == "body" and start <= p.span.start < end]
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
    depths = _depths([_alike(body, counts, i) for i in range(1, len(body))])
    total = body[-1].end - body[0].start
    chosen: list[int] = []
    for index in sorted(range(1, len(body)), key=lambda i: (-depths[i - 1], i)):
        if len(chosen) + 1 >= max(2, round(total / _USUAL)):
            break
        edges = [body[0].start, *(body[i].start for i in chosen), body[-1].end]
        if depths[index - 1] > 0 and all(abs(body[index].start - e) >= _SHORTEST for e in edges):
            chosen.append(index)
    return sorted(chosen)


def _alike(body: list[Span], counts: list[Counter[str]], border: int) -> float:
    """Cosine, 0 to 1, of the pairs within a window before and after paragraph ``border``."""
    before, after = Counter[str](), Counter[str]()
    for index in range(border - 1, -1, -1):
        before.update(counts[index])
        if body[border].start - body[index].start >= _WINDOW:
            break
    for index in range(border, len(body)):
        after.update(counts[index])
        if body[index].end - body[border].start >= _WINDOW:
            break
    product = sum(count * after[pair] for pair, count in before.items())
    size = sqrt(sum(c * c for c in before.values()) * sum(c * c for c in after.values()))
    return product / size if size else 0.0


def _depths(alike: list[float]) -> list[float]:
    """How far each value lies below the peaks on both sides."""
    depths = []
    for index, value in enumerate(alike):
        left = value
        for other in reversed(alike[:index]):
            if other < left:
                break
            left = other
        right = value
        for other in alike[index + 1 :]:
            if other < right:
                break
            right = other
        depths.append((left - value) + (right - value))
    return depths


def _pairs(paragraph: str) -> Counter[str]:
    search = normalise(paragraph).text
    pairs = (search[i : i + 2] for i in range(len(search) - 1))
    return Counter(p for p in pairs if re.fullmatch(r"[\u3400-\u9fff]{2}", p))
