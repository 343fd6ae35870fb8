"""The chat front end: shows what qa returns, decides nothing."""

import logging
import os
from collections.abc import Iterator, Sequence

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import gradio as gr  # reads its settings when it is imported

from qa import Engine, Filters, GuiwenError, InputError, Living, present

EXAMPLES = (
    "济南2025年城镇化率目标",
    "青岛新增多少公共停车位",
    "孩子跟着打工的爸妈来济南，能上公办学校吗",
)
FOLLOW_UP = "那2035年呢？"
UNFORESEEN = "出现了没有预料到的问题，这一问没有得到回答。请换一种问法；若仍出现，请查看程序日志。"

Messages = list[dict[str, str]]

# Runs in the page: opens places in the pane, steps through them, copies, and keeps Enter from
# sending a question while an input method is still composing it.
SCRIPT = """
const pane = element.querySelector('.gw-pane');
const root = document.documentElement;
let opener = null, places = [], at = 0;
root.lang = 'zh-CN';

const step = () => {
  const buttons = pane.querySelectorAll('.gw-step');
  if (!buttons.length) return;
  pane.querySelector('.gw-count').textContent = `${at + 1} / ${places.length}`;
  buttons[0].disabled = at === 0;
  buttons[1].disabled = at === places.length - 1;
};
const light = () => {
  document.querySelectorAll('.gw-on').forEach((b) => b.classList.remove('gw-on'));
  const answer = opener && opener.closest('.gw-answer');
  if (!answer) return;
  answer.querySelectorAll('.gw-open').forEach((b) =>
    b.classList.toggle('gw-on', b.value === places[at]));
};
const show = async () => {
  const place = places[at];
  const html = await server.open_source(place);
  if (place !== places[at]) return;
  pane.innerHTML = html;
  document.querySelector('#gw-row').classList.add('gw-opened');
  step();
  light();
  const text = pane.querySelector('.gw-text'), mark = pane.querySelector('mark');
  if (!text) return;
  if (mark) {
    const gap = mark.getBoundingClientRect().top - text.getBoundingClientRect().top;
    text.scrollTop += gap - text.clientHeight / 4;
  }
  if (matchMedia('(max-width: 959px)').matches) pane.scrollIntoView({ block: 'start' });
  text.focus({ preventScroll: true });
};
const close = () => {
  document.querySelector('#gw-row').classList.remove('gw-opened');
  places = [];
  light();
  pane.replaceChildren();
  if (opener && opener.isConnected) {
    opener.scrollIntoView({ block: 'center' });
    opener.focus({ preventScroll: true });
  }
};
const copy = async (button) => {
  try {
    await navigator.clipboard.writeText(button.value);
  } catch {
    const area = document.createElement('textarea');
    area.value = button.value;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  const label = button.dataset.label || button.textContent;
  button.dataset.label = label;
  button.textContent = '已复制';
  setTimeout(() => { button.textContent = label; }, 1500);
};
document.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.matches('.gw-open')) {
    opener = button;
    const kind = button.matches('.gw-place') ? '.gw-place' : '.gw-ref';
    const all = button.closest('.gw-answer').querySelectorAll(kind);
    places = [...new Set([...all].map((b) => b.value))];
    at = places.indexOf(button.value);
    if (at < 0) { places = [button.value]; at = 0; }
    show();
  } else if (button.matches('.gw-copy')) copy(button);
  else if (button.matches('.gw-step')) { at += Number(button.value); show(); }
  else if (button.matches('.gw-close')) close();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && event.isComposing) event.stopPropagation();
  if (event.key === 'Escape' && pane.contains(document.activeElement)) close();
}, true);
let asked = 0;
const follow = () => {
  // A new question goes to the top of the chat, so that its answer is read from the beginning.
  const all = document.querySelectorAll('.gw-asked');
  if (all.length === asked) return;
  asked = all.length;
  const last = all[asked - 1], box = last && last.closest('.bubble-wrap');
  if (box) requestAnimationFrame(() => {
    box.scrollTop += last.getBoundingClientRect().top - box.getBoundingClientRect().top - 16;
  });
};
new MutationObserver(() => {
  follow();
  document.querySelectorAll('.gw-answer button[title]:not([aria-label])')
    .forEach((b) => { if (!b.matches('.gw-ref, .gw-place')) b.setAttribute('aria-label', b.title); });
}).observe(document.body, { childList: true, subtree: true });
"""

STYLE = """
.gradio-container { max-width: 1440px !important; margin: 0 auto !important; }
.gradio-container main, .gradio-container .main { padding: 12px 16px !important; }
#gw-head h1 { font-size: 1.3rem; font-weight: 650; margin: 0; display: inline; }
#gw-head p { color: var(--body-text-color-subdued); margin: 0 0 0 .75rem; display: inline; }
#gw-row { gap: 20px; align-items: flex-start; justify-content: center; }
#gw-talk { max-width: 880px; flex: 1 1 0; min-width: 0 !important; }
#gw-source { display: none; flex: 1 1 0; min-width: 0 !important; position: sticky; top: 12px; }
#gw-row.gw-opened #gw-source { display: flex; }
#gw-chat { height: calc(100dvh - 268px) !important; min-height: 340px; }
#gw-examples { gap: 8px; flex-wrap: wrap; }
#gw-examples button { flex: 0 0 auto; min-width: 0; font-weight: 400; }
#gw-chat .message { max-width: 100%; }
#gw-chat .bot .message, #gw-chat .message.bot { width: 100%; }
.gw-asked, .gw-answer { white-space: normal; line-height: 1.75; overflow-wrap: anywhere; }
.gw-asked { white-space: pre-wrap; }
.gw-quiet { color: var(--body-text-color-subdued); }
.gw-answer p { margin: 0 0 .5em; }
.gw-answer button, .gw-pane button { font: inherit; cursor: pointer; background: none; border: 0; color: inherit; }
.gw-answer button:focus-visible, .gw-pane button:focus-visible, .gw-answer summary:focus-visible,
.gw-pane summary:focus-visible { outline: 2px solid var(--color-accent); outline-offset: 2px; border-radius: 4px; }
.gw-reading { display: flex; flex-wrap: wrap; gap: 2px 16px; font-size: .8rem; margin-bottom: .6em;
  color: var(--body-text-color-subdued); }
.gw-reading b { font-weight: 400; opacity: .75; }
.gw-statements p { white-space: pre-line; }
.gw-said { color: var(--body-text-color-subdued); }
.gw-answer .gw-mark { color: var(--gw-link); font-size: .8em; padding: 0 .2em; margin-left: .1em;
  vertical-align: .25em; line-height: 1; font-variant-numeric: tabular-nums; border-radius: 4px; }
.gw-answer .gw-mark:hover, .gw-answer .gw-mark.gw-on { background: var(--gw-tint); }
.gw-label { display: flex; align-items: baseline; gap: 12px; margin: .9em 0 .3em; padding-top: .7em;
  border-top: 1px solid var(--border-color-primary); font-size: .8rem; color: var(--body-text-color-subdued); }
.gw-label i { font-style: normal; opacity: .8; }
.gw-label .gw-copy { margin-left: auto; }
.gw-refs, .gw-passages { list-style: none !important; padding: 0 !important; margin: 0 !important; }
.gw-refs li { display: flex; align-items: flex-start; gap: 8px; margin: 0 !important; }
.gw-answer .gw-ref, .gw-answer .gw-place { flex: 1; min-width: 0; text-align: left; padding: 5px 8px; margin-left: -8px;
  border-radius: 6px; line-height: 1.5; font-size: .9rem; }
.gw-answer .gw-place { display: block; width: calc(100% + 16px); color: var(--gw-link); }
.gw-ref:hover, .gw-place:hover { background: var(--gw-tint) !important; }
.gw-ref.gw-on, .gw-place.gw-on { background: var(--gw-tint) !important; }
.gw-no { color: var(--gw-link); }
.gw-path { display: block; font-size: .8rem; color: var(--body-text-color-subdued); }
.gw-answer .gw-copy, .gw-pane .gw-copy { flex: none; font-size: .8rem; color: var(--gw-link); padding: 5px 4px; white-space: nowrap; }
.gw-copy:hover, .gw-pane button:hover { text-decoration: underline; }
.gw-more { margin-top: .8em; border-top: 1px solid var(--border-color-primary); padding-top: .6em; }
.gw-answer summary, .gw-pane summary { cursor: pointer; font-size: .8rem; color: var(--body-text-color-subdued); }
.gw-passages li { margin: 0 !important; padding: 6px 0 10px; }
.gw-passages li + li { border-top: 1px solid var(--border-color-primary); }
.gw-answer .gw-excerpt { margin: 2px 0 4px; font-size: .88rem; line-height: 1.65; display: -webkit-box;
  -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; white-space: pre-line; }
.gw-scores table { width: auto; margin: 4px 0 0 !important; font-size: .8rem; border-collapse: collapse; }
.gw-scores th, .gw-scores td { border: 0 !important; padding: 1px 16px 1px 0 !important; text-align: left;
  font-weight: 400; background: none !important; font-variant-numeric: tabular-nums; }
.gw-scores p { font-size: .8rem; margin: 4px 0 0; }
.gw-none b { display: block; font-size: 1.05rem; }
.gw-problem p { margin: 0; border-left: 3px solid var(--gw-warn); padding-left: 10px; }
.gw-pane { width: 100%; display: flex; flex-direction: column; height: calc(100dvh - 32px); overflow: hidden;
  border: 1px solid var(--border-color-primary); border-radius: 10px; background: var(--background-fill-primary);
  color: var(--body-text-color); scroll-margin-top: 8px; }
.gw-bar { display: flex; align-items: center; gap: 10px; padding: 8px 16px; font-size: .85rem;
  border-bottom: 1px solid var(--border-color-primary); flex: none; }
.gw-bar button { color: var(--gw-link) !important; padding: 4px 2px; white-space: nowrap; }
.gw-bar button:disabled { color: var(--body-text-color-subdued) !important; opacity: .6; cursor: default; text-decoration: none; }
.gw-count { font-variant-numeric: tabular-nums; color: var(--body-text-color-subdued); white-space: nowrap; }
.gw-gap { flex: 1; }
.gw-about { padding: 12px 16px; border-bottom: 1px solid var(--border-color-primary); flex: none; }
.gw-about h2 { font-size: 1rem; font-weight: 650; line-height: 1.5; margin: 0 0 2px; }
.gw-about p, .gw-about ul { font-size: .8rem; line-height: 1.6; margin: 0; }
.gw-about ul { padding-left: 1.2em; list-style: disc; }
.gw-facts { color: var(--body-text-color-subdued); }
.gw-text { flex: 1; overflow-y: auto; padding: 14px 20px 40px; line-height: 1.85; overflow-wrap: anywhere; outline-offset: -2px; }
.gw-text p { margin: 0 0 .6em; white-space: pre-wrap; }
.gw-text b { font-weight: 650; }
.gw-text mark { background: var(--gw-mark); color: inherit; padding: .1em 0; border-radius: 2px; }
:root { --gw-link: #1d4ed8; --gw-tint: #e8effd; --gw-mark: #fde68a; --gw-warn: #d97706; }
.dark { --gw-link: #93b8ff; --gw-tint: #1e2f52; --gw-mark: #6b5310; --gw-warn: #f59e0b; }
@media (max-width: 959px) {
  #gw-head p { display: block; margin: 0; font-size: .85rem; }
  #gw-row { flex-direction: column; align-items: stretch; }
  #gw-talk, #gw-source { flex: none; width: 100%; }
  #gw-source { position: static; }
  .gw-bar { gap: 8px; padding: 8px 12px; }
  .gw-about { padding: 10px 12px; }
  .gw-text { padding: 12px 14px 32px; }
}
"""


def build_app(engine: Engine) -> gr.Blocks:
    """Return the chat over ``engine``; :func:`launch` adds its style and serves it."""
    living = Living(engine)
    with gr.Blocks(title="规问", analytics_enabled=False) as app:
        gr.HTML("<h1>规问</h1><p>查政府规划，句句有原文</p>", elem_id="gw-head")
        with gr.Row(elem_id="gw-row"):
            with gr.Column(elem_id="gw-talk"):
                limits = _talk(living)
            with gr.Column(elem_id="gw-source"):
                _source_pane(living)
        # A page that is opened later offers what the index holds by then.
        app.load(lambda: _offers(living), None, limits[:3], show_progress="hidden")
    return app


def launch(engine: Engine, host: str = "127.0.0.1", port: int = 7860) -> None:
    """Serve the chat until it is interrupted.

    Raises:
        InputError: the port is taken, or the address is not of this machine.
    """
    app = build_app(engine)
    fonts = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "system-ui", "sans-serif")
    theme = gr.themes.Default(
        primary_hue="blue", neutral_hue="slate", font=[gr.themes.Font(name) for name in fonts]
    )
    try:
        app.launch(
            server_name=host, server_port=port, share=False, ssr_mode=False, quiet=True,
            footer_links=[], theme=theme, css=STYLE, prevent_thread_lock=True,
        )  # fmt: skip
    except OSError as error:
        raise InputError(
            f"无法在 {host}:{port} 打开网页：端口已被占用，或地址不属于本机。"
            "请关闭占用该端口的程序，或换一个端口。"
        ) from error
    print(f"规问已启动：http://{host}:{port} （按 Ctrl+C 退出）", flush=True)
    app.block_thread()


def _talk(living: Living) -> list[gr.components.Component]:
    """Lay out the chat, the question box, the examples and the limits, and connect them."""
    chat = gr.Chatbot(
        elem_id="gw-chat", show_label=False, layout="bubble", render_markdown=False,
        sanitize_html=True, latex_delimiters=[], buttons=[], feedback_options=None, autoscroll=False,
        placeholder="输入问题，或点下面的例子。答案逐句引自原文，点编号可看出处。",
    )  # fmt: skip
    box = gr.Textbox(
        elem_id="gw-box", show_label=False, label="问题", max_lines=4, autofocus=True,
        placeholder="例如：济南2025年城镇化率目标（按回车发送）", submit_btn="发送",
    )  # fmt: skip
    with gr.Row(elem_id="gw-examples"):
        examples = [gr.Button(text, size="sm") for text in EXAMPLES]
        follow_up = gr.Button(FOLLOW_UP, size="sm", visible=False)
        clear = gr.Button("新对话", size="sm", visible=False)
    limits = _limits(living.engine)
    shown, asked = gr.State([]), gr.State([])

    def respond(  # noqa: PLR0913, PLR0917 - one for each component
        text: str, shown: Messages, asked: list[str],
        documents: list[str], regions: list[str], year: int, lifted: bool,
    ) -> Iterator[tuple[object, ...]]:  # fmt: skip
        filters = Filters(frozenset(documents), frozenset(regions), year or None, lifted)
        for messages, questions, left in _reply(living.engine, text, shown, asked, filters):
            again = gr.update(visible=bool(questions))
            yield messages, left, messages, questions, again, gr.update(visible=True)

    def restart() -> tuple[object, ...]:
        hidden = gr.update(visible=False)
        return [], "", [], [], hidden, hidden

    outputs = [chat, box, shown, asked, follow_up, clear]
    box.submit(respond, [box, shown, asked, *limits], outputs, show_progress="hidden")
    for button in (*examples, follow_up):
        button.click(respond, [button, shown, asked, *limits], outputs, show_progress="hidden")
    clear.click(restart, None, outputs, show_progress="hidden")
    return limits


def _limits(engine: Engine) -> list[gr.components.Component]:
    """Lay out what a search can be limited to, in the order of :class:`Filters`."""
    offered = present.facets(engine.index.documents.values())
    with gr.Accordion("查找范围", open=False, elem_id="gw-limits"):
        documents = gr.Dropdown(
            list(offered.documents), value=[], multiselect=True, label="文件", info="不选即全部"
        )
        with gr.Row():
            regions = gr.Dropdown(
                list(offered.regions), value=[], multiselect=True, label="地区", info="不选即全部"
            )
            year = gr.Dropdown(
                _years(offered.years),
                value=0, label="年份", info="只查写有这一年的段落",
            )  # fmt: skip
        lifted = gr.Checkbox(
            label="不限地区", info="问题里写了地区时，默认只查该地区；勾选后查全部文件"
        )
    return [documents, regions, year, lifted]


def _years(years: Sequence[int]) -> list[tuple[str, int]]:
    return [("不限", 0), *((f"{year}年", year) for year in years)]


def _offers(living: Living) -> list[object]:
    """The choices of documents, regions and years, as the index has them now."""
    offered = present.facets(living.engine.index.documents.values())
    choices = [list(offered.documents), list(offered.regions), _years(offered.years)]
    return [gr.update(choices=one) for one in choices]


def _source_pane(living: Living) -> None:
    """Lay out the pane that shows a cited place in its document."""

    def open_source(place: str) -> str:
        try:
            return present.source(living.engine.index, place)
        except GuiwenError as error:
            return present.problem(str(error))

    gr.HTML(
        html_template='<section class="gw-pane" aria-label="原文"></section>',
        js_on_load=SCRIPT,
        server_functions=[open_source],
    )


def _reply(
    engine: Engine, text: str, shown: Messages, asked: list[str], filters: Filters
) -> Iterator[tuple[Messages, list[str], str]]:
    """Yield the messages to show, the questions asked so far, and what is left in the box."""
    said = [*shown, {"role": "user", "content": present.asked(text)}]

    def with_answer(html: str) -> Messages:
        return [*said, {"role": "assistant", "content": html}]

    yield with_answer(present.waiting()), asked, ""
    try:
        answers = engine.ask_stream(text, history=asked, filters=filters)
        for html in present.live(answers, engine.index.documents, filters):
            yield with_answer(html), [*asked, text], ""
    except GuiwenError as error:
        yield with_answer(present.problem(str(error))), asked, text
    except Exception:  # the last edge: the user gets plain words, the log gets the rest
        logging.getLogger("guiwen").exception("question failed")
        yield with_answer(present.problem(UNFORESEEN)), asked, text
