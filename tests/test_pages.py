"""Pictures of pages, and that the box of a cited line is on its words."""

import io
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from index import Index, InputError, SourceError, Span, build, page_image, pages, places
from index.read.guard import Guard

FONT = "STSong-Light"
LINES = (
    "甲市城镇化发展规划",
    "到2025年，甲市常住人口城镇化率达到78.5%以上，户籍人口城镇化率达到65%左右。",
    "新增公共停车位5000个以上，城市综合承载力明显增强，公共服务更加均衡可及。",
)
CITED = "新增公共停车位5000个以上"


def _written(path: Path, turn: int = 0, cropped: bool = False, columns: int = 1) -> None:
    """Lines in black, the cited one in red, so that a picture tells where it stands."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(path), pagesize=(595, 842))
    height = 842 if turn in {0, 180} else 595
    for page in range(2):
        canvas.translate(*{0: (0, 0), 90: (595, 0), 180: (595, 842), 270: (0, 842)}[turn])
        canvas.rotate(turn)
        canvas.setFont(FONT, 11)
        for column in range(columns):
            for number, line in enumerate(LINES * 5 if columns > 1 else LINES):
                here = page == 1 and column == columns - 1 and number == 2
                canvas.setFillColorRGB(*((1, 0, 0) if here else (0, 0, 0)))
                wide = line[:18] if columns > 1 else line
                text = wide if page or number else f"{wide}目录"
                text = text.rstrip("。") if here else text.replace("停车位", "泊车处")
                canvas.drawString(72 + 240 * column, height - 142 - 22 * number, text)
        canvas.showPage()
    canvas.save()
    pdf, out = pypdfium2.PdfDocument(path.read_bytes()), io.BytesIO()
    for page in pdf:
        page.set_rotation(turn)
        if cropped:
            page.set_cropbox(40, 30, 575, 792)
    pdf.save(out)
    path.write_bytes(out.getvalue())


def _red(picture: Image.Image) -> tuple[int, int, int, int]:
    bands = picture.convert("RGB").split()
    strong = bands[0].point(lambda v: 255 * (v > 150))
    dark = bands[1].point(lambda v: 255 * (v < 110))
    box = Image.composite(strong, Image.new("L", strong.size), dark).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("how", ["whole", "cropped", "columns"])
def test_the_box_is_on_the_cited_words_of_the_picture(turn: int, how: str, tmp_path: Path) -> None:
    _written(tmp_path / "a.pdf", turn, how == "cropped", 2 if how == "columns" else 1)
    index = Index.open(build([tmp_path / "a.pdf"], tmp_path / "index").folder)
    text = index.documents["a.pdf"].text
    at = text.rindex(CITED[:10])
    (place,) = places(index.documents["a.pdf"], Span(at, at + 10))
    shown = page_image(index, "a.pdf", place.page)
    picture = Image.open(io.BytesIO(shown.picture))
    assert (shown.number, shown.pages, shown.kind) == (2, 2, "image/png")
    assert picture.width == pytest.approx(2 * shown.width, abs=1)
    assert picture.height == pytest.approx(2 * shown.height, abs=1)
    assert place.box is not None
    red = [edge / 2 for edge in _red(picture)]
    # The box has the height of the font and the width of the words, a few points aside.
    assert place.box == pytest.approx(red, abs=4)


def test_a_page_of_colour_keeps_it_and_a_photograph_is_no_huge_png(tmp_path: Path) -> None:
    noise = Image.effect_noise((1200, 1700), 80).convert("RGB")
    noise.putpixel((0, 0), (255, 0, 0))
    noise.save(tmp_path / "n.jpg", quality=95)
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(595, 842))
    canvas.drawImage(str(tmp_path / "n.jpg"), 0, 0, 595, 842)
    canvas.showPage()
    canvas.setFont(FONT, 12)
    canvas.drawString(72, 700, LINES[1])
    canvas.save()
    index = Index.open(build([tmp_path / "a.pdf"], tmp_path / "index").folder)
    scan = page_image(index, "a.pdf", 1)
    assert scan.kind == "image/jpeg"
    assert len(scan.picture) < 2_000_000
    assert page_image(index, "a.pdf", 2).kind == "image/png"


def test_a_poster_is_drawn_smaller(tmp_path: Path) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(4000, 3000))
    canvas.setFont(FONT, 12)
    canvas.drawString(72, 700, LINES[1])
    canvas.save()
    index = Index.open(build([tmp_path / "a.pdf"], tmp_path / "index").folder)
    shown = page_image(index, "a.pdf", 1)
    picture = Image.open(io.BytesIO(shown.picture))
    assert picture.width * picture.height <= 4_010_000
    assert picture.width / picture.height == pytest.approx(shown.width / shown.height, rel=0.01)


@pytest.fixture
def index(source: Callable[..., Path], tmp_path: Path) -> Index:
    folder = source({"b.txt": "乙市规划\n一、目标\n乙市要发展。\n"})
    _written(folder / "a.pdf")
    return Index.open(build([folder], tmp_path / "index").folder)


@pytest.mark.parametrize(
    ("name", "page", "error", "told"),
    [
        ("a.pdf", 3, SourceError, "没有第 3 页：文件共 2 页"),
        ("a.pdf", 0, SourceError, "没有第 0 页"),
        ("b.txt", 1, InputError, "不是 PDF"),
        ("c.pdf", 1, InputError, "没有文件"),
    ],
)
def test_a_page_that_is_not_there_is_told(
    name: str, page: int, error: type[Exception], told: str, index: Index
) -> None:
    with pytest.raises(error, match=told):
        page_image(index, name, page)


def test_the_latest_pages_are_kept_and_the_rest_forgotten(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "KEPT", 1)
    first = page_image(index, "a.pdf", 1)
    assert page_image(index, "a.pdf", 1) is first
    page_image(index, "a.pdf", 2)
    again = page_image(index, "a.pdf", 1)
    assert again == first
    assert again is not first


def test_a_page_that_takes_too_long_is_given_up_and_the_next_one_is_drawn(index: Index) -> None:
    path = index.original("a.pdf")
    assert path is not None
    with Guard(seconds=0.01) as guard, pytest.raises(SourceError, match="秒内没有读完"):
        guard.picture(path, 1)
    with Guard() as guard:
        assert guard.picture(path, 1)[3] == 2
