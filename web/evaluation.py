"""The evaluation: a labelled set run on the library, two ways compared, failures opened."""

import logging
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache
from gradio.utils import get_upload_folder

from qa import Engine, GuiwenError, present
from qa.evaluation import sets
from qa.evaluation.compare import Comparison, compare
from qa.evaluation.configured import PRESETS, Configuration, evaluating_all
from qa.evaluation.html import report
from qa.evaluation.results import Evaluation
from qa.words import Words
from web.workplace import Workplace

_PACE = 0.3
OWN_WEIGHTS = "自定权重"
UNFORESEEN = "出现了没有预料到的问题，评测没有做完。请重试；若仍出现，请查看程序日志。"
Shown = tuple[Any, ...]


def tab(place: Workplace) -> None:
    """Lay out the set, one or two ways to search, how far it is, and what was found."""
    say = place.say
    gr.HTML(
        f'<p class="gw-intro">{say("用带标注的问题量一量检索和回答：分类的指标带 95% 区间，两种配置可以逐题比较，没答好的题可以在问答里打开看。")}</p>'
    )
    title = gr.State(say("种子文件的题集"))
    with gr.Row(elem_id="gw-evaluation-in"):
        file = gr.UploadButton(
            say("上传题集（JSONL、CSV、xlsx）"), elem_id="gw-evaluation-file", size="md"
        )
        seeds = gr.Button(say("改用自带的题"), visible=False, size="md")
    chosen = gr.HTML(_chosen(say("自带的题（五份种子文件）"), say), elem_id="gw-evaluation-set")
    with gr.Accordion(say("配置"), open=False, elem_id="gw-ways"):
        with gr.Row():
            first = _way(say("甲"), "a", say)
            second = _way(say("乙"), "b", say)
        both = gr.Checkbox(label=say("甲与乙逐题比较"), elem_id="gw-both")
    with gr.Row(elem_id="gw-evaluation-run"):
        go = gr.Button(say("开始评测"), variant="primary", size="md", elem_id="gw-evaluate")
        stop = gr.Button(say("停止"), visible=False, size="md", elem_id="gw-evaluation-stop")
        keep = gr.DownloadButton(
            say("下载报告（网页）"), visible=False, size="md", elem_id="gw-evaluation-html"
        )
    shown = gr.HTML(elem_id="gw-evaluation-shown")
    path = gr.State(None)

    def take(given: str) -> Shown:
        name = Path(given).name
        return given, name, _chosen(name, say), gr.update(visible=True)

    def drop() -> Shown:
        told = _chosen(say("自带的题（五份种子文件）"), say)
        return None, say("种子文件的题集"), told, gr.update(visible=False)

    def run(path: str | None, title: str, library: str, both: bool, *given: Any) -> Iterator[Shown]:  # noqa: ANN401
        half = len(first)
        ways = [given[:half], given[half:]] if both else [given[:half]]
        yield from _evaluated(place.living(library).engine, path, title, ways, say)

    file.upload(take, file, [path, title, chosen, seeds], show_progress="hidden")
    seeds.click(drop, None, [path, title, chosen, seeds], show_progress="hidden")
    running = go.click(
        run, [path, title, place.library, both, *first, *second], [shown, stop, keep],
        show_progress="hidden", concurrency_limit=2,
    )  # fmt: skip
    stopped = f'<p class="gw-quiet">{say("已停止，没有评测完。")}</p>'
    stop.click(
        lambda: (stopped, gr.update(visible=False)), None, [shown, stop],
        cancels=[running], show_progress="hidden",
    )  # fmt: skip


def _chosen(name: str, say: Words) -> str:
    return present.chosen(say("题集"), name)


def _way(name: str, id_: str, say: Words) -> list[gr.components.Component]:
    """Lay out one configuration; its parts in the order of :func:`_configuration`."""
    names = [(say(preset), preset) for preset in (*PRESETS, OWN_WEIGHTS)]
    with gr.Group(elem_id=f"gw-way-{id_}"):
        preset = gr.Dropdown(
            names, value=next(iter(PRESETS)), label=f"{name} · {say('检索方式')}", filterable=False
        )
        weights = [
            gr.Slider(0, 1, value=value, step=0.05, label=say(label), visible=False)
            for label, value in (("词语匹配（BM25）", 0.25), ("语义相近（向量）", 0.45), ("逐词语义", 0.3))
        ]  # fmt: skip
        rerank = gr.Checkbox(value=True, label=say("用排序模型"))
        expand = gr.Checkbox(value=True, label=say("用同义词表"))
        lift = gr.Checkbox(value=False, label=say("不限地区"))
    preset.change(
        lambda one: [gr.update(visible=one == OWN_WEIGHTS)] * len(weights), preset, weights,
        show_progress="hidden",
    )  # fmt: skip
    return [preset, *weights, rerank, expand, lift]


def _configuration(given: Sequence[Any]) -> Configuration:
    preset, bm25, dense, late, rerank, expand, lift = given
    own = {"bm25": bm25, "dense": dense, "late": late}
    weights = own if preset == OWN_WEIGHTS else PRESETS[preset]
    return Configuration(weights, rerank=rerank, expand=expand, lift=lift)


def _evaluated(
    engine: Engine, path: str | None, title: str, given: Sequence[Sequence[Any]], say: Words
) -> Iterator[Shown]:
    """Yield what is shown, the button that stops, and the report to keep."""
    none = gr.update(visible=False)
    try:
        ways = [_configuration(one) for one in given]
        questions = sets.own(Path(path)) if path else sets.of_seeds(engine.index)
        told = 0.0
        found: Sequence[Evaluation] = ()
        for step in evaluating_all(engine, questions, ways):
            found = step.found
            if time.monotonic() - told >= _PACE:
                told = time.monotonic()
                yield present.evaluating(step, say), gr.update(visible=True), none
        comparison = compare(found[1], found[0]) if len(found) > 1 else None
        html = present.evaluated(found[0], title, comparison, say)
        yield html, none, _file(found[0], title, comparison)
    except GuiwenError as error:
        yield present.long_problem(str(error)), none, none
    except Exception:  # the last edge: the user gets plain words, the log gets the rest
        logging.getLogger("guiwen").exception("evaluation failed")
        yield present.problem(say(UNFORESEEN)), none, none


def _file(found: Evaluation, title: str, comparison: Comparison | None) -> Any:  # noqa: ANN401 - of gradio
    """The report as one HTML file; not offered where what draws it is not installed."""
    try:
        data = report(found, title, comparison).encode()
    except GuiwenError as error:
        logging.getLogger("guiwen").warning("%s", error)
        return gr.update(visible=False)
    name = f"{Path(title).stem}-评测报告.html"
    saved = save_bytes_to_cache(data, name, get_upload_folder())
    return gr.update(value=saved, visible=True)
