"""The comparison: indicators over regions and years, each figure with its source."""

import logging
from base64 import b64encode
from collections.abc import Callable
from threading import Thread
from typing import TypeVar

import gradio as gr

from qa import Engine, GuiwenError, present
from qa.comparison.asked import asked_from
from qa.comparison.board import board
from qa.comparison.drawing import svg
from qa.comparison.offered import offered
from qa.comparison.ready import ready
from qa.comparison.sheets import csv_bytes, file_name, xlsx_bytes
from qa.present import comparison as shown
from web.workplace import Workplace

T = TypeVar("T")
UNFORESEEN = "出现了没有预料到的问题，没有得到结果。若仍出现，请查看程序日志。"
# The part's script, which runs with all others, is given this part of the page by an event.
_LOADED = (
    "element.gwServer = server;"
    "document.dispatchEvent(new CustomEvent('gw-comparison', { detail: element }));"
)
_CHANGED = "(name) => { document.dispatchEvent(new CustomEvent('gw-library', { detail: name })); }"


def tab(place: Workplace) -> None:
    """Lay out what to choose by and the place of the table; the script asks for what they show."""
    say = place.say

    def compare_offer(given: list[object]) -> str:
        """What ``[field, typed, chosen, library]`` may mean, as options of a list."""
        field, typed, chosen, library = given
        return _told(place, library, lambda e: offered(e.catalogue, field, typed, chosen, say))

    def compare_show(given: list[object]) -> str:
        """The table that ``[chosen, library]`` asks for, or ready ones where nothing is chosen."""
        chosen, library = given

        def show(engine: Engine) -> str:
            if not (isinstance(chosen, dict) and chosen.get("indicators")):
                return shown.invitation(ready(engine.catalogue, say), say)
            return shown.table(board(engine, asked_from(chosen)), say)

        return _told(place, library, show)

    def compare_file(given: list[object]) -> str | dict[str, str]:
        """The file that ``[chosen, kind, library]`` asks for: its name and content in base64.

        A PNG is drawn by the page itself, in its fonts; it is given the SVG.
        """
        chosen, kind, library = given

        def make(engine: Engine) -> dict[str, str]:
            found = board(engine, asked_from(chosen))
            content = {
                "xlsx": lambda: xlsx_bytes(found, say),
                "csv": lambda: csv_bytes(found, say),
            }.get(str(kind), lambda: svg(found, say=say, alone=True).encode())()
            return {"name": file_name(found, say), "content": b64encode(content).decode()}

        return _told(place, library, make)

    Thread(target=_sort, args=(place,), daemon=True).start()
    gr.HTML(
        shown.start(say), elem_id="gw-comparison", js_on_load=_LOADED, padding=False,
        server_functions=[compare_offer, compare_show, compare_file],
    )  # fmt: skip
    place.library.change(None, place.library, None, js=_CHANGED)


def _sort(place: Workplace) -> None:
    """Sort the ledger, so that whoever opens the tab first does not wait for it."""
    catalogue = place.living(None).engine.catalogue
    ready(catalogue)
    catalogue.search(UNFORESEEN)


def _told(place: Workplace, library: object, make: Callable[[Engine], T]) -> T | str:
    """What ``make`` gives, or what went wrong in plain words."""
    try:
        return make(place.living(str(library) if library else None).engine)
    except GuiwenError as error:
        return present.problem(str(error))
    except Exception:  # the last edge: the user gets plain words, the log gets the rest
        logging.getLogger("guiwen").exception("comparison failed")
        return present.problem(place.say(UNFORESEEN))
