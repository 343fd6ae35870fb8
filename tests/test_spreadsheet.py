"""Questions in CSV and xlsx: read as their JSONL would be, every wrong row and column named."""

import zipfile
from pathlib import Path

import openpyxl
import pytest

from index import InputError
from qa.questionnaire import Asked, Evidence, Labelled, read_asked, read_labelled

HEAD = [
    "id",
    "question",
    "type",
    "values",
    "reject",
    "doc",
    "quote",
    "doc2",
    "quote2",
    "quote2b",
    "doc2b",
]
ROWS = [
    ["a", "问一", "value", "78.5%；8亿", "", "a.txt", "甲,乙", "", "", "", ""],
    [7, "问二", "list", "", "", "a.txt", "甲\n行", "b.txt", "丙", "丁", "c.txt"],
]
FOUND = [
    Labelled("a", "问一", (), "value", "", ("78.5%", "8亿"), (), ((Evidence("a.txt", "甲,乙"),),)),
    Labelled(
        "7", "问二", (), "list",
        groups=((Evidence("a.txt", "甲\n行"),), (Evidence("b.txt", "丙"), Evidence("c.txt", "丁"))),
    ),
]  # fmt: skip


def _xlsx(path: Path, *sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"表{number}")
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def _csv(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


CSV = (
    "id,question,type,values,reject,doc,quote,doc2,quote2,quote2b,doc2b\n"
    'a,问一,value,78.5%；8亿,,a.txt,"甲,乙",,,,\n'
    '7,问二,list,,,a.txt,"甲\n行",b.txt,丙,丁,c.txt\n'
)


def test_a_workbook_is_read_as_its_jsonl_would_be(tmp_path: Path) -> None:
    assert read_labelled(_xlsx(tmp_path / "x.xlsx", [HEAD, *ROWS])) == FOUND


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_as_spreadsheets_save_it(encoding: str, delimiter: str, tmp_path: Path) -> None:
    text = CSV if delimiter == "," else CSV.replace('"甲,乙"', "甲@乙").replace(",", delimiter)
    path = _csv(tmp_path / "x.csv", text.replace("@", ","), encoding)
    assert read_labelled(path) == FOUND


def test_chinese_headers_and_what_the_documents_do_not_say(tmp_path: Path) -> None:
    path = _csv(
        tmp_path / "x.csv",
        "编号,问题,难度,先前的问题,可回答,文件,引文\nb,问,难,先|中,否,,\nc,问三,,,是,a.txt,甲\n",
    )
    first, second = read_labelled(path)
    assert first == Labelled("b", "问", ("先", "中"), "", "难")
    assert not first.answerable
    assert second.groups == ((Evidence("a.txt", "甲"),),)
    assert (first.place, second.place) == ("第 2 行", "第 3 行")


def test_a_bare_questionnaire_needs_no_evidence(tmp_path: Path) -> None:
    path = _csv(tmp_path / "x.csv", "编号,问题\na,问一\n")
    assert read_asked(path) == [Asked("a", "问一")]
    with pytest.raises(InputError, match="第 2 行“quote”列：没有引文"):
        read_labelled(path)


def test_cells_are_read_as_they_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["id", "question", "values", "doc", "quote", "answerable"])
    sheet.append([1, "问", 0.785, "a.txt", "甲", True])
    sheet["C2"].number_format = "0.0%"
    sheet.append([2.0, "问二", 1234.5, "a.txt", "甲", None])
    book.save(path)
    rows = read_labelled(path)
    assert [(row.id, row.values) for row in rows] == [("1", ("78.5%",)), ("2", ("1234.5",))]


def test_all_sheets_count_and_blank_rows_keep_their_numbers(tmp_path: Path) -> None:
    head = ["id", "question", "doc", "quote"]
    first = [head, [], ["a", "问一", "a.txt", "甲"]]
    second = [head, ["b", "问二", "a.txt", "甲"]]
    rows = read_labelled(_xlsx(tmp_path / "x.xlsx", first, second, []))
    assert [row.place for row in rows] == ["工作表“表1”第 3 行", "工作表“表2”第 2 行"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("id,question,doc,quote\n,问,a.txt,甲", "第 2 行“id”列：应为非空文字，实际没有填写"),
        ("编号,问题,文件,引文\na,,a.txt,甲", "第 2 行“问题”列：应为非空文字，实际没有填写"),
        ("id,question,doc,quote\na,问,,甲", "第 2 行“quote”列：缺少与它成对的“文件”"),
        ("id,question,doc,quote\na,问,a.txt,", "第 2 行“doc”列：缺少与它成对的“引文”"),
        ("id,question,doc,quote\na,问,a.txt,甲,多", "第 2 行：有 5 格，多于表头的 4 列"),
        (
            "id,question,doc,quote\na,问,a.txt,甲\na,问二,a.txt,甲",
            "第 3 行“id”列：“a”与第 2 行重复",
        ),
        ("id,question,doc,qoute\na,问,a.txt,甲", "第 1 行“qoute”列：不认识的列"),
        ("id,question,doc,quote,编号\na,问,a.txt,甲,b", "第 1 行“编号”列：同一列出现了两次"),
        ("题,答\na,b", "第 1 行：表头应有“id”（编号）和“question”（问题）两列，实际是：题、答"),
        (
            "id,question,可回答,doc,quote\na,问,否,a.txt,甲",
            "第 2 行“可回答”列：写着“否”，却给出了引文",
        ),
        ("id,question,可回答\na,问,也许", "第 2 行“可回答”列：应为“是”或“否”，实际是“也许”"),
        ("id,question,values,可回答\na,问,7,否", "第 2 行“values”列：文件没有写的问题"),
        ('id,question\na,"问', "不是完整的 CSV"),
        ("", "没有问题"),
        ("id,question\n", "没有问题"),
    ],
)
def test_a_wrong_table_is_named_by_row_and_column(
    text: str, complaint: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        read_labelled(_csv(tmp_path / "x.csv", text))
    assert complaint in str(caught.value)
    assert "x.csv" in str(caught.value)


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"id,question")
    with pytest.raises(InputError, match="不是完整的 xlsx"):
        read_labelled(path)


def test_a_broken_formula_is_named_by_its_cell(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["id", "question", "doc", "quote"])
    book.active.append(["a", "问", "a.txt", "甲"])
    book.active["D2"].value = "#REF!"
    book.active["D2"].data_type = "e"
    book.save(path)
    with pytest.raises(InputError, match="第 2 行“D”列：公式出错：#REF!"):
        read_labelled(path)


def test_a_workbook_that_asks_for_whole_sheets_is_read_by_its_filled_cells(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["id", "question", "可回答"])
    book.active.append(["a", "问", "否"])
    book.active.merge_cells("H1:XFD2")
    book.save(path)
    # A format on the last cell there is, and a merged area over all the rest.
    with zipfile.ZipFile(path) as held:
        parts = {name: held.read(name) for name in held.namelist()}
    name = "xl/worksheets/sheet1.xml"
    wide = parts[name].replace(b'ref="H1:XFD2"', b'ref="H3:XFD1048576"')
    assert wide != parts[name]
    parts[name] = wide.replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    )
    with zipfile.ZipFile(path, "w") as out:
        for part, data in parts.items():
            out.writestr(part, data)
    (found,) = read_labelled(path)
    assert (found.id, found.question, found.answerable) == ("a", "问", False)


def test_a_sheet_with_far_cells_in_many_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("宽")
    for _ in range(130):
        sheet.append([None] * 16383 + ["x"])
    book.save(path)
    with pytest.raises(InputError, match="工作表“宽”太宽"):
        read_labelled(path)
