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
from index.read.numbering import Numbering

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_ENDNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/endnotes"
_NUMBERING = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering"
_MAX_TABLES = 5_000
_MAX_COLUMNS = 200
# Deleted text, hidden alternatives, and what is written elsewhere are no part of a paragraph.
_SKIPPED = frozenset(
    {f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent", f"{_MC}Fallback", f"{_W}instrText"}
)


@dataclass
class _Reader:
    """The state of reading one document: what is counted in its order."""

    document: Any
    composer: Composer
    numbering: Numbering
    notes: dict[str, dict[str, str]]
    levels: dict[str, int] = field(default_factory=dict)
    lists: dict[str, tuple[str, int]] = field(default_factory=dict)
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
    reader = _Reader(
        document,
        Composer(),
        Numbering(_related(document, _NUMBERING)),
        {"foot": _notes(document, _FOOTNOTES), "end": _notes(document, _ENDNOTES)},
    )
    _read_styles(reader)
    for block in _blocks(document.element.body):
        _write(reader, block)
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


def _notes(document: Any, kind: str) -> dict[str, str]:  # noqa: ANN401
    root = _related(document, kind)
    if root is None:
        return {}
    found = {}
    for note in root:
        if note.get(f"{_W}type") in {None, "normal"}:
            text = "".join("".join(_texts(p)) for p in note.iter(f"{_W}p"))
            found[note.get(f"{_W}id") or ""] = text.strip()
    return found


def _read_styles(reader: _Reader) -> None:
    """Find each style's heading level and list, its own or that of the style it is based on."""
    styles = {s.get(f"{_W}styleId"): s for s in reader.document.styles.element.iter(f"{_W}style")}
    for name, style in styles.items():
        seen: set[str] = set()
        at: Any = style
        while at is not None and at.get(f"{_W}styleId") not in seen:
            seen.add(at.get(f"{_W}styleId"))
            level = _heading_level(at)
            if level and name not in reader.levels:
                reader.levels[name] = level
            listed = _list_of(at)
            if listed and name not in reader.lists:
                reader.lists[name] = listed
            based = at.find(f"{_W}basedOn")
            at = styles.get(based.get(f"{_W}val")) if based is not None else None


def _heading_level(style: Any) -> int:  # noqa: ANN401
    """1 for the title, 2 for the outermost headings and so on; 0 for what is no heading."""
    outline = style.find(f"{_W}pPr/{_W}outlineLvl")
    if outline is not None and (outline.get(f"{_W}val") or "").isdecimal():
        depth = int(outline.get(f"{_W}val"))
        return depth + 2 if depth < 9 else 0
    name = style.find(f"{_W}name")
    text = (name.get(f"{_W}val") or "").lower() if name is not None else ""
    match = re.fullmatch(r"(?:heading|标题)\s*([1-9])", text)
    return int(match.group(1)) + 1 if match else int(text in {"title", "标题"})


def _list_of(element: Any) -> tuple[str, int] | None:  # noqa: ANN401
    number = element.find(f"{_W}pPr/{_W}numPr/{_W}numId")
    depth = element.find(f"{_W}pPr/{_W}numPr/{_W}ilvl")
    if number is None:
        return None
    value = depth.get(f"{_W}val") if depth is not None else "0"
    return number.get(f"{_W}val") or "", int(value) if value and value.isdecimal() else 0


def _blocks(parent: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the paragraphs and tables of ``parent``, also those in content controls."""
    for child in parent:
        if child.tag in {f"{_W}p", f"{_W}tbl"}:
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"}:
            yield from _blocks(child)


def _write(reader: _Reader, block: Any) -> None:  # noqa: ANN401
    if block.tag == f"{_W}tbl":
        _write_table(reader, block)
        return
    reader.paragraphs += 1
    place = Place(Span(0, 0), paragraph=reader.paragraphs)
    level, text = _paragraph(reader, block)
    for line in text.split("\n"):
        if line.strip():
            reader.composer.paragraph([Piece(line.strip(), place)], level)
            reader.written += 1
    _write_asides(reader, block, place)


def _write_asides(reader: _Reader, block: Any, place: Place) -> None:  # noqa: ANN401
    """Write the text boxes and the notes that hang on ``block`` after it."""
    for frame in block.iter(f"{_W}txbxContent"):
        if any(above.tag == f"{_MC}Fallback" for above in frame.iterancestors()):
            continue
        start = reader.composer.length
        for paragraph in frame.iter(f"{_W}p"):
            level, text = _paragraph(reader, paragraph)
            if text.strip():
                reader.composer.paragraph([Piece(" ".join(text.split("\n")).strip(), place)], level)
                reader.written += 1
        reader.composer.box(start)
    for kind in ("foot", "end"):
        for reference in block.iter(f"{_W}{kind}noteReference"):
            number = reference.get(f"{_W}id") or ""
            text = reader.notes[kind].get(number, "")
            if text:
                order = list(reader.notes[kind]).index(number) + 1
                reader.composer.note([Piece(f"{order} {text}", place)])


def _paragraph(reader: _Reader, element: Any) -> tuple[int, str]:  # noqa: ANN401
    """Return the heading level and the text of a paragraph, its number before it."""
    style = element.find(f"{_W}pPr/{_W}pStyle")
    name = style.get(f"{_W}val") if style is not None else ""
    own = element.find(f"{_W}pPr/{_W}outlineLvl")
    level = _heading_level(element) if own is not None else reader.levels.get(name, 0)
    text = "".join(_texts(element))
    listed = _list_of(element) or reader.lists.get(name)
    if listed and listed[0] != "0" and text.strip():
        number = reader.numbering.label(*listed)
        if number and not text.lstrip().startswith(number):
            text = f"{number}{'' if number[-1] in '、.．)）' else ' '}{text.lstrip()}"
    return (level if len(text) <= 120 else 0), text


def _texts(element: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the characters of a paragraph in order."""
    stack = [element]
    while stack:
        at = stack.pop()
        if at.tag in _SKIPPED:
            continue
        if at.tag == f"{_W}t":
            yield at.text or ""
        elif at.tag == f"{_W}tab" and at.getparent().tag == f"{_W}r":
            yield "\t"
        elif at.tag in {f"{_W}br", f"{_W}cr"}:
            yield "\n"
        elif at.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif at.tag == f"{_W}sym":
            code = at.get(f"{_W}char") or ""
            yield chr(int(code, 16)) if re.fullmatch(r"[0-9A-Fa-f]{2,4}", code) else ""
        stack.extend(reversed(at))


def _write_table(reader: _Reader, table: Any) -> None:  # noqa: ANN401
    reader.tables += 1
    if reader.tables > _MAX_TABLES:
        raise SourceError(f"文件中有超过 {_MAX_TABLES} 个表格，不像正常的文件。请检查来源。")
    rows = list(_descend(table, f"{_W}tr", f"{_W}tbl"))
    cells = [list(_descend(row, f"{_W}tc", f"{_W}tbl")) for row in rows]
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
        column = 0
        for cell in row:
            width = min(_MAX_COLUMNS, _grid_span(cell))
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merge is not None and merge.get(f"{_W}val") != "restart" and column in above:
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
            _write_asides(reader, cell, Place(Span(0, 0), sheet=f"表{reader.tables}", cell="表注"))


def _grid_cell(reader: _Reader, cell: Any, at: tuple[int, int], width: int) -> GridCell:  # noqa: ANN401
    place = Place(Span(0, 0), sheet=f"表{reader.tables}", cell=f"第{at[0] + 1}行第{at[1] + 1}列")
    texts = [_paragraph(reader, p)[1].strip() for p in cell.iter(f"{_W}p")]
    text = " ".join(" ".join(texts).split())
    # A word that Word wrapped by hand in a narrow cell is one word again.
    text = re.sub(r"(?<=[\u3400-\u9fff，、（）]) (?=[\u3400-\u9fff，、（）])", "", text)
    return GridCell((Piece(text, place),), at[0], at[1], 1, width)


def _descend(element: Any, wanted: str, stop: str) -> Iterator[Any]:  # noqa: ANN401
    """Yield the ``wanted`` below ``element`` that no inner ``stop`` holds, in order."""
    stack = list(reversed(element))
    while stack:
        at = stack.pop()
        if at.tag == wanted:
            yield at
        elif at.tag != stop:
            stack.extend(reversed(at))


def _grid_span(cell: Any) -> int:  # noqa: ANN401
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    value = span.get(f"{_W}val") if span is not None else "1"
    return max(1, int(value)) if value and value.isdecimal() and len(value) < 5 else 1


def _write_margins(reader: _Reader) -> None:
    """Write running heads and feet, each once, as what they are."""
    seen: set[str] = set()
    for relation in reader.document.part.rels.values():
        kind = (relation.reltype or "").rsplit("/", 1)[-1]
        if kind not in {"header", "footer"} or relation.is_external:
            continue
        element = getattr(relation.target_part, "element", None)
        for paragraph in element.iter(f"{_W}p") if element is not None else ():
            text = "".join(_texts(paragraph)).strip()
            if text and text not in seen:
                seen.add(text)
                reason = "页眉" if kind == "header" else "页脚"
                reader.composer.furniture([Piece(" ".join(text.split()))], reason)
