"""What every part of the page works on."""

from dataclasses import dataclass

import gradio as gr

from qa import GuiwenError, Living, Shelf, present
from qa.words import Words


@dataclass(frozen=True)
class Workplace:
    """The libraries, the language, and the library that the user chose on this page.

    ``library`` is the component that holds its name; a handler takes it as an input and asks
    :meth:`living` for the engine of the moment.
    """

    shelf: Shelf
    say: Words
    library: gr.components.Component

    def living(self, name: str | None) -> Living:
        """Return the library ``name``; the first without a name.

        Raises:
            InputError: it is gone meanwhile.
        """
        return self.shelf.get(name)

    def source(self, place: str, name: str | None) -> str:
        """Return the pane for ``place``, or what went wrong in plain words."""
        try:
            return present.source(self.living(name).engine.index, place, self.say)
        except GuiwenError as error:
            return present.problem(str(error))
