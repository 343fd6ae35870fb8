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
import importlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.mutate import (
    SUFFIXES,
    damaged,
    is_encoded,
    main_parts,
    repacked,
    samples,
    tree,
    unpacked,
)

# Instrumented besides our own; pypdfium2 and lxml are machine code.
LIBRARIES = {
    "docx": ["docx"], "xlsx": ["openpyxl"], "html": ["trafilatura", "justext"],
    "markdown": ["markdown_it"], "pdf": [], "text": [], "csv": [],
}  # fmt: skip
READERS = [f"index.read.{name}" for name in ("docx", "html", "markdown", "pdf", "sheets")]
CODES = ("utf-8", "gb18030", "utf-16", "big5")
SMALL = 1 / 97  # of the inputs is grown beyond what is quick
MEMORY = 1024  # MB of the whole instrumented process


def allowed(length: int) -> float:
    """The processor's seconds that an instrumented run may take on so many bytes."""
    return 10 + 60 * length / 2**20


def mutated(kind: str, data: bytes, chance: random.Random, mutate: Any) -> bytes:  # noqa: ANN401
    """Return ``data`` with faults; ``mutate(data, size)`` is libFuzzer's own way."""
    size = int(10 ** chance.uniform(2, 4.3))
    if chance.random() < SMALL:
        size = int(10 ** chance.uniform(4.3, 7))
    parts = unpacked(data) if kind in {"docx", "xlsx"} and chance.random() < 0.97 else {}
    if parts:
        name = chance.choice(main_parts(parts))
        how = chance.random()
        if how < 0.5:
            parts[name] = tree(kind, chance, parts[name], size)
        else:
            parts[name] = (_value if how < 0.95 else _bytes)(parts[name], chance, mutate)
        return repacked(parts)
    if chance.random() < 0.5:
        return damaged(kind, chance, [data], size)
    made = _bytes(data, chance, mutate)
    if kind not in {"text", "markdown", "html", "csv"} or chance.random() < 0.15:
        return made
    code = next((one for one in CODES if is_encoded(data, one)), "utf-8")
    return made.decode(code, "ignore").encode(code)


def _bytes(part: bytes, chance: random.Random, mutate: Any) -> bytes:  # noqa: ANN401
    return bytes(mutate(part, 2 * len(part) + 100))


def _value(part: bytes, chance: random.Random, mutate: Any) -> bytes:  # noqa: ANN401
    """Change the text or an attribute of an element, so that the part remains XML."""
    from lxml import etree

    try:
        root = etree.fromstring(part)
    except etree.XMLSyntaxError:
        return _bytes(part, chance, mutate)
    one = chance.choice(list(root.iter(etree.Element)))
    name = chance.choice([None, *one.attrib])
    old = (one.text or "") if name is None else one.get(name)
    new = bytes(mutate(old.encode(), 2 * len(old.encode()) + 100)).decode("utf-8", "ignore")
    new = re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "", new)
    if name is None:
        one.text = new
    else:
        one.set(name, new)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


# The process that is instrumented


class Within:
    """Reads in this process, as the one behind the wall does; keeps what the reader did not foresee."""

    _process = None

    def __init__(self) -> None:
        self.unforeseen = ""

    def read(self, path: Path, kind: str) -> Any:  # noqa: ANN401
        from index import SourceError
        from index.read.worker import _read

        try:
            return _read(path.read_bytes(), path, kind, ocr=False)
        except SourceError:
            raise
        except (MemoryError, RecursionError) as error:
            raise SourceError(f"{path} {error}") from error
        except Exception as error:
            self.unforeseen = traceback.format_exc()
            raise SourceError(f"{path} 无法解析（{error}") from error


class Target:
    """What libFuzzer calls: reads and analyses an input, keeps what goes wrong, stops in time."""

    def __init__(self, kind: str, seconds: float, seed: int, work: Path) -> None:
        from benchmarks import fuzz

        self._fuzz, self._inside, self._tally = fuzz, Within(), fuzz.Tally()
        self._name, self._suffix, self._work = f"{kind}-{seed}", SUFFIXES[kind], work
        # Not on a disk, where there is memory: it is written for each input.
        memory = Path("/dev/shm")
        folder = tempfile.mkdtemp(dir=memory if memory.is_dir() else None)
        self._path = Path(folder) / f"a{self._suffix}"
        self._until, self._told = time.monotonic() + seconds, time.monotonic()
        self._kept: Counter[str] = Counter()

    def __call__(self, data: bytes) -> None:
        self._path.write_bytes(data)
        tally, inside = self._tally, self._inside
        tally.examples += 1
        tally.largest = max(tally.largest, len(data))
        started = time.process_time()
        try:
            with self._fuzz.limit(allowed(len(data))):
                wrong = self._fuzz.once(self._path, inside, tally)
        except Exception:
            wrong = traceback.format_exc()
        if inside.unforeseen:
            self._keep(f"unforeseen: {_places(inside.unforeseen)}", data)
            inside.unforeseen = ""
        if wrong:
            self._keep(_places(wrong) or wrong, data)
        spent = time.process_time() - started
        if spent > 2 + 20 * len(data) / 2**20:
            self._keep(f"{spent:.0f} s", data)
        if time.monotonic() > min(self._told + 2, self._until):
            self._told = time.monotonic()
            _write(self._work, tally)
        if time.monotonic() > self._until:
            sys.stderr.flush()
            shutil.rmtree(self._path.parent)
            os._exit(0)

    def _keep(self, what: str, data: bytes) -> None:
        # The same place in the code is one finding, however often it is met.
        self._kept[what] += 1
        if self._kept[what] == 1 and len(self._kept) <= 200:
            number = len(list((self._work / "found").iterdir()))
            name = f"{self._name}-{number}"
            (self._work / "found" / f"{name}{self._suffix}").write_bytes(data)
            print(f"== {name} {len(data)} bytes: {what}", flush=True)


def child(kind: str, seconds: float, seed: int, work: Path) -> None:
    """Run libFuzzer on ``kind``; write what happens to ``work`` and end this process."""
    import atheris

    with atheris.instrument_imports(include=["index", *LIBRARIES[kind]]):
        for module in (*LIBRARIES[kind], "index.read.worker", *READERS):
            importlib.import_module(module)
        target = Target(kind, seconds, seed, work)

    def change(data: bytes, most: int, number: int) -> bytes:
        chance = random.Random(f"{kind} {seed} {number}")
        return mutated(kind, data, chance, atheris.Mutate)[:most]

    given = [
        "guided", f"-seed={seed}", f"-rss_limit_mb={MEMORY}", "-timeout=300", f"-max_len={10 * 2**20}",
        "-len_control=0", "-mutate_depth=2", "-print_final_stats=1", f"-artifact_prefix={work}/stopped-",
        f"-cross_over={int(kind not in {'docx', 'xlsx'})}", str(work / "corpus"),
    ]  # fmt: skip
    atheris.Setup(given, target, custom_mutator=change)
    atheris.Fuzz()


def _places(trace: str) -> str:
    """The last places in our code, or the library's, that a traceback names, and its error."""
    lines = re.findall(r'File "[^"]*?([^/"]+/[^/"]+)", line (\d+)', trace)
    lines = [f"{name}:{number}" for name, number in lines if "benchmarks/" not in name]
    last = trace.strip().splitlines()[-1][:80] if lines else ""
    return f"{' '.join(lines[-2:])} {re.sub(r'[0-9]+', '0', last)}".strip()


def _write(work: Path, tally: Any) -> None:  # noqa: ANN401
    found = {
        "examples": tally.examples, "read": tally.read, "refused": sum(tally.refusals.values()),
        "refusals": dict(tally.refusals.most_common(20)),
        "largest": tally.largest, "reading": tally.slowest_reading, "analysis": tally.slowest_analysis,
    }  # fmt: skip
    (work / "tally.json.part").write_text(json.dumps(found))
    (work / "tally.json.part").replace(work / "tally.json")


# The process that starts it, again where it died, and judges what it found


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
        child(options.only[0], options.minutes * 60, options.seed, options.child)
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
