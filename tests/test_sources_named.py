import pytest

from qa.named import years_of
from qa.sources_named import sources_named


@pytest.mark.parametrize(
    ("search", "keys"),
    [
        ("2019年政府工作报告说了什么", ["2019 政府工作报告"]),
        ("2018年和2019年报告各是多少", ["2018 报告", "2019 报告"]),
        ("2012年、2013年和2014年三份报告", ["2012 报告", "2013 报告", "2014 报告"]),
        ("2016年的报告和2017年的报告", ["2016 报告", "2017 报告"]),
        ("国发〔2018〕42号的目标", ["国发〔2018〕42号"]),
        ("国发[2018]42号的目标", ["国发〔2018〕42号"]),
        ("国家十五五规划纲要的目标", ["2026-2030 规划"]),
        ("“十四五”规划提出什么", ["2021-2025 规划"]),
        ("十四五规划期末是多少", []),
        ("《某市城镇化规划》的目标", ["《某市城镇化规划》"]),
        ("二十大报告怎么说", ["第二十次全国代表大会"]),
        ("二十大说要守住什么", ["第二十次全国代表大会"]),
        ("What does the 15th Five-Year Plan aim at?", ["2026-2030 规划"]),
        ("the 2018 guideline on farm machinery", ["2018 指导意见"]),
        ("its 2026 government work report", ["2026 政府工作报告"]),
        ("What does the city plan for 2026?", []),
        ("2025年和2035年目标", []),
    ],
)
def test_documents_are_named_in_many_ways(search: str, keys: list[str]) -> None:
    assert [named.key for named in sources_named(search)] == keys


def test_each_year_of_a_run_has_its_own_place() -> None:
    first, second = sources_named("2018年和2019年报告")
    assert (first.start, first.end, second.start) == (0, 6, 6)


@pytest.mark.parametrize(
    ("search", "years"),
    [
        ("2018年和2019年报告安排的债券", ()),
        ("2018年意见定的2025年目标", (2025,)),
        ("四川3025年目标", (3025,)),
        ("5000年产量", ()),
    ],
)
def test_a_year_that_names_a_document_is_not_asked_about(
    search: str, years: tuple[int, ...]
) -> None:
    assert years_of(search) == years
