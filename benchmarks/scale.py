"""An index of any size, of the text of real plans: repeated with other figures and other places.

python -m benchmarks.scale PLANS.idx OUT --passages 1000000

The first copy of the plans is as it is, so that labelled questions can be asked. In all others each
digit is another one and the region of the document is another one, in its text as in its record;
what is as long as before stands where it stood, so outlines, chunks and the ledger of figures are
taken over. Terms, tokens and vectors are those of the changed text. The files are written by the
library's own writer, and the index is opened like any other.

With ``--tiled`` the files themselves are repeated: a million passages of a hundred thousand that were
made with care, in a minute. Each tile has documents of its own, and its vectors are moved a little;
text and terms come again as they were.
"""

import argparse
import random
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from importlib import import_module
from itertools import count
from pathlib import Path

import faiss
import numpy as np

from index import (
    BuildOptions,
    Document,
    Index,
    Region,
    catalogue,
    dense,
    find_regions,
    records,
    store,
    terms,
    vectors,
)
from index.analysis import Analysis, Ragged
from index.assemble import Assembly
from index.kept import Kept
from index.mapped import write_borders
from index.recipe import VERSIONS, digest
from index.regions import _table as all_regions
from index.vectors import Unit8

_DIGIT = re.compile(r"\d")


def main() -> None:
    """Make the index."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plans", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--tiled", action="store_true", help="repeat the files, see above")
    given = parser.parse_args()
    begun = time.perf_counter()
    # Most of the text comes again with every copy, and is cut into words once.
    # (The door of the package shows a function of the module's name.)
    module = import_module("index.terms")
    module._cut = cache(module._cut.__wrapped__)
    index = Index.open(given.plans)
    made = (tile if given.tiled else make)(index, given.out, given.passages)
    print(f"{made:,} passages, {time.perf_counter() - begun:.0f} s")


def make(index: Index, out: Path, passages: int) -> int:
    """Write an index of about ``passages`` passages; a last copy may be cut short."""
    generation = store.current(index.folder)
    kept = Kept(generation, index.manifest)
    options = BuildOptions.of(index.manifest)
    sources: dict[str, str] = {}
    with (
        store.writing(out),
        store.next_generation(out) as fresh,
        closing(Assembly(fresh, index.encoder.dimension)) as assembly,
    ):
        for document, analysis in _copies(index, kept):
            if assembly.passages >= passages:
                break
            assembly.add(document, analysis)
            sources[document.id] = digest(document)
        made = assembly.passages
        assembly.finish(options.bm25)
        store.write_manifest(
            fresh,
            lambda files: replace(
                index.manifest, versions=VERSIONS, sources=sources, passages=made, files=files
            ),
        )
    return made


def tile(index: Index, out: Path, passages: int) -> int:
    """Write an index of at least ``passages`` passages out of the files of ``index``."""
    times = -(-passages // index.manifest.passages)
    old = store.current(index.folder)
    with store.writing(out), store.next_generation(out) as fresh:
        for path in sorted(old.rglob("*")):
            if path.is_dir():
                (fresh / path.relative_to(old)).mkdir()
        for path in sorted(old.rglob("*.jsonl")):
            _tile_lines(path, fresh / path.name, times)
        size = index.manifest.passages
        arrays = {path.relative_to(old).as_posix(): path for path in sorted(old.rglob("*.npy"))}
        for name, path in arrays.items():
            if "lines" not in name and not name.startswith("sparse/"):
                np.save(fresh / name, _tiled(name, np.load(path, mmap_mode="r"), times))
        _tile_postings(old / "sparse", fresh / "sparse", size, times)
        shutil.copy(old / "names" / "texts.txt", fresh / "names" / "texts.txt")
        moved = _moved(np.load(old / dense.VECTORS), times)
        np.save(fresh / dense.VECTORS, moved.bytes)
        np.save(fresh / dense.LENGTHS, moved.lengths)
        faiss.write_index(dense._codes(moved), str(fresh / dense.CODES))
        sources = {
            _renamed(name, k): f"{mark}-{k}"
            for k in range(times)
            for name, mark in index.manifest.sources.items()
        }
        store.write_manifest(
            fresh,
            lambda files: replace(
                index.manifest, sources=sources, passages=size * times, files=files
            ),
        )
    return size * times


def _renamed(name: str, copy: int) -> str:
    return f"{copy:02d}{name[2:]}"


def _tile_lines(path: Path, out: Path, times: int) -> None:
    whole = path.read_bytes()
    named = path.name in {records.DOCUMENTS, catalogue.FILE}
    with out.open("wb") as file:
        for k in range(times):
            file.write(re.sub(rb'(?m)^\{"id":"00', b'{"id":"%02d' % k, whole) if named else whole)
    write_borders(out)


def _tiled(name: str, array: np.ndarray, times: int) -> np.ndarray:
    if name in {"starts.npy", "tokens/starts.npy"}:
        # Borders, along the last axis.
        own, last = array[..., 1:], array[..., -1:]
        parts = [array[..., :1], *(own + k * last for k in range(times))]
        return np.concatenate(parts, axis=-1)
    if name == "tokens/frequency.npy":
        return array * times
    if name.startswith("names/") and name != "names/of.npy":
        return array
    return np.concatenate([array] * times)


def _tile_postings(old: Path, out: Path, size: int, times: int) -> None:
    """Each term's rows once for each tile; scores stay, for all frequencies grow alike."""
    starts = np.load(old / "starts.npy")
    counts = np.diff(starts)
    rows, scores = np.load(old / "rows.npy"), np.load(old / "scores.npy")
    # Where the first tile's entries of each term begin, less where they began.
    first = np.repeat(starts[:-1] * (times - 1), counts) + np.arange(len(rows))
    step = np.repeat(counts, counts)
    every_row = np.empty(len(rows) * times, dtype=rows.dtype)
    every_score = np.empty(len(rows) * times, dtype=scores.dtype)
    for k in range(times):
        every_row[first + k * step] = rows + k * size
        every_score[first + k * step] = scores
    for path in old.iterdir():
        shutil.copy(path, out / path.name)
    np.save(out / "rows.npy", every_row)
    np.save(out / "scores.npy", every_score)
    np.save(out / "starts.npy", starts * times)
    np.save(out / "size.npy", np.array([size * times]))


def _moved(rounded: np.ndarray, times: int) -> Unit8:
    """The vectors and moved ones: by one or two in 127 a component, a cosine of about .99."""
    dice = np.random.default_rng(1)
    parts = [rounded]
    for _ in range(times - 1):
        noise = dice.integers(-4, 5, rounded.shape, dtype=np.int8)
        parts.append(np.clip(rounded.astype(np.int16) + noise, -127, 127).astype(np.int8))
    every = np.concatenate(parts)
    return Unit8(every, np.concatenate([vectors.lengths8(part) for part in parts]))


def _copies(index: Index, kept: Kept) -> Iterator[tuple[Document, Analysis]]:
    for copy in count():
        for name, document in index.documents.items():
            analysis = kept.get(index.manifest.sources[name])
            if analysis is None or not len(analysis.vectors):
                continue
            named = replace(document, id=f"{copy:05d}/{name}")
            if copy:
                texts = [index.search_text(int(r)) for r in index.document_rows[name]]
                yield _changed(named, analysis, texts, index)
            else:
                yield named, analysis


def _changed(
    document: Document, analysis: Analysis, texts: list[str], index: Index
) -> tuple[Document, Analysis]:
    dice = random.Random(document.id)
    old = _short(document.region)
    region = dice.choice(_regions(len(old))) if old else None

    def change(text: str) -> str:
        if region is not None:
            text = text.replace(old, region.short)
        return _DIGIT.sub(lambda _: dice.choice("0123456789"), text)

    fresh = [change(text) for text in texts]
    numbers: dict[str, int] = {}
    starts = np.concatenate([[0], np.cumsum(analysis.terms.counts)]).tolist()
    said = []
    for place, (text, before) in enumerate(zip(fresh, texts, strict=True)):
        if old and old in before:
            own = terms(text)
        else:
            # Numbers are terms of their own: the others are those that there were.
            held = analysis.terms.ids[starts[place] : starts[place + 1]].tolist()
            own = [w for w in (analysis.vocabulary[i] for i in held) if not w[0].isdigit()]
            own += _NUMBER.findall(text)
        said.append(np.array([numbers.setdefault(w, len(numbers)) for w in own], dtype=np.int32))
    ids = index.encoder.token_ids(fresh)
    changed = replace(
        document, text=change(document.text), region=region.name if region else document.region
    )
    return changed, replace(
        analysis,
        vectors=index.encoder.encode(fresh),
        tokens=None if ids is None else Ragged.of([np.unique(one) for one in ids]),
        vocabulary=tuple(numbers),
        terms=Ragged.of(said),
    )


@cache
def _regions(size: int) -> list[Region]:
    """Prefectures and counties whose short names have ``size`` characters."""
    return [r for r in all_regions().values() if len(r.short) == size and len(r.code) > 2]


# As in index.terms.
_NUMBER = re.compile(r"\d+(?:\.\d+)?[%‰]?")


def _short(region: str) -> str:
    """The short name of the smallest region that ``region`` names, if it is not the nation."""
    named = find_regions(region)
    found = named[-1][2][0] if named else None
    return found.short if found is not None and found.code != "0" else ""


if __name__ == "__main__":
    main()
