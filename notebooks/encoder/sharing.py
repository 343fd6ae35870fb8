"""Parts that tokens share, so that a rare one learns from those that look like it."""

import torch
from tokenizers import Tokenizer

from encoder.bags import Floats
from encoder.text import HAN, LATIN

_STEM = 5


def shared_parts(tokenizer: Tokenizer) -> torch.Tensor:
    """Tell which parts each token is made of: sparse, shape ``(tokens, parts)``, rows of sum one.

    The parts are the characters of Chinese pieces, and the first letters of Latin ones; numbers
    have none.
    """
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    parts: dict[str, int] = {}
    vocabulary: dict[str, int] = tokenizer.get_vocab()
    for piece, number in sorted(vocabulary.items(), key=lambda item: item[1]):
        made_of = _parts(piece)
        for part in made_of:
            rows.append(number)
            columns.append(parts.setdefault(part, len(parts)))
            values.append(1 / len(made_of))
    shape = (len(vocabulary), len(parts))
    indices = torch.tensor([rows, columns])
    found = torch.sparse_coo_tensor(indices, torch.tensor(values), shape, check_invariants=False)
    return found.coalesce()


def _parts(piece: str) -> list[str]:
    if HAN.fullmatch(piece):
        return list(piece)
    if len(piece) > 1 and LATIN.fullmatch(piece):
        return [f"{piece[:_STEM]}~"]
    return []


class Table(torch.nn.Module):
    """Token vectors under training: each token's own and, on top, those of the parts it shares."""

    def __init__(self, vectors: Floats, parts: torch.Tensor, share: float) -> None:
        """Start from ``vectors``, shape ``(tokens, dimension)``; the parts' vectors start at zero.

        ``share`` is how much the mean of a token's parts counts beside the token's own vector.
        """
        super().__init__()
        self.own = torch.nn.Parameter(torch.from_numpy(vectors.copy()))
        self.common = torch.nn.Parameter(torch.zeros(parts.shape[1], vectors.shape[1]))
        self._parts, self._share = parts, share

    def forward(self) -> torch.Tensor:
        """Return the vectors as they are used and saved, shape ``(tokens, dimension)``."""
        common: torch.Tensor = torch.sparse.mm(self._parts, self.common)
        return self.own + self._share * common
