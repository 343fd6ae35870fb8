from dataclasses import replace

import pytest

from qa import Engine
from qa.figure_fit import by_share, unit_fits
from qa.followup import resolve
from qa.matter import aim_of, asks_both, contradicts, lacks_side, units_asked


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
        ("全年预计减负多少", "target"),
        ("今年要修多少公里路", "target"),
        ("主要修了多少公里路", "baseline"),
        ("What was the ceiling for 2014?", "target"),
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
        ("2015年旅游收入多少", "2016年的目标呢", "2016年旅游收入多少 目标"),
        ("报告第九部分的标题", "第十部分呢", "报告第十部分的标题"),
        ("规划第三章讲什么", "那第八章呢", "规划第八章讲什么"),
        ("报告第二部分讲什么", "下一个部分呢", "报告第三部分讲什么"),
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


@pytest.mark.parametrize(
    ("search", "units"),
    [
        ("每月扣多少钱", ("元",)),
        ("改造多少户", ("户",)),
        ("户籍人口多少", ()),
        ("占了几成", ("%", "‰", "个百分点", "")),
        ("孩子一天动多长时间", ("小时", "分钟", "天", "个月", "年")),
        ("网费便宜了多少", ("元", "%", "‰", "个百分点", "")),
        ("补助了多少人", ("人",)),
        ("How many kilometres of metro are there?", ("公里",)),
        ("城镇化率目标", ()),
    ],
)
def test_the_units_that_a_question_wants(search: str, units: tuple[str, ...]) -> None:
    assert units_asked(search) == units


def test_a_figure_in_another_unit_does_not_fit(engine: Engine) -> None:
    rate = next(one for one in engine.index.indicators if one.unit == "%")
    money = replace(rate, unit="元/月")
    assert unit_fits("城镇化率占几成", rate)
    assert not unit_fits("每月补多少钱", rate)
    assert unit_fits("每月补多少钱", money)
    assert not unit_fits("改造多少户", replace(rate, unit="平方米"))
    assert unit_fits("办了多少家", replace(rate, unit="所"))


def test_a_share_is_of_what_stands_before_it() -> None:
    asked = "研发投入占GDP比重"
    assert by_share(asked, "研发经费支出相当于地区生产总值比例") == 0.0
    assert by_share(asked, "工业增加值占地区生产总值比重") < 0.0
    assert by_share("工业增加值", "工业增加值占地区生产总值比重") < 0.0
    assert by_share("工业增加值", "工业增加值") == 0.0
