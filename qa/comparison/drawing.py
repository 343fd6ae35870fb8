"""A chart as SVG: for a page, which styles it, or as a picture that stands alone. Pure.

Targets are filled circles and baselines open diamonds, in two of Okabe and Ito's colours, so that
neither shape nor colour alone tells them apart. An arrow says that a value is a bound and to
which side it is open, a band that it is about that much, a bar that it is a range.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from qa.comparison.board import Board
from qa.comparison.chart import Axis, Line, Panel, panels
from qa.words import CHINESE, Words

# Widths in pixels: for a page alone, for one beside its source, and for a phone.
WIDE, MIDDLE, NARROW = 760, 540, 318
_LINE, _HEAD, _FOOT, _GAP = 24, 34, 30, 18
# Room around a picture that stands alone; between the plot and what stands on either side of it.
_MARGIN, _SIDE = 16, 12
# Where the mark and the words of a legend's item stand: an arrow and a band need room.
_POINTS = {">=": (8.0, 36.0), "<=": (24.0, 38.0), "≈": (14.0, 36.0)}
# Signs as wide as a Chinese one, and nearly so.
_BROAD = {"—": 1.0, "…": 1.0, "“": 1.0, "”": 1.0, "‰": 1.2, "%": 0.92, "·": 0.6}
_FONTS = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, sans-serif"
_STYLE = (
    "text{{font-family:{fonts};font-size:13px;fill:#1e293b}}"
    ".gw-c-title{{font-size:14px;font-weight:600}}"
    ".gw-c-soft{{fill:#64748b;font-size:12px}}"
    ".gw-c-grid{{stroke:#e2e8f0;stroke-width:1}}.gw-c-join{{stroke:#94a3b8;stroke-width:1.5}}"
    ".gw-c-target{{fill:#0072B2;stroke:#0072B2}}.gw-c-baseline{{fill:#ffffff;stroke:#D55E00}}"
    ".gw-c-band-target{{fill:#0072B2;fill-opacity:.25}}"
    ".gw-c-band-baseline{{fill:#D55E00;fill-opacity:.25}}"
    ".gw-c-line-target{{stroke:#0072B2}}.gw-c-line-baseline{{stroke:#D55E00}}"
    ".gw-c-warn{{fill:#b45309}}"
)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the columns of a panel begin: heads, labels, plot, values."""

    width: int
    label: float
    plot: float
    values: float

    def x(self, axis: Axis, value: float) -> float:
        """Where ``value`` is drawn."""
        return self.plot + _SIDE + axis.at(value) * (self.end - self.plot - 2 * _SIDE)

    @property
    def end(self) -> float:
        """Where the plot ends; an arrow and a warning have room beyond it."""
        return self.values - 26


def svg(board: Board, width: int = WIDE, say: Words = CHINESE, alone: bool = False) -> str:
    """Return the chart, "" when there is nothing to draw.

    Args:
        board: what is drawn.
        width: in pixels.
        say: the language of titles and legend.
        alone: with its own styles and background, to be saved as a picture.
    """
    drawn = panels(board, say)
    if not drawn:
        return ""
    parts = [_legend(drawn, width, say)]
    top = 30.0 * (1 + parts[0].count("<!--row-->"))
    for panel in drawn:
        parts.append(_panel(panel, _layout(panel, width), top, say))
        top += _HEAD + _LINE * len(panel.lines) + _FOOT + _GAP + 18 * bool(_note(panel, say))
    height = round(top)
    title = escape(say("图：{names}", names=say("、").join(panel.title for panel in drawn)))
    style = f"<style>{_STYLE.format(fonts=_FONTS)}</style>" if alone else ""
    edge = _MARGIN if alone else 0
    size = f'width="{width + 2 * edge}" height="{height + 2 * edge}"'
    ground = f'<rect x="{-edge}" y="{-edge}" {size} fill="#ffffff"/>' if alone else ""
    view = f"{-edge} {-edge} {width + 2 * edge} {height + 2 * edge}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} viewBox="{view}">'
        f"<title>{title}</title>{style}{ground}{''.join(parts)}</svg>"
    )


def _layout(panel: Panel, width: int) -> _Layout:
    narrow = width < 500
    group = max(text_width(line.group) for line in panel.lines)
    label = max(text_width(line.label, 12) for line in panel.lines)
    value = max(text_width(line.value) for line in panel.lines)
    group = min(group, 64 if narrow else 150)
    label = min(label, 66 if narrow else 130)
    value = min(value, 92 if narrow else 180)
    plot = group + 8 + (label + 14 if label else 4)
    return _Layout(width, group + 8, plot, width - value - 2)


def _panel(panel: Panel, at: _Layout, top: float, say: Words) -> str:
    parts = [_text(0, top + 16, _cut(panel.title, at.width, 14), "gw-c-title")]
    first, bottom = top + _HEAD, top + _HEAD + _LINE * len(panel.lines)
    parts += [_ticks(panel.axis, at, first, bottom)]
    for number, line in enumerate(panel.lines):
        y = first + _LINE * (number + 0.5)
        after = panel.lines[number + 1] if number + 1 < len(panel.lines) else None
        dated = after and line.dated and after.dated
        if after and dated and not after.group and after.kind != line.kind:
            parts.append(_join(line, after, panel.axis, at, y))
    for number, line in enumerate(panel.lines):
        parts.append(_line(line, panel.axis, at, first + _LINE * (number + 0.5), say))
    if note := _note(panel, say):
        parts.append(_text(0, bottom + _FOOT + 10, note, "gw-c-soft"))
    return f"<g>{''.join(parts)}</g>"


def _note(panel: Panel, say: Words) -> str:
    notes = [say("横轴为对数刻度")] if panel.axis.logarithmic else []
    if panel.left_out:
        notes.append(say("另有 {count} 个数值未画出，见表", count=panel.left_out))
    return say("；").join(notes)


def _ticks(axis: Axis, at: _Layout, first: float, bottom: float) -> str:
    room = (at.end - at.plot - 2 * _SIDE) / max(text_width(f"{axis.ticks[-1]:,g}", 12) + 14, 1)
    every = max(1, -(-len(axis.ticks) // max(int(room), 1)))
    parts = []
    for number, tick in enumerate(axis.ticks):
        x = at.x(axis, tick)
        parts.append(_stroke(x, first, x, bottom, "gw-c-grid"))
        if number % every == 0:
            words = _figure(tick)
            parts.append(_text(x, bottom + 16, words, "gw-c-soft", "middle"))
    return "".join(parts)


def _figure(value: float) -> str:
    return f"{value:,.10g}"


def _line(line: Line, axis: Axis, at: _Layout, y: float, say: Words) -> str:
    x, end = at.x(axis, line.low), at.x(axis, line.high)
    value = _cut(line.value, at.width - at.values, 13)
    parts = [
        _text(0, y + 4.5, _cut(line.group, at.label - 6, 13)) if line.group else "",
        _text(at.label, y + 4, _cut(line.label, at.plot - at.label - 10, 12), "gw-c-soft"),
        _stroke(at.plot, y, at.end, y, "gw-c-grid"),
        _mark(line, x, end, y),
        _text(at.values, y + 4.5, value),
        _warning(at.values - 9, y) if line.disputed else "",
    ]
    told = (
        f"{line.group} {line.label} {say('目标' if line.kind == 'target' else '现状')} {line.value}"
    )
    return f"<g><title>{escape(told.strip())}</title>{''.join(parts)}</g>"


def _mark(line: Line, x: float, end: float, y: float) -> str:
    parts = []
    if line.bound == "≈":
        parts.append(
            f'<rect class="gw-c-band-{line.kind}" x="{x - 13:.1f}" y="{y - 6:.1f}" '
            f'width="{end - x + 26:.1f}" height="12" rx="6"/>'
        )
    if end > x:
        parts.append(_stroke(x, y, end, y, f"gw-c-line-{line.kind}", 5))
    if line.bound in {">=", "<="}:
        side = 1 if line.bound == ">=" else -1
        start = end if side > 0 else x
        tip = start + side * 20
        parts.append(_stroke(start, y, tip - side, y, f"gw-c-line-{line.kind}", 2))
        head = (
            f"M{tip - side * 6:.1f} {y - 4:.1f}L{tip:.1f} {y:.1f}L{tip - side * 6:.1f} {y + 4:.1f}"
        )
        parts.append(
            f'<path class="gw-c-line-{line.kind}" d="{head}" fill="none" stroke-width="2"/>'
        )
    for point in dict.fromkeys((x, end)):
        parts.append(_point(line.kind, point, y))
    return "".join(parts)


def _point(kind: str, x: float, y: float) -> str:
    if kind == "target":
        return f'<circle class="gw-c-target" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
    corners = f"M{x:.1f} {y - 6:.1f}L{x + 6:.1f} {y:.1f}L{x:.1f} {y + 6:.1f}L{x - 6:.1f} {y:.1f}Z"
    return f'<path class="gw-c-baseline" d="{corners}" stroke-width="2"/>'


def _join(line: Line, after: Line, axis: Axis, at: _Layout, y: float) -> str:
    """The way between a target and a baseline of one row."""
    x, other = at.x(axis, line.low), at.x(axis, after.low)
    return _stroke(x, y, other, y + _LINE, "gw-c-join")


def _warning(x: float, y: float) -> str:
    corners = f"M{x:.1f} {y - 6:.1f}L{x + 6:.1f} {y + 5:.1f}L{x - 6:.1f} {y + 5:.1f}Z"
    return f'<path class="gw-c-warn" d="{corners}"/>'


def _legend(drawn: Sequence[Panel], width: int, say: Words) -> str:
    """What the marks mean, only those that occur; wrapped into rows."""
    lines = [line for panel in drawn for line in panel.lines]
    kinds = {line.kind for line in lines}
    bounds = {line.bound for line in lines}
    plain = next(iter(sorted(kinds, reverse=True)))
    items: list[tuple[str, Line]] = []
    for kind, words in (("target", say("目标")), ("baseline", say("现状"))):
        if kind in kinds:
            items.append((words, _sample(kind)))
    for bound, words in ((">=", say("不低于")), ("<=", say("不高于")), ("≈", say("约"))):
        if bound in bounds:
            items.append((words, _sample(plain, bound)))
    if any(line.disputed for line in lines):
        items.append((say("有不同数值"), _sample("warn")))
    parts, x, y = [], 0.0, 14.0
    for words, sample in items:
        point, room = _POINTS.get(sample.bound, (8.0, 22.0))
        size = room + text_width(words, 12) + 18
        if x and x + size > width:
            x, y = 0.0, y + 30.0
            parts.append("<!--row-->")
        warns = sample.kind == "warn"
        parts.append(_warning(x + point, y) if warns else _mark(sample, x + point, x + point, y))
        parts.append(_text(x + room, y + 4, words, "gw-c-soft"))
        x += size
    return f"<g>{''.join(parts)}</g>"


def _sample(kind: str, bound: str = "=") -> Line:
    return Line("", "", 0.0, 0.0, bound, kind, "", False)


def text_width(text: str, size: float = 13) -> float:
    """About how wide ``text`` is drawn: a Chinese character is a square."""
    return size * sum(_BROAD.get(sign, 1.0 if ord(sign) > 0x2E7F else 0.58) for sign in text)


def _cut(text: str, room: float, size: float) -> str:
    """As much of ``text`` as has room, with dots for the rest."""
    if not text or text_width(text, size) <= room + 1:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "") -> str:
    attributes = (f' class="{kind}"' if kind else "") + (
        f' text-anchor="{anchor}"' if anchor else ""
    )
    return f'<text x="{x:.1f}" y="{y:.1f}"{attributes}>{escape(text)}</text>'


def _stroke(x1: float, y1: float, x2: float, y2: float, kind: str, width: float = 0) -> str:  # noqa: PLR0913, PLR0917
    wide = f' stroke-width="{width:g}"' if width else ""
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"{wide}/>'
