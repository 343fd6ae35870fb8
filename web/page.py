"""The page in both languages, and how it is served."""

import os

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import gradio as gr  # reads its settings when it is imported

from qa import InputError, Shelf
from qa.intake import LARGEST
from qa.words import CHINESE, Words, english
from web import chat, comparison, evaluation, library, report
from web.assets import style
from web.pane import source_pane
from web.workplace import Workplace

_FONTS = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "system-ui", "sans-serif")
# The tabs in order: what each is called, and what lays it out.
TABS = (
    ("问答", "chat", chat.tab),
    ("对照", "comparison", comparison.tab),
    ("资料库", "library", library.tab),
    ("报告", "report", report.tab),
    ("评测", "evaluation", evaluation.tab),
)


def build_app(shelf: Shelf) -> gr.Blocks:
    """Return the page over ``shelf``, in Chinese and at ``/en`` in English.

    :func:`launch` adds its style and serves it.
    """
    # What was uploaded and never used is swept away.
    with gr.Blocks(title="规问", analytics_enabled=False, delete_cache=(3600, 7200)) as app:
        _page(shelf, CHINESE)
    with app.route("English", "/en", show_in_navbar=False):
        _page(shelf, english())
    return app


def launch(shelf: Shelf, host: str = "127.0.0.1", port: int = 7860) -> None:
    """Serve the page until it is interrupted.

    Raises:
        InputError: the port is taken, or the address is not of this machine.
    """
    app = build_app(shelf)
    try:
        app.launch(
            server_name=host, server_port=port, share=False, ssr_mode=False, quiet=True,
            footer_links=[], max_file_size=LARGEST, theme=_theme(), css=style(), prevent_thread_lock=True,
        )  # fmt: skip
    except OSError as error:
        raise InputError(
            f"无法在 {host}:{port} 打开网页：端口已被占用，或地址不属于本机。"
            "请关闭占用该端口的程序，或换一个端口。"
        ) from error
    print(f"规问已启动：http://{host}:{port} （按 Ctrl+C 退出）", flush=True)
    app.block_thread()


def _theme() -> gr.themes.Base:
    return gr.themes.Default(
        primary_hue="blue", neutral_hue="slate", font=[gr.themes.Font(name) for name in _FONTS]
    )


def _page(shelf: Shelf, say: Words) -> None:
    """Lay out the page in one language: head, tabs, and the source pane beside them."""
    gr.Navbar(visible=False)
    with gr.Row(elem_id="gw-top"):
        gr.HTML(_head(say), elem_id="gw-head")
        library = _library(shelf, say)
    place = Workplace(shelf, say, library)
    with gr.Row(elem_id="gw-row"):
        with gr.Column(elem_id="gw-talk"), gr.Tabs(elem_id="gw-tabs"):
            for name, id_, lay_out in TABS:
                with gr.Tab(say(name), id=id_, elem_id=f"gw-{id_}-tab"):
                    lay_out(place)
        with gr.Column(elem_id="gw-source"):
            source_pane(place)


def _head(say: Words) -> str:
    other, link = ("English", "en") if say.language == CHINESE.language else ("中文", ".")
    return (
        f"<h1>{say('规问')}</h1><p>{say('查政府规划，句句有原文')}</p>"
        f'<a class="gw-language" href="{link}">{other}</a>'
    )


def _library(shelf: Shelf, say: Words) -> gr.Dropdown:
    names = list(shelf.libraries)
    return gr.Dropdown(
        names, value=names[0], label=say("资料库"), visible=len(names) > 1,
        elem_id="gw-library", interactive=True, filterable=False,
    )  # fmt: skip
