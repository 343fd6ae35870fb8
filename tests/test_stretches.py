"""Parts of files are read as they stand there, whatever their borders."""

from pathlib import Path

import numpy as np
import pytest

from index import stretches
from index.stretches import Lines, Rows


@pytest.mark.parametrize("row", [(), (3,)])
def test_rows_of_an_array_file(row: tuple[int, ...], tmp_path: Path) -> None:
    array = np.arange(7 * int(np.prod(row, dtype=int)), dtype=np.int32).reshape(7, *row)
    np.save(tmp_path / "a.npy", array)
    rows = Rows.of_npy(tmp_path / "a.npy")
    assert rows.between(2, 6).tolist() == array[2:6].tolist()
    assert rows.between(0, 7).dtype == np.int32
    assert rows.between(7, 7).shape == (0, *row)


@pytest.mark.parametrize("block", [1, 4, 2**22])
def test_lines_of_a_file_read_in_blocks_of_any_size(
    block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretches, "_BLOCK", block)
    (tmp_path / "a").write_bytes(b"one\n\nthree\nfour\n")
    lines = Lines(tmp_path / "a")
    assert [lines.between(i, i + 1) for i in range(4)] == [b"one\n", b"\n", b"three\n", b"four\n"]
    assert lines.between(1, 3) == b"\nthree\n"
    assert lines.between(4, 4) == b""


def test_a_file_without_lines(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert Lines(tmp_path / "a").between(0, 0) == b""
