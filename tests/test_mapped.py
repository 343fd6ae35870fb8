from pathlib import Path

import numpy as np
import pytest

from index.mapped import GrowingArray, Lines, Named, Rows, borders_of, mapped_array, write_borders
from index.vocabulary import Known, Stored, read_terms


def test_lines_are_read_by_their_borders(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes("一\n\n二三\n".encode())
    write_borders(path)
    lines = Lines(path)
    assert borders_of(path).name == "rows.lines.npy"
    assert len(lines) == 3
    assert [lines.of(at, at + 1).decode() for at in range(3)] == ["一\n", "\n", "二三\n"]
    assert lines.of(0, 3) == path.read_bytes()


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"")
    write_borders(path)
    assert len(Lines(path)) == 0


def test_an_array_grows_in_its_file(tmp_path: Path) -> None:
    growing = GrowingArray(tmp_path / "a.npy", np.dtype(np.int32), (2,))
    growing.add(np.array([[1, 2]]))
    growing.add(np.zeros((0, 2), dtype=np.int32))
    growing.add(np.array([[3, 4], [5, 6]]))
    assert growing.count == 3
    growing.finish()
    assert mapped_array(tmp_path / "a.npy").tolist() == [[1, 2], [3, 4], [5, 6]]
    assert mapped_array(tmp_path / "a.npy").dtype == np.int32


def test_rows_are_made_when_they_are_asked_for() -> None:
    asked: list[int] = []

    def read(at: int) -> str:
        asked.append(at)
        return str(at)

    rows = Rows(4, read)
    assert len(rows) == 4
    assert asked == []
    assert (rows[2], rows[-1], rows[2]) == ("2", "3", "2")
    assert asked == [2, 3]
    assert rows[1:3] == ("1", "2")
    assert list(rows) == ["0", "1", "2", "3"]
    assert rows == ("0", "1", "2", "3")
    assert rows != ("0", "1")
    with pytest.raises(IndexError, match="expected a row below 4, got 4"):
        rows[4]


def test_named_rows_keep_their_order() -> None:
    named = Named({"b": 0, "a": 1}, str)
    assert dict(named) == {"b": "0", "a": "1"}
    assert "a" in named
    assert "c" not in named
    with pytest.raises(KeyError):
        named["c"]


def test_terms_keep_their_numbers_on_disk(tmp_path: Path) -> None:
    numbers = {term: at for at, term in enumerate(["城镇", "2025", "wi-fi", "城", "78.5%"])}
    known = Known(numbers)
    known.save(tmp_path)
    stored = Stored(tmp_path)
    asked = ["78.5%", "乡村", "城镇", "", "2025", "城", "2026"]
    assert stored.numbers(asked) == known.numbers(asked) == [4, -1, 0, -1, 1, 3, -1]
    assert stored.numbers([]) == []
    assert stored.characters == known.characters == frozenset("城镇")
    assert read_terms(tmp_path) == list(numbers)


def test_a_term_with_the_checksum_of_another_is_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.vocabulary._sum", lambda _: 7)
    Known({"城镇": 0}).save(tmp_path)
    assert Stored(tmp_path).numbers(["乡村", "城镇"]) == [-1, 0]
