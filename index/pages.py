"""Pages of the PDFs that documents were read from, as pictures."""

import atexit
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from index.errors import InputError
from index.read.guard import Guard
from index.searchable import Index

SECONDS = 20.0
# Pictures that are kept in memory, each under a megabyte.
KEPT = 24


@dataclass(frozen=True, slots=True)
class PageImage:
    """Page ``number`` of ``pages``, as a PNG or JPEG; ``width`` and ``height`` are in points.

    A :class:`Place` of the page has its box in the same points, from the upper left corner.
    """

    picture: bytes
    number: int
    pages: int
    width: float
    height: float

    @property
    def kind(self) -> str:
        """The media type of the picture."""
        return "image/png" if self.picture.startswith(b"\x89PNG") else "image/jpeg"


def page_image(index: Index, document_id: str, page: int) -> PageImage:
    """Return a picture of ``page`` of the PDF that a document of ``index`` was read from.

    It is drawn in a process of its own, with a limit of time and of memory.

    Raises:
        InputError: no such document, one that was not read from a PDF, or one that has changed.
        SourceError: no such page, or one that cannot be drawn within the limits.
        IndexMissingError, IndexDamagedError: see :meth:`Index.original`.
    """
    document = index.documents.get(document_id)
    if document is None:
        raise InputError(f"索引中没有文件“{document_id}”，它可能已经移出。请刷新页面。")
    if document.layout is None or document.layout.format != "pdf":
        raise InputError(f"“{document.title}”不是 PDF，没有页面图像。")
    path = index.original(document_id)
    if path is None:
        raise InputError(f"索引没有保存“{document.title}”的原件，没有页面图像。")
    return _DRAWN.get(document.sha256, path, page)


class _Drawn:
    """Draws one page at a time, and keeps the latest."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._guard = Guard(SECONDS)
        self._kept: OrderedDict[tuple[str, int], PageImage] = OrderedDict()

    def get(self, sha256: str, path: Path, page: int) -> PageImage:
        key = (sha256, page)
        with self._lock:
            found = self._kept.pop(key, None)
            if found is None:
                picture, width, height, pages = self._guard.picture(path, page)
                found = PageImage(picture, page, pages, width, height)
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return found

    def close(self) -> None:
        """End the process that draws."""
        self._guard.close()


_DRAWN = _Drawn()
atexit.register(_DRAWN.close)
