"""How well the readers give back documents that LibreOffice made of plans: text, outline, figures.

    python -m benchmarks.readers FOLDER [--work DIR]

FOLDER holds plans as text. Eight are set in eight ways, as PDF and as Word, each with a table of its own
figures, notes, running heads and page numbers, and read; what is read is compared with what was set.
Of each PDF a copy with a scanned page is read too.
"""

import argparse
import math
import re
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from benchmarks.office import Block, Look, make, scan
from index import Document, Span, normalise
from index.chunk import chunk, search_text
from index.figure_tables import tables
from index.figure_time import calendar
from index.indicators import indicators
from index.outline import Outline, outline
from index.read import read_sources
from index.tables import of

LOOKS = {
    "sizes": Look(head="国民经济和社会发展规划"),
    "one size": Look(body=16, headings=(22, 16, 16, 16, 16), bold=False, head="规划纲要"),
    "two columns": Look(
        body=10.5, headings=(20, 14, 12, 11.5, 11), columns=2, margin=2.0, head="发展规划"
    ),
    "no indent": Look(indent=False, gap=0.3, head="政府工作报告", justified=False),
    "small": Look(
        body=10.5, headings=(18, 15, 13, 12, 11.5), head="规划（2026—2030年）", margin=1.8
    ),
    "sans": Look(body=14, headings=(24, 20, 18, 16, 15), font="Noto Sans CJK SC", head="工作报告"),
    "unruled": Look(head="规划纲要", ruled=False),
    "sideways": Look(head="发展规划", sideways=True),
}
ROWS = 45
SCANNED = 2  # the page that is an image in a copy of each PDF


@dataclass(frozen=True, slots=True)
class Set:
    """What was set: the blocks, and the text that they are."""

    name: str
    blocks: tuple[Block, ...]
    text: str
    cells: tuple[str, ...]
    notes: tuple[str, ...]


def prepare(path: Path, limit: int) -> Set:
    """Make blocks of a plan: its outline tells the headings, its ledger fills a table."""
    (document,) = read_sources([path]).documents
    found = outline(document.text)
    # Lines of a table that its PDF broke are no paragraphs.
    broken = tables(document, calendar(document, [s.title for s in found.sections])).zones
    clean = paragraphs(document, found, broken)[:limit]
    text = "\n".join(clean)
    given = Document(
        path.name,
        document.title,
        text,
        "",
        region=document.region,
        level=document.level,
        period=document.period,
    )
    found = outline(text)
    # A heading that was broken is set in one line.
    for section in found.sections:
        broken_in = section.heading.of(text)
        text = text.replace(broken_in, broken_in.replace("\n", ""), 1)
    clean = text.split("\n")
    found = outline(text)
    # A heading that what follows was cut off from would head the table.
    while clean and found.sections[-1].heading.end >= len(text):
        clean.pop()
        text = "\n".join(clean)
        found = outline(text)
    given = replace(given, text=text)
    levels = {s.heading.start: s.level for s in found.sections}
    whole = {
        s.heading.start
        for s in found.sections
        if text[s.heading.end : s.heading.end + 1] in {"\n", ""}
    }
    blocks, at, notes = [Block(document.title, 1)], 0, []
    for number, paragraph in enumerate(clean):
        note = ""
        if at in whole:
            blocks.append(Block(paragraph, min(5, levels[at] + 1)))
        else:
            if number % 40 == 7 and len(paragraph) > 60:
                note = f"“{paragraph[:9]}”一段所称指标以统计部门公布的口径为准。"
                notes.append(note)
            blocks.append(Block(paragraph, 0, note))
        at += len(paragraph) + 1
    rows = table(given, found)
    blocks += [Block("附表 主要指标", 2), Block(rows=rows)]
    return Set(
        path.stem, tuple(blocks), text, tuple(cell for row in rows for cell in row), tuple(notes)
    )


def paragraphs(document: Document, found: Outline, broken: Sequence[Span]) -> list[str]:
    """The document's own lines, wrapped ones joined, page furniture and broken tables left out."""
    lines: list[str] = []
    end = -1
    for part in found.parts:
        if part.kind in {"body", "heading", "metadata"} and not any(
            b.overlaps(part.span) for b in broken
        ):
            search = normalise(part.span.of(document.text)).text
            own = (
                part.span.start == 0
                or "\n" in document.text[max(0, end) : part.span.start]
                or end < 0
            )
            if lines and not own:
                lines[-1] += search
            else:
                lines.append(search)
            end = part.span.end
    return [line for line in lines if len(line) > 1]


def table(document: Document, found: Outline) -> tuple[tuple[str, ...], ...]:
    """A table of the first figures of the plan, with years, units and attributes."""
    rows = [("序号", "指标", "2025年", "2030年", "属性")]
    seen = set()
    for one in indicators(document, found):
        if (
            one.unit not in {"%", "个", "件", "公里"}
            or isinstance(one.value, tuple)
            or one.surface in seen
        ):
            continue
        if len(rows) > ROWS or not 3 < len(one.surface) < 22:
            continue
        seen.add(one.surface)
        kind = "约束性" if len(rows) % 3 == 0 else "预期性"
        rows.append(
            (
                str(len(rows)),
                f"{one.surface}（{one.unit}）",
                # Digits as people write them: 20000000000, not 2e+10.
                f"{one.value:.15g}",
                f"{one.value + 5:.15g}",
                kind,
            )
        )
    return tuple(rows)


def f1(given: Sequence[object], read: Sequence[object]) -> float:
    """Of two bags: twice what they share by their sizes; not a number where both are empty."""
    shared = sum((Counter(given) & Counter(read)).values())
    both = len(given) + len(read)
    return 2 * shared / both if both else math.nan


def recall(given: Sequence[object], read: Sequence[object]) -> float:
    """The share of the first bag that is in the second; not a number where the first is empty."""
    return sum((Counter(given) & Counter(read)).values()) / len(given) if given else math.nan


def compare(made: Set, path: Path) -> dict[str, float]:
    """Read ``path`` and compare it with what was set."""
    started = time.perf_counter()
    (document,) = read_sources([path]).documents
    seconds = time.perf_counter() - started
    expected = Document(
        "d",
        made.blocks[0].text,
        made.text,
        "",
        region=document.region,
        level=document.level,
        period=document.period,
    )
    # As they are set: a number, a blank, the note.
    notes = {
        normalise(raw).text: raw for n, note in enumerate(made.notes, 1) for raw in [f"{n} {note}"]
    }
    lines = own_lines(document)
    # What stands after the heading of the table is not compared: a note may come to stand there.
    given = with_notes([normalise(b.text).text for b in made.blocks[:-1]], lines, set(notes))
    given = given[: given.index(normalise(made.blocks[-2].text).text)]
    expected = replace(expected, text="\n".join(notes.get(line, line) for line in given))
    before, after = outline(expected.text), outline(document.text, document.layout)
    until = document.text.rfind("附表")
    found = {
        "paragraphs": f1([*given, "附表主要指标"], lines),
        "outline": f1(
            [_bare(s.path) for s in before.sections],
            [_bare(s.path) for s in after.sections if s.heading.start < until],
        ),
        "passages": f1(
            [search_text(expected, c) for c in chunk(expected, before)],
            [search_text(document, c) for c in chunk(document, after) if c.span.start < until],
        ),
        "figures": f1(_figures(expected, before), _figures(document, after, until)),
        "table": recall(
            [normalise(cell).text for cell in made.cells],
            [normalise(c.span.of(document.text)).text for t in of(document) for c in t.cells],
        ),
        "rows": recall(
            _row_figures(made),
            [
                (i.surface, i.period or i.year, i.value, i.unit, i.binding)
                for i in indicators(document, after)
                if i.binding
            ],
        ),
        "notes": recall(sorted(notes), lines),
        "false": sum(table.span.start < until for table in of(document)),
        "seconds": seconds,
    }
    return found


def own_lines(document: Document) -> list[str]:
    """The search texts of the lines that are neither rows of tables nor page furniture."""
    shown = document.layout.furniture if document.layout else ()
    end = min((one.span.start for one in shown), default=len(document.text))
    found = [normalise(line).text for line in document.text[:end].split("\n")]
    return [line for line in found if line and not line.startswith("|")]


def spared(whole: Path, scanned: Path) -> float:
    """The share of the lines off the scanned page that are read as before; 0 if it is not told."""
    (before,), (after,) = read_sources([whole]).documents, read_sources([scanned]).documents
    if before.layout is None or not any(f"第 {SCANNED} 页" in told for told in after.damage):
        return 0.0
    touched = {
        before.text.count("\n", 0, place.span.start)
        for place in before.layout.places
        if place.page == SCANNED
    }
    kept = [line for at, line in enumerate(before.text.split("\n")) if at not in touched]
    return recall(kept, after.text.split("\n"))


def with_notes(given: list[str], read: list[str], notes: set[str]) -> list[str]:
    """Put the notes where the file has them: after the same paragraph, wherever that is."""
    at = 0
    out = list(given)
    for before, line in pairwise(read):
        if before in out[at:]:
            at = out.index(before, at)
        if line in notes:
            at += 1
            out.insert(at, line)
    return out


def _bare(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("".join(title.split()) for title in path)


def _row_figures(made: Set) -> list[tuple[object, ...]]:
    rows = made.blocks[-1].rows[1:]
    return [
        (
            normalise(name.split("（")[0]).text,
            # A mean over years that stands under a year is of the plan that ends with it.
            (year - 4, year) if re.search("年均(?!浓度)", name) else year,
            float(value),
            name.rpartition("（")[2].rstrip("）"),
            kind,
        )
        for _, name, first, second, kind in rows
        for year, value in ((2025, first), (2030, second))
    ]


def _figures(document: Document, found: Outline, until: int | None = None) -> list[object]:
    return [
        (i.name, i.year, i.period, i.value, i.unit, i.bound, i.kind)
        for i in indicators(document, found)
        if until is None or i.span.start < until
    ]


def shown(name: str, value: float) -> str:
    """A figure of the table; a dash where there was nothing to find."""
    if math.isnan(value):
        return "—"
    return f"{value:.0f}" if name == "false" else f"{value:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plans", type=Path, nargs="+", help="text files, or a folder of them")
    parser.add_argument("--work", type=Path, help="where the documents are made; kept")
    parser.add_argument("--paragraphs", type=int, default=400, help="of each plan, at most")
    options = parser.parse_args()
    files = [f for p in options.plans for f in (sorted(p.rglob("*.txt")) if p.is_dir() else [p])]
    folder = options.work or Path(tempfile.mkdtemp())
    names = [
        "paragraphs", "outline", "passages", "figures", "table", "rows", "notes", "scan", "false",
        "seconds",
    ]  # fmt: skip
    print("| set as | plan | file | " + " | ".join(names) + " |")
    print("|---|---|---|" + "---|" * len(names))
    for (look, setting), path in zip(LOOKS.items(), files, strict=False):
        made = prepare(path, options.paragraphs)
        out = make(made.blocks, setting, folder, f"{look.replace(' ', '_')}")
        scanned = scan(out["pdf"], SCANNED, folder / f"{look.replace(' ', '_')}_scanned.pdf")
        for kind, file in out.items():
            row = compare(made, file)
            row["scan"] = spared(file, scanned) if kind == "pdf" else math.nan
            print(
                f"| {look} | {made.name} | {kind} | "
                + " | ".join(shown(n, row[n]) for n in names)
                + " |",
                flush=True,
            )


if __name__ == "__main__":
    main()
