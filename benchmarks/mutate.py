"""Whole files of every format, made here, and ways to damage them: what ``fuzz.py`` feeds the readers."""

import io
import random
import re
import zipfile
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

SUFFIXES = {
    "text": ".txt", "markdown": ".md", "html": ".html", "pdf": ".pdf", "docx": ".docx",
    "xlsx": ".xlsx", "csv": ".csv",
}  # fmt: skip
LARGEST = 10 * 2**20
SEEDS = Path(__file__).parent.parent / "seeds"
ROWS = [["序号", "指标（单位）", "2020年", "2025年", "属性"]] + [
    [str(i), f"重点任务{chr(0x4E00 + i)}完成率（%）", f"{40 + i}.5", f"{50 + i}以上", "约束性"]
    for i in range(1, 15)
]
_NUMBERS = (
    b"0", b"-1", b"1", b"255", b"65536", b"2147483647", b"4294967296", b"99999999999999999999",
    b"1e308", b"NaN", b"0.0000001",
)  # fmt: skip
# What parsers stumble on: borders of structures, marks of order, characters of many bytes.
_TEXT_TOKENS = [
    "第一章 总则\n", "（一）", "1.", "一、", "专栏1 ", "目录\n", "……12\n", "|", "\n", "\r", "\r\n\r\n", "\t", " ", "\u3000",
    "\u2028", "\x85", "\x0b", "\x0c", "\x1c", "\x00", "\ufeff", "\u200b", "\u202e", "\u0301", "\U0001f600", "\U00020000",
    "\ue000", "\ufffd", "ﬁ", "㎡", "①", "２０２５年", "2025年", "达到", "78.5%", "百分之", "亿", "万", "十", "、", "，",
    "《", "“", "（", "）", "[", "−", "-", "—", "~", ".", "·", "预期性", "约束性", "指标", "属性", "年均", "增长", "到",
]  # fmt: skip
_TOKENS: dict[str, list[str]] = {
    "text": [],
    "markdown": ["# ", "###### ", "|---|---|\n", "```\n", "> ", "- ", "![](", "<table>", "[a]: b\n", "***", "\\", "==\n", "&#0;"],
    "html": [
        "<table><tr><td>", "</table>", "<td colspan=99999 rowspan=99999>", "<h1>", "</div>", "<div hidden>", "<!--", "-->",
        "<![CDATA[", "<script>", "</html>", "<body>", "&#xD800;", "&#0;", "&#1114112;", "<p", "'", '"', "<?xml ?>",
        "<meta charset=utf-16>", "<meta charset=idna>", "<meta charset=base64>", "<nav>", "<ruby>", "<svg>", "<a href=x>", "<!DOCTYPE html [<!ENTITY a 'b'>]>",
    ],
    "pdf": [
        "endobj\n", "1 0 obj\n", "<<", ">>", "[", "]", "stream\n", "endstream\n", "/Kids [1 0 R]", "/Parent 1 0 R", "/Count 99999",
        "/Rotate 90", "/MediaBox [0 0 0 0]", "/CropBox [9 9 -9 -9]", " Tf ", " Tj ", " Td ", " cm ", "q ", "Q ", "BT ", "ET ", " re S\n", " l S\n",
        "(", ")", "<FEFF>", "/Filter /ASCIIHexDecode", "xref\n", "trailer\n", "startxref\n0\n", "%%EOF\n", "/Length 0", "/Encrypt 1 0 R",
    ],
    "docx": [
        "<w:p>", "</w:p>", "<w:r><w:t>", "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", '<w:gridSpan w:val="99999"/>', "<w:vMerge/>", "<w:br/>",
        '<w:numPr><w:ilvl w:val="9"/><w:numId w:val="1"/></w:numPr>', "<w:del>", "<w:sdt>", "<w:txbxContent>", '<w:outlineLvl w:val="0"/>',
        '<w:footnoteReference w:id="1"/>', "&#x10FFFF;", "&amp;", "<!-- -->", "<?x y?>", 'Target="../../etc/passwd"', 'TargetMode="External"',
    ],
    "xlsx": [
        '<c r="XFD1048576"><v>1</v></c>', '<c r="A0"/>', '<c t="s"><v>99</v></c>', '<c t="e"><v>#REF!</v></c>', '<c t="d"><v>x</v></c>',
        '<mergeCell ref="A1:XFD1048576"/>', '<mergeCell ref="B2:A1"/>', '<row r="0">', "</row>", "<f>1/0</f>", "_xD800_", "_x0000_", 't="b"', 's="999"', "<v>1e999</v>",
    ],
    "csv": ['"', '""', ",", ";", ",,,,,,,,", "\t", '"\n"', "'", "=1+1", "，"],
}  # fmt: skip


def prose(each: int) -> str:
    """Real text of plans, so many characters of each, with its headings and lists."""
    return "".join(
        path.read_text(encoding="utf-8")[:each] + "\n" for path in sorted(SEEDS.glob("*.txt"))
    )


def samples(kind: str, each: int = 6000) -> list[bytes]:
    """Whole files of ``kind``, each with headings, paragraphs and a table."""
    text = prose(each)
    lines = [line for line in text.splitlines() if line.strip()]
    table = "\n".join("| " + " | ".join(row) + " |" for row in ROWS)
    if kind == "text":
        long = f"{text}\n" + "\n".join("  ".join(row) for row in ROWS)
        return [long.encode(code, "ignore") for code in ("utf-8", "gb18030", "utf-16", "big5")]
    if kind == "markdown":
        parted = table.replace("\n", "\n|---|---|---|---|---|\n", 1)
        return [f"# 甲市规划\n\n{text[:9000]}\n\n## 附表\n\n{parted}\n\n> 注\n".encode()]
    if kind == "csv":
        joined = "\n".join(",".join(row) for row in ROWS)
        return [joined.encode(), joined.replace(",", "\t").encode("gb18030")]
    if kind == "html":
        cells = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in ROWS)
        body = "".join(f"<p>{line}</p>\n" for line in lines[:60])
        page = (
            "<!DOCTYPE html><html><head><meta charset='utf-8'><title>规划</title></head><body><nav><a href='/'>首页</a></nav>"
            f"<article><h1>甲市规划</h1><h2>第一章 总则</h2>{body}<table>{cells}</table></article><footer>版权</footer></body></html>"
        )
        return [page.encode(), page.replace("utf-8", "gbk").encode("gb18030")]
    return {"pdf": _pdf, "docx": _docx, "xlsx": _xlsx}[kind](lines)


def _pdf(lines: list[str]) -> list[bytes]:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    made = []
    for packed in (0, 1):
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=(595, 842), pageCompression=packed, invariant=1)
        for page in range(3):
            canvas.setFont("STSong-Light", 12)
            canvas.drawString(72, 800, "甲市规划")
            for at, line in enumerate(lines[page * 25 : page * 25 + 25]):
                canvas.drawString(72, 770 - 16 * at, line[:36])
            for at, row in enumerate(ROWS[:8]):
                y = 340 - 24 * at
                for column, cell in enumerate(row):
                    canvas.rect(72 + 90 * column, y, 90, 24)
                    canvas.drawString(74 + 90 * column, y + 6, cell[:8])
            canvas.drawString(280, 30, f"— {page + 1} —")
            canvas.showPage()
        canvas.save()
        made.append(out.getvalue())
    return made


def _docx(lines: list[str]) -> list[bytes]:
    import docx

    out = io.BytesIO()
    word = docx.Document()
    word.add_heading("甲市规划", 0)
    for at, line in enumerate(lines[:60]):
        if at % 12 == 0:
            word.add_heading(line[:20], 1 + at % 3)
        word.add_paragraph(line, "List Number" if at % 7 == 3 else None)
    table = word.add_table(0, 5)
    for row in ROWS:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = value
    table.cell(0, 0).merge(table.cell(1, 1))
    word.sections[0].header.paragraphs[0].text = "页眉"
    word.save(out)
    return [out.getvalue()]


def _xlsx(lines: list[str]) -> list[bytes]:
    from datetime import date

    import openpyxl

    out = io.BytesIO()
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("附表")):
        sheet.append([lines[0]])
        for row in ROWS:
            sheet.append(row)
        sheet.append([])
        sheet.append(["注", 0.785, date(2025, 1, 1), True, "=A1"])
        sheet["B18"].number_format = "0.0%"
        sheet.merge_cells("A1:E1")
    book.save(out)
    return [out.getvalue()]


def damaged(kind: str, chance: random.Random, whole: list[bytes], size: int) -> bytes:
    """Return a file of ``kind`` with one to eight faults, grown towards ``size`` bytes if it is less."""
    data = chance.choice(whole)
    if kind in {"docx", "xlsx"} and chance.random() < 0.8 and (parts := unpacked(data)):
        return _inside(kind, chance, parts, size)
    made = _faults(kind, chance, data, size)
    if kind in {"text", "markdown", "html", "csv"} and chance.random() < 0.85:
        # Bytes of no encoding are refused at the door; the rest is to be met as well.
        code = next(
            (c for c in ("utf-8", "gb18030", "utf-16", "big5") if is_encoded(data, c)), "utf-8"
        )
        made = made.decode(code, "ignore").encode(code)
    return made


def is_encoded(data: bytes, code: str) -> bool:
    """Whether ``data`` is text in the encoding ``code``."""
    try:
        data.decode(code)
    except UnicodeError:
        return False
    return True


def main_parts(parts: dict[str, bytes]) -> list[str]:
    """The parts where most of the reading is done; all, where there are none of these."""
    main = [n for n in parts if re.search(r"document|sheet\d|sharedStrings|styles|numbering", n)]
    return main or list(parts)


def _inside(kind: str, chance: random.Random, parts: dict[str, bytes], size: int) -> bytes:
    """Damage a part of an Office file and pack it again: its checksums hold."""
    for _ in range(chance.randint(1, 2)):
        text = {name: part for name, part in parts.items() if name.endswith((".xml", ".rels"))}
        if not text:
            break
        name = chance.choice(main_parts(text) if chance.random() < 0.7 else list(text))
        how = chance.random()
        if how < 0.75:
            parts[name] = tree(kind, chance, parts[name], size)
        elif how < 0.95:
            parts[name] = _faults(kind, chance, parts[name], size)
        else:
            del parts[name]
    return repacked(parts)


def unpacked(data: bytes) -> dict[str, bytes]:
    """The parts of an archive by their names; {} where it is damaged already."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # zipfile and the packers below it raise errors of many families
        return {}


def repacked(parts: dict[str, bytes]) -> bytes:
    """An archive of ``parts``, the same for the same parts whatever the day."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tree(kind: str, chance: random.Random, part: bytes, size: int) -> bytes:
    """Change an XML part and keep it well-formed: the parser lets it pass, the reader meets it."""
    from lxml import etree

    try:
        root = etree.fromstring(part)
    except etree.XMLSyntaxError:
        return part
    for _ in range(chance.randint(1, 6)):
        one = chance.choice(list(root.iter(etree.Element)))
        how = chance.randrange(6)
        if how == 0 and one.attrib:
            name = chance.choice(list(one.attrib))
            one.set(name, chance.choice([*(n.decode() for n in _NUMBERS), "", "甲", "x" * 300]))
        elif how == 1 and one.attrib:
            del one.attrib[chance.choice(list(one.attrib))]
        elif how == 2 and one.getparent() is not None:
            one.getparent().remove(one)
        elif how == 3:
            own = [
                t
                for t in _TEXT_TOKENS + _TOKENS[kind]
                if re.fullmatch(r"[^\x00-\x08\x0b-\x1f]+", t)
            ]
            one.text = (one.text or "") + chance.choice(own) * chance.choice([1, 1, 40, 3000])
        elif how == 4:
            other = chance.choice(list(root.iter(etree.Element)))
            copy = deepcopy(other)
            length = max(1, len(etree.tostring(copy)))
            most = max(1, min(40_000, (size - len(part)) // length))
            for _ in range(chance.choice([1, 1, 3, most])):
                one.append(deepcopy(copy))
        else:
            _nest(one, chance.choice([2, 30, 200, 3000]), chance)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _nest(element: object, depth: int, chance: random.Random) -> None:
    """Put an element into copies of itself, or of its ancestors, ``depth`` deep."""
    from lxml import etree

    line = [element, *element.iterancestors()]  # type: ignore[attr-defined]
    names = [one.tag for one in line[: chance.randint(1, 4)]][::-1]
    at = element
    for level in range(depth):
        at = etree.SubElement(at, names[level % len(names)])  # type: ignore[call-overload]
    at.text = "甲"  # type: ignore[attr-defined]


def _faults(kind: str, chance: random.Random, data: bytes, size: int) -> bytes:
    faults: list[Callable[[str, random.Random, bytes, int], bytes]] = [
        _flip, _cut, _insert, _double, _swap, _number, _token, _token, _nested, _short,
    ]  # fmt: skip
    for _ in range(chance.randint(1, 8)):
        data = chance.choice(faults)(kind, chance, data, size)
    while len(data) < size // 2:
        at, length = chance.randrange(len(data) + 1), chance.choice([1, 7, 200, 20_000, len(data)])
        block = data[at : at + length] or b"x"
        data = data[:at] + block * max(1, (size - len(data)) // len(block)) + data[at:]
    return data[: max(size, 64 * 2**10)][:LARGEST]


def _at(chance: random.Random, data: bytes) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, start + chance.choice([1, 2, 4, 16, 64, 500, 5000])


def _flip(kind: str, chance: random.Random, data: bytes, size: int) -> bytes:
    made = bytearray(data)
    for _ in range(chance.choice([1, 4, 40])):
        if made:
            made[chance.randrange(len(made))] ^= chance.randint(1, 255)
    return bytes(made)


def _cut(kind: str, chance: random.Random, data: bytes, size: int) -> bytes:
    start, end = _at(chance, data)
    return data[:start] + data[end:]


def _insert(kind: str, chance: random.Random, data: bytes, size: int) -> bytes:
    start, _ = _at(chance, data)
    return data[:start] + chance.randbytes(chance.choice([1, 3, 60])) + data[start:]


def _double(kind: str, chance: random.Random, data: bytes, size: int) -> bytes:
    start, end = _at(chance, data)
    block = data[start:end]
    most = max(1, (size - len(data)) // max(1, len(block)))
    return data[:start] + block * min(most, chance.choice([2, 2, 10, 3000])) + data[start:]


def _swap(kind: str, chance: random.Random, data: bytes, size: int) -> bytes:
    a, b = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
    c, d = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
    return data[:a] + data[c:d] + data[b:]


def _number(kind: str, chance: random.Random, data: bytes, size: int) -> bytes:
    found = list(re.finditer(rb"\d+", data[:200_000]))
    if not found:
        return data
    one = chance.choice(found)
    return data[: one.start()] + chance.choice(_NUMBERS) + data[one.end() :]


def _token(kind: str, chance: random.Random, data: bytes, size: int) -> bytes:
    start, _ = _at(chance, data)
    token = chance.choice(chance.choice([_TEXT_TOKENS, _TOKENS[kind] or _TEXT_TOKENS]))
    code = "utf-16-le" if data[:2] == b"\xff\xfe" else chance.choice(["utf-8", "utf-8", "gb18030"])
    many = min(chance.choice([1, 1, 5, 1000, 100_000]), max(1, (size - len(data)) // 4))
    return data[:start] + token.encode(code) * many + data[start:]


def _nested(kind: str, chance: random.Random, data: bytes, size: int) -> bytes:
    """Open what is never closed, or opens again inside itself."""
    opening = {
        "html": ["<div>", "<table><tr><td>", "<b><p>", "<ul><li>", "<font>"], "pdf": ["[", "<<", "q ", "("],
        "docx": ["<w:p>", "<w:tbl><w:tr><w:tc>"], "xlsx": ["<row>", "<is>"], "markdown": ["> ", "- ", "[", "*"],
    }.get(kind, ["（", "“", "《"])  # fmt: skip
    start, _ = _at(chance, data)
    many = min(chance.choice([5, 200, 5000, 200_000]), max(1, size // 4))
    return data[:start] + chance.choice(opening).encode() * many + data[start:]


def _short(kind: str, chance: random.Random, data: bytes, size: int) -> bytes:
    return data[: int(len(data) * chance.random())] if chance.random() < 0.3 else data
