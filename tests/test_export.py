import json
from collections.abc import Callable

from index import Document
from qa.export import csl_json, references


def test_a_plan_with_its_number_as_gb_t_7714_has_it(document: Callable[..., Document]) -> None:
    plan = document(
        "文", title="甲市规划（2021-2035年）", issuer="甲市人民政府", number="甲政发〔2022〕9号",
        issued="2022-07-05",
    )  # fmt: skip
    assert references([plan]) == [
        "[1] 甲市人民政府. 甲市规划（2021-2035年）：甲政发〔2022〕9号[A]. 2022-07-05."
    ]


def test_a_page_on_the_web_has_its_date_in_brackets_and_its_address(
    document: Callable[..., Document],
) -> None:
    page = document(
        "文", title="甲市解读", issuer="甲报", issued="2023-01-12",
        source="转载自 https://example.gov.cn/a.html，2023年",
    )  # fmt: skip
    assert references([page]) == [
        "[1] 甲报. 甲市解读[EB/OL]. (2023-01-12). https://example.gov.cn/a.html."
    ]


def test_what_a_document_does_not_say_is_left_out_and_the_order_is_kept(
    document: Callable[..., Document],
) -> None:
    bare = document("文", title="乙市纪要")
    report = document("文", title="2026年丙市政府工作报告", issuer="丙市人民政府", issued="2026")
    assert references([bare, report]) == [
        "[1] 乙市纪要[Z].",
        "[2] 丙市人民政府. 2026年丙市政府工作报告[R]. 2026.",
    ]
    assert references([]) == []


def test_csl_json_is_what_other_programs_read(document: Callable[..., Document]) -> None:
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
