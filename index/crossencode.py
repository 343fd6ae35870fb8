"""A cross-encoder reads question and passage together: any sentence-transformers CrossEncoder."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from index.errors import EncoderError
from index.vectors import Floats


class CrossScorer:
    """Scores passages for a question; imports torch on first use."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def _model(self) -> Any:  # noqa: ANN401 - imported late
        from sentence_transformers import CrossEncoder

        try:
            return CrossEncoder(self.name, device="cpu")
        except Exception as error:
            raise EncoderError(
                f"无法载入重排模型“{self.name}”：{error}。请检查名称或路径；离线时请给出本地文件夹。"
            ) from error

    def scores(self, search: str, texts: Sequence[str]) -> Floats:
        """Return one score a text, higher is better, shape ``(len(texts),)``."""
        if not texts:
            return np.zeros(0, dtype=np.float32)
        pairs = [(search, text) for text in texts]
        found: Floats = np.asarray(
            self._model.predict(pairs, show_progress_bar=False), dtype=np.float32
        ).reshape(len(texts), -1)[:, 0]
        return found
