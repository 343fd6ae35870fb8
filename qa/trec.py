"""Runs and judgements in the form of TREC, a line each."""

import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from index import InputError
from qa.rows import Complaints


def qrels_lines(qrels: Mapping[str, Mapping[str, int]]) -> str:
    """Return ``question 0 passage relevance`` lines."""
    return "".join(
        f"{_word(question)} 0 {_word(passage)} {relevance}\n"
        for question, judged in qrels.items()
        for passage, relevance in judged.items()
    )


def run_lines(run: Mapping[str, Mapping[str, float]], name: str) -> str:
    """Return ``question Q0 passage rank score name`` lines, ranks from 1."""
    lines = []
    for question, scores in run.items():
        ranked = sorted(scores.items(), key=lambda pair: -pair[1])
        lines += [
            f"{_word(question)} Q0 {_word(passage)} {rank} {score:.6f} {name}\n"
            for rank, (passage, score) in enumerate(ranked, 1)
        ]
    return "".join(lines)


def _word(name: str) -> str:
    """TREC files are split at blanks: a blank in a file name is written as %20."""
    return name.replace("%", "%25").replace(" ", "%20")


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Read ``question 0 passage relevance`` lines.

    Raises:
        InputError: names each wrong line and what was expected.
    """
    found: dict[str, dict[str, int]] = {}
    complaints = Complaints(path)
    for place, cells in _lines(path, complaints, 4, "问题 0 段落 相关程度"):
        question, passage = _name(cells[0]), _name(cells[2])
        if not re.fullmatch(r"-?\d+", cells[3]):
            complaints.add(place, "相关程度", f"应为整数，实际是“{cells[3]}”。")
        elif passage in found.setdefault(question, {}):
            complaints.add(place, "段落", f"问题“{question}”的“{passage}”已经评过。")
        else:
            found[question][passage] = int(cells[3])
    complaints.settle()
    return found


def read_run(path: Path) -> dict[str, dict[str, float]]:
    """Read ``question Q0 passage rank score name`` lines; the score decides, as trec_eval has it.

    Raises:
        InputError: names each wrong line and what was expected.
    """
    found: dict[str, dict[str, float]] = {}
    complaints = Complaints(path)
    for place, cells in _lines(path, complaints, 6, "问题 Q0 段落 名次 得分 名称"):
        question, passage = _name(cells[0]), _name(cells[2])
        score = _number(cells[4])
        if score is None:
            complaints.add(place, "得分", f"应为数，实际是“{cells[4]}”。")
        elif passage in found.setdefault(question, {}):
            complaints.add(place, "段落", f"问题“{question}”的“{passage}”出现了两次。")
        else:
            found[question][passage] = score
    complaints.settle()
    return found


def _lines(
    path: Path, complaints: Complaints, columns: int, expected: str
) -> Iterator[tuple[str, list[str]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError as error:
        raise InputError(f"TREC 文件“{path}”不存在。请检查路径。") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"TREC 文件“{path}”无法读取：应为 UTF-8 文本（{error}）。") from error
    empty = True
    for number, line in enumerate(lines, 1):
        cells = line.split()
        if not cells:
            continue
        empty = False
        if len(cells) == columns:
            yield f"第 {number} 行", cells
        else:
            complaints.add(
                f"第 {number} 行", "", f"应有 {columns} 列（{expected}），实际 {len(cells)} 列。"
            )
    if empty:
        raise InputError(f"TREC 文件“{path}”是空的。每行应为：{expected}。")


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _name(word: str) -> str:
    return word.replace("%20", " ").replace("%25", "%")
