"""What is read but for the plans: general pairs of query and passage, and the thesaurus."""

import gzip
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from encoder.text import Normaliser

# State Council reports, sentence by sentence: the one corpus in two languages.
TRANSLATIONS = "gov_reports_en_zh"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pair:
    """A query and the passage that answers it.

    Passages of one key are never each other's negatives; without a key, only equal passages are not.
    """

    query: str
    passage: str
    key: str = ""


@dataclass(frozen=True)
class Entry:
    """One matter of the thesaurus: the official term, its variants, and how people put it."""

    term: str
    official: tuple[str, ...]
    lay: tuple[str, ...]
    en: tuple[str, ...]
    questions: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The official term and its variants."""
        return (self.term, *self.official)


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a JSON Lines file, gzipped or plain."""
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8") as packed:
            yield from map(json.loads, packed)
        return
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def read_pairs(folder: Path, normalise: Normaliser) -> dict[str, list[Pair]]:
    """Read every ``NAME.jsonl.gz`` of {"q", "p"} (or {"en", "zh"}), by name in alphabetical order."""
    found: dict[str, list[Pair]] = {}
    for path in sorted(folder.glob("*.jsonl.gz")):
        name = path.name.removesuffix(".jsonl.gz")
        first, second = ("en", "zh") if name == TRANSLATIONS else ("q", "p")
        found[name] = [
            Pair(normalise(row[first]), normalise(row[second])) for row in read_jsonl(path)
        ]
        logger.info("read %s: %d pairs", name, len(found[name]))
    return found


def read_thesaurus(path: Path, normalise: Normaliser) -> list[Entry]:
    """Read lines of {term, official, lay, en, questions} with every wording normalised."""

    def wordings(row: dict[str, Any], name: str) -> tuple[str, ...]:
        return tuple(normalise(value) for value in row.get(name, ()))

    return [
        Entry(
            term=normalise(row["term"]),
            official=wordings(row, "official"),
            lay=wordings(row, "lay"),
            en=wordings(row, "en"),
            questions=wordings(row, "questions"),
        )
        for row in read_jsonl(path)
    ]
