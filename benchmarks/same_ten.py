"""Whether an index in Milvus ranks as one in a folder does.

    python benchmarks/same_ten.py QUESTIONS.jsonl FOLDER milvus://host:port/collection [--dense]

Both must be of the same documents. For each question the ten best passages of both are compared, in
order; ``--dense`` compares the dense leg alone. Questions that differ are listed.
"""

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

from index import site
from qa import Engine
from qa.evaluate import passage_name


def ranked(engine: Engine, question: str, history: list[str], dense: bool) -> list[str]:
    weights = {"dense": 1.0} if dense else engine.options.weights
    retriever = replace(engine.retriever, options=replace(engine.options, weights=weights))
    parsed = engine.parse(question, history)
    return [passage_name(passage) for passage in retriever.search(parsed, 10)]


def compare(questions: Path, one: Engine, other: Engine, dense: bool) -> dict[str, object]:
    rows = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines() if line]
    same, same_sets, differ, seconds = 0, 0, [], [0.0, 0.0]
    for row in rows:
        tops = []
        for at, engine in enumerate((one, other)):
            started = time.perf_counter()
            tops.append(ranked(engine, row["question"], row.get("history", []), dense))
            seconds[at] += time.perf_counter() - started
        same += tops[0] == tops[1]
        same_sets += set(tops[0]) == set(tops[1])
        if tops[0] != tops[1]:
            differ.append(row["id"])
    return {
        "questions": len(rows),
        "same order": round(same / len(rows), 4),
        "same ten": round(same_sets / len(rows), 4),
        "ms a question": [round(1000 * s / len(rows), 1) for s in seconds],
        "differ": differ,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("one", type=site)
    parser.add_argument("other", type=site)
    parser.add_argument("--dense", action="store_true")
    given = parser.parse_args()
    one, other = Engine.open(given.one), Engine.open(given.other)
    print(json.dumps(compare(given.questions, one, other, given.dense), ensure_ascii=False))


if __name__ == "__main__":
    main()
