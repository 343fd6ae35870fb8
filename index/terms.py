"""Search text → BM25 terms: jieba's words together with character bigrams.

One function for build and query. Numbers and Latin words are terms of their own, so that 2025 and
78.5% are found as written.
"""

import logging
import re
from functools import cache, lru_cache
from typing import Any

VERSION = 1

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z]+(?:[-'][a-z]+)*|\d+(?:\.\d+)?[%‰]?")
# Words that say nothing of the matter asked about; single characters come as bigrams anyway.
_STOP = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "in",
        "on",
        "to",
        "for",
        "and",
        "or",
        "is",
        "are",
        "was",
        "be",
        "by",
        "with",
        "at",
        "as",
        "what",
        "which",
        "how",
        "does",
        "do",
        "did",
        "什么",
        "怎么",
        "怎样",
        "如何",
        "哪些",
        "哪个",
        "多少",
        "是否",
        "有没有",
        "能不能",
        "可以",
        "请问",
        "以及",
        "我们",
        "他们",
        "这个",
        "那个",
        "告诉",
        "一下",
        "关于",
        "对于",
        "进行",
    ]
)


@cache
def _jieba() -> Any:  # noqa: ANN401 - jieba has no types
    import jieba

    jieba.setLogLevel(logging.ERROR)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    return tokenizer


def words(search: str) -> list[str]:
    """Return jieba's words of two characters or more, with Latin words and numbers."""
    found: list[str] = []
    for match in _RUN.finditer(search.lower()):
        run = match.group()
        if run[0] < "\u3400":
            found.append(run)
        else:
            found += _cut(run)
    return [word for word in found if word not in _STOP]


# Title and headings come back with every passage of a section.
@lru_cache(maxsize=4096)
def _cut(run: str) -> tuple[str, ...]:
    return tuple(word for word in _jieba().cut(run) if len(word) > 1)


def segments(search: str) -> list[tuple[str, int, int]]:
    """Return jieba's segmentation of the whole text: (word, start, end)."""
    return list(_jieba().tokenize(search))


def is_word(word: str) -> bool:
    """Whether jieba's dictionary holds ``word``."""
    return bool(_jieba().FREQ.get(word))


def bigrams(search: str) -> list[str]:
    """Return the overlapping character pairs of each Chinese run, and runs of one character."""
    found: list[str] = []
    for match in _RUN.finditer(search.lower()):
        run = match.group()
        if run[0] >= "\u3400":
            found += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
    return found


def terms(search: str) -> list[str]:
    """Return the terms of normalised text, words first; order carries no meaning.

    A two-character word is one term although it is a bigram too.
    """
    first = words(search)
    known = {word for word in first if len(word) == 2}
    return first + [pair for pair in bigrams(search) if pair not in known and pair not in _STOP]
