"""The library's tab and the source pane in a real browser, over libraries of its own."""

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from filelock import FileLock
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from index import build
from qa.library import SEEDS

PLAN = "甲市规划\n一、目标\n到2025年，甲市城镇化率达到70%。\n二、任务\n甲市要发展。\n"
NEWER = PLAN.replace("70%", "75%")
CITED = "到2025年，丙市城镇化率达到66%以上。"


def _pdf() -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for text in ("丙市城镇化规划", CITED, "丙市的附件。"):
        canvas.setFont("STSong-Light", 12)
        canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _word(*texts: str) -> bytes:
    made, out = docx.Document(), io.BytesIO()
    for text in texts:
        made.add_paragraph(text)
    made.save(out)
    return out.getvalue()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("libraries")


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory, home: Path, served: Any) -> Iterator[str]:
    """A page with an index made elsewhere first, a PDF in it, and libraries of its own."""
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "丙.pdf").write_bytes(_pdf())
    build([SEEDS, folder / "丙.pdf"], folder / "index")
    uploads = str(folder / "uploads")
    with served(folder / "index", "--libraries", str(home), GRADIO_TEMP_DIR=uploads) as place:
        yield place


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., list[str]]:
    def make(contents: dict[str, str | bytes]) -> list[str]:
        for name, content in contents.items():
            data = content if isinstance(content, bytes) else content.encode()
            (tmp_path / name).write_bytes(data)
        return [str(tmp_path / name) for name in contents]

    return make


def _go(page: Any) -> None:
    page.click('button[role="tab"]:has-text("资料库")')
    page.wait_for_selector(".gw-documents", timeout=30_000)


def _unfold(page: Any, name: str, inner: str) -> None:
    if not page.locator(inner).is_visible():
        page.click(f"#{name} > button")
        page.wait_for_selector(inner, timeout=10_000)


def _give(page: Any, name: str, paths: list[str]) -> None:
    page.set_input_files(f"#{name} input[type=file]", paths)
    page.wait_for_selector(f"#{name} .file-preview, #{name} table", timeout=20_000)
    # Each file is named once it is on the server.
    page.wait_for_function(
        "([name, count]) => document.querySelectorAll(`#${name} .file`).length >= count",
        arg=[name, len(paths)],
        timeout=20_000,
    )


@pytest.fixture
def made(page: Any, files: Callable[..., list[str]], home: Path) -> Iterator[Any]:
    """The tab over a library of two documents that was made there; it is deleted in the end."""
    name = f"试用{time.time_ns() % 10**9}"
    _go(page)
    _unfold(page, "gw-making", "#gw-make")
    page.fill("#gw-called textarea, #gw-called input", name)
    _give(page, "gw-intake", files({"甲.txt": PLAN, "乙.docx": _word("乙市规划", "乙市要发展。")}))
    page.click("#gw-make")
    page.wait_for_selector(
        f'.gw-outcome:has-text("已新建资料库“{name}”，放入 2 份文件")', timeout=60_000
    )
    page.wait_for_function("document.querySelectorAll('.gw-choose').length === 2", timeout=20_000)
    page.library = name
    yield page
    assert (home / name).is_dir()
    if page.locator("#gw-back").is_visible():
        page.click("#gw-back")
    page.click("#gw-drop")
    page.wait_for_selector(f'.gw-really:has-text("{name}")', timeout=10_000)
    page.click('#gw-dropping button:has-text("确定")')
    page.wait_for_selector(f'.gw-did:has-text("已删除资料库“{name}”")', timeout=20_000)
    assert not (home / name).exists()
    page.wait_for_function("document.querySelectorAll('.gw-choose').length === 6", timeout=20_000)


def _open(page: Any, name: str) -> None:
    page.click(f'.gw-choose[value="{name}"]')
    page.wait_for_selector(f'.gw-one:has-text("{name}")', timeout=20_000)


def _narrow_enough(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"))


def _ask(page: Any, question: str, shown: str) -> None:
    page.click('button[role="tab"]:has-text("问答")')
    page.fill("#gw-box textarea", question)
    page.press("#gw-box textarea", "Enter")
    page.wait_for_selector(shown, timeout=30_000)


# The list and one document


def test_the_documents_are_listed_sorted_and_filtered(page: Any) -> None:
    _go(page)
    assert page.locator(".gw-choose").count() == 6
    assert "不动那个文件夹" in page.inner_text(".gw-keeps")
    page.click('.gw-sort[value="characters"]')
    page.wait_for_selector('th.gw-of-characters[aria-sort="ascending"]', timeout=10_000)
    page.click('.gw-sort[value="characters"]')
    page.wait_for_selector('th.gw-of-characters[aria-sort="descending"]', timeout=10_000)
    assert page.locator(".gw-choose").first.get_attribute("value") == "002_42cd662d68b88e93.txt"
    page.fill("#gw-wanted input, #gw-wanted textarea", "丙 pdf")
    page.wait_for_function("document.querySelectorAll('.gw-choose').length === 1", timeout=10_000)
    page.fill("#gw-wanted input, #gw-wanted textarea", "<b>火星")
    page.wait_for_selector('.gw-nothing:has-text("<b>火星")', timeout=10_000)
    assert _narrow_enough(page)


def test_a_document_shows_its_outline_metadata_and_account(page: Any) -> None:
    _go(page)
    _open(page, "002_42cd662d68b88e93.txt")
    assert "济政发〔2022〕9号" in page.inner_text(".gw-particulars")
    page.click("#gw-document-audit > button")
    page.wait_for_selector('.gw-account:has-text("每个字都有去向")', timeout=10_000)
    page.click("#gw-document-outline > button")
    page.click("#gw-document-outline .gw-tree > li > .gw-heading >> nth=1")
    page.wait_for_selector(".gw-text mark", timeout=20_000)
    heading = page.inner_text("#gw-document-outline .gw-tree > li > .gw-heading >> nth=1")
    assert page.inner_text(".gw-text mark").strip() in heading or heading in page.inner_text(
        ".gw-text mark"
    )
    page.click(".gw-close")
    page.click(".gw-one .gw-told >> nth=0")
    page.wait_for_selector(".gw-text mark", timeout=20_000)
    assert _narrow_enough(page)


# The source pane


def test_the_outline_of_the_pane_jumps_and_words_are_found(page: Any) -> None:
    _ask(page, "济南2025年城镇化率目标", ".gw-refs")
    page.click(".gw-mark")
    page.wait_for_selector(".gw-text mark", timeout=20_000)
    page.click(".gw-contents")
    page.wait_for_selector('.gw-jump[aria-current="location"]', timeout=10_000)
    current = page.locator('.gw-jump[aria-current="location"]').inner_text()
    assert current in page.inner_text(".gw-about .gw-path")
    last = page.locator(".gw-outline .gw-tree > li:last-child > .gw-jump")
    title = last.inner_text()
    last.click()
    page.wait_for_selector(".gw-jumped", timeout=20_000)
    assert page.inner_text(".gw-jumped").strip() in title or title in page.inner_text(".gw-jumped")
    in_view = "(m) => m.getBoundingClientRect().top < window.innerHeight && m.getBoundingClientRect().top > 0"
    assert page.eval_on_selector(".gw-jumped", in_view)
    page.fill(".gw-find input", "城镇化率")
    page.press(".gw-find input", "Enter")
    page.wait_for_selector(".gw-text mark.gw-here", timeout=20_000)
    at, count = page.inner_text(".gw-hits").split(" / ")
    page.press(".gw-find input", "Enter")
    page.wait_for_function(
        "(before) => !document.querySelector('.gw-hits').textContent.startsWith(before + ' ')",
        arg=at,
        timeout=20_000,
    )
    assert int(count) > 1
    assert page.eval_on_selector(".gw-here", in_view)
    page.fill(".gw-find input", "查无此语")
    page.press(".gw-find input", "Enter")
    page.wait_for_selector('.gw-hits:has-text("没有找到")', timeout=20_000)
    assert _narrow_enough(page)


def test_the_page_of_a_pdf_is_shown_with_the_box_on_the_cited_line(page: Any) -> None:
    _ask(page, "丙市2025年城镇化率", ".gw-refs")
    page.click(".gw-mark")
    page.wait_for_selector(".gw-paper", timeout=20_000)
    assert "原件第2页" in page.inner_text(".gw-about")
    page.click(".gw-paper")
    page.wait_for_selector(".gw-leaf img", timeout=60_000)
    assert page.locator(".gw-box").count() == 1
    assert page.locator(".gw-text").is_hidden()
    # The only ink of the page is the cited line; all of it lies within the box.
    ink = page.evaluate(
        """async () => {
          const img = document.querySelector('.gw-leaf img');
          await img.decode();
          const canvas = document.createElement('canvas');
          canvas.width = img.naturalWidth; canvas.height = img.naturalHeight;
          const g = canvas.getContext('2d');
          g.drawImage(img, 0, 0);
          const data = g.getImageData(0, 0, canvas.width, canvas.height).data;
          let box = [1, 1, 0, 0];
          for (let y = 0; y < canvas.height; y++) for (let x = 0; x < canvas.width; x++)
            if (data[4 * (y * canvas.width + x)] < 128) {
              const u = x / canvas.width, v = y / canvas.height;
              box = [Math.min(box[0], u), Math.min(box[1], v), Math.max(box[2], u), Math.max(box[3], v)];
            }
          const f = document.querySelector('.gw-leaf figure').getBoundingClientRect();
          const b = document.querySelector('.gw-box').getBoundingClientRect();
          return [box, [(b.left - f.left) / f.width, (b.top - f.top) / f.height,
                        (b.right - f.left) / f.width, (b.bottom - f.top) / f.height]];
        }"""
    )
    drawn, box = ink
    assert box[0] <= drawn[0] < drawn[2] <= box[2]
    assert box[1] <= drawn[1] < drawn[3] <= box[3]
    assert box[2] - box[0] < drawn[2] - drawn[0] + 0.05
    assert box[3] - box[1] < drawn[3] - drawn[1] + 0.02
    page.click('.gw-turn:has-text("下一页")')
    page.wait_for_selector('.gw-turns:has-text("第3页，共3页")', timeout=20_000)
    assert page.locator(".gw-box").count() == 0
    page.click(".gw-back")
    page.wait_for_selector(".gw-box", timeout=20_000)
    page.focus(".gw-leaf")
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector('.gw-turns:has-text("第1页，共3页")', timeout=20_000)
    page.click(".gw-paper")
    assert page.locator(".gw-text mark").is_visible()
    assert _narrow_enough(page)


# Changes


def test_a_library_is_filled_and_answers_at_once(
    made: Any, files: Callable[..., list[str]], home: Path
) -> None:
    _unfold(made, "gw-adding", "#gw-add")
    given = {
        "丁.txt": "丁市规划\n一、目标\n到2025年，丁市建成<script>alert(1)</script>公园12个。\n",
        "假.pdf": PLAN,
    }
    _give(made, "gw-files", files(given))
    made.click("#gw-add")
    made.wait_for_selector('.gw-outcome:has-text("已放入 1 份文件")', timeout=60_000)
    told = made.inner_text(".gw-outcome")
    assert "没有放入的 1 份" in told
    assert "假.pdf" in told
    assert "内容却不是 PDF" in told
    assert str(home) not in told
    assert sorted(p.name for p in (home / made.library / "sources").iterdir()) == [
        "丁.txt",
        "乙.docx",
        "甲.txt",
    ]
    _ask(made, "甲市2025年城镇化率", ".gw-refs")
    assert "70%" in made.inner_text(".gw-statements")
    _go(made)


def test_metadata_are_edited_and_wrong_ones_told(made: Any, home: Path) -> None:
    _open(made, "甲.txt")
    _unfold(made, "gw-editing", "#gw-save")
    made.fill("#gw-field-period textarea, #gw-field-period input", "十四五")
    made.click("#gw-save")
    made.wait_for_selector('.gw-problem:has-text("例如 2021-2035")', timeout=20_000)
    made.fill("#gw-field-period textarea, #gw-field-period input", "2021-2025")
    made.fill("#gw-field-region textarea, #gw-field-region input", "济南市")
    made.click("#gw-save")
    made.wait_for_selector('.gw-outcome:has-text("已保存")', timeout=30_000)
    made.wait_for_selector('.gw-particulars:has-text("2021-2025")', timeout=20_000)
    rows = made.locator(".gw-particulars tr")
    assert "人工填写" in rows.nth(3).inner_text()
    manifest = (home / made.library / "sources" / "manifest.json").read_text(encoding="utf-8")
    assert '"region": "济南市"' in manifest
    assert "title" not in manifest
    assert _narrow_enough(made)


def test_a_document_is_replaced_and_removed_after_asking(
    made: Any, files: Callable[..., list[str]]
) -> None:
    _open(made, "甲.txt")
    _unfold(made, "gw-renewing", "#gw-renew")
    _give(made, "gw-file", files({"新版.txt": NEWER}))
    made.click("#gw-renew")
    made.wait_for_selector('.gw-outcome:has-text("已换成新版本")', timeout=60_000)
    _ask(made, "甲市2025年城镇化率", ".gw-refs")
    assert "75%" in made.inner_text(".gw-statements")
    _go(made)
    _open(made, "甲.txt")
    made.click("#gw-remove")
    made.wait_for_selector('.gw-really:has-text("甲.txt")', timeout=10_000)
    made.click('#gw-removing button:has-text("取消")')
    made.wait_for_selector(".gw-really", state="hidden", timeout=10_000)
    made.click("#gw-remove")
    made.click('#gw-removing button:has-text("确定")')
    made.wait_for_selector('.gw-outcome:has-text("已移出“甲.txt”")', timeout=60_000)
    made.wait_for_function("document.querySelectorAll('.gw-choose').length === 1", timeout=20_000)
    _open(made, "乙.docx")
    made.click("#gw-remove")
    made.click('#gw-removing button:has-text("确定")')
    made.wait_for_selector('.gw-problem:has-text("唯一的文件")', timeout=30_000)


def test_two_tabs_do_not_overwrite_one_another(
    made: Any, browser: Any, address: str, home: Path
) -> None:
    other = browser.new_page()
    other.goto(address)
    other.wait_for_selector("#gw-box textarea", timeout=60_000)
    other.click("#gw-library input")
    other.click(f'[role="option"]:has-text("{made.library}")')
    _go(other)
    other.wait_for_function("document.querySelectorAll('.gw-choose').length === 2", timeout=20_000)
    for tab in (made, other):
        _open(tab, "甲.txt")
        _unfold(tab, "gw-editing", "#gw-save")
    made.fill("#gw-field-issuer textarea, #gw-field-issuer input", "甲市人民政府")
    made.click("#gw-save")
    made.wait_for_selector('.gw-outcome:has-text("已保存")', timeout=30_000)
    other.fill("#gw-field-issuer textarea, #gw-field-issuer input", "别的机关")
    other.click("#gw-save")
    other.wait_for_selector('.gw-problem:has-text("在您打开之后已被更改")', timeout=30_000)
    other.close()
    _open_again = made.inner_text(".gw-particulars")
    assert "甲市人民政府" in _open_again
    with FileLock(home / made.library / "index" / ".changing"):
        made.fill("#gw-field-issuer textarea, #gw-field-issuer input", "第三个机关")
        made.click("#gw-save")
        made.wait_for_selector('.gw-problem:has-text("另一个窗口或程序正在更改")', timeout=30_000)
    made.click("#gw-save")
    made.wait_for_selector('.gw-outcome:has-text("已保存")', timeout=30_000)


# Bad input


def test_an_empty_file_and_a_name_that_is_taken_are_told(
    made: Any, files: Callable[..., list[str]]
) -> None:
    _unfold(made, "gw-adding", "#gw-add")
    made.click("#gw-add")
    made.wait_for_selector('.gw-problem:has-text("请先选择")', timeout=20_000)
    _give(made, "gw-files", files({"空.txt": b"", "甲.txt": NEWER}))
    made.click("#gw-add")
    made.wait_for_selector('.gw-problem:has-text("空.txt：文件是空的")', timeout=30_000)
    assert "同名文件" in made.inner_text(".gw-problem")
    _unfold(made, "gw-making", "#gw-make")
    made.fill("#gw-called textarea, #gw-called input", "../别处")
    _give(made, "gw-intake", files({"戊.txt": "戊市规划\n一、目标\n好。\n"}))
    made.click("#gw-make")
    made.wait_for_selector('.gw-problem:has-text("名称不能以点开头")', timeout=30_000)


def test_a_file_of_a_gigabyte_is_refused_before_it_is_sent(page: Any, tmp_path: Path) -> None:
    big = tmp_path / "大.txt"
    with big.open("wb") as file:
        file.truncate(2**30)
    _go(page)
    _unfold(page, "gw-adding", "#gw-add")
    page.set_input_files("#gw-files input[type=file]", str(big))
    page.wait_for_selector('.gw-toolarge:has-text("大.txt 1024 MB")', timeout=20_000)
    assert page.locator("#gw-files .file").count() == 0


def _post(address: str, name: str, size: int) -> tuple[int, str]:
    """Send ``size`` bytes as an upload, a piece at a time; return the status and what is said."""
    import http.client

    border = "guiwen"
    head = (
        f'--{border}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        "Content-Type: text/plain\r\n\r\n"
    ).encode()
    tail = f"\r\n--{border}--\r\n".encode()
    connection = http.client.HTTPConnection(address.split("/")[2], timeout=120)
    connection.putrequest("POST", "/gradio_api/upload")
    connection.putheader("Content-Type", f"multipart/form-data; boundary={border}")
    connection.putheader("Content-Length", str(len(head) + size + len(tail)))
    connection.endheaders()
    try:
        connection.send(head)
        for _ in range(size // 2**20):
            connection.send(b"a" * 2**20)
        connection.send(tail)
    except OSError:
        pass
    try:
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException):
        return 413, "closed"
    finally:
        connection.close()


def test_the_server_refuses_a_gigabyte_and_a_name_that_leads_elsewhere(
    address: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    status, _ = _post(address, "big.txt", 2**30)
    assert status == 413
    uploads = next(tmp_path_factory.getbasetemp().glob("shelf*/uploads"))
    kept = sum(path.stat().st_size for path in uploads.rglob("*") if path.is_file())
    assert kept < 50 * 2**20
    status, told = _post(address, "../../../outside.txt", 2**20)
    assert status in {200, 400}
    assert ".." not in told
    assert not list(uploads.parent.parent.glob("outside.txt"))
