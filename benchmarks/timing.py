"""Cold start, warm query and encoding speed; ratios matter, machines are noisy.

python benchmarks/timing.py INDEX QUESTIONS.jsonl
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from index import encode, normalise
from qa import Engine, Filters
from qa.questionnaire import read_asked

EXAMPLE = "济南2025年城镇化率目标"
_TOKENS, _BATCH = 100, 512


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--passages", type=int, default=100_000, help="passages to encode")
    options = parser.parse_args()
    command = [sys.executable, "-m", "qa.cli", "ask", EXAMPLE, "--index", str(options.index)]
    _report("cold guiwen ask, s", [_run(command) for _ in range(7)])
    _report("guiwen --help, s", [_run([*command[:3], "--help"]) for _ in range(7)])
    engine = Engine.open(options.index)
    asked = read_asked(options.questions)
    for row in asked[:50]:
        engine.ask(row.question, row.history)
    _report("warm ask, ms", [1e3 * _ask(engine, row.question, row.history) for row in asked])
    _report("warm search only, ms", [1e3 * _search(engine, row.question) for row in asked])
    encoder = encode.open_encoder()
    texts = [normalise(row.question).text for row in asked]
    _report(
        "encode one question, ms", [1e3 * _time(lambda t=t: encoder.encode([t])) for t in texts]
    )
    _encoding(encoder, engine, options.passages)


def _encoding(encoder: encode.Encoder, engine: Engine, count: int) -> None:
    """Encode passages of 100 tokens each, made of the index's own text."""
    whole = "".join(engine.index.search_text(chunk.id) for chunk in engine.index.chunks)
    (ids,) = encoder.token_ids([whole]) or [[]]
    # Tokens a character are even enough over so much text to cut it by characters.
    size = round(_TOKENS * len(whole) / len(ids))
    starts = [(number * 37) % (len(whole) - size) for number in range(count)]
    batches = [starts[at : at + _BATCH] for at in range(0, count, _BATCH)]

    def work() -> None:
        for batch in batches:
            encoder.encode([whole[start : start + size] for start in batch])

    encoder.encode([whole[start : start + size] for start in starts[:_BATCH]])
    seconds = _time(work)
    print(f"encode {count:,} passages of {_TOKENS} tokens: {count / seconds:,.0f} a second")


def _run(command: list[str]) -> float:
    return _time(lambda: subprocess.run(command, check=True, capture_output=True))


def _ask(engine: Engine, question: str, history: tuple[str, ...]) -> float:
    return _time(lambda: engine.ask(question, history))


def _search(engine: Engine, question: str) -> float:
    def work() -> None:
        parsed = engine.parse(question)
        engine.retriever.within(parsed, engine.scope(parsed, Filters()), 10)

    return _time(work)


def _time(work) -> float:  # noqa: ANN001
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _report(name: str, values: list[float]) -> None:
    low, middle, high = np.percentile(values, [0, 50, 95])
    print(f"{name:26s} least {low:8.3f}  median {middle:8.3f}  p95 {high:8.3f}")


if __name__ == "__main__":
    main()
