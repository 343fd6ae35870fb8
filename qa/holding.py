"""What stands behind a library: its index, and its own sources if it has any; how both change.

Three kinds. A library that was made here has a folder of sources of its own; a change is made in
that folder and in the index. For an index that was made elsewhere the sources belong to someone
else and are never touched; a change is made in the index alone. One with a reason to be left alone
is not changed at all.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock, Timeout

from index import (
    Changes,
    Document,
    GuiwenError,
    IndexLockedError,
    InputError,
    StoreError,
    edited,
    tell,
    update,
    withdraw,
)
from qa.engine import Engine
from qa.intake import Incoming, Place, taken_in

Progress = Callable[[str, int, int], None]
_LOCK = ".changing"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a change: documents done, files refused and why, what else is to be told."""

    done: tuple[str, ...]
    refused: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Holding:
    """Where the documents of a library live: its ``index``, its own ``sources`` if it has any.

    ``locked`` says why nothing may be changed; "" if it may.
    """

    index: Path
    sources: Path | None = None
    locked: str = ""

    def add(self, engine: Engine, files: Sequence[Path], progress: Progress) -> Outcome:
        """Take ``files`` in under their own names; those that cannot be are told, each with why.

        Raises:
            InputError: it is locked, or none of the files can be taken in.
            IndexLockedError: someone else is changing the library.
            StoreError: its folders cannot be written.
        """
        with self._changing(), self._staging() as staging:
            held = engine.renewed().index.documents
            incoming, refused = taken_in(files, staging, held, progress)
            if not incoming:
                raise InputError("；".join(f"{name}：{why}" for name, why in refused.items()))
            self._put(incoming, (), progress)
        notes = tuple(note for one in incoming for note in one.notes)
        return Outcome(tuple(one.document.id for one in incoming), refused, notes)

    def replace(
        self, engine: Engine, name: str, seen: str, file: Path, progress: Progress
    ) -> Outcome:
        """Put ``file`` in the place of the document ``name``, which is as it was when ``seen``.

        What a person said of its metadata goes on to be said.

        Raises:
            InputError: it is locked, the file cannot be taken in, the document has changed.
            IndexLockedError, StoreError: as :meth:`add`.
        """
        with self._changing(), self._staging() as staging, self._manifest_kept():
            held = dict(engine.renewed().index.documents)
            _same(held, name, seen)
            said = withdraw(self.sources, name) if self.sources else {}
            place = Place(name, said)
            incoming, refused = taken_in([file], staging, held, progress, place)
            if not incoming:
                raise InputError("；".join(refused.values()))
            document = incoming[0].document
            if document.id != name and document.id in held:
                raise InputError(f"资料库中已有“{document.id}”，不能再用这个名称。请先移出它。")
            self._put(incoming, () if document.id == name else (name,), progress)
            if self.sources and document.id != name:
                (self.sources / name).unlink(missing_ok=True)
            if self.sources and said:
                tell(self.sources, document, said)
        return Outcome((document.id,), notes=incoming[0].notes)

    def remove(self, engine: Engine, name: str, seen: str, progress: Progress) -> Outcome:
        """Take the document ``name``, which is as it was when ``seen``, out of the library.

        Raises:
            InputError: it is locked, the document has changed, or is the last one.
            IndexLockedError, StoreError: as :meth:`add`.
        """
        with self._changing():
            held = engine.renewed().index.documents
            _same(held, name, seen)
            if len(held) == 1:
                raise InputError("这是资料库中唯一的文件，不能移出：资料库至少要有一份文件。")
            update(self.index, Changes(removed=(name,)), progress)
            if self.sources:
                withdraw(self.sources, name)
                (self.sources / name).unlink(missing_ok=True)
        return Outcome((name,))

    def edit(
        self, engine: Engine, name: str, seen: str, values: Mapping[str, str], progress: Progress
    ) -> Outcome:
        """Say ``values`` of the metadata of ``name``, which is as it was when ``seen``.

        Only that document is analysed again.

        Raises:
            InputError: it is locked, a value cannot be, or the document has changed.
            IndexLockedError, StoreError: as :meth:`add`.
        """
        with self._changing(), self._manifest_kept():
            index = engine.renewed().index
            _same(index.documents, name, seen)
            document = edited(index.documents[name], values)
            if document == index.documents[name]:
                return Outcome(())
            original = index.original(name)
            files = {name: original} if original else {}
            if self.sources:
                tell(self.sources, document)
            update(self.index, Changes(put=(document,), files=files), progress)
        return Outcome((name,))

    def _put(
        self, incoming: Sequence[Incoming], removed: tuple[str, ...], progress: Progress
    ) -> None:
        """Move what came in into the sources, and the index to them; all of it or nothing."""
        changes = Changes(
            put=tuple(one.document for one in incoming),
            removed=removed,
            files={one.document.id: one.path for one in incoming},
        )
        if self.sources is None:
            update(self.index, changes, progress)
            return
        undo: list[tuple[Path, Path | None]] = []
        try:
            files = {}
            for number, one in enumerate(incoming):
                path = self.sources / one.document.id
                old = one.path.with_name(f".before-{number}") if path.exists() else None
                if old is not None:
                    path.replace(old)
                undo.append((path, old))
                shutil.copyfile(one.path, path)
                files[one.document.id] = path
            update(self.index, Changes(changes.put, removed, files=files), progress)
        except BaseException:
            for path, old in undo:
                path.unlink(missing_ok=True)
                if old is not None:
                    old.replace(path)
            raise

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Be the only one who changes the library, in this program and in others."""
        if self.locked:
            raise InputError(self.locked)
        with alone(self.index):
            yield

    @contextmanager
    def _manifest_kept(self) -> Iterator[None]:
        """Put the manifest back as it was, if what is done meanwhile fails."""
        path = self.sources / "manifest.json" if self.sources else None
        before = path.read_bytes() if path and path.is_file() else None
        try:
            yield
        except BaseException:
            if path and before is not None:
                path.write_bytes(before)
            elif path:
                path.unlink(missing_ok=True)
            raise

    @contextmanager
    def _staging(self) -> Iterator[Path]:
        """A folder for files that come in; within the sources, where no reader looks."""
        with TemporaryDirectory(prefix=".new-", dir=self.sources) as folder:
            yield Path(folder)


@contextmanager
def alone(index: Path) -> Iterator[None]:
    """Hold the library of ``index`` for one change.

    Raises:
        IndexLockedError: someone else holds it.
        StoreError: its folders cannot be written.
    """
    try:
        with FileLock(index / _LOCK, timeout=0):
            yield
    except (Timeout, IndexLockedError) as error:
        raise IndexLockedError(
            "另一个窗口或程序正在更改这个资料库，这次更改没有进行。请等它完成后再试。"
        ) from error
    except GuiwenError:
        raise
    except OSError as error:
        raise StoreError(
            f"资料库无法写入：{error.strerror or error}。没有更改；请检查权限和磁盘空间。"
        ) from error


def mark(document: Document) -> str:
    """Return what tells this version of a document, metadata included, from others."""
    from zlib import crc32

    fields = ("title", "region", "level", "period", "issuer", "number", "issued")
    told = [str(getattr(document, name)) for name in fields]
    return f"{document.sha256[:16]}-{crc32('|'.join(told).encode()):08x}"


def _same(held: Mapping[str, Document], name: str, seen: str) -> None:
    if name not in held:
        raise InputError(f"资料库中已经没有“{name}”，它可能在另一个窗口中被移出。请刷新列表。")
    if mark(held[name]) != seen:
        raise InputError(
            f"“{held[name].title}”在您打开之后已被更改（可能在另一个窗口中）。没有覆盖它；请重新打开再改。"
        )
