import os
from pathlib import Path

import pytest

from index import Index, IndexDamagedError, checked, store
from index.dense import VECTORS


@pytest.fixture
def large(copied_index: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index of which all files of a kilobyte count as large; opened once."""
    monkeypatch.setattr(checked, "LARGE", 1024)
    Index.open(copied_index)
    return copied_index


def _compared(folder: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The files whose checksums are found when the index is opened."""
    seen: set[str] = set()
    compare = store._compare
    with monkeypatch.context() as patch:
        patch.setattr(store, "_compare", lambda p, e: seen.add(p.name) or compare(p, e))
        Index.open(folder)
    return seen


def test_what_was_compared_and_has_not_changed_is_not_again(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = _compared(large, monkeypatch)
    assert VECTORS not in seen
    assert "starts.npy" in seen, "small files always are"


def test_a_change_is_found(large: Path) -> None:
    path = store.current(large) / VECTORS
    path.write_bytes(path.read_bytes()[:-4] + b"abcd")
    with pytest.raises(IndexDamagedError, match=VECTORS):
        Index.open(large)


def test_another_time_of_change_is_reason_enough(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = store.current(large) / VECTORS
    os.utime(path, ns=(1, 1))
    assert VECTORS in _compared(large, monkeypatch)
    assert VECTORS not in _compared(large, monkeypatch)


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"seal": "x", "files": {"a": 1}}'])
def test_a_note_that_does_not_fit_is_no_note(
    content: str, large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (large / checked.FILE).write_text(content, encoding="utf-8")
    assert VECTORS in _compared(large, monkeypatch)


def test_a_missing_file_is_damage_noted_or_not(large: Path) -> None:
    (store.current(large) / VECTORS).unlink()
    with pytest.raises(IndexDamagedError, match=VECTORS):
        Index.open(large)
