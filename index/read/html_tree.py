"""Bytes of a web page → characters → a tree, with nothing lost that the page holds."""

import contextlib
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

from index.errors import SourceError
from index.read.text import decode

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([-\w]{2,20})", re.I)
_CHINESE = re.compile(r"gb[-\w]*|x-gbk|cn-gb|euc-cn|big5[-\w]*|hz[-\w]*")
_WESTERN = re.compile(r"iso-8859-\d+|windows-125\d|latin1")


def parse(data: bytes, path: Path) -> tuple[Any, Any, str]:
    """Return (what trafilatura is to read, if anything, the root of the page, its encoding).

    By default the parser gives up, and says so only in its log, at 256 elements inside each other,
    which tags that are never closed soon reach, and at 10 MB in one piece, such as a picture. A page
    nested so deep is not given to trafilatura, whose time grows with the depth of tables.

    Raises:
        SourceError: no page, nested too deep, or in an encoding that it does not keep to.
    """
    import lxml.html
    from lxml.etree import LxmlError

    text, encoding = _decoded(data, path)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    deep = False
    for huge in (False, True):
        parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=huge)
        problem: Exception | None = None
        try:
            root = lxml.html.document_fromstring(text, parser=parser)
        except (ValueError, LxmlError) as error:
            problem = error
        reached = [e.message for e in parser.error_log if e.type_name == "ERR_RESOURCE_LIMIT"]
        deep = deep or any("depth" in message for message in reached)
        if not reached:
            if problem is not None:
                raise SourceError(
                    f"文件“{path}”不是可读的网页：{problem}。请在浏览器中打开后另存。"
                ) from problem
            page = None if deep else deepcopy(root) if huge else text
            return page, root, encoding
    raise SourceError(
        f"网页“{path}”的标签一层套一层，超过 2048 层，多半是没有关闭的标签。请在浏览器中打开后另存。"
    )


def _decoded(data: bytes, path: Path) -> tuple[str, str]:
    """Decode as the page declares, where that can be true, and as any text otherwise."""
    try:
        # Bytes that are valid UTF-8 are hardly ever anything else, whatever the page says.
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        declared = _CHARSET.search(data[:4096])
    name = declared.group(1).decode("ascii").lower() if declared else ""
    if _CHINESE.fullmatch(name) and b"\x00" not in data[:4096]:
        name = name if name.startswith(("big5", "hz")) else "gb18030"
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            return data.decode(name), name
    try:
        return decode(data, path)
    except SourceError:
        # Any bytes are a text in these: they come last, for pages that are in no Chinese encoding.
        if _WESTERN.fullmatch(name):
            with contextlib.suppress(LookupError, UnicodeDecodeError):
                return data.decode(name), name
        raise
