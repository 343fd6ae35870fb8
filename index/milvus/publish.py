"""One writer at a time; leftovers swept; the manifest last."""

import json
import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

from index.errors import IndexLockedError, MilvusError
from index.milvus.expression import both, one_of
from index.milvus.plan import Plan
from index.milvus.records import Entry, Records, entries_body

# Seconds after which a writer that was not heard of is taken for gone.
_SILENT = 300.0
_STATISTICS = ("catalogue", "terms", "characters", "tokens")
_OF_DOCUMENTS = ("document", "figures", "entry")
_WRITER = "writer"
# Keys of one filter.
_MANY = 500


@contextmanager
def writing(records: Records, made: Plan) -> Iterator[Callable[[], None]]:
    """Be the one writer; gives what is to be called now and then to be known alive.

    The job that was cut off may be taken up at once: its rows bear the same ids.

    Raises:
        IndexLockedError: another job is being written.
    """
    job = made.manifest.job
    found = records.get(_WRITER, [_WRITER], strong=True).get(_WRITER)
    if found:
        other = json.loads(found)
        age = time.time() - float(other["at"])
        if other["job"] != job and age < _SILENT:
            raise IndexLockedError(
                f"另一个进程（{other['host']}，进程号 {other['process']}）{age:.0f} 秒前还在写索引"
                f"“{records.client.address}”。请等它完成；如它已中断，{_SILENT / 60:g} 分钟后再试。"
            )
    last = 0.0

    def heard() -> None:
        nonlocal last
        if time.time() - last > _SILENT / 10:
            last = time.time()
            said = {"job": job, "host": socket.gethostname(), "process": os.getpid(), "at": last}
            records.put(_WRITER, {_WRITER: json.dumps(said).encode()}, job, made.manifest.build)

    heard()
    try:
        yield heard
    except (Exception, KeyboardInterrupt):
        # It ends by itself, so nobody need wait. Only one that is killed is waited for.
        with suppress(MilvusError):
            records.client.delete(records.collection, one_of("kind", [_WRITER]))
        raise
    records.client.delete(records.collection, one_of("kind", [_WRITER]))


def sweep(records: Records, made: Plan) -> None:
    """Remove what other jobs wrote and never published."""
    build = made.in_use.build if made.in_use else 0
    leftover = both(f"build > {build}", f"job not in {json.dumps([made.manifest.job])}")
    for collection in (records.client.address.collection, records.collection):
        records.client.delete(collection, leftover)


def publish(records: Records, made: Plan, entries: Sequence[Entry]) -> None:
    """Bring what was written into use, and remove what it replaces.

    Raises:
        MilvusError: fewer rows are there than were written; nothing is published.
    """
    job, build = made.manifest.job, made.manifest.build
    _check(records, made, entries)
    buckets = records.put_statistics(made.statistics, job, build)
    records.put("catalogue", {job: entries_body(entries)}, job, build)
    if records.published() != made.in_use:
        raise IndexLockedError(
            f"索引“{records.client.address}”刚由另一个进程更新，这次的结果没有发布。请重新运行。"
        )
    records.publish(replace(made.manifest, buckets=buckets))
    _remove_replaced(records, made)


def _check(records: Records, made: Plan, entries: Sequence[Entry]) -> None:
    expected = sum(e.account.passages for e in entries if e.document.id not in made.kept)
    address = records.client.address
    where = one_of("job", [made.manifest.job])
    found = records.client.count(address.collection, where, strong=True)
    if found != expected:
        raise MilvusError(
            f"写入“{address}”的段落应为 {expected} 个，服务器中有 {found} 个，没有发布。请重新运行。"
        )


def _remove_replaced(records: Records, made: Plan) -> None:
    """Remove rows that the new catalogue does not name, and what only the one before last used."""
    client = records.client
    used = set(made.keys.values())
    gone = [entry.key for entry in made.before.values() if entry.key not in used]
    for at in range(0, len(gone), _MANY):
        keys = one_of("key", gone[at : at + _MANY])
        client.delete(client.address.collection, keys)
        client.delete(records.collection, both(one_of("kind", _OF_DOCUMENTS), keys))
    # A reader of the version before may still ask for a term.
    jobs = [made.manifest.job, *([made.in_use.job] if made.in_use else [])]
    client.delete(
        records.collection,
        both(one_of("kind", _STATISTICS), f"job not in {json.dumps(jobs)}"),
    )
