"""Pyserini: Lucene's BM25 with its analyzer for Chinese (pairs of characters)."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import harness


def build(texts):
    work = Path(tempfile.mkdtemp())
    (work / "given").mkdir()
    rows = [json.dumps({"id": str(row), "contents": text}) for row, text in enumerate(texts)]
    (work / "given" / "passages.jsonl").write_text("\n".join(rows), encoding="utf-8")
    subprocess.run(
        [
            sys.executable, "-m", "pyserini.index.lucene", "--collection", "JsonCollection",
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


harness.main(build, search, "Pyserini zh")
