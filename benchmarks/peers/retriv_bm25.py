"""retriv's BM25 over words of jieba (its own tokens are for languages with blanks).

The words are cut before retriv sees the text: jieba hangs in its worker processes.
"""

import os
import tempfile

os.environ["RETRIV_BASE_PATH"] = tempfile.mkdtemp()

import harness
import jieba
from retriv import SparseRetriever

jieba.setLogLevel(60)


def cut(text):
    return " ".join(jieba.lcut(text))


def build(texts):
    retriever = SparseRetriever(
        index_name="peers", model="bm25", tokenizer=str.split, stemmer=None, stopwords=None,
        do_lowercasing=False, do_ampersand_normalization=False,
        do_special_chars_normalization=False, do_acronyms_normalization=False,
        do_punctuation_removal=False,
    )  # fmt: skip
    rows = [{"id": str(row), "text": cut(text)} for row, text in enumerate(texts)]
    return retriever.index(rows, show_progress=False)


def search(state, question, count):
    return [int(one["id"]) for one in state.search(cut(question), cutoff=count)]


harness.main(build, search, "retriv BM25 + jieba")
# Its threads do not end.
os._exit(0)
