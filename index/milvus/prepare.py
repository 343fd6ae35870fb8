"""What is checked of a Milvus and its two collections before anything is read or written."""

from index.errors import IndexMismatchError, IndexMissingError, MilvusError
from index.milvus import schema
from index.milvus.client import Client

# From this version on there are sparse vectors.
_SPARSE = (2, 4)


def for_reading(client: Client) -> None:
    """See that both collections are there and loaded.

    Raises:
        IndexMissingError: they are not.
        MilvusError: it does not answer.
    """
    address = client.address
    if not (client.has(address.collection) and client.has(address.records)):
        raise IndexMissingError(
            f"Milvus 中没有索引“{address}”。请检查集合名，"
            f"或先运行 guiwen index 来源… -o {address} 建立索引。"
        )
    client.load(address.collection)
    client.load(address.records)


def for_writing(client: Client, dimension: int, dense: str) -> None:
    """Make the collections, or see that those there are ours and fit.

    Args:
        client: connected.
        dimension: of the encoder.
        dense: kind of the vector index, for a new collection.

    Raises:
        IndexMismatchError: they are of another dimension, or not ours.
        MilvusError: too old for sparse vectors; or it does not answer.
    """
    address = client.address
    check(client, dimension)
    if not client.has(address.records):
        client.create(address.records, schema.records)
    if not client.has(address.collection):
        client.create(
            address.collection,
            lambda made: schema.passages(made, dimension, address.sparse, dense),
        )
    for_reading(client)


def check(client: Client, dimension: int) -> None:
    """See that this server and what it holds will do; changes nothing.

    Raises:
        IndexMismatchError, MilvusError: as :func:`for_writing`.
    """
    address = client.address
    version = client.version()
    if address.sparse and version is not None and version < _SPARSE:
        raise MilvusError(
            f"Milvus（{address}）是 {version[0]}.{version[1]} 版，没有稀疏向量：需要 2.4 以上。"
            "请升级；或在地址后加 ?sparse=no，候选段落就只由稠密向量选出。"
        )
    if not client.has(address.collection):
        return
    found = client.dimension(address.collection, "dense")
    ours = client.has(address.records) and client.dimension(address.records, "blank") == 2
    if found is None or not ours:
        raise IndexMismatchError(
            f"Milvus 中已有集合“{address}”，但不是规问的索引，不会改动。请换一个集合名。"
        )
    if found != dimension:
        raise IndexMismatchError(
            f"集合“{address}”的向量为 {found} 维，编码器给出 {dimension} 维。"
            "请改用原来的编码器，或换一个集合名。"
        )
    if (client.dimension(address.collection, "sparse") is not None) != address.sparse:
        have, option = ("没有", "?sparse=no") if address.sparse else ("有", "?sparse=yes")
        raise IndexMismatchError(
            f"集合“{address}”{have}稀疏向量，与地址中的选项不符。请写 {option}，或换一个集合名。"
        )
