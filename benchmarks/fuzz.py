"""Damaged files against the readers: a Document or a SourceError in Chinese, nothing else.

    python -m benchmarks.fuzz [--minutes N] [--only FORMAT] [--seed N] [--keep FOLDER]

Whole files of each format are made here, damaged (see ``mutate.py``), read through the same wall as
any source, and what is read is analysed as an index would. It is a failure if anything but a
SourceError that names the file is raised, the reader's process dies of anything but its limits,
reading or analysis takes longer than it may, or a span lies outside the text. What failed is kept.
Reading and analysis are timed by the processor's seconds, so that a busy machine is no failure.
"""

import argparse
import contextlib
import os
import random
import signal
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from benchmarks.mutate import LARGEST, SUFFIXES, damaged, samples
from index import Document, SourceError, page_boxes, place_name
from index.chunk import chunk, coverage, search_text
from index.indicators import indicators
from index.outline import outline
from index.read.folder import _read_file
from index.read.guard import MEMORY, Guard
from index.read.manifest import Entry

READING = 300.0  # seconds: the wall's own limit
ANALYSIS = 15.0  # seconds of the processor for any text, and
EACH = 30.0  # for each million characters


class SlowError(Exception):
    """The analysis of a text takes longer than it may."""


class WrongError(Exception):
    """A document that contradicts itself."""


@dataclass(slots=True)
class Tally:
    """What became of the examples of one format; sizes in bytes, memory in MB."""

    examples: int = 0
    read: int = 0
    largest: int = 0
    reader_memory: float = 0
    slowest_reading: float = 0
    slowest_analysis: float = 0
    limits: int = 0
    unforeseen: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


@contextlib.contextmanager
def limit(seconds: float) -> Iterator[None]:
    """Stop what takes more than ``seconds`` of the processor, in this process."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise SlowError(f"more than {seconds:.0f} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def check(document: Document) -> None:
    """Analyse ``document`` as an index does.

    Raises:
        WrongError: a span outside the text, out of order, or text that no file can hold.
    """
    text, layout = document.text, document.layout
    text.encode()
    if layout is not None:
        given = [p.span for p in layout.places]
        if given != sorted(given):
            raise WrongError("places out of order")
        spans = [*given, *(h.span for h in layout.headings), *(f.span for f in layout.furniture)]
        for table in layout.tables:
            inner = [*table.rows, *(cell.span for cell in table.cells)]
            if any(not (table.span.start <= s.start <= s.end <= table.span.end) for s in inner):
                raise WrongError("a cell outside its table")
            spans.append(table.span)
        if any(not 0 <= s.start <= s.end <= len(text) for s in spans):
            raise WrongError("a span outside the text")
    found = outline(text, layout)
    pieces = chunk(document, found)
    coverage(document, found, pieces)
    for piece in pieces:
        if not 0 <= piece.span.start < piece.span.end <= len(text):
            raise WrongError("a passage outside the text")
        search_text(document, piece)
        if piece in (pieces[:50] + pieces[-50:]):
            place_name(document, piece.span)
            page_boxes(document, piece.span)
    for figure in indicators(document, found):
        if not 0 <= figure.span.start < figure.span.end <= len(text):
            raise WrongError("a figure outside the text")


def once(path: Path, guard: Guard, tally: Tally) -> str:
    """Read and analyse ``path``; return what went wrong, "" if nothing did."""
    process, worked, started = guard._process, worker_seconds(guard), time.process_time()
    try:
        document, _ = _read_file(path, path.name, Entry(), guard)
    except SourceError as error:
        return _refused(str(error), path, tally)
    except Exception:
        return traceback.format_exc()
    finally:
        before = worked if guard._process is process else 0
        spent = worker_seconds(guard) - before + time.process_time() - started
        tally.slowest_reading = max(tally.slowest_reading, spent)
    tally.read += 1
    started = time.process_time()
    try:
        with limit(ANALYSIS + EACH * len(document.text) / 1e6):
            check(document)
    except Exception:
        return traceback.format_exc()
    finally:
        tally.slowest_analysis = max(tally.slowest_analysis, time.process_time() - started)
    return ""


def _refused(message: str, path: Path, tally: Tally) -> str:
    if str(path) not in message:
        return f"the message does not name the file: {message}"
    tally.refusals[message.replace(str(path), "")[:18]] += 1
    if "没有读完" in message:
        return message
    # A process that dies at its limit of memory is the wall at work; it is counted.
    tally.limits += "中止" in message or "内存超过" in message
    if "无法解析（" in message:
        # In plain words, but the reader had not expected it.
        tally.unforeseen[message.replace(str(path), "").split("（", 1)[1][:60]] += 1
    return ""


def worker_seconds(guard: Guard) -> float:
    """The processor's seconds that the running reader has had; 0 where there is none."""
    if guard._process is not None:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{guard._process.pid}/stat").read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0


def peak(guard: Guard) -> float:
    """The most memory that the running reader has held, in MB; 0 where the system does not say."""
    process = guard._process
    if process is None:
        return 0
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0


def size(chance: random.Random) -> int:
    """Mostly small; one in twenty up to 1 MB, one in a hundred up to 10 MB."""
    how = chance.random()
    if how < 0.94:
        return int(10 ** chance.uniform(0, 5))
    return int(10 ** chance.uniform(5, 6)) if how < 0.99 else chance.randint(10**6, LARGEST)


def fuzz(kind: str, minutes: float, seed: int, keep: Path) -> Tally:
    """Read damaged files of ``kind`` until the time is over."""
    tally, whole = Tally(), samples(kind)
    until = time.monotonic() + 60 * minutes
    seen: set[str] = set()
    with Guard(READING) as guard, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{SUFFIXES[kind]}"
        while time.monotonic() < until:
            chance = random.Random(f"{kind} {seed} {tally.examples}")
            data = damaged(kind, chance, whole, size(chance))
            path.write_bytes(data)
            wrong = once(path, guard, tally)
            tally.examples += 1
            tally.largest = max(tally.largest, len(data))
            tally.reader_memory = max(tally.reader_memory, peak(guard))
            if wrong:
                tally.failures.append(wrong)
            new = wrong.strip().splitlines()[-3:] if wrong else list(tally.unforeseen)
            for where in ["".join(new)] if wrong else new:
                if where not in seen:
                    seen.add(where)
                    keep.mkdir(parents=True, exist_ok=True)
                    kept = keep / f"{kind}-{seed}-{tally.examples - 1}{SUFFIXES[kind]}"
                    kept.write_bytes(data)
                    print(f"{kept} ({len(data)} bytes)\n{wrong or where}", flush=True)
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="of each format")
    parser.add_argument(
        "--only", choices=sorted(SUFFIXES), action="append", help="format; may be repeated"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--keep", type=Path, default=Path("fuzz-failures"), help="where failures go"
    )
    options = parser.parse_args()
    print(
        "| format | examples | read | refused | at a limit | largest input, MB | reader's peak, MB "
        "| slowest reading, CPU s | slowest analysis, CPU s | unforeseen | failures |"
    )
    print("|---" * 11 + "|")
    failed = 0
    for kind in options.only or SUFFIXES:
        t = fuzz(kind, options.minutes, options.seed, options.keep)
        over = t.reader_memory > MEMORY / 2**20
        failed += len(t.failures) + over
        print(
            f"| {kind} | {t.examples} | {t.read} | {sum(t.refusals.values())} | {t.limits} | {t.largest / 2**20:.1f} "
            f"| {t.reader_memory:.0f} | {t.slowest_reading:.1f} | {t.slowest_analysis:.1f} | {sum(t.unforeseen.values())} | {len(t.failures)} |",
            flush=True,
        )
        for message, count in t.refusals.most_common(12):
            print(f"  {count} × {message}", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
