"""Documents of a library changed by calls: as ``guiwen add`` and ``remove`` do it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from index import Index, build, store
from qa.server.libraries import Library

Calls = Callable[..., Any]
Source = Callable[..., Path]
OLD = "甲市规划\n一、目标\n到2025年,甲市城镇化率达到70%。\n"
NEW = "甲市规划\n一、目标\n现予修订。到2025年,甲市城镇化率达到75%。\n"
OTHER = "乙市规划\n一、目标\n到2025年,乙市新建公园12个。\n"
QUESTION = {"question": "甲市2025年城镇化率目标"}


@pytest.fixture
def folder(source: Source, tmp_path: Path) -> Path:
    return build([source({"a.txt": OLD, "b.txt": OTHER})], tmp_path / "index").folder


def upload(text: str | bytes, name: str = "file.txt") -> dict[str, Any]:
    return {"file": (name, text if isinstance(text, bytes) else text.encode())}


def test_documents_are_listed_and_read(calls: Calls, folder: Path) -> None:
    client = calls(libraries={"one": folder})
    listed = client.get("/documents").json()
    assert listed["total"] == 2 and [d["document"] for d in listed["documents"]] == [
        "a.txt",
        "b.txt",
    ]
    assert listed["documents"][0]["title"] == "甲市规划"
    assert listed["documents"][0]["uri"] == "guiwen://one/a.txt"
    page = client.get("/libraries/one/documents?offset=1&limit=1").json()
    assert page["total"] == 2 and [d["document"] for d in page["documents"]] == ["b.txt"]
    assert client.get("/documents/a.txt").json()["text"] == OLD
    part = client.get("/documents/a.txt?start=0&end=4").json()
    assert (part["text"], part["start"], part["end"]) == ("甲市规划", 0, 4)
    assert client.get("/documents/a.txt?start=9&end=4").status_code == 422
    assert client.get("/documents/c.txt").status_code == 404
    assert client.get("/documents/..%2F..%2Fetc%2Fpasswd").status_code == 404


def test_a_document_is_added_replaced_and_deleted(
    calls: Calls, folder: Path, source: Source, tmp_path: Path
) -> None:
    client = calls(libraries={"one": folder})
    assert "70%" in client.post("/ask", json=QUESTION).json()["answer"]
    reply = client.put("/documents/a.txt", files=upload(NEW))
    assert reply.status_code == 200 and reply.json()["report"]["analysed"] == ["a.txt"]
    assert "folder" not in reply.json()["report"]
    assert "75%" in client.post("/ask", json=QUESTION).json()["answer"]
    reply = client.post("/documents", files=upload(OLD, "x.txt"), data={"name": "旧/甲市.txt"})
    assert reply.status_code == 201 and reply.json()["document"] == "旧/甲市.txt"
    assert client.get("/documents/旧/甲市.txt").json()["text"] == OLD
    assert client.delete("/documents/旧/甲市.txt").json()["report"]["removed"] == ["旧/甲市.txt"]
    # The index is the one that a fresh build of the same files gives.
    fresh = build([source({"a.txt": NEW, "b.txt": OTHER}, "fresh")], tmp_path / "fresh.idx").folder
    assert store.opened(folder)[1].files == store.opened(fresh)[1].files


def test_a_format_other_than_text_is_read_and_its_original_kept(calls: Calls, folder: Path) -> None:
    client = calls(libraries={"one": folder})
    table = "指标,2025年\n常住人口城镇化率（%）,78.5\n".encode()
    assert client.post("/documents", files=upload(table, "指标.csv")).status_code == 201
    original = Index.open(folder).original("指标.csv")
    assert original is not None and original.read_bytes() == table


REFUSED = [
    ("POST", "/documents", upload(NEW, "a.txt"), 409, "已有文件“a.txt”"),
    ("PUT", "/documents/c.txt", upload(NEW), 404, "没有文件“c.txt”"),
    ("DELETE", "/documents/c.txt", None, 404, "没有文件“c.txt”"),
    ("POST", "/documents", upload(NEW, "../../x.txt"), 422, "不能作为文件名称"),
    ("POST", "/documents", upload(NEW, "/etc/x.txt"), 422, "不能作为文件名称"),
    ("POST", "/documents", upload(NEW, "a" * 300 + ".txt"), 422, "文件名应为"),
    ("POST", "/documents", upload(b"MZ\0\0", "x.exe"), 422, "不支持的格式"),
    ("POST", "/documents", upload(b"", "空.txt"), 422, "空"),
    ("POST", "/documents", upload(b"%PDF-1.7 broken", "坏.pdf"), 422, "坏.pdf"),
    ("POST", "/documents", upload(b"\x81\xff\xfe\x00\x9f", "乱.txt"), 422, "乱.txt"),
    ("POST", "/documents", None, 422, "字段 file 没有给出"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "files", "status", "told"), REFUSED)
def test_what_cannot_be_done_leaves_the_index_as_it_was(
    calls: Calls, folder: Path, method: str, path: str, files: Any, status: int, told: str
) -> None:
    before = store.pointer(folder)
    client = calls(libraries={"one": folder})
    reply = client.request(method, path, files=files)
    assert reply.status_code == status
    assert told in reply.json()["error"]["message"]
    # Nothing is told of where the server keeps its files.
    assert "/tmp" not in reply.text and "upload." not in reply.text
    assert store.pointer(folder) == before


def test_the_last_document_stays(calls: Calls, folder: Path) -> None:
    client = calls(libraries={"one": folder})
    assert client.delete("/documents/a.txt").status_code == 200
    reply = client.delete("/documents/b.txt")
    assert reply.status_code == 409 and "唯一的文件" in reply.json()["error"]["message"]


def test_a_file_that_is_too_large_is_413(calls: Calls, folder: Path) -> None:
    client = calls(libraries={"one": folder}, upload=4096, body=1024)
    # A file may be larger than a call of JSON.
    assert client.post("/documents", files=upload(OTHER * 40, "c.txt")).status_code == 201
    reply = client.post("/documents", files=upload(b"x" * 80_000, "d.txt"))
    assert reply.status_code == 413 and "太大" in reply.json()["error"]["message"]


def test_an_index_that_another_writes_is_409(calls: Calls, folder: Path) -> None:
    client = calls(libraries={"one": folder})
    with store.writing(folder):
        reply = client.put("/documents/a.txt", files=upload(NEW))
    assert reply.status_code == 409 and reply.headers["retry-after"] == "5"
    library: Library = client.app.state.server.libraries["one"]
    with library.changing:
        reply = client.delete("/documents/a.txt")
    assert reply.status_code == 409 and "正在更新" in reply.json()["error"]["message"]
    assert client.put("/documents/a.txt", files=upload(NEW)).status_code == 200


def test_an_index_that_is_gone_is_503(calls: Calls, folder: Path) -> None:
    client = calls(libraries={"one": folder})
    shutil.rmtree(folder)
    reply = client.delete("/documents/a.txt")
    assert reply.status_code == 503 and "索引" in reply.json()["error"]["message"]
    # What was opened before is still answered from.
    assert "70%" in client.post("/ask", json=QUESTION).json()["answer"]


def test_documents_of_the_program_and_of_a_reading_server_stay(calls: Calls, folder: Path) -> None:
    for client in (calls(), calls(libraries={"one": folder}, read_only=True)):
        name = client.get("/documents").json()["documents"][0]["document"]
        for reply in (
            client.delete(f"/documents/{name}"),
            client.put(f"/documents/{name}", files=upload(NEW)),
            client.post("/documents", files=upload(NEW, "z.txt")),
        ):
            assert reply.status_code == 403 and "不能" in reply.json()["error"]["message"]


def test_answers_go_on_while_documents_change(calls: Calls, folder: Path) -> None:
    client = calls(libraries={"one": folder}, threads=4)
    statuses: list[int] = []

    def ask() -> None:
        for _ in range(20):
            reply = client.post("/ask", json=QUESTION)
            statuses.append(reply.status_code)
            assert "70%" in reply.json()["answer"] or "75%" in reply.json()["answer"]

    readers = [Thread(target=ask) for _ in range(3)]
    for one in readers:
        one.start()
    for text in (NEW, OLD, NEW):
        assert client.put("/documents/a.txt", files=upload(text)).status_code == 200
    for one in readers:
        one.join()
    assert statuses == [200] * 60
