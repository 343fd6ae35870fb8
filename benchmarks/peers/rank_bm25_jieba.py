"""rank-bm25 over words of jieba."""

import harness
import jieba
import numpy as np
from rank_bm25 import BM25Okapi

jieba.setLogLevel(60)


def build(texts):
    return BM25Okapi([jieba.lcut(text) for text in texts])


def search(state, question, count):
    scores = state.get_scores(jieba.lcut(question))
    return np.argsort(-scores, kind="stable")[:count].tolist()


harness.main(build, search, "rank-bm25 + jieba")
