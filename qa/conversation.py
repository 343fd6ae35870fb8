"""A conversation as it is kept and taken up again: what was asked, not what was answered.

The same questions give the same answers, so that the questions are enough, and a page that gives
back a conversation can bring no answer of its own making.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from index import InputError
from qa.models import Filters
from qa.overrides import Overrides

# Questions of one conversation; characters of what a page may hand over.
MOST = 100
_LONGEST = 400_000

Noun = TypeVar("Noun")


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation.

    ``after`` is the number of turns before it that it builds on: a question that is asked again
    with another reading builds on what it built on first. ``said`` is what later questions build
    on, where that is not ``text``.
    """

    text: str
    overrides: Overrides = field(default_factory=Overrides)
    filters: Filters = field(default_factory=Filters)
    after: int = 0
    said: str = ""

    def history(self, turns: Sequence["Turn"]) -> list[str]:
        """The earlier questions that this one builds on, oldest first; ``turns`` are those before."""
        return [turn.said or turn.text for turn in turns[: self.after]]


@dataclass(frozen=True, slots=True)
class Again:
    """A wish to ask: a new ``text``, or turn ``turn`` once more, read and limited otherwise."""

    text: str = ""
    turn: int = -1
    overrides: Overrides = field(default_factory=Overrides)
    filters: Filters = field(default_factory=Filters)


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns of a conversation and the library that they were asked of."""

    turns: tuple[Turn, ...] = ()
    library: str = ""


def written(noun: object) -> str:
    """Return one of these nouns as JSON."""
    return msgspec.json.encode(noun).decode()


def read(kind: type[Noun], text: str | None) -> Noun:
    """Read a noun that a page hands over.

    Raises:
        InputError: it is no ``kind``, or larger than a page of ours would make it.
    """
    try:
        if len(text or "") > _LONGEST:
            raise msgspec.ValidationError("too long")
        return msgspec.json.decode(text or "", type=kind)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise InputError("网页交回的内容无法识别，可能来自旧版本。请重新载入网页。") from error


def resumed(text: str | None) -> Conversation:
    """Read a conversation that a page kept.

    Raises:
        InputError: it is none, or its turns build on ones that are not there.
    """
    found = read(Conversation, text)
    if any(not 0 <= turn.after <= at for at, turn in enumerate(found.turns)):
        raise InputError("保存的对话已损坏，无法打开。请从历史中删除它。")
    return Conversation(found.turns[:MOST], found.library)


def next_turn(wish: Again, turns: Sequence[Turn]) -> Turn:
    """The turn that ``wish`` asks for, after ``turns``.

    Raises:
        InputError: the conversation is full, or there is no such turn to ask again.
    """
    if len(turns) >= MOST:
        raise InputError(f"一段对话最多 {MOST} 问。请点“新对话”再问。")
    if wish.turn < 0:
        return Turn(wish.text, wish.overrides, wish.filters, len(turns))
    if wish.turn >= len(turns):
        raise InputError("要重问的问题已不在这段对话里。请重新输入。")
    first = turns[wish.turn]
    return Turn(first.text, wish.overrides, wish.filters, first.after)
