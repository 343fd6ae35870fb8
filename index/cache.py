"""Analyses of a build under way, a file each, so that one that was killed goes on where it was.

A file is named by the checksum of its document and lies in a folder named by the checksum of all
else that the analysis depends on. It is a zip, whose own checksums tell a torn one.
"""

import os
import shutil
import zipfile
import zlib
from pathlib import Path

import numpy as np

from index import records
from index.analysis import Analysis, Ragged

_TORN = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)


class Cache:
    """The analyses in ``folder / key``; those of other keys are of no use any more."""

    def __init__(self, folder: Path, key: str) -> None:
        self._all = folder
        self._folder = folder / key

    def get(self, digest: str) -> Analysis | None:
        """Return the analysis of the document of that digest; None if there is no whole one."""
        try:
            with (self._folder / f"{digest}.npz").open("rb") as file, np.load(file) as arrays:
                words = arrays["vocabulary"].tobytes()
                tokens = Ragged(arrays["tokens"], arrays["token_counts"])
                return Analysis(
                    account=records.decode(arrays["account"].tobytes(), records.Account),
                    outline=arrays["outline"].tobytes(),
                    chunks=arrays["chunks"].tobytes(),
                    figures=arrays["figures"].tobytes(),
                    names=arrays["names"],
                    vectors=arrays["vectors"],
                    tokens=tokens if arrays["has_tokens"] else None,
                    vocabulary=records.decode(words, tuple[str, ...]),
                    terms=Ragged(arrays["terms"], arrays["term_counts"]),
                )
        except _TORN:
            return None

    def put(self, digest: str, analysis: Analysis) -> None:
        """Keep ``analysis``: written beside and moved in."""
        self._folder.mkdir(parents=True, exist_ok=True)
        tokens = analysis.tokens or Ragged.of([])
        fresh = self._folder / f".{os.getpid()}"
        with fresh.open("wb") as file:
            np.savez(
                file,
                account=_bytes(records.encode(analysis.account)),
                outline=_bytes(analysis.outline),
                chunks=_bytes(analysis.chunks),
                figures=_bytes(analysis.figures),
                names=analysis.names,
                vectors=analysis.vectors,
                has_tokens=analysis.tokens is not None,
                tokens=tokens.ids,
                token_counts=tokens.counts,
                vocabulary=_bytes(records.encode(analysis.vocabulary)),
                terms=analysis.terms.ids,
                term_counts=analysis.terms.counts,
            )
        fresh.replace(self._folder / f"{digest}.npz")

    def sweep_others(self) -> None:
        """Remove what was kept with other options, versions or encoders."""
        for other in self._all.glob("*"):
            if other != self._folder:
                shutil.rmtree(other, ignore_errors=True)

    def clear(self) -> None:
        """Remove everything: the build is done."""
        shutil.rmtree(self._all, ignore_errors=True)


def _bytes(row: bytes) -> "np.typing.NDArray[np.uint8]":
    return np.frombuffer(row, dtype=np.uint8)
