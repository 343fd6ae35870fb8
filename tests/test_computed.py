from dataclasses import replace

import pytest

from index import Indicator, Span
from qa.answer.coherent import chosen, likeness
from qa.answer.computed import amount, computed
from qa.figure_fit import Match

RATE = Indicator(
    name="城镇化率",
    surface="城镇化率",
    region="",
    year=2025,
    period=None,
    value=60.0,
    unit="%",
    bound="=",
    kind="target",
    binding="",
    change="",
    document_id="a.txt",
    span=Span(0, 3),
    sentence=Span(0, 9),
)


def test_order_and_difference_are_said_to_be_computed() -> None:
    (claim,) = computed([("甲市", RATE), ("乙市", replace(RATE, value=62.5))])
    assert claim.text == "计算：乙市 ＞ 甲市，相差 2.5 个百分点（按所列数值）"
    assert not claim.verbatim
    assert claim.quotes == ()


def test_equal_values_are_said_to_be_equal() -> None:
    (claim,) = computed([("甲市", RATE), ("乙市", RATE)])
    assert claim.text == "计算：甲市、乙市数值相同"


def test_figures_in_different_units_are_not_ranked() -> None:
    assert computed([("甲市", RATE), ("乙市", replace(RATE, unit="元"))]) == []
    assert computed([("甲市", RATE)]) == []


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (1.18e9, "元", "11.8 亿元"),
        (150000, "人", "15 万人"),
        (2.5, "%", "2.5 个百分点"),
        (3, "年", "3 年"),
        (1.2e12, "元", "1.2 万亿元"),
    ],
)
def test_a_difference_is_told_as_people_write_it(value: float, unit: str, said: str) -> None:
    assert amount(value, unit) == said


def test_the_cells_of_a_comparison_are_of_one_figure() -> None:
    other = replace(RATE, name="户籍人口城镇化率")
    money = replace(RATE, name="城镇化率投资", unit="元")
    first = [Match(RATE, 0.9, True)]
    second = [
        Match(money, 1.0, True),
        Match(other, 0.95, True),
        Match(replace(RATE, value=61.0), 0.9, True),
    ]
    picked = chosen([first, second])
    assert [match.indicator.value for match in picked if match] == [60.0, 61.0]


def test_a_cell_without_a_comparable_figure_stays_empty() -> None:
    picked = chosen([[Match(RATE, 0.9, True)], [Match(replace(RATE, unit="元"), 0.7, True)]])
    assert picked[0] is not None
    assert picked[1] is None


def test_likeness_of_names() -> None:
    assert likeness("城镇化率", "城镇化率") == 1.0
    assert likeness("城镇化率", "旅游收入") == 0.0
