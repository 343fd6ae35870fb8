"""Indicators side by side: what is offered, what is joined, what disagrees, what is not said."""

import json
from pathlib import Path

import pytest

from index import InputError, build, resolve_region
from qa import Engine
from qa.compare import compare, conflicts, disagreeing
from qa.comparison.asked import Asked, asked_from, years_of
from qa.comparison.board import board, remarks
from qa.comparison.grid import grid
from qa.comparison.kinship import key_of
from qa.comparison.ready import ready
from qa.comparison.told import board_data, board_text, dispute_lines
from qa.comparison.wording import heading, kind_words, scale_of, when

RATE = "常住人口城镇化率"
TWINS = {
    "a.txt": "甲区国民经济和社会发展规划\n一、目标\n到2025年，规上工业增加值年均增长6%，"
    "市场主体达到120万户。森林覆盖率从2020年的25%提高到2025年的30%以上（约束性）。\n",
    "b.txt": "乙市国民经济和社会发展规划\n一、目标\n到2025年，规模以上工业增加值年均增长7%，"
    "经营主体达到150万户。到2025年，森林覆盖率达到28%。\n",
}


def opened(folder: Path, texts: dict[str, str]) -> Engine:
    """An engine over ``texts``, all of 济南市, titled by their names."""
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    rows = [{"file": name, "title": name[0], "region": "济南市"} for name in texts]
    (folder / "manifest.json").write_text(json.dumps({"documents": rows}), encoding="utf-8")
    build([folder], folder / "index")
    return Engine.open(folder / "index")


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Two documents on one city that disagree and use other words."""
    return opened(tmp_path_factory.mktemp("twins"), TWINS)


def values(engine: Engine, name: str, **more: object) -> dict[tuple[str, int | None], list[str]]:
    table = compare(engine, name, **more)  # type: ignore[arg-type]
    found = {
        (region.short, year): [cell.value for cell in table.at(region, year)]
        for region in table.regions
        for year in table.years
    }
    return {place: cells for place, cells in found.items() if cells}


def test_a_table_holds_what_each_plan_gives(engine: Engine) -> None:
    assert values(engine, RATE) == {
        ("山东", 2025): ["68%左右"],
        ("山东", 2035): ["75%左右"],
        ("济南", 2020): ["73.5%"],
        ("济南", 2025): ["78.5%以上"],
        ("青岛", None): ["77%"],
        ("临沂", 2025): ["62%左右"],
        ("临沂", 2035): ["72%左右"],
    }


def test_every_cell_quotes_its_own_document(engine: Engine) -> None:
    for cell in compare(engine, RATE).cells:
        text = engine.index.documents[cell.citation.document_id].text
        assert cell.citation.span.of(text) == cell.citation.quote
        assert cell.value in cell.citation.quote


@pytest.mark.parametrize("typed", ["城镇化率", "常住人口城镇化率", "常住人口城鎮化率"])
def test_a_short_name_is_the_resident_rate_and_not_the_registered(
    typed: str, engine: Engine
) -> None:
    assert engine.catalogue.group(typed).name == RATE


def test_what_is_typed_is_offered_by_how_many_regions_share_it(engine: Engine) -> None:
    found = engine.catalogue.search("城镇化")
    assert found[0].name == RATE
    assert len(found[0].regions) == 4
    assert "户籍人口城镇化率" in [group.name for group in found]
    shared = [len(group.regions) for group in engine.catalogue.search("", count=10)]
    assert shared == sorted(shared, reverse=True)


def test_what_chosen_regions_share_goes_first(engine: Engine) -> None:
    qingdao = resolve_region("青岛市")
    assert qingdao
    first = engine.catalogue.search("", [qingdao], count=3)
    assert all(qingdao in group.regions for group in first)


def test_regions_and_years_are_counted_for_what_is_chosen(engine: Engine) -> None:
    places = engine.catalogue.places("", [RATE])
    assert dict(places)[places[0][0]] == 2
    assert {region.short: count for region, count in places if count} == {
        "山东": 2, "济南": 2, "临沂": 2, "青岛": 1,
    }  # fmt: skip
    assert engine.catalogue.years([RATE]) == [(2035, 2), (2025, 3), (2020, 1)]
    assert [region.short for region, _ in engine.catalogue.places("jinan", [])] == ["济南"]


def test_wordings_are_joined_where_the_thesaurus_says_so(twins: Engine) -> None:
    assert values(twins, "规上工业增加值年均增速") == {("济南", 2025): ["6%", "7%"]}
    assert values(twins, "经营主体") == {("济南", 2025): ["120万户", "150万户"]}
    assert values(twins, "经营主体", join=False) == {("济南", 2025): ["150万户"]}
    found = board(twins, Asked(("市场主体",)))
    assert any("合并了不同的说法" in note for note in remarks(found))


TERMS = {"固定资产投资": "投资", "固定资产投资增速": "投资", "甲": "T", "乙": "T", "国家级甲": "T"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("甲", "乙", True),
        ("甲增速", "乙涨幅", True),
        ("新增甲", "新增乙", True),
        ("甲", "甲增速", False),
        ("新增甲", "乙", False),
        ("甲", "国家级甲", False),
        ("固定资产投资", "固定资产投资增速", False),
        ("年均甲增速", "甲增速", False),
    ],
)
def test_a_level_a_growth_and_a_rank_stay_apart(one: str, other: str, same: bool) -> None:
    assert (key_of(one, "%", TERMS) == key_of(other, "%", TERMS)) is same


def test_another_unit_is_another_indicator() -> None:
    assert key_of("甲", "%", TERMS) != key_of("乙", "元", TERMS)


def test_two_aims_for_one_year_are_a_conflict_and_a_state_is_none(twins: Engine) -> None:
    found = board(twins, Asked(("森林覆盖率",)))
    assert {(c.first.value, c.second.value) for c in found.conflicts} == {("30%以上", "28%")}
    (told,) = dispute_lines(found)
    assert told == "不一致：济南市 2025年 森林覆盖率（目标）：30%以上（《a》）；28%（《b》）"
    assert {cell.value for cell in found.cells} == {"30%以上", "28%", "25%"}


def test_a_bound_and_a_value_that_keeps_to_it_are_no_conflict(tmp_path: Path) -> None:
    text = "甲市政府工作报告\n一、目标\n到2025年，济南市森林覆盖率达到{}。\n"
    found = opened(tmp_path, {"a.txt": text.format("28%以上"), "b.txt": text.format("30%")})
    table = compare(found, "森林覆盖率")
    assert sorted(cell.value for cell in table.cells) == ["28%以上", "30%"]
    assert disagreeing(table.cells) == []


def test_binding_and_kind_are_told_apart(twins: Engine) -> None:
    cells = {cell.value: cell for cell in board(twins, Asked(("森林覆盖率",))).cells}
    assert kind_words(cells["30%以上"]) == "目标 · 约束性"
    assert kind_words(cells["25%"]) == "现状"
    assert (cells["30%以上"].indicator.bound, cells["28%"].indicator.bound) == (">=", "=")


def test_a_city_beside_its_province_is_nested_and_no_conflict_of_a_table(engine: Engine) -> None:
    assert {one.kind for one in conflicts(engine)} == {"nested"}
    assert conflicts(engine, nested=False) == []
    assert board(engine, Asked((RATE,))).conflicts == ()


def test_large_numbers_are_counted_in_wan_and_yi(twins: Engine) -> None:
    table = compare(twins, "经营主体")
    scale = scale_of(table.cells, table.unit)
    assert (scale.by, scale.unit, scale.of(1_200_000.0)) == (1e4, "万户", 120.0)
    assert heading(table) == "市场主体（万户）"


def test_rows_may_be_regions_or_years(engine: Engine) -> None:
    wide = grid(board(engine, Asked((RATE,), ("济南", "临沂"), (2025, 2035))))
    assert (wide.corner, wide.columns) == ("地区", ("2025年", "2035年"))
    (block,) = wide.blocks
    assert [row.label for row in block.rows] == ["济南市", "临沂市"]
    assert [[c.value for c in place] for place in block.rows[0].places] == [["78.5%以上"], []]
    tall = grid(board(engine, Asked((RATE,), ("济南", "临沂"), (2025, 2035), "years")))
    assert (tall.corner, tall.columns) == ("年份", ("济南市", "临沂市"))
    assert [row.label for row in tall.blocks[0].rows] == ["2025年", "2035年"]


def test_several_indicators_share_regions_and_years(engine: Engine) -> None:
    found = board(engine, Asked((RATE, "城镇再生水利用率"), ("济南", "青岛"), (2025,)))
    assert [table.name for table in found.tables] == [RATE, "城镇再生水利用率"]
    shown = {(t.name, c.region.short, c.value) for t in found.tables for c in t.cells}
    assert (("城镇再生水利用率", "济南", "50%")) in shown
    assert found.years == (2025, None)


def test_one_indicator_asked_for_twice_is_shown_once(engine: Engine) -> None:
    assert len(board(engine, Asked((RATE, "城镇化率"))).tables) == 1


def test_what_the_library_has_not_is_told(engine: Engine) -> None:
    found = board(engine, Asked((RATE,), ("济南", "成都"), (2025, 2050)))
    notes = remarks(found)
    assert "没有 2050 年的数值；最近的年份：2020、2025、2035" in notes
    assert "资料库里没有成都市的文件" in notes
    rows = {row.label: row for row in grid(found).blocks[0].rows}
    assert rows["成都市"].unheld == (True, True)
    assert rows["济南市"].unheld == (False, False)
    assert "无该地区文件" in board_text(found)
    assert "未载明" in board_text(found)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Asked(("城镇再生水率",)), ["城镇再生水率", "城镇再生水利用率"]),
        (Asked(("圆周率",)), ["圆周率"]),
        (Asked((RATE,), ("济难",)), ["济难", "济南市"]),
        (Asked((" ",)), ["请写明要比较的指标"]),
    ],
)
def test_a_name_that_is_not_known_brings_the_nearest(
    asked: Asked, words: list[str], engine: Engine
) -> None:
    with pytest.raises(InputError) as told:
        board(engine, asked)
    for word in words:
        assert word in str(told.value)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ([], "对象"),
        ({}, "指标"),
        ({"indicators": "x"}, "列表"),
        ({"indicators": ["x"], "years": ["明年"]}, "明年"),
        ({"indicators": ["x"], "rows": "both"}, "both"),
        ({"indicators": ["x" * 101]}, "100"),
        ({"indicators": [f"指标{n}" for n in range(13)]}, "12"),
        ({"indicators": ["x"], "years": ["1900-2099"]}, "60"),
    ],
)
def test_what_is_no_request_is_refused(data: object, word: str) -> None:
    with pytest.raises(InputError, match=word):
        asked_from(data)


def test_a_request_of_a_page_is_read() -> None:
    data = {"indicators": [RATE], "regions": ["济南"], "years": ["2024-2025", "2025年"]}
    assert asked_from(data) == Asked((RATE,), ("济南",), (2024, 2025))
    assert years_of("2025至2021年") == [2021, 2022, 2023, 2024, 2025]


def test_a_library_offers_three_comparisons_that_it_can_fill(engine: Engine) -> None:
    offered = ready(engine.catalogue)
    assert [one.title for one in offered] == [
        f"各地区2025年{RATE}",
        "济南市2025年的4项指标",
        f"济南市历年{RATE}",
    ]
    sizes = [len(board(engine, one.asked).cells) for one in offered]
    assert sizes == [3, 4, 2]


def test_a_library_of_one_figure_offers_none(tmp_path: Path) -> None:
    one = opened(tmp_path, {"a.txt": "济南市规划\n一、目标\n到2025年，森林覆盖率达到30%。\n"})
    assert len(one.catalogue.figures) == 1
    assert ready(one.catalogue) == []


def test_data_for_programs_holds_every_cell_with_its_place(twins: Engine) -> None:
    data = board_data(board(twins, Asked(("森林覆盖率",))))
    assert data["names"] == ["森林覆盖率"]
    rows = {row["text"]: row for row in data["cells"]}
    assert rows["30%以上"]["binding"] == "约束性"
    assert rows["30%以上"]["disputed"] is True
    assert rows["25%"]["disputed"] is False
    for row in data["cells"]:
        assert TWINS[row["file"]][row["start"] : row["end"]] == row["text"]
    assert len(data["conflicts"]) == 1


def test_a_period_and_its_last_year_are_two_figures(tmp_path: Path) -> None:
    text = "济南市规划\n一、目标\n2021—2025年，城镇新增就业50万人。到2025年，城镇新增就业10万人。\n"
    found = board(opened(tmp_path, {"a.txt": text}), Asked(("城镇新增就业",)))
    assert {(when(cell), cell.value) for cell in found.cells} == {
        ("2021–2025年", "50万人"), ("2025年", "10万人"),
    }  # fmt: skip
    assert found.conflicts == ()
    assert any("时期" in note for note in remarks(found))
