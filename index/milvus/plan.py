"""What a run will write: which documents are kept, and the keys that the others go under."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index import store
from index.encode import Encoder
from index.milvus.client import Client
from index.milvus.counting import Counted, merged
from index.milvus.prepare import for_reading
from index.milvus.records import FORMAT, Entry, Published, Records, Statistics
from index.milvus.schema import KEY, Weighing
from index.recipe import VERSIONS, BuildOptions, analysis_key, same_analysis

# From so many passages on a graph is worth its memory; below, every vector is compared.
_GRAPH = 200_000
# BM25 weights on the server are made with the usual length of passages as it was then; should it
# drift by more, all are made anew. Scores are always of the length of now: only who is scored at
# all could differ.
_DRIFT = 0.05


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be in use after the run.

    ``keys`` has the key of every document, ``kept`` those whose rows are there already. ``before``
    is the catalogue in use, and ``in_use`` its manifest.
    """

    manifest: Published
    statistics: Statistics
    keys: Mapping[str, str]
    kept: frozenset[str]
    before: Mapping[str, Entry]
    in_use: Published | None
    weighing: Weighing

    @property
    def is_current(self) -> bool:
        """Whether what is in use is what would be made."""
        return self.in_use is not None and self.kept == self.keys.keys() == self.before.keys()


def plan(
    client: Client, counted: Sequence[Counted], options: BuildOptions, encoder: Encoder, fresh: bool
) -> Plan:
    """Compare what was counted with what is in use.

    The same sources, options and index in use give the same plan: so a run that was cut off is
    taken up by the next.
    """
    records = Records(client)
    in_use, before = _in_use(records)
    build = 1 + (in_use.build if in_use else 0)
    documents = {d.id: d for one in counted for d in one.documents}
    passages = sum(document.passages for document in documents.values())
    usual = sum(one.length for one in counted) / max(1, passages)
    base = in_use if in_use and not fresh and _fits(in_use, options, encoder, usual) else None
    statistics = merged(counted, _numbers(records, base) if base else {})
    kept = frozenset(
        name
        for name, document in documents.items()
        if base and name in before and before[name].digest == document.digest
    )
    job = _checksum(
        analysis_key(options, encoder),
        options.recorded,
        sorted((d.id, d.digest) for d in documents.values()),
        list(statistics.numbers.items()),
        base.job if base else "",
        build,
    )
    manifest = Published(
        format=FORMAT,
        made=store.Manifest(
            format=store.FORMAT,
            versions=VERSIONS,
            encoder=encoder.name,
            fingerprint=encoder.fingerprint,
            dimension=encoder.dimension,
            options=options.recorded,
            sources={},
            passages=passages,
            files={},
        ),
        job=job,
        build=build,
        lineage=base.lineage if base else job,
        pivot=base.pivot if base else usual,
        usual=usual,
        buckets=0,
        documents=len(documents),
        sparse=client.address.sparse,
        dense=(in_use.dense if in_use else "") or _kind(client, passages),
    )
    return Plan(
        manifest,
        statistics,
        {
            name: before[name].key if name in kept else _checksum(job, name, documents[name].digest)
            for name in sorted(documents)
        },
        kept,
        before,
        in_use,
        Weighing(options.bm25, manifest.pivot, client.address.sparse),
    )


def _in_use(records: Records) -> tuple[Published | None, dict[str, Entry]]:
    address = records.client.address
    if not (records.client.has(address.collection) and records.client.has(address.records)):
        return None, {}
    for_reading(records.client)
    published = records.published()
    if published is None:
        return None, {}
    return published, {entry.document.id: entry for entry in records.catalogue(published.job)}


def _fits(in_use: Published, options: BuildOptions, encoder: Encoder, usual: float) -> bool:
    """Whether the rows that are in use may stay."""
    return (
        same_analysis(in_use.made, options, encoder)
        and in_use.made.options == options.recorded
        and abs(usual / in_use.pivot - 1) <= _DRIFT
    )


def _numbers(records: Records, base: Published) -> dict[str, int]:
    """The terms that are numbered already, in order of their numbers."""
    rows = records.terms(base.job, range(base.buckets), strong=True)
    numbers = {term: number for row in rows.values() for term, (number, _) in row.items()}
    return dict(sorted(numbers.items(), key=lambda item: item[1]))


def _kind(client: Client, passages: int) -> str:
    if client.address.dense:
        return client.address.dense
    # A server that does not tell its version is milvus-lite 2, which has no graph.
    return "HNSW" if passages >= _GRAPH and client.version() else "FLAT"


def _checksum(*parts: object) -> str:
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=KEY // 2).hexdigest()
