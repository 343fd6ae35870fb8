"""A bge model by sentence-transformers, from weights on the disk (BGE_MODEL names their folder)."""

import os

import harness
import numpy as np
from sentence_transformers import SentenceTransformer

MODEL = SentenceTransformer(os.environ["BGE_MODEL"], device="cpu")
ASKED = "为这个句子生成表示以用于检索相关文章："


def build(texts):
    return MODEL.encode(texts, normalize_embeddings=True, batch_size=32)


def search(state, question, count):
    vector = MODEL.encode(ASKED + question, normalize_embeddings=True)
    return np.argsort(-(state @ vector), kind="stable")[:count].tolist()


harness.main(build, search, "bge (sentence-transformers)")
