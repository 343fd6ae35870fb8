"""Lines → a tree of sections, and for every character of the document what it is.

Recognised: 篇 章 节, 一、 (一) 1. (1), 专栏, 附件, run-in headings whose first sentence is the title,
and the unnumbered headings of press articles and work reports. Contents lists, page furniture
and the metadata around a document are told apart and kept, each with its kind.
"""

import re
from dataclasses import dataclass

from index.documents import Part, PartKind, Section, Span
from index.lines import TERMINAL, Line, chrome, split_lines, wrap_width

VERSION = 1

_CN = "一二三四五六七八九十百零〇"
# (rank, pattern): a smaller rank stands further out. A label alone makes no heading.
_LABELS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (5, re.compile(rf"第[{_CN}\d]+(?:部分|[篇编卷])(?=[^、,，])")),
    (10, re.compile(rf"第[{_CN}\d]+章(?=[^、,，至和是])")),
    (15, re.compile(rf"第[{_CN}\d]+节(?=[^、,，至和是])")),
    (20, re.compile(rf"[{_CN}]+、")),
    (30, re.compile(rf"\([{_CN}]+\)")),
    (40, re.compile(r"\d{1,2}(?:\.(?!\d)|、)")),
    (45, re.compile(r"\(\d{1,2}\)|[①-⑳]")),
    (50, re.compile(rf"[{_CN}]+是(?=[^否])")),
    (12, re.compile(rf"专栏[{_CN}\d]*(?=[^目])")),
    (5, re.compile(rf"附[件录表][{_CN}\d]*:?")),
)
_NAMED = re.compile(r"(?:前言|序言|引言|导言|绪论|结语|结束语|后记)")
_UNNUMBERED, _RUN_IN, _DASHED = 35, 60, 55
_CONTENTS = re.compile(r"目[录次]|contents", re.I)
_LEADER = re.compile(r"(?:[.·…]{3,}|\.{2,})\s*\d{0,4}$")
_METADATA = re.compile(
    r"(?:索引号|发[布文](?:机构|机关|日期)|文[件]?[编字]?号|发文字号|成文日期|发布日期|公开方式|主题(?:分类|词)"
    r"|标题|有效性|来源|记者|作者|编辑|通讯员|时间|日期|发布时间|信息来源|责任编辑|联系电话|联系人)[::|].*"
    r"|\(?(?:此件)?(?:公开发布|主动公开)\)?|\(联系.{2,40}\)|.{0,12}\d{4}-\d{1,2}-\d{1,2}.{0,12}"
    r"|\d{4}年\d{1,2}月(?:\d{1,2}日)?"
)


@dataclass(frozen=True, slots=True)
class Outline:
    """The sections in reading order and the parts that cover every non-blank character."""

    sections: tuple[Section, ...]
    parts: tuple[Part, ...]
    wrapped: bool


@dataclass(frozen=True, slots=True)
class _Heading:
    rank: int
    title: str
    span: Span


@dataclass(slots=True)
class _Block:
    """One or more lines that belong together, with their kind."""

    kind: PartKind
    span: Span
    search: str
    heading: _Heading | None = None


def outline(text: str) -> Outline:
    """Return the outline of ``text``; never raises, for a text without headings it has none."""
    lines = split_lines(text)
    width = wrap_width(lines)
    blocks = _blocks(text, lines, width)
    _mark_front_matter(blocks)
    return Outline(_sections(blocks, len(text)), tuple(_parts(blocks)), bool(width))


def label(search: str) -> tuple[int, str] | None:
    """Return (rank, label) if the line begins with a heading's number, else None."""
    for rank, pattern in _LABELS:
        match = pattern.match(search)
        if match:
            return rank, match.group()
    return None


def _blocks(text: str, lines: list[Line], width: int) -> list[_Block]:
    furniture = chrome(lines)
    contents = _contents(lines, furniture)
    blocks: list[_Block] = []
    index = 0
    while index < len(lines):
        if furniture[index] or contents[index]:
            kind: PartKind = "chrome" if furniture[index] else "contents"
            blocks.append(_Block(kind, lines[index].span, lines[index].search))
            index += 1
            continue
        end = _paragraph_end(lines, index, width, furniture, contents)
        run = [lines[i] for i in range(index, end) if not furniture[i]]
        blocks.extend(_split_chrome(lines, index, end, furniture))
        block = _Block(
            "body", Span(run[0].span.start, run[-1].span.end), "".join(x.search for x in run)
        )
        following = next((lines[i] for i in range(end, len(lines)) if not furniture[i]), None)
        previous = lines[index - 1] if index else None
        block.heading = _heading(text, run, previous, following, width)
        blocks.append(block)
        index = end
    blocks.sort(key=lambda b: b.span)
    _classify(blocks)
    return _join_headings(blocks)


def _join_headings(blocks: list[_Block]) -> list[_Block]:
    """Join an unnumbered heading that was set in two lines."""
    joined: list[_Block] = []
    for block in blocks:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.kind == block.kind == "heading"
            and before.heading is not None
            and block.heading is not None
            and before.heading.rank == block.heading.rank == _UNNUMBERED
        ):
            span = Span(before.span.start, block.span.end)
            title = f"{before.heading.title} {block.heading.title}"
            before.span, before.heading = span, _Heading(_UNNUMBERED, title, span)
        else:
            joined.append(block)
    return joined


def _split_chrome(lines: list[Line], start: int, end: int, furniture: list[bool]) -> list[_Block]:
    return [
        _Block("chrome", lines[i].span, lines[i].search) for i in range(start, end) if furniture[i]
    ]


def _paragraph_end(
    lines: list[Line], start: int, width: int, furniture: list[bool], contents: list[bool]
) -> int:
    """Return the index after the paragraph that begins at ``start``; one line unless wrapped."""
    end = start + 1
    if not width:
        return end
    last = start
    while end < len(lines) and not contents[end]:
        if furniture[end]:
            end += 1
            continue
        if not _continues(lines[last], lines[end], width):
            break
        last = end
        end += 1
    return last + 1


def _continues(previous: Line, line: Line, width: int) -> bool:
    """Whether an export broke the line only because it was full."""
    if previous.search[-1] in TERMINAL or len(previous.search) < width - 4:
        return False
    numbered = label(previous.search)
    if numbered and numbered[0] <= 15:
        return len(line.search) < width - 4 and label(line.search) is None
    found = label(line.search)
    return not (found and found[0] <= 30)


def _contents(lines: list[Line], furniture: list[bool]) -> list[bool]:
    """Mark the lines of contents lists: after 目录, or with dot leaders and page numbers."""
    marks = [bool(_LEADER.search(line.search)) for line in lines]
    for index, line in enumerate(lines):
        if not _CONTENTS.fullmatch(line.search):
            continue
        marks[index] = True
        first: str | None = None
        for at in range(index + 1, len(lines)):
            search = lines[at].search
            entry = _entry(search)
            if furniture[at]:
                continue
            if first is not None and entry == first:
                break
            if not marks[at] and (len(search) > 60 or search[-1] in TERMINAL + ","):
                break
            first = first or entry
            marks[at] = True
        _unmark_body(lines, marks, index)
    return marks


def _unmark_body(lines: list[Line], marks: list[bool], start: int) -> None:
    """Give back trailing lines that no contents list would hold: unnumbered, just before text."""
    end = start
    while end + 1 < len(lines) and marks[end + 1]:
        end += 1
    entries = {_entry(line.search) for line in lines[end + 1 :]}
    while end > start + 1 and label(lines[end].search) is None:
        if _LEADER.search(lines[end].search) or _entry(lines[end].search) in entries:
            break
        marks[end] = False
        end -= 1


def _entry(search: str) -> str:
    return re.sub(r"[\s.·…]*\d{0,3}$|\s", "", search)


def _classify(blocks: list[_Block]) -> None:
    for block in blocks:
        if block.kind != "body":
            continue
        if block.heading is not None and block.heading.span == block.span:
            block.kind = "heading"
        elif len(block.search) <= 60 and _METADATA.fullmatch(block.search):
            block.kind, block.heading = "metadata", None


def _mark_front_matter(blocks: list[_Block]) -> None:
    """Title, addressee, issue note: all that stands before the first heading or long paragraph."""
    first = next(
        (
            i
            for i, b in enumerate(blocks)
            if b.kind == "contents"
            or (b.heading is not None and b.heading.rank <= 30)
            or (b.kind == "body" and len(b.search) >= 60)
        ),
        len(blocks),
    )
    if first == len(blocks):
        return
    for block in blocks[:first]:
        if block.kind in {"body", "heading"}:
            block.kind, block.heading = "metadata", None


def _heading(
    text: str, kept: list[Line], previous: Line | None, following: Line | None, width: int
) -> _Heading | None:
    """Return the heading that the paragraph of the lines ``kept`` is or begins with."""
    search = "".join(line.search for line in kept)
    span = Span(kept[0].span.start, kept[-1].span.end)
    found = label(search)
    if _NAMED.fullmatch(search):
        return _Heading(10, search, span)
    if found:
        return _numbered(text, search, span, found)
    if search.startswith(("——", "--")):
        return _run_in(text, search, span, _DASHED, 30)
    if _is_unnumbered(kept, previous, following, width):
        return _Heading(_UNNUMBERED, search.rstrip("。"), span)
    return _run_in(text, search, span, _RUN_IN, 18)


def _numbered(text: str, search: str, span: Span, found: tuple[int, str]) -> _Heading | None:
    rank, number = found
    limit = 60 if rank <= 15 else 45
    sentences = search.count("。") + search.count(";")
    whole = len(search) <= limit and (
        (sentences == 0 and search[-1] not in ",:") or (sentences == 1 and search[-1] == "。")
    )
    if len(search) == len(number):
        return _Heading(rank, search, span) if rank <= 15 else None
    if whole and rank != 50:
        rest = search[len(number) :].rstrip("。")
        return _Heading(rank, f"{number} {rest}" if rank <= 15 else number + rest, span)
    return _run_in(text, search, span, rank, 24 if rank >= 40 else 45)


def _run_in(text: str, search: str, span: Span, rank: int, limit: int) -> _Heading | None:
    """Return a heading if the first sentence is short and more text follows it."""
    stop = search.find("。")
    if not 4 <= stop <= limit or len(search) - stop < 20:
        return None
    title = search[:stop]
    if re.search(r"[;:!?]", title) or (rank == _RUN_IN and re.search(r"[,\d“]", title)):
        return None
    end = text.find("。", span.start, span.end)
    return _Heading(rank, title, Span(span.start, end + 1)) if end >= 0 else None


def _is_unnumbered(
    kept: list[Line], previous: Line | None, following: Line | None, width: int
) -> bool:
    """Whether a line without a number is a heading: short, unfinished, and text follows."""
    search = kept[0].search
    if len(kept) > 1 or following is None or not 4 <= len(search) <= 34:
        return False
    if re.search(r"[:;!?|/@…]|\d{4}|^[—\-(\[“]?\d|[,、]$", search) or _METADATA.fullmatch(search):
        return False
    if "。" in search[:-1] or (search[-1] == "。" and ("," in search or len(search) > 22)):
        return False
    if width and (len(search) > 0.7 * width or (previous and previous.search[-1] not in TERMINAL)):
        return False
    if sum("\u3400" <= c <= "\u9fff" for c in search) < 0.6 * len(search):
        return False
    return len(following.search) >= 36 or (
        len(following.search) <= 34 and following.search[-1] not in TERMINAL
    )


def _sections(blocks: list[_Block], length: int) -> tuple[Section, ...]:
    headings = [b.heading for b in blocks if b.heading is not None]
    open_: list[tuple[int, str]] = []
    paths: list[tuple[str, ...]] = []
    for heading in headings:
        while open_ and open_[-1][0] >= heading.rank:
            open_.pop()
        open_.append((heading.rank, heading.title))
        paths.append(tuple(title for _, title in open_))
    sections = []
    for index, heading in enumerate(headings):
        closing = (
            later.span.start for later in headings[index + 1 :] if later.rank <= heading.rank
        )
        end = next(closing, length)
        sections.append(
            Section(heading.title, paths[index], heading.span, Span(heading.span.start, end))
        )
    return tuple(sections)


def _parts(blocks: list[_Block]) -> list[Part]:
    parts: list[Part] = []
    for block in blocks:
        heading = block.heading
        if block.kind == "body" and heading is not None and heading.span != block.span:
            parts.append(Part("heading", heading.span))
            rest = Span(heading.span.end, block.span.end)
            parts.append(Part("body", rest))
        else:
            parts.append(Part(block.kind, block.span))
    return parts
