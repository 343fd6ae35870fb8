"""The outline of a document as a tree that opens and closes. Pure."""

from collections.abc import Callable, Sequence
from html import escape

from index import Index, Section, Span
from qa.present.pane import shown
from qa.present.parts import opener, target
from qa.words import CHINESE, Words

# An outline of no more headings is shown open.
FEW = 40


def outline(index: Index, place: str, say: Words = CHINESE) -> str:
    """Return the outline of the document of ``place``; its headings jump, its section is marked.

    Raises:
        InputError: as :func:`qa.present.source`.
    """
    found = shown(index, place)
    sections = index.outlines[found.document.id].sections

    def jump(section: Section, *, current: bool) -> str:
        here = ' aria-current="location"' if current else ""
        return (
            f'<button type="button" class="gw-jump" value="{section.heading.start}"{here}>'
            f"{escape(section.title)}</button>"
        )

    return tree(sections, jump, found.span, say)


def openers(index: Index, name: str, say: Words = CHINESE) -> str:
    """Return the outline of the document ``name``; its headings open in the source pane."""
    document = index.documents[name]

    def open_(section: Section, *, current: bool) -> str:
        del current
        place = target(name, section.heading, section.heading.of(document.text))
        return opener("gw-heading", place, say("打开这一节"), escape(section.title))

    return tree(index.outlines[name].sections, open_, None, say)


def tree(
    sections: Sequence[Section],
    leaf: Callable[..., str],
    at: Span | None,
    say: Words = CHINESE,
) -> str:
    """Return ``sections`` as nested lists, open where ``at`` stands.

    Args:
        sections: in order; those within another come after it.
        leaf: makes the HTML of one; takes it and whether it is the innermost that holds ``at``.
        at: the place that is read.
        say: the language.
    """
    if not sections:
        return f'<p class="gw-quiet">{say("这份文件没有分节标题。")}</p>'
    around = [s for s in sections if at is not None and s.span.start <= at.start < s.span.end]
    inner = around[-1] if around else None
    few = len(sections) <= FEW
    out, held = ['<ul class="gw-tree">'], list[Section]()
    for section, following in zip(sections, [*sections[1:], None], strict=True):
        while held and section.level <= held[-1].level:
            held.pop()
            out.append("</ul></li>")
        shown_ = leaf(section, current=section is inner)
        if following is None or following.level <= section.level:
            out.append(f"<li>{shown_}</li>")
            continue
        open_ = few or section in around
        label = escape(say("展开或收起：{title}", title=section.title))
        out.append(
            f'<li><button type="button" class="gw-twig" aria-expanded="{str(open_).lower()}" '
            f'aria-label="{label}"></button>{shown_}<ul>'
        )
        held.append(section)
    return "".join(out) + "</ul></li>" * len(held) + "</ul>"
