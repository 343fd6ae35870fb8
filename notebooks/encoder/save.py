"""The folder that is written: StaticEmbedding and Normalize, as sentence-transformers saves them."""

from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from encoder.bags import Floats

# Only directions and proportions count; this keeps float16 far from its smallest numbers.
_LARGEST = 8.0


def save_model(folder: Path, tokenizer: Tokenizer, vectors: Floats) -> None:
    """Write the folder that sentence-transformers and model2vec read.

    ``vectors`` of shape ``(size, dimension)`` are stored as float16; padding and unknown are zero.
    """
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Normalize
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    scaled = vectors / np.abs(vectors).max() * _LARGEST
    scaled[:2] = 0.0
    weights = torch.from_numpy(scaled.astype(np.float16))
    embedding = StaticEmbedding(tokenizer, embedding_weights=weights)
    model = SentenceTransformer(modules=[embedding, Normalize()])
    model.save(str(folder), create_model_card=False)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
