import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Index, IndexMissingError, store
from qa import library
from qa.library import ENVIRONMENT, default_index, ensure


def _silent(*_: object) -> None:
    """Report nothing."""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    return tmp_path / "cache"


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small stand-in for the seeds, that a test may change."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    shutil.copy(library.SEEDS / "003_d7dcaaf4876adf17.txt", folder)
    monkeypatch.setattr(library, "SEEDS", folder)
    return folder


def test_the_default_index_lies_in_the_cache_of_the_user(cache: Path) -> None:
    assert default_index() == cache / "guiwen" / "seeds-index"


def test_the_environment_names_another(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "mine"))
    assert default_index() == tmp_path / "mine"


def test_a_missing_default_index_is_built_and_then_kept(cache: Path, seeds: Path) -> None:
    steps: list[str] = []
    folder, report = ensure(None, lambda step, _done, _total: steps.append(step))
    assert folder == cache / "guiwen" / "seeds-index"
    assert report is not None
    assert steps
    assert list(Index.open(folder).documents) == ["003_d7dcaaf4876adf17.txt"]
    assert ensure(None, _silent) == (folder, None)
    assert store.current(folder).name == "gen-000001"


def test_a_changed_seed_makes_a_new_index(cache: Path, seeds: Path) -> None:
    folder, _ = ensure(None, _silent)
    (seeds / "new.txt").write_text("一、目标\n到2025年,城镇化率达到70%。", encoding="utf-8")
    again, report = ensure(None, _silent)
    assert again == folder
    assert report is not None
    assert "new.txt" in Index.open(folder).documents
    assert store.current(folder).name == "gen-000002"


@pytest.mark.parametrize("damage", ["manifest", "pointer", "format"])
def test_a_default_index_that_cannot_be_used_is_built_anew(
    damage: str, cache: Path, seeds: Path
) -> None:
    folder, _ = ensure(None, _silent)
    manifest = store.current(folder) / store.MANIFEST
    if damage == "manifest":
        manifest.write_text("{")
    elif damage == "format":
        manifest.write_text(
            manifest.read_text().replace(f'"format": {store.FORMAT}', '"format": 0')
        )
    else:
        (folder / store.CURRENT).unlink()
    if damage == "pointer":
        # What is left of it are generations only, which a build may replace.
        assert not store.is_index(folder)
    _, report = ensure(None, _silent)
    assert report is not None
    Index.open(folder)


def test_a_damaged_file_of_the_default_index_is_mended(cache: Path, seeds: Path) -> None:
    folder, _ = ensure(None, _silent)
    (store.current(folder) / "chunks.jsonl").write_text("half")
    ensure(None, _silent)
    Index.open(folder)


def test_a_default_index_with_a_pointer_to_nowhere_is_built_anew(cache: Path, seeds: Path) -> None:
    folder, _ = ensure(None, _silent)
    (folder / store.CURRENT).write_text("gen-000099\n")
    ensure(None, _silent)
    Index.open(folder)


def test_an_index_that_the_user_named_is_never_built(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ensure(tmp_path / "none", _silent) == (tmp_path / "none", None)
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "other"))
    assert ensure(None, _silent) == (tmp_path / "other", None)
    assert not (tmp_path / "none").exists()
    assert not (tmp_path / "other").exists()
    with pytest.raises(IndexMissingError):
        Index.open(tmp_path / "other")


def test_the_seeds_and_their_questions_lie_beside_the_packages() -> None:
    assert library.QUESTIONS.is_file()
    assert len(list(library.SEEDS.glob("*.txt"))) == 5
