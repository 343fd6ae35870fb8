"""Where the libraries live that users make: a folder each, with its sources and their index."""

import logging
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

from index import (
    BuildOptions,
    GuiwenError,
    Index,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    InputError,
    StoreError,
    build,
)
from qa.engine import Engine
from qa.holding import Holding, Outcome, Progress, alone
from qa.intake import taken_in

ENVIRONMENT = "GUIWEN_LIBRARIES"
LONGEST = 30
_SOURCES, _INDEX = "sources", "index"
# Seconds after which what a broken run has left is swept away.
_STALE = 86_400


def default_home() -> Path:
    """The folder of libraries that is used without ``--libraries``: of the environment or user."""
    from platformdirs import user_data_path

    named = os.environ.get(ENVIRONMENT)
    return Path(named) if named else user_data_path("guiwen") / "libraries"


class Home:
    """The libraries in ``folder``; each is one folder, moved in whole and moved away whole."""

    def __init__(self, folder: Path) -> None:
        """Nothing is written before the first library is made."""
        self._folder = folder

    def opened(self, like: Engine) -> Iterator[tuple[str, Engine, Holding]]:
        """Open the libraries, in order of their names, with the options of ``like``.

        An index of another version, or a damaged one, is made anew of its sources. One that cannot
        be opened at all is told to the log and left as it is.
        """
        self._sweep()
        for folder in sorted(self._folder.glob("*")):
            if folder.name.startswith(".") or not (folder / _SOURCES).is_dir():
                continue
            holding = _holding(folder)
            try:
                yield folder.name, _engine(holding, like), holding
            except GuiwenError as error:
                logging.getLogger("guiwen").error("资料库“%s”无法打开：%s", folder.name, error)

    def checked(self, name: str) -> str:
        """Return ``name`` without blanks around it.

        Raises:
            InputError: it cannot be the name of a library.
        """
        name = " ".join(name.split())
        if not name:
            raise InputError("请给资料库起一个名称。")
        if len(name) > LONGEST:
            raise InputError(f"名称有 {len(name)} 字，太长：应不超过 {LONGEST} 字。")
        if name.startswith(".") or not name.isprintable() or set(name) & set('/\\<>:"|?*'):
            raise InputError(
                '名称不能以点开头，也不能有 / \\ < > : " | ? * 这些符号。请换一个名称。'
            )
        return name

    def create(
        self, name: str, files: Sequence[Path], like: Engine, progress: Progress
    ) -> tuple[Engine, Holding, Outcome]:
        """Make the library ``name`` of ``files``; it is there when all of it is done, or not.

        Raises:
            InputError: the name is taken, or none of the files can be read.
            StoreError: it cannot be written.
        """
        if not files:
            raise InputError("请选择要放入新资料库的文件：资料库至少要有一份文件。")
        home = self._folder / self.checked(name)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if home.exists():
                raise InputError(f"已有名为“{name}”的资料库。请换一个名称。")
            made = Path(mkdtemp(prefix=".new-", dir=self._folder))
            try:
                outcome = _filled(made, files, like, progress)
                made.rename(home)
            except BaseException:
                shutil.rmtree(made, ignore_errors=True)
                raise
        except OSError as error:
            raise StoreError(
                f"资料库“{name}”无法建立：{error.strerror or error}。请检查权限和磁盘空间。"
            ) from error
        holding = _holding(home)
        return _engine(holding, like), holding, outcome

    def delete(self, name: str) -> None:
        """Delete the library ``name`` and the files that were put into it.

        Raises:
            InputError: there is none.
            IndexLockedError: someone is changing it.
            StoreError: it cannot be moved away.
        """
        home = self._folder / self.checked(name)
        if not home.is_dir():
            raise InputError(f"资料库“{name}”已经删除。请刷新页面。")
        away = self._folder / f".old-{os.getpid()}-{time.time_ns()}"
        with alone(home / _INDEX):
            home.rename(away)
        shutil.rmtree(away, ignore_errors=True)

    def _sweep(self) -> None:
        for one in (*self._folder.glob(".new-*"), *self._folder.glob(".old-*")):
            if time.time() - one.stat().st_mtime > _STALE:
                shutil.rmtree(one, ignore_errors=True)


def _holding(folder: Path) -> Holding:
    return Holding(folder / _INDEX, folder / _SOURCES)


def _filled(folder: Path, files: Sequence[Path], like: Engine, progress: Progress) -> Outcome:
    sources, staging = folder / _SOURCES, folder / ".staging"
    sources.mkdir()
    incoming, refused = taken_in(files, staging, {}, progress)
    if not incoming:
        raise InputError("；".join(f"{name}：{why}" for name, why in refused.items()))
    for one in incoming:
        one.path.rename(sources / one.document.id)
    shutil.rmtree(staging)
    _build(_holding(folder), like, progress)
    done = tuple(one.document.id for one in incoming)
    return Outcome(done, refused, tuple(note for one in incoming for note in one.notes))


def _build(holding: Holding, like: Engine, progress: Progress) -> None:
    if holding.sources is None:
        raise ValueError("expected a library with sources")
    options = BuildOptions(encoder=like.index.manifest.encoder, strict=False)
    build([holding.sources], holding.index, options, progress)


def _engine(holding: Holding, like: Engine) -> Engine:
    try:
        index = Index.open(holding.index, sparse=like.index.sparse_kind)
    except (IndexMissingError, IndexDamagedError, IndexMismatchError) as error:
        logging.getLogger("guiwen").warning("重新建立资料库“%s”的索引：%s", holding.index, error)
        _build(holding, like, lambda *_: None)
        index = Index.open(holding.index, sparse=like.index.sparse_kind)
    return replace(like, index=index)
