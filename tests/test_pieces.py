from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index
from index import Index
from index.pieces import SENTENCEPIECE, TOKENIZER, Pieces, _Sentencepiece, _Tokenizers, read_pieces

MODEL = Path(index.__file__).parent / "model"


@pytest.fixture(scope="module")
def fast() -> Pieces:
    return _Sentencepiece(MODEL / SENTENCEPIECE)


@pytest.fixture(scope="module")
def slow() -> Pieces:
    return _Tokenizers(MODEL / TOKENIZER)


def known(pieces: Pieces, texts: list[str]) -> list[list[int]]:
    return [[i for i in ids if i != pieces.unknown] for ids in pieces.ids(texts)]


def test_a_model_folder_is_read_by_sentencepiece_where_it_can_be(tmp_path: Path) -> None:
    assert isinstance(read_pieces(MODEL), _Sentencepiece)
    (tmp_path / TOKENIZER).write_bytes((MODEL / TOKENIZER).read_bytes())
    assert isinstance(read_pieces(tmp_path), _Tokenizers)


def test_both_forms_have_the_same_pieces(fast: Pieces, slow: Pieces) -> None:
    assert fast.size == slow.size > 40_000
    assert fast.unknown == slow.unknown == 1


def test_numbers_and_words_are_units(fast: Pieces, slow: Pieces) -> None:
    for text in (
        "2025年城镇化率78.5%",
        "5G基站3.5万个",
        "GDP growth of 5.5%, R&D",
        "Ⅲ类水体100%达标",
    ):
        (ids,) = known(fast, [text])
        assert ids == known(slow, [text])[0]
    (a,), (b,) = known(fast, ["2025"]), known(fast, ["２０２５"])
    assert len(a) == 1
    assert a == b


def test_all_seed_passages_have_the_same_pieces(
    fast: Pieces, slow: Pieces, seeds_index: Index
) -> None:
    texts = [seeds_index.search_text(row) for row in range(len(seeds_index.chunks))]
    texts += [document.text for document in seeds_index.documents.values()]
    assert known(fast, texts) == known(slow, texts)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text_has_the_same_pieces(fast: Pieces, slow: Pieces, text: str) -> None:
    assert known(fast, [text]) == known(slow, [text])


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="城镇化率常住人口2025.%aG5 ，。〇々", max_size=40))
def test_any_mixture_of_units_has_the_same_pieces(fast: Pieces, slow: Pieces, text: str) -> None:
    assert known(fast, [text]) == known(slow, [text])
