"""The two collections, and a passage as a row: checked here, since servers differ in what they let in.

Milvus counts the bytes of a string and its embedded form the characters; NaN passes in one and not
in the other. What we send is within the narrower of both.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from index import regions
from index.analysis import Analysis
from index.documents import Document
from index.errors import EncoderError, SourceError
from index.milvus.client import Row
from index.milvus.packing import Features, Ids
from index.milvus.weights import passage_half
from index.normalise import normalise
from index.records import chunks_of
from index.sparse import Bm25Parameters
from index.vectors import Floats, Unit8

# Length of a document's key; the rest of a row's id is the passage's place in it, six digits.
KEY = 24
_NAME, _LONGEST = 1024, 65_535
_LISTED = 1000


def passages(client: Any, dimension: int, sparse: bool, dense: str) -> tuple[Any, Any]:  # noqa: ANN401
    """Schema and index parameters of the passages."""
    from pymilvus import DataType

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=KEY + 6)
    schema.add_field("key", DataType.VARCHAR, max_length=KEY)
    schema.add_field("document", DataType.VARCHAR, max_length=_NAME)
    schema.add_field("job", DataType.VARCHAR, max_length=KEY)
    schema.add_field("build", DataType.INT64)
    _add_list(schema, "years", DataType.INT64)
    _add_list(schema, "places", DataType.VARCHAR, max_length=128)
    schema.add_field("chunk", DataType.VARCHAR, max_length=_LONGEST)
    schema.add_field("features", DataType.VARCHAR, max_length=_LONGEST)
    schema.add_field("dense", DataType.FLOAT_VECTOR, dim=dimension)
    parameters = client.prepare_index_params()
    graph = {"M": 16, "efConstruction": 200} if dense == "HNSW" else {}
    parameters.add_index("dense", index_type=dense, metric_type="IP", params=graph)
    if sparse:
        schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
        parameters.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    return schema, parameters


def records(client: Any) -> tuple[Any, Any]:  # noqa: ANN401
    """Schema and index parameters of the other collection."""
    from pymilvus import DataType

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=128)
    schema.add_field("kind", DataType.VARCHAR, max_length=16)
    schema.add_field("key", DataType.VARCHAR, max_length=96)
    schema.add_field("part", DataType.INT64)
    schema.add_field("parts", DataType.INT64)
    schema.add_field("job", DataType.VARCHAR, max_length=KEY)
    schema.add_field("build", DataType.INT64)
    schema.add_field("body", DataType.VARCHAR, max_length=_LONGEST)
    # There is no collection without a vector.
    schema.add_field("blank", DataType.FLOAT_VECTOR, dim=2)
    parameters = client.prepare_index_params()
    parameters.add_index("blank", index_type="FLAT", metric_type="IP")
    return schema, parameters


def _add_list(schema: Any, name: str, kind: Any, **named: Any) -> None:  # noqa: ANN401
    from pymilvus import DataType

    schema.add_field(name, DataType.ARRAY, element_type=kind, max_capacity=_LISTED, **named)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What all rows of one document bear: its key, and the job and build that wrote them."""

    key: str
    job: str
    build: int


@dataclass(frozen=True, slots=True)
class Weighing:
    """How BM25 weights are made: the formula, the usual length, and whether they are sent."""

    parameters: Bm25Parameters
    usual: float
    sent: bool


def rows(
    document: Document, analysis: Analysis, numbers: Ids, stamp: Stamp, weighing: Weighing
) -> list[Row]:
    """The passages of one document as rows.

    Args:
        document: as read.
        analysis: what was found in it.
        numbers: the number of each term of ``analysis.vocabulary``.
        stamp: key, job and build.
        weighing: of BM25.

    Raises:
        SourceError: a name or a passage is longer than Milvus holds.
        EncoderError: a vector is not of finite numbers.
    """
    _check_vectors(document, analysis.vectors)
    _fits(document, "名称", document.id, _NAME)
    made: list[Row] = []
    # Rounded as in a folder, so that both rank alike.
    vectors = Unit8.of(analysis.vectors).single(slice(None))
    lines = analysis.chunks.splitlines()
    chunks = chunks_of(analysis.chunks, document.id)
    for at, (chunk, features) in enumerate(zip(chunks, _features(analysis, numbers), strict=True)):
        body = normalise(chunk.span.of(document.text)).text
        row = {
            "id": passage_id(stamp.key, at),
            "key": stamp.key,
            "document": document.id,
            "job": stamp.job,
            "build": stamp.build,
            "years": _few(document, "年份", years("\n".join((body, *chunk.section)))),
            "places": _few(document, "地名", sorted(regions.mentioned(body))),
            "chunk": _fits(document, "段落标题", lines[at].decode(), _LONGEST),
            "features": _fits(document, "段落", features.packed(), _LONGEST),
            "dense": vectors[at],
        }
        if weighing.sent:
            row["sparse"] = _sparse(features, weighing)
        made.append(row)
    return made


def passage_id(key: str, place: int) -> str:
    """The id of the passage at ``place`` of the document of ``key``: the same in every run."""
    return f"{key}{place:06d}"


def years(text: str) -> list[int]:
    """The numbers of four digits in ``text``, ascending."""
    return sorted({int(found) for found in re.findall(r"(?<!\d)[1-9][0-9]{3}(?!\d)", text)})


def _features(analysis: Analysis, numbers: Ids) -> list[Features]:
    borders = np.cumsum(analysis.terms.counts)[:-1]
    said = np.split(numbers[analysis.terms.ids], borders)
    counted = [np.unique(ids, return_counts=True) for ids in said]
    tokens: Sequence[Ids | None] = [None] * len(counted)
    if analysis.tokens is not None:
        tokens = np.split(analysis.tokens.ids, np.cumsum(analysis.tokens.counts)[:-1])
    return [
        Features(ids.astype(np.int32), counts.astype(np.int32), own)
        for (ids, counts), own in zip(counted, tokens, strict=True)
    ]


def _sparse(features: Features, weighing: Weighing) -> dict[int, float]:
    half = passage_half(features.counts, features.length, weighing.usual, weighing.parameters)
    # Terms are numbered from 1: 0 stands for a passage without any, which no query asks for.
    return dict(zip(features.terms.tolist(), half.tolist(), strict=True)) or {0: 1.0}


def _check_vectors(document: Document, vectors: Floats) -> None:
    if not np.isfinite(vectors).all():
        raise EncoderError(
            f"编码器给“{document.id}”的向量中有非数字（NaN 或无穷大），没有写入。请换一个编码器或检查模型文件。"
        )


def _fits(document: Document, what: str, text: str, longest: int) -> str:
    size = len(text.encode())
    if size > longest:
        raise SourceError(
            f"“{document.id}”的{what}有 {size} 字节，超过 Milvus 字段的上限 {longest} 字节，没有写入。"
            "请缩短文件名，或用较小的 --chunk 重新索引。"
        )
    return text


def _few(document: Document, what: str, listed: list[Any]) -> list[Any]:
    if len(listed) > _LISTED:
        raise SourceError(
            f"“{document.id}”的一个段落中有 {len(listed)} 个不同的{what}，超过上限 {_LISTED}。"
            "请用较小的 --chunk 重新索引。"
        )
    return listed
