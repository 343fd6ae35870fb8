"""Headings without a number: lines of their own, lead sentences, the names of annexes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.labels import Label
from index.lines import TERMINAL
from index.paragraphs import PAPER, Paragraph, Setting

METADATA = re.compile(
    r"(?:索引号|发[布文](?:机构|机关|日期)|文[件]?[编字]?号|发文字号|成文日期|发布日期|公开方式|主题(?:分类|词)"
    r"|标题|有效性|来源|记者|作者|编辑|通讯员|时间|日期|发布时间|信息来源|责任编辑|联系电话|联系人)[::|].*"
    r"|\(?(?:此件)?(?:公开发布|主动公开)\)?|\(联系.{2,40}\)|.{0,12}\d{4}-\d{1,2}-\d{1,2}.{0,12}"
    r"|[\d二][\d〇零○一二三四五六七八九]{3}年[\d一二三四五六七八九十]{1,2}月(?:[\d一二三四五六七八九十]{1,3}日)?"
)
_YEARED = re.compile(r"^\d{4}年(?![\d底末初前后至内])[^\d]{4,}")
_NO_HEADING = re.compile(r"[图表]\d|\(.*\)$|.*(?:以下|下列|如下)")
_LONG, _LEAD_BODY = 36, 80


@dataclass(frozen=True, slots=True)
class Body:
    """The paragraphs of one document without furniture, with their labels and setting."""

    text: str
    paragraphs: Sequence[Paragraph]
    labels: Sequence[Label | None]
    setting: Setting

    def search(self, index: int) -> str:
        """The search text of a paragraph; empty beyond either end."""
        return self.paragraphs[index].search if 0 <= index < len(self.paragraphs) else ""

    def label(self, index: int) -> Label | None:
        """The label of a paragraph; None beyond either end."""
        return self.labels[index] if 0 <= index < len(self.labels) else None


def leads(body: Body) -> frozenset[int]:
    """Lead sentences on lines of their own, each before a long paragraph, again and again."""
    if body.setting.width or body.setting.sentence_lines:
        return frozenset()
    found = [
        index
        for index in range(len(body.paragraphs) - 1)
        if _is_lead(body.search(index))
        and not (body.paragraphs[index].cut or body.paragraphs[index].note)
        and body.label(index) is None
        and len(body.search(index + 1)) >= _LEAD_BODY
    ]
    return frozenset(found) if len(found) >= 3 else frozenset()


def _is_lead(search: str) -> bool:
    one = 5 <= len(search) <= 32 and search[-1] == "。" and search.count("。") == 1
    return one and not re.match(r"各位|现在|同志|[,、;:)”]|\d{1,3}[“《]", search)


def is_heading(body: Body, index: int, rank: int) -> bool:
    """Whether a line without a number is a heading: short, unfinished, and text follows.

    ``rank`` is how far out it would stand: a list that stands further out does not follow it.
    """
    search = body.search(index)
    paragraph = body.paragraphs[index]
    if len(paragraph.lines) > 1 or paragraph.cut or not _could_head(search):
        return False
    sentence = search[-1] == "。"
    if sentence and ("," in search or len(search) > 22 or body.setting.sentence_lines):
        return False
    return _begins_anew(body, index) and _is_followed(body, index, -1 if sentence else rank)


def _begins_anew(body: Body, index: int) -> bool:
    """Whether what stands before is over: this is then no fragment of it, nor a table's cell."""
    width = body.setting.width
    if width and len(body.search(index)) > 0.7 * width:
        return False
    if not index:
        return True
    before = body.paragraphs[index - 1]
    if before.lines[-1][-1] in TERMINAL:
        return True
    if width:
        return False
    search = before.search
    ended = search[-1] in "”)】" or body.label(index - 1) is not None
    return (
        ended
        or METADATA.fullmatch(search) is not None
        or (_could_head(search) and len(search) >= 6)
    )


def _is_followed(body: Body, index: int, rank: int) -> bool:
    """Whether a long paragraph, an inner list, or the heading's second line comes next."""
    following, label = body.search(index + 1), body.label(index + 1)
    if not following or following[0] in ",。、;:)”" or METADATA.fullmatch(following):
        return False
    if label is not None:
        return 0 <= rank < label.rank <= 40 and label.ordinal[-1:] == (1,)
    if len(following) >= _LONG:
        return True
    short = len(following) <= 34 and following[-1] not in TERMINAL + ","
    return short and len(body.search(index + 2)) >= _LONG


def _could_head(search: str) -> bool:
    """Whether the characters alone would do for a heading without a number."""
    if not 4 <= len(search) <= 34 or METADATA.fullmatch(search) or search[0] in ",。、;:)”#":
        return False
    if _NO_HEADING.match(search) or "。" in search[:-1]:
        return False
    plain = search[4:] if _YEARED.match(search) else search
    if re.search(r"[:;!?|/@…>]|\d{4}|^[—\-(\[“]?\d|[,、]$", plain):
        return False
    return sum("\u3400" <= c <= "\u9fff" for c in plain) >= 0.6 * len(plain)


def annexes(body: Body, begins: Sequence[int]) -> list[tuple[int, int]]:
    """The lines (first, last) that name a paper above each paragraph where 一、 begins anew.

    ``begins`` are the paragraphs with the first 一、 or 第一章 of a row. One paper alone is the
    document itself: [] then.
    """
    found = [name for name in (_paper_above(body, index) for index in begins) if name is not None]
    return found if len(found) >= 2 else []


def _paper_above(body: Body, index: int) -> tuple[int, int] | None:
    for last in range(index - 1, max(-1, index - 5), -1):
        search = body.search(last)
        if body.label(last) is not None or (len(search) > 60 and index - last > 3):
            return None
        if PAPER.fullmatch(search) and len(search) <= 40:
            return (last - 1 if len(search) <= 12 and _goes_on(body, last - 1) else last), last
    return None


def _goes_on(body: Body, index: int) -> bool:
    search = body.search(index)
    ended = not search or search[-1] in TERMINAL + ")" or METADATA.fullmatch(search)
    return not ended and len(search) <= 30
