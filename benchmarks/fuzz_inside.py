"""The instrumented process of ``guided.py``: mutates, reads, analyses, and keeps what goes wrong."""

import importlib
import json
import os
import random
import re
import shutil
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
GROWN = 1 / 97  # of the inputs is grown beyond what is quick
MEMORY = 1024  # MB of the whole instrumented process


def allowed(length: int) -> float:
    """The processor's seconds that an instrumented run may take on so many bytes."""
    return 10 + 60 * length / 2**20


def mutated(kind: str, data: bytes, chance: random.Random, mutate: Any) -> bytes:  # noqa: ANN401
    """Return ``data`` with faults; ``mutate(data, size)`` is libFuzzer's own way."""
    size = int(10 ** chance.uniform(2, 4.3))
    if chance.random() < GROWN:
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


def run(kind: str, seconds: float, seed: int, work: Path) -> None:
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
