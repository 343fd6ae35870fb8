"""Paragraphs → headings: which of them are one, which begin with one, which only look like it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index import counted, unnumbered
from index.documents import Span
from index.labels import BARE, DASHED, FIRSTLY, PART, RUN_IN, UNNUMBERED, Label, alone, follows
from index.lines import TERMINAL
from index.paragraphs import Paragraph, Setting
from index.unnumbered import METADATA, Body

ANNEX, TOP = 3, 18
_NAMED = re.compile(r"(?:前言|序言|引言|导言|绪论|结语|结束语|后记|附注|注释|名词解释|名词注释)")
_TABLE_ROW = re.compile(r"\d{1,2}[^\d.、].*(?:预期性|约束性)|序号")
_LONG, _FAR = 36, 300


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: how far out it stands, its title without its final mark, where it is."""

    rank: int
    title: str
    span: Span
    label: Label | None = None


def headings(text: str, paragraphs: Sequence[Paragraph], setting: Setting) -> list[Heading | None]:
    """Return the heading that each paragraph is or begins with, None where there is none."""
    own = [p for p in paragraphs if p.kind == "body"]
    found = iter(_Finder(Body(text, own, counted.labels(own), setting)).find())
    return [next(found) if p.kind == "body" else None for p in paragraphs]


class _Finder:
    """What is known of the whole document, to tell what each of its paragraphs is."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.lists = list(counted.lists(body.labels))
        self.leads = unnumbered.leads(body)
        self.firstly = self._divisions()
        # Where nothing is numbered by 一、 or 章, unnumbered lines are the main divisions.
        untold = not any(found and found.rank <= 20 for found in body.labels)
        self.unnumbered = TOP if untold else UNNUMBERED

    def find(self) -> list[Heading | None]:
        found = [self._heading(index) for index in range(len(self.body.paragraphs))]
        for members in self.lists:
            self._agree(found, members)
        self._join_unnumbered(found)
        self._name_annexes(found)
        return found

    def _divisions(self) -> frozenset[int]:
        """一是… 二是… that divide a text with a line a sentence: each before a long stretch."""
        chosen: list[int] = []
        for members in self.lists if self.body.setting.sentence_lines else []:
            label = self.body.label(members[0])
            if label is None or label.rank != FIRSTLY or len(members) < 2:
                continue
            searches = [self.body.search(i) for i in members]
            starts = [self.body.paragraphs[i].span.start for i in members]
            far = starts[-1] - starts[0] > _FAR * (len(members) - 1)
            if far and all(_is_sentence(x) and len(x) <= 45 for x in searches):
                chosen += members
        return frozenset(chosen)

    def _heading(self, index: int) -> Heading | None:
        search, span = self.body.search(index), self.body.paragraphs[index].span
        found = self.body.label(index)
        if self.body.paragraphs[index].note or (METADATA.fullmatch(search) and len(search) <= 60):
            return None
        if _NAMED.fullmatch(search):
            return Heading(10, search, span)
        if found:
            return self._numbered(index, found)
        if search.startswith(("——", "--")):
            return self._run_in(index, DASHED, 30)
        return self._without_number(index)

    def _without_number(self, index: int) -> Heading | None:
        search, span = self.body.search(index), self.body.paragraphs[index].span
        if self.body.paragraphs[index].bare and search[-1] == "。":
            # A sentence after a bare number is a note at the foot of a page.
            return None
        if index in self.leads:
            return Heading(UNNUMBERED, search.rstrip("。"), span)
        if unnumbered.is_heading(self.body, index, self.unnumbered):
            rank = UNNUMBERED if search[-1] == "。" else self.unnumbered
            return Heading(rank, search.rstrip("。"), span)
        return None if self.body.setting.sentence_lines else self._run_in(index, RUN_IN, 18)

    def _numbered(self, index: int, found: Label) -> Heading | None:
        paragraph = self.body.paragraphs[index]
        search, span = paragraph.search, paragraph.span
        if alone(search) and not paragraph.broken:
            return Heading(found.rank, search, span, found) if found.rank <= 15 else None
        if self._in_table(index, found) or self._encloses(index, found):
            return None
        if found.rank == FIRSTLY:
            if index in self.firstly:
                return Heading(found.rank, search.rstrip("。"), span, found)
            return self._run_in(index, found.rank, 24, found)
        plain = not re.search("[。;]", search) and search[-1] not in ",:"
        headed = plain or (_is_sentence(search) and self._heads(index, found))
        if headed and len(search) <= (60 if found.rank <= 30 else 45):
            return Heading(found.rank, numbered(found, search), span, found)
        return self._run_in(index, found.rank, 42, found)

    def _heads(self, index: int, found: Label) -> bool:
        """Whether text of its own follows a numbered sentence: else it is an item of a list."""
        after, following = self.body.label(index + 1), self.body.search(index + 1)
        if after is not None:
            return after.rank > found.rank and found.rank <= 30
        if METADATA.fullmatch(following) or len(following) < (6 if found.rank <= 30 else 20):
            return False
        # One list, one kind: an item before it makes this an item too.
        for before in range(index - 1, -1, -1):
            other = self.body.label(before)
            if other is None or other.rank > found.rank:
                continue
            counts_on = other.rank == found.rank and follows(found.ordinal, other.ordinal)
            return not (counts_on and self._is_item(before, other))
        return True

    def _is_item(self, index: int, found: Label) -> bool:
        search, after = self.body.search(index), self.body.label(index + 1)
        if search[-1] == ";":
            return True
        return _is_sentence(search) and after is not None and after.rank == found.rank

    def _in_table(self, index: int, found: Label) -> bool:
        if found.rank <= 15:
            return False
        if _TABLE_ROW.match(self.body.search(index + 1)) is not None:
            return True
        # A table of indicators with a cell a line: number and name, unit, values, 预期性.
        for at in range(index + 1, index + 9):
            search = self.body.search(at)
            if len(search) > 24 or (self.body.label(at) is not None and not search[-1:].isdigit()):
                return False
            if search in {"预期性", "约束性"}:
                return True
        return False

    def _encloses(self, index: int, found: Label) -> bool:
        """附件:1.… 2.… at the end of a letter names what is enclosed; the annexes come later."""
        search, before = self.body.search(index), self.body.label(index - 1)
        if found.rank == 40:
            if before is None or len(search) > 60:
                return False
            listed = before.rank == PART and ":" in self.body.search(index - 1)[:6]
            return listed or (before.rank == 40 and self._encloses(index - 1, before))
        if found.rank != PART or ":" not in search[: len(found.text) + 1]:
            return False
        following, after = self.body.search(index + 1), self.body.label(index + 1)
        return following[:1].isdigit() or (len(following) < _LONG and after is None)

    def _run_in(
        self, index: int, rank: int, limit: int, found: Label | None = None
    ) -> Heading | None:
        """Return a heading if the first sentence is short and more text follows it."""
        search, span = self.body.search(index), self.body.paragraphs[index].span
        stop = search.find("。")
        if not 4 <= stop <= limit or len(search) - stop < 20:
            return None
        title = search[:stop]
        if re.search(r"[;:!?]", title) or (rank == RUN_IN and re.search(r"[,\d“]", title)):
            return None
        end = self.body.text.find("。", span.start, span.end)
        return Heading(rank, title, Span(span.start, end + 1), found) if end >= 0 else None

    def _agree(self, found: list[Heading | None], members: list[int]) -> None:
        """Most of a list decides: headings pull in long ones, provisions push out sentences."""
        rank = getattr(self.body.label(members[0]), "rank", 0)
        if rank not in {20, 30, 40} or len(members) < 3:
            return
        share = sum(found[i] is not None for i in members) / len(members)
        for index in members:
            own, heading = self.body.label(index), found[index]
            if heading is None and own is not None and share >= 0.6:
                found[index] = self._first_sentence(index, own)
            elif heading is not None and share < 0.4 and len(members) > 3:
                sentence = "。" in self.body.search(index) and len(heading.title) > 15
                found[index] = None if sentence else heading

    def _first_sentence(self, index: int, found: Label) -> Heading | None:
        """The heading that a first sentence of up to 66 characters makes in a list of headings."""
        search, span = self.body.search(index), self.body.paragraphs[index].span
        stop = search.find("。")
        if stop < 0 and search[-1] not in TERMINAL + "," and len(search) <= 66:
            return Heading(found.rank, search, span, found)
        if not len(found.text) < stop <= 66 or re.search(r"[;:!?]", search[:stop]):
            return None
        if stop == len(search) - 1 and not self._heads(index, found):
            return None
        end = self.body.text.find("。", span.start, span.end)
        return Heading(found.rank, search[:stop], Span(span.start, end + 1), found)

    def _join_unnumbered(self, found: list[Heading | None]) -> None:
        """Join an unnumbered heading that was set in two lines."""
        for index in range(len(found) - 1):
            one, other = found[index], found[index + 1]
            if one is None or other is None or one.rank != other.rank:
                continue
            whole = (self._is_whole(one, index), self._is_whole(other, index + 1))
            if one.rank == self.unnumbered and all(whole) and not {index, index + 1} & self.leads:
                span = Span(one.span.start, other.span.end)
                found[index + 1] = Heading(one.rank, f"{one.title} {other.title}", span)
                found[index] = None

    def _is_whole(self, heading: Heading, index: int) -> bool:
        # One that was joined already has grown beyond its own paragraph.
        return heading.span.end == self.body.paragraphs[index].span.end

    def _name_annexes(self, found: list[Heading | None]) -> None:
        """Where 一、 or 第一章 begins anew, the paper's name above it heads all that follows."""
        begins = [
            index
            for index, label in enumerate(self.body.labels)
            if label and label.rank in {10, 20} and label.ordinal == (1,) and found[index]
        ]
        for first, last in unnumbered.annexes(self.body, begins):
            paragraphs = self.body.paragraphs[first : last + 1]
            span = Span(paragraphs[0].span.start, paragraphs[-1].span.end)
            name = " ".join(paragraph.search for paragraph in paragraphs)
            found[first:last] = [None] * (last - first)
            found[last] = Heading(ANNEX, name, span)


def _is_sentence(search: str) -> bool:
    """One sentence and nothing more."""
    return search[-1] == "。" and search.count("。") == 1 and ";" not in search


def numbered(found: Label, search: str) -> str:
    """Return the title of a heading: its number, apart from the words where it is a chapter's."""
    rest = search[len(found.text) :].rstrip("。")
    return f"{found.text} {rest}" if found.rank <= 15 or found.rank == BARE else found.text + rest
