"""Metadata read from real documents against the labels in ``tests/golden/metadata``.

    python benchmarks/metadata.py FOLDER [--errors]

Twice: with the file's name and the comment lines that collectors put at its head (``# title: …``),
and without either, from the document's own words alone.
"""

import argparse
import csv
import re
import sys
from pathlib import Path

from index.metadata import Description, describe

LABELS = Path(__file__).parents[1] / "tests" / "golden" / "metadata" / "labels.tsv"
FIELDS = ("region", "level", "period", "number", "issuer", "issued")
_DEVELOPMENT = 13


def labels() -> list[dict[str, str]]:
    """The rows of the table, with the file and the fields."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def found(folder: Path, file: str, *, bare: bool) -> Description:
    """What is read from a file, with or without its name and its comment lines."""
    text = (folder / file).read_text(encoding="utf-8-sig")
    if not bare:
        return describe(text, Path(file).stem)
    return describe(re.sub(r"(?m)^#.*\n", "", text), "文件")


def value(description: Description, field: str) -> str:
    """A field as the table writes it; a period as 2026-2030."""
    got = getattr(description, field)
    return "-".join(map(str, got)) if isinstance(got, tuple) else got or ""


def main() -> None:
    """Print the share of right fields."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--errors", action="store_true", help="list wrong fields of the first rows")
    given = parser.parse_args()
    sys.stdout.write(f"| rows | words | {' | '.join(FIELDS)} | all |\n|{'---|' * 9}\n")
    rows = labels()
    for part, chosen in (("development", rows[:_DEVELOPMENT]), ("held-out", rows[_DEVELOPMENT:])):
        for bare in (False, True):
            right = dict.fromkeys(FIELDS, 0)
            for row in chosen:
                description = found(given.folder, row["file"], bare=bare)
                for field in FIELDS:
                    same = value(description, field) == row[field]
                    right[field] += same
                    if given.errors and not same and part == "development":
                        got = value(description, field)
                        sys.stdout.write(
                            f"  {row['file'][:40]} {field} {row[field]!r} got {got!r}\n"
                        )
            shares = [count / len(chosen) for count in (*right.values(),)]
            shown = [f"{share:.2f}" for share in (*shares, sum(shares) / len(shares))]
            words = "its own" if bare else "all"
            sys.stdout.write(f"| {part} | {words} | {' | '.join(shown)} |\n")


if __name__ == "__main__":
    main()
