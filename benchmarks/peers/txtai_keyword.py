"""txtai's keyword index: its own tokens, or n-grams of two characters."""

import sys

import harness
from txtai import Embeddings

NGRAMS = sys.argv[2] == "ngrams"
TOKENS = {"terms": True, "tokenizer": {"ngrams": 2}} if NGRAMS else {"terms": True}


def build(texts):
    embeddings = Embeddings(keyword=True, scoring={"method": "bm25", **TOKENS}, content=False)
    embeddings.index(list(enumerate(texts)))
    return embeddings


def search(state, question, count):
    return [int(row) for row, _ in state.search(question, count)]


harness.main(build, search, "txtai, ngrams=2" if NGRAMS else "txtai keyword")
