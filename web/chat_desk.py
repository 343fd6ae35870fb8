"""What the chat does: asks, asks again, takes up a conversation, notes what users say."""

import logging
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from threading import Lock

from qa import Answer, Engine, GuiwenError, InputError, conversation, feedback, present
from qa.comparison.answered import asked_of
from qa.conversation import Again, Conversation, Turn
from qa.offers import Wanted, offers
from qa.present.comparison import link
from qa.suggest import suggest
from qa.words import Words
from web.workplace import Workplace

UNFORESEEN = "出现了没有预料到的问题，这一问没有得到回答。请换一种问法；若仍出现，请查看程序日志。"

Messages = list[dict[str, str]]
Turns = tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """The chat at one moment: its messages, its turns, and what is left in the question box.

    While an answer ``grows``, only the messages change: the rest need not be sent. ``left`` is None
    where what stands in the box is to be left alone.
    """

    shown: Messages
    turns: Turns
    left: str | None = None
    grows: bool = False


class Recent:
    """The answers given last, so that what follows from one need not ask for it again."""

    _MOST = 64

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[int, Turn, tuple[str, ...]], tuple[Engine, Answer]]
        self._held = OrderedDict()
        self._lock = Lock()

    def keep(self, engine: Engine, turn: Turn, history: list[str], answer: Answer) -> None:
        """Hold ``answer``, which ``engine`` gave; the oldest goes."""
        with self._lock:
            self._held[id(engine), turn, tuple(history)] = engine, answer
            if len(self._held) > self._MOST:
                self._held.popitem(last=False)

    def find(self, engine: Engine, turn: Turn, history: list[str]) -> Answer | None:
        """Return what ``engine`` answered to ``turn``, if it is still held."""
        with self._lock:
            found = self._held.get((id(engine), turn, tuple(history)))
        return found[1] if found else None


@dataclass(frozen=True)
class Desk:
    """Answers in the chat of one page."""

    place: Workplace
    recent: Recent = field(default_factory=Recent)

    def ask(self, wish: Again, library: str, shown: Messages, turns: Turns) -> Iterator[Step]:
        """Yield the chat as the answer to ``wish`` grows; what goes wrong is told in it."""
        engine, say = self.place.living(library).engine, self.place.say
        text = wish.text if wish.turn < 0 else ""
        try:
            turn = conversation.next_turn(wish, turns)
        except InputError as error:
            yield Step([*shown, *_told(present.problem(str(error)))], turns, text)
            return
        documents = engine.index.documents
        head = present.asked(turn.text, say, present.changes(turn, documents, say))
        said = [*shown, {"role": "user", "content": head}]
        yield Step([*said, *_told(present.waiting(say))], turns, "")
        try:
            for html, done in self._answer(engine, turn, turns):
                after = turns if done is None else (*turns, done)
                yield Step([*said, *_told(html)], after, grows=done is None)
        except GuiwenError as error:
            yield Step([*said, *_told(present.problem(str(error)))], turns, text)
        except Exception:  # the last edge: the user gets plain words, the log gets the rest
            logging.getLogger("guiwen").exception("question failed")
            yield Step([*said, *_told(present.problem(say(UNFORESEEN)))], turns, text)

    def reopen(self, kept: str) -> Iterator[tuple[Step, str]]:
        """Yield the chat of a conversation that the page kept, and its library, as it is asked anew.

        Raises:
            InputError: it is no conversation.
        """
        held = conversation.resumed(kept)
        libraries = self.place.shelf.libraries
        library = held.library if held.library in libraries else next(iter(libraries))
        step = Step([], ())
        for turn in held.turns:
            *_, step = self._again(turn, library, step)
            yield step, library

    def _again(self, turn: Turn, library: str, step: Step) -> Iterator[Step]:
        engine, say = self.place.living(library).engine.verbatim, self.place.say
        head = present.asked(turn.text, say, present.changes(turn, engine.index.documents, say))
        said = [*step.shown, {"role": "user", "content": head}]
        try:
            for html, done in self._answer(engine, turn, step.turns):
                yield Step([*said, *_told(html)], (*step.turns, done or turn))
        except GuiwenError as error:
            yield Step([*said, *_told(present.problem(str(error)))], (*step.turns, turn))

    def _answer(
        self, engine: Engine, turn: Turn, turns: Turns
    ) -> Iterator[tuple[str, Turn | None]]:
        """Yield the answer to ``turn`` as HTML; in the end with the turn as it is to be kept."""
        say, documents = self.place.say, engine.index.documents
        history = turn.history(turns)
        last: list[Answer] = []
        answers = _noting(
            engine.ask_stream(turn.text, history, turn.filters, overrides=turn.overrides), last
        )
        html = ""
        for grown in present.live(answers, documents, present.Asked(turn, len(turns)), say):
            if html:
                yield html, None
            html = grown
        done = replace(turn, said=last[0].question.search if turn.overrides else "")
        if engine.model is None:
            self.recent.keep(engine, done, history, last[0])
        yield html + _as_table(engine, last[0], say), done

    def following(self, library: str, turns: Turns) -> str:
        """Return as HTML what to ask next after the last of ``turns``; "" where there is nothing."""
        if not turns:
            return ""
        engine = self.place.living(library).engine.verbatim
        try:
            return present.following(
                suggest(engine, self._told_last(engine, turns)), self.place.say
            )
        except GuiwenError:
            return ""

    def _told_last(self, engine: Engine, turns: Turns) -> Answer:
        """The quoted answer to the last of ``turns``: as it was just given, or asked for again."""
        turn = turns[-1]
        history = turn.history(turns)
        return self.recent.find(engine, turn, history) or engine.ask(
            turn.text, history, turn.filters, overrides=turn.overrides
        )

    def judge(self, said: str, library: str, turns: Turns) -> str:
        """Keep what the user says of an answer; return where.

        Args:
            said: ``number:verdict:remark``.
            library: that was asked.
            turns: of the conversation.

        Raises:
            InputError: no such answer or verdict, or a remark that is too long.
            StoreError: the file cannot be written.
        """
        number, _, rest = said.partition(":")
        named, _, remark = rest.partition(":")
        verdict = next((one for one in present.VERDICTS if one == named), None)
        if not number.isdigit() or int(number) >= len(turns):
            raise InputError("这条回答已不在这段对话里，没有记下。请重新提问。")
        if verdict is None:
            raise InputError("网页交回的内容无法识别，可能来自旧版本。请重新载入网页。")
        turn, engine = turns[int(number)], self.place.living(library).engine
        history = turn.history(turns)
        answer = engine.verbatim.ask(turn.text, history, turn.filters, overrides=turn.overrides)
        path = feedback.default_path()
        one = feedback.said(
            verdict, answer, history, remark=remark, overrides=turn.overrides,
            filters=turn.filters, library=library, written=engine.model is not None,
        )  # fmt: skip
        feedback.keep(one, path)
        return self.place.say("已记在本机：{path}", path=path)

    def menu(self, asked: list[str | None]) -> str:
        """Return what a part of a reading can be changed to, as HTML.

        Args:
            asked: what is to be changed, the library, and what was typed; a script's arguments
                come as one list.
        """
        wanted, library, typed = asked
        try:
            found = conversation.read(Wanted, wanted)
            engine = self.place.living(library).engine
            return present.menu(offers(engine, found, typed or ""), found.part, self.place.say)
        except GuiwenError as error:
            return present.problem(str(error))

    def standard(self, asked: list[str | None]) -> str:
        """Return the quotation at a place with its reference after GB/T 7714; "" if it is gone."""
        place, library = asked
        try:
            return present.standard(self.place.living(library).engine.index, place or "")
        except GuiwenError:
            return ""


def kept(step: Step, library: str) -> str:
    """What the page is to keep of a conversation."""
    return conversation.written(Conversation(step.turns, library))


def _as_table(engine: Engine, answer: Answer, say: Words) -> str:
    """Return a button that opens what ``answer`` compared as a table; "" for other answers."""
    if answer.kind != "comparison" or answer.abstained:
        return ""
    asked = asked_of(engine.catalogue, answer)
    return link(asked, say) if asked else ""


def _told(html: str) -> Messages:
    return [{"role": "assistant", "content": html}]


def _noting(answers: Iterable[Answer], last: list[Answer]) -> Iterator[Answer]:
    """Pass on ``answers``; ``last`` holds the one that was passed on last."""
    for answer in answers:
        last[:] = [answer]
        yield answer
