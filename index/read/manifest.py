"""``manifest.json`` beside the sources: what their text does not say, or says wrongly, about them.

What a row says goes before what is read from the text; 无 says that there is nothing to read.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.errors import SourceError

FILE = "manifest.json"
# What a row writes where the text misleads and there is no such thing: no number, no period.
NONE = "无"

_TEXT_FIELDS = ("title", "region", "level", "issuer", "number", "issued", "source")


@dataclass(frozen=True, slots=True)
class Entry:
    """Metadata of one file; empty where the manifest is silent, ``none`` where it says 无."""

    title: str = ""
    region: str = ""
    level: str = ""
    period: tuple[int, int] | None = None
    issuer: str = ""
    number: str = ""
    issued: str = ""
    source: str = ""
    damage: tuple[str, ...] = field(default=())
    none: frozenset[str] = frozenset()

    def over(self, field: str, read: str) -> str:
        """The text field ``field`` as the manifest says it, else as it was ``read``."""
        return str(getattr(self, field)) or ("" if field in self.none else read)

    def over_period(self, read: tuple[int, int] | None) -> tuple[int, int] | None:
        """The period as the manifest says it, else as it was ``read``."""
        return self.period or (None if "period" in self.none else read)


def load(folder: Path) -> dict[str, Entry]:
    """Return the entries by file path below ``folder``; {} without a manifest.

    Raises:
        SourceError: not JSON, not of the documented form, or naming a file that is not there.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        rows = json.loads(path.read_text(encoding="utf-8-sig"))["documents"]
        entries = {row["file"]: entry_of(row) for row in rows}
    except OSError as error:
        raise SourceError(f"清单“{path}”无法打开：{error.strerror}。请检查权限。") from error
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(
            f'清单“{path}”无法读取：应为 {{"documents": [{{"file": …, "title": …}}]}} 形式的 JSON，'
            f"实际出错于 {error}。请改正或删除该清单。"
        ) from error
    for name in entries:
        if not (folder / name).is_file():
            raise SourceError(f"清单“{path}”提到的文件“{name}”不存在。请改正清单，或补上该文件。")
    return entries


def entry_of(row: Mapping[str, object]) -> Entry:
    """Return what a row of the manifest says.

    Raises:
        ValueError, TypeError: a value of another form.
    """
    none = frozenset(name for name in (*_TEXT_FIELDS, "period") if row.get(name) == NONE)
    row = {name: value for name, value in row.items() if name not in none}
    period = row.get("period")
    if period is not None:
        if not (isinstance(period, list) and len(period) == 2):
            raise ValueError(f"period：应为 [起始年, 结束年]，实际为 {period!r}")
        period = (int(period[0]), int(period[1]))
    damage = row.get("damage", [])
    if not isinstance(damage, list):
        raise TypeError(f"damage：应为列表，实际为 {damage!r}")
    return Entry(
        **{name: str(row.get(name) or "") for name in _TEXT_FIELDS},
        period=period,
        damage=tuple(map(str, damage)),
        none=none,
    )


def content(folder: Path) -> dict[str, Any]:
    """The manifest as it stands in the file, to be changed and given to :func:`write`.

    Raises:
        SourceError: as :func:`load`.
    """
    load(folder)
    path = folder / FILE
    found: dict[str, Any] = {}
    if path.is_file():
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    found.setdefault("documents", [])
    return found


def write(folder: Path, content: Mapping[str, Any]) -> None:
    """Write beside and move into place, so that a broken write loses no edits.

    Raises:
        SourceError: it cannot be written.
    """
    path = folder / FILE
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_text(
            json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        beside.replace(path)
    except OSError as error:
        raise SourceError(
            f"清单“{path}”无法写入：{error.strerror}。请检查权限和磁盘空间。"
        ) from error
