"""What the layout of a file says of its lines: which are headings, rows of tables, page furniture."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence

from index.documents import Hint, Layout, Span

_STEP = 8  # between the ranks of two levels where no numbered heading tells them


class Shown:
    """Answers for spans of a text how its file shows them."""

    def __init__(self, layout: Layout) -> None:
        """Take what ``layout`` says; all its parts are in order."""
        self._headings = [hint for hint in layout.headings if hint.level]
        self._starts = [hint.span.start for hint in self._headings]
        self._notes = _Spans([hint.span for hint in layout.headings if not hint.level])
        self._furniture = _Spans([one.span for one in layout.furniture])
        self.boxes = tuple(table.span for table in layout.tables if not table.cells)
        self._tables = _Spans([table.span for table in layout.tables if table.cells])

    def is_furniture(self, span: Span, looks: bool = False) -> bool:
        """Whether ``span`` is a running head, a page number or the like; ``looks``: by its words."""
        if self._furniture.hold(span):
            return True
        return looks and not self.is_table(span) and self.heading(span) is None

    def is_table(self, span: Span) -> bool:
        """Whether ``span`` lies in a table."""
        return self._tables.hold(span)

    def is_note(self, span: Span) -> bool:
        """Whether ``span`` is a footnote, which no number makes a heading."""
        return self._notes.hold(span)

    def heading(self, span: Span) -> Hint | None:
        """The first heading that begins in ``span``, if the file sets one there."""
        at = bisect_left(self._starts, span.start)
        if at == len(self._starts) or self._starts[at] >= span.end:
            return None
        return self._headings[at]

    def ranks(self, rank_of: Callable[[Hint], int | None]) -> Mapping[int, int]:
        """Return a rank for each level: that of its numbered headings, or one in between.

        Args:
            rank_of: the rank that a heading's number gives it, None without a number.
        """
        numbered: dict[int, list[int]] = {}
        for hint in self._headings:
            rank = rank_of(hint)
            if rank is not None:
                numbered.setdefault(hint.level, []).append(rank)
        # 附件 stands as far out as a chapter does, whatever the level of its style.
        told = {level: max(ranks) for level, ranks in numbered.items()}
        return {hint.level: _rank(hint.level, told) for hint in self._headings}


class _Spans:
    """Spans that do not overlap, in order."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._starts = [span.start for span in spans]

    def hold(self, span: Span) -> bool:
        at = bisect_right(self._starts, span.start) - 1
        return at >= 0 and self._spans[at].overlaps(span)


def _rank(level: int, told: Mapping[int, int]) -> int:
    if level in told:
        return told[level]
    outer = [known for known in told if known < level]
    inner = [known for known in told if known > level]
    if outer:
        above = told[max(outer)] + 2 * (level - max(outer))
        return min(above, told[min(inner)] - 1) if inner else above
    return max(1, told[min(inner)] - 2 * (min(inner) - level)) if inner else _STEP * level
