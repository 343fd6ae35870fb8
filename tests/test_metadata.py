import pytest

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
