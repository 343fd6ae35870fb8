"""Tokenized texts: flat token ids with the start of each text."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.nn import functional

Tokens = NDArray[np.int32]
Numbers = NDArray[np.int64]
Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

_BLOCK = 4_096


@dataclass(frozen=True)
class Bags:
    """Token ids of many texts: ``tokens[offsets[i]:offsets[i + 1]]`` are the ids of text ``i``."""

    tokens: Tokens
    offsets: Numbers

    def __len__(self) -> int:
        """Count the texts."""
        return len(self.offsets) - 1

    def take(self, chosen: Numbers, limit: int) -> tuple[Tokens, Numbers]:
        """Gather some texts, each cut to ``limit`` tokens.

        Returns the ids of shape ``(tokens,)`` and where each text starts, shape ``(len(chosen),)``.
        """
        starts = self.offsets[chosen]
        lengths = np.minimum(self.offsets[chosen + 1] - starts, limit)
        begins = np.cumsum(lengths) - lengths
        flat = np.arange(int(lengths.sum())) + np.repeat(starts - begins, lengths)
        return self.tokens[flat], begins


def encode_texts(tokenizer: Tokenizer, texts: Sequence[str]) -> Bags:
    """Tokenize texts once, in blocks, without padding and unknown tokens (ids 0 and 1)."""
    parts: list[Tokens] = []
    lengths = np.zeros(len(texts) + 1, dtype=np.int64)
    for start in range(0, len(texts), _BLOCK):
        block = tokenizer.encode_batch_fast(texts[start : start + _BLOCK])
        for number, encoding in enumerate(block, start + 1):
            ids = np.asarray(encoding.ids, dtype=np.int32)
            ids = ids[ids > 1]
            parts.append(ids)
            lengths[number] = len(ids)
    flat = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)
    return Bags(flat, np.cumsum(lengths))


def embed(weights: torch.Tensor, tokens: Tokens, starts: Numbers) -> torch.Tensor:
    """Sum the vectors of each text and normalise: shape (texts, dimension)."""
    summed = functional.embedding_bag(
        torch.from_numpy(tokens.astype(np.int64)), weights, torch.from_numpy(starts), mode="sum"
    )
    return functional.normalize(summed, dim=1)
