"""The styles of a Word file: which are headings, which are numbered, which make the contents."""

import re
from typing import Any

from index.read.docx_text import W, is_on
from index.read.numbering import Numbering

_SIZE = 10.0  # points, where no style says
_CONTENTS = re.compile(r"(?:toc|目录|contents)\s*(?:[1-9]|heading)")


class Styles:
    """By the id of a style: its heading level, its list and depth; and those of contents lists."""

    def __init__(self, root: Any, numbering: Numbering) -> None:  # noqa: ANN401 - lxml has no types
        """Take what each style in ``root``, that of styles.xml, says or is based on."""
        self.levels: dict[str, int] = {}
        self.lists: dict[str, tuple[str, int]] = {}
        self.contents: set[str] = set()
        self.sizes: dict[str, float] = {}
        self.bold: set[str] = set()
        self.usual = ""
        default = root.find(f"{W}docDefaults/{W}rPrDefault")
        self.size = (size_of(default) if default is not None else None) or _SIZE
        styles = {style.get(f"{W}styleId"): style for style in root.iter(f"{W}style")}
        for name, style in styles.items():
            if style.get(f"{W}default") in {"1", "true"} and style.get(f"{W}type") == "paragraph":
                self.usual = name
            seen: set[str] = set()
            at: Any = style
            while at is not None and at.get(f"{W}styleId") not in seen:
                own = at.get(f"{W}styleId") or ""
                seen.add(own)
                self._take(name, at, numbering.of_style(list_of(at), own))
                based = at.find(f"{W}basedOn")
                at = styles.get(based.get(f"{W}val")) if based is not None else None

    def _take(self, name: str, style: Any, listed: tuple[str, int] | None) -> None:  # noqa: ANN401
        if _CONTENTS.fullmatch(_style_name(style)):
            self.contents.add(name)
        level = heading_level(style)
        if level:
            self.levels.setdefault(name, level)
        if listed:
            self.lists.setdefault(name, listed)
        size = size_of(style)
        if size:
            self.sizes.setdefault(name, size)
        if is_on(style.find(f"{W}rPr/{W}b")):
            self.bold.add(name)


def size_of(element: Any) -> float | None:  # noqa: ANN401
    """The font size that a run or a style sets, in points."""
    size = element.find(f"{W}rPr/{W}sz")
    value = (size.get(f"{W}val") or "") if size is not None else ""
    return int(value) / 2 if value.isdecimal() and len(value) < 5 else None


def heading_level(style: Any) -> int:  # noqa: ANN401
    """1 for the title, 2 for the outermost headings and so on; 0 for what is no heading."""
    outline = style.find(f"{W}pPr/{W}outlineLvl")
    if outline is not None and (outline.get(f"{W}val") or "").isdecimal():
        depth = int(outline.get(f"{W}val"))
        return depth + 2 if depth < 9 else 0
    text = _style_name(style)
    match = re.fullmatch(r"(?:heading|标题)\s*([1-9])", text)
    return int(match.group(1)) + 1 if match else int(text in {"title", "标题"})


def _style_name(style: Any) -> str:  # noqa: ANN401
    name = style.find(f"{W}name")
    return (name.get(f"{W}val") or "").lower() if name is not None else ""


def list_of(element: Any) -> tuple[str, int] | None:  # noqa: ANN401
    """The list, and the depth in it, that a paragraph or a style says it belongs to."""
    number = element.find(f"{W}pPr/{W}numPr/{W}numId")
    depth = element.find(f"{W}pPr/{W}numPr/{W}ilvl")
    if number is None:
        return None
    value = depth.get(f"{W}val") if depth is not None else "0"
    return number.get(f"{W}val") or "", int(value) if value and value.isdecimal() else 0


def style_of(paragraph: Any) -> str:  # noqa: ANN401
    """The id of a paragraph's style; "" for the usual one."""
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return str(style.get(f"{W}val") or "") if style is not None else ""
