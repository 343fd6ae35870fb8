"""The comparison as the page shows it: offers, table, conflicts, empty cells, both languages."""

import ast
import html
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from index import InputError
from qa import Engine
from qa.comparison.answered import asked_of
from qa.comparison.asked import Asked, asked_from
from qa.comparison.board import board
from qa.comparison.offered import offered
from qa.comparison.ready import ready
from qa.present import comparison as shown
from qa.present import source
from qa.words import english

ROOT = Path(__file__).parent.parent
RATE = "常住人口城镇化率"
PARTS = [
    *sorted((ROOT / "qa" / "comparison").glob("*.py")),
    ROOT / "qa" / "present" / "comparison.py",
    ROOT / "web" / "comparison.py",
]


def options(engine: Engine, field: str, typed: str, **chosen: object) -> list[tuple[str, str]]:
    made = offered(engine.catalogue, field, typed, chosen)
    return re.findall(r'data-value="([^"]*)">.*?<span>(.*?)</span>', made)


def test_indicators_are_offered_with_how_many_regions_share_them(engine: Engine) -> None:
    assert options(engine, "indicators", "城镇化")[0] == (RATE, "4 个地区")
    assert options(engine, "indicators", "城镇化", regions=["济南", "青岛", "成都"])[0] == (
        RATE, "所选地区中 2 个 · 共 4 个",
    )  # fmt: skip
    assert RATE not in dict(options(engine, "indicators", "城镇化", indicators=[RATE]))


def test_regions_and_years_are_offered_with_how_many_figures_they_have(engine: Engine) -> None:
    assert dict(options(engine, "regions", "", indicators=[RATE]))["青岛市"] == "1 个数值"
    assert options(engine, "years", "20", indicators=[RATE]) == [
        ("2035", "2 个数值"), ("2025", "3 个数值"), ("2020", "1 个数值"),
    ]  # fmt: skip
    assert options(engine, "years", "2020-2030", indicators=[RATE]) == [("2020-2030", "4 个数值")]
    assert options(engine, "regions", "成都") == [("成都市", "资料库里没有成都市的文件")]


@pytest.mark.parametrize(
    ("field", "typed", "word"),
    [
        ("indicators", "城镇再生水率", "最接近的是"),
        ("indicators", "<b>qq</b>", "&lt;b&gt;qq&lt;/b&gt;"),
        ("years", "明年", "四位数的年份"),
        ("regions", "火星", "不认识地区"),
    ],
)
def test_what_is_not_there_is_told_in_the_list(
    field: str, typed: str, word: str, engine: Engine
) -> None:
    made = offered(engine.catalogue, field, typed, {})
    assert word in re.findall(r'gw-offer-note"[^>]*>(.*?)</li>', made)[0]


@pytest.mark.parametrize(
    ("field", "typed", "chosen"), [("names", "", {}), ("years", "", []), ("regions", "x" * 101, {})]
)
def test_what_a_page_does_not_send_is_refused(
    field: str, typed: str, chosen: object, engine: Engine
) -> None:
    with pytest.raises(InputError):
        offered(engine.catalogue, field, typed, chosen)


def test_every_figure_of_the_table_opens_the_place_that_says_it(engine: Engine) -> None:
    found = board(engine, Asked((RATE,)))
    made = shown.table(found)
    places = re.findall(r'gw-open gw-figure" value="([^"]+)".*?<b[^>]*>(.*?)</b>', made)
    assert len(places) == len(found.cells) == 7
    for place, value in places:
        marked = re.findall(r"<mark>(.*?)</mark>", source(engine.index, html.unescape(place)))
        assert value in "".join(marked)


def test_kinds_bounds_and_empty_cells_are_told(engine: Engine) -> None:
    found = board(engine, Asked((RATE,), ("济南", "成都"), (2020, 2025, 2035)))
    made = shown.table(found)
    assert '<b class="gw-is-baseline">73.5%</b><span>现状</span>' in made
    assert '<b class="gw-is-target">78.5%以上</b><span>目标</span>' in made
    assert made.count('<td class="gw-empty">未载明</td>') == 1
    assert made.count('<td class="gw-empty">无该地区文件</td>') == 3
    assert "所选地区没有 2035 年的数值，别的地区有" in made


def test_names_and_values_are_escaped(engine: Engine) -> None:
    found = board(engine, Asked((RATE,), ("济南",)))
    (table,) = found.tables
    cells = tuple(replace(cell, value="<img src=x>") for cell in table.cells)
    made = shown.table(replace(found, tables=(replace(table, name="<script>", cells=cells),)))
    assert "<script>" not in made
    assert "<img" not in made
    assert "&lt;img src=x&gt;" in made


def test_an_invitation_carries_requests_that_are_understood(engine: Engine) -> None:
    offers = ready(engine.catalogue)
    made = shown.invitation(offers)
    sent = [json.loads(html.unescape(v)) for v in re.findall(r'gw-ready" value="([^"]+)"', made)]
    assert [asked_from(one) for one in sent] == [one.asked for one in offers]
    assert "还没有可以比较的数值" in shown.invitation([])


def test_an_answer_that_compares_can_be_opened_as_a_table(engine: Engine) -> None:
    answer = engine.ask("比较济南和临沂2025年常住人口城镇化率目标")
    asked = asked_of(engine.catalogue, answer)
    assert asked == Asked((RATE,), ("济南市", "临沂市"), (2025,))
    assert [cell.value for cell in board(engine, asked).cells] == ["78.5%以上", "62%左右"]
    button = shown.link(asked)
    assert asked_from(json.loads(html.unescape(re.findall(r'value="([^"]+)"', button)[0]))) == asked
    assert asked_of(engine.catalogue, engine.ask("济南2025年城镇化率目标")) is None


def test_all_that_the_comparison_says_has_its_english() -> None:
    said = {
        node.args[0].value
        for path in PARTS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
        if "say" in {getattr(node.func, "id", ""), getattr(node.func, "attr", "")}
    }
    assert len(said) > 60
    assert sorted(said - set(english().table)) == []


def test_the_table_speaks_english(engine: Engine) -> None:
    made = shown.table(board(engine, Asked((RATE,), ("济南",))), english())
    assert "Target" in made
    assert "Download" in made
    assert "目标" not in re.sub(r'title="[^"]*"', "", made)
