"""The ledger of figures: one sentence for each rule, and the seeds."""

import json
from pathlib import Path

import pytest

from index.documents import Document, Indicator
from index.indicators import indicators
from index.numerals import doubling, number
from index.outline import outline
from index.read.folder import read_sources

SEEDS = Path(__file__).parents[1] / "seeds"
GOLD = Path(__file__).parents[1] / "benchmarks" / "indicators" / "figures.jsonl"


def document(text: str, **given: object) -> Document:
    fields: dict[str, object] = {
        "id": "d", "title": "某市发展规划", "text": text, "sha256": "", "region": "济南市", "level": "市级",
    }  # fmt: skip
    return Document(**(fields | given))  # type: ignore[arg-type]


def read(text: str, **given: object) -> list[Indicator]:
    made = document(text, **given)
    found = indicators(made, outline(made.text))
    assert all(one.sentence.covers(one.span) for one in found)
    return found


def only(text: str, **given: object) -> Indicator:
    (one,) = read(text, **given)
    return one


def cells(text: str, **given: object) -> list[tuple[object, ...]]:
    return [(i.name, i.year or i.period, i.value, i.unit, i.bound) for i in read(text, **given)]


PLAN = {"title": "某市国民经济和社会发展第十五个五年规划纲要", "period": (2026, 2030)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2.77万亿", 2_770_000_000_000), ("1,234.5", 1234.5), ("千亿", 10**11), ("十万", 10**5), ("二十五", 25),
        ("七十八点五", 78.5), ("百分之七十八点五", 78.5), ("三分之一", 0.333333), ("1/7", 0.142857),
        ("二点七万亿", 2_700_000_000_000), ("半", 0.5),
    ],
)  # fmt: skip
def test_numerals(text: str, value: float) -> None:
    assert number(text) == value


def test_numerals_doubling_and_errors() -> None:
    assert [doubling(text) for text in ("翻番", "翻一番", "翻两番", "增长")] == [2, 2, 4, None]
    with pytest.raises(ValueError, match="若干"):
        number("若干")


@pytest.mark.parametrize(
    ("words", "bound"),
    [
        ("达到80%以上", ">="), ("不低于80%", ">="), ("力争突破80%", ">="), ("达到80%左右", "≈"), ("接近80%", "≈"),
        ("不超过80%", "<="), ("控制在80%以内", "<="), ("达到80%", "="), ("达到80%以下", "<="),
    ],
)  # fmt: skip
def test_bounds(words: str, bound: str) -> None:
    assert only(f"到2025年，垃圾回收利用率{words}。").bound == bound


def test_values_are_multiplied_out_and_cover_their_words() -> None:
    text = "到2030年，地区生产总值突破1.5万亿元，建成充电桩2万余个，婴儿死亡率降至百分之零点三。"
    found = read(text)
    assert [(i.value, i.unit, i.bound) for i in found] == [
        (1_500_000_000_000, "元", ">="), (20_000, "个", ">="), (0.3, "%", "="),
    ]  # fmt: skip
    assert [i.span.of(text) for i in found] == ["突破1.5万亿元", "2万余个", "百分之零点三"]


def test_two_urbanisation_rates_of_a_coordinated_list() -> None:
    text = "到2025年，常住人口城镇化率、户籍人口城镇化率分别提高到78.5%以上和65%左右。"
    assert cells(text) == [
        ("常住人口城镇化率", 2025, 78.5, "%", ">="),
        ("户籍人口城镇化率", 2025, 65, "%", "≈"),
    ]
    assert only("到2025年，城镇化率达到70%。").name == "常住人口城镇化率"


def test_a_clause_carries_its_year_on() -> None:
    text = "到2025年，森林覆盖率达到30%，河湖水质优良率达到90%；到2035年，森林覆盖率达到35%。绿化率达到40%。"
    assert [(i.name, i.year) for i in read(text)] == [
        ("森林覆盖率", 2025), ("河湖水质优良率", 2025), ("森林覆盖率", 2035), ("绿化率", 2035),
    ]  # fmt: skip


def test_a_lost_year_is_not_guessed() -> None:
    one = only("到年，常住人口城镇化率达到77%。")
    assert (one.year, one.period, one.value) == (None, None, 77)


def test_plan_periods() -> None:
    text = "“十四五”时期新增绿色建筑5000万平方米以上。"
    one = only(text, period=(2021, 2035))
    assert (one.period, one.unit, one.change) == ((2021, 2025), "平方米", "difference")
    assert only("研发投入强度达到4%以上。", **PLAN).period == (2026, 2030)


def test_growth_means_and_differences() -> None:
    text = "五年来，地区生产总值年均增长6.1%，森林覆盖率提高1.4个百分点，能耗强度下降13%，企业数翻一番。"
    found = read(f"一、2025年工作回顾\n{text}", title="2026年政府工作报告")
    assert [(i.name, i.value, i.unit, i.change) for i in found] == [
        ("地区生产总值年均增速", 6.1, "%", "growth"),
        ("森林覆盖率提高", 1.4, "个百分点", "difference"),
        ("能耗强度下降", 13, "%", "growth"),
        ("企业数", 2, "倍", "growth"),
    ]
    assert {i.period for i in found} == {(2021, 2025)}
    assert {i.kind for i in found} == {"baseline"}


def test_a_figure_without_subject_goes_on_from_the_one_before() -> None:
    text = "地区生产总值突破1.4万亿元、增长5.2%，快于全国0.2个百分点，总量居全省第一。"
    assert [i.name for i in read(text)] == [
        "地区生产总值", "地区生产总值增速", "地区生产总值增速快于全国",
    ]  # fmt: skip


def test_one_value_for_two_subjects_has_one_span() -> None:
    first, second = read("到2025年，城市社区养老设施覆盖率和配建达标率均达100%。")
    assert first.span == second.span
    assert {first.name, second.name} == {"城市社区养老设施覆盖率", "配建达标率"}


def test_shared_heads_and_shared_verbs() -> None:
    text = "原煤、原油产量分别增长72%、31%。新增海外仓23个、服务网点16个。一二三产增加值分别增长3%、6%、5%。"
    assert [i.name for i in read(text)] == [
        "原煤产量增速", "原油产量增速", "新增海外仓", "新增服务网点",
        "第一产业增加值增速", "第二产业增加值增速", "第三产业增加值增速",
    ]  # fmt: skip


def test_from_and_to_are_two_figures() -> None:
    text = "人均预期寿命从2020年的75.2岁提升至2025年的76.8岁左右。全国重点实验室由7家增至16家。"
    found = read(text, **PLAN)
    assert [(i.name, i.year, i.value) for i in found[:2]] == [
        ("人均预期寿命", 2020, 75.2), ("人均预期寿命", 2025, 76.8),
    ]  # fmt: skip
    assert [(i.name, i.value) for i in found[2:]] == [("全国重点实验室", 7), ("全国重点实验室", 16)]


def test_the_noun_after_the_value() -> None:
    text = "共建3个医院专科联盟。到2025年，80%以上的家庭具备千兆接入能力。70%以上的财政支出用于民生事业。"
    assert [i.name for i in read(text)] == [
        "共建医院专科联盟", "具备千兆接入能力家庭占比", "财政支出用于民生事业占比",
    ]  # fmt: skip


def test_ranges_ratios_and_shared_bounds() -> None:
    text = "地区生产总值增长4.5%—5%，城乡居民收入比缩小到1.9∶1，婴儿、孕产妇死亡率分别控制在3.5‰、12/10万以下。"
    assert [(i.name, i.value, i.unit, i.bound) for i in read(text)] == [
        ("地区生产总值增速", (4.5, 5), "%", "="),
        ("城乡居民收入比", 1.9, "", "="),
        ("婴儿死亡率", 3.5, "‰", "<="),
        ("孕产妇死亡率", 12, "/10万", "<="),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "建设5G和IPv6网络，PM2.5持续下降，打造4A级景区。", "坚持“两个确立”，做好“三农”工作。",
        "2025年3月15日印发《关于2022年12项工作的通知》（济政发〔2022〕9号）。", "连续9年位居全国第5位。",
        "建设15分钟便民生活圈和30分钟通勤圈。", "推动四个千亿级产业跨越台阶。", "完善60岁以上老年人服务。",
        "推进700万吨露天矿建设。", "专利代理师不得同时在两个以上机构执业。", "千家万户共享改革成果。",
    ],
)  # fmt: skip
def test_what_is_no_figure(text: str) -> None:
    assert read(text) == []


def test_sections_of_a_work_report_decide_the_time() -> None:
    text = "\n".join([
        "一、2025年工作回顾", "过去一年，经济稳中向好，发展质量不断提高。粮食产量达到100亿斤，全社会消费持续恢复。",
        "二、2026年重点工作", "经济社会发展主要预期目标是：城镇新增就业30万人以上，居民消费价格涨幅2%左右，收入稳步增长。",
    ])  # fmt: skip
    found = read(text, title="2026年某省政府工作报告")
    assert [(i.name, i.year, i.kind) for i in found] == [
        ("粮食产量", 2025, "baseline"), ("城镇新增就业", 2026, "target"), ("居民消费价格涨幅", 2026, "target"),
    ]  # fmt: skip


def test_a_current_state_is_a_baseline() -> None:
    found = read(
        "2020年常住人口城镇化率达到73.5%。到2025年，常住人口城镇化率提高到78%。",
        period=(2021, 2035),
    )
    assert [(i.year, i.kind) for i in found] == [(2020, "baseline"), (2025, "target")]


def test_a_district_named_by_the_sentence() -> None:
    assert only("到2025年，历城区常住人口城镇化率达到80%。").region == "历城区"


TABLE = """专栏1 “十五五”主要指标
序号 指标 2025年 2030年目标 属性
1 地区生产总值年均增长（%） — 5左右 预期性
2 全员劳动生产率（万元/人） 46.5 ＞58 预期性
3 规上数字经济核心产业营业收入占
比重（%） 30 32.5 预期性
4 地表水优良水体比例（%） 90 完成省定目标 约束性
5 3岁以下婴幼儿入托率（%） 20 25 预期性
"""


def test_a_table_of_two_columns() -> None:
    found = read(TABLE, **PLAN)
    assert [(i.name, i.year or i.period, i.value, i.unit, i.bound, i.binding) for i in found] == [
        ("地区生产总值年均增速", (2026, 2030), 5, "%", "≈", "预期性"),
        ("全员劳动生产率", 2025, 465_000, "元/人", "=", "预期性"),
        ("全员劳动生产率", 2030, 580_000, "元/人", ">=", "预期性"),
        ("规上数字经济核心产业营业收入占比重", 2025, 30, "%", "=", "预期性"),
        ("规上数字经济核心产业营业收入占比重", 2030, 32.5, "%", "=", "预期性"),
        ("地表水优良水体比例", 2025, 90, "%", "=", "约束性"),
        ("3岁以下婴幼儿入托率", 2025, 20, "%", "=", "预期性"),
        ("3岁以下婴幼儿入托率", 2030, 25, "%", "=", "预期性"),
    ]


def test_a_table_of_bars() -> None:
    text = "| 指标 | 2025年 | 2030年 | 属性 |\n| --- | --- | --- | --- |\n| 森林覆盖率（%） | 14 | 15 | 约束性 |\n"
    numbered = text.replace("| 森林", "| 1 | 森林").replace("| 指标", "| 序号 | 指标")
    assert cells(numbered, **PLAN) == [
        ("森林覆盖率", 2025, 14, "%", "="), ("森林覆盖率", 2030, 15, "%", "="),
    ]  # fmt: skip


def test_spans_are_of_the_original() -> None:
    text = "到2025年，城鎮(zhèn)化水平提高，，常住人口城鎮(zhèn)化率達(dá)到68 %左右。"
    one = only(text)
    assert one.name == "常住人口城镇化率"
    assert one.span.of(text) == "68 %左右"


def test_nothing_from_nothing_and_always_the_same() -> None:
    assert read("") == []
    assert read(TABLE, **PLAN) == read(TABLE, **PLAN)


def test_every_gold_figure_of_the_seeds_is_found_and_nothing_else() -> None:
    gold = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    wanted = {
        (Path(figure["doc"]).name, figure["end"], figure["value"])
        for figure in gold
        if figure["doc"].startswith("seeds/")
    }
    found = {
        (one.document_id, one.span.end, one.value)
        for made in read_sources([SEEDS]).documents
        for one in indicators(made, outline(made.text))
    }
    assert found == wanted
