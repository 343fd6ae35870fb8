import pytest

from index.front import date
from index.metadata import describe

BODY = (
    "\n近日,市政府印发了文件,明确了全市新型城镇化发展的指导思想、主要目标、重点任务和保障机制。\n"
)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("济南市新型城镇化规划(2021-2035年)" + BODY, "济南市新型城镇化规划(2021-2035年)"),
        ("《临沂市第十四个五年规划纲要》" + BODY, "临沂市第十四个五年规划纲要"),
        ("索引号: | 1 |\n济南市新型城镇化规划" + BODY, "济南市新型城镇化规划"),
        ("# title: 濟南市規劃\n别的标题行" + BODY, "济南市规划"),
        ("高质量推进青岛新型城镇化" + BODY, "高质量推进青岛新型城镇化"),
        ("今天上午,省政府新闻办举行新闻发布会。" + BODY, "某文件"),
    ],
)
def test_title(text: str, title: str) -> None:
    assert describe(text, "某文件").title == title


@pytest.mark.parametrize(
    ("title", "region", "level"),
    [
        ("济南市新型城镇化规划", "济南市", "市级"),
        ("山东省济南市历城区新型城镇化规划", "历城区", "县级"),
        ("山东省新型城镇化规划", "山东省", "省级"),
        ("新型城镇化发展规划", "", ""),
    ],
)
def test_region_is_the_innermost_of_an_unbroken_run(title: str, region: str, level: str) -> None:
    found = describe(title + BODY, "x")
    assert (found.region, found.level) == (region, level)


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("济南市新型城镇化规划(2021-2035年)", (2021, 2035)),
        ("济南市新型城镇化规划（２０２１—２０３５年）", (2021, 2035)),
        ("济南市第十四个五年规划", (2021, 2025)),
        ("济南市“十五五”规划", (2026, 2030)),
        ("济南市十二五规划", (2011, 2015)),
        ("青岛市三年行动计划(-年)", None),
    ],
)
def test_period(title: str, period: tuple[int, int] | None) -> None:
    assert describe(title + BODY, "x").period == period


def test_the_fields_of_an_official_head() -> None:
    head = (
        "索引号: | 1137010000418859XL/2022-00517 | 公开方式: | 主动公开 |\n"
        "发布机构: | 市政府办公厅 | 组配分类: | 济政发 |\n"
        "文件编号: | 济政发〔2022〕9号 | 成文日期: | 2022-7-5 |\n"
    )
    found = describe(head + "济南市新型城镇化规划" + BODY, "x")
    assert found.number == "济政发〔2022〕9号"
    assert found.issuer == "市政府办公厅"
    assert found.issued == "2022-07-05"


def test_the_date_of_a_press_article() -> None:
    found = describe("临沂新型城镇化出新图\n来源:琅琊新闻网2023-01-12 17:55" + BODY, "x")
    assert found.issued == "2023-01-12"


@pytest.mark.parametrize("text", ["", "。", "\n", "a", "\x00"])
def test_what_is_not_said_is_empty(text: str) -> None:
    found = describe(text, "某文件")
    assert (found.title, found.region, found.period) == ("某文件", "", None)
    assert (found.issuer, found.number, found.issued) == ("", "", "")


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("2026年2月7日某市人民代表大会批准", "2026-02-07"),
        ("二〇二六年一月二十七日", "2026-01-27"),
        ("二0二五年十二月三十一日", "2025-12-31"),
        ("二〇二六年四月", "2026-04"),
        ("2018年12月", "2018-12"),
        ("2023-01-12 17:55", "2023-01-12"),
        ("2016-2035年", ""),
        ("1.5万人", ""),
        ("2026年", ""),
        ("2026年45月", ""),
    ],
)
def test_dates_in_both_scripts(search: str, expected: str) -> None:
    assert date(search) == expected


def test_where_and_how_surely_a_field_was_read() -> None:
    text = "政府工作报告\n——2024年2月3日在某某县第九届人民代表大会第三次会议上\n" + BODY
    found = describe(text, "报告")
    reading = found.readings["issued"]
    assert (reading.value, reading.confidence) == ("2024-02-03", "高")
    assert reading.span is not None
    assert reading.span.of(text).startswith("——2024年2月3日")


@pytest.mark.parametrize(
    ("lines", "field", "value", "sure"),
    [
        (["临沂市人民政府关于印发某规划的通知"], "issuer", "临沂市人民政府", "高"),
        (["中共烟台市委关于制定规划的建议"], "issuer", "中共烟台市委", "高"),
        (["工作报告", "烟台市市长 张三", "现在,我代表市人民政府,向大会报告工作。"], "issuer", "烟台市人民政府", "中"),
        (["通知", "各县:", BODY.strip(), "临沂市人民政府", "2021年3月4日"], "issued", "2021-03-04", "高"),
        (["通知", "各县:", BODY.strip(), "临沂市人民政府", "2021年3月4日"], "issuer", "临沂市人民政府", "高"),
        (["临沂市发展规划", "二〇二一年四月"], "issued", "2021-04", "中"),
        (["临沂市发展规划", "发布日期:2021-05-06"], "issued", "2021-05-06", "低"),
        (["济南市国民经济和社会发展", "第十四个五年规划纲要"], "period", "2021-2025", "中"),
        (["文号:", "济政字〔2020〕7号", "某规划"], "number", "济政字〔2020〕7号", "高"),
        (["国务院 国发〔2019〕3号 2019-03-04", "国发〔2019〕3号"], "number", "国发〔2019〕3号", "高"),
    ],
)  # fmt: skip
def test_readings(lines: list[str], field: str, value: str, sure: str) -> None:
    reading = describe("\n".join(lines) + BODY, "文件").readings[field]
    assert (reading.value, reading.confidence) == (value, sure)
