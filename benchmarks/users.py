"""Many users at once: how long an answer takes in the page, measured through the page's own queue.

    python benchmarks/users.py ADDRESS QUESTIONS.jsonl [--users 20] [--seconds 300] [--pause 1.0]
        [--server PID] [-o OUT.md]

Each user opens the page's stream, asks labelled questions one after another, reads for ``--pause``
seconds, and begins a new conversation after ``TURNS`` questions. Measured are the times until the
first statement stands in the chat and until the answer is complete with its sources and with the
questions to ask next. The server must be running: ``guiwen app``, in a process of its own.
"""

import argparse
import asyncio
import json
import random
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

TURNS = 8
# The marks of an answer, of a refusal and of a waiting chat in what the server sends.
_ANSWERED, _WAITING = ("gw-quoted", "gw-said", "gw-none", "gw-problem"), "gw-waiting"
_BROKEN = ("没有预料到", "gw-problem")


@dataclass
class Tally:
    """Seconds of each question, and what went wrong."""

    first: list[float] = field(default_factory=list)
    done: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


async def ask(client: httpx.AsyncClient, fn: int, session: str, text: str) -> tuple[float, float]:
    """Ask one question; return seconds to the first statement and to the end.

    Raises:
        RuntimeError: the server refused, or told of a problem.
        httpx.HTTPError: it did not answer.
    """
    start, first = time.perf_counter(), 0.0
    data: list[Any] = [text, None, None, None, [], [], 0, False]
    joined = await client.post(
        "queue/join", json={"data": data, "fn_index": fn, "session_hash": session}
    )
    joined.raise_for_status()
    event = joined.json()["event_id"]
    async with client.stream("GET", "queue/data", params={"session_hash": session}) as stream:
        async for line in stream.aiter_lines():
            if not line.startswith("data:"):
                continue
            if not first and any(mark in line for mark in _ANSWERED):
                first = time.perf_counter() - start
            told = json.loads(line[5:])
            if any(mark in line for mark in _BROKEN) or told.get("success") is False:
                raise RuntimeError(line[:300])
            if told["msg"] == "process_completed" and told["event_id"] == event:
                return first, time.perf_counter() - start
    raise RuntimeError("the stream ended before the answer")


@dataclass(frozen=True)
class Run:
    """What all users share: the address, the function asked, the questions, the end, the pause."""

    address: str
    fn: int
    questions: list[str]
    until: float
    pause: float


async def user(number: int, run: Run, tally: Tally) -> None:
    """Ask until the time is over."""
    address, fn, questions, until, pause = run.address, run.fn, run.questions, run.until, run.pause
    chance = random.Random(number)
    session, turns = uuid.uuid4().hex, 0
    async with httpx.AsyncClient(base_url=f"{address}/gradio_api/", timeout=60) as client:
        await asyncio.sleep(pause * chance.random())
        while time.perf_counter() < until:
            if turns == TURNS:
                session, turns = uuid.uuid4().hex, 0
            try:
                first, done = await ask(client, fn, session, chance.choice(questions))
                tally.first.append(first)
                tally.done.append(done)
            except (httpx.HTTPError, RuntimeError, ValueError) as error:
                tally.errors.append(f"{type(error).__name__}: {error}")
            turns += 1
            await asyncio.sleep(pause * (0.5 + chance.random()))


def _asking(address: str) -> int:
    """The number of the function behind the question box."""
    config = httpx.get(f"{address}/config", timeout=60).json()
    return next(int(one["id"]) for one in config["dependencies"] if one["api_name"] == "ask")


def _cpu(pid: int) -> float:
    """Processor seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


async def run(options: argparse.Namespace) -> Tally:
    questions = [json.loads(line) for line in options.questions.read_text("utf-8").splitlines()]
    texts = [row["question"] for row in questions if not row.get("history")]
    tally, fn = Tally(), _asking(options.address)
    until = time.perf_counter() + options.seconds
    one = Run(options.address, fn, texts, until, options.pause)
    await asyncio.gather(*(user(number, one, tally) for number in range(options.users)))
    return tally


def report(tally: Tally, options: argparse.Namespace, cpu: float) -> str:
    def line(name: str, seconds: list[float]) -> str:
        cuts = " | ".join(f"{np.percentile(seconds, cut):.3f}" for cut in (50, 90, 95, 99, 100))
        return f"| {name} | {cuts} |"

    load = Path("/proc/loadavg").read_text().split()[0]
    lines = [
        f"{options.users} users, {options.seconds:.0f} s, {options.pause:g} s of reading on average: "
        f"{len(tally.done)} answers ({len(tally.done) / options.seconds:.1f} a second), "
        f"{len(tally.errors)} errors. Load of the machine at the end: {load}."
        + (
            f" Processor time of the server: {1000 * cpu / max(1, len(tally.done)):.0f} ms an answer."
            if cpu
            else ""
        ),
        "",
        "| seconds until | p50 | p90 | p95 | p99 | most |",
        "|---|---|---|---|---|---|",
        line("the first statement", tally.first),
        line("everything, with the questions to ask next", tally.done),
    ]
    return "\n".join([*lines, *(f"error: {one}" for one in tally.errors[:10])])


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("address")
    parser.add_argument("questions", type=Path)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--pause", type=float, default=1.0)
    parser.add_argument("--server", type=int, help="process id of the server, to count its time")
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    options.address = options.address.rstrip("/")
    before = _cpu(options.server) if options.server else 0.0
    tally = asyncio.run(run(options))
    cpu = _cpu(options.server) - before if options.server else 0.0
    told = report(tally, options, cpu)
    print(told)
    if options.output:
        options.output.write_text(told + "\n", encoding="utf-8")
    return 1 if tally.errors else 0


if __name__ == "__main__":
    sys.exit(main())
