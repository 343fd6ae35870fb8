"""The calls to Milvus: each with a time-out, and each failure told in Chinese."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from index.errors import InputError, MilvusError
from index.milvus.address import TOKEN, Address

Row = dict[str, Any]

# Rows of one call; a message may have 64 MB, and a row with its vector has about 8 KB.
_ROWS = 500
# Milvus gives no more in one reply.
PAGE = 16_000
# pymilvus pings every ten seconds, for which milvus-lite closes the connection.
_KEEPALIVE = {"grpc.keepalive_time_ms": 300_000, "grpc.keepalive_permit_without_calls": False}
# Deletes and loads of a large collection take as long as they take.
_PATIENCE = 30


@dataclass(frozen=True, slots=True)
class Query:
    """A vector to search ``field`` with, dense or sparse; ``parameters`` are of the vector index."""

    field: str
    vector: list[float] | dict[int, float]
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Client:
    """One connection."""

    address: Address
    _client: Any

    @classmethod
    def connect(cls, address: Address) -> "Client":
        """Connect, and see that somebody answers.

        Raises:
            InputError: pymilvus is not installed.
            MilvusError: nobody answers in time, or the token is refused.
        """
        try:
            import pymilvus
        except ImportError as error:
            raise InputError(
                "使用 Milvus 需要 pymilvus 包。请运行：pip install 'guiwen[milvus]'"
            ) from error
        # It logs a traceback for each failure, which we tell ourselves.
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        with _told(address, "连接"):
            client = pymilvus.MilvusClient(
                uri=address.uri,
                token=address.token,
                db_name=address.database,
                timeout=address.timeout,
                grpc_options=_KEEPALIVE,
            )
        made = cls(address, client)
        made.call("连接", "list_collections")
        return made

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def call(self, what: str, method: str, *given: Any, patience: int = 1, **named: Any) -> Any:  # noqa: ANN401 - pymilvus has no types
        """Call ``method`` of pymilvus's client; ``what`` names the step in Chinese.

        Raises:
            MilvusError: it failed, or took longer than the address allows, ``patience`` times.
        """
        with _told(self.address, what):
            timeout = self.address.timeout * patience
            return getattr(self._client, method)(*given, timeout=timeout, **named)

    def version(self) -> tuple[int, int] | None:
        """Major and minor version of the server; None if it does not tell (milvus-lite 2)."""
        try:
            found = re.search(r"(\d+)\.(\d+)", str(self.call("版本", "get_server_version")))
        except MilvusError:
            return None
        return (int(found[1]), int(found[2])) if found else None

    def has(self, collection: str) -> bool:
        """Whether there is such a collection."""
        return bool(self.call("查看集合", "has_collection", collection))

    def create(self, collection: str, make: Callable[[Any], tuple[Any, Any]]) -> None:
        """Make ``collection`` of the schema and index parameters that ``make`` gives."""
        schema, parameters = make(self._client)
        self.call(
            "建立集合",
            "create_collection",
            collection,
            schema=schema,
            index_params=parameters,
            consistency_level="Strong",
            patience=_PATIENCE,
        )

    def dimension(self, collection: str, field: str) -> int | None:
        """Length of the vectors of ``field``; None if there is no such field."""
        described = self.call("查看集合", "describe_collection", collection)
        for one in described["fields"]:
            if one["name"] == field:
                return int(one["params"].get("dim", 0))
        return None

    def load(self, collection: str) -> None:
        """Have ``collection`` in memory, ready to be searched."""
        self.call("载入集合", "load_collection", collection, patience=_PATIENCE)

    def upsert(self, collection: str, rows: Sequence[Row]) -> None:
        """Write ``rows``; when it returns, the server has them for good."""
        for at in range(0, len(rows), _ROWS):
            block = list(rows[at : at + _ROWS])
            done = self.call("写入", "upsert", collection, block, patience=6)
            if int(done["upsert_count"]) != len(block):
                raise MilvusError(
                    f"Milvus（{self.address}）只写入了 {done['upsert_count']}/{len(block)} 行。请重试。"
                )

    def delete(self, collection: str, where: str) -> None:
        """Remove the rows that pass ``where``."""
        self.call("删除", "delete", collection, filter=where, patience=_PATIENCE)

    def count(self, collection: str, where: str = "", *, strong: bool = False) -> int:
        """Return how many rows pass ``where``, of those that are loaded and answer."""
        (row,) = self._query(collection, where, ["count(*)"], strong=strong)
        return int(row["count(*)"])

    def read(
        self, collection: str, where: str, fields: Sequence[str], *, strong: bool = False
    ) -> list[Row]:
        """Return the rows that pass ``where``; at most ``PAGE``."""
        return self._query(collection, where, fields, strong=strong, limit=PAGE)

    def read_all(self, collection: str, where: str, fields: Sequence[str]) -> Iterator[Row]:
        """Yield all rows that pass ``where``, however many, page by page."""
        with _told(self.address, "读取"):
            pages = self._client.query_iterator(
                collection,
                batch_size=2000,
                filter=where,
                output_fields=list(fields),
                consistency_level="Strong",
                timeout=self.address.timeout * 6,
            )
        while True:
            with _told(self.address, "读取"):
                page = pages.next()
            if not page:
                break
            yield from page
        pages.close()

    def _query(self, collection: str, where: str, fields: Sequence[str], **named: Any) -> list[Row]:  # noqa: ANN401
        level = "Strong" if named.pop("strong") else "Bounded"
        return list(
            self.call(
                "读取",
                "query",
                collection,
                filter=where,
                output_fields=list(fields),
                consistency_level=level,
                patience=6 if level == "Strong" else 1,
                **named,
            )
        )

    def search(
        self, collection: str, query: Query, where: str, count: int
    ) -> list[tuple[str, float]]:
        """Return ids and inner products of the ``count`` best rows that pass ``where``."""
        (hits,) = self.call(
            "检索",
            "search",
            collection,
            data=[query.vector],
            anns_field=query.field,
            filter=where,
            limit=count,
            output_fields=["id"],
            search_params={"metric_type": "IP", "params": dict(query.parameters)},
            consistency_level="Bounded",
        )
        return [(str(hit["id"]), float(hit["distance"])) for hit in hits]


@contextmanager
def _told(address: Address, what: str) -> Iterator[None]:
    """Tell what goes wrong in one call."""
    import grpc
    from pymilvus.exceptions import MilvusException

    try:
        yield
    except MilvusException as error:
        raise _failure(address, what, int(error.code), str(error.message)) from error
    except grpc.RpcError as error:
        code = error.code().name if hasattr(error, "code") else ""
        raise _failure(address, what, -1, f"{code} {error}") from error
    except (OSError, ValueError, TypeError, AttributeError) as error:
        # pymilvus checks some things itself, and breaks on some replies.
        raise _failure(address, what, -1, f"{type(error).__name__}: {error}") from error


def _failure(address: Address, what: str, code: int, message: str) -> MilvusError:
    short = " ".join(message.split())[:300]
    seconds = f"{address.timeout:g} 秒"
    if re.search(r"(?i)unauth|auth check|access denied|permission", message) or code in (80, 1400):
        return MilvusError(
            f"Milvus（{address}）拒绝了访问。请检查环境变量 {TOKEN}，或地址中的 用户:密码@。（{short}）"
        )
    if "DEADLINE" in message.upper() or re.search(r"(?i)timeout|timed out", message):
        return MilvusError(
            f"Milvus（{address}）没有在 {seconds}内完成“{what}”。请检查它的负载和网络，"
            f"或在地址后加 ?timeout=秒数。（{short}）"
        )
    if code == 2 or re.search(r"(?i)unavailable|fail connecting|connection refused", message):
        return MilvusError(
            f"连接不上 Milvus（{address}）：{seconds}内没有应答。请检查地址、端口，以及它是否在运行。（{short}）"
        )
    return MilvusError(f"Milvus（{address}）在“{what}”时出错：{short}")
