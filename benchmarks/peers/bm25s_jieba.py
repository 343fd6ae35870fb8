"""bm25s over words of jieba."""

import bm25s
import harness
import jieba

jieba.setLogLevel(60)


def build(texts):
    retriever = bm25s.BM25()
    retriever.index([jieba.lcut(text) for text in texts], show_progress=False)
    return retriever


def search(state, question, count):
    found, _ = state.retrieve([jieba.lcut(question)], k=count, show_progress=False)
    return found[0].tolist()


harness.main(build, search, "bm25s + jieba")
