"""Sources → an index in Milvus: count, write, publish. Nothing is seen before it is published."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from index.build import BuildReport, Progress, silent
from index.encode import Encoder
from index.milvus.address import Address
from index.milvus.client import Client
from index.milvus.counting import BATCH, Counted, Task, count, encoder_of, numbered
from index.milvus.plan import Plan, plan
from index.milvus.prepare import check, for_writing
from index.milvus.publish import publish, sweep, writing
from index.milvus.records import Entry, Records
from index.milvus.runner import Runner
from index.milvus.writing import Expected, Work, write
from index.read import Skipped
from index.read.folder import list_sources, nothing_found
from index.recipe import BuildOptions

Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class MilvusWriter:
    """Indexes sources into the collection of ``address``; ``runner`` says where tasks run.

    The index there stays in use until the end. What it holds already is not analysed again, nor is
    what an interrupted run has written: run the same again. Workers read the files themselves,
    under the same paths.
    """

    address: Address
    runner: Runner

    def build(
        self,
        sources: Sequence[Path],
        options: BuildOptions | None = None,
        progress: Progress = silent,
        *,
        fresh: bool = False,
    ) -> BuildReport:
        """Make the index hold just ``sources``.

        Args:
            sources: files and folders.
            options: encoder, chunk lengths, BM25 parameters, strictness.
            progress: called with (step in Chinese, done, total), in batches of files.
            fresh: analyse everything anew.

        Raises:
            SourceError: a source cannot be read, or does not fit.
            MilvusError: Milvus is down, slow, too old, or refuses.
            IndexMismatchError: the collection is no index of ours, or of another dimension.
            IndexLockedError: another process is writing.
            RayError: the cluster lost a task for good.
        """
        options = options or BuildOptions()
        encoder = encoder_of(options.encoder)
        client = Client.connect(self.address)
        try:
            check(client, encoder.dimension)
            making = _Making(client, options, encoder, self.runner, progress)
            return making.run(sources, fresh)
        finally:
            client.close()


@dataclass(frozen=True, slots=True)
class _Making:
    """One run."""

    client: Client
    options: BuildOptions
    encoder: Encoder
    runner: Runner
    progress: Progress

    def run(self, sources: Sequence[Path], fresh: bool) -> BuildReport:
        """Count, write what is new, and publish it."""
        counted, skipped = self._counted(sources)
        made = plan(self.client, [c for _, c in counted], self.options, self.encoder, fresh)
        if made.is_current:
            return self._report(made, [made.before[name] for name in made.keys], (), skipped)
        for_writing(self.client, self.encoder.dimension, made.manifest.dense)
        records = Records(self.client)
        with writing(records, made) as heard:
            sweep(records, made)
            done = self._run(write, list(self._work(counted, made)), "写入", heard)
            kept = [entry for name, entry in made.before.items() if name in made.kept]
            entries = [*kept, *(entry for one in done for entry in one.entries)]
            entries.sort(key=lambda entry: entry.document.id)
            self.progress("发布", 0, 1)
            publish(records, made, entries)
            self.progress("发布", 1, 1)
        written = tuple(sorted(name for one in done for name in one.written))
        return self._report(made, entries, written, skipped)

    def _counted(
        self, sources: Sequence[Path]
    ) -> tuple[list[tuple[Task, Counted]], tuple[Skipped, ...]]:
        listed, skipped = list_sources(sources)
        strict, size, name = self.options.strict, self.options.size, self.options.encoder
        tasks = [
            Task(tuple(listed[at : at + BATCH]), strict, size, name)
            for at in range(0, len(listed), BATCH)
        ]
        counted = self._run(count, tasks, "统计")
        skipped += [one for part in counted for one in part.skipped]
        if not any(document.passages for part in counted for document in part.documents):
            raise nothing_found(sources, skipped)
        return list(zip(tasks, counted, strict=True)), tuple(skipped)

    def _run(
        self,
        task: Callable[[Given], Made],
        items: Sequence[Given],
        step: str,
        heard: Callable[[], None] = lambda: None,
    ) -> list[Made]:
        """Run ``task`` on all items and return the results in their order."""
        results: dict[int, Made] = {}
        self.progress(step, 0, len(items))
        for at, result in self.runner.run(task, items):
            results[at] = result
            self.progress(step, len(results), len(items))
            heard()
        return [results[at] for at in range(len(items))]

    def _work(self, counted: Iterable[tuple[Task, Counted]], made: Plan) -> Iterable[Work]:
        for task, found in counted:
            numbers = numbered(found, made.statistics)
            expected = {
                document.id: Expected(document.digest, made.keys[document.id], numbers[document.id])
                for document in found.documents
                if document.id not in made.kept
            }
            if expected:
                listed = tuple(one for one in task.listed if one.name in expected)
                yield Work(
                    replace(task, listed=listed, strict=True),
                    self.client.address,
                    expected,
                    made.manifest.job,
                    made.manifest.build,
                    made.weighing,
                )

    def _report(
        self,
        made: Plan,
        entries: Sequence[Entry],
        written: tuple[str, ...],
        skipped: tuple[Skipped, ...],
    ) -> BuildReport:
        return BuildReport(
            folder=self.client.address,
            documents=len(entries),
            passages=made.manifest.made.passages,
            coverage=tuple(entry.account.coverage(entry.document.id) for entry in entries),
            skipped=skipped,
            analysed=written,
            removed=tuple(name for name in made.before if name not in made.keys),
            changed=not made.is_current,
        )
