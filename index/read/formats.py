"""Which format a file is in, by its content first and its name second."""

import io
import re
import zipfile
from pathlib import Path

from index.errors import SourceError

SUFFIXES = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown",
    ".html": "html", ".htm": "html", ".xhtml": "html", ".pdf": "pdf", ".docx": "docx",
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".csv": "csv", ".tsv": "csv",
}  # fmt: skip
NAMES = {
    "text": "纯文本", "markdown": "Markdown", "html": "网页（HTML）", "pdf": "PDF", "docx": "Word（.docx）",
    "xlsx": "Excel（.xlsx）", "csv": "CSV",
}  # fmt: skip
_ADVICE = {
    ".doc": "旧版 Word 文件，请另存为 .docx", ".wps": "WPS 文字文件，请另存为 .docx",
    ".xls": "旧版 Excel 文件，请另存为 .xlsx", ".et": "WPS 表格文件，请另存为 .xlsx",
    ".ofd": "OFD 版式文件，请另存为 PDF", ".rtf": "RTF 文件，请另存为 .docx", ".odt": "请另存为 .docx",
    ".ods": "请另存为 .xlsx", ".mht": "网页存档，请另存为 .html", ".caj": "CAJ 文件，请另存为 PDF",
}  # fmt: skip
MAX_BYTES = 100 * 2**20
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html[\s>])",
    re.I | re.S,
)


def why_not(path: Path) -> str:
    """Return why a file of this name is not read, in Chinese."""
    advice = _ADVICE.get(path.suffix.lower())
    if advice:
        return f"不支持的格式（{advice}）"
    return f"不支持的格式，应为 {'、'.join(sorted(SUFFIXES))}"


def suffix_of(data: bytes, path: Path) -> str:
    """Return the suffix under which a file is read: its own or, if that says nothing, its kind's.

    Raises:
        SourceError: neither its name nor its content is of a kind that is read.
    """
    if path.suffix.lower() in SUFFIXES:
        return path.suffix
    found = _by_content(data, path)
    if not found:
        raise SourceError(f"文件“{path}”：{why_not(path)}。")
    return f".{found}"


def format_of(data: bytes, path: Path) -> tuple[str, str]:
    """Return the format of a file, and a note in Chinese where its name says another.

    Raises:
        SourceError: content of a kind that is not read, whatever the name.
    """
    named = SUFFIXES[path.suffix.lower()]
    found = _by_content(data, path) or (named if named in {"text", "markdown", "csv"} else "text")
    if named == "html" and found == "text":
        return "html", ""
    if found == "text" and named in {"pdf", "docx", "xlsx"}:
        raise SourceError(
            f"文件“{path}”名为 {path.suffix}，内容却不是 {NAMES[named]}。文件可能不完整，请重新下载；"
            "若是文本，请改名为 .txt。"
        )
    if found == named:
        return found, ""
    return found, f"文件名为 {path.suffix}，内容是 {NAMES[found]}，已按 {NAMES[found]} 读入。"


def _by_content(data: bytes, path: Path) -> str:
    """The format that the first bytes give away; "" for text."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _office(data, path)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise SourceError(
            f"文件“{path}”是旧版 Office 文件（.doc、.xls）或设有密码的文件，无法读取。"
            "请用办公软件打开，去掉密码，另存为 .docx 或 .xlsx。"
        )
    if data.startswith(b"{\\rtf"):
        raise SourceError(f"文件“{path}”是 RTF 文件，无法读取。请用办公软件打开后另存为 .docx。")
    return (
        "html"
        if _HTML.match(data[:4096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe"))
        else ""
    )


def _office(data: bytes, path: Path) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise SourceError(
            f"文件“{path}”不完整或已损坏：{error}。请重新下载，或用办公软件打开后另存。"
        ) from error
    if "word/document.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    kind = "PowerPoint 文件" if "ppt/presentation.xml" in names else "压缩包"
    raise SourceError(f"文件“{path}”是{kind}，无法读取。请解压，或另存为 .docx、.xlsx 或 PDF。")
