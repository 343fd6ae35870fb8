"""Several libraries side by side, each an index of its own, under names."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock

from index import InputError
from qa.engine import Engine
from qa.holding import Holding, Outcome, Progress
from qa.home import Home
from qa.living import Living


class Shelf:
    """Gives libraries by name; the first one is where a user begins.

    Libraries come and go while others read: what was given stays as it was.
    """

    def __init__(
        self,
        engines: Mapping[str, Engine],
        holdings: Mapping[str, Holding] | None = None,
        home: Home | None = None,
    ) -> None:
        """Hold ``engines`` by the names of their libraries, and what may be changed in each.

        Without a holding, the documents belong to someone else; see :class:`Holding`. Without a
        ``home``, no libraries can be made.

        Raises:
            ValueError: there is none.
        """
        if not engines:
            raise ValueError("a shelf holds at least one library")
        self._lock = Lock()
        self._held = {name: Living(engine) for name, engine in engines.items()}
        self._home = home
        given = holdings or {}
        self._holdings = {
            name: given.get(name) or Holding(engine.index.folder)
            for name, engine in engines.items()
        }

    @property
    def libraries(self) -> Mapping[str, Living]:
        """The libraries by name, in the order in which they are offered."""
        with self._lock:
            return dict(self._held)

    def get(self, name: str | None) -> Living:
        """Return the library ``name``; without a name, the first.

        Raises:
            InputError: there is none of this name.
        """
        return self.libraries[self.known(name)]

    def holding(self, name: str | None) -> Holding:
        """Return what may be changed in the library ``name``; without a name, in the first.

        Raises:
            InputError: there is none of this name.
        """
        return self._holdings[self.known(name)]

    def known(self, name: str | None) -> str:
        """Return ``name``, or that of the first library for none.

        Raises:
            InputError: there is none of this name.
        """
        libraries = self.libraries
        if not name:
            return next(iter(libraries))
        if name not in libraries:
            raise InputError(f"资料库“{name}”已经删除或改名。请刷新页面，另选一个资料库。")
        return name

    @property
    def grows(self) -> bool:
        """Whether libraries can be made here."""
        return self._home is not None

    def create(self, name: str, files: Sequence[Path], progress: Progress) -> Outcome:
        """Make a library of ``files``; its engine has the options of the first one.

        Raises:
            InputError: no libraries can be made here; a name that cannot be or is taken; no file
                that can be read.
            StoreError: it cannot be written.
        """
        first = self.get(None).engine
        home = self._own_home()
        name = home.checked(name)
        if name in self.libraries:
            raise InputError(f"已有名为“{name}”的资料库。请换一个名称。")
        engine, holding, outcome = home.create(name, files, first, progress)
        with self._lock:
            self._holdings = {**self._holdings, name: holding}
            self._held = {**self._held, name: Living(engine)}
        return outcome

    def delete(self, name: str) -> None:
        """Delete a library that was made here, its files included.

        Who has its engine goes on with it.

        Raises:
            InputError: it was not made here, or has gone.
            IndexLockedError: someone is changing it.
        """
        holding = self.holding(name)
        if holding.locked or holding.sources is None:
            raise InputError("这个资料库不是在网页上新建的，不能在这里删除。")
        self._own_home().delete(name)
        with self._lock:
            self._held = {key: one for key, one in self._held.items() if key != name}

    def _own_home(self) -> Home:
        if self._home is None:
            raise InputError("这里没有开放新建资料库。")
        return self._home


SEEDS = "示例"
SEEDS_LOCKED = (
    "“示例”是随程序附带的资料库，只供查阅：它与程序一起更新，改动不会保留。"
    "要放入自己的文件，请新建一个资料库。"
)
READ_ONLY = "这个网页以只读方式启动，资料库不能在这里更改。"


def stocked(engine: Engine, home: Home, *, seeds: bool, read_only: bool = False) -> Shelf:
    """Return a shelf with the library of ``engine`` first, then those that were made in ``home``.

    Args:
        engine: over the index that the user named, or over that of the seeds.
        home: where libraries are made.
        seeds: it is that of the seeds, which is not to be changed.
        read_only: no library is to be changed, nor made.
    """
    name = SEEDS if seeds else engine.index.folder.resolve().name
    engines = {name: engine}
    holdings = {name: Holding(engine.index.folder, locked=SEEDS_LOCKED if seeds else "")}
    for key, one, holding in home.opened(engine):
        if key not in engines:
            engines[key], holdings[key] = one, holding
    if read_only:
        return Shelf(engines, {k: replace(h, locked=READ_ONLY) for k, h in holdings.items()})
    return Shelf(engines, holdings, home)
