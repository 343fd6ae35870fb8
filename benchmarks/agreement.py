"""How far a second annotator agrees with the labels, on a tenth of the questions.

    python benchmarks/agreement.py sample > tenth.jsonl
    python benchmarks/agreement.py score benchmarks/second.jsonl

``sample`` draws a tenth of each set, by type, without labels: lines of {id, question, history?,
set}. The second annotator adds to each line ``answerable`` (true or false), ``values`` (as they
stand in the document; empty where no value is asked for) and ``evidence`` (lines of {doc, quote}).
``score`` compares: whether the documents answer (Cohen's kappa), the values, and whether a quote of
the one holds or lies in a quote of the other, or stands in the same sentence of the document.
"""

import argparse
import json
import re
import zlib
from collections import defaultdict
from pathlib import Path
from typing import Any

from sklearn.metrics import cohen_kappa_score

from index import normalise

ROOT = Path(__file__).parent.parent
SETS = {
    "seeds": ROOT / "seeds" / "questions.jsonl",
    "plans": ROOT / "benchmarks" / "plans" / "questions.jsonl",
    "heldout": ROOT / "benchmarks" / "plans" / "heldout.jsonl",
    "third": ROOT / "benchmarks" / "plans" / "third.jsonl",
    "fourth": ROOT / "benchmarks" / "plans" / "fourth.jsonl",
}
TENTH = 10
_ENDS = "。；！？\n"


def main() -> None:
    """Sample or score."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("sample")
    one = commands.add_parser("score")
    one.add_argument("second", type=Path)
    one.add_argument("--plans", type=Path, help="folder of the plans, to tell sentences")
    options = parser.parse_args()
    if options.command == "sample":
        for row in sample():
            print(json.dumps(row, ensure_ascii=False))
    else:
        score(_rows(options.second), options.plans)


def sample() -> list[dict[str, Any]]:
    """A tenth of each set, spread over its types, in an order that depends on the ids alone."""
    drawn = []
    for name, path in SETS.items():
        by_type: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in sorted(_rows(path), key=lambda row: zlib.crc32(row["id"].encode())):
            by_type[row["type"]].append(row)
        for rows in by_type.values():
            for row in rows[::TENTH][: max(1, round(len(rows) / TENTH))]:
                kept = {key: row[key] for key in ("id", "question", "history") if key in row}
                drawn.append({**kept, "set": name})
    return drawn


def score(second: list[dict[str, Any]], plans: Path | None) -> None:
    """Print the agreement of ``second`` with the labels."""
    labels = {name: {row["id"]: row for row in _rows(path)} for name, path in SETS.items()}
    pairs = [(labels[row["set"]][row["id"]], row) for row in second]
    first = [bool(one["evidence_groups"]) for one, _ in pairs]
    other = [bool(row["answerable"]) for _, row in pairs]
    same = sum(a == b for a, b in zip(first, other, strict=True))
    kappa = cohen_kappa_score(first, other)
    print(f"answerable or not: {same} of {len(pairs)} alike, kappa {kappa:.3f}")
    both = [p for p, a, b in zip(pairs, first, other, strict=True) if a and b]
    valued = [(one, row) for one, row in both if one.get("values") and row["values"]]
    print(f"values: {sum(_values(a, b) for a, b in valued)} of {len(valued)} alike")
    covered = [_evidence(one, row, plans) for one, row in both]
    own = {one["quote"] for label, _ in pairs for g in label["evidence_groups"] for one in g}
    quotes = [one["quote"] for row in second for one in row["evidence"]]
    print(
        f"quotes: {sum(quote in own for quote in quotes)} of {len(quotes)} word for word a label's"
    )
    print(f"evidence: {sum(c > 0 for c in covered)} of {len(both)} share a sentence; "
          f"groups found {sum(covered) / len(covered):.3f}")  # fmt: skip
    for (one, row), share in zip(both, covered, strict=True):
        if share == 0 or (one.get("values") and row["values"] and not _values(one, row)):
            print("  differs:", row["set"], row["id"], row["question"])
    for (_, row), a, b in zip(pairs, first, other, strict=True):
        if a != b:
            print(f"  answerable {a} / {b}:", row["set"], row["id"], row["question"])


def _values(label: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether the numbers of every labelled value stand among those of the second annotator."""
    said = set(_numbers(" ".join(row["values"])))
    return all(set(_numbers(value)) <= said for value in label["values"])


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", normalise(text).text.replace(",", ""))


def _evidence(label: dict[str, Any], row: dict[str, Any], plans: Path | None) -> float:
    """The share of groups of which the second annotator names a place."""
    hits = [
        any(
            one["doc"] == own["doc"]
            and (
                one["quote"] in own["quote"]
                or own["quote"] in one["quote"]
                or _sentence(one, row["set"], plans) == _sentence(own, row["set"], plans)
            )
            for one in group
            for own in row["evidence"]
        )
        for group in label["evidence_groups"]
    ]
    return sum(hits) / len(hits)


def _sentence(evidence: dict[str, str], set_: str, plans: Path | None) -> object:
    """Where the sentence begins that a quote begins in; the quote itself where it is not found."""
    folder = SETS["seeds"].parent if set_ == "seeds" else plans
    path = folder / evidence["doc"] if folder else None
    if path is None or not path.exists():
        return evidence["quote"]
    text = path.read_text(encoding="utf-8")
    at = text.find(evidence["quote"])
    if at < 0:
        return evidence["quote"]
    return (evidence["doc"], max(text.rfind(mark, 0, at) for mark in _ENDS))


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    main()
