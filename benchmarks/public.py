"""Recall@1/5/10 and MRR@10 on public question sets, over each set's whole passage pool.

    python benchmarks/public.py DIR [--encoder NAME] [--limit N]

DIR holds gzip JSONL files of {"q", "p"}: a question and its passage; the pool is the set of all
passages of the file. The retrieval is that of the product, without regions or documents.
"""

import argparse
import gzip
import json
from pathlib import Path
from typing import Any, cast

import numpy as np

from index import Chunk, Document, Index, Outline, Span, normalise
from index import encode as encoding
from index.dense import DenseIndex
from index.late import LateIndex
from index.names import FigureNames
from index.sparse import Bm25Parameters, Bm25sIndex
from index.terms import terms
from qa.models import Question
from qa.retrieve import RetrieveOptions, Retriever
from qa.scope import Regions, Scope

SYSTEMS = {
    "bm25": RetrieveOptions(weights={"bm25": 1.0}, rerank=False),
    "dense": RetrieveOptions(weights={"dense": 1.0}, rerank=False),
    "convex": RetrieveOptions(rerank=False),
    "hybrid": RetrieveOptions(),
}


def main() -> None:
    """Print one table for each file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--encoder", default=encoding.EMBEDDED)
    parser.add_argument("--limit", type=int, default=0, help="questions of each set; 0 for all")
    options = parser.parse_args()
    encoder = encoding.open_encoder(options.encoder)
    for path in sorted(options.folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            pairs = [json.loads(line) for line in file]
        pool = list(dict.fromkeys(pair["p"] for pair in pairs))
        index = pool_index(pool, encoder)
        place = {passage: row for row, passage in enumerate(pool)}
        asked = pairs[: options.limit or None]
        print(f"\n{path.name.split('.')[0]}: {len(asked)} questions, {len(pool)} passages")
        for name, retrieve in SYSTEMS.items():
            retriever = Retriever(Regions(index), retrieve)
            ranks = [_rank(retriever, pair["q"], place[pair["p"]]) for pair in asked]
            print(f"{name:8s}" + _figures(np.array(ranks)))


def pool_index(pool: list[str], encoder: encoding.Encoder) -> Index:
    """An index in memory of which every passage is one document and one chunk."""
    texts = [normalise(passage).text for passage in pool]
    documents = {str(i): Document(str(i), "", passage, "") for i, passage in enumerate(pool)}
    vectors = np.concatenate(
        [encoder.encode(texts[i : i + 512]) for i in range(0, len(texts), 512)]
    )
    ids = encoder.token_ids(texts)
    return Index(
        folder=Path(),
        manifest=cast("Any", None),
        documents=documents,
        outlines=dict.fromkeys(documents, Outline((), (), False)),
        chunks=tuple(Chunk(i, str(i), (), Span(0, len(p))) for i, p in enumerate(pool)),
        indicators=(),
        names=FigureNames.build((), np.zeros((0, encoder.dimension), dtype=np.float32)),
        encoder=encoder,
        dense=DenseIndex.build(vectors),
        sparse=Bm25sIndex.build([terms(text) for text in texts], Bm25Parameters()),
        late=LateIndex.build(ids) if ids is not None else None,
    )


def _rank(retriever: Retriever, question: str, wanted: int) -> int:
    """The place of the passage, from 1; 0 beyond the tenth."""
    asked = Question(question, normalise(question).text)
    rows = np.arange(len(retriever.index.chunks), dtype=np.int64)
    found = retriever.within(asked, Scope((rows,), ()), 10)
    return next((i for i, p in enumerate(found, 1) if p.chunk.id == wanted), 0)


def _figures(ranks: "np.ndarray[Any, np.dtype[np.int64]]") -> str:
    recalls = [np.mean((ranks > 0) & (ranks <= k)) for k in (1, 5, 10)]
    reciprocal = np.mean(np.where(ranks > 0, 1.0 / np.maximum(ranks, 1), 0.0))
    return "  ".join(
        f"{name} {value:.3f}"
        for name, value in zip(("R@1", "R@5", "R@10", "MRR"), [*recalls, reciprocal], strict=True)
    )


if __name__ == "__main__":
    main()
