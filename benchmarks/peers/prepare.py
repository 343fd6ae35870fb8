"""Write passages, questions and relevance of a set, the same for every peer."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from index import BuildOptions, build
from qa import Engine
from qa.evaluate import check_labels, passage_name, relevant
from qa.models import Passage
from qa.questionnaire import read_labelled


def public(path: Path, folder: Path, limit: int = 0) -> None:
    """A public set: gzip JSONL of {"q", "p"}; the pool is every passage of the file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        pairs = [json.loads(line) for line in file]
    pool = {text: str(row) for row, text in enumerate(dict.fromkeys(pair["p"] for pair in pairs))}
    pairs = pairs[: limit or None]
    _write(folder / "passages.jsonl", ({"id": id_, "text": text} for text, id_ in pool.items()))
    _write(
        folder / "queries.jsonl",
        ({"id": str(row), "text": pair["q"]} for row, pair in enumerate(pairs)),
    )
    groups = {str(row): [[pool[pair["p"]]]] for row, pair in enumerate(pairs)}
    (folder / "groups.json").write_text(json.dumps(groups), encoding="utf-8")


def library(sources: Path, questions: Path, folder: Path) -> None:
    """A labelled set over documents: the passages of an index of ``sources``.

    A peer is given each passage with its title and section path before it, as it stands in the
    source, and a question with those before it.
    """
    shared = folder.parent / f"{sources.name}.index"
    build([sources], shared, BuildOptions(strict=False))
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "index").exists():
        (folder / "index").symlink_to(shared.resolve())
    engine = Engine.open(shared)
    asked = [one for one in read_labelled(questions) if one.answerable]
    check_labels(engine, asked)
    documents = engine.index.documents
    rows = []
    for chunk in engine.index.chunks:
        document = documents[chunk.document_id]
        head = "\n".join([document.title, *chunk.section])
        text = f"{head}\n{chunk.span.of(document.text)}"
        rows.append({"id": passage_name(Passage(chunk, "", 0.0)), "text": text})
    _write(folder / "passages.jsonl", rows)
    _write(
        folder / "queries.jsonl",
        (
            {
                "id": one.id, "text": " ".join([*one.history, one.question]),
                "question": one.question, "history": list(one.history),
            }
            for one in asked
        ),
    )  # fmt: skip
    groups = {one.id: [sorted(relevant(engine, g, {})) for g in one.groups] for one in asked}
    (folder / "groups.json").write_text(json.dumps(groups), encoding="utf-8")


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines), encoding="utf-8")
