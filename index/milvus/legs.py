"""The legs of retrieval over rows in Milvus.

The server finds the candidates; what they score is computed here, as for an index in a folder.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index import late
from index.documents import Chunk, Indicator
from index.encode import Encoder
from index.errors import IndexDamagedError, MilvusError
from index.milvus import weights as bm25
from index.milvus.client import PAGE, Client, Query, Row
from index.milvus.expression import both, one_of
from index.milvus.lazy import Recent
from index.milvus.packing import Features, Ids
from index.milvus.records import Published, Records, bucket
from index.milvus.rows import Numbering, Rows
from index.records import chunks_of
from index.sparse import Bm25Parameters
from index.vectors import Floats, Unit8

_FIELDS = ["id", "document", "chunk", "features", "dense"]
# Passages and rows of the dictionary that are held; the first have about 6 KB, the others 200.
_HELD, _BUCKETS = 20_000, 400
# Equal scores at the end of a list come in any order: so many more are asked for.
_SLACK = 16
# Seconds between two looks at how many rows answer.
_LOOK = 30.0
_BLOCK = 500


@dataclass(frozen=True, slots=True)
class Fetched:
    """One passage as it was stored."""

    chunk: Chunk
    features: Features
    vector: Floats


class Passages:
    """The rows of passages: found by a leg, fetched by their numbers."""

    def __init__(self, client: Client, published: Published, numbering: Numbering) -> None:
        self.numbering = numbering
        self._client, self._published = client, published
        self._held: Recent[int, Fetched] = Recent(_HELD)
        self._looked = 0.0

    def check(self) -> None:
        """See that all rows answer: while a node is being replaced, a part looks like success.

        Raises:
            MilvusError: fewer do.
        """
        if time.monotonic() - self._looked < _LOOK and self._looked:
            return
        address, expected = self._client.address, len(self.numbering)
        found = self._client.count(address.collection, self._in_use, strong=not self._looked)
        if found < expected:
            self._looked = 0.0
            raise MilvusError(
                f"Milvus（{address}）现在只有 {found}/{expected} 个段落可以检索，可能正在恢复，"
                "结果会不完整，所以没有作答。请稍后再试；若一直如此，请重新建立索引。"
            )
        self._looked = time.monotonic()

    @property
    def _in_use(self) -> str:
        return f"build <= {self._published.build}"

    def search(
        self, leg: str, query: Floats | Mapping[int, float], rows: Rows, count: int
    ) -> list[tuple[float, int]]:
        """Return (score, row) of the ``count`` best of ``rows`` by one leg, best first."""
        self.check()
        found: set[tuple[float, int]] = set()
        for where in self.numbering.filters(rows):
            found.update(self._search(leg, query, where, count))
        return sorted(found, key=lambda hit: (-hit[0], hit[1]))[:count]

    def _search(
        self, leg: str, query: Floats | Mapping[int, float], where: str, count: int
    ) -> list[tuple[float, int]]:
        limit = count + _SLACK
        given = dict(query) if isinstance(query, Mapping) else query.tolist()
        parameters = {}
        if leg == "dense" and self._published.dense == "HNSW":
            parameters = {"ef": max(256, 2 * limit)}
        while True:
            asked = Query(leg, given, parameters)
            hits = self._client.search(
                self._client.address.collection, asked, both(where, self._in_use), limit
            )
            # Rows of a document that was replaced stay for a moment, and are nobody's.
            rows = ((score, self.numbering.row(name)) for name, score in hits)
            ours = [(score, row) for score, row in rows if row is not None]
            if len(ours) >= count or len(hits) < limit or limit >= PAGE:
                return ours
            limit = min(PAGE, limit * 4)

    def fetch(self, rows: Rows) -> list[Fetched]:
        """Return the passages in ``rows``.

        Raises:
            MilvusError: one is not there.
        """
        wanted = rows.tolist()
        found = {row: held for row in wanted if (held := self._held.get(row)) is not None}
        missing = [row for row in wanted if row not in found]
        for at in range(0, len(missing), _BLOCK):
            names = [self.numbering.passage(row) for row in missing[at : at + _BLOCK]]
            address = self._client.address
            for got in self._client.read(address.collection, one_of("id", names), _FIELDS):
                row = self.numbering.row(str(got["id"]))
                if row is not None:
                    found[row] = self._read(got, row)
                    self._held.put(row, found[row])
        if lost := [row for row in missing if row not in found]:
            raise MilvusError(
                f"Milvus（{self._client.address}）缺少 {len(lost)} 个段落：索引刚更新过，或正在恢复。"
                "请重新提问；若一直如此，请重新建立索引。"
            )
        return [found[row] for row in wanted]

    def _read(self, got: Row, row: int) -> Fetched:
        try:
            (chunk,) = chunks_of(str(got["chunk"]).encode(), str(got["document"]), row)
            features = Features.unpacked(str(got["features"]))
        except ValueError as error:
            raise IndexDamagedError(
                f"索引“{self._client.address}”的段落 {got['id']} 不完整：{error}。请重新建立索引。"
            ) from error
        return Fetched(chunk, features, np.array(got["dense"], dtype=np.float32))

    def matching(self, where: str) -> Rows:
        """Return the rows that pass ``where``, ascending."""
        found = self._client.read_all(
            self._client.address.collection, both(where, self._in_use), ["id"]
        )
        rows = (self.numbering.row(str(got["id"])) for got in found)
        return np.array(sorted({row for row in rows if row is not None}), dtype=np.int64)


class SparseOnServer:
    """BM25+ over rows in Milvus; frequencies come from the dictionary, a row at a time."""

    def __init__(self, records: Records, published: Published, passages: Passages) -> None:
        self._records, self._published, self._passages = records, published, passages
        self._dictionary: Recent[int, dict[str, tuple[int, int]]] = Recent(_BUCKETS)
        self._parameters = Bm25Parameters(**published.made.options["bm25"])

    def _look_up(self, terms: Sequence[str]) -> dict[str, tuple[int, int]]:
        """Number and frequency of those ``terms`` that are known."""
        where = {term: bucket(term, self._published.buckets) for term in terms}
        held = ((at, self._dictionary.get(at)) for at in set(where.values()))
        rows = {at: row for at, row in held if row is not None}
        if missing := sorted(set(where.values()) - rows.keys()):
            for at, row in self._records.terms(self._published.job, missing).items():
                self._dictionary.put(at, row)
                rows[at] = row
        return {term: rows[at][term] for term, at in where.items() if term in rows[at]}

    def holding(self, terms: Sequence[str]) -> Rows:
        """Return the passages that hold all of ``terms``: all are fetched, a block after another."""
        share = self.coverage(dict.fromkeys(terms, 1.0))
        return np.flatnonzero(share > 1 - 1e-6).astype(np.int64) if terms else np.zeros(0, np.int64)

    @cached_property
    def characters(self) -> frozenset[str]:
        """The Chinese characters of all terms."""
        job = self._published.job
        return frozenset(self._records.only("characters", job).decode())

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return in how many passages each term stands; 0 for an unknown one."""
        known = self._look_up(terms)
        return [known[term][1] if term in known else 0 for term in terms]

    def query(self, weights: Mapping[str, float]) -> dict[int, float]:
        """Return the query's half of BM25: weight times rarity of each term's number."""
        known = {term: pair for term, pair in self._look_up(list(weights)).items() if pair[1]}
        rarity = bm25.rarity([pair[1] for pair in known.values()], len(self._passages.numbering))
        return {
            pair[0]: weights[term] * float(rare)
            for (term, pair), rare in zip(known.items(), rarity, strict=True)
        }

    def scores(self, weights: Mapping[str, float], rows: Rows | None = None) -> Floats:
        """Return the BM25+ score of each of ``rows``; all are fetched, a block after another."""
        query = self.query(weights)
        return self._each(
            rows,
            lambda features: bm25.scores(query, features, self._published.usual, self._parameters),
        )

    def top(self, weights: Mapping[str, float], count: int, rows: Rows | None = None) -> Rows:
        """Return the ``count`` best of ``rows``; none where the server has no sparse vectors.

        There, the dense leg chooses alone, and these scores rank what it chose.
        """
        if not self._published.sparse:
            return np.zeros(0, dtype=np.int64)
        some = self._passages.numbering.everything if rows is None else rows
        if len(some) <= count:
            return some
        query = self.query(weights)
        found = self._passages.search("sparse", query, some, count) if query else []
        hits = np.array([row for _, row in found], dtype=np.int64)
        # Where fewer passages hold any of the terms, the first of the others are as good.
        others = np.setdiff1d(some[: count + len(hits)], hits)[: count - len(hits)]
        return np.concatenate([hits, others])

    def coverage(self, weights: Mapping[str, float], rows: Rows | None = None) -> Floats:
        """Return the share of the summed ``weights`` whose terms each of ``rows`` holds."""
        known = self._look_up(list(weights))
        query = {known[term][0]: weight for term, weight in weights.items() if term in known}
        total = sum(weights.values())
        return self._each(rows, lambda features: bm25.coverage(query, total, features))

    def _each(self, rows: Rows | None, score: Callable[[list[Features]], Floats]) -> Floats:
        some = self._passages.numbering.everything if rows is None else rows
        blocks = [
            score([one.features for one in self._passages.fetch(some[at : at + _BLOCK])])
            for at in range(0, len(some), _BLOCK)
        ]
        return np.concatenate([*blocks, np.zeros(0, dtype=np.float32)])


class NamesOnServer:
    """The names of figures, taken from all figures when the first is asked for."""

    def __init__(self, figures: Sequence[Indicator], encoder: Encoder) -> None:
        self._figures, self._encoder = figures, encoder

    @cached_property
    def _numbered(self) -> tuple[tuple[str, ...], NDArray[np.int32]]:
        numbers: dict[str, int] = {}
        of = [numbers.setdefault(figure.name, len(numbers)) for figure in self._figures]
        return tuple(numbers), np.array(of, dtype=np.int32)

    @property
    def texts(self) -> tuple[str, ...]:
        """The names in order of first appearance."""
        return self._numbered[0]

    @property
    def of(self) -> NDArray[np.int32]:
        """The name of each figure."""
        return self._numbered[1]

    @cached_property
    def vectors(self) -> Unit8:
        """The vectors of ``texts``."""
        return Unit8.of(self._encoder.encode(self.texts))


class DenseOnServer:
    """Cosines with vectors in Milvus."""

    def __init__(self, passages: Passages) -> None:
        self._passages = passages

    def top(self, vector: Floats, count: int, rows: Rows | None = None) -> tuple[Rows, Floats]:
        """Return the ``count`` nearest of ``rows``, or of all, best first, and their cosines."""
        some = self._passages.numbering.everything if rows is None else rows
        if len(some) > count:
            found = self._passages.search("dense", vector, some, count)
            some = np.array(sorted(row for _, row in found), dtype=np.int64)
        scores = self.scores(vector, some)
        order = np.argsort(-scores, kind="stable")
        return some[order], scores[order]

    def top_many(self, vectors: Floats, count: int) -> list[Rows]:
        """Return the ``count`` nearest of all to each of ``vectors``, best first."""
        return [self.top(vector, count)[0] for vector in vectors]

    def scores(self, vector: Floats, rows: Rows) -> Floats:
        """Return the cosine of ``vector`` with each of ``rows``, shape ``(len(rows),)``."""
        if not len(rows):
            return np.zeros(0, dtype=np.float32)
        found: Floats = np.stack([one.vector for one in self._passages.fetch(rows)]) @ vector
        return found


class LateOnServer(late.LateIndex):
    """Late interaction over token ids in Milvus."""

    def __init__(self, frequency: Ids, passages: Passages) -> None:
        super().__init__(np.zeros(0, dtype=np.int32), np.zeros(1, dtype=np.int64), frequency)
        self._passages = len(passages.numbering)
        self._rows = passages

    def pieces(self, rows: Rows) -> list[Ids]:
        """Return the token ids of each of ``rows``."""
        found = (fetched.features.tokens for fetched in self._rows.fetch(rows))
        return [np.zeros(0, dtype=np.int32) if ids is None else ids for ids in found]


class Lengths:
    """How many characters passages have, by their rows."""

    def __init__(self, passages: Passages) -> None:
        self._passages = passages

    def __getitem__(self, rows: Rows) -> Floats:
        """Return the lengths of ``rows``, shape ``(len(rows),)``."""
        spans = (fetched.chunk.span for fetched in self._passages.fetch(rows))
        return np.array([len(span) for span in spans], dtype=np.float32)
