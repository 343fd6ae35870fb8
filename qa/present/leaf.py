"""A page of the original with boxes on the cited lines, as HTML."""

from base64 import b64encode
from collections.abc import Iterator
from html import escape

from index import Index, Place, page_image, places
from qa.present.pane import shown
from qa.words import CHINESE, Words

# Points around the words, so that the box does not touch them.
_AIR = 2.0


def leaf(index: Index, place: str, number: int = 0, say: Words = CHINESE) -> str:
    """Return page ``number`` of the PDF of ``place``, or the first page that ``place`` is on.

    Raises:
        InputError: there is no such place, it says something else by now, or it is in no PDF.
        SourceError: no such page, or one that cannot be drawn.
    """
    found = shown(index, place)
    cited = [p for p in places(found.document, found.span) if p.page] if found.span else []
    first = cited[0].page if cited else 1
    page = page_image(index, found.document.id, number or first)
    here = [p for p in cited if p.page == page.number]
    boxes = "".join(_boxes(here, page.width, page.height))
    back = ""
    if cited and not here:
        back = _turn(first, say("回到引文所在的第{page}页", page=first), "gw-back")
    told = say("第{page}页，共{pages}页", page=page.number, pages=page.pages)
    name = say("原件第{page}页的图像", page=page.number)
    data = b64encode(page.picture).decode("ascii")
    return (
        f'<div class="gw-turns">{_turn(page.number - 1, say("上一页"), off=page.number == 1)}'
        f'<span aria-live="polite">{told}</span>'
        f"{_turn(page.number + 1, say('下一页'), off=page.number == page.pages)}{back}"
        f'<span class="gw-gap"></span><button type="button" class="gw-zoom" aria-pressed="false">{say("放大")}</button></div>'
        f'<div class="gw-paper-room"><figure style="aspect-ratio:{page.width:.2f}/{page.height:.2f}">'
        f'<img alt="{escape(name)}" src="data:{page.kind};base64,{data}">{boxes}</figure></div>'
    )


def _turn(number: int, label: str, kind: str = "", *, off: bool = False) -> str:
    disabled = " disabled" if off else ""
    return (
        f'<button type="button" class="gw-turn {kind}" value="{number}"{disabled}>{label}</button>'
    )


def _boxes(cited: list[Place], width: float, height: float) -> Iterator[str]:
    """A box on each cited line, in shares of the page."""
    for place in cited:
        if place.box is None:
            continue
        left, top, right, bottom = place.box
        left, top, right, bottom = left - _AIR, top - _AIR, right + _AIR, bottom + _AIR
        yield (
            f'<i class="gw-box" style="left:{100 * left / width:.3f}%;top:{100 * top / height:.3f}%;'
            f'width:{100 * (right - left) / width:.3f}%;height:{100 * (bottom - top) / height:.3f}%"></i>'
        )
