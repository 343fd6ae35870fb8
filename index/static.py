"""The static encoder: one vector a token, averaged. No torch."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError
from index.pieces import SENTENCEPIECE, TOKENIZER, Pieces, read_pieces
from index.vectors import Bytes, Floats, Unit8, lengths8, products, unit

WEIGHTS = "model.safetensors"
# From here on it pays to have every token's vector in single precision.
_MANY = 128


@dataclass(frozen=True, slots=True)
class _Weights:
    """``table`` is ``(vocabulary, dimension)``, ``scale`` ``(vocabulary, 1)`` or None for ones."""

    table: NDArray[Any]
    scale: Floats | None
    pieces: Pieces

    def rows(self, ids: NDArray[np.int32]) -> Floats:
        """Return the vectors of tokens in single precision, shape ``(len(ids), dimension)``."""
        rows: Floats = self.table[ids].astype(np.float32)
        return rows if self.scale is None else rows * self.scale[ids]


def _read(folder: Path) -> _Weights:
    # The files are read as they are: a library for static models takes three times as long to
    # import and load, which is most of a cold start.
    from safetensors.numpy import load_file

    tensors = load_file(folder / WEIGHTS)
    (table,) = (tensor for tensor in tensors.values() if tensor.ndim == 2)
    scale = tensors.get("weights")
    if "mapping" in tensors:
        table = table[tensors["mapping"]]
    pieces = read_pieces(folder)
    if pieces.size > len(table):
        raise ValueError(f"expected {pieces.size} vectors for the tokenizer, got {len(table)}")
    if pieces.unknown >= 0:
        table[pieces.unknown] = 0
    column = None if scale is None else scale.astype(np.float32)[:, None]
    return _Weights(table, column, pieces)


class StaticEncoder:
    """A static embedding, as sentence-transformers and model2vec save it.

    Vectors may be stored in half precision, or as int8 with a scale for each token.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self._folder = folder
        missing = [part for part in (WEIGHTS, TOKENIZER) if not (folder / part).is_file()]
        if missing:
            raise EncoderError(
                f"模型文件夹“{folder}”不完整：缺少 {'、'.join(missing)}。"
                "请补全该文件夹，或用 --encoder 指定另一个模型。"
            )

    @cached_property
    def _model(self) -> _Weights:
        try:
            return _read(self._folder)
        except Exception as error:
            raise EncoderError(f"模型文件夹“{self._folder}”无法读取：{error}") from error

    @cached_property
    def _single(self) -> Floats:
        return self._model.rows(np.arange(len(self._model.table), dtype=np.int32))

    @cached_property
    def _lengths(self) -> Floats:
        """The length of each token's direction; 0 until it is asked for."""
        return np.zeros(len(self._model.table), dtype=np.float32)

    @cached_property
    def fingerprint(self) -> str:
        """Checksum of weights and tokenizer, 16 hexadecimal digits."""
        digest = hashlib.sha256()
        for part in (WEIGHTS, TOKENIZER, SENTENCEPIECE):
            if (self._folder / part).is_file():
                digest.update((self._folder / part).read_bytes())
        return digest.hexdigest()[:16]

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return int(self._model.table.shape[1])

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors of shape ``(len(texts), dimension)``; zero for an empty text."""
        ids = self._model.pieces.ids(texts)
        # A mean and a sum have the same direction, and unknown pieces have the zero vector. Both
        # ways add row after row, so that a text has the same bits alone and among others.
        return unit(self._sums(ids) if len(texts) >= _MANY else self._few_sums(ids))

    def token_ids(self, texts: Sequence[str]) -> list[NDArray[np.int32]]:
        """Return the ids of the known tokens of each text."""
        found = (np.array(ids, dtype=np.int32) for ids in self._model.pieces.ids(texts))
        return [ids[ids != self._model.pieces.unknown] for ids in found]

    def token_cosines(self, asked: NDArray[np.int32], held: NDArray[np.int32]) -> Floats:
        """Return the cosine of each token of ``held`` with each of ``asked``, ``(held, asked)``.

        Directions are compared in a byte a component, exactly where they are stored so.
        """
        ours, theirs = self._directions[asked], self._directions[held]
        out = products(theirs, ours).astype(np.float32)
        # A token's scale has no say in its direction.
        out /= self._lengths_of(held, theirs)[:, None]
        out /= self._lengths_of(asked, ours)
        return out

    @cached_property
    def _directions(self) -> Bytes:
        table = self._model.table
        return table if table.dtype == np.int8 else Unit8.of(table.astype(np.float32)).bytes

    def _lengths_of(self, ids: NDArray[np.int32], stored: Bytes) -> Floats:
        """The length of each token's direction, 1 for one of zeros; found once for each token."""
        lengths = self._lengths[ids]
        fresh = np.flatnonzero(lengths == 0)
        if len(fresh):
            lengths[fresh] = lengths8(stored[fresh])
            self._lengths[ids[fresh]] = lengths[fresh]
        return lengths

    def _few_sums(self, ids: list[list[int]]) -> Floats:
        out = np.zeros((len(ids), self.dimension), dtype=np.float32)
        for row, found in enumerate(ids):
            out[row] = self._model.rows(np.array(found, dtype=np.int32)).sum(axis=0)
        return out

    def _sums(self, ids: list[list[int]]) -> Floats:
        from scipy.sparse import csr_array

        ends = np.cumsum([0, *map(len, ids)])
        flat = np.fromiter(chain.from_iterable(ids), dtype=np.int32, count=int(ends[-1]))
        ones = np.ones(len(flat), dtype=np.float32)
        counts = csr_array((ones, flat, ends), shape=(len(ids), len(self._single)))
        sums: Floats = counts @ self._single
        return sums
