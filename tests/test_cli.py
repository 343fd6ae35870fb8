import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import index
from qa import NOT_FOUND, library
from qa.cli import main

JINAN = "002_42cd662d68b88e93.txt"
LINYI = "001_e2e8f9ee6a7932bc.txt"
RATE = "济南2025年城镇化率目标"
Capture = pytest.CaptureFixture[str]
Source = Callable[..., Path]


@pytest.fixture
def run(seeds_folder: Path, capsys: Capture) -> Callable[..., tuple[int, str, str]]:
    """Run a command on the index of the seeds: its exit code, output and errors."""

    def call(*arguments: object) -> tuple[int, str, str]:
        given = map(str, arguments)
        words = [str(seeds_folder) if word == "SEEDS" else word for word in given]
        if words[0] in {"search", "ask", "batch", "evaluate"} and "--index" not in words:
            words += ["--index", str(seeds_folder)]
        code = main(words)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


Run = Callable[..., tuple[int, str, str]]


def _json(result: tuple[int, str, str]) -> Any:
    code, out, err = result
    assert code == 0, err
    return json.loads(out)


def _fails(result: tuple[int, str, str], code: int, *words: str) -> None:
    found, out, err = result
    assert found == code, err
    assert out == ""
    assert err.startswith("错误：")
    assert "Traceback" not in err
    for word in words:
        assert word in err


# ask


def test_ask_prints_the_answer_and_where_it_stands(run: Run) -> None:
    code, out, err = run("ask", RATE)
    assert code == 0
    assert "78.5%" in out
    assert "《济南市新型城镇化规划（2021-2035年）》" in out
    assert "济南市" in out
    assert err == ""


def test_ask_as_json(run: Run) -> None:
    found = _json(run("ask", RATE, "--json"))
    assert found["abstained"] is False
    assert found["kind"] == "figure"
    assert "78.5%" in found["answer"]
    text = (library.SEEDS / JINAN).read_bytes().decode("utf-8")
    for cited in found["citations"]:
        assert cited["quote"] == text[cited["start"] : cited["end"]]
    assert len(found["passages"]) == 10


def test_a_refusal_says_so_and_why(run: Run) -> None:
    code, out, _ = run("ask", "济南2035年常住人口城镇化率要达到多少")
    assert code == 0
    assert NOT_FOUND in out
    found = _json(run("ask", "济南2035年常住人口城镇化率要达到多少", "--json"))
    assert found["abstained"] is True
    assert found["answer"].startswith(NOT_FOUND)
    assert found["citations"] == []
    assert found["passages"]


def test_ask_with_history_and_filters(run: Run) -> None:
    found = _json(run("ask", "那临沂呢?", "--history", RATE, "--json"))
    assert "62%" in found["answer"]
    found = _json(run("ask", "城镇化率目标", "--document", LINYI, "-n", 3, "--json"))
    assert {passage["file"] for passage in found["passages"]} == {LINYI}
    assert len(found["passages"]) <= 3


# search


def test_search_lists_passages_with_place_and_scores(run: Run) -> None:
    code, out, _ = run("search", "随迁子女 公办学校", "-n", 2)
    assert code == 0
    assert out.startswith("1. 《")
    assert "\n\n2. 《" in out
    assert "公办学校" in out
    assert "得分" in out


def test_search_as_json(run: Run) -> None:
    found = _json(run("search", "随迁子女 公办学校", "-n", 4, "--json"))
    assert len(found) == 4
    for row in found:
        text = (library.SEEDS / row["file"]).read_bytes().decode("utf-8")
        assert row["text"] == text[row["start"] : row["end"]]
        assert {"bm25", "dense", "late"} <= set(row["legs"])
    assert [row["score"] for row in found] == sorted((r["score"] for r in found), reverse=True)


def test_search_by_region_and_year(run: Run) -> None:
    found = _json(run("search", "城镇化率", "--region", "临沂市", "--json"))
    assert {row["file"] for row in found} == {LINYI}
    found = _json(run("search", "城镇化率", "--year", 2035, "--json"))
    assert found
    found = _json(run("search", "临沂城镇化率", "--all-regions", "-n", 50, "--json"))
    assert len({row["file"] for row in found}) > 1


def test_both_implementations_of_bm25(run: Run) -> None:
    one = _json(run("search", "公办学校", "--json"))
    other = _json(run("search", "公办学校", "--sparse", "rank-bm25", "--json"))
    assert [row["start"] for row in one] == [row["start"] for row in other]


# index


def test_index_reports_what_became_of_the_sources(run: Run, source: Source, tmp_path: Path) -> None:
    folder = source({"a.txt": "一、目标\n到2025年,城镇化率达到70%。\n分享\n", "b.exe": b"MZ"})
    code, out, err = run("index", folder, "-o", tmp_path / "out")
    assert (code, err) == (0, "")
    assert "a.txt" in out
    assert "b.exe" in out
    assert "共 1 份文件、1 个段落" in out
    assert "70%" in run("ask", "2025年城镇化率", "--index", tmp_path / "out")[1]


def test_index_as_json(run: Run, source: Source, tmp_path: Path) -> None:
    text = "一、目标\n到2025年,城镇化率达到70%。\n分享\n"
    folder = source({"a.txt": text, "b.exe": b"MZ"})
    found = _json(run("index", folder, "-o", tmp_path / "out", "--json"))
    assert found["passages"] == 1
    (row,) = found["documents"]
    assert row["file"] == "a.txt"
    assert row["characters"] == len("".join(text.split()))
    assert row["indexed"] == row["characters"] - len("分享")
    assert row["share"] == pytest.approx(row["indexed"] / row["characters"], abs=1e-4)
    assert [text[p["start"] : p["end"]] for p in row["left_out"]] == ["分享"]
    assert found["skipped"][0]["file"].endswith("b.exe")


def test_index_keeps_going_on_request_only(run: Run, source: Source, tmp_path: Path) -> None:
    folder = source({"a.txt": "一、目标\n到2025年,城镇化率达到70%。", "b.txt": b""})
    _fails(run("index", folder, "-o", tmp_path / "one"), 3, "b.txt", "是空的")
    code, out, _ = run("index", folder, "-o", tmp_path / "two", "--keep-going")
    assert code == 0
    assert "b.txt" in out


def test_index_again_says_what_it_did(run: Run, source: Source, tmp_path: Path) -> None:
    texts = {"a.txt": "甲市规划\n到2025年,城镇化率达到70%。", "b.txt": "乙市规划\n新建公园3个。"}
    folder, out = source(texts), tmp_path / "out"
    assert "（新分析 2 份）" in run("index", folder, "-o", out)[1]
    assert "（没有变化）" in run("index", folder, "-o", out)[1]
    assert "（新分析 2 份）" in run("index", folder, "-o", out, "--fresh")[1]
    (folder / "a.txt").write_text("甲市规划\n到2025年,城镇化率达到75%。")
    found = _json(run("index", folder, "-o", out, "--json"))
    assert (found["analysed"], found["removed"], found["changed"]) == (["a.txt"], [], True)


# add, remove, rename


def test_an_index_is_kept_current_by_commands(run: Run, source: Source, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("index", source({"a.txt": "甲市规划\n到2025年,城镇化率达到70%。"}), "-o", out)
    new = source(
        {"a.txt": "甲市规划\n到2025年,城镇化率达到75%。", "b.txt": "乙市规划\n新建公园3个。"}, "new"
    )
    code, text, err = run("add", out, new / "a.txt", new / "b.txt")
    assert (code, err) == (0, "")
    assert "共 2 份文件、2 个段落（新分析 2 份）" in text
    assert "75%" in run("ask", "2025年城镇化率", "--index", out)[1]
    found = _json(run("add", out, new / "b.txt", "--as", "县/c.txt", "--json"))
    assert ([row["file"] for row in found["documents"]], found["analysed"]) == (["县/c.txt"], [])
    assert "移出：b.txt" in run("rename", out, "b.txt", "d.txt")[1]
    assert "共 2 份文件" in run("remove", out, "a.txt", "a.txt")[1]
    code, text, _ = run("audit", out)
    assert code == 0
    assert [line.split(" | ")[0] for line in text.splitlines()[2:5]] == [
        "| d.txt",
        "| 县/c.txt",
        "| 共 2 份",
    ]
    assert _json(run("audit", out, "--json"))["round_trips"] == 1.0


def test_changes_that_cannot_be_are_explained(run: Run, source: Source, tmp_path: Path) -> None:
    out = tmp_path / "out"
    folder = source(
        {"a.txt": "甲市规划\n到2025年,城镇化率达到70%。", "b.txt": "乙市规划\n新建公园3个。"}
    )
    run("index", folder, "-o", out)
    _fails(run("remove", out, "x.txt"), 2, "x.txt", "a.txt")
    _fails(run("rename", out, "a.txt", "b.txt"), 2, "b.txt")
    _fails(run("rename", out, "a.txt", "../b.txt"), 2, "../b.txt")
    _fails(run("add", out, folder, "--as", "c.txt"), 2, "--as", "2 个")
    _fails(run("add", out, folder / "a.txt", "--as", "/c.txt"), 2, "/c.txt")
    _fails(run("add", out, folder / "none.txt"), 3, "none.txt")
    _fails(run("add", tmp_path / "none", folder), 4, "none")
    _fails(run("audit", tmp_path / "none"), 4, "none")
    assert not (tmp_path / "none").exists()


# batch


@pytest.fixture
def questionnaire(tmp_path: Path) -> Path:
    path = tmp_path / "asked.jsonl"
    rows = [
        {"id": "a", "question": RATE},
        {"id": 2, "question": "那临沂呢?", "history": [RATE]},
        {"id": "c", "question": "济南2035年常住人口城镇化率要达到多少"},
        {"id": "d", "question": "濟南城鎮化規劃第五章講什麼"},
        {"id": "e", "question": "历城区那条消息的记者是谁"},
    ]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_batch_writes_one_answer_a_line_in_the_documented_form(
    run: Run, questionnaire: Path, tmp_path: Path
) -> None:
    code, out, err = run("batch", questionnaire, "-o", tmp_path / "deep" / "out.jsonl")
    assert (code, out) == (0, "")
    assert "5" in err
    content = (tmp_path / "deep" / "out.jsonl").read_bytes().decode("utf-8")
    assert content.endswith("\n")
    assert "\r" not in content
    rows = [json.loads(line) for line in content.splitlines()]
    assert [row["id"] for row in rows] == ["a", "2", "c", "d", "e"]
    for row in rows:
        assert set(row) >= {"id", "answer", "abstained", "passages", "citations"}
        assert isinstance(row["answer"], str)
        assert isinstance(row["abstained"], bool)
        for passage in row["passages"]:
            assert set(passage) == {"file", "start", "end", "score"}
            assert 0 <= passage["start"] < passage["end"]
            assert isinstance(passage["score"], float)
        for cited in row["citations"]:
            assert set(cited) >= {"file", "start", "end", "quote"}
            text = (library.SEEDS / cited["file"]).read_bytes().decode("utf-8")
            assert cited["quote"] == text[cited["start"] : cited["end"]]
    assert [row["abstained"] for row in rows] == [False, False, True, False, False]
    assert all(row["citations"] for row in rows if not row["abstained"])


def test_batch_is_the_same_twice(run: Run, questionnaire: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run("batch", questionnaire, "-o", tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_batch_refuses_a_broken_line_before_it_answers_any(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "asked.jsonl"
    path.write_text('{"id": "a", "question": "问"}\n{"id": "b"}\n', encoding="utf-8")
    _fails(run("batch", path, "-o", tmp_path / "out"), 2, "第 2 行", "question")
    assert not (tmp_path / "out").exists()


def test_batch_names_the_question_that_asks_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "asked.jsonl"
    path.write_text('{"id": "a", "question": "问题"}\n{"id": "b", "question": "？？"}\n', "utf-8")
    _fails(run("batch", path, "-o", tmp_path / "out"), 2, "“b”")
    assert not (tmp_path / "out").exists()


def test_batch_that_cannot_write_leaves_nothing_half(
    run: Run, questionnaire: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    _fails(run("batch", questionnaire, "-o", tmp_path / "file" / "out"), 4, "无法写入")
    _fails(run("batch", questionnaire, "-o", tmp_path), 4, "无法写入")


def test_batch_that_cannot_move_its_output_in_leaves_nothing_half(
    run: Run, questionnaire: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    _fails(run("batch", questionnaire, "-o", tmp_path / "out"), 4, "无法写入")
    assert not (tmp_path / ".out.new").exists()


def test_batch_has_no_other_keys(run: Run, questionnaire: Path, tmp_path: Path) -> None:
    run("batch", questionnaire, "-o", tmp_path / "out")
    for line in (tmp_path / "out").read_text(encoding="utf-8").splitlines():
        assert set(json.loads(line)) == {"id", "answer", "abstained", "passages", "citations"}


# evaluate


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    lines = library.QUESTIONS.read_text(encoding="utf-8").splitlines()
    chosen = [line for line in lines if json.loads(line)["id"] in {"jn-001", "jn-126", "jn-180"}]
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join(chosen), encoding="utf-8")
    return path


def test_evaluate_prints_tables(run: Run, labelled: Path) -> None:
    code, out, _ = run("evaluate", labelled)
    assert code == 0
    for word in ("recall@5", "mrr@10", "ndcg@10", "hybrid", "bm25", "dense"):
        assert word in out


def test_evaluate_as_json_and_trec(run: Run, labelled: Path, tmp_path: Path) -> None:
    found = _json(run("evaluate", labelled, "--json", "--trec", tmp_path / "trec"))
    assert found["questions"] == 3
    assert found["retrieval"]["ask"]["all"]["n"] == 2
    assert found["answers"]["all"]["n"] == 3
    assert {path.name for path in (tmp_path / "trec").iterdir()} >= {
        "qrels.txt", "bm25.run", "dense.run", "hybrid.run", "ask.run"
    }  # fmt: skip
    for path in (tmp_path / "trec").iterdir():
        columns = 4 if path.name == "qrels.txt" else 6
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines
        assert {len(line.split()) for line in lines} == {columns}


def test_evaluate_refuses_a_quote_that_does_not_stand(run: Run, tmp_path: Path) -> None:
    row = {
        "id": "a",
        "question": "问题",
        "evidence_groups": [[{"doc": JINAN, "quote": "没有的话"}]],
    }
    (tmp_path / "x.jsonl").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    _fails(run("evaluate", tmp_path / "x.jsonl"), 2, "“a”", "没有的话")


# compare and conflicts


def test_compare_gives_a_matrix_of_cited_values(run: Run) -> None:
    code, out, _ = run("compare", "常住人口城镇化率", "--index", "SEEDS")
    assert code == 0
    for word in ("78.5%", "62%", "济南市", "临沂市", "2025"):
        assert word in out
    found = _json(run("compare", "常住人口城镇化率", "--json", "--index", "SEEDS"))
    assert found


def test_compare_refuses_what_no_plan_gives(run: Run) -> None:
    _fails(run("compare", "圆周率", "--index", "SEEDS"), 2, "圆周率")
    _fails(run("compare", "", "--index", "SEEDS"), 2)
    _fails(run("compare", "城镇化率", "--region", "火星", "--index", "SEEDS"), 2, "火星")


def test_conflicts_are_listed(run: Run) -> None:
    code, _, err = run("conflicts", "--index", "SEEDS")
    assert (code, err) == (0, "")
    for row in _json(run("conflicts", "--json", "--index", "SEEDS")):
        assert set(row) == {"kind", "first", "second"}


# Bad input


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, ["命令有误"]),
        (("frobnicate",), 2, ["命令有误"]),
        (("ask",), 2, ["命令有误"]),
        (("ask", "问", "--nope"), 2, ["命令有误"]),
        (("ask", "问", "-n", "x"), 2, ["命令有误"]),
        (("ask", "问", "--sparse", "x"), 2, ["命令有误"]),
        (("batch", "x.jsonl"), 2, ["命令有误"]),
        (("index", "x", "-o", "y", "--chunk", "10"), 2, ["--chunk", "10"]),
        (("index", "/none/here", "-o", "/tmp/none"), 3, ["/none/here"]),
        (("ask", "问", "--index", "/none/here"), 4, ["/none/here"]),
    ],
)
def test_bad_commands_give_an_exit_code_and_a_chinese_line(
    arguments: tuple[str, ...], code: int, words: list[str], capsys: Capture
) -> None:
    found = main(list(arguments))
    captured = capsys.readouterr()
    _fails((found, captured.out, captured.err), code, *words)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("ask", ""), 2, ["空的"]),
        (("ask", "？！"), 2, ["空的"]),
        (("ask", "问" * 10_000), 2, ["10000", "过长"]),
        (("search", "\x01"), 2, ["空的"]),
        (("ask", "问题", "-n", "0"), 2, ["--count", "0"]),
        (("ask", "问题", "-n", "1001"), 2, ["--count", "1001"]),
        (("ask", "问题", "--document", "none.txt"), 2, ["none.txt", JINAN]),
        (("batch", "/none.jsonl", "-o", "/tmp/x"), 2, ["/none.jsonl", "不存在"]),
        (("evaluate", "/none.jsonl"), 2, ["/none.jsonl", "不存在"]),
        (("ask", "问题", "--encoder", "/none/model"), 5, ["/none/model"]),
    ],
)
def test_bad_questions_and_options(
    arguments: tuple[str, ...], code: int, words: list[str], run: Run
) -> None:
    _fails(run(*arguments), code, *words)


def test_a_region_that_is_none_is_refused(run: Run) -> None:
    _fails(run("ask", "问题", "--region", "火星"), 2, "火星")


def test_every_error_of_the_tree_becomes_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    errors = [getattr(index, name) for name in index.__all__ if name.endswith("Error")]
    assert len(errors) == 11
    for error in errors:

        def fail(*_: object, error: type[Exception] = error) -> None:
            raise error("说明")

        monkeypatch.setattr("qa.engine.Engine.open", fail)
        assert main(["ask", "问题", "--index", "x"]) == error.exit_code
        assert capsys.readouterr().err == "错误：说明\n"


def test_an_interruption_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("qa.engine.Engine.open", interrupt)
    assert main(["ask", "问题", "--index", "x"]) == 130
    assert capsys.readouterr().err == "已中断。\n"


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["index"],
        ["search"],
        ["ask"],
        ["batch"],
        ["evaluate"],
        ["compare"],
        ["conflicts"],
        ["app"],
    ],
)
def test_help_of_every_command(command: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as caught:
        main([*command, "--help"])
    assert caught.value.code == 0
    assert "usage" in capsys.readouterr().out


def test_as_a_program_it_prints_json_only_and_sets_the_exit_status(
    seeds_folder: Path, tmp_path: Path
) -> None:
    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(library.SEEDS.parent), "PYTHONUTF8": "1"}
        command = [sys.executable, "-W", "error::ResourceWarning", "-m", "qa.cli", *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )

    good = call("ask", RATE, "--json", "--index", str(seeds_folder))
    assert good.returncode == 0
    assert "78.5%" in json.loads(good.stdout)["answer"]
    assert good.stderr == ""
    bad = call("ask", "？", "--index", str(seeds_folder))
    assert bad.returncode == 2
    assert bad.stdout == ""
    assert "Traceback" not in bad.stderr
