"""Open an index wherever it is."""

from pathlib import Path

from index.errors import InputError
from index.milvus.opened import MilvusIndex
from index.searchable import Index
from index.site import Site


def open_index(where: Site, encoder: str | None = None, sparse: str = "bm25s") -> Index:
    """Open the index at ``where``; see :meth:`Index.open`.

    Raises:
        IndexMissingError, IndexDamagedError, IndexMismatchError, EncoderError.
        MilvusError: a Milvus does not answer in time, or is not whole.
        InputError: the reference formula is asked of a Milvus, which does not have it.
    """
    if isinstance(where, Path):
        return Index.open(where, encoder, sparse)
    if sparse != "bm25s":
        raise InputError("--sparse rank-bm25 只用于本机的索引文件夹，Milvus 中的索引不支持。")
    return MilvusIndex.connect(where, encoder)
