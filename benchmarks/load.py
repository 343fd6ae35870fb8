"""Fifty users at once on a server of this machine, then more than it has places for.

    python benchmarks/load.py PLANS [--users 50] [--seconds 300] [--questions FILE]

PLANS is an index, copied before it is served, as one user replaces a document of it now and then;
the seeds are a second library. Each user has a key of their own, calls, reads for a moment (0.5 to
3.5 seconds), calls again: answers whole and streamed, OpenAI's and Dify's form, MCP, search,
comparisons, lists. Then everyone calls without a pause, eight times as many as there are places.
Printed: calls, errors and percentiles for each kind, the memory of the server over time.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil

from qa.library import QUESTIONS, SEEDS
from qa.questionnaire import read_asked

SLOTS = 64
NAMES = (
    "常住人口城镇化率",
    "森林覆盖率",
    "地区生产总值",
    "人均公园绿地面积",
    "单位地区生产总值能耗",
)
REVISED = "试点方案\n一、目标\n到2025年，试点地区新建公园{}个。\n"


@dataclass
class Seen:
    """What the users met."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[float, float]] = field(default_factory=list)
    cpu: float = 0.0


@dataclass
class User:
    """One user with a key, and chance that is the same in every run."""

    client: httpx.AsyncClient
    questions: list[str]
    chance: random.Random
    number: int

    def question(self) -> str:
        return self.chance.choice(self.questions)

    async def ask(self) -> httpx.Response:
        return await self.client.post(
            "/ask", json={"question": self.question(), "library": "plans"}
        )

    async def stream(self) -> httpx.Response:
        body = {"question": self.question(), "library": "seeds", "stream": True}
        reply = await self.client.post("/ask", json=body)
        if reply.status_code == 200 and "event: done" not in reply.text:
            raise ValueError("a stream without its end")
        return reply

    async def search(self) -> httpx.Response:
        body = {"question": self.question(), "library": "plans", "count": 10}
        return await self.client.post("/search", json=body)

    async def chat(self) -> httpx.Response:
        messages = [{"role": "user", "content": self.question()}]
        body = {"model": "plans", "messages": messages, "stream": self.chance.random() < 0.5}
        return await self.client.post("/v1/chat/completions", json=body)

    async def retrieval(self) -> httpx.Response:
        setting = {"top_k": 5, "score_threshold": 0.2}
        body = {"knowledge_id": "plans", "query": self.question(), "retrieval_setting": setting}
        return await self.client.post("/retrieval", json=body)

    async def compare(self) -> httpx.Response:
        body = {"name": self.chance.choice(NAMES), "library": "plans"}
        return await self.client.post("/compare", json=body)

    async def mcp(self) -> httpx.Response:
        given = {"name": "ask", "arguments": {"question": self.question(), "library": "seeds"}}
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": given}
        headers = {"Accept": "application/json, text/event-stream"}
        reply = await self.client.post("/mcp", json=body, headers=headers)
        if reply.status_code == 200 and "structuredContent" not in reply.text:
            raise ValueError("a tool without a result")
        return reply

    async def documents(self) -> httpx.Response:
        return await self.client.get("/libraries/plans/documents?limit=20")

    async def replace(self) -> httpx.Response:
        text = REVISED.format(self.chance.randint(1, 99)).encode()
        place = "/libraries/seeds/documents/revised.txt"
        return await self.client.put(place, files={"file": ("revised.txt", text)})

    def calls(self) -> list[tuple[str, Callable[[], Awaitable[httpx.Response]], int]]:
        """Each kind of call and its weight; the first user changes documents too."""
        return [
            ("ask", self.ask, 35), ("ask, streamed", self.stream, 12), ("search", self.search, 20),
            ("chat", self.chat, 12), ("retrieval", self.retrieval, 8), ("compare", self.compare, 5),
            ("mcp", self.mcp, 4), ("documents", self.documents, 4),
            ("replace", self.replace, 30 if self.number == 0 else 0),
        ]  # fmt: skip

    async def work(self, seen: Seen, until: float, pause: bool) -> None:
        kinds = self.calls()
        weights = [weight for _, _, weight in kinds]
        while time.monotonic() < until:
            if pause:
                await asyncio.sleep(self.chance.uniform(0.5, 3.5))
            (kind, call, _) = self.chance.choices(kinds, weights)[0]
            await _timed(kind, call, seen)


async def _timed(kind: str, call: Callable[[], Awaitable[httpx.Response]], seen: Seen) -> None:
    began = time.perf_counter()
    try:
        reply = await call()
    except (httpx.HTTPError, ValueError) as error:
        seen.wrong[f"{kind}: {type(error).__name__} {error}"] += 1
        return
    seen.seconds[f"{kind} {reply.status_code}"].append(time.perf_counter() - began)
    if reply.status_code not in {200, 429}:
        seen.wrong[f"{kind}: {reply.status_code} {reply.text[:200]}"] += 1


async def _watch(seen: Seen, process: psutil.Process, until: float) -> None:
    began, spent = time.monotonic(), sum(process.cpu_times()[:2])
    while time.monotonic() < until:
        seen.memory.append((time.monotonic() - began, process.memory_info().rss / 2**20))
        await asyncio.sleep(5)
    seen.cpu = sum(process.cpu_times()[:2]) - spent


async def _crowd(
    address: str,
    keys: list[str],
    questions: list[str],
    process: psutil.Process,
    options: argparse.Namespace,
) -> tuple[Seen, Seen]:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)

    def user(number: int) -> User:
        headers = {"Authorization": f"Bearer {keys[number % len(keys)]}"}
        client = httpx.AsyncClient(base_url=address, headers=headers, timeout=120, limits=limits)
        return User(client, questions, random.Random(number), number)

    calm, rush = Seen(), Seen()
    users = [user(number) for number in range(options.users)]
    until = time.monotonic() + options.seconds
    await asyncio.gather(
        _watch(calm, process, until), *(one.work(calm, until, pause=True) for one in users)
    )
    crowd = [user(number + 1) for number in range(8 * SLOTS)]
    until = time.monotonic() + options.overload
    await asyncio.gather(
        _watch(rush, process, until), *(one.work(rush, until, pause=False) for one in crowd)
    )
    for one in (*users, *crowd):
        await one.client.aclose()
    return calm, rush


def _table(seen: Seen) -> str:
    lines = ["| call | n | p50 s | p95 s | p99 s | longest s |", "|---|---|---|---|---|---|"]
    whole = [value for values in seen.seconds.values() for value in values]
    for kind, values in [*sorted(seen.seconds.items()), ("all", whole)]:
        cut = statistics.quantiles(values, n=100, method="inclusive") if len(values) > 1 else []
        marks = [cut[49], cut[94], cut[98]] if cut else [*values * 3]
        shown = " | ".join(f"{value:.2f}" for value in (*marks, max(values)))
        lines.append(f"| {kind} | {len(values)} | {shown} |")
    return "\n".join(lines)


def _told(seen: Seen, seconds: float) -> str:
    calls = sum(map(len, seen.seconds.values()))
    wrong = sum(seen.wrong.values())
    told = [
        f"{calls} calls, {calls / seconds:.1f} a second, {wrong} errors; the server had "
        f"{seen.cpu:.0f} s of CPU, {1000 * seen.cpu / max(1, calls):.0f} ms a call",
        _table(seen),
    ]
    told += [f"error {count} times: {what}" for what, count in seen.wrong.most_common(10)]
    fifth = max(1, len(seen.memory) // 5)
    parts = [seen.memory[at : at + fifth] for at in range(0, len(seen.memory), fifth)]
    means = " → ".join(f"{statistics.mean(m for _, m in part):.0f}" for part in parts[:5])
    return "\n".join([*told, f"memory of the server by fifths of the time, MB: {means}"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("plans", type=Path)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--overload", type=float, default=20)
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    options = parser.parse_args()
    questions = [asked.question for asked in read_asked(options.questions)]
    with TemporaryDirectory(prefix="guiwen-load-") as work:
        place = Path(work)
        shutil.copytree(options.plans, place / "plans")
        (place / "revised.txt").write_text(REVISED.format(0), "utf-8")
        run = [sys.executable, "-m", "qa.cli"]
        made = [*run, "index", str(SEEDS), str(place / "revised.txt"), "-o", str(place / "seeds")]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
        keys = [f"load-key-of-user-{number:04d}" for number in range(options.users)]
        (place / "keys.txt").write_text("\n".join(keys), "utf-8")
        serve = [
            *run, "serve", "--port", "0", "--keys", str(place / "keys.txt"), "--slots", str(SLOTS),
            "--library", f"plans={place / 'plans'}", "--library", f"seeds={place / 'seeds'}",
        ]  # fmt: skip
        with (place / "log").open("w") as log:
            server = subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=log, text=True)
            try:
                assert server.stdout is not None
                address = server.stdout.readline().split()[0].partition("：")[2]
                process = psutil.Process(server.pid)
                calm, rush = asyncio.run(_crowd(address, keys, questions, process, options))
                alive = httpx.get(f"{address}/readyz", timeout=30).status_code == 200
                spent = sum(process.cpu_times()[:2])
            finally:
                server.terminate()
                ended = server.wait(120)
        lines = (json.loads(line) for line in (place / "log").read_text("utf-8").splitlines())
        levels = Counter(line["level"] for line in lines)
    print(f"cores {os.cpu_count()}, load average {os.getloadavg()[0]:.1f} at the end")
    print(f"\n{options.users} users, {options.seconds:g} seconds\n{_told(calm, options.seconds)}")
    print(f"\n{8 * SLOTS} callers without a pause, {SLOTS} places, {options.overload:g} seconds")
    print(_told(rush, options.overload))
    print(f"\nready afterwards: {alive}; CPU {spent:.0f} s; exit code {ended}; log {dict(levels)}")


if __name__ == "__main__":
    main()
