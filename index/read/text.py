"""Plain text in any Chinese encoding → characters, with newlines as they stand."""

import codecs
import unicodedata
from pathlib import Path

from index.errors import SourceError

# Frequent characters of both scripts: the wrong Chinese decoding hardly ever yields them.
_FREQUENT = frozenset(
    "的一是在和有了不为中大国发展要以建设年市全新城加快推进实施高区地产业人民政府经济社会工作提"
    "的一是在和有了不為中大國發展要以建設年市全新城加快推進實施高區地產業人民政府經濟社會工作提"
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes, path: Path) -> tuple[str, str]:
    """Return the text of ``data`` without a byte-order mark, and the encoding that it is in.

    Raises:
        SourceError: an empty file, a binary one, or one in no known encoding.
    """
    if not data.strip():
        raise SourceError(f"文件“{path}”是空的，没有可以索引的文字。请检查文件，或把它移出文件夹。")
    text, encoding = _decode(data, path)
    if not text.strip():
        raise SourceError(
            f"文件“{path}”只有空白，没有可以索引的文字。请检查文件，或把它移出文件夹。"
        )
    strange = sum(
        unicodedata.category(c) in {"Cc", "Cn", "Co"} and c not in "\t\n\r\f" for c in text
    )
    if strange > 0.02 * len(text):
        raise _not_text(path)
    return text, encoding


def _decode(data: bytes, path: Path) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise SourceError(
                    f"文件“{path}”开头标明是 {encoding}，但第 {error.start} 字节无法按此解码。"
                    "文件可能不完整，请另存为 UTF-8 后重试。"
                ) from error
    if b"\x00" in data:
        return _wide(data, path)
    found = [(enc, _try(data, enc)) for enc in ("utf-8", "gb18030", "big5")]
    if found[0][1] is not None:
        return found[0][1], "utf-8"
    readable = [(enc, text) for enc, text in found if text is not None]
    if not readable:
        raise _not_text(path)
    encoding, text = max(readable, key=lambda pair: _plausibility(pair[1]))
    return text, encoding


def _wide(data: bytes, path: Path) -> tuple[str, str]:
    """UTF-16 without a mark: every ASCII character leaves a NUL; real binaries decode to noise."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = _try(data, encoding)
        if text is not None and _plausibility(text) > 0.02:
            return text, encoding
    raise _not_text(path)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _plausibility(text: str) -> float:
    return sum(character in _FREQUENT for character in text) / max(1, len(text))


def _not_text(path: Path) -> SourceError:
    return SourceError(
        f"文件“{path}”不是文本：应为 UTF-8、UTF-16、GB18030 或 Big5 编码的文字，实际是二进制内容。"
        "请另存为文本文件，或把它移出文件夹。"
    )
