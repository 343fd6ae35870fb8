"""Plans cut into chunks, and the written questions that point into them."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from encoder.corpora import read_jsonl
from encoder.text import Normaliser, sentences

_HEADING = re.compile(
    r"^(第[一二三四五六七八九十百]+[篇章节]|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)"
)
_CONTENTS_LINE = re.compile(r"[.…·]{4,}\s*\d+\s*$")
_TITLE = re.compile(r"^# title:\s*(.+)$", re.MULTILINE)
_SENTENCE_ENDS = ("。", "！", "？", "；", "：")
# Lengths in characters: of a line that may be broken, a heading, a chunk at most and at least.
_BROKEN_LINE, _LONGEST_HEADING, _LONGEST_CHUNK, _SHORTEST_CHUNK = 18, 40, 300, 20


@dataclass(frozen=True)
class Chunk:
    """A stretch of a plan: its document's key, title, the heading above it, its text."""

    document: str
    title: str
    heading: str
    text: str

    @property
    def titled(self) -> str:
        """The text as an index embeds it: title and heading on a line of their own."""
        above = f"{self.title} · {self.heading}" if self.heading else self.title
        return f"{above}\n{self.text}"


@dataclass(frozen=True)
class Question:
    """Three wordings of one question and the chunk of a plan that answers it."""

    lay: str
    expert: str
    short: str
    chunk: Chunk


def in_fold(document: str, number: int, count: int) -> bool:
    """Tell whether a document is of fold ``number`` of ``count``, by checksum.

    ``document`` is its path below the data folder, as the questions name it.
    """
    return int(hashlib.sha256(document.encode()).hexdigest(), 16) % count == number


def rejoin(text: str) -> str:
    """Join lines that a page broke inside a sentence; headings stay on lines of their own."""
    lines: list[str] = []
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith("# ") or _CONTENTS_LINE.search(line):
            continue
        body = lines and not _HEADING.match(line) and not _HEADING.match(lines[-1])
        if body and not lines[-1].endswith(_SENTENCE_ENDS) and len(lines[-1]) > _BROKEN_LINE:
            lines[-1] += line
        else:
            lines.append(line)
    return "\n".join(lines)


def cut(path: Path, data: Path, normalise: Normaliser) -> list[Chunk]:
    """Cut a plan below ``data`` into chunks of whole sentences under their heading."""
    text = path.read_text(encoding="utf-8")
    key, title = path.relative_to(data).as_posix(), normalise(_title(text, path))
    heading, held, chunks = "", "", []
    for line in [*rejoin(text).splitlines(), ""]:
        starts = bool(_HEADING.match(line)) or not line
        for sentence in sentences(line) if not starts else [""]:
            if held and (not sentence or len(held) + len(sentence) > _LONGEST_CHUNK):
                chunks.append(Chunk(key, title, heading, normalise(held)))
                held = ""
            held += sentence
        if starts and len(line) <= _LONGEST_HEADING:
            heading = normalise(line)
        elif starts:
            # A run-in heading: too long for a heading alone, its sentence belongs to the text.
            held = line
    return [chunk for chunk in chunks if len(chunk.text) >= _SHORTEST_CHUNK]


def read_plans(data: Path, normalise: Normaliser) -> list[Chunk]:
    """Cut every ``plans/**/*.txt`` below the data folder."""
    paths = sorted((data / "plans").rglob("*.txt"))
    return [chunk for path in paths for chunk in cut(path, data, normalise)]


def read_questions(data: Path, normalise: Normaliser) -> list[Question]:
    """Read ``questions/passage_questions.jsonl`` with the stretch of the plan that each points to.

    A line holds {doc, start, end, heading, lay, expert, short}: the document's path below the data
    folder, the span in characters of its text, the heading, and three wordings.
    """
    texts: dict[str, str] = {}
    found = []
    for row in read_jsonl(data / "questions" / "passage_questions.jsonl"):
        key = row["doc"]
        if key not in texts:
            texts[key] = (data / key).read_text(encoding="utf-8")
        title = normalise(_title(texts[key], Path(key)))
        text = normalise(texts[key][row["start"] : row["end"]].replace("\n", ""))
        chunk = Chunk(key, title, normalise(row["heading"]), text)
        lay, expert, short = (normalise(row[name]) for name in ("lay", "expert", "short"))
        found.append(Question(lay, expert, short, chunk))
    return found


def apart(chunks: Sequence[Chunk], questions: Sequence[Question], size: int = 24) -> list[Chunk]:
    """Keep the chunks that share no run of ``size`` characters with a passage asked for."""
    asked = {run for question in questions for run in _runs(question.chunk.text, size)}
    return [chunk for chunk in chunks if asked.isdisjoint(_runs(chunk.text, size))]


def _title(text: str, path: Path) -> str:
    """Find a plan's title in its header, or else take the file's name."""
    match = _TITLE.search(text)
    return match.group(1).strip() if match else path.stem.replace("_", " ")


def _runs(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(len(text) - size + 1)]
