"""Kill, starve and damage an index, and see that it is never lost or torn.

    python benchmarks/faults.py SOURCES [--points 200] [--seed 7] [--json]

SOURCES is a folder of at least four files, the second of them a text or a web page; from others
than texts the index keeps the originals, which are damaged and looked at too. Each writer is a forked process that dies by SIGKILL
at a random file operation or at a random moment. After each death the index must open, with all
checksums, as it was before or as it is to be; the same command run again must then give the
files that an undisturbed one gives, byte for byte. Needs fork, so no Windows.
"""

import argparse
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import RLock

from tqdm import tqdm

from index import (
    Changes,
    GuiwenError,
    Index,
    IndexDamagedError,
    IndexLockedError,
    IndexMissingError,
    StoreError,
    build,
    originals,
    read_sources,
    static,
    store,
    update,
)
from index.encode import open_encoder

Work = Callable[[Path], object]
NOBODY = 65534
EVENTS = {
    "open", "os.rename", "os.link", "os.mkdir", "os.rmdir", "os.remove", "shutil.rmtree", "os.scandir",
}  # fmt: skip


@dataclass
class Bench:
    """The operations under test, the index they start from and what each must give."""

    room: Path
    dice: random.Random
    base: Path
    works: dict[str, Work]
    files: dict[str, dict[str, str]] = field(default_factory=dict)
    events: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    found: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def start(self, name: str) -> Path:
        """Give the folder that an operation starts from."""
        target = self.room / "index"
        shutil.rmtree(target, ignore_errors=True)
        if name != "build":
            shutil.copytree(self.base, target)
        return target

    def state(self, folder: Path, name: str) -> str:
        """Say what a reader finds: old, new, none, or what is wrong."""
        try:
            index = Index.open(folder)
            for document in index.documents:
                index.original(document)
            found = whole_files(folder)
        except IndexMissingError:
            return "none" if name == "build" else "lost"
        except GuiwenError as error:
            return f"torn: {error}"
        if found == self.files[name]:
            return "new"
        return "old" if name != "build" and found == self.files["base"] else "torn: other files"

    def expect(self, what: str, good: bool, detail: str = "") -> None:
        """Count one check; a bad one is a fault."""
        self.found[what] += 1
        if not good:
            self.faults.append(f"{what}: {detail}")


def prepare(sources: Path, room: Path, seed: int) -> Bench:
    """Read everything that writers need into this process, and learn what each operation gives."""
    static._read = cache(static._read)
    fingerprint = open_encoder().fingerprint
    static.StaticEncoder.fingerprint = fingerprint  # type: ignore[assignment]
    documents = read_sources([sources]).documents
    if len(documents) < 4:
        raise SystemExit("expected at least four documents")
    first, second, third, *_ = documents
    changed = room / "changed"
    shutil.copytree(sources, changed)
    (changed / first.id).unlink()
    with (changed / second.id).open("ab") as file:
        file.write("\n附：另有说明。".encode())
    added = f"new{Path(first.id).suffix}"
    shutil.copy(sources / first.id, changed / added)
    others = read_sources([changed])
    new, edited = (
        Changes(put=tuple(d for d in others.documents if d.id == name), files=others.files)
        for name in (added, second.id)
    )
    works: dict[str, Work] = {
        "build": lambda folder: build([sources], folder),
        "rebuild": lambda folder: build([changed], folder),
        "add": lambda folder: update(folder, new),
        "replace": lambda folder: update(folder, edited),
        "remove": lambda folder: update(folder, Changes(removed=(third.id,))),
        "rename": lambda folder: update(folder, Changes(renamed={first.id: f"moved/{added}"})),
    }
    base = room / "base"
    build([sources], base)
    bench = Bench(room, random.Random(seed), base, works)
    bench.files["base"] = whole_files(base)
    for name, work in works.items():
        target = bench.start(name)
        count = room / "count"
        started = time.monotonic()
        code = wait(fork(target, work, report=count))
        bench.seconds[name] = time.monotonic() - started
        if code != 0:
            raise SystemExit(f"{name} failed undisturbed with {code}")
        bench.events[name] = int(count.read_text())
        bench.files[name] = whole_files(target)
    return bench


def fork(  # noqa: PLR0913 - each is one thing that may happen to a writer
    folder: Path,
    work: Work,
    *,
    at: int = 0,
    send: int = signal.SIGKILL,
    limit: int = 0,
    nobody: bool = False,
    report: Path | None = None,
) -> int:
    """Start ``work`` in a process of its own; ``at`` its n-th file operation ``send`` it a signal."""
    child = os.fork()
    if child:
        return child
    seen = 0
    prefix = str(folder)

    def hook(event: str, args: tuple[object, ...]) -> None:
        nonlocal seen
        if event in EVENTS and args and str(args[0]).startswith(prefix):
            seen += 1
            if seen == at:
                os.kill(os.getpid(), send)

    sys.addaudithook(hook)
    try:
        if limit:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        if nobody:
            os.setresuid(NOBODY, NOBODY, NOBODY)
        work(folder)
        code = 0
    except IndexLockedError:
        code = 5
    except StoreError:
        code = 4
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        code = 1
    if report:
        report.write_text(str(seen))
    os._exit(code)


def whole_files(folder: Path) -> dict[str, str]:
    """The checksums of an index's files, after they were compared with the files."""
    generation, manifest = store.opened(folder)
    store.verify(generation, manifest)
    kept = {f"{originals.FOLDER}/{path.name}": path.stem for path in originals_of(generation)}
    return {**manifest.files, **kept}


def originals_of(generation: Path) -> list[Path]:
    """The originals that a generation keeps, each named by its checksum."""
    return sorted((generation / originals.FOLDER).glob("*"))


def wait(child: int) -> int:
    """Return the exit code of a process, negative for the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kills(bench: Bench, points: int) -> None:
    """Kill writers until ``points`` have died; each index must be whole, and finish when resumed."""
    names = list(bench.works)
    dead = 0
    while dead < points:
        name = names[dead % len(names)]
        target = bench.start(name)
        if dead // len(names) % 2 == 0:
            at = bench.dice.randint(1, bench.events[name])
            how, code = "operation", wait(fork(target, bench.works[name], at=at))
        else:
            child = fork(target, bench.works[name])
            time.sleep(bench.dice.uniform(0, bench.seconds[name]))
            os.kill(child, signal.SIGKILL)
            how, code = "moment", wait(child)
        if code == 0:
            continue
        dead += 1
        state = bench.state(target, name)
        whole = code == -signal.SIGKILL and state in {"old", "new", "none"}
        bench.expect(f"killed at a random {how}", whole, f"{name} {code} {state}")
        bench.found[f"{name}: {state}"] += 1
        code = wait(fork(target, bench.works[name])) if state != "new" else 0
        again = code == 0 and whole_files(target) == bench.files[name]
        bench.expect("run again after the kill, same bytes", again, f"{name} {code}")
        if dead % 20 == 0:
            print(f"{dead} killed, {len(bench.faults)} faults", file=sys.stderr, flush=True)


def starved(bench: Bench, points: int) -> None:
    """Let the disk be full at a random size of a file, then as a whole where tmpfs can be mounted."""
    names = list(bench.works)
    for number in range(points):
        name = names[number % len(names)]
        target = bench.start(name)
        code = wait(fork(target, bench.works[name], limit=int(10 ** bench.dice.uniform(0, 5.5))))
        state = bench.state(target, name)
        good = state in {"old", "none"} if code == 4 else (code == 0 and state == "new")
        bench.expect("no file may grow on", good, f"{name} {code} {state}")
        bench.found["no file may grow on, and told so"] += code == 4
        left = [p.name for p in target.glob(".new-*")]
        bench.expect("nothing half written is left", not left, f"{name} {left}")
    full = bench.room / "full"
    full.mkdir()
    size = sum(p.stat().st_size for p in bench.base.rglob("*") if p.is_file()) // 1024
    for number in range(points // 4):
        room_for = int(size * bench.dice.uniform(1.1, 3.5)) + 64
        if os.system(f"mount -t tmpfs -o size={room_for}k tmpfs {full} 2>/dev/null"):
            return
        try:
            name = ("rebuild", "add")[number % 2]
            shutil.copytree(bench.base, full / "index")
            code = wait(fork(full / "index", bench.works[name]))
            state = bench.state(full / "index", name)
            good = state == "old" if code == 4 else (code == 0 and state == "new")
            bench.expect("disk full (tmpfs)", good, f"{name} {code} {state}")
            bench.found["disk full (tmpfs), and told so"] += code == 4
        finally:
            os.system(f"umount {full}")


def read_only(bench: Bench) -> None:
    """Write where nothing may be written: told as such, and readers go on."""
    with open_room() as room:
        shutil.copytree(bench.base, room / "index")
        for path in [*(room / "index").rglob("*"), room / "index"]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        # Not a build: nobody may not start the reader's process of an interpreter in a home folder.
        for name in ("add", "replace", "remove"):
            code = wait(fork(room / "index", bench.works[name], nobody=os.geteuid() == 0))
            bench.expect("read-only folder", code == 4, f"{name} {code}")
        code = wait(fork(room / "index", Index.open, nobody=os.geteuid() == 0))
        bench.expect("read-only folder, opened", code == 0, str(code))


@contextmanager
def open_room() -> Iterator[Path]:
    """A folder that every user may reach."""
    room = Path(tempfile.mkdtemp(prefix="faults-", dir="/tmp"))
    room.chmod(0o755)
    try:
        yield room
    finally:
        for path in [room, *room.rglob("*")]:
            path.chmod(0o755)
        shutil.rmtree(room)


def two_writers(bench: Bench) -> None:
    """Stop a writer half-way and send another: it is refused, and the first then finishes."""
    for name in bench.works:
        target = bench.start(name)
        at = bench.events[name] // 2
        first = fork(target, bench.works[name], at=at, send=signal.SIGSTOP)
        os.waitpid(first, os.WUNTRACED)
        code = wait(fork(target, bench.works[name]))
        state = bench.state(target, name)
        bench.expect("second writer", code == 5 and state in {"old", "none"}, f"{name} {code}")
        os.kill(first, signal.SIGCONT)
        code = wait(first)
        bench.expect("first writer goes on", code == 0 and bench.state(target, name) == "new", name)


def readers(bench: Bench, rounds: int) -> None:
    """Open, ask and reload without a pause while an index is changed over and over."""
    target = bench.start("remove")
    seen = bench.room / "seen"

    def read(folder: Path) -> None:
        found: Counter[str] = Counter()
        index = Index.open(folder)
        while not (bench.room / "stop").exists():
            index = index.reload() if index.is_stale() else Index.open(folder)
            rows = index.dense.top(index.encoder.encode(["城镇化率"])[0], 3)[0]
            found[f"{len(index.documents)} {rows.tolist()}"] += 1
        seen.write_text(json.dumps(found))

    reader = fork(target, read)
    out = Index.open(target).documents
    third = list(out)[2]
    for _ in range(rounds):
        update(target, Changes(removed=(third,)))
        update(target, Changes(put=(out[third],)))
    (bench.room / "stop").touch()
    code = wait(reader)
    found = json.loads(seen.read_text()) if code == 0 else {}
    bench.expect("reader beside a writer", code == 0 and len(found) == 2, f"{code} {found}")
    bench.found["openings beside a writer"] += sum(found.values())
    bench.expect(
        "as before after the changes were undone",
        whole_files(target) == bench.files["base"],
    )


def flips(bench: Bench, each: int) -> None:
    """Flip bits in each file of an index: opening must fail and name the file."""
    target = bench.start("add")
    generation, manifest = store.opened(target)
    paths = [generation / name for name in manifest.files]
    for path in [*paths, generation / store.MANIFEST, target / store.CURRENT]:
        good = path.read_bytes()
        for _ in range(each):
            at, bit = bench.dice.randrange(len(good)), bench.dice.randrange(8)
            path.write_bytes(good[:at] + bytes([good[at] ^ 1 << bit]) + good[at + 1 :])
            try:
                Index.open(target)
                said = "opened"
            except IndexDamagedError as error:
                said = str(error)
            bench.expect(f"flipped bit in {path.name}", str(path) in said, said)
        path.write_bytes(good)
    for path in originals_of(generation):
        good = path.read_bytes()
        index = Index.open(target)
        owner = next(d.id for d in index.documents.values() if d.sha256 == path.stem)
        for _ in range(each):
            at, bit = bench.dice.randrange(len(good)), bench.dice.randrange(8)
            path.write_bytes(good[:at] + bytes([good[at] ^ 1 << bit]) + good[at + 1 :])
            try:
                index.original(owner)
                said = "found"
            except IndexDamagedError as error:
                said = str(error)
            bench.expect("flipped bit in an original, asked for", str(path) in said, said)
        # Generations share originals by links; a run over the sources finds the damage and mends it.
        code = wait(fork(target, bench.works["rebuild"]))
        kept = originals_of(store.current(target))
        mended = whole_files(target) == bench.files["rebuild"]
        mended = mended and all(checksum(one) == one.stem for one in kept)
        bench.expect("mended by the next run", code == 0 and mended, f"{path} {code}")
        target = bench.start("add")
        generation = store.current(target)
    Index.open(target)


def checksum(path: Path) -> str:
    """Of one file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    """Run all faults and print a table of what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", type=Path)
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    # tqdm's own lock is shared by forked processes: one that is killed while it holds it would keep
    # all others waiting.
    tqdm.set_lock(RLock())
    tqdm.monitor_interval = 0
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="faults-") as room:
        Path(room).chmod(0o755)
        bench = prepare(given.sources, Path(room), given.seed)
        kills(bench, given.points)
        starved(bench, max(6, given.points // 5))
        read_only(bench)
        two_writers(bench)
        readers(bench, max(3, given.points // 20))
        flips(bench, max(1, given.points // 40))
    if given.json:
        print(json.dumps({"found": bench.found, "faults": bench.faults}, ensure_ascii=False))
    else:
        for what, count in bench.found.items():
            print(f"| {what} | {count} |")
        print(f"\nfaults: {len(bench.faults)}; {time.monotonic() - started:.0f} s")
        print("\n".join(bench.faults))
    return 1 if bench.faults else 0


if __name__ == "__main__":
    sys.exit(main())
