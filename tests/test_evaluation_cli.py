"""The commands evaluate, label and tune, and the report in a real browser."""

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from qa import library
from qa.cli import main

NAMES = ("jn-001", "jn-002", "jn-003", "jn-054", "jn-126", "ot-125", "jn-180")
CHROMIUM = Path("/usr/bin/chromium")
HOSTILE = "<script>alert(1)</script>济南2025年城镇化率目标"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], seeds_folder: Path) -> Run:
    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([*map(str, arguments), "--index", str(seeds_folder)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    lines = library.QUESTIONS.read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["id"] in NAMES]


@pytest.fixture
def labelled(rows: list[dict[str, Any]], tmp_path: Path) -> Path:
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
    return path


def test_a_workbook_gives_the_figures_of_its_jsonl(
    run: Run, rows: list[dict[str, Any]], labelled: Path, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.active.append(["编号", "问题", "类型", "难度", "数值", "排除", "文件", "引文", "可回答"])
    for row in rows:
        evidence = (row["evidence_groups"] or [[{"doc": "", "quote": ""}]])[0][0]
        if len(row["evidence_groups"]) > 1 or row.get("history"):
            continue
        cells = [
            ";".join(row["values"]),
            ";".join(row["reject"]),
            evidence["doc"],
            evidence["quote"],
        ]
        said = "是" if row["evidence_groups"] else "否"
        book.active.append(
            [row["id"], row["question"], row["type"], row["difficulty"], *cells, said]
        )
    book.save(tmp_path / "x.xlsx")
    count = book.active.max_row - 1
    assert count >= 5
    code, out, err = run("evaluate", tmp_path / "x.xlsx", "--json")
    assert code == 0, err
    found = json.loads(out)
    assert found["questions"] == count
    assert found["answers"]["all"]["value_accuracy"] == 1.0
    assert found["answers"]["all"]["abstention_recall"] == 1.0


def test_figures_below_what_is_demanded_end_with_seven(run: Run, labelled: Path) -> None:
    code, out, err = run("evaluate", labelled, "--fail-under", "recall@10=0.5")
    assert (code, err) == (0, "")
    code, out, err = run("evaluate", labelled, "--fail-under", "bm25/recall@1=100%")
    assert code == 7
    assert "bm25/recall@1 为" in err
    assert "检索" in out
    code, out, err = run("evaluate", labelled, "--fail-under", "recall=1")
    assert (code, out) == (2, "")
    assert "不认识指标“recall”" in err


def test_runs_that_were_written_are_scored_alike_when_read(
    run: Run, labelled: Path, tmp_path: Path
) -> None:
    trec = tmp_path / "trec"
    code, out, err = run("evaluate", labelled, "--trec", trec, "--json")
    assert code == 0, err
    own = json.loads(out)["retrieval"]["bm25"]["all"]
    given = ("--run", f"first={trec / 'bm25.run'}", "--run", trec / "dense.run")
    code, out, err = run("evaluate", "--qrels", trec / "qrels.txt", *given, "--json")
    assert code == 0, err
    found = json.loads(out)
    assert set(found["retrieval"]) == {"first", "dense"}
    assert found["answers"] == {}
    assert found["retrieval"]["first"]["all"]["mrr@10"] == pytest.approx(own["mrr@10"])
    assert run("evaluate", "--qrels", trec / "qrels.txt")[0] == 2
    assert run("evaluate", "--run", trec / "bm25.run")[0] == 2


def test_a_beir_folder_that_was_written_is_ranked(run: Run, labelled: Path, tmp_path: Path) -> None:
    code, _, err = run("evaluate", labelled, "--beir", tmp_path / "beir")
    assert code == 0, err
    judged = (tmp_path / "beir" / "qrels" / "test.tsv").read_text(encoding="utf-8").splitlines()
    kept = {line.split("\t")[1] for line in judged[1:]}
    corpus = tmp_path / "beir" / "corpus.jsonl"
    lines = corpus.read_text(encoding="utf-8").splitlines()
    some = [line for at, line in enumerate(lines) if at < 30 or json.loads(line)["_id"] in kept]
    corpus.write_text("\n".join(some), encoding="utf-8")
    code, out, err = run("evaluate", tmp_path / "beir", "--json")
    assert code == 0, err
    found = json.loads(out)["retrieval"]
    assert set(found) == {"bm25", "dense", "hybrid"}
    assert found["hybrid"]["all"]["success@10"] > 0.8


# Labelling


def test_a_question_is_labelled_in_the_terminal_and_the_rest_later(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, made = tmp_path / "q.csv", tmp_path / "made.jsonl"
    asked.write_text(
        "id,question\na,济南2025年城镇化率目标\nb,济南火星移民计划\n", encoding="utf-8"
    )
    monkeypatch.setattr("sys.stdin", io.StringIO("1\nd\nq\n"))
    code, out, err = run("label", asked, "-o", made, "--depth", "2")
    assert code == 0, err
    assert "已标 1 / 2 题" in err
    monkeypatch.setattr("sys.stdin", io.StringIO("u\n"))
    code, out, err = run("label", asked, "-o", made, "--depth", "2")
    assert "问题 a" not in out
    assert "已标 2 / 2 题" in err
    first, second = map(json.loads, made.read_text(encoding="utf-8").splitlines())
    assert first["evidence_groups"][0][0]["quote"]
    assert second["evidence_groups"] == []
    code, out, err = run("evaluate", made, "--json")
    assert code == 0, err
    assert json.loads(out)["retrieval"]["bm25"]["all"]["n"] == 1


# Tuning


def test_tuning_tells_what_the_choice_is_worth(run: Run, labelled: Path) -> None:
    code, out, err = run(
        "tune", labelled, "--folds", "2", "--chunk", "200", "--json", "--sources", library.SEEDS
    )
    assert code == 0, err
    found = json.loads(out)
    assert found["questions"] == len(NAMES) - 1
    assert found["settings"] == 2 * 37
    assert found["flattering"] >= found["present_score"]["value"]
    assert sum(fold["questions"] for fold in found["folds"]) == len(NAMES) - 1
    assert run("tune", labelled, "--folds", "50")[0] == 2
    assert run("tune", labelled, "--metric", "luck")[0] == 2
    code, _, err = run("tune", labelled, "--folds", "2", "--chunk", "200")
    assert code == 2
    assert "--sources" in err


# The report


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip("Debian's Chromium is not installed")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def report(run: Run, rows: list[dict[str, Any]], tmp_path: Path) -> Path:
    """A report of a changed set against an earlier one, with a hostile question in it."""
    questions, old, made = tmp_path / "q.jsonl", tmp_path / "old.json", tmp_path / "report.html"
    rows[0]["question"] = HOSTILE
    questions.write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
    assert run("evaluate", questions, "--save", old)[0] == 0
    data = json.loads(old.read_text(encoding="utf-8"))
    for metrics in data["ranked"]["ask"].values():
        metrics["mrr@10"] = 0.1
    old.write_text(json.dumps(data), encoding="utf-8")
    code, out, err = run("evaluate", questions, "--against", old, "--html", made)
    assert code == 0, err
    assert "与先前的评测比较" in out
    return made


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_report_opens_by_itself_and_is_sifted(report: Path, browser: Any) -> None:
    text = report.read_text(encoding="utf-8")
    assert not re.search(r'(?:src|href)="(?!#)', text)
    for width in (1200, 390):
        page = browser.new_page(viewport={"width": width, "height": 900})
        asked: list[str] = []
        told: list[str] = []
        page.on("request", lambda r, asked=asked: asked.append(r.url))
        page.on("console", lambda m, told=told: told.append(m.text))
        page.on("dialog", lambda d, told=told: (told.append(d.message), d.dismiss()))
        page.goto(report.as_uri())
        assert (asked, told) == ([report.as_uri()], [])
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("figure svg").count() == 5  # four, and that of the comparison
        assert page.locator("figure svg text").count() > 20
        assert page.inner_text("#shown") == f"{len(NAMES)} / {len(NAMES)} 题"
        page.fill("#find", "jn-003")
        assert page.locator("#list .q:visible").count() == 1
        page.click("#list .q:visible summary")
        assert "839.7平方公里" in page.inner_text("#list .q:visible .body")
        page.fill("#find", "<script>alert(1)")
        assert page.locator("#list .q:visible").count() == 1
        page.close()


def test_the_same_figures_give_the_same_report(run: Run, labelled: Path, tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        assert run("evaluate", labelled, "--html", tmp_path / name)[0] == 0
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
