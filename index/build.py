"""The order of the steps from sources, or an index and changes to it, to an index on disk."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index import originals, store
from index.analysis import Analysis, analyse
from index.assemble import Assembly
from index.cache import Cache
from index.documents import Coverage, Document
from index.encode import EMBEDDED, Encoder, open_encoder
from index.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from index.kept import Kept
from index.read import Skipped, read_sources
from index.recipe import VERSIONS, BuildOptions, analysis_key, digest, same_analysis
from index.site import Site

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What became of the sources.

    ``analysed`` names the documents that were analysed in this run; the analyses of the others
    were in the index, or in what a run that did not finish had left. ``removed`` names those that
    the index held before and does not now. ``changed`` is False if the index was left as it was.
    """

    folder: Site
    documents: int
    passages: int
    coverage: tuple[Coverage, ...]
    skipped: tuple[Skipped, ...] = ()
    analysed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: bool = True


def silent(_step: str, _done: int, _total: int) -> None:
    """Report nothing."""


def build(
    sources: Sequence[Path],
    folder: Path,
    options: BuildOptions | None = None,
    progress: Progress = silent,
    *,
    fresh: bool = False,
) -> BuildReport:
    """Index ``sources`` into ``folder``; an index that is there stays in use until the end.

    What an index of the same options holds already is not analysed again, nor is what an
    interrupted build had done. The result is the same, byte for byte.

    Args:
        sources: files and folders.
        folder: a new or empty folder, or one that holds an index.
        options: encoder, chunk lengths, BM25 parameters, strictness.
        progress: called with (step in Chinese, done, total); characters in the step 分析.
        fresh: analyse everything anew.

    Raises:
        SourceError: a source cannot be read.
        EncoderError: the encoder cannot be loaded.
        StoreError: ``folder`` cannot be written.
    """
    options = options or BuildOptions()
    encoder = open_encoder(options.encoder)
    progress("读取", 0, len(sources))
    reading = read_sources(sources, strict=options.strict)
    progress("读取", len(sources), len(sources))
    with store.writing(folder):
        before = None if fresh else _before(folder)
        if fresh:
            Cache(folder / store.CACHE, "").clear()
        making = Making(folder, options, encoder, before, progress)
        return making.run(reading.documents, reading.files, reading.skipped)


def is_current(folder: Path, sources: Sequence[Path]) -> bool:
    """Whether the index in ``folder`` is of these sources, analysis and embedded encoder.

    Raises:
        IndexMissingError, IndexDamagedError, IndexMismatchError: as on opening.
    """
    generation, manifest = store.opened(folder)
    if manifest.versions != VERSIONS:
        return False
    if manifest.fingerprint != open_encoder(EMBEDDED).fingerprint:
        return False
    store.verify(generation, manifest)
    reading = read_sources(sources, strict=False)
    return manifest.sources == {document.id: digest(document) for document in reading.documents}


def _before(folder: Path) -> tuple[Path, store.Manifest] | None:
    """The index that is in ``folder``, if it is whole and of this format."""
    try:
        generation, manifest = store.opened(folder)
        store.verify(generation, manifest)
    except (IndexMissingError, IndexDamagedError, IndexMismatchError):
        return None
    return generation, manifest


@dataclass(frozen=True)
class Making:
    """One run of the writer, inside :func:`store.writing`; ``before`` is the index so far."""

    folder: Path
    options: BuildOptions
    encoder: Encoder
    before: tuple[Path, store.Manifest] | None
    progress: Progress

    def run(
        self,
        documents: Sequence[Document],
        files: Mapping[str, Path],
        skipped: tuple[Skipped, ...] = (),
    ) -> BuildReport:
        """Make the index hold just ``documents``, which come in order of their ids.

        ``files`` names the file of each document that was read in this run.
        """
        sources = {document.id: digest(document) for document in documents}
        old = self.before[1].sources if self.before else {}
        removed = tuple(name for name in old if name not in sources)
        cache = Cache(self.folder / store.CACHE, analysis_key(self.options, self.encoder))
        cache.sweep_others()
        kept = self._kept()
        if kept and self._is_same(sources, documents):
            cache.clear()
            accounts = (kept.account(sources[document.id]) for document in documents)
            rows = [a.coverage(d.id) for d, a in zip(documents, accounts, strict=True)]
            passages = self.before[1].passages if self.before else 0
            return BuildReport(
                self.folder, len(rows), passages, tuple(rows), skipped, changed=False
            )
        coverage: list[Coverage] = []
        analysed: list[str] = []
        with (
            store.next_generation(self.folder) as fresh,
            closing(Assembly(fresh, self.encoder.dimension)) as assembly,
        ):
            previous = self.before[0] if self.before else None
            originals.keep(fresh, previous, documents, files)
            done, total = 0, sum(len(document.text) for document in documents)
            for document in documents:
                self.progress("分析", done, total)
                found = self._analysis(sources[document.id], kept, cache)
                if found is None:
                    found = analyse(document, self.options.size, self.encoder)
                    cache.put(sources[document.id], found)
                    analysed.append(document.id)
                assembly.add(document, found)
                coverage.append(found.account.coverage(document.id))
                done += len(document.text)
            self.progress("分析", total, total)
            self.progress("写入", 0, 1)
            passages = assembly.passages
            # What was kept is written again: no need to hold it beside what comes.
            del kept, found
            assembly.finish(self.options.bm25)
            store.write_manifest(fresh, lambda files: self._manifest(sources, passages, files))
        cache.clear()
        self.progress("写入", 1, 1)
        return BuildReport(
            self.folder, len(coverage), passages, tuple(coverage), skipped, tuple(analysed), removed
        )

    def _kept(self) -> Kept | None:
        if self.before and same_analysis(self.before[1], self.options, self.encoder):
            return Kept(*self.before)
        return None

    def _is_same(self, sources: dict[str, str], documents: Sequence[Document]) -> bool:
        """Whether the index that is there is the one that would be made."""
        if self.before is None:
            return False
        generation, manifest = self.before
        made = self._manifest(sources, manifest.passages, manifest.files)
        return made == manifest and originals.are_whole(generation, documents)

    @staticmethod
    def _analysis(key: str, kept: Kept | None, cache: Cache) -> Analysis | None:
        return (kept.get(key) if kept else None) or cache.get(key)

    def _manifest(
        self, sources: dict[str, str], passages: int, files: dict[str, str]
    ) -> store.Manifest:
        return store.Manifest(
            format=store.FORMAT,
            versions=VERSIONS,
            encoder=self.encoder.name,
            fingerprint=self.encoder.fingerprint,
            dimension=self.encoder.dimension,
            options=self.options.recorded,
            sources=sources,
            passages=passages,
            files=files,
        )
