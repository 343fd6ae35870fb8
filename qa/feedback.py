"""What users said of answers, in a file on their own machine."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec
from filelock import FileLock, Timeout

from index import InputError, StoreError
from qa.models import Answer, Filters
from qa.overrides import Overrides

ENVIRONMENT = "GUIWEN_FEEDBACK"
LONGEST_REMARK = 1000
# Beyond this the file is no longer written to: a page left open must not fill a disk.
_LARGEST = 50_000_000

Verdict = Literal["right", "value", "source"]


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation that an answer gave."""

    doc: str
    quote: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """One verdict on one answer.

    ``question`` is what was asked, ``history`` what it built on; ``read`` is the question in other
    words where the user had it read otherwise. ``values`` are the figures that were told, ``quotes`` what was cited, neither
    where the answer was a refusal. ``limited`` tells that the search was limited by hand, ``written``
    that a language model wrote the answer: it is not kept.
    """

    verdict: Verdict
    question: str
    history: tuple[str, ...] = ()
    read: str = ""
    remark: str = ""
    type: str = ""
    answer: str = ""
    values: tuple[str, ...] = ()
    quotes: tuple[Quoted, ...] = ()
    refused: bool = False
    limited: bool = False
    written: bool = False
    library: str = ""
    at: str = field(default="", compare=False)


def said(  # noqa: PLR0913 - what a verdict is on
    verdict: Verdict,
    answer: Answer,
    history: Sequence[str] = (),
    *,
    remark: str = "",
    overrides: Overrides | None = None,
    filters: Filters | None = None,
    library: str = "",
    written: bool = False,
) -> Feedback:
    """Return what the user says of ``answer``.

    Raises:
        InputError: the remark is too long.
    """
    if len(remark) > LONGEST_REMARK:
        raise InputError(f"说明过长：共 {len(remark)} 字，最多 {LONGEST_REMARK} 字。")
    told = answer.statements[0].text if answer.statements else ""
    return Feedback(
        verdict=verdict,
        question=answer.question.text,
        history=tuple(history),
        read=answer.question.search if overrides else "",
        remark=remark.strip(),
        type=answer.question.intent,
        answer=answer.reason if answer.abstained else answer.text,
        values=(told,) if answer.kind == "figure" else (),
        quotes=tuple(Quoted(c.document_id, c.quote) for c in answer.citations),
        refused=answer.abstained,
        written=written,
        limited=(filters or Filters()) != Filters(),
        library=library,
        at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def default_path() -> Path:
    """The file of the environment, else one of the user's own data."""
    from platformdirs import user_data_path

    named = os.environ.get(ENVIRONMENT)
    return Path(named) if named else user_data_path("guiwen") / "feedback.jsonl"


def keep(feedback: Feedback, path: Path) -> None:
    """Add ``feedback`` to the file ``path``, made if it is not there.

    Raises:
        StoreError: the file cannot be written, or has grown too large.
    """
    line = msgspec.json.encode(feedback) + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock", timeout=10):
            if path.exists() and path.stat().st_size > _LARGEST:
                raise StoreError(
                    f"反馈文件“{path}”已超过 {_LARGEST // 1_000_000} MB，不再写入。请移走它再试。"
                )
            with path.open("ab") as file:
                file.write(line)
    except (OSError, Timeout) as error:
        told = getattr(error, "strerror", "") or "另一个程序正在写入"
        raise StoreError(f"无法写入反馈文件“{path}”：{told}。请检查路径和权限。") from error


def kept(path: Path) -> list[Feedback]:
    """Return what stands in the file, in the order in which it was said.

    Raises:
        InputError: there is no such file, or a line is no feedback.
    """
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError as error:
        raise InputError(
            f"还没有反馈：文件“{path}”不存在。在网页的回答下面点“对”或“不对”后才有。"
        ) from error
    except OSError as error:
        raise InputError(f"反馈文件“{path}”无法读取：{error.strerror or error}。") from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(msgspec.json.decode(line, type=Feedback))
        except (msgspec.MsgspecError, UnicodeError) as error:
            raise InputError(
                f"反馈文件“{path}”第 {number} 行不是一条反馈：{error}。请删去或改正这一行。"
            ) from error
    return found
