"""The chat: a question in, a cited answer out, with the limits of the search below it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import gradio as gr

from qa import Filters, GuiwenError, conversation
from qa.conversation import Again
from qa.words import CHINESE
from web.chat_desk import Desk, Messages, Step, Turns, kept
from web.chat_parts import EXAMPLES, Parts, lay_out, offered
from web.workplace import Workplace

Row = tuple[object, ...]


def tab(place: Workplace) -> None:
    """Lay out the chat, the question box, the examples and the limits, and connect them."""
    desk = Desk(place)

    # Gradio marks what scripts may call, and a method cannot be marked.
    def menu(asked: list[str | None]) -> str:
        return desk.menu(asked)

    def standard(asked: list[str | None]) -> str:
        return desk.standard(asked)

    parts = lay_out(place, [menu, standard])
    _connect(parts, place, _Handlers(desk))


@dataclass(frozen=True)
class _Handlers:
    """What the components of the chat set off; rows are in the order of ``Parts.outputs``."""

    desk: Desk

    def respond(  # noqa: PLR0913, PLR0917 - one for each component
        self, text: str, library: str, shown: Messages, turns: Turns,
        documents: list[str], regions: list[str], year: int, lifted: bool,
    ) -> Iterator[Row]:  # fmt: skip
        filters = Filters(frozenset(documents), frozenset(regions), year or None, lifted)
        for step in self.desk.ask(Again(text, filters=filters), library, shown, turns):
            yield _row(step, library)

    def again(self, wish: str, library: str, shown: Messages, turns: Turns) -> Iterator[Row]:
        with _told():
            asked = conversation.read(Again, wish)
        for step in self.desk.ask(asked, library, shown, turns):
            yield _row(step, library)

    def reopen(self, saved: str) -> Iterator[Row]:
        with _told():
            for step, library in self.desk.reopen(saved):
                yield *_row(step, library), library

    def judge(self, said: str, library: str, turns: Turns) -> None:
        say = self.desk.place.say
        try:
            gr.Info(self.desk.judge(said, library, turns), title=say("谢谢"))
        except GuiwenError as error:
            gr.Warning(str(error), title=say("没有记下"))

    def restart(self, library: str) -> Row:
        return _row(Step([], (), ""), library)

    def following(self, library: str, turns: Turns) -> str:
        return self.desk.following(library, turns)

    def offered(self, library: str) -> list[object]:
        return offered(self.desk.place.living(library), self.desk.place.say)


@contextmanager
def _told() -> Iterator[None]:
    """Show what is wrong with what the page handed back, in plain words."""
    try:
        yield
    except GuiwenError as error:
        raise gr.Error(str(error), print_exception=False) from error


def _row(step: Step, library: str) -> Row:
    if step.grows:
        return step.shown, *[gr.skip() for _ in range(6 + EXAMPLES)]
    begun = bool(step.shown)
    examples = [gr.update(visible=not begun) for _ in range(EXAMPLES)]
    left = gr.skip() if step.left is None else step.left
    held = kept(step, library)
    return step.shown, left, step.shown, step.turns, held, gr.update(visible=begun), "", *examples


def _connect(parts: Parts, place: Workplace, do: _Handlers) -> None:
    given = [place.library, parts.shown, parts.turns]
    # Only asking is told of in the description of the interface: it is long, and on every page.
    quiet = {"show_progress": "hidden", "api_visibility": "private"}
    outputs, reach = parts.outputs, parts.reach
    asked = parts.box.submit(
        do.respond, [parts.box, *given, *parts.limits], outputs, show_progress="hidden",
        api_name="ask" if place.say.language == CHINESE.language else "ask_en",
    )  # fmt: skip
    chosen = [
        one(do.respond, [source, *given, *parts.limits], outputs, **quiet)
        for source, one in [(reach, reach.input), *((b, b.click) for b in parts.examples)]
    ]
    again = reach.submit(do.again, [reach, *given], outputs, **quiet)
    reopened = reach.select(do.reopen, reach, [*outputs, place.library], **quiet)
    for answered in (asked, *chosen, again, reopened):
        # What to ask next comes after the answer, and holds up no other question.
        answered.then(do.following, [place.library, parts.turns], parts.following, **quiet)
    reach.like(do.judge, [reach, place.library, parts.turns], None, **quiet)
    parts.clear.click(do.restart, place.library, outputs, **quiet)
    # A page that is opened later offers what the library holds by then.
    gr.on(None, do.offered, place.library, parts.offers, **quiet)
    place.library.change(do.offered, place.library, parts.offers, **quiet)
