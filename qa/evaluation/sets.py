"""The labelled set that an evaluation on the page works on: one's own, or that of the seeds."""

from pathlib import Path

from index import Index, InputError
from qa.library import QUESTIONS
from qa.questionnaire import Labelled, read_labelled

FORMATS = (".jsonl", ".csv", ".tsv", ".xlsx", ".xlsm")
LARGEST = 20_000_000


def own(path: Path) -> list[Labelled]:
    """Read a set that was handed in; messages call it by its name alone.

    Raises:
        InputError: another format, empty, too large, or rows that are wrong, each with its line.
    """
    name = path.name
    if path.suffix.lower() not in FORMATS:
        raise InputError(
            f"题集“{name}”是 {path.suffix or '无后缀的'} 文件，只能用 {'、'.join(FORMATS)}。"
        )
    size = path.stat().st_size
    if size > LARGEST:
        raise InputError(
            f"题集“{name}”有 {size / 1e6:.0f} MB，超过 {LARGEST // 1_000_000} MB 的上限。请分成几份。"
        )
    if not size:
        raise InputError(f"题集“{name}”是空文件。每行应有编号、问题、文件和引文。")
    try:
        return read_labelled(path)
    except InputError as error:
        raise InputError(str(error).replace(str(path), name)) from error


def of_seeds(index: Index) -> list[Labelled]:
    """The questions on the five seed documents, for a library that holds them.

    Raises:
        InputError: the library holds none of these documents.
    """
    questions = read_labelled(QUESTIONS)
    named = {evidence.doc for q in questions for group in q.groups for evidence in group}
    missing = sorted(named - index.documents.keys())
    if missing:
        raise InputError(
            f"自带的题针对五份种子文件，这个资料库缺少其中 {len(missing)} 份（{'、'.join(missing)}）。"
            "请上传针对这个资料库的题集。"
        )
    return questions
