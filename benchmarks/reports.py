"""How many planted errors ``guiwen cite`` finds, and how many right claims it flags.

    python benchmarks/reports.py INDEX [--set measured|fresh|dev|blind|blind-2] [--misses] [-o benchmarks/reports.md]

An error is found when a flagged finding overlaps the labelled words; a right claim is a false alarm
when one does. Files named ``.docx.md`` are made into Word files first, so that the Word reader is
measured too.
"""

import argparse
import json
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from qa import Engine
from qa.drafts import Checked, Finding, check, read

HERE = Path(__file__).parent / "reports"
KINDS = ("figure", "year", "region", "quotation", "invented")
EXPECTED = {"invented": {"unsupported"}}


@dataclass(frozen=True)
class Labelled:
    """A labelled claim with the findings that overlap it."""

    report: str
    claim: str
    kind: str
    correct: str
    findings: tuple[Finding, ...]

    @property
    def flagged(self) -> bool:
        return any(finding.flagged for finding in self.findings)

    @property
    def named(self) -> bool:
        """Whether the kind of error is told."""
        expected = EXPECTED.get(self.kind, {self.kind})
        return any(finding.verdict in expected for finding in self.findings)

    @property
    def mended(self) -> bool:
        """Whether the right figure, year, region or wording is given."""
        wanted = "".join(self.correct.split())
        return any(wanted in _plain(finding) for finding in self.findings if finding.flagged)


def main() -> None:
    """Check the drafts, print and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument(
        "--set", choices=("measured", "fresh", "dev", "blind", "blind-2"), default="measured"
    )
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    folder = HERE / options.set
    engine = Engine.open(options.index)
    found: list[Labelled] = []
    loose: list[Finding] = []
    with tempfile.TemporaryDirectory() as place:
        for path in sorted(folder.glob("*.*")):
            if path.suffix != ".jsonl":
                checked = check(read(as_given(path, Path(place))), engine)
                labelled, others = matched(path.name, checked, folder / "labels.jsonl")
                found += labelled
                loose += others
    text = told(found, loose)
    print(text)
    if options.misses:
        for one in found:
            if one.flagged == (one.kind == "right"):
                says = [(f.verdict, f.right, f.claim.text) for f in one.findings]
                print(one.report, one.kind, one.claim, says)
        for finding in loose:
            print("unlabelled", finding.verdict, finding.claim.text)
    if options.output:
        options.output.write_text(text, encoding="utf-8")


def as_given(path: Path, place: Path) -> Path:
    """The draft as its author would hand it in: a Word file is made of ``.docx.md``."""
    if not path.name.endswith(".docx.md"):
        return path
    made = place / path.name.removesuffix(".md")
    to_word(path.read_text(encoding="utf-8"), made)
    return made


def to_word(text: str, path: Path) -> None:
    """Write simple Markdown (headings, bold, italics, tables) as a Word file."""
    import re

    import docx

    document = docx.Document()
    rows: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            if not re.fullmatch(r"[|\s:-]+", line):
                rows.append([cell.strip() for cell in line.strip("|").split("|")])
            continue
        if rows:
            table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    table.cell(at, column).text = cell
            rows = []
        if line.startswith("#"):
            document.add_heading(line.lstrip("# "), level=len(line) - len(line.lstrip("#")))
        elif line.strip():
            paragraph = document.add_paragraph()
            for piece in re.split(r"(\*\*.+?\*\*|\*.+?\*)", line):
                run = paragraph.add_run(piece.strip("*"))
                run.bold = piece.startswith("**") or None
                run.italic = (piece.startswith("*") and not piece.startswith("**")) or None
    document.save(str(path))


def matched(name: str, checked: Checked, labels: Path) -> tuple[list[Labelled], list[Finding]]:
    """The labels of one draft with the findings on them; flagged findings on no label."""
    starts, text = [], ""
    for block in checked.blocks:
        starts.append(len(text))
        text += block.text + "\n"
    placed = [
        (starts[f.claim.block] + f.claim.start, starts[f.claim.block] + f.claim.end, f)
        for f in checked.findings
    ]
    found, at, used = [], 0, set()
    for line in labels.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["report"] != name:
            continue
        start = text.index(row["claim"].replace("**", ""), at)
        at = start + len(row["claim"].replace("**", ""))
        own = [(a, b, f) for a, b, f in placed if a < at and start < b]
        # A finding that reaches over two claims counts for the one that it covers most.
        own = [
            (a, b, f)
            for a, b, f in own
            if 2 * (min(b, at) - max(a, start)) >= min(b - a, at - start)
        ]
        used |= {id(f) for _, _, f in own}
        findings = tuple(f for _, _, f in own)
        found.append(Labelled(name, row["claim"], row["kind"], row.get("correct", ""), findings))
    return found, [f for _, _, f in placed if f.flagged and id(f) not in used]


def told(found: list[Labelled], loose: list[Finding]) -> str:
    """The figures as a Markdown table."""
    errors = [one for one in found if one.kind != "right"]
    right = [one for one in found if one.kind == "right"]
    lines = ["| | claims | found | kind told | right one given |", "|---|---|---|---|---|"]
    for kind in ("all", *KINDS):
        own = [one for one in errors if kind in {"all", one.kind}]
        mendable = [one for one in own if one.correct]
        lines.append(
            f"| {kind} | {len(own)} | {_share(own, 'flagged')} | {_share(own, 'named')} "
            f"| {_share(mendable, 'mended')} |"
        )
    cited = sum(any(f.verdict == "supported" for f in one.findings) for one in right)
    lines += [
        "",
        f"Right claims: {len(right)}; false alarms {_share(right, 'flagged')}; "
        f"with a footnote {cited / len(right):.3f}. "
        f"Flagged outside the labels: {len(loose)}.",
        f"Verdicts on errors: {dict(Counter(f.verdict for one in errors for f in one.findings))}.",
    ]
    return "\n".join(lines) + "\n"


def _share(of: list[Labelled], name: str) -> str:
    return f"{sum(getattr(one, name) for one in of) / len(of):.3f}" if of else "—"


def _plain(finding: Finding) -> str:
    quotes = "".join(citation.quote for citation in finding.citations)
    return "".join((finding.right or quotes).split())


if __name__ == "__main__":
    main()
