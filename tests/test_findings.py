"""What a check shows and hands out: HTML, a workbook, Markdown; sentences are our own, on the seeds."""

import io
import re

import openpyxl
import pytest

from index import InputError
from qa import Engine, drafts, present
from qa.drafts.listed import HEADS
from qa.drafts.markdown import MarkdownDraft
from qa.drafts.plain import PlainDraft
from qa.drafts.read import LONGEST
from qa.words import english

DRAFT = (
    "济南<b>简报</b>。\n"
    "到2025年，济南全市森林覆盖率要达到13.7%。\n"
    "济南2025年常住人口城镇化率目标为76%。\n"
    "临沂坚持“以红带绿、以绿衬红、红绿接蓝、古今辉映”。\n"
    "济南将为每户居民免费安装<script>alert(1)</script>电梯。\n"
)


@pytest.fixture(scope="module")
def checked(engine: Engine) -> drafts.Checked:
    return drafts.check(PlainDraft(DRAFT), engine)


@pytest.fixture(scope="module")
def html(checked: drafts.Checked, engine: Engine) -> str:
    return present.findings(checked, engine.index.documents, "甲<i>.txt")


def test_a_check_goes_claim_by_claim_and_says_how_far_it_is(engine: Engine) -> None:
    steps = list(drafts.checking(PlainDraft(DRAFT), engine))
    assert [step.done for step in steps] == list(range(len(steps)))
    assert {step.total for step in steps} == {len(steps) - 1}
    kinds = [finding.verdict for finding in steps[-1].checked.findings]
    assert kinds == ["supported", "figure", "quotation", "unsupported"]
    shown = present.checking(steps[-1])
    assert f'<progress max="{len(steps) - 1}" value="{len(steps) - 1}"' in shown
    assert "其中 3 处要看" in shown


def test_the_list_is_in_the_order_of_the_draft_with_its_counts(html: str) -> None:
    assert re.findall(r'data-kind="(\w+)"', html) == [
        "supported", "figure", "quotation", "unsupported",
    ]  # fmt: skip
    assert "可核对的表述 4 处：有依据 1 处，要看 3 处。" in html
    kinds = re.findall(r'class="gw-kind" value="(\w+)" aria-pressed="(\w+)">(\S+) <span>(\d)', html)
    assert kinds == [
        ("all", "true", "全部", "4"), ("flagged", "false", "要看的", "3"),
        ("supported", "false", "有依据", "1"), ("figure", "false", "数值不符", "1"),
        ("quotation", "false", "引文不符", "1"), ("unsupported", "false", "未找到依据", "1"),
    ]  # fmt: skip


def test_a_wrong_figure_stands_beside_the_right_one_and_its_source_opens(
    html: str, engine: Engine
) -> None:
    (row,) = re.findall(r'<li[^>]*data-kind="figure">.*?</li>', html)
    assert "<dt>报告</dt><dd>76%</dd>" in row
    assert "<dt>原文</dt><dd><b>78.5%以上</b></dd>" in row
    assert "<mark>济南2025年常住人口城镇化率目标为76%</mark>" in row
    (place,) = re.findall(r'gw-place" value="([^"]+)"', row)
    assert "<mark>" in present.source(engine.index, place)


def test_an_altered_quotation_is_a_diff_that_reads_without_colour(html: str) -> None:
    assert (
        '<del><span class="gw-hidden">〔删：</span>衬<span class="gw-hidden">〕</span></del>'
        in html
    )
    assert (
        '<ins><span class="gw-hidden">〔增：</span>映<span class="gw-hidden">〕</span></ins>'
        in html
    )


def test_hostile_text_stays_text(html: str) -> None:
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<b>甲&lt;i&gt;.txt</b>" in html


def test_nothing_to_check_is_said(engine: Engine) -> None:
    nothing = drafts.check(PlainDraft("谢谢大家。"), engine)
    assert "没有找到可以核对的表述" in present.findings(nothing, engine.index.documents, "a.txt")


def test_the_list_speaks_english_around_chinese_sources(
    checked: drafts.Checked, engine: Engine
) -> None:
    shown = present.findings(checked, engine.index.documents, "a.txt", english())
    assert "! Wrong figure" in shown
    assert "<dt>Report</dt><dd>76%</dd>" in shown
    assert "Nothing in the documents of this library bears it out." in shown


def test_the_workbook_has_a_row_for_each_finding(engine: Engine) -> None:
    draft = PlainDraft(
        "到2025年，济南全市森林覆盖率要达到13.7%。\n济南将为每户居民免费安装电梯。\n"
    )
    found = drafts.check(draft, engine)
    sheet = openpyxl.load_workbook(io.BytesIO(drafts.as_xlsx(found, engine.index.documents))).active
    assert [cell.value for cell in sheet[1]] == list(HEADS)
    assert [row[1].value for row in sheet.iter_rows(2)] == ["有依据", "未找到依据"]
    assert sheet["H2"].value == (
        "济南市人民政府. 济南市新型城镇化规划（2021-2035年）: 济政发〔2022〕9号[A]. 2022-07-15."
    )
    assert sheet["H3"].value is None


def test_a_cell_that_looks_like_a_formula_is_text(engine: Engine) -> None:
    found = drafts.check(PlainDraft("=济南2025年常住人口城镇化率目标为76%。"), engine)
    sheet = openpyxl.load_workbook(io.BytesIO(drafts.as_xlsx(found, engine.index.documents))).active
    assert sheet["C2"].value == "=济南2025年常住人口城镇化率目标为76%"
    assert sheet["C2"].data_type == "s"


def test_the_list_as_markdown(checked: drafts.Checked, engine: Engine) -> None:
    text = drafts.as_markdown(checked, engine.index.documents, "甲").decode()
    lines = text.splitlines()
    assert lines[0] == "# 核对清单：甲"
    assert lines[2] == "有依据 1 处，数值不符 1 处，引文不符 1 处，未找到依据 1 处"
    assert "2. **数值不符**：济南2025年常住人口城镇化率目标为76%" in lines
    assert "   - 数值与原文不符，报告为76%，原文为78.5%以上。" in lines
    assert "   - 对照：以红带绿、以绿〔删：衬〕〔增：映〕红、红绿接蓝、古今辉映" in lines
    assert "\\<script\\>" in text


def test_pasted_text_is_markdown_only_where_it_has_such_marks() -> None:
    assert (type(drafts.pasted("甲。\n乙。")[0]), drafts.pasted("甲。")[1]) == (PlainDraft, ".txt")
    assert (type(drafts.pasted("# 甲\n\n乙")[0]), drafts.pasted("**甲**")[1]) == (
        MarkdownDraft,
        ".md",
    )
    with pytest.raises(InputError, match="没有要核对的文字"):
        drafts.pasted(" \n")
    with pytest.raises(InputError, match=f"有 {LONGEST + 1} 字"):
        drafts.pasted("字" * (LONGEST + 1))
