"""What the library's tab is made of, and what it shows of a library and of one document."""

import logging
from collections.abc import Callable
from typing import Any

import gradio as gr

from qa import GuiwenError, present
from qa.holding import mark
from qa.intake import LARGEST
from qa.present import FIELDS, View
from web.workplace import Workplace

UNFORESEEN = "出现了没有预料到的问题，没有更改。请重试；若仍出现，请查看程序日志。"
KINDS = "txt、md、html、pdf、docx、xlsx、csv"
# A title or a head of the table tells the page what was chosen.
_CHOOSE = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('.gw-choose, .gw-sort');
  if (button) trigger('select', { kind: button.classList[0], value: button.value });
});
"""
Update = dict[Any, Any]
Asking = tuple[gr.Column, gr.HTML, gr.Button, gr.Button]


class Desk:
    """The components of the tab; what is to be shown in them is given by component."""

    def __init__(self, place: Workplace) -> None:
        """Lay out the components."""
        say = self.say = place.say
        self.place = place
        self.tab = gr.context.Context.block
        self.view, self.name = gr.State(View()), gr.State("")
        self.seen = gr.State("")
        self.head = gr.HTML(elem_id="gw-library-head")
        self.said = gr.HTML(
            '<div role="status" aria-live="polite"></div>', elem_id="gw-library-said"
        )
        with gr.Column(elem_id="gw-listing") as self.listing:
            self.wanted = gr.Textbox(
                elem_id="gw-wanted", show_label=False, container=False, label=say("筛选文件"), max_lines=1,
                placeholder=say("筛选：标题、地区、文号、年份……"),
            )  # fmt: skip
            self.table = gr.HTML(elem_id="gw-table", js_on_load=_CHOOSE)
            with gr.Accordion(say("放入文件"), open=False, elem_id="gw-adding") as self.adding:
                self.files = self._files("gw-files", "multiple")
                self.add = gr.Button(say("放入资料库"), variant="primary", elem_id="gw-add")
            with gr.Accordion(say("新建资料库"), open=False, elem_id="gw-making") as self.making:
                self.called = gr.Textbox(label=say("名称"), max_lines=1, elem_id="gw-called")
                self.first = self._files("gw-intake", "multiple")
                self.make = gr.Button(say("新建"), variant="primary", elem_id="gw-make")
            with gr.Accordion(say("核对整个资料库"), open=False, elem_id="gw-auditing"):
                gr.HTML(
                    f'<p class="gw-quiet">{say("逐字核对每份文件是否都能查到，并找出重复的段落。文件多时要一两分钟。")}</p>'
                )
                self.audit = gr.Button(say("开始核对"), elem_id="gw-audit")
                self.audited = gr.HTML(elem_id="gw-audited")
            self.drop = gr.Button(say("删除这个资料库"), elem_id="gw-drop", size="sm")
            self.dropping = self._asking("gw-dropping")
        with gr.Column(visible=False, elem_id="gw-chosen") as self.chosen:
            self.back = gr.Button(say("← 全部文件"), elem_id="gw-back", size="sm")
            self.one = gr.HTML(elem_id="gw-document")
            with gr.Accordion(say("提纲"), open=False, elem_id="gw-document-outline"):
                self.outline = gr.HTML()
            with gr.Accordion(say("核对结果"), open=False, elem_id="gw-document-audit"):
                self.account = gr.HTML()
            with gr.Accordion(say("修改元数据"), open=False, elem_id="gw-editing") as self.editing:
                self.fields = [
                    gr.Textbox(label=say(name), max_lines=2, elem_id=f"gw-field-{key}")
                    for key, name in FIELDS.items()
                ]
                gr.HTML(
                    f'<p class="gw-quiet">{say("空着表示这份文件没有这一项。规划期写起止年份，日期写 2022-07-15。")}</p>'
                )
                self.save = gr.Button(say("保存"), variant="primary", elem_id="gw-save")
            with gr.Accordion(
                say("换成新版本"), open=False, elem_id="gw-renewing"
            ) as self.renewing:
                self.file = self._files("gw-file", "single")
                self.renew = gr.Button(say("换成这个文件"), variant="primary", elem_id="gw-renew")
            self.remove = gr.Button(say("移出这份文件"), elem_id="gw-remove", size="sm")
            self.removing = self._asking("gw-removing")

    def _files(self, name: str, count: str) -> gr.File:
        label = self.say("选择或拖入文件（每份不超过 {size} MB）", size=LARGEST // 2**20)
        files = gr.File(label=label, file_count=count, elem_id=name, height=140)
        kinds = self.say("可以放入：{kinds}。按内容辨认格式，不看文件名。", kinds=KINDS)
        gr.HTML(f'<p class="gw-quiet gw-hint" data-largest="{LARGEST}">{kinds}</p>')
        return files

    def _asking(self, name: str) -> Asking:
        """A question before what cannot be undone, with the button that does it and one that not."""
        with gr.Column(visible=False, elem_id=name, elem_classes="gw-asking") as box:
            text = gr.HTML()
            with gr.Row():
                yes = gr.Button(self.say("确定"), variant="stop", size="sm")
                no = gr.Button(self.say("取消"), size="sm")
        return box, text, yes, no

    # What the page shows

    def listed(self, library: str | None, view: View) -> Update:
        """The list of the documents, with what may be done."""
        shelf = self.place.shelf
        engine, holding = shelf.get(library).engine, shelf.holding(library)
        may = gr.update(visible=not holding.locked)
        own = not holding.locked and holding.sources is not None
        return {
            self.head: present.summary(engine.index, self.say) + present.kind(holding, self.say),
            self.table: present.table(engine.index, view, self.say),
            self.view: view, self.name: "",
            self.listing: gr.update(visible=True), self.chosen: gr.update(visible=False),
            self.adding: may, self.making: gr.update(visible=shelf.grows),
            self.drop: gr.update(visible=own), self.dropping[0]: gr.update(visible=False),
        }  # fmt: skip

    def opened(self, library: str | None, name: str) -> Update:
        """One document, with what may be done to it."""
        shelf = self.place.shelf
        index, holding = shelf.get(library).engine.index, shelf.holding(library)
        document = index.documents.get(name)
        if document is None:
            return self.listed(library, View()) | {
                self.said: present.problem(self.say("这份文件已经不在资料库中。"))
            }
        may = gr.update(visible=not holding.locked)
        return {
            self.name: name, self.seen: mark(document),
            self.one: present.one(index, name, self.say),
            self.outline: f'<div class="gw-scope">{present.openers(index, name, self.say)}</div>',
            self.account: present.told(index, name, self.say),
            self.listing: gr.update(visible=False), self.chosen: gr.update(visible=True),
            self.editing: may, self.renewing: may, self.remove: may,
            self.removing[0]: gr.update(visible=False), self.file: None,
            **dict(zip(self.fields, present.values(document), strict=True)),
        }  # fmt: skip

    def told(self, show: Callable[[], Update]) -> Update:
        """What ``show`` gives; if it fails, why, in plain words."""
        try:
            return show()
        except GuiwenError as error:
            return {self.said: present.problem(str(error))}
        except Exception:  # the last edge: the user gets plain words, the log gets the rest
            logging.getLogger("guiwen").exception("the library could not be changed or shown")
            return {self.said: present.problem(self.say(UNFORESEEN))}

    def steps(self, progress: gr.Progress) -> Callable[[str, int, int], None]:
        """What tells the steps of a change on the page."""

        def step(name: str, done: int, total: int) -> None:
            progress(done / total if total else 0.0, desc=self.say(name))

        return step
