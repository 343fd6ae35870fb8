"""Lines → paragraphs: wrapped lines joined, broken headings joined, lists and furniture kept apart."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index import contents
from index.documents import PartKind, Span
from index.hints import Shown
from index.labels import Label, alone, bare, labelled
from index.lines import TERMINAL, Line, chrome, split_lines, wrap_width

_UNFINISHED = ",、“《(—"
_SHORT = 26
# The name of a paper ends so: 某某管理办法.
PAPER = re.compile(
    r".{2,}(?:规定|办法|方案|意见|规划|纲要|条例|细则|规则|预案|清单|名单|标准|计划|要点|指南|章程"
    r"|报告|请示|通知)"
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together; furniture between them is in paragraphs of its own.

    ``lines`` holds the search text of each line; ``bare`` is set where a number and a blank stand
    before the text, as in ``1 总则``; ``broken`` where a heading was set in several lines; ``cut``
    where a note's number on a line of its own cuts a sentence before or after it; ``note`` where
    the file says that it is a footnote.
    """

    kind: PartKind
    span: Span
    lines: tuple[str, ...]
    bare: Label | None = None
    broken: bool = False
    cut: bool = False
    note: bool = False

    @property
    def search(self) -> str:
        """The search text of all lines."""
        return "".join(self.lines)


@dataclass(frozen=True, slots=True)
class Setting:
    """How the lines of a document are set: wrapped at a width, a line a sentence, or neither.

    ``width`` is in characters, 0 where lines are not wrapped.
    """

    width: int
    sentence_lines: bool


def paragraphs(text: str, shown: Shown | None = None) -> tuple[list[Paragraph], Setting]:
    """Return the paragraphs of ``text`` in order, chrome and contents lists among them.

    A file that shows its text, ``shown``, has a line for each paragraph, and tells its furniture.
    """
    lines = split_lines(text)
    width = 0 if shown else wrap_width(lines)
    furniture = _furniture(lines, shown)
    marks = contents.mark(lines, furniture)
    reader = _Reader(lines, width, furniture, marks, _Entries(contents.entries(lines, marks)))
    found = reader.read(text)
    if shown:
        found = [replace(p, note=True, bare=None) if shown.is_note(p.span) else p for p in found]
    return found, Setting(width, not width and _a_line_a_sentence(lines))


def _furniture(lines: list[Line], shown: Shown | None) -> list[bool]:
    if shown is None:
        return chrome(lines)
    told = [shown.is_furniture(line.span) for line in lines]
    # What is told already must not make a line of the text look like it: a title is a running head.
    own = [line for line, known in zip(lines, told, strict=True) if not known]
    looks = iter(chrome(own))
    return [
        known or shown.is_furniture(line.span, next(looks))
        for line, known in zip(lines, told, strict=True)
    ]


def _a_line_a_sentence(lines: Sequence[Line]) -> bool:
    """Whether every sentence stands on a line of its own: a short one says nothing then."""
    ended = [len(line.search) for line in lines if line.search[-1] in TERMINAL + ","]
    return len(ended) >= 40 and sum(n for n in ended if n < 80) > 0.6 * sum(ended)


class _Entries:
    """The titles of a contents list, of which there may be thousands."""

    def __init__(self, entries: frozenset[str]) -> None:
        self._all, self._sorted = entries, sorted(entries)
        self._longest = max(map(len, entries), default=0)

    def __contains__(self, title: str) -> bool:
        return title in self._all

    def __bool__(self) -> bool:
        return bool(self._all)

    def begins(self, whole: str, least: int) -> bool:
        """Whether ``whole`` begins with a title of ``least`` characters or more."""
        ends = range(least, min(len(whole), self._longest) + 1)
        return any(whole[:end] in self._all for end in ends)

    def goes_on(self, beginning: str) -> bool:
        """Whether a title begins with ``beginning``."""
        at = bisect_left(self._sorted, beginning)
        return at < len(self._sorted) and self._sorted[at].startswith(beginning)


@dataclass(frozen=True, slots=True)
class _Reader:
    lines: list[Line]
    width: int
    furniture: list[bool]
    contents: list[bool]
    entries: _Entries

    def read(self, text: str) -> list[Paragraph]:
        found: list[Paragraph] = []
        index = 0
        while index < len(self.lines):
            line = self.lines[index]
            if self.furniture[index] or self.contents[index]:
                kind: PartKind = "chrome" if self.furniture[index] else "contents"
                found.append(Paragraph(kind, line.span, (line.search,)))
                index += 1
                continue
            title = self._broken_title(index)
            end = title[-1] + 1 if title else self._paragraph_end(index)
            own = title or [i for i in range(index, end) if not self.furniture[i]]
            found += [
                Paragraph("chrome", self.lines[i].span, (self.lines[i].search,))
                for i in range(index, end)
                if i not in own
            ]
            span = Span(line.span.start, self.lines[own[-1]].span.end)
            searches = tuple(self.lines[i].search for i in own)
            first = bare(line.span.of(text))
            cut = not self.width and (self._is_note(index - 1) or self._is_note(end))
            found.append(Paragraph("body", span, searches, first, bool(title), cut))
            index = end
        return sorted(found, key=lambda p: p.span)

    def _paragraph_end(self, start: int) -> int:
        """The index after the paragraph that begins at ``start``; one line unless wrapped."""
        end, last = start + 1, start
        if not self.width:
            return end
        while end < len(self.lines) and not self.contents[end]:
            if self.furniture[end]:
                end += 1
                continue
            if not _continues(self.lines[last], self.lines[end], self.width):
                break
            last = end
            end += 1
        return last + 1

    def _broken_title(self, start: int) -> list[int]:
        """The lines of a numbered heading that was set in several; [] if it was not."""
        first = self.lines[start].search
        by_itself = alone(first)
        found = labelled(first)
        if not by_itself and (found is None or found.rank > 15):
            return []
        joined = [start]
        while first == "专栏" and re.fullmatch(r"\d", self._line(joined[-1] + 1)):
            joined.append(joined[-1] + 1)
        while len(joined) < 7:
            after = self._next(joined[-1])
            if after is None or not self._joins(joined, after, by_itself=by_itself):
                break
            joined.append(after)
        return [] if self.furniture[joined[-1]] or len(joined) == 1 else joined

    def _joins(self, joined: list[int], after: int, *, by_itself: bool) -> bool:
        before = "".join(self.lines[i].search for i in joined)
        search = self.lines[after].search
        whole = before + search
        if whole in self.entries:
            return True
        if before in self.entries or self.entries.begins(whole, len(before) + 1):
            return False
        if not _could_be_title(search) or len(whole) > 60:
            return False
        if by_itself:
            return self._more_of_title(joined, after)
        if self.entries.goes_on(whole):
            return True
        two = before[-1] in _UNFINISHED or (not self.entries and self._set_in_two(joined[0], after))
        return len(joined) == 1 and two

    def _more_of_title(self, joined: list[int], after: int) -> bool:
        """Whether a line goes on with the title of a label that stands by itself."""
        own = [self.lines[i].search for i in joined[1:] if not self.furniture[i]]
        search, title = self.lines[after].search, "".join(own)
        if len(title) < 8:
            return search != "序号"
        if self.lines[joined[0]].search.startswith("专栏"):
            return after == joined[-1] + 1 and self._ends_in_crumbs(after)
        return PAPER.fullmatch(title + search) is not None and not PAPER.fullmatch(title)

    def _ends_in_crumbs(self, start: int) -> bool:
        """Whether markup broke the end of a title into crumbs, before the 01 of a list."""
        end = start
        while end - start < 3 and re.fullmatch(r"[\u4e00-\u9fff]{1,4}", self._line(end)):
            end += 1
        return end > start and re.fullmatch(r"\d{1,2}", self._line(end)) is not None

    def _set_in_two(self, first: int, second: int) -> bool:
        """Whether a wrapped document breaks a heading between two of its short lines."""
        if not self.width or len(self.lines[second].search) > 0.8 * self.width:
            return False
        found = labelled(self.lines[first].search)
        third = self._next(second)
        if found is None or found.rank > 10 or third is None:
            return False
        following = self.lines[third].search
        return labelled(following) is not None or len(following) >= self.width - 4

    def _line(self, index: int) -> str:
        return self.lines[index].search if 0 <= index < len(self.lines) else ""

    def _is_note(self, index: int) -> bool:
        return re.fullmatch(r"[1-9]\d{0,2}", self._line(index)) is not None

    def _next(self, index: int) -> int | None:
        for after in range(index + 1, min(index + 4, len(self.lines))):
            if self.contents[after]:
                return None
            if not self.furniture[after]:
                return after
        return None


def _could_be_title(search: str) -> bool:
    return (
        len(search) <= _SHORT
        and labelled(search) is None
        and not alone(search)
        and search[-1] not in TERMINAL + ",、"
        and search[0] not in ",。、;:)”〔["
        and not re.match(r"\d|.*(?:\d{4}年|[:|>])", search)
    )


def _continues(previous: Line, line: Line, width: int) -> bool:
    """Whether an export broke the line only because it was full."""
    if previous.search[-1] in TERMINAL or len(previous.search) < width - 4:
        return False
    numbered = labelled(previous.search)
    if numbered and numbered.rank <= 15:
        return len(line.search) < width - 4 and labelled(line.search) is None
    found = labelled(line.search)
    return not (found and found.rank <= 30)
