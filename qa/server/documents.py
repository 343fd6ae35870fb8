"""The documents of a library: list, read, add, replace, delete – as ``guiwen add`` and ``remove``."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from pydantic import BaseModel

from index import Changes, InputError, SourceError, read_sources, renamed, update
from qa.report import build_data
from qa.server.context import check_may_write, library_of, server_of
from qa.server.errors import CallError
from qa.server.libraries import Library
from qa.server.replies import DocumentOut, DocumentText, document_out
from qa.server.service import fetched, unknown_document

_LONGEST_NAME = 200
Named = Annotated[str | None, Query(alias="library", max_length=64, description="资料库的名称")]


router = APIRouter(tags=["文件"])


class DocumentList(BaseModel):
    """Some of the documents, in order of their names, and how many there are."""

    library: str
    total: int
    documents: list[DocumentOut]


class Changed(BaseModel):
    """What became of a change; ``report`` is that of ``guiwen add --json``."""

    library: str
    document: str
    report: dict[str, Any]


@router.get("/documents", summary="列出文件")
async def listed(
    request: Request,
    named: Named = None,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> DocumentList:
    """List the documents of a library."""
    library = library_of(request, named)

    def make() -> DocumentList:
        engine = library.engine
        held = list(engine.index.catalogue)
        shown = (engine.index.documents[name] for name in held[offset : offset + limit])
        rows = [document_out(one, library.name, engine) for one in shown]
        return DocumentList(library=library.name, total=len(held), documents=rows)

    return await server_of(request).run(make)


@router.get("/documents/{document:path}", summary="读取文件")
async def read(
    request: Request,
    document: str,
    named: Named = None,
    start: Annotated[int, Query(ge=0)] = 0,
    end: Annotated[int | None, Query(ge=0)] = None,
) -> DocumentText:
    """Return a document with its text, or the part of it from ``start`` to ``end``."""
    library = library_of(request, named)
    return await server_of(request).run(fetched, library, document, start, end)


@router.post("/documents", summary="加入文件", status_code=201)
async def added(
    request: Request,
    file: Annotated[UploadFile, File(description="txt、md、html、pdf、docx、xlsx 或 csv")],
    name: Annotated[
        str | None, Form(max_length=_LONGEST_NAME, description="在索引中的名称，默认为文件名")
    ] = None,
    named: Named = None,
) -> Changed:
    """Put a new document into a library."""
    library = library_of(request, named)
    check_may_write(request, library)
    wanted = name or file.filename or ""
    return await server_of(request).run(_put, library, wanted, file.file, new=True)


@router.put("/documents/{document:path}", summary="换成新版本")
async def replaced(
    request: Request,
    document: str,
    file: Annotated[UploadFile, File(description="新版本，格式不变")],
    named: Named = None,
) -> Changed:
    """Put a new version of a document in the place of the old one."""
    library = library_of(request, named)
    check_may_write(request, library)
    return await server_of(request).run(_put, library, document, file.file, new=False)


@router.delete("/documents/{document:path}", summary="移出文件")
async def deleted(request: Request, document: str, named: Named = None) -> Changed:
    """Take a document out of a library."""
    library = library_of(request, named)
    check_may_write(request, library)
    return await server_of(request).run(_remove, library, document)


def _put(library: Library, name: str, content: BinaryIO, *, new: bool) -> Changed:
    if not name.isprintable() or not 0 < len(name) <= _LONGEST_NAME:
        raise InputError("文件名应为 1 到 200 个可显示的字。请换一个名称。")
    with TemporaryDirectory(prefix="guiwen-") as place, _changing(library) as folder:
        if (name in library.engine.index.documents) == new:
            raise _exists(name) if new else unknown_document(name)
        # The caller's name is never a path of ours.
        path = Path(place) / f"upload{PurePosixPath(name).suffix[:16]}"
        path.write_bytes(content.read())
        try:
            reading = read_sources([path])
        except SourceError as error:
            told = str(error).replace(str(path), name).replace(path.name, name)
            raise SourceError(told) from error
        document = renamed(reading.documents[0], name)
        report = update(folder, Changes(put=(document,), files={name: path}))
        notes = tuple(replace(one, path=Path(name)) for one in reading.skipped)
    return _changed(library, name, build_data(replace(report, skipped=notes)))


def _remove(library: Library, name: str) -> Changed:
    with _changing(library) as folder:
        held = library.engine.index.documents
        if name not in held:
            raise unknown_document(name)
        if len(held) == 1:
            raise CallError(409, f"“{name}”是资料库中唯一的文件，不能移出：索引不能是空的。")
        report = update(folder, Changes(removed=(name,)))
    return _changed(library, name, build_data(report))


@contextmanager
def _changing(library: Library) -> Iterator[Path]:
    """Hold the library for one change; the index itself keeps other processes out."""
    if library.folder is None:
        raise ValueError("expected a library with a folder")
    if not library.changing.acquire(blocking=False):
        raise CallError(409, "资料库正在更新。请稍后再试。", "changing", retry=5)
    try:
        yield library.folder
    finally:
        library.changing.release()


def _exists(name: str) -> CallError:
    return CallError(409, f"资料库中已有文件“{name}”。换成新版本请用 PUT。", "exists")


def _changed(library: Library, name: str, report: dict[str, Any]) -> Changed:
    """The report without the folder, which is no business of callers; the new version is opened."""
    report.pop("folder")
    _ = library.engine
    return Changed(library=library.name, document=name, report=report)
