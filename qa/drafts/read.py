"""A report → Draft, by what it holds; what cannot be read is refused in Chinese."""

import re
from pathlib import Path

from index import InputError
from qa.drafts.markdown import MarkdownDraft
from qa.drafts.nouns import Draft
from qa.drafts.plain import PlainDraft

FORMATS = (".docx", ".markdown", ".md", ".text", ".txt")
# Bytes of a report, and characters of one that is pasted.
LARGEST = 50_000_000
LONGEST = 500_000
_ENCODINGS = ("utf-8-sig", "gb18030")
_OLE = b"\xd0\xcf\x11\xe0"
# What an OLE container holds that is a Word file under a password; else it is one of before 2007.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK\x03\x04"
# Beginnings of files that are no report, whatever their name says.
_OTHERS = (
    (b"%PDF", "PDF"), (b"\x89PNG", "PNG 图片"), (b"\xff\xd8\xff", "JPEG 图片"), (b"GIF8", "GIF 图片"),
    (b"Rar!", "RAR 压缩包"), (b"7z\xbc\xaf", "7z 压缩包"), (b"\x1f\x8b", "gzip 压缩包"),
    (b"{\\rtf", "RTF"), (b"MZ", "程序"), (b"\x7fELF", "程序"),
)  # fmt: skip
_MARKED = re.compile(r"^\s{0,3}#{1,6}\s|^\s*\|?\s*:?-{3,}:?\s*\||\*\*[^*\n]+\*\*|\]\(", re.M)


def read(path: Path, name: str = "") -> Draft:
    """Return the draft in ``path``.

    Args:
        path: the file.
        name: what a message calls it; as it is, unless given.

    Raises:
        InputError: no such file, another format, empty, too large, or not what its name says.
    """
    told = name or str(path)
    suffix = Path(told).suffix.lower()
    if suffix not in FORMATS:
        legacy = "旧版 Word（.doc）" if suffix == ".doc" else f" {suffix or '无后缀的'} "
        raise InputError(
            f"报告“{told}”是{legacy}文件，只能核对 {'、'.join(FORMATS)}。"
            "请先另存为 Word（.docx）、Markdown 或文本文件。"
        )
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LARGEST else b""
    except OSError as error:
        raise InputError(
            f"无法读取报告“{told}”：{error.strerror or error}。请检查路径和权限。"
        ) from error
    if size > LARGEST:
        raise InputError(
            f"报告“{told}”有 {size / 1e6:.0f} MB，超过 {LARGEST // 1_000_000} MB 的上限。"
            "请删去图片，或分成几份。"
        )
    if not data.strip():
        raise InputError(f"报告“{told}”是空文件。请给出写有内容的报告。")
    draft = _word(told, data) if suffix == ".docx" else _text(told, data, suffix)
    if not any(block.text.strip() for block in draft.blocks):
        raise InputError(f"报告“{told}”里没有可核对的文字（只有图片或代码？）。")
    return draft


def pasted(text: str) -> tuple[Draft, str]:
    """Return a draft of pasted text, and the ending of its file: ``.md`` if it has such marks.

    Raises:
        InputError: nothing in it, or too long.
    """
    if not text.strip():
        raise InputError("没有要核对的文字。请粘贴报告全文，或选择一份文件。")
    if len(text) > LONGEST:
        raise InputError(
            f"粘贴的文字有 {len(text)} 字，超过 {LONGEST} 字的上限。请存为文件上传，或分成几份。"
        )
    if _MARKED.search(text):
        return MarkdownDraft(text), ".md"
    return PlainDraft(text), ".txt"


def _other(told: str, data: bytes, expected: str) -> None:
    """Refuse what is plainly another kind of file."""
    kind = next((name for mark, name in _OTHERS if data.startswith(mark)), "")
    if kind:
        raise InputError(
            f"报告“{told}”的内容是 {kind}，不是{expected}。请另存为 .docx、.md 或 .txt 再上传。"
        )


def _text(told: str, data: bytes, suffix: str) -> Draft:
    _other(told, data, "文本")
    if data.startswith((_ZIP, _OLE)):
        raise InputError(
            f"报告“{told}”的内容像是 Word 文件或压缩包，不是文本。"
            "若是 Word 文件，请把后缀改为 .docx（旧版须先另存）。"
        )
    if b"\x00" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(f"报告“{told}”不是文本文件（含有零字节）。请另存为 UTF-8 文本。")
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else _ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        made = MarkdownDraft if suffix in {".md", ".markdown"} else PlainDraft
        # Written back in the encoding and with the mark that it came with.
        marked = data.startswith(b"\xef\xbb\xbf") or encoding == "utf-16"
        return made(text, encoding if marked or encoding == "gb18030" else "utf-8")
    raise InputError(f"无法辨认报告“{told}”的文字编码。请另存为 UTF-8。")


def _word(told: str, data: bytes) -> Draft:
    from qa.drafts.word import WordDraft

    if data.startswith(_OLE):
        raise InputError(
            f"报告“{told}”设有打开密码。请在 Word 里取消密码，重新保存后再试。"
            if _ENCRYPTED in data
            else f"报告“{told}”是旧版 Word（.doc）文件，只改了后缀。请在 Word 里另存为 .docx。"
        )
    _other(told, data, " Word 文件")
    if not data.startswith(_ZIP):
        raise InputError(f"报告“{told}”不是 Word 文件，只是后缀为 .docx。请另存为 .docx。")
    try:
        return WordDraft.load(data)
    except ValueError as error:
        raise InputError(
            f"报告“{told}”不是可读的 Word 文件：{error}。请重新另存为 .docx。"
        ) from error
