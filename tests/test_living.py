import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from index import Changes, InputError, build, read_sources, store, update
from qa import Engine, Living, present

Source = Callable[..., Path]
OLD = "甲市规划\n一、目标\n到2025年,甲市城镇化率达到70%。\n"
NEW = "甲市规划\n一、目标\n现予修订。到2025年,甲市城镇化率达到75%。\n"
QUESTION = "2025年城镇化率目标"


@pytest.fixture
def folder(source: Source, tmp_path: Path) -> Path:
    return build([source({"a.txt": OLD})], tmp_path / "index").folder


def _replace(folder: Path, source: Source) -> None:
    update(folder, Changes(put=read_sources([source({"a.txt": NEW}, "new")]).documents))


def test_an_engine_is_the_same_until_the_index_changes(folder: Path) -> None:
    living = Living(Engine.open(folder))
    assert living.engine is living.engine


def test_the_next_question_is_asked_of_the_new_version(folder: Path, source: Source) -> None:
    living = Living(Engine.open(folder))
    before = living.engine
    assert "70%" in before.ask(QUESTION).text
    _replace(folder, source)
    after = living.engine
    assert "75%" in after.ask(QUESTION).text
    assert after.options is before.options
    # One that was given goes on with its own version, even one that has gone from the disk.
    update(folder, Changes(renamed={"a.txt": "b.txt"}))
    assert not before.index.folder.joinpath("gen-000001").exists()
    assert "70%" in before.ask(QUESTION).text
    assert list(living.engine.index.documents) == ["b.txt"]


def test_a_new_version_that_is_damaged_is_not_taken_up(
    folder: Path, source: Source, caplog: pytest.LogCaptureFixture
) -> None:
    living = Living(Engine.open(folder))
    before = living.engine
    _replace(folder, source)
    path = store.current(folder) / "vectors.npy"
    path.write_bytes(path.read_bytes()[:-1])
    with caplog.at_level(logging.WARNING, "guiwen"):
        assert living.engine is before
    assert "vectors.npy" in caplog.text
    assert "70%" in living.engine.ask(QUESTION).text


def test_a_place_that_was_cited_is_not_shown_when_it_says_something_else(
    folder: Path, source: Source
) -> None:
    living = Living(Engine.open(folder))
    (citation, *_) = living.engine.ask(QUESTION).citations
    place = present.target(citation.document_id, citation.span, citation.quote)
    assert citation.quote in present.source(living.engine.index, place)
    _replace(folder, source)
    with pytest.raises(InputError, match="已经更新"):
        present.source(living.engine.index, place)
