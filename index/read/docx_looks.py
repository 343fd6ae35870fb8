"""How the paragraphs of a Word file look: for files whose headings are set by hand, without styles."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from index.read.docx_styles import Styles, heading_level, size_of, style_of
from index.read.docx_text import MC, W, is_on
from index.read.looks import Looks, step

_ELSEWHERE = frozenset({f"{W}tbl", f"{W}txbxContent", f"{W}del", f"{W}moveFrom", f"{MC}Fallback"})


def looks_of(paragraphs: Iterable[Any], styles: Styles) -> Looks | None:
    """The sizes of a document's text; None where styles tell its headings."""
    counts: Counter[float] = Counter()
    for paragraph in paragraphs:
        if _level(paragraph, styles) > 1 and any(_runs(paragraph)):
            return None
        size, _, length = look(paragraph, styles)
        counts[step(size)] += length
    if not counts:
        return None
    body = max(counts, key=lambda size: (counts[size], -size))
    return Looks.of((size for size, count in counts.items() if count), body)


def look(paragraph: Any, styles: Styles) -> tuple[float, bool, int]:  # noqa: ANN401
    """The size that most of a paragraph has, whether all of it is bold, and its characters."""
    name = style_of(paragraph) or styles.usual
    usual = styles.sizes.get(name, styles.size)
    counts: Counter[float] = Counter()
    bold = True
    for run, length in _runs(paragraph):
        counts[size_of(run) or usual] += length
        own = run.find(f"{W}rPr/{W}b")
        bold = bold and (is_on(own) if own is not None else name in styles.bold)
    total = sum(counts.values())
    return (
        (max(counts, key=lambda size: counts[size]) if counts else usual),
        bold and total > 0,
        total,
    )


def _runs(paragraph: Any) -> Iterator[tuple[Any, int]]:  # noqa: ANN401
    """Each run that shows text, with the number of its characters."""
    stack = list(reversed(paragraph))
    while stack:
        at = stack.pop()
        if at.tag == f"{W}r":
            length = sum(len((text.text or "").strip()) for text in at.findall(f"{W}t"))
            if length and not is_on(at.find(f"{W}rPr/{W}vanish")):
                yield at, length
        elif at.tag not in _ELSEWHERE:
            stack.extend(reversed(at))


def _level(paragraph: Any, styles: Styles) -> int:  # noqa: ANN401
    own = paragraph.find(f"{W}pPr/{W}outlineLvl")
    return (
        heading_level(paragraph) if own is not None else styles.levels.get(style_of(paragraph), 0)
    )
