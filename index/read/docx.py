"""Word files: paragraphs with the styles, numbers, tables, text boxes and notes that Word shows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from index.documents import Place, Span
from index.errors import SourceError
from index.read.archive import damaged, open_archive
from index.read.compose import Composer, Extract, GridCell, Piece
from index.read.docx_looks import look, looks_of
from index.read.docx_styles import Styles, heading_level, list_of, style_of
from index.read.docx_text import MC, W, ends_deleted, frames, notes, texts
from index.read.looks import Looks
from index.read.numbering import Numbering

_FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_ENDNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/endnotes"
_NUMBERING = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering"
_MAX_TABLES = 5_000
_INNER = frozenset({f"{W}tbl", f"{W}txbxContent", f"{W}del", f"{W}moveFrom"})
_ELSEWHERE = _INNER | {f"{MC}Fallback"}
_MAX_COLUMNS = 200


@dataclass
class _Reader:
    """The state of reading one document: what is counted in its order."""

    document: Any
    composer: Composer
    numbering: Numbering
    notes: dict[str, dict[str, str]]
    styles: Styles
    looks: Looks | None = None
    noted: dict[str, int] = field(default_factory=dict)
    held: str = ""
    paragraphs: int = 0
    tables: int = 0
    written: int = 0


def read(data: bytes, path: Path) -> Extract:
    """Read a .docx file.

    Raises:
        SourceError: damaged, unsafe, no Word document, or nothing in it to read.
    """
    open_archive(data, path).close()
    document = _open(data, path)
    numbering = Numbering(_related(document, _NUMBERING))
    reader = _Reader(
        document,
        Composer(),
        numbering,
        {
            "foot": notes(_related(document, _FOOTNOTES)),
            "end": notes(_related(document, _ENDNOTES)),
        },
        Styles(document.styles.element, numbering),
    )
    blocks = list(_blocks(document.element.body))
    reader.looks = looks_of((b for b in blocks if b.tag == f"{W}p"), reader.styles)
    for block in blocks:
        _write(reader, block)
    _write_held(reader)
    if not reader.written:
        raise SourceError(f"文件“{path}”中没有文字。若内容是图片，请换一份有文字的文件。")
    _write_margins(reader)
    return reader.composer.extract("docx", "docx")


def _open(data: bytes, path: Path) -> Any:  # noqa: ANN401 - python-docx is loaded late
    import io
    from zipfile import BadZipFile

    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        document = docx.Document(io.BytesIO(data))
        if document.element.body is None:
            raise ValueError("没有正文")
        _ = document.styles.element
    except (
        OpcError,
        LxmlError,
        BadZipFile,
        LookupError,
        ValueError,
        AttributeError,
        TypeError,
    ) as error:
        # python-docx meets parts that refer to nothing, or to the wrong part, with any of these.
        raise damaged(path, error) from error
    return document


def _related(document: Any, kind: str) -> Any | None:  # noqa: ANN401
    """The root of the first part of ``kind`` that the document refers to."""
    from docx.oxml import parse_xml

    for relation in document.part.rels.values():
        if relation.reltype == kind and not relation.is_external:
            part = relation.target_part
            return part.element if hasattr(part, "element") else parse_xml(part.blob)
    return None


def _blocks(parent: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the paragraphs and tables of ``parent``, also those in content controls."""
    for child in parent:
        if child.tag in {f"{W}p", f"{W}tbl"}:
            yield child
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"}:
            yield from _blocks(child)


def _write(reader: _Reader, block: Any, frame: Place | None = None) -> None:  # noqa: ANN401
    """Write a paragraph or a table; ``frame`` is the place of the text box that holds it."""
    if block.tag == f"{W}tbl":
        _write_held(reader)
        _write_table(reader, block)
        return
    reader.paragraphs += frame is None
    place = frame or Place(Span(0, 0), paragraph=reader.paragraphs)
    if ends_deleted(block):
        # What is left of it begins the next paragraph.
        reader.held += "".join(texts(block))
        _write_asides(reader, block, place)
        return
    level, text = _paragraph(reader, block)
    # A heading that was broken by hand is one heading.
    for line in [" ".join(text.split("\n"))] if level else text.split("\n"):
        if not line.strip():
            continue
        piece = Piece(line.strip(), place)
        if style_of(block) in reader.styles.contents:
            reader.composer.furniture([piece], "目录")
        else:
            reader.composer.paragraph([piece], level)
            reader.written += 1
    _write_asides(reader, block, place)


def _write_held(reader: _Reader) -> None:
    """Write the rest of a paragraph whose end was deleted, where no other follows it."""
    text, reader.held = reader.held.strip(), ""
    if text:
        place = Place(Span(0, 0), paragraph=max(1, reader.paragraphs))
        reader.composer.paragraph([Piece(" ".join(text.split("\n")), place)])
        reader.written += 1


def _write_asides(reader: _Reader, block: Any, place: Place) -> None:  # noqa: ANN401
    """Write the text boxes and the notes that hang on ``block`` after it."""
    for frame in frames(block):
        start = reader.composer.length
        for inner in _blocks(frame):
            _write(reader, inner, place)
        reader.composer.box(start)
    for kind in ("foot", "end"):
        for reference in _descend(block, f"{W}{kind}noteReference", _ELSEWHERE):
            text = reader.notes[kind].get(reference.get(f"{W}id") or "", "")
            if text:
                # Word counts them as they come in the text.
                order = reader.noted[kind] = reader.noted.get(kind, 0) + 1
                reader.composer.note([Piece(f"{order} {text}", place)])


def _paragraph(reader: _Reader, element: Any) -> tuple[int, str]:  # noqa: ANN401
    """Return the heading level and the text of a paragraph, its number before it."""
    name = style_of(element)
    own = element.find(f"{W}pPr/{W}outlineLvl")
    level = heading_level(element) if own is not None else reader.styles.levels.get(name, 0)
    text, reader.held = reader.held + "".join(texts(element)), ""
    listed = list_of(element) or reader.styles.lists.get(name)
    if listed and listed[0] != "0" and text.strip():
        number = reader.numbering.label(*listed)
        if number and not _is_written(number, text.lstrip()):
            text = f"{number}{'' if number[-1] in '、.．)）' else ' '}{text.lstrip()}"
    if not level and reader.looks is not None:
        size, bold, _ = look(element, reader.styles)
        level = reader.looks.level(text.strip(), size, bold=bold)
    return (level if len(text) <= 120 else 0), text


def _is_written(number: str, text: str) -> bool:
    """Whether an author wrote the number too: 一、 does, 1. before 1.5万亩 does not."""
    return text.startswith(number) and not text[len(number) : len(number) + 1].isdigit()


def _write_table(reader: _Reader, table: Any) -> None:  # noqa: ANN401
    reader.tables += 1
    order = reader.tables
    if reader.tables > _MAX_TABLES:
        raise SourceError(f"文件中有超过 {_MAX_TABLES} 个表格，不像正常的文件。请检查来源。")
    rows = [row for row in _descend(table, f"{W}tr", _INNER) if row.find(f"{W}trPr/{W}del") is None]
    cells = [list(_descend(row, f"{W}tc", _INNER)) for row in rows]
    if max((len(row) for row in cells), default=0) == 1:
        start = reader.composer.length
        for row in cells:
            for block in _blocks(row[0]) if row else ():
                _write(reader, block)
        reader.composer.box(start)
        return
    grid: list[GridCell] = []
    above: dict[int, int] = {}
    for number, row in enumerate(cells):
        column = _before(rows[number])
        for cell in row:
            width = min(_MAX_COLUMNS, _grid_span(cell))
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is not None and merge.get(f"{W}val") != "restart" and column in above:
                at = above[column]
                grid[at] = replace(grid[at], height=number - grid[at].row + 1)
            else:
                grid.append(_grid_cell(reader, cell, (number, column), width))
                above[column] = len(grid) - 1
            column += width
    kept = {cell.row for cell in grid if cell.text}
    reader.composer.table([cell for cell in grid if cell.row in kept])
    reader.written += len(kept)
    for row in cells:
        for cell in row:
            _write_asides(reader, cell, Place(Span(0, 0), sheet=f"表{order}", cell="表注"))
            for inner in _descend(cell, f"{W}tbl", _INNER):
                _write_table(reader, inner)


def _grid_cell(reader: _Reader, cell: Any, at: tuple[int, int], width: int) -> GridCell:  # noqa: ANN401
    place = Place(Span(0, 0), sheet=f"表{reader.tables}", cell=f"第{at[0] + 1}行第{at[1] + 1}列")
    found = [_paragraph(reader, p)[1].strip() for p in _descend(cell, f"{W}p", _ELSEWHERE)]
    text = " ".join(" ".join(found).split())
    # A word that Word wrapped by hand in a narrow cell is one word again.
    text = re.sub(r"(?<=[\u3400-\u9fff，、（）]) (?=[\u3400-\u9fff，、（）])", "", text)
    return GridCell((Piece(text, place),), at[0], at[1], 1, width)


def _before(row: Any) -> int:  # noqa: ANN401
    """How many columns a row leaves out at its beginning."""
    skipped = row.find(f"{W}trPr/{W}gridBefore")
    value = skipped.get(f"{W}val") if skipped is not None else "0"
    return min(_MAX_COLUMNS, int(value)) if value and value.isdecimal() and len(value) < 5 else 0


def _descend(element: Any, wanted: str, stop: frozenset[str]) -> Iterator[Any]:  # noqa: ANN401
    """Yield the ``wanted`` below ``element`` that none of ``stop`` holds, in order."""
    stack = list(reversed(element))
    while stack:
        at = stack.pop()
        if at.tag == wanted:
            yield at
        elif at.tag not in stop:
            stack.extend(reversed(at))


def _grid_span(cell: Any) -> int:  # noqa: ANN401
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    value = span.get(f"{W}val") if span is not None else "1"
    return max(1, int(value)) if value and value.isdecimal() and len(value) < 5 else 1


def _write_margins(reader: _Reader) -> None:
    """Write running heads and feet, each once, as what they are."""
    seen: set[str] = set()
    for relation in reader.document.part.rels.values():
        kind = (relation.reltype or "").rsplit("/", 1)[-1]
        if kind not in {"header", "footer"} or relation.is_external:
            continue
        element = getattr(relation.target_part, "element", None)
        for paragraph in element.iter(f"{W}p") if element is not None else ():
            text = "".join(texts(paragraph)).strip()
            if text and text not in seen:
                seen.add(text)
                reason = "页眉" if kind == "header" else "页脚"
                reader.composer.furniture([Piece(" ".join(text.split()))], reason)
