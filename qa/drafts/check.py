"""check(): a draft and an engine → findings in reading order."""

from collections.abc import Callable

from qa.drafts.claims import claims
from qa.drafts.judge import Judge
from qa.drafts.nouns import Checked, Draft
from qa.drafts.sources import Sources
from qa.engine import Engine

Progress = Callable[[int, int], None]


def check(draft: Draft, engine: Engine, progress: Progress | None = None) -> Checked:
    """Match the claims of ``draft`` with the sources of ``engine``.

    Headings, opinions and transitions are no claims: they are neither cited nor flagged.

    Args:
        draft: as :func:`qa.drafts.read` returns it.
        engine: over the index to check against.
        progress: told how many claims are done, and of how many.
    """
    judge = Judge(Sources(engine))
    found = []
    said = claims(draft.blocks, engine.retriever.regions.corpus)
    for done, claim in enumerate(said, 1):
        finding = judge.finding(claim)
        if finding is not None:
            found.append(finding)
        if progress:
            progress(done, len(said))
    return Checked(tuple(draft.blocks), tuple(found))
