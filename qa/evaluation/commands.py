"""The commands evaluate, feedback, label and tune."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from index import InputError
from qa.evaluation import feedback_command
from qa.terminal import add_json, bar, show


@dataclass(frozen=True, slots=True)
class Shared:
    """What the commands of ``qa.cli`` share."""

    add_index: Callable[[argparse.ArgumentParser], None]
    engine: Callable[[argparse.Namespace], Any]
    write: Callable[[Path, str], None]


def add_commands(commands: Any, shared: Shared) -> None:  # noqa: ANN401 - argparse has no public name
    """Add evaluate, feedback, label and tune."""
    one = commands.add_parser(
        "evaluate",
        help="用带标注的问题评测",
        description="用带标注的问题（JSONL、CSV、xlsx 或 BEIR 文件夹）评测；或用 --qrels 与 --run 评别处的结果。",
    )
    one.add_argument(
        "questions", nargs="?", type=Path, metavar="问题", help="默认为种子文件的问题集"
    )
    one.add_argument("--qrels", type=Path, metavar="文件", help="TREC 格式的判断")
    one.add_argument(
        "--run", action="append", default=[], metavar="[名称=]文件", dest="runs",
        help="TREC 格式的结果，可多次给出；与 --qrels 同用",
    )  # fmt: skip
    one.add_argument("--trec", type=Path, metavar="目录", help="写出 TREC 格式的 qrels 与 run")
    one.add_argument("--beir", type=Path, metavar="目录", help="写出 BEIR 格式的语料、问题与 qrels")
    one.add_argument("--html", type=Path, metavar="文件", help="写出带图的报告，单个网页，不联网")
    one.add_argument("--save", type=Path, metavar="文件", help="存下逐题结果，供以后 --against")
    one.add_argument("--against", type=Path, metavar="文件", help="与先前 --save 的结果逐题比较")
    one.add_argument(
        "--fail-under", action="append", default=[], metavar="指标=数值",
        help="低于此值则退出码为 7，可多次给出，例如 recall@5=0.9、bm25/mrr@10=0.7",
    )  # fmt: skip
    shared.add_index(one)
    add_json(one)
    one.set_defaults(run=lambda options: _evaluate(options, shared))
    feedback_command.add_command(commands, shared.write)
    one = commands.add_parser("label", help="标注问题：逐段判断各路检索到的段落")
    one.add_argument("questions", type=Path, metavar="问题", help="JSONL、CSV 或 xlsx")
    one.add_argument("-o", "--output", required=True, type=Path, metavar="标注.jsonl")
    one.add_argument("--depth", type=int, default=5, metavar="数", help="每一路取几个段落")
    shared.add_index(one)
    one.set_defaults(run=lambda options: _label(options, shared))
    one = commands.add_parser("tune", help="交叉验证各路权重、候选数和段落长度，如实估计")
    one.add_argument(
        "questions", nargs="?", type=Path, metavar="问题", help="默认为种子文件的问题集"
    )
    one.add_argument("--metric", default="ndcg@10", metavar="指标")
    one.add_argument("--folds", type=int, default=5, metavar="数")
    one.add_argument(
        "--candidates", type=int, action="append", default=[], metavar="数", help="可多次给出"
    )
    one.add_argument(
        "--chunk", type=int, action="append", default=[], metavar="字数", help="可多次给出"
    )
    one.add_argument("--sources", type=Path, metavar="来源", help="换段落长度时，由此重建索引")
    shared.add_index(one)
    add_json(one)
    one.set_defaults(run=lambda options: _tune(options, shared))


def _evaluate(options: argparse.Namespace, shared: Shared) -> int:
    from qa.evaluate import SYSTEMS
    from qa.evaluation import gate, saved
    from qa.evaluation.compare import compare
    from qa.evaluation.html import report
    from qa.evaluation.plots import main_system
    from qa.evaluation.report import (
        comparison_data,
        comparison_text,
        evaluation_data,
        evaluation_text,
    )
    from qa.evaluation.results import ASK
    from qa.trec import qrels_lines, run_lines

    runs = _named(options.runs)
    judged = bool(options.qrels) or _is_beir(options.questions)
    systems = list(runs) or [*SYSTEMS, *([] if judged else [ASK])]
    demands = [gate.parse(text, systems) for text in options.fail_under]
    before = saved.read(options.against) if options.against else None
    found, files = _found(options, shared, runs)
    comparison = compare(before, found, main_system(found)) if before else None
    if options.trec:
        files[options.trec / "qrels.txt"] = qrels_lines(found.qrels)
        files |= {options.trec / f"{s}.run": run_lines(run, s) for s, run in found.runs.items()}
    if options.save:
        files[options.save] = json.dumps(saved.as_data(found), ensure_ascii=False)
    if options.html:
        title = (options.questions or options.qrels or Path("种子文件的问题集")).name
        files[options.html] = report(found, title, comparison)
    for path, text in files.items():
        shared.write(path, text)
    extra = {"comparison": comparison_data(comparison)} if comparison else {}
    told = [comparison_text(comparison)] if comparison else []
    show(
        options,
        {**evaluation_data(found), **extra},
        lambda: "\n\n".join([evaluation_text(found), *told]),
    )
    gate.check(found, demands)
    return 0


def _is_beir(path: Path | None) -> bool:
    return path is not None and path.is_dir()


def _found(
    options: argparse.Namespace, shared: Shared, runs: Mapping[str, Path]
) -> tuple[Any, dict[Path, str]]:
    """The evaluation asked for, and the files that need its index."""
    from index import EMBEDDED
    from qa.evaluate import evaluate
    from qa.evaluation import beir
    from qa.evaluation.judged import judged_evaluation, left_out
    from qa.library import QUESTIONS
    from qa.metrics import Judgements, Run
    from qa.questionnaire import read_labelled
    from qa.trec import read_qrels, read_run

    if bool(options.qrels) != bool(runs):
        raise InputError("--qrels 与 --run 须一起给出。")
    if runs or _is_beir(options.questions):
        if options.beir:
            raise InputError("--beir 只能写出由本索引评测的问题集。")
        if runs:
            qrels: Judgements = read_qrels(options.qrels)
            texts: dict[str, str] = {}
            scored: Mapping[str, Run] = {name: read_run(path) for name, path in runs.items()}
        else:
            dataset = beir.read(options.questions)
            qrels, texts = dataset.qrels, dict(dataset.queries)
            with bar() as progress:
                scored = beir.rank(
                    dataset, options.encoder or EMBEDDED, lambda d, t: progress("评测", d, t)
                )
        for notice in left_out(qrels, scored):
            print(f"注意：{notice}", file=sys.stderr)
        return judged_evaluation(qrels, scored, texts), {}
    questions = read_labelled(options.questions or QUESTIONS)
    engine = shared.engine(options)
    with bar() as progress:
        found = evaluate(engine, questions, lambda done, total: progress("评测", done, total))
    files = beir.files(engine.index, found) if options.beir else {}
    return found, {options.beir / name: text for name, text in files.items()}


def _named(runs: Sequence[str]) -> dict[str, Path]:
    """Read ``NAME=FILE`` or ``FILE``, whose name without its ending then names the system."""
    found: dict[str, Path] = {}
    for text in runs:
        name, sign, file = text.partition("=")
        path = Path(file if sign else name)
        name = name if sign else path.stem
        if name in found:
            raise InputError(f"--run 有两个“{name}”。请写作 名称=文件。")
        found[name] = path
    return found


def _label(options: argparse.Namespace, shared: Shared) -> int:
    from qa.evaluation import pooling
    from qa.questionnaire import read_asked

    if not 1 <= options.depth <= 50:
        raise InputError(f"--depth 应在 1 到 50 之间，实际为 {options.depth}。")
    asked = read_asked(options.questions)
    done = _labels(options.output)
    left = [one for one in asked if one.id not in done]
    print(
        f"共 {len(asked)} 题，已标 {len(asked) - len(left)} 题。\n{pooling.HELP}", file=sys.stderr
    )
    engine: Any = shared.engine(options) if left else None
    for one in left:
        passages = pooling.pool(engine, one, options.depth)
        judged = pooling.judge(engine, one, passages, print, _listen)
        if judged is pooling.STOP:
            break
        if isinstance(judged, list):
            done[one.id] = pooling.label(one, judged)
            lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in done.values())
            shared.write(options.output, "".join(lines))
    count = sum(one.id in done for one in asked)
    print(f"已标 {count} / {len(asked)} 题 → {options.output}", file=sys.stderr)
    return 0


def _labels(path: Path) -> dict[str, dict[str, Any]]:
    """What was labelled before, so that one may go on."""
    from qa.questionnaire import read_labelled
    from qa.rows import Complaints, read_rows

    if not path.exists():
        return {}
    read_labelled(path)
    return {str(row.values["id"]): dict(row.values) for row in read_rows(path, Complaints(path))}


def _listen() -> str:
    """One line of the terminal; its end saves and stops."""
    line = sys.stdin.readline()
    return line if line else "q"


def _tune(options: argparse.Namespace, shared: Shared) -> int:
    from qa.evaluate import check_labels
    from qa.evaluation import tuning
    from qa.library import QUESTIONS
    from qa.metrics import RANKED
    from qa.questionnaire import read_labelled
    from qa.retrieve import LEGS

    if options.metric not in RANKED:
        raise InputError(f"不认识指标“{options.metric}”。可用：{'、'.join(RANKED)}。")
    if options.folds < 2:
        raise InputError(f"--folds 应不小于 2，实际为 {options.folds}。")
    if any(count < 10 for count in options.candidates):
        raise InputError("--candidates 应不小于 10。")
    questions = [q for q in read_labelled(options.questions or QUESTIONS) if q.answerable]
    engine = shared.engine(options)
    check_labels(engine, questions)
    parts = tuning.folds(questions, options.folds)
    size = int(engine.index.manifest.options["size"]["longest"])
    weights = tuple(float(engine.options.weights.get(leg, 0.0)) for leg in LEGS)
    present = tuning.Setting(weights, engine.options.candidates, size)
    counts = sorted({present.candidates, *options.candidates})
    settings, tables = [], []
    with bar() as progress:
        for chunk, other in _engines(options, engine, size):
            own = [
                tuning.Setting(w, count, chunk)
                for w in dict.fromkeys((weights, *tuning.simplex()))
                for count in counts
            ]
            told = partial(progress, f"段落 {chunk} 字")
            tables.append(tuning.scores(other, questions, own, options.metric, told))
            settings += own
    found = tuning.choose(_beside(tables), settings, present, parts, options.metric)
    show(options, tuning.data(found), lambda: tuning.text(found))
    return 0


def _beside(tables: Sequence[Any]) -> Any:  # noqa: ANN401 - arrays
    import numpy as np

    return np.concatenate(tables, axis=1)


def _engines(options: argparse.Namespace, engine: Any, size: int) -> Any:  # noqa: ANN401
    """Yield (longest passage, engine): the present index, then one for each other length."""
    from dataclasses import replace
    from tempfile import TemporaryDirectory

    from index import BuildOptions, ChunkSize, build
    from qa.engine import Engine
    from qa.library import SEEDS

    yield size, engine
    others = sorted(set(options.chunk) - {size})
    if not others:
        return
    sources = options.sources or (None if options.index else SEEDS)
    if sources is None:
        raise InputError("换段落长度要重建索引：请用 --sources 给出建立该索引的文件夹。")
    for chunk in others:
        try:
            made = BuildOptions(
                encoder=engine.index.manifest.encoder, size=ChunkSize(longest=chunk)
            )
        except ValueError as error:
            raise InputError(f"--chunk 应不小于 50，实际为 {chunk}。") from error
        with TemporaryDirectory(prefix="guiwen-tune-") as place:
            build([sources], Path(place) / "index", made)
            other = Engine.open(Path(place) / "index")
            if missing := engine.index.documents.keys() - other.index.documents.keys():
                raise InputError(
                    f"--sources“{sources}”中没有索引里的文件“{min(missing)}”。"
                    "请给出建立该索引时的文件夹。"
                )
            yield chunk, replace(other, options=engine.options)
