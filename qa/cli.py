"""The commands. Each does one thing of ``qa`` and prints it; errors are told in Chinese."""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from index import GuiwenError, InputError, StoreError, site
from qa import doctor, keeping, serving
from qa.comparison import commands as comparing
from qa.evaluation import commands as evaluation
from qa.terminal import add_json, bar, show

EXAMPLE = "济南2025年城镇化率目标"


class _Parser(argparse.ArgumentParser):
    """Tells errors in Chinese; argparse's own words follow."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"命令有误：{message}\n用法见 {self.prog} --help")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; see ``index/errors.py`` for their meaning."""
    try:
        options = _parser().parse_args(arguments)
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except GuiwenError as error:
        print(f"错误：{error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("已中断。", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader went away, as with `guiwen search … | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="guiwen", description="规问：向政府规划提问，得到可核对的回答")
    commands = parser.add_subparsers(required=True, metavar="命令", parser_class=_Parser)
    keeping.add_commands(commands)
    _add_metadata(commands)
    for name, help_, run in (
        ("search", "检索段落", _search),
        ("ask", "提问，得到带出处的回答", _ask),
    ):
        one = commands.add_parser(name, help=help_)
        one.add_argument("question", metavar="问题")
        one.add_argument(
            "--history",
            action="append",
            default=[],
            metavar="问题",
            help="此前问过的问题，可多次给出",
        )
        one.add_argument("-n", "--count", type=int, default=10, help="段落数")
        _add_filters(one)
        _add_index(one)
        if run is _ask:
            _add_model(one)
        add_json(one)
        one.set_defaults(run=run)
    one = commands.add_parser("batch", help="回答一份问卷（JSONL）")
    one.add_argument("questions", type=Path, metavar="问卷.jsonl")
    one.add_argument("-o", "--output", required=True, type=Path, metavar="回答.jsonl")
    _add_index(one)
    _add_model(one)
    one.set_defaults(run=_batch)
    _add_cite(commands)
    evaluation.add_commands(commands, evaluation.Shared(_add_index, _engine, _write))
    comparing.add_commands(commands, comparing.Shared(_add_index, _engine, _write))
    serving.add_commands(commands, serving.Shared(_add_index, _add_model, _engine, _mount_chat))
    doctor.add_commands(commands, doctor.Shared(_add_index, _engine))
    one = commands.add_parser("app", help="打开问答网页")
    one.add_argument("--host", default="127.0.0.1")
    one.add_argument("--port", type=int, default=7860)
    one.add_argument(
        "--libraries", type=Path, metavar="目录", help="存放网页上新建的资料库的文件夹"
    )
    one.add_argument("--read-only", action="store_true", help="网页上不能更改资料库")
    _add_index(one)
    _add_model(one)
    one.set_defaults(run=_app)
    return parser


def _add_cite(commands: Any) -> None:  # noqa: ANN401 - argparse hides the type
    one = commands.add_parser("cite", help="核对一份报告，为有依据的表述加脚注")
    one.add_argument("report", type=Path, metavar="报告", help="Word（.docx）、Markdown 或文本文件")
    one.add_argument("-o", "--output", required=True, type=Path, metavar="文件", help="同一格式")
    one.add_argument("--csl-json", type=Path, metavar="文件.json", help="另存所引文件（CSL-JSON）")
    _add_index(one)
    add_json(one)
    one.set_defaults(run=_cite)


def _add_index(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--index",
        type=site,
        metavar="位置",
        help="索引文件夹，或 milvus://主机:端口/集合；默认为种子文件的索引",
    )
    parser.add_argument("--encoder", help="要求索引由该编码器建立")
    parser.add_argument(
        "--rerank",
        default="",
        metavar="模型",
        help="用 CrossEncoder 重排：sentence-transformers 名称或路径",
    )
    parser.add_argument(
        "--terms",
        type=Path,
        action="append",
        default=[],
        metavar="词表.jsonl",
        help="自己的词表，可多次给出",
    )
    parser.add_argument(
        "--sparse", choices=("bm25s", "rank-bm25"), default="bm25s", help="BM25 的实现"
    )


def _add_model(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "语言模型",
        "可选：由 OpenAI 兼容的端点写回答，逐句核对后给出。"
        "一旦配置，问题和检索到的段落就会发送到该端点；不配置则不向任何地方发送。",
    )
    group.add_argument("--llm-url", metavar="地址", help="端点，默认取环境变量 GUIWEN_LLM_URL")
    group.add_argument("--llm-model", metavar="名称", help="模型，默认取 GUIWEN_LLM_MODEL")
    group.add_argument("--llm-key", metavar="密钥", help="密钥，默认取 GUIWEN_LLM_KEY（更稳妥）")


def _add_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--document", action="append", default=[], metavar="文件", help="只查这些文件"
    )
    parser.add_argument(
        "--region", action="append", default=[], metavar="地区", help="只查这些地区"
    )
    parser.add_argument("--year", type=int, help="只查提到该年份的段落")
    parser.add_argument("--all-regions", action="store_true", help="不按问题中的地区限定")


def _add_metadata(commands: Any) -> None:  # noqa: ANN401 - argparse names no type for it
    one = commands.add_parser("metadata", help="读出各文件的元数据，写成可修改的清单")
    one.add_argument("folder", type=Path, metavar="文件夹", help="来源文件夹")
    add_json(one)
    one.set_defaults(run=_metadata)


def _metadata(options: argparse.Namespace) -> int:
    from index import prefill
    from qa.report import metadata_data, metadata_text

    made = prefill(options.folder)
    show(options, metadata_data(made), lambda: metadata_text(made))
    return 0


def _search(options: argparse.Namespace) -> int:
    from qa.report import passage_data, passage_text

    engine = _engine(options)
    filters = _filters(options, engine)
    passages = engine.search(options.question, _count(options), filters, options.history)
    documents = engine.index.documents
    show(
        options,
        [{**passage_data(p), "text": p.text, "legs": dict(p.legs)} for p in passages],
        lambda: "\n\n".join(passage_text(p, documents, i) for i, p in enumerate(passages, 1)),
    )
    return 0


def _ask(options: argparse.Namespace) -> int:
    from qa.report import answer_data, answer_text

    engine = _engine(options)
    filters = _filters(options, engine)
    answer = engine.ask(options.question, options.history, filters, _count(options))
    documents = engine.index.documents
    data = {**answer_data(answer), **({"note": answer.note} if answer.note else {})}
    show(options, data, lambda: answer_text(answer, documents).strip())
    return 0


def _batch(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from qa.questionnaire import read_asked
    from qa.report import batch_data

    asked = read_asked(options.questions)
    engine = _engine(options)
    for row in asked:
        try:
            engine.parse(row.question, row.history)
        except InputError as error:
            raise InputError(
                f"问卷“{options.questions}”中 id 为“{row.id}”的问题有误：{error}"
            ) from error
    lines, notes = [], Counter[str]()
    for row in tqdm(asked, desc="回答", unit="题", disable=not sys.stderr.isatty()):
        answer = engine.ask(row.question, row.history)
        lines.append(json.dumps({"id": row.id, **batch_data(answer)}, ensure_ascii=False))
        notes[answer.note] += bool(answer.note)
    _write(options.output, "\n".join(lines) + "\n")
    print(f"已回答 {len(lines)} 个问题 → {options.output}", file=sys.stderr)
    for note, count in (+notes).items():
        print(f"    {count} 题：{note}", file=sys.stderr)
    return 0


def _cite(options: argparse.Namespace) -> int:
    from qa.drafts import annotate, check, finding_data, read, summary
    from qa.export import csl_json

    if options.output.suffix.lower() != options.report.suffix.lower():
        raise InputError(
            f"输出“{options.output}”应与报告同为 {options.report.suffix} 文件：格式不作转换。"
        )
    if options.output.resolve() == options.report.resolve():
        raise InputError("输出文件不能就是报告本身。请换一个文件名，原稿不会被改动。")
    draft = read(options.report)
    engine = _engine(options)
    with bar() as progress:
        checked = check(draft, engine, lambda done, total: progress("核对", done, total))
    documents = engine.index.documents
    _write(options.output, annotate(draft, checked, documents))
    if options.csl_json:
        ids = dict.fromkeys(c.document_id for f in checked.findings for c in f.citations)
        items = csl_json([documents[name] for name in ids])
        _write(options.csl_json, json.dumps(items, ensure_ascii=False, indent=1) + "\n")
    show(options, [finding_data(f) for f in checked.findings], lambda: summary(checked))
    return 0


def _app(options: argparse.Namespace) -> int:
    import app
    from qa.home import Home, default_home
    from qa.library import ENVIRONMENT
    from qa.shelf import stocked

    engine = _engine(options)
    seeds = options.index is None and not os.environ.get(ENVIRONMENT)
    home = Home(options.libraries or default_home())
    shelf = stocked(engine, home, seeds=seeds, read_only=options.read_only)
    app.launch(shelf, options.host, options.port)
    return 0


def _mount_chat(server: Any, path: str, engines: Any, login: Any) -> None:  # noqa: ANN401
    import app
    from qa.shelf import Shelf

    app.mount(server, path, Shelf(engines), login)


def _engine(options: argparse.Namespace) -> Any:  # noqa: ANN401 - imported late
    from qa.engine import Engine
    from qa.library import ensure

    model = _model(options)
    with bar() as progress:
        folder, _ = ensure(options.index, progress)
    engine = Engine.open(folder, options.encoder, options.sparse)
    retrieve = replace(engine.options, cross_encoder=options.rerank, terms=tuple(options.terms))
    return replace(engine, options=retrieve, model=model)


def _model(options: argparse.Namespace) -> Any:  # noqa: ANN401
    """The language model of a command that may use one; None unless the user configured it."""
    if "llm_url" not in options:
        return None
    from qa.llm import LanguageModel

    model = LanguageModel.from_environment(options.llm_url, options.llm_model, options.llm_key)
    if model:
        model.check()
    return model


def _filters(options: argparse.Namespace, engine: Any) -> Any:  # noqa: ANN401
    from qa.filters import checked_filters

    return checked_filters(
        engine.index, options.document, options.region, options.year, options.all_regions
    )


def _count(options: argparse.Namespace) -> int:
    count = int(options.count)
    if not 1 <= count <= 1000:
        raise InputError(f"--count 应在 1 到 1000 之间，实际为 {count}。")
    return count


def _write(path: Path, content: str | bytes) -> None:
    """Write beside and move in, so that a broken run leaves no half file."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    fresh = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(data)
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise StoreError(
            f"无法写入“{path}”：{error.strerror or error}。请检查路径和权限。"
        ) from error


if __name__ == "__main__":
    sys.exit(main())
