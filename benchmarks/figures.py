"""Measure what the READMEs say of quality, and write their tables anew.

    python benchmarks/figures.py [--plans DIR] [--write]

Without ``--plans``, only the column of the seeds is measured and the others are kept as they are in
``benchmarks/figures.json``. Prints the table; with ``--write`` it goes into README.md and
README.zh.md, between their marks, and the figures into ``benchmarks/figures.json``.
"""

import argparse
import json
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index import BuildOptions, build
from qa import Engine
from qa.evaluate import evaluate
from qa.evaluation.report import evaluation_data
from qa.questionnaire import read_labelled

ROOT = Path(__file__).parent.parent
STORE = ROOT / "benchmarks" / "figures.json"
SETS = {
    "seeds": ROOT / "seeds" / "questions.jsonl",
    "plans": ROOT / "benchmarks" / "plans" / "questions.jsonl",
    "heldout": ROOT / "benchmarks" / "plans" / "heldout.jsonl",
    "third": ROOT / "benchmarks" / "plans" / "third.jsonl",
    "fourth": ROOT / "benchmarks" / "plans" / "fourth.jsonl",
}
# What a row is called in English and in Chinese, and which figures it shows.
LEGS, ALL = ("bm25", "dense", "hybrid", "ask"), "all"
ROWS: tuple[tuple[str, str, tuple[tuple[str, ...], ...]], ...] = (
    (
        "recall@5: BM25 / dense / hybrid / as answered",
        "recall@5：BM25 / 稠密 / 混合 / 回答所示",
        tuple(("retrieval", leg, ALL, "recall@5") for leg in LEGS),
    ),
    (
        "MRR@10: BM25 / dense / hybrid / as answered",
        "MRR@10：BM25 / 稠密 / 混合 / 回答所示",
        tuple(("retrieval", leg, ALL, "mrr@10") for leg in LEGS),
    ),
    (
        "recall@5 on lay paraphrases: BM25 / hybrid",
        "口语改写问题 recall@5：BM25 / 混合",
        tuple(("retrieval", leg, "paraphrase", "recall@5") for leg in ("bm25", "hybrid")),
    ),
    (
        "value right, value questions",
        "数值题答对",
        (("answers", "value", "value_accuracy"),),
    ),
    (
        "value right, same indicator for another year or region",
        "同一指标换年份或地区，答对",
        (("answers", "value_other", "value_accuracy"),),
    ),
    (
        "comparisons right",
        "比较题答对",
        (("answers", "comparison", "value_accuracy"),),
    ),
    (
        "citations that cover the evidence",
        "引文覆盖依据",
        (("answers", ALL, "citation_recall"),),
    ),
    (
        "unanswerable refused / answerable answered",
        "应拒答而拒答 / 可回答而回答",
        (("answers", ALL, "abstention_recall"), ("answers", ALL, "answered_share")),
    ),
    ("citations verbatim", "引文逐字", (("answers", ALL, "citation_validity"),)),
)
HEADS = {
    "README.md": (
        "seeds: 5 documents",
        "plans: 10 of 132",
        "second set: 6 others",
        "third set: 8 others",
        "fourth set: 6 others",
    ),
    "README.zh.md": (
        "种子：5 份文件",
        "规划：132 份中的 10 份",
        "第二套：另外 6 份",
        "第三套：另外 8 份",
        "第四套：另外 6 份",
    ),
}
COUNTS = {
    "README.md": "questions (answerable + not)",
    "README.zh.md": "问题数（可回答 + 不可回答）",
}
BEGIN, END = (
    "<!-- figures: python benchmarks/figures.py --plans DIR --write -->",
    "<!-- /figures -->",
)


def main() -> None:
    """Measure, print, and write if told to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=Path, help="folder of the 132 plans")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    held: dict[str, Any] = json.loads(STORE.read_text("utf-8")) if STORE.exists() else {}
    with tempfile.TemporaryDirectory() as work:
        held["seeds"] = measure(ROOT / "seeds", Path(work) / "seeds", "seeds")
        if options.plans:
            for name in list(SETS)[1:]:
                held[name] = measure(options.plans, Path(work) / "plans", name)
    for file in HEADS:
        text = "\n".join(table(held, file))
        print(text)
        if options.write:
            write(ROOT / file, text)
    if options.write:
        STORE.write_text(json.dumps(held, indent=1, ensure_ascii=False) + "\n", "utf-8")


def measure(sources: Path, folder: Path, name: str) -> dict[str, Any]:
    """The figures of one set that the table shows."""
    build([sources], folder, BuildOptions(strict=False))
    questions = read_labelled(SETS[name])
    data = evaluation_data(evaluate(Engine.open(folder), questions))
    shown = {"/".join(path): dig(data, path) for _, _, paths in ROWS for path in paths}
    answerable = sum(question.answerable for question in questions)
    today = datetime.now(UTC).date().isoformat()
    return {"measured": today, "counts": [answerable, len(questions) - answerable], **shown}


def dig(data: Any, path: tuple[str, ...]) -> float | None:  # noqa: ANN401 - nested tables
    """Follow ``path`` into nested tables; None where a set has no such questions."""
    for key in path:
        data = data.get(key) if data else None
    return data if data is None else round(data, 4)


def table(held: dict[str, Any], file: str) -> list[str]:
    """The lines of the table in the language of ``file``."""
    columns = [held.get(name) for name in SETS]
    lines = ["| | " + " | ".join(HEADS[file]) + " |", "|---" * (len(SETS) + 1) + "|"]
    counts = [" + ".join(map(str, column["counts"])) if column else "" for column in columns]
    lines.append(f"| {COUNTS[file]} | " + " | ".join(counts) + " |")
    for english, chinese, paths in ROWS:
        cells = [
            " / ".join(_said(column["/".join(path)]) for path in paths) if column else ""
            for column in columns
        ]
        lines.append(
            f"| {english if file == 'README.md' else chinese} | " + " | ".join(cells) + " |"
        )
    return lines


def write(path: Path, text: str) -> None:
    """Put ``text`` between the marks of ``path``."""
    whole = path.read_text("utf-8")
    found = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.S)
    if not found.search(whole):
        raise SystemExit(f"{path}: no {BEGIN} … {END} to write between")
    path.write_text(found.sub(lambda _: f"{BEGIN}\n{text}\n{END}", whole), "utf-8")


def _said(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}".removeprefix("0")


if __name__ == "__main__":
    main()
