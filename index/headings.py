"""Paragraphs → headings: which of them are one, which begin with one, which only look like it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.documents import Span
from index.labels import (
    BARE, BOX_RANK, DASHED, DECIMAL, FIRSTLY, PART, RUN_IN, UNNUMBERED, Label, alone, follows,
    labelled,
)  # fmt: skip
from index.lines import TERMINAL
from index.paragraphs import Layout, Paragraph

ANNEX, TOP = 3, 18
_NAMED = re.compile(
    r"(?:前言|序言|引言|导言|绪论|结语|结束语|后记|附注|注释|名词解释|名词注释)"
)
METADATA = re.compile(
    r"(?:索引号|发[布文](?:机构|机关|日期)|文[件]?[编字]?号|发文字号|成文日期|发布日期|公开方式|主题(?:分类|词)"
    r"|标题|有效性|来源|记者|作者|编辑|通讯员|时间|日期|发布时间|信息来源|责任编辑|联系电话|联系人)[::|].*"
    r"|\(?(?:此件)?(?:公开发布|主动公开)\)?|\(联系.{2,40}\)|.{0,12}\d{4}-\d{1,2}-\d{1,2}.{0,12}"
    r"|[\d二][\d〇零○0一二三四五六七八九]{3}年[\d一二三四五六七八九十]{1,2}月(?:[\d一二三四五六七八九十]{1,3}日)?"
)
_KIND_OF_PAPER = re.compile(
    r".{3,}(?:规定|办法|方案|意见|规划|纲要|条例|细则|规则|预案|清单|名单|标准|计划|要点|指南|章程|报告|请示|通知)"
)
_TABLE_ROW = re.compile(r".*(?:预期性|约束性)|序号.*|\d{1,2}.*\d%?")
_COUNT_ONLY = re.compile(r".*\(\d+[项个]\)")
_YEARED = re.compile(r"^\d{4}年(?![\d底末初前后至内])[^\d]{4,}")
_LONG, _LEAD_BODY = 36, 80


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: how far out it stands, its title without its final mark, where it is."""

    rank: int
    title: str
    span: Span
    label: Label | None = None


def headings(
    text: str, paragraphs: Sequence[Paragraph], layout: Layout
) -> list[Heading | None]:
    """Return the heading that each paragraph is or begins with, None where there is none."""
    finder = _Finder(text, [p for p in paragraphs if p.kind == "body"], layout)
    found = finder.find()
    own = iter(found)
    return [next(own) if p.kind == "body" else None for p in paragraphs]


class _Finder:
    """The paragraphs of one document with what is known of the whole of it."""

    def __init__(self, text: str, paragraphs: list[Paragraph], layout: Layout) -> None:
        self.text = text
        self.all = paragraphs
        self.layout = layout
        self.labels = [p.bare or labelled(p.search) for p in paragraphs]
        self._drop_loose_numbers()
        self.leads = self._own_line_leads()
        self.titled = not any(found and found.rank <= 20 for found in self.labels)

    def find(self) -> list[Heading | None]:
        found = [self._heading(index) for index in range(len(self.all))]
        self._join_unnumbered(found)
        self._annexes(found)
        return found

    def _drop_loose_numbers(self) -> None:
        """Keep 1.1 and ``1 总则`` only where they count on: figures begin lines too."""
        seen: dict[int, tuple[int, ...]] = {}
        kept: list[int] = []
        outer = 0
        for index, found in enumerate(self.labels):
            if found is None:
                continue
            if DECIMAL <= found.rank <= DECIMAL + 2:
                depth, ordinal = len(found.ordinal), found.ordinal
                above = seen.get(depth - 1, (outer,) if depth == 2 else ())
                before = seen.get(depth, ())
                starts = ordinal[-1] == 1 and (
                    ordinal[:-1] == above or follows(ordinal[:-1], before[:-1] or (0,) * (depth - 1))
                )
                if follows(ordinal, before) or starts:
                    seen[depth] = ordinal
                    kept.append(index)
                else:
                    self.labels[index] = None
            elif found.rank in {40, BARE} and found.ordinal:
                outer = found.ordinal[0]
                seen = {2: (outer, 0)} if found.rank == BARE else seen
        if len(kept) < 2:
            for index in kept:
                self.labels[index] = None
        self._drop_bare()

    def _drop_bare(self) -> None:
        """``3 预警监测`` is a heading if 3.1 comes next, or if it ends such a row."""
        row: int | None = None
        for index, found in enumerate(self.labels):
            if found is None or found.rank != BARE:
                continue
            search = self.all[index].search
            clean = len(search) <= 30 and search[-1] not in TERMINAL + ","
            clean = clean and not re.search(r"\d", search[2:])
            following = next(
                (x for x in self.labels[index + 1 :] if x and (x.rank == BARE or _decimal(x))), None
            )
            below = following is not None and following.ordinal == (*found.ordinal, 1)
            if clean and (below or (row is not None and found.ordinal[0] == row + 1)):
                row = found.ordinal[0]
            else:
                self.labels[index] = labelled(search)

    def _own_line_leads(self) -> frozenset[int]:
        """Lead sentences on lines of their own, each before a long paragraph, again and again."""
        if self.layout.width or self.layout.sentence_lines:
            return frozenset()
        leads = [
            index
            for index, (one, after) in enumerate(zip(self.all, self.all[1:], strict=False))
            if 5 <= len(one.search) <= 32
            and one.search.endswith("。")
            and one.search.count("。") == 1
            and self.labels[index] is None
            and len(after.search) >= _LEAD_BODY
            and not re.match(r"各位|现在|同志", one.search)
        ]
        return frozenset(leads) if len(leads) >= 3 else frozenset()

    def _heading(self, index: int) -> Heading | None:
        paragraph, found = self.all[index], self.labels[index]
        search, span = paragraph.search, paragraph.span
        if _NAMED.fullmatch(search):
            return Heading(10, search, span)
        if METADATA.fullmatch(search) and len(search) <= 60:
            return None
        if found:
            return self._numbered(index, found)
        if search.startswith(("——", "--")):
            return self._run_in(search, span, DASHED, 30)
        if index in self.leads:
            return Heading(UNNUMBERED, search.rstrip("。"), span)
        if self._is_unnumbered(index):
            # Where nothing is numbered by 一、 or 章, these are the document's own divisions.
            rank = TOP if self.titled and search[-1] != "。" else UNNUMBERED
            return Heading(rank, search.rstrip("。"), span)
        return self._run_in(search, span, RUN_IN, 18)

    def _numbered(self, index: int, found: Label) -> Heading | None:
        paragraph = self.all[index]
        search, span = paragraph.search, paragraph.span
        if alone(search) and not paragraph.broken:
            return Heading(found.rank, search, span, found) if found.rank <= 15 else None
        if self._in_table(index) or (found.rank == PART and self._lists_annexes(index, found)):
            return None
        limit = 60 if found.rank <= 15 else 45
        sentences = search.count("。") + search.count(";")
        clean = sentences == 0 and search[-1] not in ",:;" and len(search) <= limit
        sentence = sentences == 1 and search[-1] == "。" and len(search) <= limit
        if found.rank != FIRSTLY and (clean or (sentence and self._heads(index, found))):
            return Heading(found.rank, _title(found, search), span, found)
        return self._run_in(search, span, found.rank, 24 if found.rank == FIRSTLY else 42, found)

    def _heads(self, index: int, found: Label) -> bool:
        """Whether text of its own follows a numbered sentence: else it is an item of a list."""
        if index + 1 >= len(self.all):
            return False
        after, following = self.labels[index + 1], self.all[index + 1].search
        if after is not None:
            return after.rank > found.rank and found.rank <= 30
        if METADATA.fullmatch(following) or len(following) < 20:
            return False
        # One list, one kind: an item before it makes this an item too.
        for before in range(index - 1, -1, -1):
            other = self.labels[before]
            if other is None or other.rank > found.rank:
                continue
            if other.rank < found.rank or not follows(found.ordinal, other.ordinal):
                return True
            return not self._is_item(before, other)
        return True

    def _is_item(self, index: int, found: Label) -> bool:
        search = self.all[index].search
        if search[-1] == ";":
            return True
        after = self.labels[index + 1]
        single = search.count("。") == 1 and search[-1] == "。"
        return single and after is not None and after.rank == found.rank

    def _in_table(self, index: int) -> bool:
        search = self.all[index].search
        if _COUNT_ONLY.fullmatch(search):
            return True
        following = self.all[index + 1].search if index + 1 < len(self.all) else ""
        return len(following) <= 60 and _TABLE_ROW.fullmatch(following) is not None

    def _lists_annexes(self, index: int, found: Label) -> bool:
        """附件:1.… at the end of a letter names what is enclosed; the annex itself comes later."""
        if ":" not in self.all[index].search[: len(found.text) + 1]:
            return False
        if index + 1 == len(self.all):
            return True
        following = self.all[index + 1].search
        return following[0].isdigit() or (
            len(following) < _LONG and self.labels[index + 1] is None
        )

    def _run_in(
        self, search: str, span: Span, rank: int, limit: int, found: Label | None = None
    ) -> Heading | None:
        """Return a heading if the first sentence is short and more text follows it."""
        stop = search.find("。")
        if not 4 <= stop <= limit or len(search) - stop < 20:
            return None
        title = search[:stop]
        if re.search(r"[;:!?]", title) or (rank == RUN_IN and re.search(r"[,\d“]", title)):
            return None
        end = self.text.find("。", span.start, span.end)
        if end < 0:
            return None
        return Heading(rank, title, Span(span.start, end + 1), found)

    def _is_unnumbered(self, index: int) -> bool:
        """Whether a line without a number is a heading: short, unfinished, and text follows."""
        paragraph = self.all[index]
        search = paragraph.search
        if len(paragraph.lines) > 1 or index + 1 == len(self.all) or not _could_head(search):
            return False
        if search[-1] == "。" and ("," in search or len(search) > 22 or self.layout.sentence_lines):
            return False
        before = self.all[index - 1] if index else None
        width = self.layout.width
        if width and (
            len(search) > 0.7 * width or (before and before.lines[-1][-1] not in TERMINAL)
        ):
            return False
        if before is not None and not self._ends(index - 1):
            return False
        following = self.all[index + 1].search
        if following[0] in ",。、;:)”" or METADATA.fullmatch(following):
            return False
        if len(following) >= _LONG or self._heads_a_list(index):
            return True
        third = self.all[index + 2].search if index + 2 < len(self.all) else ""
        return (
            len(following) <= 34
            and following[-1] not in TERMINAL + ","
            and self.labels[index + 1] is None
            and len(third) >= _LONG
        )

    def _heads_a_list(self, index: int) -> bool:
        after = self.labels[index + 1]
        return after is not None and after.rank <= 40 and after.ordinal[-1:] == (1,)

    def _ends(self, index: int) -> bool:
        """Whether the paragraph is over, or could be a heading: what follows may begin anew."""
        search = self.all[index].search
        if search[-1] in TERMINAL + "”)】":
            return True
        if self.labels[index] is not None or METADATA.fullmatch(search):
            return True
        return _could_head(search) and len(search) >= 6

    def _join_unnumbered(self, found: list[Heading | None]) -> None:
        """Join an unnumbered heading that was set in two lines."""
        for index in range(len(found) - 1):
            one, other = found[index], found[index + 1]
            if (
                one is not None
                and other is not None
                and one.rank == other.rank
                and one.rank in {UNNUMBERED, TOP}
                and one.span == self.all[index].span
                and other.span == self.all[index + 1].span
                and not {index, index + 1} & self.leads
            ):
                span = Span(one.span.start, other.span.end)
                found[index + 1] = Heading(one.rank, f"{one.title} {other.title}", span)
                found[index] = None

    def _annexes(self, found: list[Heading | None]) -> None:
        """Where 一、 or 第一章 begins anew, the paper's name above it heads all that follows."""
        begins = [
            index
            for index, label in enumerate(self.labels)
            if label is not None and label.rank in {10, 20} and label.ordinal == (1,)
            and found[index] is not None
        ]
        titles = [name for name in map(self._paper_above, begins) if name is not None]
        if len(titles) < 2:
            return
        for first, last in titles:
            span = Span(self.all[first].span.start, self.all[last].span.end)
            name = " ".join(self.all[i].search for i in range(first, last + 1))
            found[first:last] = [None] * (last - first)
            found[last] = Heading(ANNEX, name, span)

    def _paper_above(self, index: int) -> tuple[int, int] | None:
        """The lines (first, last) just above that name a paper, such as 某某办法."""
        for last in range(index - 1, max(-1, index - 5), -1):
            search = self.all[last].search
            if self.labels[last] is not None or (len(search) > 60 and index - last > 3):
                return None
            if not _KIND_OF_PAPER.fullmatch(search) or len(search) > 40:
                continue
            first = last
            above = self.all[last - 1].search if last else ""
            if (
                last
                and len(search) <= 12
                and len(above) <= 30
                and above[-1] not in TERMINAL + ")"
                and not METADATA.fullmatch(above)
            ):
                first = last - 1
            return first, last
        return None


def _could_head(search: str) -> bool:
    """Whether the characters alone would do for a heading without a number."""
    if not 4 <= len(search) <= 34 or METADATA.fullmatch(search) or search[0] in ",。、;:)”#":
        return False
    plain = _YEARED.sub("", search) if _YEARED.match(search) else search
    if re.search(r"[:;!?|/@…>]|\d{4}|^[—\-(\[“]?\d|[,、]$", plain) or "。" in search[:-1]:
        return False
    return sum("\u3400" <= c <= "\u9fff" for c in search) >= 0.6 * len(search)


def _title(found: Label, search: str) -> str:
    rest = search[len(found.text) :].rstrip("。")
    return f"{found.text} {rest}" if found.rank <= 15 or found.rank == BARE else found.text + rest


def _decimal(found: Label) -> bool:
    return DECIMAL <= found.rank <= DECIMAL + 2
