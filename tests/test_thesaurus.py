import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index import InputError, Thesaurus, normalise, with_own
from index.thesaurus import DATA, Entry, embedded, load

Write = Callable[[str], Path]
PENSION = Entry("养老保险", "社保", ("基本养老保险",), ("退休金",), ("pension insurance",))
CARE = Entry("养老服务", "养老", ("养老",), ("给老人养老",), ("elderly care", "care for the aged"))
RATE = Entry("常住人口城镇化率", "城镇化", ("城镇化率",), ("进城比例",), ("urbanization rate",))


@pytest.fixture
def thesaurus() -> Thesaurus:
    return Thesaurus((PENSION, CARE, RATE))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def make(content: str) -> Path:
        (tmp_path / "terms.jsonl").write_text(content, encoding="utf-8")
        return tmp_path / "terms.jsonl"

    return make


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("退休金怎么领", [("养老保险", "退休金", False)]),
        ("城镇化率目标", [("常住人口城镇化率", "城镇化率", True)]),
        # A wording inside a longer one does not count.
        ("养老保险", [("养老保险", "养老保险", True)]),
        ("养老", [("养老服务", "养老", True)]),
        ("urbanization rate of Jinan", [("常住人口城镇化率", "urbanization rate", False)]),
        ("care for aged people", [("养老服务", "care for the aged", False)]),
        ("圆周率", []),
        ("", []),
    ],
)
def test_words_lead_to_entries(
    search: str, found: list[tuple[str, str, bool]], thesaurus: Thesaurus
) -> None:
    expanded = thesaurus.expand(search)
    assert [(e.entry.term, e.matched, e.exact) for e in expanded] == found


def test_several_come_longest_match_first(thesaurus: Thesaurus) -> None:
    terms = [e.entry.term for e in thesaurus.expand("退休金和城镇化率")]
    assert terms == ["常住人口城镇化率", "养老保险"]


def test_the_wordings_of_an_expansion_are_official(thesaurus: Thesaurus) -> None:
    (found,) = thesaurus.expand("退休金")
    assert found.wordings == ("养老保险", "基本养老保险")


def test_own_files_come_before_the_embedded_entries(write: Write) -> None:
    path = write('{"term": "甲乙丙", "lay": ["子丑寅卯"]}\n\n')
    both = with_own([path])
    assert both.entries[0].term == "甲乙丙"
    assert len(both.entries) == len(embedded().entries) + 1
    assert with_own([]) is embedded()


def test_the_embedded_thesaurus_is_whole() -> None:
    entries = load(DATA)
    assert len(entries) > 1000
    assert len({entry.term for entry in entries}) == len(entries)
    for entry in entries:
        assert entry.term.strip()
        assert normalise(entry.term).text
        assert entry.lay or entry.official or entry.en


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"term": 1}', '{"term": "a", "lay": "b"}'])
def test_a_broken_line_is_named_by_its_number(line: str, write: Write) -> None:
    path = write(json.dumps({"term": "甲"}) + "\n" + line)
    with pytest.raises(InputError, match=r"terms\.jsonl.*第 2 行"):
        load(path)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="无法读取"):
        load(tmp_path / "none.jsonl")
