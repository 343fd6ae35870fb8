"""Several libraries side by side, each an index of its own, under names."""

from collections.abc import Mapping
from types import MappingProxyType

from qa.engine import Engine
from qa.living import Living


class Shelf:
    """Gives libraries by name; the first one is where a user begins."""

    def __init__(self, engines: Mapping[str, Engine]) -> None:
        """Hold ``engines`` by the names of their libraries.

        Raises:
            ValueError: there is none.
        """
        if not engines:
            raise ValueError("a shelf holds at least one library")
        self._held = {name: Living(engine) for name, engine in engines.items()}

    @property
    def libraries(self) -> Mapping[str, Living]:
        """The libraries by name, in the order in which they are offered."""
        return MappingProxyType(self._held)

    def get(self, name: str | None) -> Living:
        """Return the library ``name``; the first, if there is none of this name."""
        first = next(iter(self._held.values()))
        return self._held.get(name, first) if name else first
