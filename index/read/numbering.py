"""The numbers that Word sets before paragraphs by itself: 第一章, （一）, 1. — from its definitions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from index.read.docx_text import W as _W
from index.read.docx_text import is_on

_DIGITS = "零一二三四五六七八九"
_CHINESE = frozenset(
    {
        "chineseCounting", "chineseCountingThousand", "ideographTraditional", "japaneseCounting",
        "taiwaneseCounting", "taiwaneseCountingThousand", "japaneseDigitalTenThousand",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered: its format, its text with %1 …, its first number.

    ``plain``: all numbers in it are digits. ``restarts``: it begins anew below each outer number.
    ``style``: the paragraph style that is numbered so.
    """

    format: str
    text: str
    start: int
    plain: bool
    restarts: bool
    style: str


class Numbering:
    """Counts the numbered paragraphs of a document in order."""

    def __init__(self, definitions: Any | None) -> None:  # noqa: ANN401 - lxml has no types
        """Read ``definitions``, the root of numbering.xml, if there is one."""
        self._lists: dict[str, str] = {}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._anew: dict[str, dict[int, int]] = {}
        if definitions is None:
            return
        for abstract in definitions.iter(f"{_W}abstractNum"):
            self._levels[abstract.get(f"{_W}abstractNumId") or ""] = _levels(abstract)
        self._link(definitions)
        for number in definitions.iter(f"{_W}num"):
            name, abstract_id = (
                number.get(f"{_W}numId") or "",
                _value(number, "abstractNumId") or "",
            )
            own = {
                _number(override.get(f"{_W}ilvl"), 0): override
                for override in number.iter(f"{_W}lvlOverride")
            }
            self._anew[name] = {
                depth: _number(start, 1)
                for depth, override in own.items()
                if (start := _value(override, "startOverride")) is not None
            }
            told = {depth: level for one in own.values() for depth, level in _levels(one).items()}
            if told:
                # A list with levels of its own counts by itself.
                self._levels[f"{abstract_id}/{name}"] = self._levels.get(abstract_id, {}) | told
                abstract_id = f"{abstract_id}/{name}"
            self._lists[name] = abstract_id

    def _link(self, definitions: Any) -> None:  # noqa: ANN401
        """Give lists that refer to a style of lists the levels of that style."""
        styled = {
            link: self._levels[abstract.get(f"{_W}abstractNumId") or ""]
            for abstract in definitions.iter(f"{_W}abstractNum")
            if (link := _value(abstract, "styleLink")) is not None
        }
        for abstract in definitions.iter(f"{_W}abstractNum"):
            link = _value(abstract, "numStyleLink")
            if link in styled:
                self._levels[abstract.get(f"{_W}abstractNumId") or ""] = styled[link]

    def of_style(self, listed: tuple[str, int] | None, style: str) -> tuple[str, int] | None:
        """The list and depth of a paragraph style: the depth is that of the level named after it."""
        if listed is None:
            return None
        levels = self._levels.get(self._lists.get(listed[0], ""), {})
        named = next((depth for depth, level in levels.items() if level.style == style), listed[1])
        return listed[0], named

    def label(self, list_id: str, depth: int) -> str:
        """Return the label of the next paragraph of list ``list_id`` at ``depth``; "" for bullets."""
        abstract = self._lists.get(list_id, "")
        level = self._levels.get(abstract, {}).get(depth)
        if level is None:
            return ""
        counts = self._counts.setdefault(abstract, {})
        begin = self._anew.get(list_id, {}).pop(depth, None)
        if begin is not None:
            counts[depth] = begin - 1
        counts[depth] = counts.get(depth, level.start - 1) + 1
        levels = self._levels[abstract]
        for deeper in [d for d in counts if d > depth and (d not in levels or levels[d].restarts)]:
            del counts[deeper]
        if level.format in {"bullet", "none"}:
            return ""
        text = level.text
        for at, one in levels.items():
            if f"%{at + 1}" in text:
                kind = "decimal" if level.plain else one.format
                text = text.replace(f"%{at + 1}", written(counts.get(at, one.start), kind))
        return text


def _levels(element: Any) -> dict[int, _Level]:  # noqa: ANN401
    """The levels that an abstractNum or an lvlOverride defines, by depth."""
    found = {}
    for level in element.iter(f"{_W}lvl"):
        found[_number(level.get(f"{_W}ilvl"), 0)] = _Level(
            _value(level, "numFmt") or "decimal",
            _value(level, "lvlText") or "",
            _number(_value(level, "start"), 1),
            is_on(level.find(f"{_W}isLgl")),
            _value(level, "lvlRestart") != "0",
            _value(level, "pStyle") or "",
        )
    return found


def written(number: int, kind: str) -> str:
    """Return ``number`` in a format of Word's; digits where the format is not known."""
    if kind in _CHINESE:
        return _chinese(number)
    if kind in {"ideographDigital", "chineseDigital"}:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    writers: dict[str, Callable[[int], str]] = {
        "lowerLetter": lambda n: chr(ord("a") + (n - 1) % 26),
        "upperLetter": lambda n: chr(ord("A") + (n - 1) % 26),
        "lowerRoman": lambda n: _roman(n).lower(),
        "upperRoman": _roman,
        "decimalZero": lambda n: f"{n:02d}",
        "decimalEnclosedCircle": lambda n: chr(0x245F + n) if 1 <= n <= 20 else str(n),
        "decimalEnclosedCircleChinese": lambda n: chr(0x245F + n) if 1 <= n <= 20 else str(n),
    }
    return writers.get(kind, str)(number)


def _chinese(number: int) -> str:
    if not 0 < number < 1000:
        return str(number)
    if number < 20:
        return ("十" if number >= 10 else "") + (_DIGITS[number % 10] if number % 10 else "")
    if number < 100:
        return _DIGITS[number // 10] + "十" + (_DIGITS[number % 10] if number % 10 else "")
    rest = number % 100
    if not rest:
        return _DIGITS[number // 100] + "百"
    tail = "零" + _DIGITS[rest] if rest < 10 else _chinese(rest)
    return _DIGITS[number // 100] + "百" + ("一" + tail if 10 <= rest < 20 else tail)


def _roman(number: int) -> str:
    out = ""
    for value, text in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
        (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        out += text * (number // value)
        number %= value
    return out[:20]


def _value(element: Any, name: str) -> str | None:  # noqa: ANN401
    child = element.find(f"{_W}{name}")
    found = child.get(f"{_W}val") if child is not None else None
    return str(found) if found is not None else None


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else default
