"""The head and the foot of a document: its lines, what its table of particulars says, dates."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.documents import Span
from index.lines import Line, split_lines

_HEAD, _FOOT, _LONG, _FEW = 3000, 1500, 80, 12
_LABELS = {
    "title": "标题|名称",
    "number": "发文字号|发文编号|文件编号|文号|文件文号",
    "issuer": "发文机关|发布机构|发布机关|制发机关",
    "issued": "成文日期|发文日期|印发日期",
    "published": "发布日期|发布时间|信息提供日期|公开日期|日期|时间|来源",
}
_LABEL = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _LABELS.items()))
_DIGITS = "0〇○零一二三四五六七八九"
_DATE = re.compile(
    rf"(?P<y>[12]\d{{3}}|[一二][{_DIGITS}]{{3}})(?:年|[-./](?=\d))"
    rf"(?P<m>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})(?:月|[-./](?=\d))"
    rf"(?:(?P<d>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})日?)?"
)


@dataclass(frozen=True, slots=True)
class Front:
    """The lines at the head and at the foot of a document, and the particulars told there.

    ``told`` maps title, number, issuer, issued and published to (value, span in the text).
    """

    head: tuple[Line, ...]
    foot: tuple[Line, ...]
    told: dict[str, tuple[str, Span]]

    @property
    def opening(self) -> tuple[Line, ...]:
        """The lines before the text proper: to the first long paragraph, menus and all."""
        long = (i for i, line in enumerate(self.head) if len(line.search) >= _LONG)
        return self.head[: max(_FEW, next(long, 40))]


def front(text: str) -> Front:
    """Return the head and the foot of ``text``."""
    head = tuple(split_lines(text[:_HEAD]))
    start = max(_HEAD, len(text) - _FOOT)
    foot = tuple(
        Line(Span(line.span.start + start, line.span.end + start), line.search, line.after_blank)
        for line in split_lines(text[start:])
    )
    told: dict[str, tuple[str, Span]] = {}
    for name, value, span in _told(head):
        if value and name not in told:
            told[name] = value, span
    return Front(head, foot, told)


def _told(lines: tuple[Line, ...]) -> Iterator[tuple[str, str, Span]]:
    """Label and value: in cells (发布机构: | 市政府 |), on one line, or the value on the next."""
    for index, line in enumerate(lines[:60]):
        cells = [cell for cell in re.split(r"[:|\s]*\|[:|\s]*|:", line.search) if cell]
        for at, cell in enumerate(cells):
            match = _LABEL.fullmatch(cell)
            if match is None or match.lastgroup is None:
                continue
            if at + 1 < len(cells):
                whole = ":".join(cells[at + 1 :]) if "|" not in line.search else cells[at + 1]
                yield match.lastgroup, whole, line.span
            elif line.search.endswith(":") and index + 1 < len(lines):
                after = lines[index + 1]
                if not after.search.endswith(":") and _LABEL.fullmatch(after.search) is None:
                    yield match.lastgroup, after.search, after.span


def date(search: str) -> str:
    """The first date in ``search`` as 2026-02-07, or 2026-04 without a day; "" without one."""
    match = _DATE.search(search)
    if match is None:
        return ""
    year = "".join(str(max(0, _DIGITS.index(c) - 3)) if c in _DIGITS[1:] else c for c in match["y"])
    parts = [year, *(_number(match[name]) for name in ("m", "d") if match[name])]
    numbers = [int(part) for part in parts]
    sound = 1900 < numbers[0] < 2100 and 1 <= numbers[1] <= 12 and all(n >= 1 for n in numbers)
    return "-".join(part.zfill(2) for part in parts) if sound and max(numbers[1:]) <= 31 else ""


def is_date(search: str) -> bool:
    """Whether a line is a date and nothing else."""
    match = _DATE.fullmatch(search.strip("()"))
    return match is not None and bool(date(search))


def _number(text: str) -> str:
    """一 to 三十一, or digits, as digits."""
    if text.isdigit():
        return str(int(text))
    tens, _, ones = text.rpartition("十") if "十" in text else ("", "", text)
    ten = (_CHINESE.index(tens) if tens else 1) if "十" in text else 0
    return str(10 * ten + (_CHINESE.index(ones) if ones else 0))


_CHINESE = "零一二三四五六七八九"
