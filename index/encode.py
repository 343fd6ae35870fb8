"""Encoders: text → unit vectors. The embedded static one, or any sentence-transformers model."""

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError
from index.static import StaticEncoder
from index.vectors import Floats, unit

EMBEDDED = "guiwen"


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

    def token_cosines(self, asked: NDArray[np.int32], held: NDArray[np.int32]) -> Floats:
        """Return the cosine of each token of ``held`` with each of ``asked``, ``(held, asked)``."""


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
        return unit(np.asarray(vectors, dtype=np.float32))

    def token_ids(self, texts: Sequence[str]) -> None:
        """A token's vector depends on its text: there is no late interaction with this model."""

    def token_cosines(self, asked: NDArray[np.int32], held: NDArray[np.int32]) -> Floats:
        """Return zeros."""
        return np.zeros((len(held), len(asked)), dtype=np.float32)


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
