"""The training loop of steps 3 and 4: in-batch negatives, both directions."""

import collections
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from encoder.bags import Floats, Numbers, Tokens, embed
from encoder.mining import mined
from encoder.options import Options
from encoder.sharing import Table
from encoder.sources import Source

_WARM_UP, _LEAST_RATE = 30, 0.02
_REPORT_EVERY = 200
# Texts of fewer tokens are never thinned: what is left would say something else.
_SHORT = 5
# The score of a passage that is no negative: far below any cosine times its scale.
_MASKED = -1e4

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Phase:
    """One run of contrastive steps: how many, and Adam's rate at its highest."""

    steps: int
    rate: float

    def share(self, step: int) -> float:
        """Return the share of the rate at a step: a short rise, then linear decay."""
        return min(1.0, (step + 1) / _WARM_UP) * max(_LEAST_RATE, 1 - step / self.steps)


def train(
    vectors: Floats, parts: torch.Tensor, sources: Sequence[Source], phase: Phase, options: Options
) -> Floats:
    """Run contrastive steps, each on a batch of one source drawn by weight.

    ``vectors`` of shape ``(size, dimension)`` are left as they are; the trained ones are returned.
    ``parts`` is what :func:`encoder.sharing.shared_parts` gives.
    """
    torch.manual_seed(options.seed)
    generator = np.random.default_rng(options.seed)
    table = Table(vectors, parts, options.shared_parts)
    optimiser = torch.optim.Adam(table.parameters(), lr=phase.rate, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, phase.share)
    chances = np.array([source.draw.weight for source in sources])
    chances = chances / chances.sum()
    started, recent = time.monotonic(), collections.deque[float](maxlen=100)
    for step in range(1, phase.steps + 1):
        if step == int(phase.steps * options.mine_after):
            sources = [mined(source, table().detach(), options) for source in sources]
        source = sources[int(generator.choice(len(sources), p=chances))]
        loss = contrastive_loss(table(), source, options, generator)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        recent.append(float(loss.detach()))
        if step % _REPORT_EVERY == 0:
            mean, seconds = sum(recent) / len(recent), time.monotonic() - started
            logger.info("step %d loss %.3f, %.0f s", step, mean, seconds)
    trained: Floats = table().detach().numpy().copy()
    return trained


def contrastive_loss(
    weights: torch.Tensor, source: Source, options: Options, generator: np.random.Generator
) -> torch.Tensor:
    """Draw a batch and return its cross entropy, query to passage plus passage to query.

    ``weights`` are the vectors of the tokens, shape ``(size, dimension)``.
    """
    chosen, passages = source.sample(generator)
    query_tokens = drop_tokens(
        *source.queries.take(chosen, options.query_tokens), options.query_dropout, generator
    )
    passage_tokens = drop_tokens(
        *source.passages.take(passages, options.passage_tokens), options.passage_dropout, generator
    )
    scores = embed(weights, *query_tokens) @ embed(weights, *passage_tokens).T
    scores = scores * source.draw.scale
    scores = scores.masked_fill(torch.from_numpy(source.masked(chosen, passages)), _MASKED)
    count = len(chosen)
    target = torch.arange(count)
    there = functional.cross_entropy(scores, target)
    return there + functional.cross_entropy(scores[:, :count].T, target)


def drop_tokens(
    tokens: Tokens, starts: Numbers, chance: float, generator: np.random.Generator
) -> tuple[Tokens, Numbers]:
    """Drop tokens at random from all but short texts; ids and starts as of :meth:`Bags.take`."""
    lengths = np.diff(np.append(starts, len(tokens)))
    keep = (generator.random(len(tokens)) >= chance) | np.repeat(lengths < _SHORT, lengths)
    before = np.concatenate([[0], np.cumsum(keep)])
    return tokens[keep], before[starts]
