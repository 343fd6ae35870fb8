"""The footnotes part of a Word file, and the styles, relation and content type that it needs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PART = "word/footnotes.xml"
_RELATIONS = "word/_rels/document.xml.rels"
_TYPES = "[Content_Types].xml"
_STYLES = "word/styles.xml"
_CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_EMPTY = (
    f'<w:footnotes xmlns:w="{_W}">'
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r>'
    "</w:p></w:footnote></w:footnotes>"
)
_NOTE_STYLE = (
    f'<w:style xmlns:w="{_W}" w:type="paragraph" w:styleId="GuiwenFootnoteText"><w:name w:val="footnote text"/>'
    '<w:pPr><w:snapToGrid w:val="0"/><w:jc w:val="left"/></w:pPr><w:rPr><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr></w:style>'
)
_MARK_STYLE = (
    f'<w:style xmlns:w="{_W}" w:type="character" w:styleId="GuiwenFootnoteReference">'
    '<w:name w:val="footnote reference"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
)


def q(name: str) -> str:
    """Return the qualified name of ``w:name``."""
    return f"{{{_W}}}{name.removeprefix('w:')}"


def xml(data: bytes) -> Any:  # noqa: ANN401 - lxml has no types
    """Parse a part; entities and the network are left alone.

    Raises:
        ValueError: not well-formed.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"XML 有误（{error}）") from error


@dataclass
class Footnotes:
    """The footnotes of one file as they grow; ``note`` and ``mark`` are the ids of their styles."""

    given: Mapping[str, bytes]
    root: Any
    styles: Any
    note: str
    mark: str

    @classmethod
    def of(cls, parts: Mapping[str, bytes]) -> "Footnotes":
        """Start from the notes and styles that the file has, or from none."""
        root = xml(parts.get(_PART) or _EMPTY.encode())
        styles = xml(parts.get(_STYLES) or f'<w:styles xmlns:w="{_W}"/>'.encode())
        ids = []
        for name, made in (("footnote text", _NOTE_STYLE), ("footnote reference", _MARK_STYLE)):
            known = {
                style.find(q("name")).get(q("val"), "").lower(): style.get(q("styleId"))
                for style in styles.iter(q("style"))
                if style.find(q("name")) is not None
            }
            if name not in known:
                styles.append(xml(made.encode()))
                known[name] = styles[-1].get(q("styleId"))
            ids.append(known[name])
        return cls(parts, root, styles, ids[0], ids[1])

    def add(self, text: str) -> int:
        """Append a footnote and return its number."""
        used = [int(note.get(q("id"), "0")) for note in self.root.iter(q("footnote"))]
        number = max(0, *used) + 1
        note = _element("footnote", id=str(number))
        paragraph = _element("p")
        properties = _element("pPr")
        properties.append(_element("pStyle", val=self.note))
        paragraph.append(properties)
        mark = self._marked()
        mark.append(_element("footnoteRef"))
        paragraph.append(mark)
        paragraph.append(_run(" " + text))
        note.append(paragraph)
        self.root.append(note)
        return number

    def reference(self, number: int) -> Any:  # noqa: ANN401
        """Return the run that refers to footnote ``number``."""
        run = self._marked()
        run.append(_element("footnoteReference", id=str(number)))
        return run

    def _marked(self) -> Any:  # noqa: ANN401
        run, properties = _element("r"), _element("rPr")
        properties.append(_element("rStyle", val=self.mark))
        run.append(properties)
        return run

    def appendix(self, title: str, lines: Sequence[str], style: str) -> Iterator[Any]:
        """Yield the paragraphs of an appendix; the title in bold where there is no heading style."""
        head = _element("p")
        if style:
            properties = _element("pPr")
            properties.append(_element("pStyle", val=style))
            head.append(properties)
        head.append(_run(title, bold=not style))
        yield head
        for line in lines:
            paragraph = _element("p")
            paragraph.append(_run(line))
            yield paragraph

    def parts(self) -> dict[str, bytes]:
        """The parts that change with the footnotes."""
        from lxml import etree

        changed = {_PART: self.root, _STYLES: self.styles}
        types = xml(self.given[_TYPES])
        relations = xml(
            self.given.get(_RELATIONS)
            or f'<Relationships xmlns="{_PACKAGE}/relationships"/>'.encode()
        )
        for part, kind, content in (
            (_PART, "footnotes", _CONTENT),
            (_STYLES, "styles", _CONTENT.replace("footnotes", "styles")),
        ):
            if part in self.given:
                continue
            etree.SubElement(
                types,
                f"{{{_PACKAGE}/content-types}}Override",
                PartName=f"/{part}",
                ContentType=content,
            )
            etree.SubElement(
                relations, f"{{{_PACKAGE}/relationships}}Relationship",
                Id=f"guiwen-{kind}", Type=f"{_OFFICE}/{kind}", Target=part.removeprefix("word/"),
            )  # fmt: skip
            changed |= {_TYPES: types, _RELATIONS: relations}
        return {
            name: etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            for name, root in changed.items()
        }


def _element(tag: str, **attributes: str) -> Any:  # noqa: ANN401
    from lxml import etree

    made = etree.Element(q(tag), nsmap={"w": _W})
    for name, value in attributes.items():
        made.set(q(name), value)
    return made


def _run(text: str, bold: bool = False) -> Any:  # noqa: ANN401
    run = _element("r")
    if bold:
        properties = _element("rPr")
        properties.append(_element("b"))
        run.append(properties)
    node = _element("t")
    # Characters that XML cannot hold are in no plan, but may be in a draft.
    node.text = "".join(c for c in text if c >= " " or c in "\t\n")
    node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(node)
    return run
