"""What a folder may hold besides files: nothing is opened that might not end, nothing is lost unsaid."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from index import Index, SourceError, build
from index.read import read_sources
from index.read.folder import read_file
from index.read.manifest import Entry

Source = Callable[..., Path]
TEXT = "甲市规划\n到2025年，常住人口城镇化率提高到78.5%以上。\n"
pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes and links")


@pytest.fixture
def folder(source: Source) -> Path:
    return source({"好.txt": TEXT})


def told(folder: Path) -> list[tuple[str, str]]:
    """Read ``folder``, of which only 好.txt can be read; return what is told of the rest."""
    reading = read_sources([folder])
    assert [one.id for one in reading.documents] == ["好.txt"]
    return [(one.path.name, one.reason) for one in reading.skipped]


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.docx", "a"])
def test_a_pipe_is_told_and_not_opened(name: str, folder: Path) -> None:
    os.mkfifo(folder / name)
    assert told(folder) == [(name, "是管道，不是普通的文件")]
    with pytest.raises(SourceError, match=rf"{name}”是管道，不是普通的文件"):
        read_sources([folder / name])
    with pytest.raises(SourceError, match=rf"{name}”是管道，不是普通的文件，没有读取"):
        read_file(folder / name, name, Entry())


def test_a_device_and_a_socket_are_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.txt").symlink_to("/dev/zero")
    monkeypatch.chdir(folder)  # the path of a socket may not be long
    with socket.socket(socket.AF_UNIX) as end:
        end.bind("b.txt")
        assert told(folder) == [
            ("a.txt", "是设备，不是普通的文件"),
            ("b.txt", "是套接字，不是普通的文件"),
        ]
    with pytest.raises(SourceError, match="“/dev/zero”是设备"):
        read_sources([Path("/dev/zero")])


def test_links_to_files_are_read_and_others_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "b.txt").write_text(TEXT)
    (folder / "again").symlink_to(folder)
    (folder / "else").symlink_to(tmp_path / "else")
    (folder / "gone.pdf").symlink_to(tmp_path / "gone.pdf")
    (folder / "round.txt").symlink_to(folder / "round.txt")
    assert told(folder) == [
        ("again", "是指向文件夹的链接，没有跟进"),
        ("else", "是指向文件夹的链接，没有跟进"),
        ("gone.pdf", "是链接，所指的文件不存在"),
        ("round.txt", "是链接，所指的文件不存在"),
    ]
    (folder / "b.txt").symlink_to(tmp_path / "else" / "b.txt")
    assert [one.id for one in read_sources([folder]).documents] == ["b.txt", "好.txt"]


def test_a_link_to_the_folder_itself_is_the_folder(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    assert [one.id for one in read_sources([tmp_path / "link"]).documents] == ["好.txt"]


def test_a_name_of_255_bytes_is_indexed(folder: Path, tmp_path: Path) -> None:
    name = "甲" * 83 + "aa.txt"
    assert len(name.encode()) == 255
    (folder / name).write_text(TEXT)
    build([folder], tmp_path / "index")
    assert sorted(Index.open(tmp_path / "index").documents) == sorted(["好.txt", name])


def test_a_name_in_an_old_encoding_is_told_in_words_that_can_be_printed(folder: Path) -> None:
    with open(os.fsencode(folder) + "/规划.txt".encode("gb18030"), "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(TEXT)
    ((name, reason),) = told(folder)
    assert name == "规划.txt"
    assert "名称不是 UTF-8 编码" in reason
    given = Path(os.fsdecode(os.fsencode(folder) + "/规划.txt".encode("gb18030")))
    with pytest.raises(SourceError, match=r"规划\.txt”：名称不是 UTF-8 编码"):
        read_sources([given])


def test_a_path_too_long_to_be_opened_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    for _ in range(30):
        os.mkdir("a" * 200)  # noqa: PTH102
        os.chdir("a" * 200)
    Path("b.txt").write_text(TEXT)
    ((name, reason),) = told(folder)
    assert name == "a" * 200
    assert reason.startswith("文件夹无法打开：")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_told(folder: Path) -> None:
    (folder / "closed").mkdir(mode=0)
    assert told(folder) == [("closed", "文件夹无法打开：Permission denied")]


def test_a_folder_named_as_a_file_is_a_folder(folder: Path) -> None:
    (folder / "a.pdf").mkdir()
    assert told(folder) == []
