"""Word (.docx): paragraphs and cells with a map back to their runs, and real footnotes.

Only the parts that gain something are written anew (document, footnotes, styles, relations, content
types); every other part of the file is copied as it is. No library at hand writes footnotes, so
the parts are edited as XML.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from qa.drafts.footnotes import Footnotes, q, xml
from qa.drafts.markdown import led
from qa.drafts.nouns import Appendix, Block, Mark

_LARGEST = 200_000_000
_HEADINGS = ("heading", "title", "subtitle", "toc", "标题", "副标题", "目录")
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml"


@dataclass(frozen=True)
class _Paragraph:
    """A paragraph element, its block, and (run, text element, start) of its pieces of text."""

    element: Any
    block: Block
    pieces: tuple[tuple[Any, Any, int], ...]


@dataclass(frozen=True)
class WordDraft:
    """The parts of a Word file by name; ``main`` is the name of the document part."""

    parts: Mapping[str, bytes]
    main: str

    @classmethod
    def load(cls, data: bytes) -> "WordDraft":
        """Read the parts of a Word file.

        Raises:
            ValueError: not a Word file, or damaged; says what in Chinese.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                if sum(info.file_size for info in archive.infolist()) > _LARGEST:
                    raise ValueError("解压后超过 200 MB")
                parts = {info.filename: archive.read(info) for info in archive.infolist()}
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
            raise ValueError("压缩包已损坏或已加密") from error
        if "word/document.xml" not in parts or "[Content_Types].xml" not in parts:
            raise ValueError("缺少 word/document.xml")
        if _STRICT in parts["word/document.xml"][:4000]:
            raise ValueError("是“严格 Open XML”格式，本程序只读普通 .docx")
        made = cls(parts, "word/document.xml")
        if made._root.find(q("w:body")) is None:
            raise ValueError("word/document.xml 里没有正文")
        return made

    @cached_property
    def _root(self) -> Any:  # noqa: ANN401 - lxml has no types
        return xml(self.parts[self.main])

    @cached_property
    def _styles(self) -> dict[str, str]:
        """The name of each style in lower case, by its id."""
        if "word/styles.xml" not in self.parts:
            return {}
        found = {}
        for style in xml(self.parts["word/styles.xml"]).iter(q("w:style")):
            name = style.find(q("w:name"))
            if name is not None:
                found[style.get(q("w:styleId"), "")] = name.get(q("w:val"), "").lower()
        return found

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The paragraphs and cells of the body; text boxes, headers and notes are left alone."""
        return tuple(paragraph.block for paragraph in self._paragraphs)

    @cached_property
    def _paragraphs(self) -> tuple[_Paragraph, ...]:
        return tuple(self._read(self._root.find(q("w:body"))))

    def _read(self, container: Any) -> Iterator[_Paragraph]:  # noqa: ANN401
        for child in container:
            if child.tag == q("w:p"):
                yield self._paragraph(child, "")
            elif child.tag == q("w:tbl"):
                yield from self._table(child)
            elif child.tag in {q("w:sdt"), q("w:sdtContent"), q("w:ins"), q("w:customXml")}:
                yield from self._read(child)

    def _table(self, table: Any) -> Iterator[_Paragraph]:  # noqa: ANN401
        rows = [row.findall(q("w:tc")) for row in table.iter(q("w:tr"))]
        texts = [
            ["".join(_text(p) for p in c.findall(q("w:p"))).strip() for c in row] for row in rows
        ]
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                lead = led(texts[0], texts[at], column) if at else ""
                for paragraph in cell.findall(q("w:p")):
                    made = self._paragraph(paragraph, lead)
                    block = Block(made.block.text, "cell", lead)
                    yield _Paragraph(paragraph, block, made.pieces)

    def _paragraph(self, element: Any, lead: str) -> _Paragraph:  # noqa: ANN401
        pieces, text = [], ""
        for run, node in _texts(element):
            pieces.append((run, node, len(text)))
            text += _written(node)
        style = element.find(f"{q('w:pPr')}/{q('w:pStyle')}")
        name = self._styles.get(style.get(q("w:val"), ""), "") if style is not None else ""
        level = element.find(f"{q('w:pPr')}/{q('w:outlineLvl')}")
        heading = name.startswith(_HEADINGS) or level is not None
        return _Paragraph(
            element, Block(text, "heading" if heading else "text", lead), tuple(pieces)
        )

    def written(self, marks: Sequence[Mark], appendices: Sequence[Appendix]) -> bytes:
        """Return the file with real footnotes and the appendices before the last section mark."""
        fresh = WordDraft(self.parts, self.main)
        notes = Footnotes.of(self.parts)
        numbers = {id(mark): notes.add(mark.text) for mark in marks}
        for mark in reversed(marks):
            _set_in(fresh._paragraphs[mark.block], mark.at, notes.reference(numbers[id(mark)]))
        body = fresh._root.find(q("w:body"))
        for part in appendices:
            if part.lines:
                for element in notes.appendix(part.title, part.lines, self._heading_style()):
                    last = body.find(q("w:sectPr"))
                    body.insert(len(body) if last is None else body.index(last), element)
        from lxml import etree

        parts = {**self.parts, **(notes.parts() if marks else {})}
        parts[self.main] = etree.tostring(
            fresh._root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True
        )
        return _packed(parts)

    def _heading_style(self) -> str:
        return next((i for i, name in self._styles.items() if name in {"heading 1", "标题 1"}), "")


def _packed(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a zip file with a fixed date, so that the same draft gives the same file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


def _texts(paragraph: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401
    """Yield (run, text element) of a paragraph: not what is deleted, nor in text boxes."""
    for child in paragraph:
        if child.tag == q("w:r"):
            for node in child:
                if node.tag in {q("w:t"), q("w:tab"), q("w:br"), q("w:noBreakHyphen")}:
                    yield child, node
        elif child.tag in {
            q("w:hyperlink"), q("w:ins"), q("w:smartTag"), q("w:sdt"), q("w:sdtContent"), q("w:fldSimple"),
        }:  # fmt: skip
            yield from _texts(child)


def _written(node: Any) -> str:  # noqa: ANN401
    if node.tag == q("w:t"):
        return node.text or ""
    return "-" if node.tag == q("w:noBreakHyphen") else " "


def _text(paragraph: Any) -> str:  # noqa: ANN401
    return "".join(_written(node) for _, node in _texts(paragraph))


def _set_in(paragraph: _Paragraph, at: int, reference: Any) -> None:  # noqa: ANN401
    """Put ``reference`` after character ``at`` of the paragraph; its run is cut in two there."""
    run, node, start = next(p for p in reversed(paragraph.pieces) if p[2] < at)
    written = _written(node)
    cut = at - start
    rest = list(node.itersiblings())
    if node.tag == q("w:t") and cut < len(written):
        tail = deepcopy(node)
        node.text, tail.text = written[:cut], written[cut:]
        for one in (node, tail):
            one.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        rest = [tail, *rest]
    if rest:
        second = deepcopy(run)
        for child in list(second):
            if child.tag != q("w:rPr"):
                second.remove(child)
        second.extend(rest)
        run.addnext(second)
    run.addnext(reference)
