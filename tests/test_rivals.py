"""Of figures that stand for much the same, the one asked for leads."""

import pytest

from qa import Engine
from qa.figure_fit import GREW_BY, by_unit
from qa.figure_rivals import told_of_years
from qa.figure_support import counted_in, measured
from qa.intent import intent_of
from qa.matter import aim_of, scale_asked, units_asked
from qa.question import parse
from tests.small_library import engine_over, first

# A work report that looks back on a year first, then on five years, then ahead.
REPORT = """政府工作报告
——2026年1月12日在淄博市第十六届人民代表大会第五次会议上
一、2025年工作回顾
过去一年，我们顶住压力、稳中求进。全市地区生产总值5230.6亿元、增长5.4%，社会消费品零售总额达到1480亿元、增长6.1%，城镇新增就业7.2万人，乡村劳力外出做工21.5万人次。
改造老旧街巷86条，更新住宅电梯240部，人均体育场地面积2.9平方米。
二、“十四五”时期的成就
五年来，我们办成了许多大事。地区生产总值跨越5000亿元大关，人均地区生产总值突破11万元，城镇新增就业38.6万人，乡村劳力外出做工104.3万人次，规模以上工业增加值年均增长6.8%。
三、2026年工作安排
2026年，地区生产总值增长5%左右，城镇新增就业7万人以上，更新住宅电梯310部。
做大环湖绿道，做美环山绿道，做活沿河绿道。
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("rivals")
    return engine_over(folder, {"report.txt": ("淄博市2026年政府工作报告", "淄博市", REPORT)})


@pytest.mark.parametrize(
    ("question", "value"),
    [
        # The growth, not the level that it led to.
        ("淄博2025年社会消费品零售总额增长多少", "6.1%"),
        ("淄博2025年社会消费品零售总额涨了几个点", "6.1%"),
        ("淄博2025年地区生产总值增长几个百分点", "5.4%"),
        ("淄博2025年社会消费品零售总额是多少亿元", "1480亿元"),
        # The whole, not what is told per head; the figure, not the mark that it passed.
        ("淄博2025年地区生产总值多少亿元", "5230.6亿元"),
        ("淄博2025年人均地区生产总值多少万元", "突破11万元"),
        # The year's own, not that of five years, and the other way round.
        ("淄博2025年城镇新增就业实际完成多少万人", "7.2万人"),
        ("淄博“十四五”时期城镇新增就业多少万人", "38.6万人"),
        ("淄博2025年乡村劳力外出做工多少人次", "21.5万人次"),
        ("淄博“十四五”规模以上工业增加值年均增长多少", "6.8%"),
        ("淄博2026年城镇新增就业目标多少人", "7万人以上"),
        # Everyday speech counts by another measure word.
        ("淄博2025年更新了多少台住宅电梯", "240部"),
        ("淄博2026年准备更新多少台住宅电梯", "310部"),
    ],
)
def test_the_rival_that_is_asked_for_leads(question: str, value: str, report: Engine) -> None:
    assert first(report.ask(question)) == value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("五年来，我们办成了大事。新增", True),
        ("一年来，我们办成了大事。新增", False),
        ("回顾“十四五”，成绩很大。比2025年，新增", True),
        ("五年来，成绩很大。\n刚刚过去的2025年，新增", False),
        ("2025年，成绩很大。\n“十四五”时期，新增", True),
        ("我们办成了大事。新增", None),
        ("成绩很大，五年来，新增", None),
    ],
)
def test_the_nearest_time_at_the_head_of_a_sentence_tells_what_is_looked_back_on(
    text: str, told: bool | None
) -> None:
    assert told_of_years(text, len(text)) is told


@pytest.mark.parametrize(
    ("search", "scale"),
    [("多少亿元", 1e8), ("多少万人", 1e4), ("多少百万亩", 1e6), ("多少元", 0.0), ("多少", 0.0)],
)
def test_the_scale_asked_for(search: str, scale: float) -> None:
    assert scale_asked(search) == scale


def test_a_figure_far_too_small_or_of_another_unit_is_marked_down(report: Engine) -> None:
    held = {f"{one.name} {one.year} {one.unit}": one for one in report.index.indicators}
    head, jobs = held["人均地区生产总值 2025 元"], held["城镇新增就业 2026 人"]
    assert by_unit(head, "地区生产总值是多少亿元") == -0.3
    assert by_unit(head, "人均地区生产总值是多少万元") == 0.0
    assert by_unit(jobs, "新增多少万人") == 0.0
    assert by_unit(jobs, "新增多少亿元") == -0.5
    lifts = held["更新住宅电梯 2025 部"]
    assert by_unit(lifts, "更新多少台电梯") == -0.05


def test_points_are_shares() -> None:
    for asked in ("最多收几个点", "增长几个百分点", "涨了多少个点"):
        assert "%" in units_asked(asked)
    assert units_asked("几点钟开会") == ()


def test_growth_is_asked_for_by_its_words() -> None:
    assert GREW_BY.search("零售总额增长多少")
    assert GREW_BY.search("工资涨了几成")
    assert not GREW_BY.search("零售总额增长到多少")
    assert not GREW_BY.search("零售总额多少")


def test_how_several_things_are_done_is_no_figure() -> None:
    assert intent_of("淄博几条绿道今年分别怎么做", (), ()) == "measures"
    assert intent_of("淄博有几条绿道", (), ()) == "figure"


def test_what_is_got_ready_is_an_aim() -> None:
    assert aim_of("今年准备更新多少部电梯") == "target"
    assert aim_of("准备金是多少") == ""


@pytest.mark.parametrize(
    ("typed", "search"),
    [
        ("几条绿道今年分别怎么做", "几条绿道今年分别怎么做"),
        ("特别困难的家庭有多少", "特别困难的家庭有多少"),
        ("老房子是不是要拆", "老房子是不是要拆"),
        ("业务员要不要追究", "业务员要不要追究"),
        ("电梯更新多少部,别给我2025的", "电梯更新多少部"),
        ("总量是多少,不是增速", "总量是多少"),
        ("零售总额,请别给我2025年的", "零售总额,请"),
    ],
)
def test_only_what_is_ruled_out_is_left_out(typed: str, search: str) -> None:
    assert parse(typed).search == search


@pytest.mark.parametrize(
    ("asked", "search", "counted"),
    [
        (
            "办运动会 把几座旧体育馆收拾了一遍",
            "办运动会,把几座旧体育馆收拾了一遍",
            "把几座旧体育馆收拾了一遍",
        ),
        # A clause that only asks is of what the one before it names.
        ("国防支出 增长", "国防支出,增长多少", "国防支出 增长"),
        ("城镇新增就业", "城镇新增就业多少人", "城镇新增就业"),
    ],
)
def test_the_clause_with_how_many_says_what_is_counted(
    asked: str, search: str, counted: str
) -> None:
    assert counted_in(asked, search) == counted


@pytest.mark.parametrize(
    ("asked", "stands"),
    [
        ("外出务工多少万人次", "外出做工21.5万人次"),
        ("粮食产量多少万吨", "粮食产量450亿斤"),
        ("新增装机多少万千瓦", "新增装机1004万千瓦"),
    ],
)
def test_units_that_count_alike_answer_one_another(asked: str, stands: str) -> None:
    assert measured(units_asked(asked)).search(stands)
    assert not measured(units_asked(asked)).search("下降19%")
