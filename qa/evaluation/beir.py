"""Test sets in the form of BEIR: corpus.jsonl, queries.jsonl, qrels/NAME.tsv."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from index import Index, InputError, build
from qa.evaluation.results import Evaluation
from qa.metrics import DEPTH, Judgements
from qa.models import Filters
from qa.questionnaire import Asked
from qa.rows import Complaints, read_rows

Progress = Callable[[int, int], None]

# Passages ranked for each question, of which the first ten documents count.
_PASSAGES = 60


@dataclass(frozen=True, slots=True)
class Beir:
    """A test set; ``corpus`` gives title and text of each document."""

    corpus: Mapping[str, tuple[str, str]]
    queries: Mapping[str, str]
    qrels: Judgements


def files(index: Index, evaluation: Evaluation) -> dict[str, str]:
    """The passages of ``index`` and the labels of ``evaluation`` as the files of a BEIR folder."""
    names = dict.fromkeys(
        f"{c.document_id}:{c.span.start}-{c.span.end}" for c in index.chunks
    ) | dict.fromkeys(name for judged in evaluation.qrels.values() for name in judged)
    corpus = [_passage(index, name) for name in names]
    queries = [
        {"_id": q.id, "text": q.question} for q in evaluation.questions if q.id in evaluation.qrels
    ]
    lines = ["query-id\tcorpus-id\tscore"]
    lines += [
        f"{question}\t{name}\t{grade}"
        for question, judged in evaluation.qrels.items()
        for name, grade in judged.items()
    ]
    return {
        "corpus.jsonl": _jsonl(corpus),
        "queries.jsonl": _jsonl(queries),
        "qrels/test.tsv": "\n".join(lines) + "\n",
    }


def _passage(index: Index, name: str) -> dict[str, str]:
    document_id, _, span = name.rpartition(":")
    start, end = map(int, span.split("-"))
    document = index.documents[document_id]
    return {"_id": name, "title": document.title, "text": document.text[start:end]}


def _jsonl(rows: Sequence[Mapping[str, str]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def read(folder: Path) -> Beir:
    """Read a BEIR folder; of several splits, ``test``, else ``dev``, else the only one.

    Raises:
        InputError: names the file, the line, the column and what was expected.
    """
    corpus = _texts(folder / "corpus.jsonl")
    queries = {name: text for name, (_, text) in _texts(folder / "queries.jsonl").items()}
    splits = {path.stem: path for path in sorted((folder / "qrels").glob("*.tsv"))}
    if not splits:
        raise InputError(f"“{folder}”中没有 qrels/*.tsv，不是完整的 BEIR 数据集。")
    split = next((splits[name] for name in ("test", "dev") if name in splits), None)
    return Beir(corpus, queries, _qrels(split or next(iter(splits.values())), corpus, queries))


def _texts(path: Path) -> dict[str, tuple[str, str]]:
    complaints = Complaints(path)
    found: dict[str, tuple[str, str]] = {}
    for row in read_rows(path, complaints):
        name, text = row.values.get("_id"), row.values.get("text")
        title = row.values.get("title") or ""
        if not isinstance(name, str | int) or name == "":
            complaints.of(row, "_id", f"应为非空文字，实际是 {name!r}。")
        elif str(name) in found:
            complaints.of(row, "_id", f"“{name}”重复。")
        elif not isinstance(text, str) or not isinstance(title, str) or not (text + title).strip():
            complaints.of(row, "text", f"应为非空文字，实际是 {text!r}。")
        else:
            found[str(name)] = (title, text)
    complaints.settle()
    if not found:
        raise InputError(f"文件“{path}”是空的。")
    return found


def _qrels(
    path: Path, corpus: Mapping[str, object], queries: Mapping[str, object]
) -> dict[str, dict[str, int]]:
    complaints = Complaints(path)
    found: dict[str, dict[str, int]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        cells = line.split("\t")
        if not line.strip() or (number == 1 and cells[-1].strip() == "score"):
            continue
        place = f"第 {number} 行"
        if len(cells) != 3 or not cells[2].strip().lstrip("-").isdecimal():
            complaints.add(place, "", f"应为“问题⇥文件⇥整数”三列，实际是“{line}”。")
        elif cells[0] not in queries:
            complaints.add(place, "query-id", f"“{cells[0]}”不在 queries.jsonl 中。")
        elif cells[1] not in corpus:
            complaints.add(place, "corpus-id", f"“{cells[1]}”不在 corpus.jsonl 中。")
        else:
            found.setdefault(cells[0], {})[cells[1]] = int(cells[2])
    complaints.settle()
    return found


def rank(
    beir: Beir, encoder: str, progress: Progress = lambda _d, _t: None
) -> dict[str, dict[str, dict[str, float]]]:
    """Index the corpus in a folder of its own and rank its documents for each judged question.

    Returns:
        Runs: system → question → document → score; a document ranks with its best passage.
    """
    from index import BuildOptions
    from qa.engine import Engine
    from qa.evaluate import SYSTEMS, TOGETHER, retrieve_many

    with TemporaryDirectory(prefix="guiwen-beir-") as place:
        sources = Path(place) / "corpus"
        names = _write(beir, sources)
        report = build([sources], Path(place) / "index", BuildOptions(encoder=encoder))
        engine = Engine.open(report.folder)
        # Passages torn from their documents do not say of which region they are.
        everywhere = Filters(lift_regions=True)
        runs: dict[str, dict[str, dict[str, float]]] = {system: {} for system in SYSTEMS}
        questions = list(beir.qrels)
        for start in range(0, len(questions), TOGETHER):
            some = questions[start : start + TOGETHER]
            asked = [Asked(question, beir.queries[question]) for question in some]
            for system, weights in SYSTEMS.items():
                ranked = retrieve_many(engine, asked, weights, _PASSAGES, everywhere)
                for question, found in zip(some, ranked, strict=True):
                    best = dict.fromkeys(names[p.chunk.document_id] for p in found)
                    runs[system][question] = {
                        name: float(DEPTH - at) for at, name in enumerate(list(best)[:DEPTH])
                    }
            progress(start + len(some), len(questions))
    return runs


def _write(beir: Beir, folder: Path) -> dict[str, str]:
    """Write each document as a text file; return file name → document."""
    folder.mkdir()
    names = {
        f"{at:07d}-{quote(name, safe='')[:100]}.txt": name for at, name in enumerate(beir.corpus)
    }
    described = []
    for file, name in names.items():
        title, text = beir.corpus[name]
        (folder / file).write_text(text or title, encoding="utf-8", newline="")
        if title:
            described.append({"file": file, "title": title})
    (folder / "manifest.json").write_text(
        json.dumps({"documents": described}, ensure_ascii=False), encoding="utf-8"
    )
    return names
