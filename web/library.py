"""The library: its documents, one of them, what is put in and taken out, and other libraries."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from qa import present
from qa.present import FIELDS, View
from web.desk import Asking, Desk, Update
from web.workplace import Workplace

# Gradio makes a tracker of its own for each call of a function that has this as a default.
PROGRESS = gr.Progress()


def tab(place: Workplace) -> None:
    """Lay out the tab, and connect it."""
    Keeper(place).connect()


class Keeper(Desk):
    """What the components of the tab do; each handler gives what is to be shown."""

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
                self.said: f'<p class="gw-did">{done}</p>',
            }

        return self.told(change)

    def audited_(self, library: str | None, progress: gr.Progress = PROGRESS) -> Update:
        """Account for the whole library."""

        def show() -> Update:
            progress(None, desc=self.say("核对"))
            index = self.place.shelf.get(library).engine.index
            return {self.audited: present.audited(index, self.say)}

        return self.told(show)
