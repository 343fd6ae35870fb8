"""First pass: what must be known of the whole library before any passage can be weighed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.chunk import ChunkSize, chunk, search_text
from index.encode import Encoder, open_encoder
from index.milvus.packing import Ids
from index.milvus.records import Statistics
from index.outline import outline
from index.read import Skipped
from index.read.folder import Listed, read_listed
from index.recipe import digest
from index.terms import terms
from index.vocabulary import chinese

# Files of one task: enough to pay for the task, few enough to lose when a node goes.
BATCH = 20


@dataclass(frozen=True, slots=True)
class Task:
    """Some files, and how they are read and cut."""

    listed: tuple[Listed, ...]
    strict: bool
    size: ChunkSize
    encoder: str


@dataclass(frozen=True, slots=True)
class CountedDocument:
    """``terms`` are places in the vocabulary of its task, in order of first appearance in it."""

    id: str
    digest: str
    passages: int
    terms: Ids


@dataclass(frozen=True, slots=True)
class Counted:
    """What one task found; ``frequencies`` and ``tokens`` count passages, ``length`` terms."""

    documents: tuple[CountedDocument, ...]
    skipped: tuple[Skipped, ...]
    vocabulary: tuple[str, ...]
    frequencies: Ids
    tokens: NDArray[np.int64]
    length: int


@lru_cache(maxsize=1)
def encoder_of(name: str) -> Encoder:
    """The encoder, read once in each process."""
    return open_encoder(name)


def count(task: Task) -> Counted:
    """Read and cut the files of ``task`` and count their terms.

    Raises:
        SourceError: when strict, a file that cannot be read.
    """
    reading = read_listed(task.listed, strict=task.strict)
    encoder = encoder_of(task.encoder)
    numbers: dict[str, int] = {}
    documents, said, tokens = [], [], []
    length = 0
    for document in reading.documents:
        pieces = chunk(document, outline(document.text, document.layout), task.size)
        texts = [search_text(document, piece) for piece in pieces]
        own: dict[str, None] = {}
        for text in texts:
            found = terms(text)
            length += len(found)
            own.update(dict.fromkeys(found))
            said.append(_numbers(dict.fromkeys(found), numbers))
        tokens += [np.unique(ids) for ids in encoder.token_ids(texts) or []]
        documents.append(
            CountedDocument(document.id, digest(document), len(pieces), _numbers(own, numbers))
        )
    return Counted(
        tuple(documents),
        reading.skipped,
        tuple(numbers),
        np.bincount(_laid(said), minlength=len(numbers)).astype(np.int32),
        np.bincount(_laid(tokens)).astype(np.int64),
        length,
    )


def merged(counted: Sequence[Counted], known: Mapping[str, int]) -> Statistics:
    """Add up what the tasks found; terms that are ``known`` keep their numbers.

    New terms are numbered in their own order from 1 on, after those known: the same for any order
    of the tasks.
    """
    total: dict[str, int] = dict.fromkeys(known, 0)
    for one in counted:
        for term, frequency in zip(one.vocabulary, one.frequencies.tolist(), strict=True):
            total[term] = total.get(term, 0) + frequency
    numbers = dict(known)
    first = max(known.values(), default=0) + 1
    fresh = sorted(total.keys() - known.keys())
    numbers.update((term, number) for number, term in enumerate(fresh, first))
    tokens = np.zeros(max((len(one.tokens) for one in counted), default=0), dtype=np.int64)
    for one in counted:
        tokens[: len(one.tokens)] += one.tokens
    return Statistics(
        numbers,
        np.array([total[term] for term in numbers], dtype=np.int32),
        tokens,
        chinese(term for term, frequency in total.items() if frequency),
    )


def numbered(counted: Counted, statistics: Statistics) -> dict[str, Ids]:
    """The numbers of the terms of each document of a task, in order of their first appearance."""
    numbers = np.array([statistics.numbers[term] for term in counted.vocabulary], dtype=np.int32)
    return {document.id: numbers[document.terms] for document in counted.documents}


def _numbers(found: Iterable[str], numbers: dict[str, int]) -> Ids:
    return np.array([numbers.setdefault(term, len(numbers)) for term in found], dtype=np.int32)


def _laid(lists: Sequence[Ids]) -> Ids:
    return np.concatenate([*lists, np.zeros(0, dtype=np.int32)]).astype(np.int32)
