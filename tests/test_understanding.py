"""What a question means, asked of two years' reports, a plan and a rule that are made up."""

import pytest

from index import normalise
from qa import Engine
from tests.small_library import engine_over, first

REPORT_2023 = """政府工作报告
——2023年1月8日在济南市第十八届
人民代表大会第二次会议上
市长 张三丰
一、2022年工作回顾
全年接待游客达到310万人次，城镇新增就业4100人，旅游收入完成21亿元。改造公共厕所12座。
二、2023年主要目标和任务
地区生产总值增长6%，达到900亿元。城镇新增就业4000人，旅游接待人数达到350万人次。
公共交通与地铁80米内换乘比例提升至70%。新建公共厕所20座。
四是全力推进棚户区改造工程。充分利用政策，严格落实责任，全力完成今年700户改造任务。
"""
REPORT_2024 = """政府工作报告
一、2023年工作回顾
全年接待游客达到345万人次，城镇新增就业4300人。每千人口拥有托位数达到4.2个，婴幼儿托位数增至9000个。
燃煤锅炉拆除60座。新增中小学学位3000个。
二、2024年主要目标和任务
地区生产总值增长5%，达到950亿元。城镇新增就业3900人，新建公共厕所30座。
工业增加值占地区生产总值比重达到33%。研发经费支出相当于地区生产总值比例达到3%。
"""
PLAN = """济南市国民经济和社会发展第十五个五年规划纲要
第一章 发展基础
“十四五”时期，新增中小学学位2.1万个。
第二章 主要目标
到2030年，公共交通与地铁80米内换乘比例达到90%。
“一廊两翼”：沿河布局的生态走廊和东西两个产业带。建设“一廊两翼”，要统筹推进。
"""
RULE = """成文日期：
2022年2月20日
发布日期：
2022年3月9日
职工技能补贴办法
第一条 本办法所称技能培训是指职工在认定机构接受的职业培训。
第二条 职工接受技能培训的支出，按照每人每月200元的标准定额补助。
第三条 常住人口超过50万的城市，住房补贴标准为每月300元；常住人口不超过50万的城市，住房补贴标准为每月180元。
"""
DOCUMENTS = {
    "r23.txt": ("2023年济南市政府工作报告", "济南市", REPORT_2023),
    "r24.txt": ("2024年济南市政府工作报告", "济南市", REPORT_2024),
    "plan.txt": ("济南市国民经济和社会发展第十五个五年规划纲要", "济南市", PLAN),
    "rule.txt": ("职工技能补贴办法", "", RULE),
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine over the four documents."""
    return engine_over(tmp_path_factory.mktemp("understanding"), DOCUMENTS)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        # The pace that is asked for is not the level that it leads to.
        ("济南2024年地区生产总值增长目标", "5%"),
        ("济南2024年地区生产总值目标是多少亿元", "950亿元"),
        # What came of a year goes before the aim for it, under whatever name.
        ("济南2023年旅游接待人数是多少", "345万人次"),
        ("济南2023年旅游接待人数的目标是多少", "350万人次"),
        ("济南2022年旅游收入多少", "21亿元"),
        # What was added in one year is not what a whole period added.
        ("济南“十四五”期间新增了多少中小学学位", "2.1万个"),
        ("济南2023年新增中小学学位多少个", "3000个"),
        # A number of places is not the number for each thousand.
        ("济南有多少个婴幼儿托位", "9000个"),
        ("济南每千人口托位数是多少", "4.2个"),
        # The share of one thing is not that of another in the same whole.
        ("济南2024年研发投入占GDP比重目标", "3%"),
        ("济南2030年公交和地铁80米内换乘比例要到多少", "90%"),
        ("济南2023年棚户区改造任务是多少户", "700户"),
        ("济南今年新建多少座公共厕所", "30座"),
        # Everyday words.
        ("济南2023年要盖几座茅房", "20座"),
        ("济南2023年拆了多少冒黑烟的锅炉", "60座"),
        ("职工技能培训补助每人每月多少钱", "200元"),
    ],
)
def test_the_figure_that_is_meant_leads(question: str, value: str, reports: Engine) -> None:
    assert first(reports.ask(question)) == value


def test_an_aim_told_before_the_years_is_asked_for_each(reports: Engine) -> None:
    answer = reports.ask("济南城镇新增就业目标：2023年比2024年多多少")
    assert [s.text.split("：")[1] for s in answer.statements[:2]] == ["4000人", "3900人"]


@pytest.mark.parametrize(
    ("question", "value"),
    [
        (
            "What was Jinan's tourist arrivals target in its 2023 government work report?",
            "350万人次",
        ),
        ("How fast does Jinan's GDP grow under its 2024 government work report target?", "5%"),
        ("How many new urban jobs did Jinan create in 2023?", "4300人"),
    ],
)
def test_english_questions_name_reports_aims_and_growth(
    question: str, value: str, reports: Engine
) -> None:
    assert first(reports.ask(question)) == value


def test_the_day_of_issue_is_not_that_of_signing(reports: Engine) -> None:
    assert first(reports.ask("技能补贴办法什么时候发布的")) == "2022年3月9日"
    assert first(reports.ask("技能补贴办法的成文日期")) == "2022年2月20日"
    assert first(reports.ask("技能补贴办法是哪天批的")) == "2022年2月20日"


def test_everyday_words_are_no_typos(reports: Engine) -> None:
    asked = reports.parse("济南派了多少医生,农民挣多少钱")
    assert asked.search == "济南派了多少医生,农民挣多少钱"
    assert asked.corrections == ()
    assert reports.parse("济南城镇新增久业目标").search == "济南城镇新增就业目标"


def test_an_undated_rate_is_of_the_year_in_which_the_rule_was_issued(reports: Engine) -> None:
    answer = reports.ask("2022年职工接受技能培训的支出每月补助多少元")
    assert first(answer) == "200元"
    assert reports.ask("2019年职工接受技能培训的支出每月补助多少元").abstained


def test_a_follow_up_may_turn_to_the_aim(reports: Engine) -> None:
    answer = reports.ask("2023年的目标呢", ["济南2022年旅游接待人数是多少"])
    assert first(answer) == "350万人次"


def test_who_gave_a_report_and_when_are_both_told_though_a_line_is_broken(reports: Engine) -> None:
    answer = reports.ask("2023年济南政府工作报告是谁哪天作的")
    said = [normalise(s.text).text for s in answer.statements]
    assert answer.kind == "metadata"
    assert said[0] == "市长张三丰"
    assert said[2] == "2023年1月8日在济南市第十八届人民代表大会第二次会议上"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("补贴办法里技能培训是什么意思", "所称技能培训是指"),
        ("济南的“一廊两翼”指什么", "沿河布局"),
        ("职工技能补贴办法里什么叫技能培训", "所称技能培训是指"),
    ],
)
def test_the_sentence_that_defines_a_term_leads(question: str, said: str, reports: Engine) -> None:
    answer = reports.ask(question)
    assert answer.kind == "definition"
    assert said in first(answer)


@pytest.mark.parametrize(
    "question",
    ["济南怎么做红烧肉", "济南哪家火锅好吃", "帮我写一首关于济南的诗", "济南明天天气怎么样"],
)
def test_what_no_plan_treats_is_refused_though_it_names_a_region(
    question: str, reports: Engine
) -> None:
    assert reports.ask(question).abstained


def test_the_growth_of_a_thing_kindred_to_the_one_asked_for_is_no_answer(reports: Engine) -> None:
    answer = reports.ask("济南2024年规模以上工业增加值增长目标")
    assert answer.abstained
