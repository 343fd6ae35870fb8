"""The report: a draft in, its claims checked one by one, the finished draft and the list out."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache
from gradio.utils import get_upload_folder

from qa import Engine, GuiwenError, drafts, present
from qa.words import Words
from web.workplace import Workplace

# Seconds between two tellings of how far the check is.
_PACE = 0.3
UNFORESEEN = "出现了没有预料到的问题，这份报告没有核对完。请重试；若仍出现，请查看程序日志。"
Shown = tuple[Any, ...]


def tab(place: Workplace) -> None:
    """Lay out where a draft comes in, how far its check is, what was found, and what to keep."""
    say = place.say
    gr.HTML(_intro(say))
    with gr.Row(elem_id="gw-report-in"):
        file = gr.UploadButton(
            say("选择报告文件"), elem_id="gw-report-file", variant="primary", size="md"
        )
        stop = gr.Button(say("停止"), elem_id="gw-report-stop", visible=False, size="md")
    with gr.Accordion(say("或粘贴文字"), open=False, elem_id="gw-report-paste"):
        text = gr.Textbox(
            elem_id="gw-report-text", label=say("报告文字"), lines=6, max_lines=14,
            placeholder=say("把报告全文粘贴在这里"),
        )  # fmt: skip
        go = gr.Button(say("核对这段文字"), elem_id="gw-report-go", size="md")
    with gr.Row(elem_id="gw-report-out"):
        keep = [
            gr.DownloadButton(say(name), visible=False, size="sm", elem_id=f"gw-report-{id_}")
            for id_, name in (("draft", "下载加注的报告"), ("xlsx", "下载清单（Excel）"), ("md", "下载清单（Markdown）"))
        ]  # fmt: skip
    shown = gr.HTML(elem_id="gw-report-shown")

    def of_file(path: str | None, library: str) -> Iterator[Shown]:
        yield from _checked(place.living(library).engine, lambda: _of_file(path), say)

    def of_text(text: str, library: str) -> Iterator[Shown]:
        yield from _checked(place.living(library).engine, lambda: _of_text(text), say)

    outputs = [shown, stop, *keep]
    limit: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": 2}
    runs = [
        file.upload(of_file, [file, place.library], outputs, **limit),
        go.click(of_text, [text, place.library], outputs, **limit),
    ]
    stopped = f'<p class="gw-quiet">{say("已停止，没有核对完。")}</p>'
    stop.click(
        lambda: (stopped, gr.update(visible=False)), None, [shown, stop],
        cancels=runs, show_progress="hidden",
    )  # fmt: skip


def _intro(say: Words) -> str:
    return (
        f'<p class="gw-intro">{say("把写好的报告交给规问，逐句与资料库里的文件对照：有依据的加脚注和参考文献（GB/T 7714-2015），数值、年份、地区、引文不符的标出原文怎么写，找不到依据的列出来。")}'
        f" {say('可用 Word（.docx）、Markdown 和文本文件；报告只在本机核对，不外传。')}</p>"
    )


def _of_file(path: str | None) -> tuple[drafts.Draft, str]:
    given = Path(path or "")
    return drafts.read(given, given.name), given.name


def _of_text(text: str) -> tuple[drafts.Draft, str]:
    draft, ending = drafts.pasted(text)
    return draft, f"报告{ending}"


def _checked(engine: Engine, opened: Any, say: Words) -> Iterator[Shown]:  # noqa: ANN401 - a callable
    """Yield what is shown, the button that stops, and the three files to keep."""
    none = [gr.update(visible=False)] * 3
    try:
        draft, name = opened()
        told, found = 0.0, drafts.Checked((), ())
        for step in drafts.checking(draft, engine):
            found = step.checked
            if time.monotonic() - told >= _PACE:
                told = time.monotonic()
                yield present.checking(step, say), gr.update(visible=True), *none
        html = present.findings(found, engine.index.documents, name, say)
        yield html, gr.update(visible=False), *_files(draft, found, engine, name)
    except GuiwenError as error:
        yield present.problem(str(error)), gr.update(visible=False), *none
    except Exception:  # the last edge: the user gets plain words, the log gets the rest
        logging.getLogger("guiwen").exception("report failed")
        yield present.problem(say(UNFORESEEN)), gr.update(visible=False), *none


def _files(
    draft: drafts.Draft, found: drafts.Checked, engine: Engine, name: str
) -> list[dict[str, Any]]:
    documents, path = engine.index.documents, Path(name)
    made = (
        (f"{path.stem}-已核对{path.suffix}", drafts.annotate(draft, found, documents)),
        (f"{path.stem}-核对清单.xlsx", drafts.as_xlsx(found, documents)),
        (f"{path.stem}-核对清单.md", drafts.as_markdown(found, documents, path.stem)),
    )
    folder = get_upload_folder()
    return [
        gr.update(value=save_bytes_to_cache(data, name, folder), visible=bool(found.findings))
        for name, data in made
    ]
