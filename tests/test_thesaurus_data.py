"""The form of the embedded thesaurus."""

import json
from collections import Counter

from index import normalise
from index.thesaurus import DATA, embedded

ROWS = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]


def test_every_entry_has_the_same_keys_and_says_something() -> None:
    for row in ROWS:
        assert list(row) == ["term", "domain", "official", "lay", "en", "questions"], row["term"]
        assert row["term"]
        assert row["domain"]
        assert row["lay"]
        for key in ("official", "lay", "en", "questions"):
            assert len(set(row[key])) == len(row[key]), row["term"]
            assert all(isinstance(text, str) and text.strip() for text in row[key]), row["term"]


def test_entries_are_sorted_and_no_term_comes_twice() -> None:
    keys = [(row["domain"], row["term"]) for row in ROWS]
    assert keys == sorted(keys)
    assert len({row["term"] for row in ROWS}) == len(ROWS) == len(embedded().entries) > 2000


def test_a_variant_stands_under_one_term_and_is_no_term_itself() -> None:
    terms = {row["term"] for row in ROWS}
    variants = Counter(variant for row in ROWS for variant in row["official"])
    assert [v for v, count in variants.items() if count > 1 or v in terms] == []


def test_a_lay_expression_is_not_vague() -> None:
    lay = Counter(word for row in ROWS for word in row["lay"])
    assert [word for word, count in lay.items() if count > 6 or len(word) < 2] == []


def test_wordings_are_stored_as_search_text() -> None:
    for row in ROWS:
        for wording in (row["term"], *row["official"], *row["lay"]):
            assert normalise(wording).text == wording


def test_the_two_rates_of_urbanisation_are_kept_apart() -> None:
    of_term = {row["term"]: row["official"] for row in ROWS}
    assert "户籍人口城镇化率" not in of_term["常住人口城镇化率"]
    assert "常住人口城镇化率" not in of_term["户籍人口城镇化率"]
