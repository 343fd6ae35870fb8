"""Build an index of a large folder and measure time and memory.

    python benchmarks/size.py PLANS WORK [--documents 1000] [--characters 50000000]

PLANS is a folder of real plans; their paragraphs, in random order under the headings of plans and
with other figures, make the documents. WORK is a new folder for these and for the index. Measured:
a build from nothing, one that a kill interrupts half-way, one document added, opening, an audit.
"""

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from index import read_sources

STEP = """
import json, resource, sys, time
from pathlib import Path
from index import Changes, Index, audit, build, read_sources, update
what, folder, *sources = sys.argv[1:]
folder, sources = Path(folder), [Path(source) for source in sources]
started, steps = time.monotonic(), {}
def progress(step, done, total):
    steps.setdefault(step, time.monotonic())
if what == "build":
    report = build(sources, folder, progress=progress)
    found = {"documents": report.documents, "passages": report.passages,
             "analysed": len(report.analysed)}
elif what == "update":
    read = read_sources(sources)
    report = update(folder, Changes(put=read.documents, files=read.files), progress)
    found = {"passages": report.passages, "analysed": len(report.analysed)}
elif what == "open":
    found = {"passages": len(Index.open(folder).chunks)}
else:
    account = audit(Index.open(folder))
    found = {"round trips": account.round_trips, "groups of duplicates": len(account.duplicates),
             "least accounted": min(d.accounted for d in account.documents)}
ended = time.monotonic()
marks = [*steps.values(), ended]
print(json.dumps({
    "s": round(ended - started, 1),
    "cpu s": round(time.process_time(), 1),
    **{f"{name} s": round(after - at, 1) for name, at, after in zip(steps, marks, marks[1:])},
    "peak GB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2), **found,
}, ensure_ascii=False))
"""


def make(plans: Path, folder: Path, documents: int, characters: int) -> int:
    """Write the documents; return how many characters they have in all."""
    dice = random.Random(5)
    paragraphs: list[str] = []
    for plan in read_sources([plans]).documents:
        lines = (line.strip() for line in plan.text.splitlines())
        paragraphs += [line for line in lines if len(line) >= 30]
    folder.mkdir(parents=True)
    total = 0
    for number in range(documents):
        parts = [f"第{number}号市国民经济和社会发展第十五个五年规划纲要"]
        size, chapter = 0, 0
        while size < characters // documents:
            if dice.random() < 0.08:
                chapter += 1
                parts.append(f"第{chapter}章 {dice.choice(paragraphs)[:14].rstrip('，。；、')}")
            one = re.sub(r"\d", lambda _: str(dice.randint(0, 9)), dice.choice(paragraphs))
            parts.append(one)
            size += len(one)
        text = "\n".join(parts) + "\n"
        total += len(text)
        (folder / f"{number:05d}.txt").write_text(text, encoding="utf-8")
    return total


def run(what: str, folder: Path, *sources: Path, kill_after: float = 0) -> dict[str, object]:
    """Do one step in a process of its own and return what it measured."""
    command = [sys.executable, "-c", STEP, what, str(folder), *map(str, sources)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    if kill_after:
        time.sleep(kill_after)
        process.send_signal(signal.SIGKILL)
        process.wait()
        return {}
    out, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"{what} failed")
    found: dict[str, object] = json.loads(out)
    return found


def main() -> None:
    """Make the folder, build, interrupt, update, open and audit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plans", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--characters", type=int, default=50_000_000)
    given = parser.parse_args()
    sources, folder = given.work / "sources", given.work / "index"
    total = make(given.plans, sources, given.documents, given.characters)
    print(f"{given.documents} documents, {total:,} characters; load {os.getloadavg()}", flush=True)
    whole = run("build", folder, sources)
    print("build", whole, flush=True)
    print("build, nothing changed", run("build", folder, sources), flush=True)
    (given.work / "extra.txt").write_text(
        (sources / "00000.txt").read_text(encoding="utf-8")[::-1], encoding="utf-8"
    )
    print("one document added", run("update", folder, given.work / "extra.txt"), flush=True)
    print("open", run("open", folder), flush=True)
    print("audit", run("audit", folder), flush=True)
    other = given.work / "interrupted"
    run("build", other, sources, kill_after=float(str(whole["s"])) / 2)
    print("build, killed half-way and run again", run("build", other, sources), flush=True)
    size = sum(path.stat().st_size for path in folder.glob("gen-*2/**/*") if path.is_file())
    print(f"index on disk: {size / 2**30:.2f} GB; load {os.getloadavg()}")


if __name__ == "__main__":
    main()
