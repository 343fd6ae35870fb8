"""Our own retrieval over a pool of passages, without regions or documents."""

import sys
from pathlib import Path

import harness
import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from benchmarks.public import SYSTEMS, pool_index
from index import encode, normalise
from qa.models import Question
from qa.retrieve import Retriever
from qa.scope import Regions, Scope

SYSTEM = sys.argv[2]


def build(texts):
    index = pool_index(texts, encode.open_encoder(encode.EMBEDDED))
    rows = np.arange(len(texts), dtype=np.int64)
    return Retriever(Regions(index), SYSTEMS[SYSTEM]), Scope((rows,), ())


def search(state, question, count):
    retriever, scope = state
    found = retriever.within(Question(question, normalise(question).text), scope, count)
    return [passage.chunk.id for passage in found]


harness.main(build, search, f"规问 {SYSTEM}, pool only")
