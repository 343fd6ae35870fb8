"""The library: its documents, one of them, what is put in and taken out, and other libraries."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from qa import GuiwenError, present
from qa.holding import mark
from qa.intake import LARGEST
from qa.present import FIELDS, View
from web.workplace import Workplace

UNFORESEEN = "出现了没有预料到的问题，没有更改。请重试；若仍出现，请查看程序日志。"
KINDS = "txt、md、html、pdf、docx、xlsx、csv"
# Gradio makes a tracker of its own for each call of a function that has this as a default.
PROGRESS = gr.Progress()
# A title or a head of the table tells the page what was chosen.
_CHOOSE = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('.gw-pick, .gw-sort');
  if (button) trigger('select', { kind: button.classList[0], value: button.value });
});
"""
Update = dict[Any, Any]
Asking = tuple[gr.Column, gr.HTML, gr.Button, gr.Button]


def tab(place: Workplace) -> None:
    """Lay out the tab, and connect it."""
    Desk(place).connect()


class Desk:
    """The components of the tab and what they do; each handler gives what is to be shown."""

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
                self.first = self._files("gw-first", "multiple")
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

    # What happens

    def connect(self) -> None:
        """Connect the components with what they do."""
        library = self.place.library
        quiet: dict[str, Any] = {"show_progress": "hidden"}
        every = [
            self.head, self.said, self.table, self.view, self.name, self.seen, self.listing, self.chosen, self.adding,
            self.making, self.drop, self.dropping[0], self.one, self.outline, self.account, self.editing,
            self.renewing, self.remove, self.removing[0], self.file, *self.fields,
        ]  # fmt: skip
        # A change is shown with its steps; two at once are told apart by the library itself.
        slow: dict[str, Any] = {"show_progress_on": self.said, "concurrency_limit": None}

        def refresh(name: str | None, view: View) -> Update:
            return {self.said: ""} | self.told(lambda: self.listed(name, view))

        def filtered(name: str | None, view: View, wanted: str) -> Update:
            now = View(view.column, view.descending, wanted[:200])
            return self.told(lambda: self._table(name, now))

        def chose(name: str | None, view: View, event: gr.EventData) -> Update:
            if event.kind == "gw-sort":
                return self.told(lambda: self._table(name, view.by(event.value)))
            return {self.said: ""} | self.told(lambda: self.opened(name, event.value))

        shown = [library, self.view]
        if isinstance(self.tab, gr.Tab):
            self.tab.select(refresh, shown, every, **quiet)
        library.change(
            lambda name, view: self.told(lambda: self.listed(name, view)), shown, every, **quiet
        )
        self.back.click(refresh, shown, every, **quiet)
        self.wanted.change(
            filtered, [*shown, self.wanted], [self.table, self.view, self.said],
            trigger_mode="always_last", **quiet,
        )  # fmt: skip
        self.table.select(chose, shown, every, **quiet)
        gr.on(None, self._libraries, None, library, **quiet)

        self.add.click(self.added, [library, self.view, self.files], [*every, self.files], **slow)
        self.make.click(
            self.made, [self.called, self.first], [library, self.said, self.called, self.first], **slow
        )  # fmt: skip
        self.save.click(self.saved, [library, self.name, self.seen, *self.fields], every, **slow)
        self.renew.click(self.renewed, [library, self.name, self.seen, self.file], every, **slow)
        self._ask(self.remove, self.removing, [library, self.name], self.remove_asked)
        self.removing[2].click(
            self.removed, [library, self.view, self.name, self.seen], every, **slow
        )
        self._ask(self.drop, self.dropping, [library], self.drop_asked)
        self.dropping[2].click(self.dropped, [library], [library, self.said], **slow)
        self.audit.click(
            self.audited_, [library], [self.audited, self.said],
            show_progress_on=self.audited, concurrency_limit=1,
        )  # fmt: skip

    def _ask(
        self, button: gr.Button, asking: Asking, given: list[Any], text: Callable[..., str]
    ) -> None:
        box, shown, yes, no = asking
        button.click(
            lambda *values: (gr.update(visible=True), text(*values)), given, [box, shown],
            show_progress="hidden",
        )  # fmt: skip
        for one in (yes, no):
            one.click(lambda: gr.update(visible=False), None, box, show_progress="hidden")

    def _table(self, library: str | None, view: View) -> Update:
        index = self.place.shelf.get(library).engine.index
        return {self.table: present.table(index, view, self.say), self.view: view}

    def _libraries(self, value: str | None = None) -> Any:  # noqa: ANN401 - an update of gradio's
        names = list(self.place.shelf.libraries)
        chosen = {"value": value} if value else {}
        return gr.update(choices=names, visible=len(names) > 1, **chosen)

    def added(
        self, library: str | None, view: View, files: list[str] | None, progress: gr.Progress = PROGRESS
    ) -> Update:  # fmt: skip
        """Put files into the library."""

        def change() -> Update:
            if not files:
                return {self.said: present.problem(self.say("请先选择要放入的文件。"))}
            shelf = self.place.shelf
            found = shelf.holding(library).add(
                shelf.get(library).engine, [Path(one) for one in files], self.steps(progress)
            )
            done = self.say("已放入 {count} 份文件，现在就可以查到。", count=len(found.done))
            said = present.outcome(found, done, self.say)
            return self.listed(library, view) | {self.said: said, self.files: None}

        return self.told(change)

    def made(
        self, called: str, files: list[str] | None, progress: gr.Progress = PROGRESS
    ) -> Update:
        """Make a library."""

        def change() -> Update:
            name = " ".join(called.split())
            paths = [Path(one) for one in files or ()]
            found = self.place.shelf.create(name, paths, self.steps(progress))
            done = self.say(
                "已新建资料库“{name}”，放入 {count} 份文件。", name=name, count=len(found.done)
            )
            return {
                self.place.library: self._libraries(name),
                self.said: present.outcome(found, done, self.say),
                self.called: "", self.first: None,
            }  # fmt: skip

        return self.told(change)

    def saved(
        self, library: str | None, name: str, seen: str, *given: Any  # noqa: ANN401
    ) -> Update:  # fmt: skip
        """Save the metadata of a document."""

        def change() -> Update:
            shelf = self.place.shelf
            values = dict(zip(FIELDS, given, strict=True))
            found = shelf.holding(library).edit(
                shelf.get(library).engine, name, seen, values, lambda *_: None
            )
            done = self.say("已保存。") if found.done else self.say("没有改动。")
            return self.opened(library, name) | {self.said: present.outcome(found, done, self.say)}

        return self.told(change)

    def renewed(
        self, library: str | None, name: str, seen: str, file: str | None, progress: gr.Progress = PROGRESS
    ) -> Update:  # fmt: skip
        """Put a new version in the place of a document."""

        def change() -> Update:
            if not file:
                return {self.said: present.problem(self.say("请先选择新版本的文件。"))}
            shelf = self.place.shelf
            found = shelf.holding(library).replace(
                shelf.get(library).engine, name, seen, Path(file), self.steps(progress)
            )
            done = self.say("已换成新版本。人工填写过的元数据沿用，请核对。")
            said = present.outcome(found, done, self.say)
            return self.opened(library, found.done[0]) | {self.said: said}

        return self.told(change)

    def remove_asked(self, library: str | None, name: str) -> str:
        """Ask whether a document is to be removed."""
        own = self.place.shelf.holding(library).sources is not None
        told = self.say("移出“{name}”？资料库中的副本会一并删除。", name=name)
        if not own:
            told = self.say("移出“{name}”？只从资料库中移出，不删除您的文件。", name=name)
        return present.question(told)

    def removed(
        self, library: str | None, view: View, name: str, seen: str, progress: gr.Progress = PROGRESS
    ) -> Update:  # fmt: skip
        """Take a document out."""

        def change() -> Update:
            shelf = self.place.shelf
            found = shelf.holding(library).remove(
                shelf.get(library).engine, name, seen, self.steps(progress)
            )
            said = present.outcome(found, self.say("已移出“{name}”。", name=name), self.say)
            return self.listed(library, view) | {self.said: said}

        return self.told(change)

    def drop_asked(self, library: str | None) -> str:
        """Ask whether the library is to be deleted."""
        name = self.place.shelf.known(library)
        count = len(self.place.shelf.get(name).engine.index.documents)
        told = "删除资料库“{name}”和其中 {count} 份文件的副本？删除后不能恢复。"
        return present.question(self.say(told, name=name, count=count))

    def dropped(self, library: str | None) -> Update:
        """Delete the library."""

        def change() -> Update:
            shelf = self.place.shelf
            name = shelf.known(library)
            shelf.delete(name)
            first = shelf.known(None)
            done = self.say("已删除资料库“{name}”。", name=name)
            return {
                self.place.library: self._libraries(first),
                self.said: f'<p class="gw-done">{done}</p>',
            }

        return self.told(change)

    def audited_(self, library: str | None, progress: gr.Progress = PROGRESS) -> Update:
        """Account for the whole library."""

        def show() -> Update:
            progress(None, desc=self.say("核对"))
            index = self.place.shelf.get(library).engine.index
            return {self.audited: present.audited(index, self.say)}

        return self.told(show)
