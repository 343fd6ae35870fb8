import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index import InputError
from qa import library
from qa.questionnaire import Asked, Evidence, Labelled, read_asked, read_labelled

Write = Callable[[str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def make(content: str | bytes) -> Path:
        path = tmp_path / "questions.jsonl"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


def _lines(*rows: object) -> str:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


def test_questions_with_and_without_history(write: Write) -> None:
    path = write(
        _lines(
            {"id": "a", "question": "问一", "note": "extra"},
            {"id": 7, "question": "问二", "history": ["先", {"question": "中"}]},
            {
                "id": "c",
                "question": "问三",
                "history": [
                    {"role": "user", "content": "先"},
                    {"role": "assistant", "content": "答"},
                ],
            },
            {"id": "d", "question": "问四", "history": None},
        )
    )
    assert read_asked(path) == [
        Asked("a", "问一", ()),
        Asked("7", "问二", ("先", "中")),
        Asked("c", "问三", ("先",)),
        Asked("d", "问四", ()),
    ]


def test_blank_lines_a_mark_and_any_line_end_do_not_matter(write: Write) -> None:
    content = '\ufeff{"id": "a", "question": "一"}\r\n\r\n{"id": "b", "question": "二"}\n\n'
    assert [row.id for row in read_asked(write(content))] == ["a", "b"]


def test_a_line_separator_inside_a_question_ends_no_line(write: Write) -> None:
    (row,) = read_asked(write('{"id": "a", "question": "一\u2028二"}\n'))
    assert row.question == "一\u2028二"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "第 3 行：不是有效的 JSON"),
        ("[1]", "第 3 行：应为 JSON 对象，实际是 list"),
        ('"x"', "第 3 行：应为 JSON 对象，实际是 str"),
        ('{"question": "二"}', "第 3 行“id”列：应为非空文字，实际没有填写"),
        ('{"id": "", "question": "二"}', "第 3 行“id”列：应为非空文字，实际没有填写"),
        ('{"id": true, "question": "二"}', "第 3 行“id”列：应为非空文字，实际是 True"),
        ('{"id": "b"}', "第 3 行“question”列：应为非空文字，实际没有填写"),
        ('{"id": "b", "question": " "}', "第 3 行“question”列：应为非空文字，实际是 ' '"),
        ('{"id": "b", "question": 7}', "第 3 行“question”列：应为非空文字，实际是 7"),
        (
            '{"id": "b", "question": "二", "history": "先"}',
            "第 3 行“history”列：应为先前问题的列表",
        ),
        ('{"id": "b", "question": "二", "history": [7]}', "实际含有 7"),
        ('{"id": "a", "question": "二"}', "第 3 行“id”列：“a”与第 1 行重复"),
        ('{"id": "b", "question": "一"}', "第 3 行“question”列：“一”与第 1 行重复"),
    ],
)
def test_a_broken_line_is_named_by_its_number(line: str, complaint: str, write: Write) -> None:
    path = write('{"id": "a", "question": "一"}\n\n' + line + "\n")
    with pytest.raises(InputError, match="有 1 处错误") as caught:
        read_asked(path)
    assert complaint in str(caught.value)
    assert str(path) in str(caught.value)


def test_all_broken_lines_are_named_at_once_and_in_order(write: Write) -> None:
    path = write('{"id": "a"}\n{"id": "b", "question": "一"}\n{"id": "b", "question": "二"}\n{')
    with pytest.raises(InputError) as caught:
        read_asked(path)
    told = str(caught.value).splitlines()
    assert "有 3 处错误" in told[0]
    assert [sum(f"第 {n} 行" in line for line in told) for n in (1, 3, 4)] == [1, 1, 1]


def test_the_same_question_with_another_history_is_another_question(write: Write) -> None:
    rows = [
        {"id": "a", "question": "那2035年呢"},
        {"id": "b", "question": "那2035年呢", "history": ["先"]},
    ]
    assert len(read_asked(write(_lines(*rows)))) == 2


def test_a_duplicate_id_names_both_lines(write: Write) -> None:
    path = write(_lines({"id": 1, "question": "一"}, {"id": "1", "question": "二"}))
    with pytest.raises(InputError, match="第 2 行“id”列：“1”与第 1 行重复"):
        read_asked(path)


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_a_file_without_questions_is_refused(content: str, write: Write) -> None:
    with pytest.raises(InputError, match="没有问题"):
        read_asked(write(content))


def test_a_file_that_cannot_be_read_is_refused(write: Write, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="不存在"):
        read_asked(tmp_path / "none.jsonl")
    with pytest.raises(InputError, match="UTF-8"):
        read_asked(write("{}".encode("utf-16")))
    with pytest.raises(InputError, match="无法读取"):
        read_asked(tmp_path)


GROUPS = [
    [{"doc": "a.txt", "quote": "甲"}, {"doc": "b.txt", "quote": "乙"}],
    [{"doc": "a.txt", "quote": "丙"}],
]


def test_labels(write: Write) -> None:
    row = {
        "id": "a", "question": "问", "type": "value", "difficulty": "easy", "answer": "78.5%",
        "values": ["78.5%"], "reject": ["65%"], "evidence_groups": GROUPS,
    }  # fmt: skip
    (found,) = read_labelled(write(_lines(row)))
    assert found == Labelled(
        "a", "问", (), "value", "easy", ("78.5%",), ("65%",),
        ((Evidence("a.txt", "甲"), Evidence("b.txt", "乙")), (Evidence("a.txt", "丙"),)),
    )  # fmt: skip
    assert found.answerable


def test_no_groups_and_only_empty_ones_mean_that_the_documents_do_not_say(write: Write) -> None:
    rows = read_labelled(
        write(
            _lines(
                {"id": "a", "question": "问", "evidence_groups": []},
                {"id": "b", "question": "问二", "evidence_groups": [[]]},
            )
        )
    )
    assert [row.answerable for row in rows] == [False, False]


@pytest.mark.parametrize(
    ("extra", "complaint"),
    [
        ({}, "“evidence_groups”列：应为"),
        ({"evidence_groups": {}}, "“evidence_groups”列：应为"),
        ({"evidence_groups": [1]}, "“evidence_groups”列：应为"),
        ({"evidence_groups": [["x"]]}, "“evidence_groups”列：应为"),
        ({"evidence_groups": [[{"doc": "a"}]]}, "“evidence_groups”列：应为"),
        ({"evidence_groups": [[{"doc": "a", "quote": ""}]]}, "“evidence_groups”列：应为"),
        ({"evidence_groups": [], "values": "78.5%"}, "“values”列：应为非空文字的列表"),
        ({"evidence_groups": [], "reject": [7]}, "“reject”列：应为非空文字的列表"),
        ({"evidence_groups": [], "type": ["a"]}, "“type”列：应为文字"),
        ({"evidence_groups": [], "values": ["7"]}, "“values”列：文件没有写的问题"),
    ],
)
def test_a_wrong_label_is_named_by_its_line(
    extra: dict[str, object], complaint: str, write: Write
) -> None:
    with pytest.raises(InputError, match="第 1 行") as caught:
        read_labelled(write(_lines({"id": "a", "question": "问", **extra})))
    assert complaint in str(caught.value)


def test_the_questions_of_the_seeds_are_read_whole() -> None:
    rows = read_labelled(library.QUESTIONS)
    assert len(rows) == len(library.QUESTIONS.read_text(encoding="utf-8").splitlines())
    assert [row.id for row in read_asked(library.QUESTIONS)] == [row.id for row in rows]
