"""Our own retrieval as the product has it: regions, documents and history understood."""

import sys
from pathlib import Path

import harness

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from qa import Engine
from qa.evaluate import SYSTEMS, retrieve
from qa.questionnaire import Asked

SYSTEM = sys.argv[2]


def build(_texts):
    engine = Engine.open(Path(sys.argv[1]) / "index")
    engine.search("预热", 1)
    return engine


def search(engine, row, count):
    asked = Asked(row["id"], row["question"], tuple(row["history"]))
    return [p.chunk.id for p in retrieve(engine, asked, SYSTEMS[SYSTEM], count)]


harness.main(build, search, f"规问 {SYSTEM}", whole=True)
