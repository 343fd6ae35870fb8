"""Hard negatives: what the model itself takes for an answer and is none."""

from dataclasses import replace

import numpy as np
import torch

from encoder.bags import Bags, Numbers, embed
from encoder.options import Options
from encoder.sources import Source

_BLOCK = 512
_WHOLE = 1_000_000
# A score below every cosine.
_NEVER = -2.0


def mined(source: Source, weights: torch.Tensor, options: Options) -> Source:
    """Return the source with hard negatives, or as it is where its draw takes none.

    ``weights`` are the vectors of the tokens, shape ``(size, dimension)``.
    """
    if not source.draw.hard:
        return source
    first, last = options.mined
    passages = _vectors(source.passages, weights)
    queries = _vectors(source.queries, weights)
    found = np.zeros((len(queries), last - first), dtype=np.int64)
    for start in range(0, len(queries), _BLOCK):
        rows: Numbers = np.arange(start, min(start + _BLOCK, len(queries)), dtype=np.int64)
        scores = queries[rows] @ passages.T
        own = source.keys[source.passage_of[rows]]
        scores[torch.from_numpy(own[:, None] == source.keys[None, :])] = _NEVER
        found[rows] = scores.topk(last, dim=1).indices[:, first:].numpy()
    return replace(source, hard=found)


def _vectors(bags: Bags, weights: torch.Tensor) -> torch.Tensor:
    blocks = np.array_split(np.arange(len(bags), dtype=np.int64), len(bags) // _BLOCK + 1)
    return torch.cat([embed(weights, *bags.take(block, _WHOLE)) for block in blocks])
