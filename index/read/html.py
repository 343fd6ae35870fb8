"""HTML pages: headings, paragraphs and tables in order; what surrounds the text is set aside."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from index.documents import Place, Span
from index.errors import SourceError
from index.read.compose import Composer, Extract, GridCell, Piece
from index.read.html_tree import parse

_HIDDEN = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "svg",
        "iframe",
        "object",
        "select",
        "button",
    }
)
# Not form: many public sites put the whole page into one.
_AROUND = frozenset({"nav", "header", "footer", "aside"})
_BLOCKS = frozenset(
    {
        "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "dl", "dt",
        "div", "fieldset", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "html",
        "form", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "th", "tr", "ul",
    }
    | _AROUND
)  # fmt: skip
_BLANKS = re.compile(r"[ \t\r\n\f\xa0\u200b]+")
_MAX_SPAN = 100
_MAX_CELLS = 200_000
# Beyond, trafilatura's second opinion costs time that grows with the square of their number.
_MANY_BLOCKS = 5000


@dataclass(slots=True)
class _Block:
    """A stretch of the page: its text, heading level, share of linked text, or a table."""

    text: str = ""
    level: int = 0
    linked: int = 0
    around: bool = False
    table: Any = None
    parts: list[str] = field(default_factory=list)


def read(data: bytes, path: Path) -> Extract:
    """Read a web page.

    Raises:
        SourceError: no text in it, or an encoding that it does not keep to.
    """
    page, root, encoding = parse(data, path)
    blocks = list(_blocks(root))
    if not any(block.text or block.table is not None for block in blocks):
        raise SourceError(f"网页“{path}”中没有文字。正文可能由脚本加载，请在浏览器中打开后另存。")
    main = _main(page, blocks)
    composer = Composer()
    shown = [(b, w) for b, w in zip(blocks, main, strict=True) if b.text or b.table is not None]
    for number, (block, wanted) in enumerate(shown, 1):
        _write(composer, block, wanted, Place(Span(0, 0), paragraph=number))
    return composer.extract("html", encoding)


def _blocks(root: Any) -> Iterator[_Block]:  # noqa: ANN401 - lxml has no types
    """Walk the page once, without recursion, and yield what stands on a line of its own."""
    held = _Block()

    def ended() -> _Block:
        nonlocal held
        done, held = held, _Block()
        done.text = _BLANKS.sub(" ", "".join(done.parts)).strip()
        return done

    titled = _titled(root)
    around = level = linked = 0
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        element, leaving = stack.pop()
        name = element.tag if isinstance(element.tag, str) else ""
        heading = int(name[1]) if re.fullmatch(r"h[1-6]", name) else 0
        if leaving:
            if name in _BLOCKS:
                yield ended()
            around -= name in _AROUND and element not in titled
            linked -= name == "a"
            level = 0 if heading else level
        elif name and name not in _HIDDEN and not _is_hidden(element):
            if name in _BLOCKS or name == "br":
                yield ended()
            if name == "table" and _is_data(element):
                yield _Block(around=bool(around), table=element)
            else:
                around += name in _AROUND and element not in titled
                linked += name == "a"
                level = heading or level
                stack.append((element, True))
                stack.extend((child, False) for child in reversed(element))
                _add(held, element.text, level, linked, around)
                continue
        if leaving or not name or name in _HIDDEN or name == "table" or _is_hidden(element):
            _add(held, element.tail, level, linked, around)
    yield ended()


def _add(block: _Block, text: str | None, level: int, linked: int, around: int) -> None:
    if text:
        block.parts.append(text)
        if text.strip():
            block.level = block.level or level
            block.linked += len(text.strip()) if linked else 0
            block.around = block.around or bool(around)


def _is_hidden(element: Any) -> bool:  # noqa: ANN401
    style = (element.get("style") or "").replace(" ", "").lower()
    return element.get("hidden") is not None or "display:none" in style


def _titled(root: Any) -> set[Any]:  # noqa: ANN401
    """The headers that hold a main heading: they are the document's, others are navigation."""
    found: set[Any] = set()
    for title in root.iter("h1"):
        for header in title.iterancestors("header"):
            if header in found:
                break
            found.add(header)
    return found


def _is_data(table: Any) -> bool:  # noqa: ANN401
    """Whether a table holds cells of data rather than the layout of the page."""
    # First, so that tables inside tables are not each searched to their ends.
    if table.find(".//table") is not None:
        return False
    rows = table.findall(".//tr")
    cells = [len(row.findall("td")) + len(row.findall("th")) for row in rows[:50]]
    if len(rows) < 2 or max(cells, default=0) < 2:
        return False
    longest = max((len(cell.text_content()) for cell in table.iter("td", "th")), default=0)
    return longest < 1500


def _main(page: Any, blocks: list[_Block]) -> list[bool]:  # noqa: ANN401
    """Say for each block whether it is the document's own.

    trafilatura finds where the main text begins and ends; in between, only what is marked up as
    navigation, or is hardly more than links, is left out.
    """
    import trafilatura

    found = page is not None and trafilatura.extract(
        page,
        fast=len(blocks) > _MANY_BLOCKS,
        favor_recall=True,
        include_tables=True,
        include_comments=False,
        deduplicate=False,
    )
    kept = _bare(found or "")

    @cache
    def own(begin: str) -> bool:
        return begin in kept

    def is_own(block: _Block) -> bool:
        return bool(block.text) and own(_bare(block.text)[:16])

    def is_inside(i: int) -> bool:
        return not blocks[i].around and (blocks[i].table is not None or is_own(blocks[i]))

    # From both ends, so that little is looked for in what may be long.
    first = next(filter(is_inside, range(len(blocks))), -1)
    if first < 0 or not kept:
        return [not _is_links(block) for block in blocks]
    last = next(filter(is_inside, reversed(range(len(blocks)))))
    # It ends a text early rather than late: prose that follows on is the document's.
    while last + 1 < len(blocks) and _is_prose(blocks[last + 1]):
        last += 1
    while first and blocks[first - 1].level and not blocks[first - 1].around:
        first -= 1
    return [
        (first <= i <= last or block.level == 1)
        and not block.around
        and (not _is_links(block) or is_own(block))
        for i, block in enumerate(blocks)
    ]


def _is_prose(block: _Block) -> bool:
    prose = len(block.text) >= 20 and block.text[-1] in "。；！？" and not block.linked
    return not block.around and (prose or not block.text)


def _is_links(block: _Block) -> bool:
    return block.table is None and (block.around or block.linked > 0.6 * max(1, len(block.text)))


def _bare(text: str) -> str:
    return re.sub(r"[\s#*|\-]+", "", text)


def _write(composer: Composer, block: _Block, wanted: bool, place: Place) -> None:
    if block.table is not None:
        cells = list(_cells(block.table, place))
        if wanted:
            composer.table(cells)
        else:
            composer.furniture([Piece(cell.text + " ") for cell in cells], "网页栏目")
    elif wanted:
        composer.paragraph([Piece(block.text, place)], block.level)
    else:
        composer.furniture([Piece(block.text)], "网页栏目")


def _cells(table: Any, place: Place) -> Iterable[GridCell]:  # noqa: ANN401
    """Place the cells of a table in a grid, by their row and column spans."""
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(table.iter("tr")):
        column = 0
        for cell in line:
            if cell.tag not in {"td", "th"}:
                continue
            while (row, column) in taken:
                column += 1
            high, wide = _span(cell, "rowspan"), _span(cell, "colspan")
            taken |= {(row + r, column + c) for r in range(high) for c in range(wide)}
            if len(taken) > _MAX_CELLS:
                return
            text = _BLANKS.sub(" ", "".join(_visible(cell))).strip()
            yield GridCell((Piece(text, place),), row, column, high, wide)
            column += wide


def _visible(cell: Any) -> Iterator[str]:  # noqa: ANN401
    for element in cell.iter():
        if isinstance(element.tag, str) and element.tag not in _HIDDEN and element.text:
            yield element.text
        if element is not cell and element.tail:
            yield element.tail


def _span(cell: Any, name: str) -> int:  # noqa: ANN401
    given = (cell.get(name) or "1").strip()
    return min(_MAX_SPAN, max(1, int(given))) if given.isdecimal() and len(given) < 6 else 1
