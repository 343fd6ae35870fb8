"""Layouts as JSON rows, and what they say of a span: its page, box, paragraph or cell."""

from collections.abc import Iterator, Sequence
from typing import Any

from index.documents import Cell, Document, Furniture, Hint, Layout, Place, Span, Table


def to_row(layout: Layout | None) -> dict[str, Any] | None:
    """Return ``layout`` as JSON, without the names of fields that come back thousands of times."""
    if layout is None:
        return None
    return {
        "format": layout.format,
        "title": layout.title,
        "places": [
            [*_pair(p.span), p.page, p.box, p.paragraph, p.sheet, p.cell] for p in layout.places
        ],
        "headings": [[*_pair(h.span), h.level] for h in layout.headings],
        "tables": [
            [
                *_pair(t.span),
                t.header,
                [_pair(row) for row in t.rows],
                [[*_pair(c.span), c.row, c.column, c.height, c.width] for c in t.cells],
            ]
            for t in layout.tables
        ],
        "furniture": [[*_pair(f.span), f.reason] for f in layout.furniture],
    }


def from_row(row: dict[str, Any] | None) -> Layout | None:
    """Return the layout that :func:`to_row` wrote."""
    if row is None:
        return None
    return Layout(
        row["format"],
        row["title"],
        tuple(
            Place(Span(a, b), page, tuple(box) if box else None, paragraph, sheet, cell)
            for a, b, page, box, paragraph, sheet, cell in row["places"]
        ),
        tuple(Hint(Span(a, b), level) for a, b, level in row["headings"]),
        tuple(
            Table(
                Span(a, b),
                header,
                tuple(Span(c, d) for c, d in rows),
                tuple(Cell(Span(c, d), *rest) for c, d, *rest in cells),
            )
            for a, b, header, rows, cells in row["tables"]
        ),
        tuple(Furniture(Span(a, b), reason) for a, b, reason in row["furniture"]),
    )


def places(document: Document, span: Span) -> tuple[Place, ...]:
    """Return where ``span`` stands in the original: one place for each line, paragraph or cell."""
    if document.layout is None:
        return ()
    return tuple(place for place in document.layout.places if place.span.overlaps(span))


def place_name(document: Document, span: Span) -> str:
    """Return where ``span`` stands, in words: 第12页, 第34段, 指标!C5:D5; "" for plain text."""
    found = places(document, span)
    cells = list(_cell_names(found))
    numbers = sorted({p.paragraph for p in found if p.paragraph})
    pages = sorted({p.page for p in found if p.page})
    names = [*_range(pages, "页"), *_range(numbers, "段"), *cells]
    return "、".join(names)


def page_boxes(
    document: Document, span: Span
) -> tuple[tuple[int, tuple[float, float, float, float]], ...]:
    """Return (page, box) for each page that ``span`` stands on: the box around its lines there.

    Boxes are (left, top, right, bottom) in points from the upper left corner of the page as shown.
    """
    boxes: dict[int, tuple[float, float, float, float]] = {}
    for place in places(document, span):
        if place.page and place.box is not None:
            left, top, right, bottom = boxes.get(place.page, place.box)
            a, b, c, d = place.box
            boxes[place.page] = (min(left, a), min(top, b), max(right, c), max(bottom, d))
    return tuple(sorted(boxes.items()))


def _range(numbers: Sequence[int], unit: str) -> Iterator[str]:
    if numbers:
        first, last = numbers[0], numbers[-1]
        yield f"第{first}{unit}" if first == last else f"第{first}–{last}{unit}"


def _cell_names(found: Sequence[Place]) -> Iterator[str]:
    """The cells of each sheet, first and last."""
    sheets: dict[str, list[str]] = {}
    for place in found:
        if place.cell:
            sheets.setdefault(place.sheet, []).append(place.cell)
    for sheet, cells in sheets.items():
        area = cells[0] if len(cells) == 1 else f"{cells[0]}:{cells[-1]}"
        if cells[0].startswith("第"):
            yield f"{sheet}{cells[0]}" + (f"至{cells[-1]}" if len(cells) > 1 else "")
        else:
            yield f"{sheet}!{area}" if sheet else area


def _pair(span: Span) -> tuple[int, int]:
    return span.start, span.end
