import numpy as np
import pytest

from index import Index, Region, normalise, resolve_region
from qa import Engine, Filters, Question
from qa.scope import Regions

LICHENG = "000_29c0b1cf7bd9b281.txt"
LINYI = "001_e2e8f9ee6a7932bc.txt"
JINAN = "002_42cd662d68b88e93.txt"
SHANDONG = "003_d7dcaaf4876adf17.txt"
QINGDAO = "004_c9e7e69d06b0c481.txt"


@pytest.fixture(scope="module")
def regions(seeds_index: Index) -> Regions:
    return Regions(seeds_index)


def _region(name: str) -> Region:
    found = resolve_region(name)
    assert found is not None
    return found


def _question(*names: str) -> Question:
    return Question("问", "问", regions=tuple(map(_region, names)))


def _documents(index: Index, rows: np.ndarray) -> set[str]:
    return {index.chunks[int(row)].document_id for row in rows}


@pytest.mark.parametrize(
    ("name", "documents"),
    [
        ("济南市", {JINAN}),
        ("历城区", {LICHENG}),
        ("山东省", {SHANDONG}),
        # The smallest region around it that has a document.
        ("章丘区", {JINAN}),
        ("烟台市", {SHANDONG}),
        ("莱西市", {QINGDAO}),
        # None on the nation itself, and none around it: all that lie in it.
        ("全国", {LICHENG, LINYI, JINAN, SHANDONG, QINGDAO}),
        ("北京市", set()),
    ],
)
def test_documents_about_a_region(name: str, documents: set[str], regions: Regions) -> None:
    assert regions.about(_region(name)) == documents


def test_the_corpus_holds_each_region_once_the_outer_first(regions: Regions) -> None:
    assert [region.name for region in regions.corpus] == [
        "山东省", "济南市", "青岛市", "临沂市", "历城区"
    ]  # fmt: skip


def test_passages_that_name_a_region(regions: Regions, seeds_index: Index) -> None:
    # A county of two characters counts by its full name, a city by its short one.
    for region, name in (("章丘区", "章丘区"), ("临沂市", "临沂"), ("山东省", "山东")):
        rows = regions.naming(_region(region))
        assert len(rows)
        for row, chunk in enumerate(seeds_index.chunks):
            assert (name in normalise(seeds_index.text(chunk)).text) == (row in rows)


def test_without_region_or_filter_everything_is_in_scope(
    regions: Regions, seeds_index: Index
) -> None:
    scope = regions.scope(_question(), Filters())
    assert len(scope.groups) == 1
    assert scope.rows.tolist() == list(range(len(seeds_index.chunks)))
    assert scope.regions == ()


def test_a_region_in_the_question_is_a_hard_filter(regions: Regions, seeds_index: Index) -> None:
    scope = regions.scope(_question("临沂市"), Filters())
    for row in scope.rows:
        chunk = seeds_index.chunks[int(row)]
        body = normalise(seeds_index.text(chunk)).text
        assert chunk.document_id == LINYI or "临沂" in body
    assert set(seeds_index.document_rows[LINYI]) <= set(scope.rows)


def test_each_region_has_its_own_group_in_the_order_asked(
    regions: Regions, seeds_index: Index
) -> None:
    scope = regions.scope(_question("青岛市", "临沂市"), Filters())
    assert [region.name for region in scope.regions] == ["青岛市", "临沂市"]
    first, second = scope.groups
    assert set(seeds_index.document_rows[QINGDAO]) <= set(first)
    assert set(seeds_index.document_rows[LINYI]) <= set(second)
    assert scope.rows.tolist() == sorted(set(first) | set(second))


def test_the_filter_of_regions_may_be_lifted(regions: Regions, seeds_index: Index) -> None:
    scope = regions.scope(_question("临沂市"), Filters(lift_regions=True))
    assert len(scope.rows) == len(seeds_index.chunks)
    assert scope.regions == ()


def test_documents_and_regions_chosen_by_the_user(regions: Regions, seeds_index: Index) -> None:
    one = regions.scope(_question(), Filters(documents=frozenset({SHANDONG, LINYI})))
    assert _documents(seeds_index, one.rows) == {SHANDONG, LINYI}
    other = regions.scope(_question(), Filters(regions=frozenset({"济南市", "青岛"})))
    assert _documents(seeds_index, other.rows) == {JINAN, QINGDAO}
    both = Filters(documents=frozenset({SHANDONG, JINAN}), regions=frozenset({"济南市"}))
    assert _documents(seeds_index, regions.scope(_question(), both).rows) == {JINAN}


def test_filters_come_on_top_of_the_question(regions: Regions, seeds_index: Index) -> None:
    filters = Filters(documents=frozenset({JINAN}))
    scope = regions.scope(_question("济南市", "临沂市"), filters)
    assert _documents(seeds_index, scope.rows) == {JINAN}


def test_a_year_keeps_passages_that_name_it_in_text_or_path(
    regions: Regions, seeds_index: Index
) -> None:
    scope = regions.scope(_question(), Filters(year=2035))
    kept = set(scope.rows.tolist())
    assert 0 < len(kept) < len(seeds_index.chunks)
    for row, chunk in enumerate(seeds_index.chunks):
        body = normalise(seeds_index.text(chunk)).text
        assert (row in kept) == ("2035" in body or any("2035" in part for part in chunk.section))


def test_a_filter_that_nothing_meets_leaves_nothing(regions: Regions, engine: Engine) -> None:
    assert len(regions.scope(_question(), Filters(year=2049)).rows) == 0
    assert len(regions.scope(_question(), Filters(regions=frozenset({"北京市"}))).rows) == 0
    assert engine.search("城镇化率", filters=Filters(year=2049)) == []


def test_a_filter_of_a_name_that_is_no_region_leaves_nothing(regions: Regions) -> None:
    assert len(regions.scope(_question(), Filters(regions=frozenset({"火星"}))).rows) == 0
