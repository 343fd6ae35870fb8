"""The pane that shows a cited place in its document, beside every tab."""

import logging
from collections.abc import Callable
from typing import Any

import gradio as gr

from qa import GuiwenError, present
from web.assets import script
from web.workplace import Workplace

UNFORESEEN = "出现了没有预料到的问题，原文没有打开。请重试；若仍出现，请查看程序日志。"


def source_pane(place: Workplace) -> None:
    """Lay out the pane; any ``.gw-open`` button of the page opens its place there.

    Gradio hands several arguments of a script over as one list.
    """
    say = place.say

    def told(show: Callable[[], Any]) -> Any:  # noqa: ANN401 - what a script takes
        try:
            return show()
        except GuiwenError as error:
            return present.problem(str(error))
        except Exception:  # the last edge: the user gets plain words, the log gets the rest
            logging.getLogger("guiwen").exception("the source could not be shown")
            return present.problem(say(UNFORESEEN))

    def index(library: str | None) -> Any:  # noqa: ANN401 - of the room below
        return place.living(library).engine.index

    def open_source(asked: list[str | None]) -> str:
        target, library = asked
        return place.source(target or "", library)

    def outline(asked: list[str]) -> str:
        target, library = asked
        return str(told(lambda: present.outline(index(library), target, say)))

    def text(asked: list[Any]) -> str:
        target, library, near = asked
        return str(told(lambda: present.text(index(library), target, say, int(near))))

    def leaf(asked: list[Any]) -> str:
        target, library, number = asked
        return str(told(lambda: present.leaf(index(library), target, int(number), say)))

    def find(asked: list[Any]) -> dict[str, Any]:
        target, library, query, step = asked
        found = told(
            lambda: present.searched(index(library), target, str(query)[:60], int(step), say)
        )
        html, at, count = found if isinstance(found, tuple) else (found, 0, 0)
        return {"html": html, "at": at, "count": count}

    gr.HTML(
        html_template=f'<section class="gw-pane" aria-label="{say("原文")}"></section>',
        js_on_load=script(say),
        server_functions=[open_source, outline, text, leaf, find],
    )
