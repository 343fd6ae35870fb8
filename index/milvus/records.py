"""What is not searched: the manifest, and what it names, as rows of compressed text.

All but the manifest is written under the name of the job that made it. The manifest is one row:
when it is replaced, all of a job comes into use at once, and until then nothing of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from zlib import crc32

import msgspec
import numpy as np

from index import store
from index.documents import Document
from index.errors import IndexDamagedError, IndexMismatchError
from index.milvus.client import Client, Row
from index.milvus.expression import both, one_of
from index.milvus.packing import Ids, packed, parts, unpacked
from index.milvus.schema import Stamp
from index.records import Account

FORMAT = 1
MANIFEST = "current"
# Terms of one row of the dictionary.
_TERMS = 2000


@dataclass(frozen=True, slots=True)
class Published:
    """The manifest: what an index records of its own making, and where its parts are.

    ``made`` says the same as the manifest of a folder. ``job`` names the run that published it,
    ``build`` counts the runs. ``lineage`` names the run that numbered the terms and fixed
    ``pivot``, the usual length that the BM25 weights on the server are made with; ``usual`` is that
    of now. ``buckets`` is how many rows the dictionary has.
    """

    format: int
    made: store.Manifest
    job: str
    build: int
    lineage: str
    pivot: float
    usual: float
    buckets: int
    documents: int
    sparse: bool
    dense: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of the catalogue: all of it but its text and its layout."""

    document: Document
    digest: str
    key: str
    account: Account


@dataclass(frozen=True, slots=True)
class Records:
    """The rows of the second collection."""

    client: Client

    @property
    def collection(self) -> str:
        """Its name."""
        return self.client.address.records

    def published(self, *, strong: bool = True) -> Published | None:
        """Return the manifest in use, None before the first job is done.

        Raises:
            IndexMismatchError: of another format.
            IndexDamagedError: not as it was written.
        """
        rows = self.client.read(
            self.collection, one_of("id", [_id("manifest", MANIFEST, 0)]), ["body"], strong=strong
        )
        if not rows:
            return None
        place = self.client.address
        try:
            raw: dict[str, Any] = msgspec.json.decode(rows[0]["body"])
            if raw["format"] != FORMAT:
                raise IndexMismatchError(
                    f"索引“{place}”的格式为第 {raw['format']} 版，本程序需要第 {FORMAT} 版。请重新建立索引。"
                )
            return msgspec.convert(raw, Published)
        except (msgspec.MsgspecError, KeyError, TypeError) as error:
            raise IndexDamagedError(
                f"索引“{place}”的清单无法读取：{error}。请重新建立索引。"
            ) from error

    def publish(self, manifest: Published) -> None:
        """Bring ``manifest`` into use."""
        body = msgspec.json.encode(asdict(manifest)).decode()
        self.client.upsert(
            self.collection,
            [_row("manifest", Stamp(MANIFEST, manifest.job, manifest.build), 0, 1, body)],
        )

    def put(self, kind: str, bodies: Mapping[str, bytes], job: str, build: int) -> None:
        """Write ``bodies`` under their keys."""
        rows = [
            _row(kind, Stamp(key, job, build), at, len(cut), part)
            for key, body in bodies.items()
            for cut in [parts(packed(body))]
            for at, part in enumerate(cut)
        ]
        # A row may have 60 KB, a call should stay below 8 MB.
        for at in range(0, len(rows), 100):
            self.client.upsert(self.collection, rows[at : at + 100])

    def get(self, kind: str, keys: Sequence[str], *, strong: bool = False) -> dict[str, bytes]:
        """Return the bodies of those ``keys`` that are there.

        Raises:
            IndexDamagedError: one is not whole.
        """
        found: dict[str, bytes] = {}
        for at in range(0, len(keys), 50):
            where = both(one_of("kind", [kind]), one_of("key", keys[at : at + 50]))
            fields = ["key", "part", "parts", "body"]
            rows = self.client.read(self.collection, where, fields, strong=strong)
            by_key: dict[str, list[Row]] = {}
            for row in rows:
                by_key.setdefault(str(row["key"]), []).append(row)
            for key, own in by_key.items():
                found[key] = self._whole(kind, key, own)
        return found

    def _whole(self, kind: str, key: str, rows: list[Row]) -> bytes:
        rows.sort(key=lambda row: int(row["part"]))
        try:
            if [int(row["part"]) for row in rows] != list(range(int(rows[0]["parts"]))):
                raise ValueError(f"expected {rows[0]['parts']} parts, got {len(rows)}")
            return unpacked("".join(str(row["body"]) for row in rows))
        except ValueError as error:
            raise IndexDamagedError(
                f"索引“{self.client.address}”的记录 {kind}/{key} 不完整：{error}。请重新建立索引。"
            ) from error

    def only(self, kind: str, key: str, *, strong: bool = True) -> bytes:
        """Return the body of ``key``.

        Raises:
            IndexDamagedError: it is not there, or not whole.
        """
        found = self.get(kind, [key], strong=strong)
        if key not in found:
            raise IndexDamagedError(
                f"索引“{self.client.address}”缺少记录 {kind}/{key}。请重新建立索引。"
            )
        return found[key]

    def catalogue(self, job: str) -> list[Entry]:
        """Read the documents that the run ``job`` published, in order of their ids."""
        return msgspec.json.decode(self.only("catalogue", job), type=list[Entry])

    def put_statistics(self, found: "Statistics", job: str, build: int) -> int:
        """Write what is known of the whole library; return how many rows the dictionary has."""
        buckets = max(1, len(found.numbers) // _TERMS)
        dictionary: list[dict[str, tuple[int, int]]] = [{} for _ in range(buckets)]
        for (term, number), frequency in zip(
            found.numbers.items(), found.frequencies.tolist(), strict=True
        ):
            dictionary[bucket(term, buckets)][term] = (number, frequency)
        self.put(
            "terms",
            {term_key(job, at): msgspec.json.encode(one) for at, one in enumerate(dictionary)},
            job,
            build,
        )
        self.put("characters", {job: "".join(sorted(found.characters)).encode()}, job, build)
        self.put("tokens", {job: found.tokens.astype("<i8").tobytes()}, job, build)
        return buckets

    def terms(
        self, job: str, which: Iterable[int], *, strong: bool = False
    ) -> dict[int, dict[str, tuple[int, int]]]:
        """Read rows of the dictionary: the number of each term, and in how many passages it is."""
        keys = {term_key(job, at): at for at in which}
        found = self.get("terms", list(keys), strong=strong)
        if missing := keys.keys() - found.keys():
            raise IndexDamagedError(
                f"索引“{self.client.address}”缺少记录 terms/{min(missing)}。请重新建立索引。"
            )
        kind = dict[str, tuple[int, int]]
        return {keys[key]: msgspec.json.decode(body, type=kind) for key, body in found.items()}

    def token_frequencies(self, job: str) -> "np.typing.NDArray[np.int64]":
        """In how many passages each token of the encoder stands."""
        return np.frombuffer(self.only("tokens", job), dtype="<i8").astype(np.int64)


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is known of the whole library.

    ``numbers`` has the number of each term, ``frequencies`` in the same order in how many passages
    it stands; ``tokens`` the same of the encoder's tokens; ``characters`` are the Chinese ones.
    """

    numbers: Mapping[str, int]
    frequencies: Ids
    tokens: "np.typing.NDArray[np.int64]"
    characters: frozenset[str]


def entries_body(entries: Sequence[Entry]) -> bytes:
    """Return the catalogue as it is kept."""
    return msgspec.json.encode(list(entries))


def bucket(term: str, buckets: int) -> int:
    """The row of the dictionary that ``term`` is in."""
    return crc32(term.encode()) % buckets


def term_key(job: str, at: int) -> str:
    """The key of one row of the dictionary."""
    return f"{job}-{at:06d}"


def _id(kind: str, key: str, part: int) -> str:
    return f"{kind}:{key}:{part:05d}"


def _row(kind: str, stamp: Stamp, part: int, whole: int, body: str) -> Row:
    return {
        "id": _id(kind, stamp.key, part),
        "kind": kind,
        "key": stamp.key,
        "part": part,
        "parts": whole,
        "job": stamp.job,
        "build": stamp.build,
        "body": body,
        "blank": [1.0, 0.0],
    }
