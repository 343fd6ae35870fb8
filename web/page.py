"""The page in both languages, and how it is served."""

import os
import warnings
from collections.abc import Callable
from html import escape
from typing import Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import gradio as gr  # reads its settings when it is imported

from qa import InputError, Shelf, feedback
from qa.intake import LARGEST
from qa.words import CHINESE, Words, english
from web import chat, comparison, evaluation, library, report
from web.assets import first, style
from web.first import First
from web.pane import source_pane
from web.workplace import Workplace

# Questions answered at a time; the rest wait their turn. Python computes one at a time anyway, but
# one that a language model writes mostly waits itself. See benchmarks/users.md.
_AT_ONCE = 8
_FONTS = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "system-ui", "sans-serif")
# A circle half filled: light and dark.
_HALF = (
    '<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><circle cx="8" cy="8" r="6.5" '
    'fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M8 1.5a6.5 6.5 0 0 1 0 13z" '
    'fill="currentColor"/></svg>'
)
KEYS = (
    (("Enter",), "发送问题（用输入法选字时不发送）"),
    (("Shift", "Enter"), "换行"),
    (("Ctrl", "K"), "到问题框"),
    (("↑",), "在空的问题框里取回上一问"),
    (("←", "→"), "在原文里看上一条、下一条依据"),
    (("Esc",), "关闭原文或小窗"),
    (("?",), "打开这份帮助"),
)
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
    app.queue(default_concurrency_limit=_AT_ONCE)
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
            footer_links=[], theme=_theme(), css=style(), app_kwargs={"middleware": [(First, (), {"html": first(CHINESE, english())})]}, prevent_thread_lock=True,
            max_file_size=LARGEST,
        )  # fmt: skip
    except OSError as error:
        raise InputError(
            f"无法在 {host}:{port} 打开网页：端口已被占用，或地址不属于本机。"
            "请关闭占用该端口的程序，或换一个端口。"
        ) from error
    print(f"规问已启动：http://{host}:{port} （按 Ctrl+C 退出）", flush=True)
    app.block_thread()


def mount(
    server: Any,  # noqa: ANN401 - an application of FastAPI's, which this package does not import
    path: str,
    shelf: Shelf,
    login: Callable[[str, str], bool] | None = None,
) -> None:
    """Put the page below ``path`` of a server that serves other calls too.

    Args:
        server: the application.
        path: begins with a slash and does not end with one.
        shelf: the libraries.
        login: whether a name and a password may enter; None lets everyone in.
    """
    with warnings.catch_warnings():
        # A page in two languages is told that it cannot have what it does not ask for.
        warnings.filterwarnings("ignore", "SSR mode")
        gr.mount_gradio_app(
            server, build_app(shelf), path, auth=login, auth_message="用户名任意，密码为密钥。",
            ssr_mode=False, footer_links=[], max_file_size=LARGEST, theme=_theme(), css=style(),
        )  # fmt: skip


def _theme() -> gr.themes.Base:
    fonts = [gr.themes.Font(name) for name in _FONTS]
    theme = gr.themes.Default(primary_hue="blue", neutral_hue="slate", font=fonts)
    # Gradio's own is too pale to be read on white: 2.6 to 1 where 4.5 are wanted.
    return theme.set(body_text_color_subdued="*neutral_500")


def _page(shelf: Shelf, say: Words) -> None:
    """Lay out the page in one language: head, tabs, and the source pane beside them."""
    gr.Navbar(visible=False)
    with gr.Row(elem_id="gw-top"):
        gr.HTML(f"<h1>{say('规问')}</h1><p>{say('查政府规划，句句有原文')}</p>", elem_id="gw-head")
        library = _library(shelf, say)
        gr.HTML(_tools(say), elem_id="gw-tools")
    place = Workplace(shelf, say, library)
    with gr.Row(elem_id="gw-row"):
        with gr.Column(elem_id="gw-talk"), gr.Tabs(elem_id="gw-tabs"):
            for name, id_, lay_out in TABS:
                with gr.Tab(say(name), id=id_, elem_id=f"gw-{id_}-tab"):
                    lay_out(place)
        with gr.Column(elem_id="gw-source"):
            source_pane(place)


def _tools(say: Words) -> str:
    """The language, the colours and the help, at the right end of the head line."""
    other, link, name = ("EN", "en", "English")
    if say.language != CHINESE.language:
        other, link, name = ("中", ".", "中文")
    return (
        f'<a class="gw-tool" href="{link}" title="{name}" lang="{name[:2].lower()}">{other}</a>'
        f'<button type="button" class="gw-tool gw-theme">{_HALF}<span></span></button>'
        f'<button type="button" class="gw-tool gw-help" aria-label="{say("帮助")}" '
        f'title="{say("帮助")}">?</button>{_help(say)}'
    )


def _help(say: Words) -> str:
    """How to work with the page, and what becomes of what is typed into it."""
    keys = "".join(
        f"<dt>{''.join(f'<kbd>{key}</kbd>' for key in names)}</dt><dd>{say(text)}</dd>"
        for names, text in KEYS
    )
    told = say("对答案的评价记在本机的文件里：{path}", path=escape(str(feedback.default_path())))
    return (
        f'<dialog class="gw-dialog" id="gw-help-text" aria-label="{say("帮助")}">'
        f'<header><h2>{say("帮助")}</h2><button type="button" class="gw-done" '
        f'aria-label="{say("关闭")}">×</button></header>'
        f"<p>{say('点答案里的编号，在旁边看原文；点问题下面的地区、时间、指标，可换一个再问，点 × 不作限制。')}</p>"
        f'<dl class="gw-keys">{keys}</dl>'
        f'<p class="gw-quiet">{say("问题和对话不会离开这台电脑，除非启动时配置了语言模型。")}{told}</p></dialog>'
    )


def _library(shelf: Shelf, say: Words) -> gr.Dropdown:
    names = list(shelf.libraries)
    return gr.Dropdown(
        names, value=names[0], label=say("资料库"), visible=len(names) > 1,
        elem_id="gw-library", interactive=True, filterable=False,
    )  # fmt: skip
