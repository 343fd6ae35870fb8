"""Pyserini: Lucene's BM25 with its analyzer for Chinese (pairs of characters)."""

import json
import os
import runpy
import subprocess
import sys
import tempfile
from pathlib import Path

import harness
import jnius_config

# Its import makes a client of a service that is not used here.
os.environ.setdefault("OPENAI_API_KEY", "unused")
# The Java that comes by pip has no incubating module; Lucene goes without it, a little slower.
_add = jnius_config.add_options
jnius_config.add_options = lambda *given: _add(*(one for one in given if "incubator" not in one))
INDEX = "pyserini.index.lucene"


def build(texts):
    work = Path(tempfile.mkdtemp())
    (work / "given").mkdir()
    rows = [json.dumps({"id": str(row), "contents": text}) for row, text in enumerate(texts)]
    (work / "given" / "passages.jsonl").write_text("\n".join(rows), encoding="utf-8")
    subprocess.run(
        [
            sys.executable, __file__, INDEX, "--collection", "JsonCollection",
            "--input", str(work / "given"), "--index", str(work / "index"),
            "--generator", "DefaultLuceneDocumentGenerator", "--threads", "2", "--language", "zh",
        ],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    from pyserini.search.lucene import LuceneSearcher

    searcher = LuceneSearcher(str(work / "index"))
    searcher.set_language("zh")
    return searcher


def search(state, question, count):
    return [int(hit.docid) for hit in state.search(question, k=count)]


if sys.argv[1] == INDEX:
    sys.argv = sys.argv[1:]
    runpy.run_module(INDEX, run_name="__main__")
else:
    harness.main(build, search, "Pyserini zh")
