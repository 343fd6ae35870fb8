"""Documents, passages and figures that are fetched when they are looked at."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from threading import RLock
from typing import Any, Generic, TypeVar, overload

import numpy as np

from index.documents import Document, Layout
from index.milvus.rows import Rows

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """What was fetched last, up to ``most``; safe for threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[Key, Value] = OrderedDict()
        self._lock = RLock()

    def get(self, key: Key) -> Value | None:
        """Return what is held of ``key``."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Hold ``value``, and let go of what was longest not asked for."""
        with self._lock:
            self._held[key] = value
            self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)


class LateDocument(Document):
    """A document of the catalogue, whose text and layout are fetched when they are read."""

    __slots__ = ("_fetch",)
    _fetch: Callable[[str], Document]

    def __init__(self, bare: Document, fetch: Callable[[str], Document]) -> None:
        for one in fields(Document):
            if one.name not in {"text", "layout"}:
                object.__setattr__(self, one.name, getattr(bare, one.name))
        object.__setattr__(self, "_fetch", fetch)

    @property
    def text(self) -> str:
        """The source as read."""
        return self._fetch(self.id).text

    @property
    def layout(self) -> Layout | None:
        """How the original shows it."""
        return self._fetch(self.id).layout


class LateMapping(Mapping[str, Value]):
    """Something of each document, fetched when it is asked for."""

    def __init__(self, names: Sequence[str], fetch: Callable[[str], Value]) -> None:
        self._names = dict.fromkeys(names)
        self._fetch = fetch

    def __getitem__(self, name: str) -> Value:
        if name not in self._names:
            raise KeyError(name)
        return self._fetch(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class LateSequence(Sequence[Value]):
    """Items by their rows, fetched a block at a time."""

    def __init__(self, size: int, fetch: Callable[[Rows], list[Value]], block: int = 1000) -> None:
        self._size, self._fetch, self._block = size, fetch, block

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, at: int) -> Value: ...
    @overload
    def __getitem__(self, at: slice) -> list[Value]: ...
    def __getitem__(self, at: int | slice) -> Value | list[Value]:
        if isinstance(at, slice):
            return self._fetch(np.arange(*at.indices(self._size), dtype=np.int64))
        row = at + self._size if at < 0 else at
        if not 0 <= row < self._size:
            raise IndexError(at)
        return self._fetch(np.array([row], dtype=np.int64))[0]

    def __iter__(self) -> Iterator[Value]:
        for first in range(0, self._size, self._block):
            yield from self[first : first + self._block]


class AllAtOnce(Sequence[Value]):
    """Items that are fetched together, when the first is looked at."""

    def __init__(self, size: int, fetch: Callable[[], Sequence[Value]]) -> None:
        self._size, self._fetch = size, fetch
        self._held: Sequence[Value] | None = None
        self._lock = RLock()

    def _all(self) -> Sequence[Value]:
        with self._lock:
            if self._held is None:
                self._held = self._fetch()
            return self._held

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, at: Any) -> Any:  # noqa: ANN401 - Sequence wants slices too
        return self._all()[at]

    def __iter__(self) -> Iterator[Value]:
        return iter(self._all())
