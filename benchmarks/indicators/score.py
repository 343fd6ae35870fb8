"""Score the ledger of figures against the gold.

    python benchmarks/indicators/score.py GOLD_FOLDER SOURCES_FOLDER [--only WORD ...] [--errors]

A predicted figure matches a gold one when their spans overlap and their values agree (to one part
in a million); each is matched once, the one with the better name first. Predictions outside the
gold's stretches are not judged. Of the matched pairs, a field is right when

- name: equal after dropping 的, 全市, 全省, a year in front, all punctuation and brackets' shape; or
  one is the tail of the other (same head noun) and the shorter has at least 4 characters, or half
  of the longer. ``name (equal)`` counts equality alone.
- time: year or period equal, or one is a year and the other a period that ends in it;
- unit, bound, kind, change: equal; binding: equal where the gold gives it.

``cell`` is name, time, unit and bound together; ``name+time`` the two that readers ask for.
"""

import argparse
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from index.documents import Indicator, Span
from index.indicators import indicators
from index.outline import outline
from index.read import manifest
from index.read.folder import read_file

Gold = dict[str, Any]
FIELDS = (
    "name",
    "name (equal)",
    "time",
    "unit",
    "bound",
    "kind",
    "change",
    "binding",
    "name+time",
    "cell",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("gold", type=Path)
    parser.add_argument("sources", type=Path)
    parser.add_argument("--only", nargs="*", default=[], help="words of which a path must hold one")
    parser.add_argument("--errors", action="store_true", help="list every error")
    options = parser.parse_args()
    figures, stretches = (
        _load(options.gold / "figures.jsonl"),
        _load(options.gold / "stretches.jsonl"),
    )
    total: Counter[str] = Counter()
    for path in dict.fromkeys(stretch["doc"] for stretch in stretches):
        if options.only and not any(word in path for word in options.only):
            continue
        counts, errors = score_document(
            options.sources,
            path,
            figures,
            [Span(s["start"], s["end"]) for s in stretches if s["doc"] == path],
        )
        total += counts
        print(f"{path}\n   {report(counts)}")
        if options.errors:
            print("".join(f"   {error}\n" for error in errors), end="")
    print(f"ALL\n   {report(total)}")


def _load(path: Path) -> list[Gold]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def score_document(
    sources: Path, path: str, figures: list[Gold], stretches: list[Span]
) -> tuple[Counter[str], list[str]]:
    entries = manifest.load((sources / path).parent)
    document = read_file(sources / path, path, entries.get(Path(path).name, manifest.Entry()))
    gold = [figure for figure in figures if figure["doc"] == path]
    found = [
        one
        for one in indicators(document, outline(document.text))
        if any(stretch.covers(one.span) for stretch in stretches)
    ]
    pairs, missed, extra = match(found, gold)
    counts = Counter({"gold": len(gold), "found": len(found), "matched": len(pairs)})
    errors = []
    for one, figure in pairs:
        right = judge(one, figure)
        counts.update(field for field, fine in right.items() if fine)
        wrong = [
            f
            for f in ("name", "time", "unit", "bound", "kind", "change", "binding")
            if not right[f]
        ]
        if wrong:
            errors.append(f"{','.join(wrong):12} {_show(one)}  GOLD {_show_gold(figure)}")
    errors += [f"MISSED       {_show_gold(figure)}" for figure in missed]
    for one in extra:
        quote = document.text[one.sentence.start : one.sentence.end].replace("\n", "")
        errors.append(f"EXTRA        {_show(one)} [{one.span.of(document.text)}] IN {quote[:90]}")
    return counts, errors


def match(
    found: list[Indicator], gold: list[Gold]
) -> tuple[list[tuple[Indicator, Gold]], list[Gold], list[Indicator]]:
    """Pair each figure with one of the gold: overlapping, equal in value, the best name first."""
    nearby: dict[int, list[int]] = defaultdict(list)
    for i, one in enumerate(found):
        for j, figure in enumerate(gold):
            if one.span.overlaps(Span(figure["start"], figure["end"])) and same_value(
                one.value, figure["value"]
            ):
                nearby[i].append(j)
    ranked = sorted(
        ((-sum(judge(found[i], gold[j]).values()), i, j) for i, js in nearby.items() for j in js)
    )
    chosen: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in ranked:
        if i not in chosen and j not in taken:
            chosen[i] = j
            taken.add(j)
    pairs = [(found[i], gold[j]) for i, j in sorted(chosen.items())]
    missed = [figure for j, figure in enumerate(gold) if j not in taken]
    return pairs, missed, [one for i, one in enumerate(found) if i not in chosen]


def same_value(one: float | tuple[float, float], other: float | list[float]) -> bool:
    ours = list(one) if isinstance(one, tuple) else [one]
    theirs = other if isinstance(other, list) else [other]
    return len(ours) == len(theirs) and all(
        abs(a - b) <= 1e-6 * max(1, abs(b)) for a, b in zip(ours, theirs, strict=True)
    )


def judge(one: Indicator, figure: Gold) -> dict[str, bool]:
    ours, theirs = plain(one.name), plain(figure["name"])
    right = {
        "name": same_name(ours, theirs),
        "name (equal)": ours == theirs,
        "time": same_time(one, figure),
        "unit": one.unit == figure["unit"],
        "bound": one.bound == figure["bound"],
        "kind": one.kind == figure["kind"],
        "change": one.change == (figure["change"] or ""),
        "binding": one.binding == (figure["binding"] or one.binding),
    }
    right["name+time"] = right["name"] and right["time"]
    right["cell"] = right["name+time"] and right["unit"] and right["bound"]
    return right


def plain(name: str) -> str:
    name = re.sub(r"全[市省]|的", "", unicodedata.normalize("NFKC", name))
    name = re.sub(r"[\s“”\"'、,，。·()（）《》]", "", name)
    return name


def same_name(ours: str, theirs: str) -> bool:
    short, long_ = sorted((ours, theirs), key=len)
    if short == long_:
        return True
    return long_.endswith(short) and (len(short) >= 4 or 2 * len(short) >= len(long_))


def same_time(one: Indicator, figure: Gold) -> bool:
    period = tuple(figure["period"]) if figure["period"] else None
    if (one.year, one.period) == (figure["year"], period):
        return True
    ours, theirs = one.period or one.year, period or figure["year"]
    if isinstance(ours, tuple) == isinstance(theirs, tuple):
        return False
    last = [time[1] if isinstance(time, tuple) else time for time in (ours, theirs)]
    return last[0] == last[1]


def report(counts: Counter[str]) -> str:
    matched = max(1, counts["matched"])
    lines = (
        f"found {counts['found']} gold {counts['gold']} matched {counts['matched']}: "
        f"precision {counts['matched'] / max(1, counts['found']):.3f} recall {counts['matched'] / max(1, counts['gold']):.3f}"
    )
    return lines + " | " + " ".join(f"{field} {counts[field] / matched:.3f}" for field in FIELDS)


def _show(one: Indicator) -> str:
    return f"{one.span.start} {one.name} {one.year or one.period} {one.bound}{one.value}{one.unit} {one.kind} {one.change}"


def _show_gold(figure: Gold) -> str:
    return (
        f"{figure['start']} {figure['name']} {figure['year'] or figure['period']} "
        f"{figure['bound']}{figure['value']}{figure['unit']} {figure['kind']} {figure['change'] or ''} [{figure['quote']}]"
    )


if __name__ == "__main__":
    main()
