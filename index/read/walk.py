"""The files of a folder: what is no plain file, or cannot be named, is told and never opened."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from index.errors import SourceError

_MISSING = "不存在"
_KINDS = (
    (stat.S_ISFIFO, "管道"),
    (stat.S_ISSOCK, "套接字"),
    (stat.S_ISCHR, "设备"),
    (stat.S_ISBLK, "设备"),
)


def files(source: Path) -> Iterator[tuple[Path, str, str]]:
    """Yield (path, its name below ``source``, why it is not read) in order; "" where it is read.

    Hidden files and folders are not looked at; links to folders are told but not followed, since
    they may lead round in circles.

    Raises:
        SourceError: ``source`` does not exist, is no file or folder, or has a name of no text.
    """
    if why := _unnamed(str(source)):
        raise SourceError(f"“{shown(source)}”：{why}。")
    why, is_folder = _why_not(source)
    if why == _MISSING:
        raise SourceError(f"找不到“{source}”：应为已有的文件或文件夹。请检查路径。")
    if why:
        raise SourceError(f"“{source}”{why}：应为已有的文件或文件夹。请检查路径。")
    if not is_folder:
        yield source, source.name, ""
        return
    found: list[tuple[Path, str]] = []

    def unread(error: OSError) -> None:
        found.append((Path(error.filename), f"文件夹无法打开：{error.strerror}"))

    for folder, inner, names in os.walk(source, onerror=unread):
        inner[:] = [name for name in inner if not name.startswith(".")]
        links = [name for name in inner if _is_link(Path(folder) / name)]
        found += [(Path(folder) / name, "是指向文件夹的链接，没有跟进") for name in links]
        for name in names:
            if not name.startswith("."):
                path = Path(folder) / name
                found.append((path, _unnamed(name) or _why_not(path)[0]))
    for path, why in sorted(found):
        yield path, path.relative_to(source).as_posix(), why


def plain(path: Path) -> os.stat_result:
    """Return what the system says of ``path``.

    Raises:
        SourceError: reading it might never end, since it is no plain file.
        OSError: it cannot be looked at.
    """
    found = path.stat()
    if why := _no_file(found.st_mode):
        raise SourceError(f"“{path}”{why}，没有读取。请换成普通的文件。")
    return found


def shown(path: Path) -> Path:
    """``path`` as it can be printed; a name in an old Chinese encoding is decoded."""
    data = os.fsencode(path)
    for encoding in ("utf-8", "gb18030"):
        try:
            return Path(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return Path(data.decode("utf-8", "replace"))


def _unnamed(name: str) -> str:
    try:
        name.encode()
    except UnicodeEncodeError:
        return (
            "名称不是 UTF-8 编码，多半来自 GBK 编码的压缩包。请改名，或用支持中文名的程序重新解压"
        )
    return ""


def _why_not(path: Path) -> tuple[str, bool]:
    """Why ``path`` is not read, "" where it is, and whether it is a folder."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        if _is_link(path):
            return "是链接，所指的文件不存在", False
        missing = isinstance(error, FileNotFoundError | NotADirectoryError)
        return _MISSING if missing else f"无法打开：{error.strerror}", False
    return ("", True) if stat.S_ISDIR(mode) else (_no_file(mode), False)


def _is_link(path: Path) -> bool:
    try:
        return path.is_symlink()
    except OSError:  # a name too long
        return False


def _no_file(mode: int) -> str:
    if stat.S_ISREG(mode):
        return ""
    kind = next((word for test, word in _KINDS if test(mode)), "文件夹")
    return f"是{kind}，不是普通的文件"
