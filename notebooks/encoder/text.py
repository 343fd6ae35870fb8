"""Search text of the training data, and the patterns that several steps share."""

import re
import unicodedata

HAN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff]+")
LATIN = re.compile(r"[a-z0-9]*[a-z][a-z0-9]*")
NUMBER = re.compile(r"(?<![a-z0-9])\d+(?:\.\d+)?%?(?![a-z0-9])")

_GAP = re.compile(r"(?<=[\u4e00-\u9fff，。、；：])[ \t\u3000]+(?=[\u4e00-\u9fff，。、；：“《（])")
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")


class Normaliser:
    """Traditional to simplified script, compatibility forms folded, gaps inside Chinese closed."""

    def __init__(self) -> None:
        import opencc

        self._converter = opencc.OpenCC("t2s")

    def __call__(self, text: str) -> str:
        """Return the search form of a text."""
        folded = unicodedata.normalize("NFKC", self._converter.convert(text))
        return _GAP.sub("", folded)


def sentences(text: str, shortest: int = 1) -> list[str]:
    """Split a text after 。！？； and line ends; sentences under ``shortest`` characters are left out."""
    return [found for found in _SENTENCE.findall(text) if len(found) >= shortest]
