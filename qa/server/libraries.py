"""Many indexes side by side, each under its name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from index import InputError
from qa.engine import Engine
from qa.living import Living

_NAME = re.compile(r"[\w][\w-]{0,63}")


@dataclass(frozen=True, slots=True)
class Library:
    """An index that is served; ``folder`` is None where its documents cannot be changed by calls.

    Hold ``changing`` from looking at the documents to having changed them.
    """

    name: str
    living: Living
    folder: Path | None = None
    changing: Lock = field(default_factory=Lock, compare=False)

    @property
    def engine(self) -> Engine:
        """The engine over the version of the index in use now; take it once for each call."""
        return self.living.engine


Libraries = Mapping[str, Library]


def read_names(given: Sequence[str]) -> dict[str, str]:
    """Read ``NAME=INDEX`` items, in order.

    Raises:
        InputError: no name, a name that cannot stand in an address, or one given twice.
    """
    found: dict[str, str] = {}
    for text in given:
        name, sign, place = text.partition("=")
        if not sign or not place or not _NAME.fullmatch(name):
            raise InputError(
                f"--library 应写作 名称=索引文件夹，名称用文字、数字、- 和 _，实际为“{text}”。"
            )
        if name in found:
            raise InputError(f"资料库“{name}”给出了两次。请换一个名称。")
        found[name] = place
    return found
