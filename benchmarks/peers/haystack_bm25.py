"""Haystack's BM25 in memory: its own tokens (single characters), or words of jieba."""

import sys

import harness
import jieba
from haystack import Document
from haystack.document_stores.in_memory import InMemoryDocumentStore

jieba.setLogLevel(60)
CUT = sys.argv[2] == "jieba"


def _said(text):
    return " ".join(jieba.lcut(text)) if CUT else text


def build(texts):
    # Without this its own pattern would cut the words into characters again.
    store = InMemoryDocumentStore(**({"bm25_tokenization_regex": r"\S+"} if CUT else {}))
    store.write_documents(
        [Document(id=str(row), content=_said(text)) for row, text in enumerate(texts)]
    )
    return store


def search(state, question, count):
    return [int(one.id) for one in state.bm25_retrieval(_said(question), top_k=count)]


harness.main(build, search, "Haystack BM25 + jieba" if CUT else "Haystack BM25, default")
