import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import index
from index import EMBEDDED, EncoderError, Index
from index.encode import (
    Encoder,
    Floats,
    SentenceTransformerEncoder,
    StaticEncoder,
    open_encoder,
)

MODEL = Path(index.__file__).parent / "model"
TEXTS = [
    "常住人口城镇化率达到78.5%以上",
    "济南市新型城镇化规划",
    "urbanization rate of Jinan",
    "孩子上学",
    "",
    "\u3402\U0001f600",
]


@pytest.fixture(scope="module")
def static() -> Encoder:
    return open_encoder()


@pytest.fixture(scope="module")
def transformer() -> Encoder:
    return SentenceTransformerEncoder(str(MODEL))


def test_the_embedded_encoder_is_static_and_called_by_its_name(static: Encoder) -> None:
    assert isinstance(static, StaticEncoder)
    assert static.name == EMBEDDED
    assert len(static.fingerprint) == 16
    assert int(static.fingerprint, 16) >= 0


def test_a_folder_of_the_same_files_has_the_same_fingerprint_and_vectors(
    static: Encoder, tmp_path: Path
) -> None:
    copy = shutil.copytree(MODEL, tmp_path / "model")
    other = open_encoder(str(copy))
    assert isinstance(other, StaticEncoder)
    assert other.name == str(copy)
    assert other.fingerprint == static.fingerprint
    assert np.array_equal(other.encode(TEXTS), static.encode(TEXTS))


def test_vectors_are_unit_and_float32_and_zero_for_what_is_unknown(static: Encoder) -> None:
    vectors = static.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), static.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors[:4], axis=1) == pytest.approx([1.0] * 4, abs=1e-6)
    assert np.array_equal(vectors[4:], np.zeros((2, static.dimension), dtype=np.float32))
    assert not np.isnan(vectors).any()


def test_no_text_gives_no_vectors(static: Encoder) -> None:
    assert static.encode([]).shape == (0, static.dimension)


def test_a_vector_is_the_mean_of_its_tokens_vectors(static: StaticEncoder) -> None:
    (ids,) = static.token_ids(["城镇化率"])
    tensors = load_file(MODEL / "model.safetensors")
    vectors = tensors["embeddings"][ids] * tensors["weights"][ids].astype(np.float64)[:, None]
    mean = vectors.mean(axis=0)
    assert static.encode(["城镇化率"])[0] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)


def test_a_text_has_the_same_vector_alone_and_among_others(static: Encoder) -> None:
    # Few texts are summed one by one, many in a sparse product: to the same bits.
    together = static.encode(TEXTS * 40)
    for row, text in enumerate(TEXTS * 2):
        assert np.array_equal(static.encode([text])[0], together[row])


def test_token_ids_leave_out_the_unknown(static: Encoder) -> None:
    known, empty, unknown = static.token_ids(["城镇化", "", "\U0001f600"])  # type: ignore[misc]
    assert known.dtype == np.int32
    assert len(known) > 0
    assert len(empty) == len(unknown) == 0


def test_tokens_are_compared_by_the_cosines_of_their_vectors(static: Encoder) -> None:
    words = ["城镇化", "人口", "基站"]
    ids = np.concatenate(static.token_ids(words))  # type: ignore[arg-type]
    others = np.concatenate([ids, np.arange(1000, dtype=np.int32)])
    found = static.token_cosines(ids, others)
    assert found.shape == (len(others), len(ids))
    assert np.diag(found) == pytest.approx(np.ones(len(ids)), abs=1e-5)
    assert found[: len(ids)] == pytest.approx(found[: len(ids)].T, abs=1e-5)
    assert np.abs(found).max() <= 1 + 1e-5
    # Found once or again, alone or among others.
    assert static.token_cosines(ids[1:2], others[500:501]).tolist() == [[found[500, 1]]]


def test_a_token_without_a_vector_is_like_none(static: Encoder) -> None:
    unknown = static._model.pieces.unknown  # type: ignore[attr-defined]
    ids = np.array([unknown, 500], dtype=np.int32)
    found = static.token_cosines(ids, ids)
    assert found[0].tolist() == [0.0, 0.0]
    assert found[1] == pytest.approx([0.0, 1.0], abs=1e-5)


def test_a_text_of_a_hundred_thousand_characters(static: Encoder) -> None:
    short, long = static.encode(["城镇化率。", "城镇化率。" * 20_000])
    assert short @ long == pytest.approx(1.0, abs=1e-5)


def test_a_folder_without_a_sentencepiece_file_gives_the_same_vectors(
    static: Encoder, tmp_path: Path
) -> None:
    copy = shutil.copytree(MODEL, tmp_path / "model")
    (copy / "sentencepiece.model").unlink()
    other = open_encoder(str(copy))
    assert np.array_equal(other.encode(TEXTS), static.encode(TEXTS))
    assert other.fingerprint != static.fingerprint


def test_weights_in_half_precision_without_scales_are_read(static: Encoder, tmp_path: Path) -> None:
    copy = shutil.copytree(MODEL, tmp_path / "model")
    tensors = load_file(copy / "model.safetensors")
    vectors = tensors["embeddings"] * tensors["weights"][:, None]
    save_file({"embedding.weight": vectors.astype(np.float16)}, copy / "model.safetensors")
    assert open_encoder(str(copy)).encode(TEXTS) == pytest.approx(static.encode(TEXTS), abs=1e-3)


def test_a_mapping_shares_vectors_between_tokens(static: Encoder, tmp_path: Path) -> None:
    copy = shutil.copytree(MODEL, tmp_path / "model")
    tensors = load_file(copy / "model.safetensors")
    last = len(tensors["embeddings"]) - 1
    mapped = {
        "embeddings": tensors["embeddings"][::-1].copy(),
        "weights": tensors["weights"],
        "mapping": last - np.arange(last + 1),
    }
    save_file(mapped, copy / "model.safetensors")
    assert np.array_equal(open_encoder(str(copy)).encode(TEXTS), static.encode(TEXTS))


def test_meaning_is_near_to_meaning(static: Encoder) -> None:
    asked, near, far = static.encode(["城镇化率目标", "常住人口城镇化率达到78.5%", "建设5G基站"])
    assert asked @ near > asked @ far


@pytest.mark.parametrize("part", ["model.safetensors", "tokenizer.json"])
def test_a_folder_that_lacks_a_file_is_refused_by_name(part: str, tmp_path: Path) -> None:
    copy = shutil.copytree(MODEL, tmp_path / "model")
    (copy / part).unlink()
    with pytest.raises(EncoderError, match=rf"不完整：缺少 {part}"):
        open_encoder(str(copy))


def test_a_folder_that_lacks_both_names_both(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text((MODEL / "modules.json").read_text())
    with pytest.raises(EncoderError, match=r"model\.safetensors、tokenizer\.json"):
        open_encoder(str(tmp_path))


def test_a_damaged_weights_file_is_an_encoder_error(tmp_path: Path) -> None:
    copy = shutil.copytree(MODEL, tmp_path / "model")
    (copy / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(EncoderError, match="无法读取"):
        open_encoder(str(copy)).encode(["济南"])


@pytest.mark.parametrize("content", ["{", "[]", "{}", '[{"name": 1}]', "null"])
def test_a_wrong_modules_file_is_an_encoder_error(content: str, tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text(content)
    with pytest.raises(EncoderError, match=r"modules\.json"):
        open_encoder(str(tmp_path))


def test_any_other_name_is_for_sentence_transformers_and_loads_nothing_yet(tmp_path: Path) -> None:
    assert isinstance(open_encoder("some/hub-name"), SentenceTransformerEncoder)
    (tmp_path / "modules.json").write_text(
        json.dumps([{"type": "sentence_transformers.models.Transformer"}])
    )
    assert isinstance(open_encoder(str(tmp_path)), SentenceTransformerEncoder)


def test_a_model_that_is_not_there_is_an_encoder_error_offline(tmp_path: Path) -> None:
    missing = open_encoder(str(tmp_path / "missing"))
    with pytest.raises(EncoderError, match="无法载入模型"):
        missing.encode(["济南"])


def test_sentence_transformers_reads_the_same_vectors_from_the_same_folder(
    static: Encoder, transformer: Encoder, seeds_index: Index
) -> None:
    texts = TEXTS + [seeds_index.search_text(row) for row in range(0, 200, 10)]
    theirs: Floats = transformer.encode(texts)
    ours = static.encode(texts)
    assert transformer.dimension == static.dimension
    assert np.abs(theirs - ours).max() < 1e-5


def test_a_sentence_transformer_has_no_token_vectors_but_a_steady_fingerprint(
    transformer: Encoder,
) -> None:
    assert transformer.token_ids(["济南"]) is None
    ids = np.array([1, 2], dtype=np.int32)
    assert transformer.token_cosines(ids, ids).tolist() == [[0.0] * 2] * 2
    again = SentenceTransformerEncoder(str(MODEL))
    assert again.fingerprint == transformer.fingerprint


def test_model2vec_reads_the_embedded_folder_to_the_same_vectors() -> None:
    model2vec = pytest.importorskip("model2vec")
    texts = ["常住人口城镇化率78.5%", "urbanization rate 2025", ""]
    other = model2vec.StaticModel.from_pretrained(Path(__file__).parent.parent / "index" / "model")
    theirs = np.asarray(other.encode(texts), dtype=np.float32)
    assert np.abs(open_encoder().encode(texts) - theirs).max() < 1e-5
