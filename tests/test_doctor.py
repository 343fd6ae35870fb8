import importlib.metadata
import json
from pathlib import Path
from typing import Any

import pytest

from qa import doctor
from qa.cli import main


def test_all_is_well_with_the_index_of_the_seeds(
    seeds_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--index", str(seeds_folder), "--json"]) == 0
    found = {row["about"]: row for row in json.loads(capsys.readouterr().out)}
    assert {"Python", "语言模型", "打开索引", "磁盘", "编码器", "回答"} <= set(found)
    assert "5 份文件、227 个段落" in found["打开索引"]["detail"]
    assert "512 维，100 段" in found["编码器"]["detail"]
    assert all(row["state"] != "bad" for row in found.values())
    assert all(row["mend"] for row in found.values() if row["state"] == "slow")


@pytest.mark.parametrize(("damage", "told"), [("none", "不存在"), ("broken", "vectors.npy")])
def test_an_index_that_does_not_open_is_told_with_how_to_mend_it(
    copied_index: Path, damage: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copied_index
    if damage == "none":
        folder = copied_index / "nowhere"
    else:
        (path,) = copied_index.glob("gen-*/vectors.npy")
        path.write_bytes(path.read_bytes()[:-1])
    assert main(["doctor", "--index", str(folder)]) == 4
    out = capsys.readouterr().out
    assert "[有误] 索引：" in out and told in out
    assert "→ " in out.split("[有误]")[1] and out.rstrip().endswith("较慢 0 项。")


def test_packages_are_held_against_what_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    required = [
        "numpy>=1.26", "jieba>=99", "no-such-package", 'openai>=1; extra == "llm"',
        'no-such-reader; extra == "ocr"', 'nothing; python_version < "3" and extra == "ocr"',
    ]  # fmt: skip
    monkeypatch.setattr(importlib.metadata, "requires", lambda _name: required)

    class Metadata:
        def get_all(self, _name: str) -> list[str]:
            return ["llm", "ocr"]

    monkeypatch.setattr(importlib.metadata, "metadata", lambda _name: Metadata())
    version = importlib.metadata.version
    monkeypatch.setattr(
        importlib.metadata, "version", lambda n: "0.1" if n == "guiwen" else version(n)
    )
    own, llm, ocr = doctor.packages()
    assert (own.state, own.code) == ("bad", 1)
    assert "没有 no-such-package" in own.detail and "不合 >=99" in own.detail
    assert "numpy" not in own.detail
    assert llm.state == "ok" and llm.detail == "1 个包齐全"
    assert (ocr.state, ocr.code, ocr.mend) == ("hint", 0, "pip install 'guiwen[ocr]'")
    (none,) = doctor.packages("no-such-distribution-of-ours") if _absent(monkeypatch) else ()
    assert none.state == "hint"


def _absent(monkeypatch: pytest.MonkeyPatch) -> bool:
    def missing(name: str) -> Any:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "requires", missing)
    return True


def test_a_model_that_is_configured_is_named_and_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GUIWEN_LLM_URL", "GUIWEN_LLM_MODEL", "GUIWEN_LLM_KEY"):
        monkeypatch.delenv(name, raising=False)
    (found,) = doctor.model()
    assert found.state == "ok"
    monkeypatch.setenv("GUIWEN_LLM_URL", "http://192.0.2.1:9/v1")
    monkeypatch.setenv("GUIWEN_LLM_MODEL", "qwen")
    (found,) = doctor.model()
    assert found.state == "hint" and "192.0.2.1（qwen）" in found.detail
    monkeypatch.setenv("GUIWEN_LLM_URL", "not an address")
    (found,) = doctor.model()
    assert (found.state, found.code) == ("bad", 2)


def test_slow_is_told_with_the_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = doctor._pace("回答", 3.0, 1.0, "每问 3.0 秒", "换一台。")
    assert (slow.state, slow.mend) == ("slow", "换一台。") and "通常不超过 1 秒" in slow.detail
    assert doctor._pace("回答", 0.5, 1.0, "每问 0.5 秒", "换一台。").mend == ""
    monkeypatch.setattr("os.getloadavg", lambda: (99.0, 0, 0))
    busy = list(doctor.machine())[1]
    assert busy.state == "hint" and "99.0" in busy.detail
