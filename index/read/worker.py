"""The process that reads files that others made: it may die, hang or eat memory, and alone.

Takes a JSON line {"path", "format", "ocr"} on standard input for each file and answers with a line
{"extract": …} or {"error": Chinese message}; {"path", "page"} asks for a picture of a page of a PDF.
See ``guard.py``, which starts it.
"""

import base64
import contextlib
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index.errors import SourceError
from index.layouts import to_row
from index.read.compose import Extract


def serve(memory: int) -> None:
    """Answer requests until standard input ends, with at most ``memory`` bytes of address space."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What libraries print must not mix with the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    for line in sys.stdin:
        answers.write(json.dumps(_answer(json.loads(line))) + "\n")
        answers.flush()


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    path = Path(request["path"])
    try:
        return _drawn(path, request["page"]) if "page" in request else _extract(path, request)
    except SourceError as error:
        return {"error": str(error)}
    except OSError as error:
        return {"error": f"文件“{path}”无法打开：{error.strerror}。请检查路径和权限。"}
    except MemoryError:
        return {"error": f"文件“{path}”需要的内存超过上限，未读取。请拆成几个文件，或检查来源。"}
    except RecursionError:
        return {"error": f"文件“{path}”的结构嵌套过深，未读取。请用办公软件打开后另存。"}
    except Exception as error:  # a library failed on it: the user gets plain words
        kind = type(error).__name__
        return {"error": f"文件“{path}”无法解析（{kind}：{error}）。文件可能已损坏，请打开后另存。"}


def _extract(path: Path, request: dict[str, Any]) -> dict[str, Any]:
    found = _read(path.read_bytes(), path, request["format"], ocr=request["ocr"])
    return {"extract": {**asdict(found), "layout": to_row(found.layout)}}


def _drawn(path: Path, number: int) -> dict[str, Any]:
    from index.read import pdf_image

    picture, width, height, pages = pdf_image.render(path.read_bytes(), path, number)
    shown = base64.b64encode(picture).decode("ascii")
    return {"picture": shown, "width": width, "height": height, "pages": pages}


def _read(data: bytes, path: Path, kind: str, *, ocr: bool) -> Extract:
    """Read by the reader of ``kind``; each loads its library only here."""
    if kind == "pdf":
        from index.read import pdf

        return pdf.read(data, path, ocr=ocr)
    if kind == "docx":
        from index.read import docx

        return docx.read(data, path)
    if kind == "html":
        from index.read import html

        return html.read(data, path)
    if kind == "markdown":
        from index.read import markdown

        return markdown.read(data, path)
    from index.read import sheets

    return sheets.read_csv(data, path) if kind == "csv" else sheets.read_xlsx(data, path)
