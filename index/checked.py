"""Which large files of an index have been compared with their checksums, and are as they were then.

Comparing reads every byte: seconds for gigabytes. So what was compared once is not again while its
size, time of change and place on the disk are the same, as git does with a working tree. Small
files are always compared.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

FILE = ".checked"
# In bytes: what is smaller takes milliseconds.
LARGE = 2**23

Stamps = dict[str, list[int]]


def known(folder: Path, seal: str) -> Stamps:
    """Return the files of the generation sealed by ``seal`` that were compared, by their names."""
    try:
        noted = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return dict(noted["files"]) if noted["seal"] == seal else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def stamps(generation: Path, names: Iterable[str]) -> Stamps:
    """Return what tells that a large file is the same: size, time of change, place."""
    found = {}
    for name in names:
        with suppress(OSError):
            state = (generation / name).stat()
            if state.st_size >= LARGE:
                found[name] = [state.st_size, state.st_mtime_ns, state.st_ino]
    return found


def note(folder: Path, seal: str, found: Stamps) -> None:
    """Note files that have been compared; where that cannot be written, they will be again."""
    if not found:
        return
    fresh = folder / f"{FILE}.new"
    with suppress(OSError):
        fresh.write_text(json.dumps({"seal": seal, "files": found}), encoding="utf-8")
        fresh.replace(folder / FILE)
