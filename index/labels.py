"""The numbers that stand before headings: 第一篇 第1章 第一节 一、 (一) 1. 1.1 (1) 专栏1 附件."""

import re
from dataclasses import dataclass

from index.numerals import number

PART, BOX_RANK, UNNUMBERED, DASHED, RUN_IN = 5, 12, 35, 55, 60
BARE, DECIMAL, FIRSTLY = 39, 41, 50

_CN = "一二三四五六七八九十百零〇"
# (rank, pattern): a smaller rank stands further out. A label alone makes no heading.
_LABELS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (PART, re.compile(rf"第[{_CN}\d]+(?:部分|[篇编卷])(?=[^、,，])")),
    (10, re.compile(rf"第[{_CN}\d]+章(?=[^、,，至和是])")),
    (15, re.compile(rf"第[{_CN}\d]+节(?=[^、,，至和是])")),
    (20, re.compile(rf"[{_CN}]+、")),
    (30, re.compile(rf"\([{_CN}]+\)")),
    (DECIMAL + 2, re.compile(r"\d{1,2}(?:\.\d{1,2}){3}(?=[\u4e00-\u9fff“《])")),
    (DECIMAL + 1, re.compile(r"\d{1,2}(?:\.\d{1,2}){2}(?=[\u4e00-\u9fff“《])")),
    (DECIMAL, re.compile(r"\d{1,2}\.\d{1,2}(?=[\u4e00-\u9fff“《])(?![万亿倍元吨个年米亩])")),
    (40, re.compile(r"\d{1,2}(?:\.(?!\d)|、)")),
    (45, re.compile(r"\(\d{1,2}\)|[①-⑳]")),
    (FIRSTLY, re.compile(rf"[{_CN}]+是(?=[^否])")),
    (BOX_RANK, re.compile(rf"专栏[{_CN}\d]*(?=[^目])")),
    (PART, re.compile(rf"附[件录表][{_CN}\d]*:?")),
)
_ALONE = re.compile(
    rf"第[{_CN}\d]+[篇编卷章节]|第[{_CN}\d]+部分|\([{_CN}]+\)|[{_CN}]+、|专栏[{_CN}\d]*|附件[{_CN}\d]*"
)
_BARE = re.compile(r"(\d{1,2})[ \t\u3000]+(?=[\u4e00-\u9fff“])")


@dataclass(frozen=True, slots=True)
class Label:
    """A heading's number: its rank, its characters, and what it counts ((1, 2) for 1.2)."""

    rank: int
    text: str
    ordinal: tuple[int, ...]


def label(search: str) -> tuple[int, str] | None:
    """Return (rank, label) if the line begins with a heading's number, else None."""
    found = labelled(search)
    return (found.rank, found.text) if found else None


def labelled(search: str) -> Label | None:
    """Return the label that the line begins with, else None."""
    for rank, pattern in _LABELS:
        match = pattern.match(search)
        if match:
            return Label(rank, match.group(), _ordinal(match.group()))
    return None


def alone(search: str) -> bool:
    """Whether the line is a label and nothing else: 第一章, (三), 专栏, 附件2."""
    return bool(_ALONE.fullmatch(search))


def bare(line: str) -> Label | None:
    """Return the label of ``1 总则``, a number and a blank; ``line`` is the original text."""
    match = _BARE.match(line)
    return Label(BARE, match.group(1), (int(match.group(1)),)) if match else None


def _ordinal(text: str) -> tuple[int, ...]:
    if "①" <= text[0] <= "⑳":
        return (ord(text[0]) - ord("①") + 1,)
    try:
        return tuple(int(number(part)) for part in re.findall(rf"[{_CN}]+|\d+", text))
    except ValueError:
        return ()


def follows(ordinal: tuple[int, ...], before: tuple[int, ...]) -> bool:
    """Whether ``ordinal`` comes right after ``before``: (3,) after (2,), (1, 4) after (1, 3)."""
    same = len(ordinal) == len(before) and ordinal[:-1] == before[:-1]
    return bool(ordinal) and same and ordinal[-1] == before[-1] + 1
