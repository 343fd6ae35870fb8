"""Index made-up documents through Ray into Milvus, and ask: throughput, CPU, times of search.

    python tests/milvus_servers.py server DATA 19530 &
    python benchmarks/through_ray.py PLANS WORK "milvus://127.0.0.1:19530/big?sparse=no&timeout=60" \\
        [--documents 160] [--characters 8000000] [--ray local]

PLANS is a folder of real plans; their paragraphs in other order with other figures make the
documents, as in ``benchmarks/size.py``. WORK is a new folder for these.
"""

import argparse
import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from index import ChunkSize, MilvusWriter, runner, site
from index.analysis import analyse
from index.milvus import counting, schema
from index.read.folder import list_sources, read_listed
from index.sparse import Bm25Parameters
from qa import Engine

sys.path.insert(0, str(Path(__file__).parent.parent))
from benchmarks.size import make

QUESTIONS = (
    "老旧小区改造多少户", "研发投入强度目标", "怎么改善空气质量", "城镇化率达到多少", "高铁里程",
    "随迁子女入学", "每千人口床位数", "污水处理率", "公园绿地面积", "数字经济占比",
)  # fmt: skip


def costs(sources: Path) -> dict[str, float]:
    """Milliseconds of CPU that each step takes for a passage, on the first files."""
    listed = list_sources([sources])[0][:4]
    task = counting.Task(tuple(listed), True, ChunkSize(), "guiwen")
    counting.count(task)  # dictionaries and weights are read once
    at = [time.process_time()]
    counted = counting.count(task)
    at.append(time.process_time())
    model = counting.encoder_of("guiwen")
    found = [(d, analyse(d, ChunkSize(), model)) for d in read_listed(listed).documents]
    at.append(time.process_time())
    numbers = counting.numbered(counted, counting.merged([counted], {}))
    stamp = schema.Stamp("k" * schema.KEY, "j" * schema.KEY, 1)
    weighing = schema.Weighing(Bm25Parameters(), 150.0, True)
    rows = [row for d, a in found for row in schema.rows(d, a, numbers[d.id], stamp, weighing)]
    at.append(time.process_time())
    steps = zip(("count", "analyse", "rows"), at, at[1:], strict=False)
    return {
        **{name: round(1000 * (b - a) / len(rows), 2) for name, a, b in steps},
        "bytes of features": round(sum(len(row["features"]) for row in rows) / len(rows)),
        "terms": round(sum(len(row["sparse"]) for row in rows) / len(rows)),
    }


def main() -> None:
    """Make, index, ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plans", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("address", type=site)
    parser.add_argument("--documents", type=int, default=160)
    parser.add_argument("--characters", type=int, default=8_000_000)
    parser.add_argument("--ray", default="local")
    given = parser.parse_args()
    if not given.work.exists():
        make(given.plans, given.work, given.documents, given.characters)
    print("CPU ms a passage", json.dumps(costs(given.work), ensure_ascii=False), flush=True)
    started = time.monotonic()
    marks: dict[str, float] = {}

    def progress(step: str, done: int, total: int) -> None:
        marks.setdefault(step, time.monotonic() - started)
        print(f"{time.monotonic() - started:8.1f} s {step} {done}/{total}", flush=True)

    with runner(given.ray) as tasks:
        report = MilvusWriter(given.address, tasks).build([given.work], progress=progress)
    seconds = time.monotonic() - started
    told: dict[str, Any] = {
        "documents": report.documents,
        "passages": report.passages,
        "s": round(seconds, 1),
        "passages a second": round(report.passages / seconds, 1),
        "steps begin at s": {name: round(at, 1) for name, at in marks.items()},
        "load": os.getloadavg(),
    }
    print(json.dumps(told, ensure_ascii=False), flush=True)
    opened = time.monotonic()
    engine = Engine.open(given.address)
    first = time.monotonic() - opened
    times = []
    for question in QUESTIONS:
        at = time.monotonic()
        engine.retriever.search(engine.parse(question), 10)
        times.append(1000 * (time.monotonic() - at))
    print(json.dumps({"open s": round(first, 1), "search ms": round(statistics.median(times), 1)}))


if __name__ == "__main__":
    main()
