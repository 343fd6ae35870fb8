import pytest

from qa.followup import resolve
from qa.matter import aim_of, asks_both, contradicts, lacks_side


@pytest.mark.parametrize(
    ("search", "aim"),
    [
        ("2025年目标是多少", "target"),
        ("2025年实际完成多少", "baseline"),
        ("现在的人均预期寿命", "baseline"),
        ("人均预期寿命是多少岁", ""),
        ("目标是多少,后来实际完成多少", ""),
        ("旅游收入多少", ""),
        ("2018年计划完成多少户改造", "target"),
    ],
)
def test_an_aim_or_a_state_is_asked_for(search: str, aim: str) -> None:
    assert aim_of(search) == aim


def test_an_aim_and_what_came_of_it_are_both_asked_for() -> None:
    assert asks_both("年初定的目标是多少,实际完成多少")
    assert not asks_both("目标是多少")


@pytest.mark.parametrize(
    ("asked", "name", "other"),
    [
        ("中职生均拨款", "高等职业教育生均拨款", True),
        ("中职生均拨款", "中等职业学校生均拨款", False),
        ("城镇化率", "农村居民收入", False),
        ("婴儿死亡率", "孕产妇死亡率", True),
        ("碳排放强度降低", "单位生产总值能耗降低", True),
        ("常住人口城镇化率", "户籍人口城镇化率", True),
    ],
)
def test_a_figure_of_the_other_side_is_not_the_one_asked_for(
    asked: str, name: str, other: bool
) -> None:
    assert contradicts(asked, name) is other


def test_a_sentence_must_name_the_side_asked_about() -> None:
    assert lacks_side("农村居民收入", "居民收入增长5%")
    assert not lacks_side("农村居民收入", "农村居民收入增长5%")


@pytest.mark.parametrize(
    ("earlier", "asked", "whole"),
    [
        ("2018年报告的赤字率是多少", "2019年呢", "2019年报告的赤字率是多少"),
        ("2019年报告里2020年的目标", "2025年呢", "2019年报告里2025年的目标"),
        ("婴儿死亡率降到多少", "孕产妇的呢", "孕产妇死亡率降到多少 孕产妇"),
    ],
)
def test_a_follow_up_changes_the_report_or_the_year_that_it_names(
    earlier: str, asked: str, whole: str
) -> None:
    assert resolve(earlier, asked, ())[0] == whole


def test_last_year_and_what_came_of_it_replace_year_and_aim() -> None:
    whole, _ = resolve("2026年就业目标是多少", "去年实际呢", ())
    assert "2025年" in whole
    assert "2026" not in whole
    assert "目标" not in whole
