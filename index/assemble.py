"""Analyses → the files of a generation, one document after another, never all in memory."""

from pathlib import Path

import numpy as np

from index import catalogue, late, records
from index.analysis import Analysis, Counts, Ids
from index.dense import DenseFile
from index.documents import Document
from index.errors import SourceError
from index.kept import TERM_COUNTS, TERMS
from index.mapped import GrowingArray, write_borders
from index.names import NamesFile
from index.sparse import Bm25Parameters, Bm25sIndex


class Assembly:
    """Takes the documents in order of their ids; the same documents give the same bytes."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self._folder = folder
        self._rows = {
            name: (folder / name).open("wb")
            for name in (
                catalogue.FILE,
                records.DOCUMENTS,
                records.LAYOUTS,
                records.ACCOUNTS,
                records.OUTLINES,
                records.CHUNKS,
                records.INDICATORS,
            )
        }
        self._names = NamesFile(folder, dimension)
        self._terms = GrowingArray(folder / TERMS, np.dtype(np.int32), ())
        self._dense = DenseFile(folder, dimension)
        self._vocabulary: dict[str, int] = {}
        self._counts: list[tuple[int, int]] = []
        self._lengths: list[Counts] = []
        self._term_counts: list[Counts] = []
        self._tokens: list[Ids] = []
        self._token_counts: list[Counts] = []

    @property
    def passages(self) -> int:
        """How many passages there are so far."""
        return self._dense.size

    def add(self, document: Document, analysis: Analysis) -> None:
        """Append one document."""
        for name, row in (
            (catalogue.FILE, catalogue.line(document)),
            (records.DOCUMENTS, records.document_line(document)),
            (records.LAYOUTS, records.layout_line(document)),
            (records.ACCOUNTS, records.lines([analysis.account])),
            (records.OUTLINES, analysis.outline),
            (records.CHUNKS, analysis.chunks),
            (records.INDICATORS, analysis.figures),
        ):
            self._rows[name].write(row)
        self._names.add(records.figure_names(analysis.figures), analysis.names)
        self._counts.append((analysis.account.passages, analysis.account.figures))
        self._lengths.append(records.chunk_lengths(analysis.chunks))
        self._dense.add(analysis.vectors)
        numbers = self._vocabulary
        ids = [numbers.setdefault(word, len(numbers)) for word in analysis.vocabulary]
        self._terms.add(np.array(ids, dtype=np.int32)[analysis.terms.ids])
        self._term_counts.append(analysis.terms.counts)
        if analysis.tokens is not None:
            self._tokens.append(analysis.tokens.ids)
            self._token_counts.append(analysis.tokens.counts)

    def finish(self, parameters: Bm25Parameters) -> None:
        """Write what needs all documents: the three legs.

        Raises:
            SourceError: the documents have no passage at all.
        """
        if not self.passages:
            raise SourceError(
                "所有文件都没有可以检索的段落（只有目录、页码或网页控件）。请检查来源。"
            )
        for name, file in self._rows.items():
            file.close()
            write_borders(self._folder / name)
        catalogue.save(self._folder, self._counts, np.concatenate(self._lengths))
        self._names.finish()
        self._terms.finish()
        self._dense.finish()
        if self._tokens:
            starts = np.concatenate([[0], np.cumsum(np.concatenate(self._token_counts))])
            late.LateIndex(np.concatenate(self._tokens), starts).save(self._folder)
            self._tokens.clear()
        counts = np.concatenate(self._term_counts)
        np.save(self._folder / TERM_COUNTS, counts)
        terms = np.load(self._folder / TERMS, mmap_mode="r")
        Bm25sIndex.of_ids(terms, counts, self._vocabulary, parameters).save(self._folder)

    def close(self) -> None:
        """Let go of the files, whether finished or not."""
        for file in self._rows.values():
            file.close()
        self._names.close()
        self._terms.close()
        self._dense.close()
