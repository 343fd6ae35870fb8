"""What rows carry as text: compressed bytes in 85 printable characters, cut into parts.

Milvus counts bytes and its embedded form characters; of these characters each is one byte.
"""

import base64
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]

# A VARCHAR holds at most 65,535.
PART = 60_000


def packed(data: bytes) -> str:
    """Return ``data`` as printable text without quotes or backslashes."""
    return base64.b85encode(zlib.compress(data, 6)).decode("ascii")


def unpacked(text: str) -> bytes:
    """Return what :func:`packed` was given.

    Raises:
        ValueError: it is not whole.
    """
    try:
        return zlib.decompress(base64.b85decode(text))
    except zlib.error as error:
        raise ValueError(str(error)) from error


def parts(text: str) -> list[str]:
    """Cut ``text`` into parts that a field holds; at least one."""
    return [text[at : at + PART] for at in range(0, max(1, len(text)), PART)]


@dataclass(frozen=True, slots=True)
class Features:
    """What scores a passage beside its vector.

    ``terms`` are the numbers of its terms, ascending, ``counts`` how often each stands in it;
    ``tokens`` are the encoder's token ids, ascending, None where it has none.
    """

    terms: Ids
    counts: Ids
    tokens: Ids | None

    @property
    def length(self) -> int:
        """How many terms the passage has, repeated ones counted each time."""
        return int(self.counts.sum())

    def packed(self) -> str:
        """Return them as text."""
        tokens = np.zeros(0, dtype=np.int32) if self.tokens is None else self.tokens
        head = [len(self.terms), -1 if self.tokens is None else len(tokens)]
        # Steps between ascending numbers are small, and compress.
        columns = (np.array(head), _steps(self.terms), self.counts, _steps(tokens))
        return packed(np.concatenate(columns).astype("<i4").tobytes())

    @classmethod
    def unpacked(cls, text: str) -> "Features":
        """Read what :meth:`packed` gave.

        Raises:
            ValueError: it is not whole.
        """
        numbers = np.frombuffer(unpacked(text), dtype="<i4").astype(np.int32)
        terms, tokens = int(numbers[0]), int(numbers[1])
        if len(numbers) != 2 + 2 * terms + max(0, tokens):
            raise ValueError(
                f"expected {2 + 2 * terms + max(0, tokens)} numbers, got {len(numbers)}"
            )
        steps, counts, rest = np.split(numbers[2:], [terms, 2 * terms])
        return cls(_sums(steps), counts, None if tokens < 0 else _sums(rest))


def _steps(ascending: Ids) -> Ids:
    return np.diff(ascending, prepend=np.int32(0)).astype(np.int32)


def _sums(steps: Ids) -> Ids:
    return np.cumsum(steps).astype(np.int32)
