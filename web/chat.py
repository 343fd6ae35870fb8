"""The chat: a question in, a cited answer out, with the limits of the search below it."""

import logging
from collections.abc import Iterator, Sequence

import gradio as gr

from qa import Engine, Filters, GuiwenError, Living, present
from qa.words import Words
from web.workplace import Workplace

EXAMPLES = (
    "济南2025年城镇化率目标",
    "青岛新增多少公共停车位",
    "孩子跟着打工的爸妈来济南，能上公办学校吗",
)
FOLLOW_UP = "那2035年呢？"
UNFORESEEN = "出现了没有预料到的问题，这一问没有得到回答。请换一种问法；若仍出现，请查看程序日志。"

Messages = list[dict[str, str]]


def tab(place: Workplace) -> None:
    """Lay out the chat, the question box, the examples and the limits, and connect them."""
    say = place.say
    chat = gr.Chatbot(
        elem_id="gw-chat", show_label=False, layout="bubble", render_markdown=False,
        sanitize_html=True, latex_delimiters=[], buttons=[], feedback_options=None, autoscroll=False,
        placeholder=say("输入问题，或点下面的例子。答案逐句引自原文，点编号可看出处。"),
    )  # fmt: skip
    box = gr.Textbox(
        elem_id="gw-box", show_label=False, label=say("问题"), max_lines=4, autofocus=True,
        placeholder=say("例如：济南2025年城镇化率目标（按回车发送）"), submit_btn=say("发送"),
    )  # fmt: skip
    with gr.Row(elem_id="gw-examples"):
        examples = [gr.Button(text, size="sm") for text in EXAMPLES]
        follow_up = gr.Button(FOLLOW_UP, size="sm", visible=False)
        clear = gr.Button(say("新对话"), size="sm", visible=False)
    limits = _limits(place.living(None).engine, say)
    shown, asked = gr.State([]), gr.State([])

    def respond(  # noqa: PLR0913, PLR0917 - one for each component
        text: str, library: str, shown: Messages, asked: list[str],
        documents: list[str], regions: list[str], year: int, lifted: bool,
    ) -> Iterator[tuple[object, ...]]:  # fmt: skip
        filters = Filters(frozenset(documents), frozenset(regions), year or None, lifted)
        engine = place.living(library).engine
        for messages, questions, left in _reply(engine, text, shown, asked, filters, say):
            again = gr.update(visible=bool(questions))
            yield messages, left, messages, questions, again, gr.update(visible=True)

    def restart() -> tuple[object, ...]:
        hidden = gr.update(visible=False)
        return [], "", [], [], hidden, hidden

    def offers(library: str) -> list[object]:
        return _offers(place.living(library), say)

    outputs = [chat, box, shown, asked, follow_up, clear]
    given = [place.library, shown, asked, *limits]
    box.submit(respond, [box, *given], outputs, show_progress="hidden")
    for button in (*examples, follow_up):
        button.click(respond, [button, *given], outputs, show_progress="hidden")
    clear.click(restart, None, outputs, show_progress="hidden")
    # A page that is opened later offers what the library holds by then.
    gr.on(None, offers, place.library, limits[:3], show_progress="hidden")
    place.library.change(offers, place.library, limits[:3], show_progress="hidden")


def _limits(engine: Engine, say: Words) -> list[gr.components.Component]:
    """Lay out what a search can be limited to, in the order of :class:`Filters`."""
    offered = present.facets(engine.index.documents.values())
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


def _offers(living: Living, say: Words) -> list[object]:
    """The choices of documents, regions and years, as the library has them now."""
    offered = present.facets(living.engine.index.documents.values())
    choices = [list(offered.documents), list(offered.regions), _years(offered.years, say)]
    return [gr.update(choices=one) for one in choices]


def _reply(  # noqa: PLR0913, PLR0917 - what a reply depends on
    engine: Engine, text: str, shown: Messages, asked: list[str], filters: Filters, say: Words
) -> Iterator[tuple[Messages, list[str], str]]:
    """Yield the messages to show, the questions asked so far, and what is left in the box."""
    said = [*shown, {"role": "user", "content": present.asked(text, say)}]

    def with_answer(html: str) -> Messages:
        return [*said, {"role": "assistant", "content": html}]

    yield with_answer(present.waiting(say)), asked, ""
    try:
        answers = engine.ask_stream(text, history=asked, filters=filters)
        for html in present.live(answers, engine.index.documents, filters, say):
            yield with_answer(html), [*asked, text], ""
    except GuiwenError as error:
        yield with_answer(present.problem(str(error))), asked, text
    except Exception:  # the last edge: the user gets plain words, the log gets the rest
        logging.getLogger("guiwen").exception("question failed")
        yield with_answer(present.problem(say(UNFORESEEN))), asked, text
