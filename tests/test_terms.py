import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import normalise, terms, words
from index.terms import bigrams


def test_words_are_of_two_characters_or_more_with_latin_words_and_numbers() -> None:
    assert words("济南5G基站17个,达到78.5%") == [
        "济南", "5", "g", "基站", "17", "达到", "78.5%"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("2025年", ["2025"]),
        ("78.5%", ["78.5%"]),
        ("3‰", ["3‰"]),
        ("GDP growth rate", ["gdp", "growth", "rate"]),
        ("state-owned", ["state-owned"]),
        ("the rate of the city", ["rate", "city"]),
        ("请问什么是多少", []),
        (",。!?", []),
        ("", []),
    ],
)
def test_words_of_numbers_latin_and_stop_words(search: str, expected: list[str]) -> None:
    assert words(search) == expected


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("城镇化率", ["城镇", "镇化", "化率"]),
        ("城,镇", ["城", "镇"]),
        ("城a镇化", ["城", "镇化"]),
        ("78.5%", []),
        ("", []),
    ],
)
def test_bigrams_of_each_run(search: str, expected: list[str]) -> None:
    assert bigrams(search) == expected


def test_terms_are_words_and_then_the_pairs_that_are_not_words_already() -> None:
    found = terms("常住人口城镇化率")
    first = words("常住人口城镇化率")
    assert found[: len(first)] == first
    assert found.count("人口") == 1
    assert set(bigrams("常住人口城镇化率")) <= set(found)


def test_a_repeated_word_is_a_repeated_term() -> None:
    assert terms("济南,济南,济南").count("济南") == 3


def test_build_and_query_give_the_same_terms_whatever_the_script() -> None:
    assert terms(normalise("濟(jì)南城鎮(zhèn)化率").text) == terms(normalise("济南城镇化率").text)


@given(st.text(max_size=40))
def test_terms_never_raise_and_are_never_blank(text: str) -> None:
    assert all(term.strip() for term in terms(normalise(text).text))
