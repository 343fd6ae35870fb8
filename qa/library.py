"""Where the index of the seeds lives, and that it is there and current."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from index import IndexDamagedError, IndexMismatchError, IndexMissingError, site

if TYPE_CHECKING:
    from index import BuildReport, Site

ENVIRONMENT = "GUIWEN_INDEX"
# Beside the packages, in a checkout as in a wheel.
SEEDS = Path(__file__).parent.parent / "seeds"
QUESTIONS = SEEDS / "questions.jsonl"

Progress = Callable[[str, int, int], None]


def default_index() -> "Site":
    """The index that commands use without ``--index``: of the environment, else of the seeds."""
    from platformdirs import user_cache_path

    named = os.environ.get(ENVIRONMENT)
    return site(named) if named else user_cache_path("guiwen") / "seeds-index"


def ensure(where: "Site | None", progress: Progress) -> "tuple[Site, BuildReport | None]":
    """Return where an index is; build the default one if it is missing or out of date.

    An index that the user named is never built or replaced here.
    """
    if where is not None:
        return where, None
    chosen = default_index()
    if os.environ.get(ENVIRONMENT) or not isinstance(chosen, Path):
        return chosen, None
    from index import build, is_current

    try:
        if is_current(chosen, [SEEDS]):
            return chosen, None
    except (IndexMissingError, IndexDamagedError, IndexMismatchError):
        pass
    return chosen, build([SEEDS], chosen, progress=progress)
