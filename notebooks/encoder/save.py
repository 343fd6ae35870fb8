"""The folder that is written: what sentence-transformers, model2vec and the index read."""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Tokenizer

from encoder.bags import Floats

_MODULES = "sentence_transformers"
_TYPES = {
    "": f"{_MODULES}.sentence_transformer.modules.static_embedding.StaticEmbedding",
    "1_Normalize": f"{_MODULES}.base.modules.normalize.Normalize",
}
_LARGEST = 127
_NORMAL, _UNKNOWN, _CONTROL, _UNIGRAM = 1, 2, 3, 1


def save_model(folder: Path, tokenizer: Tokenizer, vectors: Floats) -> None:
    """Write the model: int8 vectors, a scale for each token, the pieces in two forms.

    ``vectors`` of shape ``(size, dimension)``; those of padding and unknown become zero. Stored so,
    sentence-transformers and model2vec compute in single precision, as the index does.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rounded, scales = quantise(vectors)
    save_file({"embeddings": rounded, "weights": scales}, folder / "model.safetensors")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    (folder / "sentencepiece.model").write_bytes(as_sentencepiece(tokenizer))
    modules = [
        {"idx": number, "name": str(number), "path": path, "type": kind}
        for number, (path, kind) in enumerate(_TYPES.items())
    ]
    _write(folder / "modules.json", modules)
    (folder / "1_Normalize").mkdir(exist_ok=True)
    _write(folder / "1_Normalize" / "config.json", {})
    settings = {"model_type": "SentenceTransformer", "similarity_fn_name": "cosine"}
    _write(folder / "config_sentence_transformers.json", settings)
    _write(folder / "config.json", {"model_type": "model2vec", "normalize": True})


def quantise(vectors: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Round each vector to int8 under its own scale, of shape ``(size,)``; ids 0 and 1 are zero."""
    largest = np.abs(vectors).max(axis=1)
    scales = (np.maximum(largest, np.finfo(np.float32).tiny) / _LARGEST).astype(np.float32)
    rounded = np.round(vectors / scales[:, None]).astype(np.int8)
    rounded[:2] = 0
    return rounded, scales


def as_sentencepiece(tokenizer: Tokenizer) -> bytes:
    """Write a Unigram tokenizer's pieces as a sentencepiece model of the same ids."""
    vocabulary = json.loads(tokenizer.to_str())["model"]["vocab"]
    model = sentencepiece_model_pb2.ModelProto()
    for number, (piece, score) in enumerate(vocabulary):
        kind = {0: _CONTROL, 1: _UNKNOWN}.get(number, _NORMAL)
        model.pieces.add(piece=piece, score=score, type=kind)
    trainer, normalizer = model.trainer_spec, model.normalizer_spec
    trainer.model_type = _UNIGRAM
    trainer.pad_id, trainer.unk_id, trainer.bos_id, trainer.eos_id = 0, 1, -1, -1
    trainer.pad_piece, trainer.unk_piece = vocabulary[0][0], vocabulary[1][0]
    normalizer.name = "identity"
    normalizer.add_dummy_prefix = False
    normalizer.remove_extra_whitespaces = False
    normalizer.escape_whitespaces = False
    written: bytes = model.SerializeToString(deterministic=True)
    return written


def _write(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
