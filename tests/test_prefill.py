import json
from pathlib import Path

import pytest

from index import SourceError, prefill
from index.read import read_sources
from qa.cli import main

BODY = "现代农业、先进制造和文化旅游协同发展,公共服务持续改善,群众生活更加便利。" * 4
LETTER = (
    "索 引 号：\n370000/2023-1\n发文机关：\n济南市人民政府\n成文日期：\n2023年05月06日\n"
    "标 题：\n济南市人民政府关于印发济南市绿道规划（2023-2030年）的通知\n发文字号：\n济政发〔2023〕3号\n"
    f"各区县人民政府：\n{BODY}\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "绿道.txt").write_text(LETTER, encoding="utf-8")
    (tmp_path / "杂记.txt").write_text(f"散步的人\n{BODY}烟台" + "、烟台" * 6, encoding="utf-8")
    return tmp_path


def _rows(folder: Path) -> dict[str, dict[str, object]]:
    content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return {row["file"]: row for row in content["documents"]}


def test_a_manifest_is_filled_with_what_was_read_and_how_sure_it_is(folder: Path) -> None:
    made = prefill(folder)
    row = _rows(folder)["绿道.txt"]
    assert row["region"] == "济南市"
    assert row["period"] == [2023, 2030]
    assert (row["number"], row["issuer"]) == ("济政发〔2023〕3号", "济南市人民政府")
    assert row["issued"] == "2023-05-06"
    assert row["confidence"]["issued"] == "高"  # type: ignore[index]
    assert _rows(folder)["杂记.txt"]["confidence"]["region"] == "低"  # type: ignore[index]
    assert ("杂记.txt", "region", "烟台市") in made.doubtful
    assert made.rows == 2
    assert made.kept == 0


def test_edits_survive_and_go_before_the_text(folder: Path) -> None:
    prefill(folder)
    path = folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    row = next(row for row in content["documents"] if row["file"] == "绿道.txt")
    row |= {"region": "历城区", "number": "无", "issuer": "", "note": "已核对"}
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    made = prefill(folder)
    again = _rows(folder)["绿道.txt"]
    assert (again["region"], again["number"], again["note"]) == ("历城区", "无", "已核对")
    assert again["issuer"] == "济南市人民政府"
    assert again["confidence"]["region"] == "人工"  # type: ignore[index]
    assert made.added == 1
    document = next(d for d in read_sources([folder]).documents if d.id == "绿道.txt")
    assert (document.region, document.number, document.period) == ("历城区", "", (2023, 2030))


def test_filling_in_twice_changes_nothing(folder: Path) -> None:
    prefill(folder)
    once = (folder / "manifest.json").read_bytes()
    made = prefill(folder)
    assert (folder / "manifest.json").read_bytes() == once
    assert made.added == 0
    assert not list(folder.glob("*.part"))


def test_the_level_follows_a_region_that_was_written_by_hand(folder: Path) -> None:
    rows = [{"file": "绿道.txt", "region": "历城区"}, {"file": "杂记.txt", "level": "省级"}]
    text = json.dumps({"documents": rows}, ensure_ascii=False)
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    levels = {d.id: d.level for d in read_sources([folder]).documents}
    assert levels == {"绿道.txt": "县级", "杂记.txt": "省级"}


def test_errors_name_what_is_wrong(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(SourceError, match="不是文件夹"):
        prefill(tmp_path / "没有")
    (folder / "manifest.json").write_text("[", encoding="utf-8")
    with pytest.raises(SourceError, match="无法读取"):
        prefill(folder)


def test_the_command_says_what_to_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metadata", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "杂记.txt：地区“烟台市”把握不大，请核对" in told
    assert "共 2 份文件" in told
    assert main(["metadata", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["added"] == 0
