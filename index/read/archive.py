"""Zip containers of Office files, checked before any part is unpacked."""

import contextlib
import io
import zipfile
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from index.errors import SourceError

MAX_UNPACKED = 300 * 2**20
MAX_XML = 60 * 2**20  # of one part: a parsed tree takes ten times as much
_MAX_PARTS = 10_000
_MAX_RATIO = 250  # prose packs ten times, tables of one number fifty
_SMALL = 2**20  # below, the ratio does not matter


def open_archive(data: bytes, path: Path) -> zipfile.ZipFile:
    """Open ``data`` as a zip whose parts are safe to unpack and whose XML declares nothing.

    Raises:
        SourceError: damaged, encrypted, a bomb, names that lead outside, or a document type.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        _check_parts(archive, path)
        for info in archive.infolist():
            if info.filename.lower().endswith((".xml", ".rels", ".vml")):
                _check_xml(archive.read(info), info.filename, path)
            elif _may_be_read_as_xml(archive, info):
                # Its relations, not its name, say what a part is.
                with contextlib.suppress(expat.ExpatError):
                    _parse_without_types(archive.read(info), info.filename, path)
    except (
        zipfile.BadZipFile,
        EOFError,
        OSError,
        ValueError,
        LookupError,
        NotImplementedError,
    ) as error:
        raise damaged(path, error) from error
    except RuntimeError as error:
        raise SourceError(f"文件“{path}”内的部件已加密，无法读取。请去掉密码后另存。") from error
    except Exception as error:
        # zlib.error and lzma.LZMAError share no ancestor with the above.
        if type(error).__module__ in {"zlib", "_lzma", "lzma"}:
            raise damaged(path, error) from error
        raise
    return archive


def damaged(path: Path, error: Exception) -> SourceError:
    """Return the error for a container or part that cannot be read."""
    return SourceError(f"文件“{path}”不完整或已损坏：{error}。请重新下载，或用办公软件打开后另存。")


def _check_parts(archive: zipfile.ZipFile, path: Path) -> None:
    parts = archive.infolist()
    if len(parts) > _MAX_PARTS:
        raise SourceError(
            f"文件“{path}”内有 {len(parts)} 个部件，超过上限 {_MAX_PARTS}，不像正常的文件。请检查来源。"
        )
    for info in parts:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ":" in name or ".." in PurePosixPath(name).parts:
            raise SourceError(
                f"文件“{path}”内有越出文件夹的路径“{info.filename}”，可能是恶意文件，未读取。请检查来源。"
            )
        packed, size = info.compress_size, info.file_size
        if size > _SMALL and size > _MAX_RATIO * max(1, packed):
            raise SourceError(
                f"文件“{path}”内的“{info.filename}”由 {packed} 字节展开为 {size} 字节，"
                f"超过 {_MAX_RATIO} 倍，像是压缩炸弹，未读取。请检查来源。"
            )
    total = sum(info.file_size for info in parts)
    if total > MAX_UNPACKED:
        raise SourceError(
            f"文件“{path}”展开后有 {total // 2**20} MB，超过上限 {MAX_UNPACKED // 2**20} MB。"
            "请拆成几个文件后再索引。"
        )


def _check_xml(part: bytes, name: str, path: Path) -> None:
    """Office writes no document types: one that is there can only do harm."""
    if len(part) > MAX_XML:
        raise SourceError(
            f"文件“{path}”内的“{name}”有 {len(part) // 2**20} MB，超过上限 {MAX_XML // 2**20} MB。"
            "请拆成几个文件后再索引。"
        )

    try:
        _parse_without_types(part, name, path)
    except expat.ExpatError as error:
        raise damaged(path, error) from error


def _may_be_read_as_xml(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    """Whether a part of another name is XML; pictures and pages may have a document type."""
    if info.filename.lower().endswith((".svg", ".htm", ".html", ".xhtml")):
        return False
    with archive.open(info) as part:
        head = b""
        while not head and (block := part.read(4096)):
            head = block.lstrip(b" \t\r\n\0\xef\xbb\xbf\xfe\xff")
    return head.startswith(b"<")


def _parse_without_types(part: bytes, name: str, path: Path) -> None:
    def refuse(*_: object) -> None:
        raise SourceError(
            f"文件“{path}”内的“{name}”含有文档类型声明（DTD），可能是实体炸弹，未读取。请检查来源。"
        )

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.Parse(part, True)
