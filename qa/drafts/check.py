"""check(): a draft and an engine → findings in reading order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qa.drafts.claims import claims
from qa.drafts.judge import Judge
from qa.drafts.nouns import Checked, Draft
from qa.drafts.sources import Sources
from qa.engine import Engine

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Checking:
    """A check under way: ``done`` of ``total`` claims, and what was found in them."""

    done: int
    total: int
    checked: Checked


def checking(draft: Draft, engine: Engine) -> Iterator[Checking]:
    """Match the claims of ``draft`` with the sources of ``engine``, claim by claim.

    Headings, opinions and transitions are no claims: they are neither cited nor flagged. The last
    step holds all findings; whoever stops listening ends the work.
    """
    judge = Judge(Sources(engine))
    blocks = tuple(draft.blocks)
    said = claims(blocks, engine.retriever.regions.corpus)
    found = Checked(blocks, ())
    yield Checking(0, len(said), found)
    for done, claim in enumerate(said, 1):
        finding = judge.finding(claim)
        if finding is not None:
            found = Checked(blocks, (*found.findings, finding))
        yield Checking(done, len(said), found)


def check(draft: Draft, engine: Engine, progress: Progress | None = None) -> Checked:
    """Match the claims of ``draft`` with the sources of ``engine``; see :func:`checking`.

    Args:
        draft: as :func:`qa.drafts.read` returns it.
        engine: over the index to check against.
        progress: told how many claims are done, and of how many.
    """
    found = Checked(tuple(draft.blocks), ())
    for step in checking(draft, engine):
        found = step.checked
        if progress and step.done:
            progress(step.done, step.total)
    return found
