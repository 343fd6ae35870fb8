"""The sections around one place after another, each section looked at once."""

from collections.abc import Sequence

from index.documents import Section


class Around:
    """Tells the sections that hold a place; places come in ascending order, as do sections."""

    def __init__(self, sections: Sequence[Section]) -> None:
        """Begin before the first of ``sections``, which are in order of their starts."""
        self._sections = sections
        self._next = 0
        self._open: list[Section] = []

    def at(self, place: int) -> tuple[Section, ...]:
        """Return the sections that hold the character ``place``, the outermost first."""
        while self._next < len(self._sections) and self._sections[self._next].span.start <= place:
            self._open.append(self._sections[self._next])
            self._next += 1
            # Where headings come one after another, those that are over would pile up.
            if len(self._open) > 100:
                self._close(place)
        self._close(place)
        return tuple(self._open)

    def _close(self, place: int) -> None:
        self._open = [section for section in self._open if place < section.span.end]
