"""Text → ids of the encoder's pieces.

The pieces are those of ``tokenizer.json``, as sentence-transformers reads it. Where a model folder
holds the same pieces as a sentencepiece file, that is read instead: it finds the same pieces several
times as fast, and loads in less than half the time.
"""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

SENTENCEPIECE = "sentencepiece.model"
TOKENIZER = "tokenizer.json"

# What Unicode counts as Han, as the tokenizer's own expression does.
_HAN = (
    "\u2e80-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufa6d\ufa70-\ufad9\U00016fe2-\U00016fe3\U00016ff0-\U00016ff1"
    "\U00020000-\U0002a6df\U0002a700-\U0002b739\U0002b740-\U0002b81d\U0002b820-\U0002cea1"
    "\U0002ceb0-\U0002ebe0\U0002ebf0-\U0002ee5d\U0002f800-\U0002fa1d\U00030000-\U0003134a"
    "\U00031350-\U000323af"
)
# No piece reaches across a run of Latin, a number, or a run of Chinese.
_UNITS = re.compile(rf"[a-z0-9]*[a-z][a-z0-9]*|\d+(?:\.\d+)?%?|[{_HAN}]+")
# Below this, starting threads costs more than they gain.
_FEW = 256


class Pieces(Protocol):
    """What finds the pieces of texts."""

    @property
    def size(self) -> int:
        """Number of pieces, unknown and padding included."""

    @property
    def unknown(self) -> int:
        """Id of what is no piece; -1 where there is none."""

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of each text's pieces, in order, those of unknown stretches among them."""


def read_pieces(folder: Path) -> Pieces:
    """Read a model folder's pieces; a sentencepiece file goes before ``tokenizer.json``."""
    if (folder / SENTENCEPIECE).is_file():
        return _Sentencepiece(folder / SENTENCEPIECE)
    return _Tokenizers(folder / TOKENIZER)


class _Sentencepiece:
    """Units split here, pieces found by sentencepiece."""

    def __init__(self, file: Path) -> None:
        from sentencepiece import SentencePieceProcessor

        self._model: Any = SentencePieceProcessor(model_file=str(file))
        self.size: int = self._model.get_piece_size()
        self.unknown: int = self._model.unk_id()

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        joined = [" ".join(_UNITS.findall(_fold(text))) for text in texts]
        if len(joined) == 1:
            # A list, even of one text, starts threads.
            return [self._model.encode(joined[0])]
        threads = 1 if len(joined) < _FEW else 2
        # What is between units has the id of unknown, as in a text that is not split.
        found: list[list[int]] = self._model.encode(joined, num_threads=threads)
        return found


class _Tokenizers:
    """Any ``tokenizer.json``, read by tokenizers."""

    def __init__(self, file: Path) -> None:
        from tokenizers import Tokenizer

        self._model = Tokenizer.from_file(str(file))
        self._model.no_truncation()
        self._model.no_padding()
        self.size: int = self._model.get_vocab_size()
        named = (self._model.token_to_id(name) for name in ("[UNK]", "<unk>"))
        self.unknown: int = next((number for number in named if number is not None), -1)

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        encoded = self._model.encode_batch_fast(list(texts), add_special_tokens=False)
        return [encoding.ids for encoding in encoded]


def _fold(text: str) -> str:
    # Search text is folded already, and telling so is ten times as fast as doing it again.
    folded = (
        text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)
    )
    return folded.lower()
