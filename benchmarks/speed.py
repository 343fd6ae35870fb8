"""Cold start, opening, memory and warm queries of indexes of any size, against what must be read.

python -m benchmarks.speed QUESTIONS.jsonl INDEX…        (each index in a process of its own)

A warm query is all from a question's text to ranked passages with their text: parsing, scope, the
three legs, fusion, the learned scorer. ``asked first`` is the first time that a question is asked, in a
process that others were asked in; then it is timed three times for each question: the table has the
least wall time and the least processor time of each (on a machine that does other things too, only
the second tells what the program costs). ``whole``: regions named in the question limit nothing, so
that all passages are searched. The floor is the bytes of codes, vectors, postings and tokens that
a query reads, over the measured bandwidth of memory.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from index import Index, dense, normalise
from qa import Engine, Filters, RetrieveOptions
from qa.questionnaire import Asked, read_asked

EXAMPLE = "济南2025年城镇化率目标"
_REPEATS, _COLD, _EXACT = 3, 5, 40
_TOKENS, _TEXTS = 100, 8192


def main() -> None:
    """Print one line of JSON for each measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("indexes", nargs="+", type=Path)
    parser.add_argument(
        "--only", action="store_true", help="measure here: one index, no cold start"
    )
    parser.add_argument("--limit", type=int, default=0, help="so many questions, evenly chosen")
    given = parser.parse_args()
    if given.only:
        print(json.dumps(measured(given.indexes[0], given.questions, given.limit)), flush=True)
        return
    print(json.dumps({"load": os.getloadavg(), "GB/s": round(bandwidth() / 1e9, 1)}), flush=True)
    for name, command in (
        ("guiwen --help", ["--help"]),
        ("guiwen ask", ["ask", EXAMPLE, "--index", str(given.indexes[0])]),
    ):
        print(json.dumps({"cold": name, **_cold(command)}), flush=True)
    print(json.dumps({f"passages of {_TOKENS} tokens encoded a second": encoded(given.indexes[0])}))
    for index in given.indexes:
        options = ["--only", "--limit", str(given.limit), str(given.questions), str(index)]
        subprocess.run([sys.executable, "-m", "benchmarks.speed", *options], check=True)
    print(json.dumps({"load": os.getloadavg()}))


def measured(folder: Path, questions: Path, limit: int = 0) -> dict[str, object]:
    """Open one index and ask it."""
    before = _resident()
    begun = time.perf_counter(), time.process_time()
    engine = Engine.open(folder)
    opened = time.perf_counter() - begun[0], time.process_time() - begun[1]
    rows = read_asked(questions)
    rows = rows[:: max(1, len(rows) // limit)] if limit else rows
    found: dict[str, object] = {
        "passages": len(engine.index.chunks),
        "documents": len(engine.index.documents),
        "open s": _rounded(opened[0]),
        "open cpu s": _rounded(opened[1]),
        "resident after opening, MB": _resident(),
        "before, MB": before,
    }
    begun = time.perf_counter(), time.process_time()
    _search(engine, rows[0], Filters())
    found["first query s"] = _rounded(time.perf_counter() - begun[0])
    found["first query cpu s"] = _rounded(time.process_time() - begun[1])
    for name, filters in (("as asked", Filters()), ("whole", Filters(lift_regions=True))):
        first = []
        for row in rows:
            begun_first = time.perf_counter()
            _search(engine, row, filters)
            first.append(time.perf_counter() - begun_first)
        middle, late = np.percentile(np.array(first) * 1e3, [50, 95])
        found[f"{name}, asked first, wall ms p50/p95"] = f"{middle:.2f} / {late:.2f}"
        times = np.array([_least(lambda r=row, f=filters: _search(engine, r, f)) for row in rows])
        for kind, own in zip(("wall", "cpu"), times.T, strict=True):
            middle, late = np.percentile(own * 1e3, [50, 95])
            found[f"{name}, {kind} ms p50/p95"] = f"{middle:.2f} / {late:.2f}"
    begun_all = time.perf_counter()
    parsed = [engine.parse(row.question, row.history) for row in rows]
    engine.retriever.search_many(parsed, 10, Filters(lift_regions=True))
    found["whole, all at once, wall ms a query"] = _rounded(
        (time.perf_counter() - begun_all) * 1e3 / len(rows)
    )
    answers = np.array([_answer(engine, row) for row in rows]) * 1e3
    middle, late = np.percentile(answers, [50, 95])
    found["answer, wall ms p50/p95"] = f"{middle:.2f} / {late:.2f}"
    found["resident after all questions, MB"] = _resident()
    found["most ever, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    read = [_bytes(engine, row) for row in rows]
    found["read a query, MB p50"] = _rounded(float(np.median(read)) / 1e6)
    found["floor ms p50"] = _rounded(float(np.median(read)) / bandwidth() * 1e3)
    found.update(_recall(engine, rows[:: max(1, len(rows) // _EXACT)]))
    return found


def _answer(engine: Engine, row: Asked) -> float:
    begun = time.perf_counter()
    engine.ask(row.question, row.history)
    return time.perf_counter() - begun


def _search(engine: Engine, row: Asked, filters: Filters) -> None:
    question = engine.parse(row.question, row.history)
    engine.retriever.within(question, engine.scope(question, filters), 10)


def _bytes(engine: Engine, row: Asked) -> int:
    """What a search of the whole reads: codes and refined vectors, postings, tokens and theirs."""
    index = engine.index
    question = engine.parse(row.question, row.history)
    filters = Filters(lift_regions=True)
    scope = engine.scope(question, filters)
    search = engine.retriever.wording(question, scope)
    weighed = engine.retriever.term_weights(question, search)
    postings = 8 * sum(index.sparse.document_frequencies(list(weighed)))
    codes = index.folder.glob(f"gen-*/{dense.CODES}")
    near = sum(path.stat().st_size for path in codes)
    near += index.dense.dimension * (2000 if near else index.dense.size)
    rows, _ = engine.retriever.candidates(question, scope, scope.groups[0])
    tokens = sum(index.late.between(int(r), int(r) + 1)[1].sum() for r in rows) if index.late else 0
    # Of ten tokens of the candidates about three are distinct.
    return int(postings + near + 4 * tokens + 0.3 * tokens * index.dense.dimension)


def _recall(engine: Engine, rows: list[Asked]) -> dict[str, object]:
    """How many of the exact nearest the dense leg finds."""
    index = engine.index
    everything = np.arange(index.dense.size)
    shares: dict[int, list[float]] = {10: [], 100: []}
    for row in rows:
        vector = index.encoder.encode([normalise(row.question).text])[0]
        scores = index.dense.scores(vector, everything)
        for count, own in shares.items():
            # As many as the engine asks for; the first of these are the first of fewer.
            found = index.dense.top(vector, max(count, RetrieveOptions().candidates))[0][:count]
            # A passage as near as the last of the best is as good.
            least = np.partition(scores, len(scores) - count)[len(scores) - count]
            own.append(float((scores[found] >= least).mean()))
    return {f"recall@{count} of exact": _rounded(float(np.mean(o))) for count, o in shares.items()}


def encoded(folder: Path) -> int:
    """How many passages of ``_TOKENS`` tokens, made of an index's own text, are encoded a second."""
    index = Index.open(folder)
    whole = "".join(index.search_text(row) for row in range(min(2000, len(index.chunks))))
    (ids,) = index.encoder.token_ids([whole]) or [[]]
    # Tokens a character are even enough over so much text to cut it by characters.
    size = round(_TOKENS * len(whole) / len(ids))
    texts = [whole[start : start + size] for start in range(0, len(whole) - size, 37)][:_TEXTS]
    index.encoder.encode(texts[:512])
    return round(len(texts) / _least(lambda: index.encoder.encode(texts))[0])


def bandwidth() -> float:
    """Bytes a second that one core reads from memory, the best of five."""
    array = np.ones(2**26, dtype=np.float32)
    return array.nbytes / min(_least(array.max)[0] for _ in range(5))


def _cold(command: list[str]) -> dict[str, object]:
    walls, processors = [], []
    for _ in range(_COLD):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-m", "qa.cli", *command], check=True, capture_output=True)
        walls.append(time.perf_counter() - begun)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        processors.append(used)
    return {
        "wall s least/median": f"{min(walls):.2f} / {np.median(walls):.2f}",
        "cpu s least/median": f"{min(processors):.2f} / {np.median(processors):.2f}",
    }


def _least(work: Callable[[], object]) -> tuple[float, float]:
    walls, processors = [], []
    for _ in range(_REPEATS):
        wall, processor = time.perf_counter(), time.thread_time()
        work()
        processors.append(time.thread_time() - processor)
        walls.append(time.perf_counter() - wall)
    return min(walls), min(processors)


def _resident() -> int:
    """Megabytes of this process that are in memory, mapped files included."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


if __name__ == "__main__":
    main()
