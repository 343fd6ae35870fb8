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


def names(text: str, **given: object) -> list[str]:
    return [i.name for i in read(text, **given)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # The predicate after the noun says which are meant, or is no part of the name.
        ("6所职业学校入选国家级试点名单。", ["入选国家级试点名单的职业学校"]),
        ("5个产业园入选省级特色产业园。", ["入选省级特色产业园"]),
        ("12条支线公路相继开通。", ["开通支线公路"]),
        ("推动40家乡镇卫生院提档升级。", ["乡镇卫生院"]),
        ("8条支线公路开工建设，其中3条实现通车。", ["开工支线公路", "通车支线公路"]),
        ("4个县被命名为国家园林县城。", ["被命名为国家园林县城的县"]),
        ("推动70家工业企业营业收入超百亿元。", ["营业收入超百亿元的工业企业"]),
        # Examples are no part of what is counted.
        ("建成东湖灌区、西山水库等6个大型水利工程。", ["大型水利工程"]),
        ("建设市数字学院等创新平台16家。", ["建设创新平台"]),
        ("打造北街、南街2个文旅消费街区。", ["文旅消费街区"]),
        # The subject stood before: a measure, a share, an act, a level without the thing.
        ("建成养老驿站300个、床位2.1万张。", ["养老驿站", "养老驿站床位"]),
        ("新能源汽车产量增至20万辆、占全省16%。", ["新能源汽车产量", "新能源汽车产量占全省比重"]),
        ("建成过江隧道4座、在建2座。", ["过江隧道", "在建过江隧道"]),
        ("重大项目开工390个、竣工137个。", ["重大项目开工", "重大项目竣工"]),
        ("全市上市公司总量达到84家，五年新增24家。", ["上市公司总量", "新增上市公司"]),
        ("推进保障性安居工程建设，新开工700套以上。", ["新开工保障性安居工程"]),
        ("货运站场吞吐能力全省第二、突破3000万吨。", ["货运站场吞吐能力"]),
        ("粮食产量60亿斤，是2015年的2.6倍。", ["粮食产量", "粮食产量"]),
        # Money and what it is put into.
        ("投资1.3亿元实施供水管网改造工程。", ["供水管网改造工程投资"]),
        ("投资700万元，完成3所乡村学校改建。", ["乡村学校改建投资", "乡村学校改建"]),
        ("总投资30亿元的20个交通项目开工。", ["交通项目总投资", "开工交通项目"]),
        # Coordinated subjects.
        ("城乡居民人均可支配收入分别达6.1万元、3.2万元，增长4%、5%。",
         ["城镇居民人均可支配收入", "农村居民人均可支配收入", "城镇居民人均可支配收入增速", "农村居民人均可支配收入增速"]),
        ("牛羊出栏分别增长5%、2%。", ["牛出栏增速", "羊出栏增速"]),
        ("先进制造业、现代服务业增加值占地区生产总值比重分别达30%、40%。",
         ["先进制造业增加值占地区生产总值比重", "现代服务业增加值占地区生产总值比重"]),
        ("建成2个国家级、3个省级重点实验室。", ["国家级重点实验室", "省级重点实验室"]),
        ("争创国家农业公园、农业强镇各1个。", ["农业强镇", "国家农业公园"]),
        # What only introduces the thing counted.
        ("三是围绕民生保障，针对养老、托育等重点领域推出12条举措。", ["推出举措"]),
        ("逐步将平均贷款利率降至4%以下。", ["平均贷款利率"]),
        ("一、在全国率先实现村级快递网点覆盖率100%。", ["村级快递网点覆盖率"]),
        # How near or how soon is part of the name.
        ("公园与社区300米内步行可达比例达到85%。", ["公园与社区300米内步行可达比例"]),
        ("投诉24小时内办结率达98%。", ["投诉24小时内办结率"]),
        # Which ones a rule holds for.
        ("常住人口超过50万的城市，补贴标准为每月300元。", ["补贴标准"]),
        # A task, or a rate that a rule sets, of what the clauses before it name.
        ("继续推进城中村改造，努力完成500户的改造任务。", ["城中村改造任务"]),
        ("继续推进旧街区整治工程。拆除围挡，完成40户的整治任务。", ["旧街区整治任务"]),
        ("学生每天体育活动时间不低于2小时。", ["学生每天体育活动时间"]),
        ("四、危旧房整治\n全力完成今年120户整治任务。", ["危旧房整治任务"]),
        ("第三条 职工接受技能培训的支出，在取得证书的当年，按照800元定额补助。",
         ["职工接受技能培训的支出定额补助"]),
        ("城镇登记失业率控制到3.1%。", ["城镇登记失业率"]),
    ],
)  # fmt: skip
def test_what_a_figure_is_of(text: str, wanted: list[str]) -> None:
    assert names(text) == wanted


def test_two_levels_of_a_list_that_rose() -> None:
    text = "城乡低保标准分别从2020年的700元/月、5000元/年提高到2025年的800元/月、7000元/年，最低工资从1900元提高到2200元。"
    assert [(i.name, i.year, i.value, i.unit) for i in read(text, **PLAN)] == [
        ("城市低保标准", 2020, 700, "元/月"), ("农村低保标准", 2020, 5000, "元/年"),
        ("城市低保标准", 2025, 800, "元/月"), ("农村低保标准", 2025, 7000, "元/年"),
        ("最低工资", 2020, 1900, "元"), ("最低工资", 2025, 2200, "元"),
    ]  # fmt: skip


def test_a_range_of_years_names_both_ends() -> None:
    found = read("2020年到2025年，服务业增加值占比从40%提高到45%。", **PLAN)
    assert [(i.name, i.year, i.value) for i in found] == [
        ("服务业增加值占比", 2020, 40), ("服务业增加值占比", 2025, 45),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("交付保障性租赁住房1.5万套（间）。", [(15_000, "套（间）", "=")]),
        ("细颗粒物浓度低于每立方米19微克。", [(19, "微克/立方米", "<=")]),
        ("城乡收入比缩小至2∶1以下。", [(2, "", "<=")]),
        ("收入倍差从2.42缩小至2.12。", [(2.42, "", "="), (2.12, "", "=")]),
        ("移动资费至少降低30%。", [(30, "%", ">=")]),
        ("接待26位外国政要来访。", [(26, "位", "=")]),
        ("算力规模突破1.3万PF。", [(13_000, "PF", ">=")]),
        ("全年办好十件民生实事。", [(10, "件", "=")]),
        ("3000多万婴幼儿受益。", [(30_000_000, "人", ">=")]),
        ("项目签约3543亿元。", [(354_300_000_000, "元", "=")]),
        ("产量达到每亩500公斤，二〇三五年达到600公斤。", [(500, "公斤/亩", "="), (600, "公斤", "=")]),
    ],
)  # fmt: skip
def test_units_bounds_and_small_counts(text: str, values: list[tuple[float, str, str]]) -> None:
    assert [(i.value, i.unit, i.bound) for i in read(text)] == values


@pytest.mark.parametrize(
    "text",
    [
        "形成万亿立柱、千亿提升、百亿成势的产业格局。", "经济总量跨越3个千亿元台阶。", "高校排名前1‰、1%学科实现突破。",
        "推进北苑、南苑1935项目建设。", "新建750千伏和330千伏电网工程。", "构建北部等五条城镇发展轴。",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_figure(text: str) -> None:
    assert read(text) == []


def test_years_of_old_papers_and_what_is_past_to_them() -> None:
    text = "1996年粮食产量达到50亿斤。2005年粮食产量达到60亿斤。"
    assert [(i.year, i.kind) for i in read(text, issued="1997-02-05")] == [
        (1996, "baseline"), (2005, "target"),
    ]  # fmt: skip


def test_a_year_that_is_compared_with_is_not_when() -> None:
    one = only("展望二〇三五年，人均地区生产总值比2020年翻一番。", **PLAN)
    assert (one.year, one.value, one.unit, one.change) == (2035, 2, "倍", "growth")


def test_aims_under_a_heading_of_new_success() -> None:
    text = "第三节 主要目标\n——民生福祉取得新成效。就业更加充分，居民人均可支配收入超11万元，保障更加有力。\n"
    assert [(i.period, i.kind) for i in read(text, **PLAN)] == [((2026, 2030), "target")]


def test_chapters_past_the_review_are_of_the_report_s_year() -> None:
    text = "\n".join([
        "一、2025年工作回顾", "过去一年，经济稳中向好，发展质量不断提高。粮食产量达到100亿斤，全社会消费持续恢复。",
        "二、2026年工作总体要求", "今年经济社会发展主要预期目标是：城镇新增就业30万人以上，收入稳步增长。",
        "三、扩大有效投资", "坚持项目为王，新建农村公路500公里，不断夯实发展基础，持续改善群众出行条件。",
        "3.“两纵三横”：指全省规划的5条高速公路通道。",
    ])  # fmt: skip
    found = read(text, title="2026年某省政府工作报告")
    assert [(i.name, i.year, i.kind) for i in found[:3]] == [
        ("粮食产量", 2025, "baseline"), ("城镇新增就业", 2026, "target"), ("新建农村公路", 2026, "target"),
    ]  # fmt: skip
    assert [i.year for i in found[3:]] == [None]


def test_a_region_holds_in_its_sentence_and_under_its_heading() -> None:
    text = "到2025年，历城区常住人口城镇化率达到80%，森林覆盖率达到30%，全市森林覆盖率达到35%。"
    assert [i.region for i in read(text)] == ["历城区", "历城区", "济南市"]
    under = "一、历城区\n到2025年，建成区绿化覆盖率达到41%，公园绿地面积持续增加，城市更加宜居。\n二、各区共同任务\n到2025年，垃圾回收利用率达到40%，分类投放习惯逐步形成。\n"
    assert [i.region for i in read(under)] == ["历城区", "济南市"]


def test_binding_in_running_text() -> None:
    text = "到2025年，单位能耗下降13.5%（约束性），森林覆盖率达到30%。约束性指标包括耕地保有量100万亩。"
    assert [i.binding for i in read(text)] == ["约束性", "", "约束性"]


EARLY = """表1 “十五五”主要指标
序号
指标
单位
属性
“十五五”目标
2030年
年均[累计]
1
地区生产总值年均增速
%
预期性
—
力争达到5%左右
2
社区设施15分钟步行
可达覆盖率
%
预期性
95
—
3
新增保障性租赁住房
万套（间）
约束性
—
[25—27]
三、提升城市能级
"""


def test_a_table_with_the_attribute_before_the_years() -> None:
    assert [(*cell, i.binding) for cell, i in zip(cells(EARLY, **PLAN), read(EARLY, **PLAN), strict=True)] == [
        ("地区生产总值年均增速", (2026, 2030), 5, "%", "≈", "预期性"),
        ("社区设施15分钟步行可达覆盖率", 2030, 95, "%", "=", "预期性"),
        ("新增保障性租赁住房", (2026, 2030), (250_000, 270_000), "套（间）", "=", "约束性"),
    ]  # fmt: skip


def test_cells_with_words_in_them() -> None:
    text = """专栏 主要指标
序号 指标 2025年 2030年 属性
1 地区生产总值年均增长 % “十四五”年均增长4.0 “十五五”年均增长5.0左右 预期性
2 数字经济增加值年均增速（%） 5.4 4.5-5，努力争取更好结果 预期性
3 单位地区生产总值能耗降低 % 2021-2024年累计降低8.2 完成省下达目标 约束性
4 城乡居民收入比值 — 1.99 1.9 预期性
"""
    assert cells(text, **PLAN) == [
        ("地区生产总值年均增速", (2021, 2025), 4, "%", "="), ("地区生产总值年均增速", (2026, 2030), 5, "%", "≈"),
        ("数字经济增加值年均增速", (2021, 2025), 5.4, "%", "="), ("数字经济增加值年均增速", (2026, 2030), (4.5, 5), "%", "="),
        ("单位地区生产总值能耗降低", (2021, 2024), 8.2, "%", "="),
        ("城乡居民收入比值", 2025, 1.99, "", "="), ("城乡居民收入比值", 2030, 1.9, "", "="),
    ]  # fmt: skip
