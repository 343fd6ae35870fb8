"""Headings found against the golden outlines of real documents, and what looks odd in all others.

    python benchmarks/outlines.py FOLDER [--half development|held-out] [--errors] [--odd]

FOLDER holds the documents that ``tests/golden/plans/sources.json`` names; they are not part of
the repository. A heading counts as found when it begins at the golden offset. Depth is compared
among the headings found, so that an optional heading in between changes nothing; titles without
blanks and final punctuation. Leads are not scored: run-in headings without a number, and 一是.
"""

import argparse
import csv
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from index import Section, label, normalise
from index.labels import BOX_RANK, FIRSTLY, labelled
from index.outline import outline

GOLDEN = Path(__file__).parents[1] / "tests" / "golden" / "plans"


@dataclass(frozen=True, slots=True)
class Golden:
    """One heading as read by eye; ``depth`` is None where readers may take it either way."""

    depth: int | None
    offset: int
    title: str


@dataclass(frozen=True, slots=True)
class Score:
    """Counts for one document, and the headings that were wrong."""

    wanted: int
    found: int
    given: int
    depth: int
    title: int
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    misplaced: tuple[str, ...]

    @property
    def precision(self) -> float:
        """Share of the headings given that are right, 0 to 1."""
        return self.found / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        """Share of the golden headings that were given, 0 to 1."""
        return self.found / self.wanted if self.wanted else 1.0


def sources() -> dict[str, dict[str, object]]:
    """The golden outlines by name: file, sha256, stretch, kind, half."""
    found: dict[str, dict[str, object]] = json.loads(
        (GOLDEN / "sources.json").read_text(encoding="utf-8")
    )
    return found


def golden(name: str) -> list[Golden]:
    """The headings of one golden outline, in order."""
    with (GOLDEN / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [Golden(None if d == "?" else int(d), int(offset), title) for d, offset, title in rows]


def read(folder: Path, name: str) -> str:
    """The text of the document of a golden outline.

    Raises:
        ValueError: not the bytes that were read.
    """
    source = sources()[name]
    data = (folder / str(source["file"])).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != source["sha256"]:
        raise ValueError(f"{source['file']}: expected sha256 {source['sha256']}, got {digest}")
    return data.decode("utf-8-sig")


def score(text: str, wanted: list[Golden], stretch: list[int] | None) -> Score:
    """Compare the outline of ``text`` inside ``stretch`` with the golden headings."""
    start, end = stretch or [0, len(text)]
    optional = {g.offset for g in wanted if g.depth is None}
    by_offset = {g.offset: g for g in wanted if g.depth is not None}
    given: list[Section] = []
    for section in outline(text).sections:
        at = section.heading.start
        if (
            start <= at < end
            and at not in optional
            and (at in by_offset or not _lead(text, section))
        ):
            given.append(section)
    depth, title, misplaced, open_ = 0, 0, [], []  # type: ignore[var-annotated]
    right = [section for section in given if section.heading.start in by_offset]
    for section in right:
        want = by_offset[section.heading.start]
        open_ = [outer for outer in open_ if outer.span.end > section.heading.start]
        open_.append(section)
        same = _plain(section.title)[:40] == _plain(want.title)[:40]
        depth, title = depth + (len(open_) == want.depth), title + same
        if len(open_) != want.depth or not same:
            misplaced.append(f"{want.depth}→{len(open_)} {want.title} → {section.title}")
    found = {section.heading.start for section in right}
    return Score(
        wanted=len(by_offset),
        found=len(found),
        given=len(given),
        depth=depth,
        title=title,
        missing=tuple(f"{o} {g.title}" for o, g in by_offset.items() if o not in found),
        extra=tuple(
            f"{s.heading.start} {s.title}" for s in given if s.heading.start not in by_offset
        ),
        misplaced=tuple(misplaced),
    )


def _lead(text: str, section: Section) -> bool:
    """Whether a heading is a lead: 一是, or no number before it and text behind it in its line."""
    found = label(normalise(section.title).text)
    if found is not None:
        return found[0] == FIRSTLY
    rest = text[section.heading.end :]
    return rest.split("\n", 1)[0].strip() != ""


def _plain(title: str) -> str:
    return re.sub(r"[\s。:;]", "", normalise(title).text)


def _table(folder: Path, half: str | None, errors: bool) -> Iterator[str]:
    yield "| half | outline | headings | precision | recall | depth | title |"
    yield "|---|---|---|---|---|---|---|"
    for wanted in ("development", "held-out"):
        if half not in {None, wanted}:
            continue
        scores = []
        for name, source in sources().items():
            if source["half"] == wanted:
                stretch = source["stretch"]
                scores.append(score(read(folder, name), golden(name), stretch))  # type: ignore[arg-type]
                yield _row(wanted, name, [scores[-1]])
                if errors:
                    for kind in ("missing", "extra", "misplaced"):
                        yield from (f"  {kind}: {x}" for x in getattr(scores[-1], kind))
        yield _row(wanted, "**all**", scores)


def _row(half: str, name: str, scores: list[Score]) -> str:
    wanted, found, given, depth, title = (
        sum(getattr(s, field) for s in scores)
        for field in ("wanted", "found", "given", "depth", "title")
    )
    shares = (found / max(1, given), found / wanted, depth / max(1, found), title / max(1, found))
    return f"| {half} | {name} | {wanted} | " + " | ".join(f"{x:.3f}" for x in shares) + " |"


def odd(text: str) -> dict[str, list[str]]:
    """What looks odd in the outline of ``text``: kind → where; {} if nothing does."""
    found = outline(text)
    sections = [s for s in found.sections if not s.inferred and not _lead(text, s)]
    starts = [0, *(s.heading.start for s in found.sections), len(text)]
    gaps = [b - a for a, b in pairwise(starts)]
    thin = len(text) > 4000 and len(found.sections) < len(text) / 4000
    kinds = {
        "few headings": [f"{len(found.sections)} in {len(text)}"] if thin else [],
        "long heading": [s.title for s in sections if len(s.title) > 60],
        "ends in 。": [
            s.title for s in sections if s.heading.of(text)[-1] == "。" and len(s.title) > 30
        ],
        "long section": [str(gap) for gap in gaps if gap > 20_000],
        "jump": [s.title for s in _jumps(sections)],
        "inferred": [s.title for s in found.inferred],
    }
    return {kind: where for kind, where in kinds.items() if where}


def _jumps(sections: list[Section]) -> Iterator[Section]:
    """Numbered headings that neither follow one of their rank nor begin a list."""
    last: dict[int, set[int]] = {}
    for section in sections:
        found = labelled(normalise(section.title).text)
        if found is None or not found.ordinal or found.rank == BOX_RANK:
            continue
        number, seen = found.ordinal[-1], last.setdefault(found.rank, set())
        if number != 1 and number - 1 not in seen:
            yield section
        seen.add(number)
        for rank in [rank for rank in last if rank > found.rank]:
            # 章 and 节 may count on through the whole document; so may 一、 under them.
            last[rank] = {max(last[rank])} if last[rank] else set()


def lost(text: str, wanted: list[Golden], stretch: list[int] | None) -> tuple[int, int, float]:
    """Take all golden headings out of ``text`` and see where it is divided by meaning.

    Returns how many pieces were inferred, how many of them begin where a heading was taken out,
    and how many would by chance.
    """
    start, end = stretch or [0, len(text)]
    first = min(g.offset for g in wanted if g.depth is not None)
    kept, borders, taken = [], set(), False
    offsets = {g.offset for g in wanted if g.depth is not None}
    at = max(start, first)
    for line in text[at:end].splitlines(keepends=True):
        inside = line.lstrip()
        if at + len(line) - len(inside) in offsets and len(inside) < 60:
            taken = True
        else:
            if taken and inside:
                borders.add(sum(map(len, kept)) + len(line) - len(inside))
                taken = False
            kept.append(line)
        at += len(line)
    found = outline("".join(kept))
    starts = [section.span.start for section in found.inferred]
    bodies = [part for part in found.parts if part.kind in {"body", "heading"}]
    right = sum(start in borders for start in starts)
    return len(starts), right, len(starts) * len(borders) / max(1, len(bodies))


def main() -> None:
    """Print the scores, or what looks odd."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=["development", "held-out"])
    parser.add_argument("--errors", action="store_true", help="list what is wrong")
    parser.add_argument("--odd", action="store_true", help="look for oddities in all documents")
    parser.add_argument("--lost", action="store_true", help="divide by meaning, headings taken out")
    given = parser.parse_args()
    if given.lost:
        for name, source in sources().items():
            stretch = source["stretch"]
            counts = lost(read(given.folder, name), golden(name), stretch)  # type: ignore[arg-type]
            sys.stdout.write("{}: {} pieces, {} right, {:.1f} by chance\n".format(name, *counts))
        return
    if not given.odd:
        sys.stdout.writelines(
            f"{line}\n" for line in _table(given.folder, given.half, given.errors)
        )
        return
    for path in sorted(given.folder.rglob("*.txt")):
        kinds = odd(path.read_text(encoding="utf-8-sig"))
        if kinds:
            told = ", ".join(f"{kind} {len(where)}" for kind, where in kinds.items())
            sys.stdout.write(f"{path.relative_to(given.folder)}: {told}\n")
        if given.errors:
            sys.stdout.writelines(f"  {k}: {x}\n" for k, where in kinds.items() for x in where)


if __name__ == "__main__":
    main()
