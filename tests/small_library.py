"""A library of a few texts that a test makes up, and what its answers begin with."""

import json
from collections.abc import Mapping
from pathlib import Path

from index import build, normalise
from qa import Answer, Engine


def engine_over(folder: Path, documents: Mapping[str, tuple[str, str, str]]) -> Engine:
    """An engine over ``documents``: name → title, region ("" for none), text."""
    rows = []
    for name, (title, region, text) in documents.items():
        (folder / name).write_text(text, encoding="utf-8")
        rows.append({"file": name, "title": title} | ({"region": region} if region else {}))
    (folder / "manifest.json").write_text(json.dumps({"documents": rows}), encoding="utf-8")
    build([folder], folder / "index")
    return Engine.open(folder / "index")


def first(answer: Answer) -> str:
    """The first statement of an answer that is none of silence."""
    assert not answer.abstained, answer.reason
    return normalise(answer.statements[0].text).text
