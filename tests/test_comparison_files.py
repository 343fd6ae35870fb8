"""A comparison as csv, xlsx, SVG and PNG: read back, numbers as numbers, text never a formula."""

import csv
import io
import json
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from index import InputError
from qa import Engine
from qa.cli import main
from qa.comparison import picture
from qa.comparison.asked import Asked
from qa.comparison.board import Board, board
from qa.comparison.chart import axis, panels
from qa.comparison.drawing import MIDDLE, NARROW, WIDE, svg, text_width
from qa.comparison.sheets import csv_bytes, guarded, heads, xlsx_bytes

RATE = "常住人口城镇化率"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def rates(engine: Engine) -> Board:
    return board(engine, Asked((RATE,), ("济南", "临沂", "成都"), (2020, 2025)))


def rows_of(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_csv_holds_each_figure_with_its_source(rates: Board, engine: Engine) -> None:
    rows = rows_of(csv_bytes(rates))
    assert [(r["地区"], r["年份或时期"], r["数值"], r["界限"], r["类型"]) for r in rows] == [
        ("济南市", "2020年", "73.5", "", "现状"),
        ("济南市", "2025年", "78.5", "不低于", "目标"),
        ("临沂市", "2025年", "62", "约", "目标"),
    ]
    for row in rows:
        text = engine.index.documents[row["文件名"]].text
        quoted = text[int(row["起（字符）"]) : int(row["止（字符）"])]
        assert quoted.strip() == row["引文"].replace("\r\n", "\n")
        assert row["原文数值"] in quoted
    number = {row["文件"]: row["文号"] for row in rows}
    assert all(number[d.title] == d.number for d in rates.documents.values() if d.title in number)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "\r=1"])
def test_text_is_never_a_formula_in_csv(text: str) -> None:
    assert guarded(text) == f"'{text}"


def test_numbers_stay_numbers_in_csv() -> None:
    assert (guarded(-1.5), guarded(62.0), guarded("62"), guarded(5.0e12)) == (
        -1.5, 62, "62", 5_000_000_000_000,
    )  # fmt: skip


def test_a_workbook_holds_numbers_that_lead_to_their_sources(rates: Board) -> None:
    book = load_workbook(io.BytesIO(xlsx_bytes(rates)))
    table, sources, notes = book.worksheets
    assert [sheet.title for sheet in book.worksheets] == ["对照表", "出处", "说明"]
    assert [[cell.value for cell in row] for row in table.iter_rows()] == [
        ["指标", "地区", "2020年", "2025年"],
        [f"{RATE}（%）", "济南市", 73.5, 78.5],
        [f"{RATE}（%）", "临沂市", "未载明", 62],
        [f"{RATE}（%）", "成都市", "无该地区文件", "无该地区文件"],
    ]
    assert table["D2"].number_format == '"≥"#,##0.0"%"'
    assert table["D3"].number_format == '"≈"#,##0"%"'
    assert table["D2"].hyperlink.location == "'出处'!A3"
    head = [cell.value for cell in sources[1]]
    assert head == heads()
    row = dict(zip(head, [cell.value for cell in sources[3]], strict=True))
    assert (row["数值"], row["单位"], row["原文数值"]) == (78.5, "%", "78.5%以上")
    (cell,) = (cell for cell in rates.cells if cell.value == "78.5%以上")
    assert (row["起（字符）"], row["止（字符）"]) == (
        cell.citation.span.start,
        cell.citation.span.end,
    )
    assert (row["引文"], row["文件"]) == (cell.citation.quote.strip(), cell.citation.title)
    assert "资料库里没有成都市的文件" in [cell.value for cell in notes["A"]]


def test_several_figures_of_one_place_are_all_shown_and_marked(
    rates: Board, engine: Engine
) -> None:
    (table,) = rates.tables
    aim = next(cell for cell in table.cells if cell.value == "78.5%以上")
    span = replace(aim.indicator.span, end=aim.indicator.span.end - 1)
    other = replace(aim, value="80%", indicator=replace(aim.indicator, value=80.0, span=span))
    found = replace(rates, tables=(replace(table, cells=(*table.cells, other)),))
    sheet = load_workbook(io.BytesIO(xlsx_bytes(found))).worksheets[0]
    assert sheet["D2"].value == "78.5%以上（目标）\n80%（目标）"
    assert sheet["D2"].fill.fgColor.rgb == "00FFF2CC"
    assert sheet["D3"].fill.fill_type is None
    assert [row["不一致"] for row in rows_of(csv_bytes(found))] == [
        "",
        "有不同数值",
        "有不同数值",
        "",
    ]


def test_a_workbook_runs_no_formula_and_takes_any_text(rates: Board) -> None:
    document = rates.tables[0].cells[0].citation.document_id
    hostile = replace(rates.documents[document], number='=HYPERLINK("http://x")\x07')
    found = replace(rates, documents={**rates.documents, document: hostile})
    sources = load_workbook(io.BytesIO(xlsx_bytes(found))).worksheets[1]
    cells = [cell for row in sources.iter_rows() for cell in row]
    assert [cell.value for cell in cells if str(cell.value).startswith("=")] == [
        '=HYPERLINK("http://x") '
    ] * sum(cell.value == document for cell in cells)
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n"}
    assert not any(row["文号"].startswith("=") for row in rows_of(csv_bytes(found)))


def drawn(found: Board, width: int = WIDE) -> ET.Element:
    return ET.fromstring(svg(found, width, alone=True))


def marks(picture_: ET.Element) -> list[str]:
    kinds = {"gw-c-target", "gw-c-baseline", "gw-c-line-target", "gw-c-band-target"}
    # The first group is the legend, with one mark of each kind.
    panels_ = [group for group in picture_ if group.tag == f"{SVG}g"][1:]
    return [
        m.get("class", "") for group in panels_ for m in group.iter() if m.get("class") in kinds
    ]


def test_a_chart_draws_targets_baselines_and_bounds(rates: Board) -> None:
    found = marks(drawn(rates))
    assert found.count("gw-c-target") == 2
    assert found.count("gw-c-baseline") == 1
    assert found.count("gw-c-line-target") == 2  # the shaft and the head of one arrow: 以上
    assert found.count("gw-c-band-target") == 1  # 左右


def test_a_value_stands_where_its_axis_says(rates: Board) -> None:
    (panel,) = panels(rates)
    assert panel.title == f"{RATE}（%）"
    assert [(line.group, line.label, line.low, line.bound) for line in panel.lines] == [
        ("济南市", "2020年", 73.5, "="),
        ("", "2025年", 78.5, ">="),
        ("临沂市", "2025年", 62.0, "≈"),
    ]
    assert (panel.axis.low, panel.axis.high) == (60.0, 80.0)
    assert panel.axis.at(73.5) == pytest.approx(0.675)
    circles = list(drawn(rates).iter(f"{SVG}circle"))
    left, right = (float(c.get("cx", "")) for c in (circles[-1], circles[-2]))
    diamond = [p for p in drawn(rates).iter(f"{SVG}path") if p.get("class") == "gw-c-baseline"][-1]
    middle = float((diamond.get("d") or "")[1:].split()[0])
    assert (middle - left) / (right - left) == pytest.approx((73.5 - 62) / (78.5 - 62), abs=0.001)


@pytest.mark.parametrize("width", [WIDE, MIDDLE, NARROW])
def test_nothing_is_drawn_outside_the_picture(width: int, rates: Board) -> None:
    picture_ = drawn(rates, width)
    for text in picture_.iter(f"{SVG}text"):
        size = 14 if text.get("class") == "gw-c-title" else 13
        words, x = text.text or "", float(text.get("x", ""))
        if text.get("text-anchor") == "middle":
            x -= text_width(words, 12) / 2
        assert x >= 0
        assert x + text_width(words, size) <= width + 1, words


def test_values_far_apart_stand_on_a_logarithmic_axis() -> None:
    wide = axis([10.0, 12_000.0])
    assert wide.logarithmic
    assert wide.ticks == (10.0, 100.0, 1000.0, 10_000.0, 100_000.0)
    assert wide.at(1000.0) == pytest.approx(0.5)
    narrow = axis([-1.0, 3.0])
    assert (narrow.logarithmic, narrow.ticks) == (False, (-1.0, 0.0, 1.0, 2.0, 3.0))
    alike = axis([5.0, 5.0])
    assert alike.low < 5.0 < alike.high


def test_hostile_names_stay_text_in_a_picture(rates: Board) -> None:
    (table,) = rates.tables
    found = replace(rates, tables=(replace(table, name="<script>alert(1)</script>"),))
    assert "<script>" not in svg(found)
    assert "<script>alert(1)</script>（%）" in [t.text for t in drawn(found).iter(f"{SVG}text")]


def test_a_board_without_figures_has_no_chart(engine: Engine) -> None:
    empty = board(engine, Asked((RATE,), ("成都",)))
    assert svg(empty) == ""
    with pytest.raises(InputError, match="没有可以画图的数值"):
        picture.png_bytes(empty)


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def test_a_png_is_the_chart_twice_as_large(rates: Board) -> None:
    pytest.importorskip("resvg_py", reason="resvg-py is not installed")
    try:
        png = picture.png_bytes(rates)
    except InputError as error:
        assert "没有中文字体" in str(error)
        pytest.skip("no Chinese font on this machine")
    frame = drawn(rates)
    assert size_of(png) == (2 * int(frame.get("width", "")), 2 * int(frame.get("height", "")))
    # A second run, and another picture where a value moves.
    assert picture.png_bytes(rates) == png


def test_a_font_without_chinese_is_told(rates: Board) -> None:
    pytest.importorskip("resvg_py", reason="resvg-py is not installed")
    matplotlib = pytest.importorskip("matplotlib", reason="brings a font without Chinese")
    latin = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    with pytest.raises(InputError, match="没有中文字形"):
        picture.png_bytes(rates, latin)


def test_without_resvg_the_extra_is_named(rates: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    picture._has_chinese.cache_clear()
    with pytest.raises(InputError, match=r"guiwen\[report\]"):
        picture.png_bytes(rates)


def test_the_command_writes_the_same_files(
    seeds_folder: Path, tmp_path: Path, rates: Board, capsys: pytest.CaptureFixture[str]
) -> None:
    table, sheet = tmp_path / "out" / "t.csv", tmp_path / "t.xlsx"
    places = ["--region", "济南", "--region", "临沂", "--region", "成都"]
    years = ["--year", "2020", "--year", "2025"]
    files = ["--csv", str(table), "--xlsx", str(sheet)]
    code = main(["compare", RATE, *places, *years, *files, "--json", "--index", str(seeds_folder)])
    assert code == 0
    assert table.read_bytes() == csv_bytes(rates)
    assert load_workbook(sheet).worksheets[0]["D2"].value == 78.5
    data = json.loads(capsys.readouterr().out)
    assert [cell["text"] for cell in data["cells"]] == ["62%左右", "73.5%", "78.5%以上"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["城镇再生水率"], ["城镇再生水率", "城镇再生水利用率"]),
        ([RATE, "--year", "明年"], ["明年", "2021-2025"]),
        ([RATE, "--region", "火星"], ["火星"]),
        ([RATE, "--png", "x.png", "--font", "/none.ttf"], ["/none.ttf"]),
        ([RATE, "--region", "成都", "--png", "x.png"], ["没有可以画图的数值"]),
    ],
)
def test_a_wrong_command_is_told_and_writes_nothing(
    arguments: list[str],
    words: list[str],
    seeds_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["compare", *arguments, "--csv", "t.csv", "--index", str(seeds_folder)]) == 2
    told = capsys.readouterr().err
    for word in words:
        assert word in told
    assert list(tmp_path.iterdir()) == []
