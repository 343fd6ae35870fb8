"""A report file → Draft, by its name; what cannot be read is refused in Chinese."""

from pathlib import Path

from index import InputError
from qa.drafts.markdown import MarkdownDraft
from qa.drafts.nouns import Draft
from qa.drafts.plain import PlainDraft

FORMATS = (".docx", ".markdown", ".md", ".text", ".txt")
_ENCODINGS = ("utf-8-sig", "gb18030")
# An OLE container: a Word file under a password, or one of before 2007.
_OLE = b"\xd0\xcf\x11\xe0"


def read(path: Path) -> Draft:
    """Return the draft in ``path``.

    Raises:
        InputError: no such file, another format, empty, or not what its name says.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise InputError(
            f"报告“{path}”是 {suffix or '无后缀的'} 文件，只能核对 {'、'.join(FORMATS)}。"
            "请先另存为 Word（.docx）、Markdown 或文本文件。"
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"无法读取报告“{path}”：{error.strerror or error}。请检查路径和权限。"
        ) from error
    if not data.strip():
        raise InputError(f"报告“{path}”是空文件。请给出写有内容的报告。")
    draft = _word(path, data) if suffix == ".docx" else _text(path, data, suffix)
    if not any(block.text.strip() for block in draft.blocks):
        raise InputError(f"报告“{path}”里没有可核对的文字（只有图片或代码？）。")
    return draft


def _text(path: Path, data: bytes, suffix: str) -> Draft:
    if b"\x00" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(f"报告“{path}”不是文本文件（含有零字节）。请另存为 UTF-8 文本。")
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
    raise InputError(f"无法辨认报告“{path}”的文字编码。请另存为 UTF-8。")


def _word(path: Path, data: bytes) -> Draft:
    from qa.drafts.word import WordDraft

    if data.startswith(_OLE):
        raise InputError(
            f"报告“{path}”设有打开密码，或是旧版 Word（.doc）文件。请解除密码并另存为 .docx。"
        )
    try:
        return WordDraft.load(data)
    except ValueError as error:
        raise InputError(
            f"报告“{path}”不是可读的 Word 文件：{error}。请重新另存为 .docx。"
        ) from error
