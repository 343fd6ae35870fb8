"""Step 2, the first vectors: word2vec over token ids, weighed by rarity."""

import math

import numpy as np
from gensim.models import Word2Vec

from encoder.bags import Bags, Floats, Numbers
from encoder.options import Options


def initial_vectors(bags: Bags, size: int, options: Options) -> Floats:
    """Return the vectors that contrastive training starts from, shape ``(size, dimension)``."""
    counts = np.bincount(bags.tokens, minlength=size)
    return weigh(word2vec(bags, size, options), counts, options.sif)


def word2vec(bags: Bags, size: int, options: Options) -> Floats:
    """Train CBOW over token ids: unit vectors, shape ``(size, dimension)``.

    Tokens seen less than three times get small random vectors. One worker: with more, gensim's
    result differs from run to run.
    """
    words = np.array([str(number) for number in range(size)], dtype=object)
    spans = zip(bags.offsets[:-1], bags.offsets[1:], strict=True)
    model = Word2Vec(
        [list(words[bags.tokens[start:end]]) for start, end in spans],
        vector_size=options.dimension,
        window=options.word2vec_window,
        min_count=3,
        sg=0,
        negative=8,
        epochs=options.word2vec_epochs,
        workers=1,
        seed=options.seed,
        sample=1e-4,
    )
    generator = np.random.default_rng(options.seed)
    spread = 0.3 / math.sqrt(options.dimension)
    vectors = generator.normal(0, spread, (size, options.dimension)).astype(np.float32)
    known = np.array([int(word) for word in model.wv.index_to_key])
    vectors[known] = model.wv.vectors / np.linalg.norm(model.wv.vectors, axis=1, keepdims=True)
    return vectors


def weigh(vectors: Floats, counts: Numbers, sif: float) -> Floats:
    """Remove the mean and the two first components, weigh by smooth inverse frequency.

    ``vectors`` has shape ``(size, dimension)``, ``counts`` the occurrences of each token, shape
    ``(size,)``; a token of frequency ``sif`` gets half the weight of one never seen.
    """
    seen = counts > 0
    centred = vectors - vectors[seen].mean(0)
    every = max(1, int(seen.sum()) // 20_000)  # a sample of rows is enough for two components
    _, _, components = np.linalg.svd(centred[seen][::every], full_matrices=False)
    for component in components[:2]:
        centred -= np.outer(centred @ component, component)
    share = counts / max(1, counts.sum())
    weighed: Floats = (centred * (sif / (sif + share))[:, None]).astype(np.float32)
    weighed[:2] = 0.0
    return weighed
