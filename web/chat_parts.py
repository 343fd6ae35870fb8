"""The components of the chat and what they offer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from qa import Engine, Living, present
from qa.suggest import beginnings
from qa.words import Words
from web.workplace import Workplace

EXAMPLES = 3
# What the scripts of the chat reach: events that they set off, and functions of the server.
_REACH = """
const send = (event, value) => { props.value = value; trigger(event); };
document.querySelector('#gw-reach').guiwen = { server, send };
"""
_KEEP = """
const tell = () => document.dispatchEvent(new CustomEvent('gw-kept', { detail: props.value }));
watch('value', tell);
"""


@dataclass(frozen=True)
class Parts:
    """The components of the chat; gradio's own types are not known to the type checker."""

    chat: Any
    box: Any
    examples: Sequence[Any]
    clear: Any
    following: Any
    limits: Sequence[Any]
    shown: Any
    turns: Any
    keeper: Any
    reach: Any

    @property
    def outputs(self) -> list[Any]:
        """What an answer changes."""
        held = [self.chat, self.box, self.shown, self.turns, self.keeper, self.clear]
        return [*held, self.following, *self.examples]

    @property
    def offers(self) -> list[Any]:
        """What another library changes."""
        return [self.chat, *self.limits[:3], *self.examples]


def lay_out(place: Workplace, functions: list[Callable[..., str]]) -> Parts:
    """Lay out the chat; its scripts may call ``functions``."""
    say, engine = place.say, place.living(None).engine
    chat = gr.Chatbot(
        elem_id="gw-chat", show_label=False, layout="bubble", render_markdown=False,
        sanitize_html=True, latex_delimiters=[], buttons=[], feedback_options=None, autoscroll=False,
        placeholder=present.holdings(engine.index, say),
    )  # fmt: skip
    box = gr.Textbox(
        elem_id="gw-box", show_label=False, label=say("问题"), max_lines=4, autofocus=True,
        placeholder=say("写下问题，按回车发送"), submit_btn=say("发送"),
    )  # fmt: skip
    with gr.Row(elem_id="gw-examples"):
        examples = [
            gr.Button(text, size="sm", visible=bool(text), elem_classes="gw-example")
            for text in _examples(engine)
        ]
        following = gr.HTML("", elem_id="gw-next")
        clear = gr.Button(say("新对话"), size="sm", visible=False, elem_id="gw-new")
        past = (
            f'<button type="button" class="gw-past" aria-haspopup="dialog">{say("历史")}</button>'
        )
        gr.HTML(past, elem_id="gw-past")
    return Parts(
        chat=chat, box=box, examples=examples, clear=clear, following=following, limits=_limits(engine, say),
        shown=gr.State([]), turns=gr.State(()),
        keeper=gr.HTML(html_template="", js_on_load=_KEEP, visible="hidden"),
        reach=gr.HTML(
            html_template="", js_on_load=_REACH, elem_id="gw-reach", visible="hidden",
            server_functions=functions,
        ),
    )  # fmt: skip


def offered(living: Living, say: Words) -> list[object]:
    """What the library holds now: a welcome, choices of documents, regions and years, examples."""
    engine = living.engine
    held = engine.facets
    choices = [list(held.documents), list(held.regions), _years(held.years, say)]
    return [
        gr.update(placeholder=present.holdings(engine.index, say)),
        *[gr.update(choices=one) for one in choices],
        *[gr.update(value=text) for text in _examples(engine)],
    ]


def _examples(engine: Engine) -> list[str]:
    """Questions to begin with; empty ones fill up to ``EXAMPLES``."""
    found = list(beginnings(engine.verbatim, EXAMPLES))
    return [*found, *[""] * (EXAMPLES - len(found))]


def _limits(engine: Engine, say: Words) -> list[gr.components.Component]:
    """Lay out what a search can be limited to, in the order of :class:`Filters`."""
    offered = engine.facets
    with gr.Accordion(say("查找范围"), open=False, elem_id="gw-limits"):
        documents = gr.Dropdown(
            list(offered.documents), value=[], multiselect=True, label=say("文件"),
            info=say("不选即全部"),
        )  # fmt: skip
        with gr.Row():
            regions = gr.Dropdown(
                list(offered.regions), value=[], multiselect=True, label=say("地区"),
                info=say("不选即全部"),
            )  # fmt: skip
            year = gr.Dropdown(
                _years(offered.years, say), value=0, label=say("年份"),
                info=say("只查写有这一年的段落"),
            )  # fmt: skip
        lifted = gr.Checkbox(
            label=say("不限地区"), info=say("问题里写了地区时，默认只查该地区；勾选后查全部文件")
        )
    return [documents, regions, year, lifted]


def _years(years: Sequence[int], say: Words) -> list[tuple[str, int]]:
    return [(say("不限"), 0), *((say("{year}年", year=year), year) for year in years)]
