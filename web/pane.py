"""The pane that shows a cited place in its document, beside every tab."""

import gradio as gr

from web.assets import script
from web.workplace import Workplace


def source_pane(place: Workplace) -> None:
    """Lay out the pane; any ``.gw-open`` button of the page opens its place there."""

    def open_source(asked: list[str | None]) -> str:
        # Gradio hands several arguments of a script over as one list.
        target, library = asked
        return place.source(target or "", library)

    gr.HTML(
        html_template=f'<section class="gw-pane" aria-label="{place.say("原文")}"></section>',
        js_on_load=script(place.say),
        server_functions=[open_source],
    )
