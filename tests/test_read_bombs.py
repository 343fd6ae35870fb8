"""Archives, entities and streams made to take more than they seem to: refused, or read for what they hold."""

import io
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from copy import copy
from pathlib import Path

import pytest

from index import SourceError
from index.read import read_sources
from index.read.archive import open_archive
from tests.office_files import TEXT, word, workbook

Source = Callable[..., Path]


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def moved(data: bytes, old: str, new: str, head: str) -> bytes:
    """An Office file whose part ``old`` is read from ``new``, there with ``head`` before it."""
    found = parts(data)
    body = found[old].partition(b"?>")[2] if found[old].startswith(b"<?xml") else found[old]
    made = {}
    for name, part in found.items():
        if name.endswith(".rels") or name == "[Content_Types].xml":
            # Once with its folder, once below it.
            whole = part.replace(old.encode(), new.encode())
            short, other = old.partition("/")[2], new.partition("/")[2]
            made[name] = whole.replace(short.encode(), other.encode())
        else:
            made[name] = part
    made[new] = head.encode() + body
    return packed(made)


LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "哈">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/hostname">'
REMOTE = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd" ['


@pytest.mark.parametrize("head", [LAUGHS, OUTSIDE, REMOTE], ids=["laughs", "outside", "remote"])
@pytest.mark.parametrize("blanks", ["", " " * 9000], ids=["", "blanks"])
@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("docx", "word/document.xml", "word/document.xml"),
        ("docx", "word/document.xml", "word/document.bin"),
        ("xlsx", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("xlsx", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.dat"),
    ],
)
def test_a_document_type_is_refused_whatever_the_part_is_called(
    kind: str, old: str, new: str, blanks: str, head: str, source: Source
) -> None:
    data = {"docx": word, "xlsx": workbook}[kind]()
    opening = blanks + head.removeprefix('<?xml version="1.0"?>') if blanks else head
    name = f"a.{kind}"
    with pytest.raises(SourceError, match=rf"{name}”内的“{new}”含有文档类型声明"):
        read_sources([source({name: moved(data, old, new, opening + "]>")})])


def test_a_page_and_a_drawing_kept_in_a_word_file_may_have_a_document_type(source: Source) -> None:
    kept = {
        **parts(word()),
        "word/afchunk.htm": b"<!DOCTYPE html><p>a",
        "word/media/a.svg": b"<!DOCTYPE svg><svg/>",
        "word/media/b.wmf": b"<not xml",
    }
    (document,) = read_sources([source({"a.docx": packed(kept)})]).documents
    assert document.text == TEXT + "\n"


def test_an_archive_inside_is_not_unpacked(source: Source) -> None:
    bomb = packed({"0.xml": bytes(50_000_000)})
    data = packed({**parts(word()), "word/embeddings/a.zip": bomb, "word/media/b.docx": bomb})
    (document,) = read_sources([source({"a.docx": data})]).documents
    assert document.text == TEXT + "\n"
    with pytest.raises(SourceError, match=r"b\.docx”是压缩包"):
        read_sources([source({"b.docx": packed({"a.docx": word(), "b.zip": bomb})}, "other")])


def test_a_part_that_is_larger_than_the_archive_says_is_damage() -> None:
    data = bytearray(packed({**parts(word()), "word/a.xml": b"<a>" + b"x" * 50_000_000 + b"</a>"}))
    entry = data.rfind(b"PK\x01\x02", 0, data.rfind(b"word/a.xml"))
    struct.pack_into("<I", data, entry + 24, 100)
    with pytest.raises(SourceError, match=r"a\.docx”不完整或已损坏"):
        open_archive(bytes(data), Path("a.docx"))


def test_parts_that_share_their_bytes_are_counted_each() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.bin", bytes(range(256)) * 4000)
        info = archive.getinfo("a.bin")
        for number in range(400):
            again = copy(info)
            again.filename = f"{number}.bin"
            archive.filelist.append(again)
    with pytest.raises(SourceError, match=r"a\.docx”展开后有 391 MB，超过上限 300 MB"):
        open_archive(out.getvalue(), Path("a.docx"))


def pdf(*objects: bytes, tail: bytes = b"<</Root 1 0 R/Size 9>>") -> bytes:
    """A PDF of these objects, without a table of where they are: a reader looks for them."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, o) for n, o in enumerate(objects, 1))
    return b"%PDF-1.7\n" + body + b"trailer\n" + tail + b"\n%%EOF\n"


def stream(data: bytes, more: bytes = b"", times: int = 1) -> bytes:
    """A stream object, packed so many times over."""
    for _ in range(times):
        data = zlib.compress(data, 9)
    filters = b"[" + b"/FlateDecode " * times + b"]"
    return b"<<%s/Filter %s/Length %d>>\nstream\n%s\nendstream" % (more, filters, len(data), data)


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
SHOWN = b"BT /F 12 Tf 20 100 Td (78.5% by 2025) Tj ET "
FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R/Y 7 0 R>>>>"


@pytest.mark.parametrize(
    "objects",
    [
        # Objects in a stream: far more than there are, and each packed twice over.
        (CATALOGUE, PAGES, PAGE, stream(SHOWN), FONT, stream(b"7 0 8 9 " + b"9 0 " * 20_000_000, b"/Type/ObjStm/N 99999999/First 8", 2)),
        # A stream of contents that is blank for 200 MB, packed three times over.
        (CATALOGUE, PAGES, PAGE, stream(SHOWN + b" " * 200_000_000, times=3), FONT),
        # A form that draws itself.
        (CATALOGUE, PAGES, PAGE, stream(SHOWN + b"/X Do"), FONT, stream(b"/X Do /X Do", FORM)),
        # Two forms that draw each other, ten times each.
        (CATALOGUE, PAGES, PAGE, stream(SHOWN + b"/X Do"), FONT, stream(b"/Y Do " * 10, FORM), stream(b"/X Do " * 10, FORM)),
        # Pages that hold themselves.
        (CATALOGUE, b"<</Type/Pages/Kids[2 0 R 3 0 R 2 0 R]/Count 3>>", PAGE, stream(SHOWN), FONT),
        # As many states saved as there is room for.
        (CATALOGUE, PAGES, PAGE, stream(b"q " * 3_000_000 + SHOWN), FONT),
    ],
    ids=["objects", "blanks", "form", "forms", "pages", "states"],
)  # fmt: skip
def test_a_pdf_bomb_takes_little_time_and_gives_its_text_or_a_reason(
    objects: tuple[bytes, ...], source: Source
) -> None:
    started = time.monotonic()
    try:
        (document,) = read_sources([source({"a.pdf": pdf(*objects)})]).documents
    except SourceError as error:
        assert "a.pdf" in str(error)
        assert "没有读完" not in str(error)
    else:
        assert "78.5% by 2025" in document.text
    assert time.monotonic() - started < 60
