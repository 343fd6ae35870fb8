"""Second pass: files → rows in Milvus, under ids that are the same in every run."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import msgspec

from index import records as lines
from index.analysis import Analysis, analyse
from index.documents import Document
from index.errors import SourceError
from index.milvus import schema
from index.milvus.address import Address
from index.milvus.client import Client
from index.milvus.counting import Task, encoder_of
from index.milvus.packing import Ids
from index.milvus.records import Entry, Records
from index.read.folder import read_listed
from index.recipe import digest


@dataclass(frozen=True, slots=True)
class Expected:
    """What the first pass found of a document, and the key that its rows bear."""

    digest: str
    key: str
    numbers: Ids


@dataclass(frozen=True, slots=True)
class Work:
    """The files of one task, where their rows go, and what they bear."""

    task: Task
    address: Address
    expected: Mapping[str, Expected]
    job: str
    build: int
    weighing: schema.Weighing


@dataclass(frozen=True, slots=True)
class Done:
    """The documents of a task, all of them there; ``written`` names those written in this run."""

    entries: tuple[Entry, ...]
    written: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as it is kept: the lines of :mod:`index.records`."""

    document: bytes
    layout: bytes
    outline: bytes

    @classmethod
    def of(cls, document: Document, analysis: Analysis) -> "Stored":
        """What is kept of a document beside its passages and figures."""
        return cls(lines.document_line(document), lines.layout_line(document), analysis.outline)


@lru_cache(maxsize=1)
def _connected(address: Address) -> Client:
    return Client.connect(address)


def write(work: Work) -> Done:
    """Analyse the documents of ``work`` and write them; those that are there whole are left.

    A document's entry is written last, so that one that has an entry is whole. What a run that
    was cut off has left of the others is written again, under the same ids.

    Raises:
        SourceError: a file is not what the first pass read, or does not fit.
        MilvusError: it does not answer, or refuses.
    """
    records = Records(_connected(work.address))
    entries = _finished(records, work)
    missing = [one for one in work.task.listed if one.name in work.expected.keys() - entries]
    rows, stored, figures = [], {}, {}
    fresh: list[Entry] = []
    for document in read_listed(missing).documents:
        expected = work.expected[document.id]
        if digest(document) != expected.digest:
            raise SourceError(
                f"文件“{document.id}”在索引过程中有改动。旧索引未受影响；请重新运行。"
            )
        found = analyse(document, work.task.size, encoder_of(work.task.encoder))
        stamp = schema.Stamp(expected.key, work.job, work.build)
        rows += schema.rows(document, found, expected.numbers, stamp, work.weighing)
        stored[expected.key] = msgspec.json.encode(Stored.of(document, found))
        figures[expected.key] = found.figures
        bare = replace(document, text="", layout=None)
        fresh.append(Entry(bare, expected.digest, expected.key, found.account))
    records.client.upsert(work.address.collection, rows)
    records.put("document", stored, work.job, work.build)
    records.put("figures", figures, work.job, work.build)
    ready = {entry.key: msgspec.json.encode(entry) for entry in fresh}
    records.put("entry", ready, work.job, work.build)
    return Done((*entries.values(), *fresh), tuple(entry.document.id for entry in fresh))


def _finished(records: Records, work: Work) -> dict[str, Entry]:
    """The documents of this job that are there whole."""
    keys = [expected.key for expected in work.expected.values()]
    bodies = records.get("entry", keys, strong=True)
    entries = (msgspec.json.decode(body, type=Entry) for body in bodies.values())
    return {entry.document.id: entry for entry in entries}
