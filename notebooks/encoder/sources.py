"""Pairs of one kind in token ids, drawn by batch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from encoder.bags import Bags, Bools, Numbers, encode_texts
from encoder.corpora import Pair
from encoder.options import Draw


@dataclass(frozen=True)
class Source:
    """Pairs of one kind, tokenized: query ``i`` asks for passage ``passage_of[i]``.

    Passages of one number in ``keys`` say the same, and ``right[group_of[i], j]``, where given,
    tells that passage ``j`` answers query ``i`` too: neither kind is ever taken for a negative.

    ``hard``, where given, are passages that a model takes for answers of each query and that are
    none; a few of them are drawn with the query.

    Shapes: ``passage_of`` and ``group_of`` ``(queries,)``, ``keys`` ``(passages,)``, ``right``
    ``(groups, passages)``, ``hard`` ``(queries, any)``.
    """

    name: str
    draw: Draw
    queries: Bags
    passages: Bags
    passage_of: Numbers
    keys: Numbers
    group_of: Numbers | None = None
    right: Bools | None = None
    hard: Numbers | None = None

    def sample(self, generator: np.random.Generator) -> tuple[Numbers, Numbers]:
        """Draw pairs: query numbers and passage numbers (passages drawn in addition come last)."""
        chosen = _some(len(self.queries), self.draw.batch, generator)
        passages = self.passage_of[chosen]
        if self.draw.extra:
            more = _some(len(self.passages), self.draw.extra, generator)
            passages = np.concatenate([passages, more])
        if self.hard is not None:
            drawn = generator.integers(0, self.hard.shape[1], (len(chosen), self.draw.hard))
            beside = np.take_along_axis(self.hard[chosen], drawn, axis=1)
            passages = np.concatenate([passages, beside.ravel()])
        return chosen, passages

    def masked(self, chosen: Numbers, passages: Numbers) -> Bools:
        """Tell which passages are no negatives of which queries: shape (queries, passages).

        A query's own passage, on the diagonal, is not masked: it is the one to find.
        """
        keys = self.keys[passages]
        same: Bools = keys[: len(chosen), None] == keys[None, :]
        if self.right is not None and self.group_of is not None:
            same |= self.right[np.ix_(self.group_of[chosen], passages)]
        np.fill_diagonal(same[:, : len(chosen)], val=False)
        return same


def make_source(
    name: str, draw: Draw, pairs: Sequence[Pair], tokenizer: Tokenizer, pool: Sequence[str] = ()
) -> Source:
    """Tokenize pairs; equal passages share a number; ``pool`` adds passages that nothing asks for."""
    numbers: dict[str, int] = {}
    keys: dict[str, int] = {}
    passage_of = [numbers.setdefault(pair.passage, len(numbers)) for pair in pairs]
    key_of = {p.passage: keys.setdefault(p.key or p.passage, len(keys)) for p in pairs}
    for text in pool:
        numbers.setdefault(text, len(numbers))
        key_of.setdefault(text, keys.setdefault(text, len(keys)))
    return Source(
        name=name,
        draw=draw,
        queries=encode_texts(tokenizer, [pair.query for pair in pairs]),
        passages=encode_texts(tokenizer, list(numbers)),
        passage_of=np.array(passage_of, dtype=np.int64),
        keys=np.array([key_of[text] for text in numbers], dtype=np.int64),
    )


def _some(size: int, count: int, generator: np.random.Generator) -> Numbers:
    """Draw at most ``count`` different numbers below ``size``."""
    return generator.choice(size, min(count, size), replace=False).astype(np.int64)
