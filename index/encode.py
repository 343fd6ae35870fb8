"""Encoders: text → unit vectors. The embedded static one, or any sentence-transformers model."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError

EMBEDDED = "guiwen"
_BLOCK = 64

Floats = NDArray[np.float32]


class Encoder(Protocol):
    """What the dense leg needs of a model."""

    @property
    def name(self) -> str:
        """How the user names it: ``guiwen``, a folder or a hub name."""

    @property
    def fingerprint(self) -> str:
        """Changes when the vectors change; an index records it and refuses another."""

    @property
    def dimension(self) -> int:
        """Length of each vector."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors of shape ``(len(texts), dimension)``; zero for an empty text."""

    def token_ids(self, texts: Sequence[str]) -> list[NDArray[np.int32]] | None:
        """Return the token ids of each text; None if the model has no vector for a bare token."""

    def token_vectors(self, ids: NDArray[np.int32]) -> Floats:
        """Return the unit vectors of tokens, shape ``(len(ids), dimension)``."""


@dataclass(frozen=True, slots=True)
class _Weights:
    """What a folder of a static model holds: ``embedding`` is ``(vocabulary, dimension)``."""

    embedding: NDArray[np.floating[Any]]
    tokenizer: Any
    unknown: int


def _read(folder: Path) -> _Weights:
    # The two files are read as they are: a library for static models takes three times as long
    # to import and load, which is most of a cold start.
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    (embedding,) = (t for t in load_file(folder / "model.safetensors").values() if t.ndim == 2)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    named = (tokenizer.token_to_id(name) for name in ("[UNK]", "<unk>"))
    unknown = next((number for number in named if number is not None), -1)
    if tokenizer.get_vocab_size() > len(embedding):
        raise ValueError(
            f"expected {tokenizer.get_vocab_size()} vectors for the tokenizer, got {len(embedding)}"
        )
    return _Weights(embedding, tokenizer, unknown)


class StaticEncoder:
    """A static embedding: one vector a token, averaged. Reads the folder without torch."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self._folder = folder
        missing = [
            part
            for part in ("model.safetensors", "tokenizer.json")
            if not (folder / part).is_file()
        ]
        if missing:
            raise EncoderError(
                f"模型文件夹“{folder}”不完整：缺少 {'、'.join(missing)}。"
                "请补全该文件夹，或用 --encoder 指定另一个模型。"
            )

    @cached_property
    def _model(self) -> "_Weights":
        try:
            return _read(self._folder)
        except Exception as error:
            raise EncoderError(f"模型文件夹“{self._folder}”无法读取：{error}") from error

    @cached_property
    def fingerprint(self) -> str:
        """Checksum of weights and tokenizer, 16 hexadecimal digits."""
        digest = hashlib.sha256()
        for part in ("model.safetensors", "tokenizer.json"):
            digest.update((self._folder / part).read_bytes())
        return digest.hexdigest()[:16]

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return int(self._model.embedding.shape[1])

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors of shape ``(len(texts), dimension)``; zero for an empty text."""
        found = self.token_ids(texts)
        lengths = np.array([len(ids) for ids in found], dtype=np.int64)
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        filled = np.flatnonzero(lengths)
        for start in range(0, len(filled), _BLOCK):
            # One gather and one sum for many texts; blocks keep the gathered rows in the cache.
            block = filled[start : start + _BLOCK]
            rows = self._rows(np.concatenate([found[i] for i in block]))
            begins = np.cumsum(np.concatenate([[0], lengths[block][:-1]]))
            out[block] = np.add.reduceat(rows, begins, axis=0) / lengths[block, None]
        return _unit(out)

    def token_ids(self, texts: Sequence[str]) -> list[NDArray[np.int32]]:
        """Return the ids of the known tokens of each text."""
        unknown = self._model.unknown
        encoded = self._model.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [np.array([i for i in e.ids if i != unknown], dtype=np.int32) for e in encoded]

    def token_vectors(self, ids: NDArray[np.int32]) -> Floats:
        """Return the unit vectors of tokens, shape ``(len(ids), dimension)``."""
        return _unit(self._rows(ids))

    def _rows(self, ids: NDArray[np.int32]) -> Floats:
        # Kept as stored, in half precision: converting all of it would cost start-up time.
        rows: Floats = self._model.embedding[ids].astype(np.float32)
        return rows


class SentenceTransformerEncoder:
    """Any sentence-transformers model by folder or hub name; imports torch on first use."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def _model(self) -> Any:  # noqa: ANN401 - imported late
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(self.name, device="cpu")
        except Exception as error:
            raise EncoderError(
                f"无法载入模型“{self.name}”：{error}。请检查名称或路径；离线时请给出本地文件夹。"
            ) from error

    @cached_property
    def fingerprint(self) -> str:
        """Checksum of the vectors of a fixed probe text, 16 hexadecimal digits."""
        probe = self.encode(["常住人口城镇化率达到78.5%以上"])[0].round(3)
        return hashlib.sha256((self.name + json.dumps(probe.tolist())).encode()).hexdigest()[:16]

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return int(self.encode(["规划"]).shape[1])

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors of shape ``(len(texts), dimension)``."""
        vectors = self._model.encode(list(texts), convert_to_numpy=True, show_progress_bar=False)
        return _unit(np.asarray(vectors, dtype=np.float32))

    def token_ids(self, texts: Sequence[str]) -> None:
        """A token's vector depends on its text: there is no late interaction with this model."""

    def token_vectors(self, ids: NDArray[np.int32]) -> Floats:
        """Return zeros."""
        return np.zeros((len(ids), self.dimension), dtype=np.float32)


def open_encoder(name: str = EMBEDDED) -> Encoder:
    """Return the encoder called ``name``: the embedded one, a folder, or a hub name.

    Raises:
        EncoderError: a folder that lacks a file; a model that cannot be loaded.
    """
    if name == EMBEDDED:
        return StaticEncoder(Path(__file__).parent / "model", EMBEDDED)
    folder = Path(name)
    if _is_static(folder):
        return StaticEncoder(folder, name)
    return SentenceTransformerEncoder(name)


def _is_static(folder: Path) -> bool:
    modules = folder / "modules.json"
    if not modules.is_file():
        return False
    try:
        first = json.loads(modules.read_text(encoding="utf-8"))[0]["type"]
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise EncoderError(f"模型文件“{modules}”不是有效的 modules.json：{error}") from error
    return str(first).endswith("StaticEmbedding")


def _unit(vectors: Floats) -> Floats:
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    result: Floats = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)
    return result
