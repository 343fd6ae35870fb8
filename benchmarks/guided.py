"""Coverage-guided fuzzing of the readers: what reaches new code is kept and damaged further.

    python -m benchmarks.guided [--minutes N] [--only FORMAT] [--seed N] [--keep FOLDER]

Needs atheris (libFuzzer for Python; ``pip install atheris``, of no use to the project itself). One
process of its own for each format runs the readers and the analysis, instrumented with the Python
libraries below them, on small whole files (``mutate.py``). Faults are of two kinds: libFuzzer's own,
led by what the code compares, and those of ``mutate.py``; parts of Office files are damaged inside and
packed again, and text mostly stays in its encoding. What goes wrong there is tried once more behind
the wall, without instruments, as any source is (``fuzz.py``); only what fails there is a failure.
"""

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from benchmarks import fuzz_inside
from benchmarks.mutate import SUFFIXES, samples


def guide(kind: str, minutes: float, seed: int, keep: Path) -> tuple[str, int]:
    """Fuzz ``kind``; return a row of the report and how many failures there were."""
    sums: Counter[str] = Counter()
    refusals: Counter[str] = Counter()
    most: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "corpus").mkdir()
        (work / "found").mkdir()
        for number, data in enumerate(samples(kind, 400)):
            (work / "corpus" / f"{number}").write_bytes(data)
        until, runs, log = time.monotonic() + 60 * minutes, 0, ""
        while (left := until - time.monotonic()) > 1 and runs < 50:
            log += _run(kind, left, seed + 1000 * runs, work)
            runs += 1
            if (work / "tally.json").exists():
                tally = json.loads((work / "tally.json").read_text())
                (work / "tally.json").unlink()
                sums.update({name: tally[name] for name in ("examples", "read", "refused")})
                refusals.update(tally["refusals"])
                for name in ("largest", "reading", "analysis"):
                    most[name] = max(most.get(name, 0), tally[name])
        found = sorted((work / "found").iterdir()) + sorted(work.glob("stopped-*"))
        print("\n".join(re.findall(r"^== .*", log, re.M)), flush=True)
        for message, count in refusals.most_common(8):
            print(f"  {count} × {message}", flush=True)
        failures = [one for one in found if _fails(one, kind, seed, keep)]
    first = re.search(r"INITED cov: (\d+)", log)
    reached = re.findall(r"cov: (\d+) ft: (\d+) corp: (\d+)", log) or [("0", "0", "0")]
    memory = max(map(int, re.findall(r"rss: (\d+)Mb", log)), default=0)
    row = (
        f"| {kind} | {sums['examples']} | {sums['read']} | {sums['refused']} | {most.get('largest', 0) / 2**20:.1f} "
        f"| {first.group(1) if first else '–'} → {reached[-1][0]} | {reached[-1][2]} | {memory} "
        f"| {most.get('reading', 0):.1f} | {most.get('analysis', 0):.1f} | {runs - 1} | {len(found)} | {len(failures)} |"
    )
    return row, len(failures)


def _run(kind: str, seconds: float, seed: int, work: Path) -> str:
    command = [sys.executable, "-m", "benchmarks.guided", "--child", str(work)]
    command += ["--only", kind, "--minutes", str(seconds / 60), "--seed", str(seed)]
    with (work / "log").open("w+b") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, "PYTHONHASHSEED": "0"}
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds + 400)
        process.kill()
        process.wait()
        log.seek(0)
        text = log.read().decode("utf-8", "replace")
    if process.returncode:
        print(f"{kind} died ({process.returncode}):\n{text[-1500:]}", flush=True)
    return text


def _fails(found: Path, kind: str, seed: int, keep: Path) -> bool:
    """Try a finding behind the wall, without instruments; keep it and say what becomes of it."""
    from benchmarks import fuzz

    tally = fuzz.Tally()
    with fuzz.Guard(fuzz.READING) as guard, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{SUFFIXES[kind]}"
        path.write_bytes(found.read_bytes())
        try:
            wrong = fuzz.once(path, guard, tally)
        except Exception:
            wrong = traceback.format_exc()
        memory = fuzz.peak(guard)
    name = found.name if found.suffix else f"{kind}-{seed}-{found.name}{SUFFIXES[kind]}"
    keep.mkdir(parents=True, exist_ok=True)
    (keep / name).write_bytes(found.read_bytes())
    print(
        f"{name}: {found.stat().st_size} bytes, read {tally.slowest_reading:.1f} s, analysed {tally.slowest_analysis:.1f} s, "
        f"{memory:.0f} MB; {wrong.strip()[-300:] or list(tally.unforeseen) or list(tally.refusals) or 'read'}",
        flush=True,
    )
    return bool(wrong or tally.unforeseen or tally.limits)


def main() -> int:
    """Fuzz the formats, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="of each format")
    parser.add_argument("--only", choices=sorted(SUFFIXES), action="append")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"))
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        fuzz_inside.run(options.only[0], options.minutes * 60, options.seed, options.child)
    print(
        "| format | examples | read | refused | largest input, MB | places in the code reached | kept as new | peak of all, MB "
        "| slowest reading, CPU s | slowest analysis, CPU s | restarts | tried again | failures |\n"
        + "|---" * 13
        + "|"
    )
    failed = 0
    for kind in options.only or SUFFIXES:
        row, failures = guide(kind, options.minutes, options.seed, options.keep)
        failed += failures
        print(row, flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
