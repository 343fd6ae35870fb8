"""The report in a real browser: handed in, checked, filtered, opened, kept; bad files are told."""

import io
from pathlib import Path
from typing import Any

import docx
import pytest

DRAFT = """# 济南<b>城镇化</b>简报

到2025年，济南全市森林覆盖率要达到13.7%。济南2025年常住人口城镇化率目标为76%。

临沂坚持“以红带绿、以绿衬红、红绿接蓝、古今辉映”。济南将为每户居民免费安装<img src=x onerror=alert(1)>电梯。
"""
TOO_WIDE = "() => document.documentElement.scrollWidth > window.innerWidth + 1"


def handed_in(page: Any, name: str, content: bytes) -> None:
    page.get_by_role("tab", name="报告").click()
    with page.expect_file_chooser() as chooser:
        page.click("#gw-report-file")
    chooser.value.set_files({"name": name, "mimeType": "", "buffer": content})


def kept(page: Any, button: str) -> tuple[str, bytes]:
    with page.expect_download(timeout=30_000) as download:
        page.click(button)
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_a_draft_is_checked_in_its_order_and_a_wrong_figure_opens_its_source(page: Any) -> None:
    handed_in(page, "简报.md", DRAFT.encode())
    page.wait_for_selector(".gw-findings", timeout=60_000)
    kinds = page.eval_on_selector_all(".gw-finding", "(all) => all.map((x) => x.dataset.kind)")
    assert kinds == ["supported", "figure", "quotation", "unsupported"]
    assert "有依据 1 处，要看 3 处" in page.inner_text(".gw-summary")
    figure = page.locator(".gw-finding[data-kind=figure]")
    assert figure.locator("dd").all_inner_texts() == ["76%", "78.5%以上"]
    diff = page.locator(".gw-diff")
    assert (diff.locator("del").text_content(), diff.locator("ins").text_content()) == (
        "〔删：衬〕", "〔增：映〕",
    )  # fmt: skip
    assert page.locator(".gw-report img").count() == 0
    figure.locator(".gw-place").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".gw-text mark", timeout=20_000)
    assert "提高到78.5%以上和65%左右" in page.inner_text(".gw-text mark")
    assert not page.evaluate(TOO_WIDE)


def test_the_list_shows_one_kind_when_asked_to(page: Any) -> None:
    handed_in(page, "简报.md", DRAFT.encode())
    page.wait_for_selector(".gw-findings", timeout=60_000)
    page.locator(".gw-kind[value=quotation]").focus()
    page.keyboard.press("Enter")
    assert page.locator(".gw-finding:visible").count() == 1
    assert page.get_attribute(".gw-kind[value=quotation]", "aria-pressed") == "true"
    page.click(".gw-kind[value=flagged]")
    assert page.locator(".gw-finding:visible").count() == 3
    page.click(".gw-kind[value=all]")
    assert page.locator(".gw-finding:visible").count() == 4


def test_the_finished_draft_and_the_list_are_kept_in_their_formats(page: Any) -> None:
    document = docx.Document()
    document.add_heading("济南简报", 1)
    document.add_paragraph().add_run("济南2025年常住人口城镇化率目标为76%。").bold = True
    data = io.BytesIO()
    document.save(data)
    handed_in(page, "简报.docx", data.getvalue())
    page.wait_for_selector(".gw-findings", timeout=60_000)
    name, draft = kept(page, "#gw-report-draft")
    assert name == "简报-已核对.docx"
    made = docx.Document(io.BytesIO(draft))
    assert any(part.partname == "/word/footnotes.xml" for part in made.part.package.iter_parts())
    assert made.paragraphs[1].runs[0].bold
    name, workbook = kept(page, "#gw-report-xlsx")
    assert (name, workbook[:2]) == ("简报-核对清单.xlsx", b"PK")
    name, listed = kept(page, "#gw-report-md")
    assert name == "简报-核对清单.md"
    assert "**数值不符**：济南2025年常住人口城镇化率目标为76%" in listed.decode()


def test_pasted_text_is_checked(page: Any) -> None:
    page.get_by_role("tab", name="报告").click()
    page.click("#gw-report-paste button")
    page.fill("#gw-report-text textarea", "济南2025年常住人口城镇化率目标为76%。")
    page.click("#gw-report-go")
    page.wait_for_selector(".gw-findings", timeout=60_000)
    assert page.locator(".gw-finding").count() == 1


def test_a_check_can_be_stopped(page: Any) -> None:
    handed_in(page, "长.md", (DRAFT + "\n到2025年，济南城市建成区绿地率达到37%。\n" * 300).encode())
    page.wait_for_selector(".gw-progress", timeout=30_000)
    page.click("#gw-report-stop")
    page.wait_for_selector("text=已停止，没有核对完", timeout=30_000)
    page.wait_for_timeout(1500)
    assert page.locator(".gw-findings, .gw-progress").count() == 0


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("图.docx", b"\x89PNG\r\n", "内容是 PNG 图片，不是 Word 文件"),
        ("旧.doc", b"\xd0\xcf\x11\xe0", "旧版 Word（.doc）文件"),
        ("密.docx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "设有打开密码"),
        ("表.pdf", b"%PDF-1.7", "只能核对"),
        ("白.md", b" \n", "空文件"),
    ],
    ids=["picture", "doc", "password", "pdf", "blank"],
)
def test_a_bad_file_is_told_in_plain_words(page: Any, name: str, content: bytes, told: str) -> None:
    handed_in(page, name, content)
    page.wait_for_selector("#gw-report-tab .gw-problem", timeout=30_000)
    shown = page.inner_text("#gw-report-tab .gw-problem")
    assert told in shown
    assert "/tmp" not in shown
    assert not page.evaluate(TOO_WIDE)
