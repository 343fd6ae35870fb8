"""References by the rules of GB/T 7714-2015: its clauses are named where a test follows one."""

import json
from collections.abc import Callable

import pytest

from index import Document
from qa import Engine
from qa.export import csl_json, references

Make = Callable[..., Document]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        # An official document: its number is other title information after a colon (8.2), type [A].
        (
            {"title": "甲市规划（2021-2035年）", "issuer": "甲市人民政府", "number": "甲政发〔2022〕9号", "issued": "2022-07-05"},
            "[1] 甲市人民政府. 甲市规划（2021-2035年）: 甲政发〔2022〕9号[A]. 2022-07-05.",
        ),
        # The same read online: [A/OL], date in brackets, day of reading, address (4.6, 8.8).
        (
            {"title": "甲市关于转发乙办法的通知", "issuer": "甲市人民政府办公厅", "number": "甲政办发〔2005〕37号", "issued": "2005-07-12",
             "source": "https://example.gov.cn/39934.html，2011-07-12访问"},
            "[1] 甲市人民政府办公厅. 甲市关于转发乙办法的通知: 甲政办发〔2005〕37号[A/OL]. (2005-07-12)[2011-07-12]. https://example.gov.cn/39934.html.",
        ),
        # A plan whose number is not known is an official document all the same.
        (
            {"title": "甲市“十四五”规划纲要", "issuer": "甲市人民政府", "issued": "2021"},
            "[1] 甲市人民政府. 甲市“十四五”规划纲要[A]. 2021.",
        ),
        (
            {"title": "2026年甲市政府工作报告", "issuer": "甲市人民政府", "issued": "2026-01"},
            "[1] 甲市人民政府. 2026年甲市政府工作报告[R]. 2026-01.",
        ),
        # A newspaper: its name, the date, the page in brackets (4.4).
        (
            {"title": "城镇化出新图", "issuer": "王某某", "issued": "2023-01-12", "source": "《甲州日报》2023年1月12日第05版"},
            "[1] 王某某. 城镇化出新图[N]. 甲州日报, 2023-01-12(5).",
        ),
        # One without an author begins with its title (8.1.4).
        (
            {"title": "城镇化出新图", "issuer": "甲州日报", "issued": "2023-01-12"},
            "[1] 城镇化出新图[N]. 甲州日报, 2023-01-12.",
        ),
        (
            {"title": "城镇化出新图", "issuer": "李某", "issued": "2023-01-12", "source": "甲州晚报 https://example.cn/b 2023年2月3日访问"},
            "[1] 李某. 城镇化出新图[N/OL]. 甲州晚报, 2023-01-12[2023-02-03]. https://example.cn/b.",
        ),
        (
            {"title": "甲市解读", "issuer": "甲市新闻网", "issued": "2023-01-12", "source": "转载自 https://example.gov.cn/a.html，2023年"},
            "[1] 甲市新闻网. 甲市解读[EB/OL]. (2023-01-12). https://example.gov.cn/a.html.",
        ),
        # A page whose address is not known is a page on the web all the same.
        (
            {"title": "甲市解读", "issuer": "甲融媒体中心", "source": "甲区人民政府网站转载的媒体解读"},
            "[1] 甲融媒体中心. 甲市解读[EB/OL].",
        ),
        ({"title": "乙市纪要", "source": "情况通报"}, "[1] 乙市纪要[Z]."),
        # Up to three are named, more are “等” (8.1.2).
        (
            {"title": "甲省规划", "issuer": "甲省教育厅、甲省民政厅、甲省财政厅", "number": "甲教〔2021〕1号"},
            "[1] 甲省教育厅, 甲省民政厅, 甲省财政厅. 甲省规划: 甲教〔2021〕1号[A].",
        ),
        (
            {"title": "甲省规划", "issuer": "甲省教育厅、甲省民政厅、甲省财政厅、甲省卫健委", "number": "甲教〔2021〕1号"},
            "[1] 甲省教育厅, 甲省民政厅, 甲省财政厅, 等. 甲省规划: 甲教〔2021〕1号[A].",
        ),
    ],
    ids=["number", "online", "plan", "report", "paper", "no author", "paper online", "page",
         "no address", "other", "three", "four"],
)  # fmt: skip
def test_each_kind_of_source_as_the_standard_has_it(
    fields: dict[str, str], expected: str, document: Make
) -> None:
    assert references([document("文", **fields)]) == [expected]


def test_the_order_is_kept_and_nothing_gives_nothing(document: Make) -> None:
    bare = document("文", title="乙市纪要")
    report = document("文", title="2026年丙市政府工作报告", issuer="丙市人民政府", issued="2026")
    assert [entry[:9] for entry in references([bare, report])] == [
        "[1] 乙市纪要[",
        "[2] 丙市人民政",
    ]
    assert references([]) == []


def test_the_seeds_as_references(engine: Engine) -> None:
    assert references(list(engine.index.documents.values())) == [
        "[1] 济南市历城区融媒体中心. 济南市历城区新型城镇化规划（2021-2035年）媒体解读[EB/OL].",
        "[2] 琅琊新闻网. 临沂新型城镇化出新图 全力打造山东区域副中心城市[EB/OL]. (2023-01-12).",
        "[3] 济南市人民政府. 济南市新型城镇化规划（2021-2035年）: 济政发〔2022〕9号[A]. 2022-07-15.",
        "[4] 山东省政府新闻办. 山东省新型城镇化规划（2021-2035年）新闻发布会[Z].",
        "[5] 青岛市发展和改革委员会. 青岛市新型城镇化发展三年行动计划解读：高质量推进青岛新型城镇化智慧化绿色化[EB/OL].",
    ]


def test_csl_json_is_what_other_programs_read(document: Make) -> None:
    plan = document(
        "文", title="甲市规划", issuer="甲市人民政府", number="甲政发〔2022〕9号", issued="2022-07"
    )
    (item,) = json.loads(json.dumps(csl_json([plan])))
    assert item == {
        "id": "d1",
        "type": "legislation",
        "title": "甲市规划",
        "language": "zh-CN",
        "number": "甲政发〔2022〕9号",
        "author": [{"literal": "甲市人民政府"}],
        "issued": {"date-parts": [[2022, 7]]},
        "note": "guiwen:a.txt",
    }
