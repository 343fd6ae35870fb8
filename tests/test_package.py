import importlib.util
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHIPPED = ("index", "qa", "seeds", "web", "app.py", "pyproject.toml", "README.md", "LICENSE")

pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("build") is None, reason="needs build: pip install build"
    ),
    pytest.mark.skipif(
        importlib.util.find_spec("setuptools") is None, reason="needs setuptools to build offline"
    ),
]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is shipped, so that building leaves the real one clean."""
    copy = tmp_path_factory.mktemp("checkout")
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in SHIPPED:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, copy / name, ignore=ignored)
        elif path.is_file():
            shutil.copy(path, copy / name)
    return copy


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    (made,) = out.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_the_wheel_is_pure_and_called_guiwen(wheel: Path) -> None:
    assert wheel.name.startswith("guiwen-")
    assert wheel.name.endswith("-py3-none-any.whl")


def test_the_wheel_holds_every_module_and_data_file(unpacked: Path, checkout: Path) -> None:
    for package in ("index", "qa", "seeds"):
        for path in (checkout / package).rglob("*"):
            if path.is_file():
                there = unpacked / path.relative_to(checkout)
                assert there.is_file(), path
                assert there.read_bytes() == path.read_bytes(), path


@pytest.mark.parametrize(
    "name",
    [
        "index/model/model.safetensors",
        "index/model/tokenizer.json",
        "index/data/regions.tsv",
        "index/data/thesaurus.jsonl",
        "index/py.typed",
        "qa/py.typed",
        "seeds/manifest.json",
        "seeds/questions.jsonl",
        "seeds/002_42cd662d68b88e93.txt",
        "app.py",
    ],
)
def test_the_wheel_holds_what_runs_offline(name: str, unpacked: Path, checkout: Path) -> None:
    assert (unpacked / name).stat().st_size == (checkout / name).stat().st_size


def test_the_wheel_holds_nothing_of_the_workshop(unpacked: Path) -> None:
    tops = {path.name for path in unpacked.iterdir() if not path.name.endswith(".dist-info")}
    assert tops == {"index", "qa", "seeds", "web", "app.py"}


def test_the_command_is_declared_with_its_licence(unpacked: Path) -> None:
    (info,) = unpacked.glob("*.dist-info")
    assert "guiwen = qa.cli:main" in (info / "entry_points.txt").read_text()
    metadata = (info / "METADATA").read_text(encoding="utf-8")
    assert "License-Expression: Apache-2.0" in metadata
    assert list(info.rglob("LICENSE"))


def test_a_question_is_answered_from_the_wheel_alone(unpacked: Path, tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("GUIWEN", "PYTHON"))}
    environment |= {"PYTHONPATH": str(unpacked), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    done = subprocess.run(
        [sys.executable, "-m", "qa.cli", "ask", "济南2025年城镇化率目标", "--json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert "78.5%" in answer["answer"]
    cited = answer["citations"][0]
    text = (unpacked / "seeds" / cited["file"]).read_bytes().decode("utf-8")
    assert cited["quote"] == text[cited["start"] : cited["end"]]
    assert (tmp_path / "cache" / "guiwen" / "seeds-index" / "CURRENT").is_file()
