"""retriv's BM25 over words of jieba (its own tokens are for languages with blanks)."""

import os
import tempfile

os.environ["RETRIV_BASE_PATH"] = tempfile.mkdtemp()

import harness
import jieba
from retriv import SparseRetriever

jieba.setLogLevel(60)


def build(texts):
    retriever = SparseRetriever(
        index_name="peers", model="bm25", tokenizer=jieba.lcut, stemmer=None, stopwords=None,
        do_lowercasing=False, do_ampersand_normalization=False,
        do_special_chars_normalization=False, do_acronyms_normalization=False,
        do_punctuation_removal=False,
    )  # fmt: skip
    rows = [{"id": str(row), "text": text} for row, text in enumerate(texts)]
    return retriever.index(rows, show_progress=False)


def search(state, question, count):
    return [int(one["id"]) for one in state.search(question, cutoff=count)]


harness.main(build, search, "retriv BM25 + jieba")
