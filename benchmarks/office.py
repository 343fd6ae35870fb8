"""A document with headings, tables, notes and columns → flat ODF → PDF and Word by LibreOffice."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")

_NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0"'
    for name, kind in (
        ("office", "office"), ("style", "style"), ("text", "text"), ("table", "table"),
        ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"), ("draw", "drawing"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (level 1 is the title), a paragraph with a note, or a table with header rows."""

    text: str = ""
    level: int = 0
    note: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    header: int = 1


@dataclass(frozen=True, slots=True)
class Look:
    """How a document is set; sizes in points, lengths in centimetres.

    ``ruled``: lines part the cells of tables. ``sideways``: what stands from the heading above the
    last table on is set on landscape pages, which the PDF shows turned, as they are bound.
    """

    body: float = 12
    headings: tuple[float, ...] = (22, 18, 16, 14, 13)
    bold: bool = True
    columns: int = 1
    indent: bool = True
    gap: float = 0.0
    head: str = ""
    foot: bool = True
    margin: float = 2.5
    justified: bool = True
    ruled: bool = True
    sideways: bool = False
    font: str = "Noto Serif CJK SC"


@dataclass(slots=True)
class _Writer:
    look: Look
    out: list[str] = field(default_factory=list)
    notes: int = 0
    tables: int = 0
    wide: Block | None = None

    def block(self, block: Block) -> None:
        if block.rows:
            self.table(block)
        elif block.level:
            style = f"H{block.level}" + ("Wide" if block is self.wide else "")
            self.out.append(
                f'<text:h text:style-name="{style}" text:outline-level="{block.level}">'
                f"{escape(block.text)}</text:h>"
            )
        else:
            self.out.append(
                f'<text:p text:style-name="Body">{escape(block.text)}{self.note(block)}</text:p>'
            )

    def note(self, block: Block) -> str:
        if not block.note:
            return ""
        self.notes += 1
        return (
            f'<text:note text:id="n{self.notes}" text:note-class="footnote"><text:note-citation>{self.notes}'
            f'</text:note-citation><text:note-body><text:p text:style-name="Note">{escape(block.note)}</text:p>'
            "</text:note-body></text:note>"
        )

    def table(self, block: Block) -> None:
        self.tables += 1
        width = max(len(row) for row in block.rows)
        self.out.append(f'<table:table table:name="T{self.tables}" table:style-name="Table">')
        # Numbers need less room than names.
        self.out += [
            f'<table:table-column table:style-name="C{min(len(max((r[i] for r in block.rows if i < len(r)), key=len)), 20)}"/>'
            for i in range(width)
        ]
        for number, row in enumerate(block.rows):
            if number == 0 and block.header:
                self.out.append("<table:table-header-rows>")
            cells = "".join(
                f'<table:table-cell table:style-name="Cell"><text:p text:style-name="CellText">{escape(cell)}</text:p></table:table-cell>'
                for cell in row
            )
            self.out.append(f"<table:table-row>{cells}</table:table-row>")
            if block.header and number == block.header - 1:
                self.out.append("</table:table-header-rows>")
        self.out.append("</table:table>")


def flat_odf(blocks: Sequence[Block], look: Look) -> str:
    """Return the document as one XML file that LibreOffice opens (.fodt)."""
    writer = _Writer(look)
    if look.sideways and len(blocks) > 1 and blocks[-1].rows:
        writer.wide = blocks[-2]
    before_columns = 0
    if look.columns > 1:
        while before_columns < len(blocks) and blocks[before_columns].level == 1:
            before_columns += 1
    for block in blocks[:before_columns]:
        writer.block(block)
    if look.columns > 1:
        writer.out.append('<text:section text:style-name="Columns" text:name="S1">')
    for block in blocks[before_columns:]:
        writer.block(block)
    if look.columns > 1:
        writer.out.append("</text:section>")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {_NAMESPACES} office:version="1.2" '
        'office:mimetype="application/vnd.oasis.opendocument.text">'
        f"{_styles(look)}<office:body><office:text>{''.join(writer.out)}</office:text></office:body></office:document>"
    )


def _styles(look: Look) -> str:
    def font(size: float, bold: bool = False) -> str:
        weight = "bold" if bold else "normal"
        return (
            f'<style:text-properties style:font-name="F" style:font-name-asian="F" fo:font-size="{size}pt" '
            f'style:font-size-asian="{size}pt" fo:font-weight="{weight}" style:font-weight-asian="{weight}"/>'
        )

    align = "justify" if look.justified else "start"
    indent = f'fo:text-indent="{2 * look.body}pt"' if look.indent else 'fo:text-indent="0cm"'
    headings = "".join(
        f'<style:style style:name="H{level}" style:display-name="Heading {level}" style:family="paragraph" '
        f'style:default-outline-level="{level}"><style:paragraph-properties fo:margin-top="0.2cm" fo:margin-bottom="0.2cm" '
        f'fo:text-align="{"center" if level == 1 else "start"}" fo:keep-with-next="always" {"" if level == 1 else indent}/>'
        f"{font(size, look.bold)}</style:style>"
        for level, size in enumerate(look.headings, 1)
    )
    wide = "".join(
        f'<style:style style:name="H{level}Wide" style:family="paragraph" style:parent-style-name="H{level}" '
        'style:master-page-name="Wide"/>'
        for level in range(1, len(look.headings) + 1)
    )
    border = "0.5pt solid #000000" if look.ruled else "none"
    columns = "".join(
        f'<style:style style:name="C{n}" style:family="table-column"><style:table-column-properties '
        f'style:rel-column-width="{max(n, 3)}*"/></style:style>'
        for n in range(21)
    )
    head = (
        f'<style:header><text:p text:style-name="Note">{escape(look.head)}</text:p></style:header>'
        if look.head
        else ""
    )
    foot = (
        '<style:footer><text:p text:style-name="Centre">— <text:page-number/> —</text:p></style:footer>'
        if look.foot
        else ""
    )
    return (
        f'<office:font-face-decls><style:font-face style:name="F" svg:font-family="\'{look.font}\'"/></office:font-face-decls>'
        f'<office:styles>{headings}<style:style style:name="Body" style:family="paragraph"><style:paragraph-properties '
        f'fo:text-align="{align}" {indent} fo:margin-bottom="{look.gap}cm" fo:line-height="150%" style:punctuation-wrap="simple"/>{font(look.body)}</style:style>'
        f'<style:style style:name="Note" style:family="paragraph">{font(look.body * 0.75)}</style:style>'
        f'<style:style style:name="Centre" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/>{font(look.body * 0.8)}</style:style>'
        f'<style:style style:name="CellText" style:family="paragraph">{font(look.body * 0.85)}</style:style></office:styles>'
        f'<office:automatic-styles>{columns}{wide}<style:style style:name="Table" style:family="table"><style:table-properties '
        'table:border-model="collapsing" table:align="margins"/></style:style><style:style style:name="Cell" style:family="table-cell">'
        f'<style:table-cell-properties fo:border="{border}" fo:padding="0.1cm"/></style:style>'
        f'<style:style style:name="Columns" style:family="section"><style:section-properties><style:columns fo:column-count="{look.columns}" '
        'fo:column-gap="0.8cm"/></style:section-properties></style:style>'
        f"{_layout('P', 21, 29.7, look.margin)}{_layout('W', 29.7, 21, look.margin)}"
        "</office:automatic-styles><office:master-styles>"
        f'<style:master-page style:name="Standard" style:page-layout-name="P">{head}{foot}</style:master-page>'
        f'<style:master-page style:name="Wide" style:page-layout-name="W">{head}{foot}</style:master-page>'
        "</office:master-styles>"
    )


def _layout(name: str, width: float, height: float, margin: float) -> str:
    """A page of ``width`` by ``height`` with running heads, in centimetres."""
    return (
        f'<style:page-layout style:name="{name}"><style:page-layout-properties fo:page-width="{width}cm" fo:page-height="{height}cm" fo:margin-top="1.5cm" '
        f'fo:margin-bottom="1.5cm" fo:margin-left="{margin}cm" fo:margin-right="{margin}cm"/><style:header-style>'
        '<style:header-footer-properties fo:min-height="1cm" fo:margin-bottom="0.5cm"/></style:header-style><style:footer-style>'
        '<style:header-footer-properties fo:min-height="1cm" fo:margin-top="0.5cm"/></style:footer-style></style:page-layout>'
    )


def convert(source: Path, kinds: Sequence[str]) -> dict[str, Path]:
    """Convert ``source`` to files of ``kinds`` beside it."""
    made = {}
    for kind in kinds:
        subprocess.run(
            [
                str(SOFFICE), f"-env:UserInstallation={(source.parent / 'profile').as_uri()}", "--headless",
                "--convert-to", kind, "--outdir", str(source.parent), str(source),
            ],
            check=True, capture_output=True, timeout=300,
        )  # fmt: skip
        made[kind] = source.with_suffix(f".{kind}")
    return made


def make(blocks: Sequence[Block], look: Look, folder: Path, name: str) -> dict[str, Path]:
    """Write ``blocks`` as a PDF and a Word file named ``name`` in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / f"{name}.fodt"
    source.write_text(flat_odf(blocks, look), encoding="utf-8")
    made = convert(source, ["pdf", "docx"])
    if look.sideways:
        turn_wide(made["pdf"])
    return made


def turn_wide(pdf: Path) -> None:
    """Show the landscape pages of ``pdf`` upright, so that their text runs from bottom to top."""
    import pypdfium2

    made = pypdfium2.PdfDocument(pdf.read_bytes())
    for page in made:
        if page.get_width() > page.get_height():
            page.set_rotation(270)
    made.save(pdf)
    made.close()


def scan(pdf: Path, page: int, out: Path, dots: int = 150) -> Path:
    """Write a copy of ``pdf`` in which ``page``, from 1, is an image as a scanner makes it."""
    import pypdfium2

    source = pypdfium2.PdfDocument(pdf)
    image = source[page - 1].render(scale=dots / 72).to_pil().convert("L")
    picture = out.with_suffix(".page.pdf")
    image.save(picture, resolution=dots)
    made = pypdfium2.PdfDocument.new()
    scanned = pypdfium2.PdfDocument(picture)
    for number in range(len(source)):
        if number == page - 1:
            made.import_pages(scanned, [0])
        else:
            made.import_pages(source, [number])
    made.save(out)
    for one in (made, scanned, source):
        one.close()
    picture.unlink()
    return out
