"""An index of any size, of the text of real plans: repeated with other figures and other places.

python -m benchmarks.scale PLANS.idx OUT --passages 1000000

The first copy of the plans is as it is, so that labelled questions can be asked. In all others each
digit is another one and the region of the document is another one, in its text as in its record;
what is as long as before stands where it stood, so outlines, chunks and the ledger of figures are
taken over. Terms, tokens and vectors are those of the changed text. The files are written by the
library's own writer, and the index is opened like any other.

With ``--light`` a copy costs a tenth: its digits are exchanged one for another, in text and terms,
and instead of being encoded anew its vectors are moved a little. So a million passages are made of
a hundred thousand that were made with care.
"""

import argparse
import random
import re
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from importlib import import_module
from itertools import count
from pathlib import Path

import numpy as np

from index import BuildOptions, Document, Index, Region, find_regions, store, terms
from index.analysis import Analysis, Ragged
from index.assemble import Assembly
from index.kept import Kept
from index.recipe import VERSIONS, digest
from index.regions import _table as all_regions
from index.vectors import unit

_DIGIT = re.compile(r"\d")


def main() -> None:
    """Make the index."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plans", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--light", action="store_true", help="other digits only, see above")
    given = parser.parse_args()
    begun = time.perf_counter()
    # Most of the text comes again with every copy, and is cut into words once.
    # (The door of the package shows a function of the module's name.)
    module = import_module("index.terms")
    module._cut = cache(module._cut.__wrapped__)
    index = Index.open(given.plans)
    made = make(index, given.out, given.passages, light=given.light)
    print(f"{made:,} passages, {time.perf_counter() - begun:.0f} s")


def make(index: Index, out: Path, passages: int, *, light: bool = False) -> int:
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
        for document, analysis in _copies(index, kept, light=light):
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


def _copies(
    index: Index, kept: Kept, *, light: bool
) -> Iterator[tuple[Document, Analysis]]:
    for copy in count():
        for name, document in index.documents.items():
            analysis = kept.get(index.manifest.sources[name])
            if analysis is None or not len(analysis.vectors):
                continue
            named = replace(document, id=f"{copy:05d}/{name}")
            if not copy:
                yield named, analysis
            elif light:
                yield _moved(named, analysis, copy)
            else:
                texts = [index.search_text(int(r)) for r in index.document_rows[name]]
                yield _changed(named, analysis, texts, index)


def _moved(document: Document, analysis: Analysis, copy: int) -> tuple[Document, Analysis]:
    dice = np.random.default_rng((copy, len(document.text)))
    table = str.maketrans("0123456789", "".join(dice.permutation(list("0123456789"))))
    # One digit for another: numbers that differed still do.
    words = tuple(w.translate(table) if w[0].isdigit() else w for w in analysis.vocabulary)
    noise = dice.standard_normal(analysis.vectors.shape, dtype=np.float32)
    # About a tenth of a component: the cosine with the vector before is .995.
    vectors = unit(analysis.vectors + np.float32(0.1 / analysis.vectors.shape[1] ** 0.5) * noise)
    changed = replace(document, text=document.text.translate(table))
    return changed, replace(analysis, vectors=vectors, vocabulary=words)


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
        said.append(
            np.array([numbers.setdefault(w, len(numbers)) for w in own], dtype=np.int32)
        )
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
