"""A comparison as HTML: what is chosen, what is offered, the table and its chart. Pure."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from html import escape

from qa.compare import Cell, Table
from qa.comparison.asked import Asked
from qa.comparison.board import Board, name_of, remarks
from qa.comparison.drawing import MIDDLE, NARROW, WIDE, svg
from qa.comparison.grid import Block, Grid, Row, grid
from qa.comparison.ready import Ready
from qa.comparison.wording import KINDS, heading, kind_words, when
from qa.present.parts import opener, place_of, reference
from qa.words import CHINESE, Words

FIELDS = ("indicators", "regions", "years")
FILES = ("xlsx", "csv", "png")


def start(say: Words = CHINESE) -> str:
    """Return what to choose by, and an empty place for the table."""
    fields = (
        ("indicators", say("指标"), say("输入指标，例如：城镇化率")),
        ("regions", say("地区"), say("不选即全部")),
        ("years", say("年份"), say("如 2025 或 2021-2025")),
    )
    shown = "".join(_field(kind, name, hint, say) for kind, name, hint in fields)
    return (
        f'<div class="gw-compare" data-lost="{escape(say("连接中断，没有得到结果。请稍后再试。"))}" '
        f'data-remove="{escape(say("移除"))}">'
        f'<div class="gw-pick">{shown}</div>'
        f'<div class="gw-pick-more"><div class="gw-switch" role="group" aria-label="{say("表格的行")}">'
        f'<button type="button" class="gw-rows" value="regions" aria-pressed="true">{say("行为地区")}</button>'
        f'<button type="button" class="gw-rows" value="years" aria-pressed="false">{say("行为年份")}</button></div>'
        f'<label class="gw-join"><input type="checkbox" checked> {say("合并近义说法")}</label>'
        f'<button type="button" class="gw-clear" hidden>{say("清空")}</button></div>'
        f'<div class="gw-board" aria-live="polite" tabindex="-1"></div></div>'
    )


def _field(kind: str, name: str, hint: str, say: Words) -> str:
    list_id = f"gw-offers-{kind}"
    return (
        f'<div class="gw-field" data-kind="{kind}"><label for="gw-typed-{kind}">{name}</label>'
        f'<div class="gw-typed"><span class="gw-chips"></span>'
        f'<input id="gw-typed-{kind}" type="text" role="combobox" autocomplete="off" '
        f'aria-autocomplete="list" aria-expanded="false" aria-controls="{list_id}" '
        f'placeholder="{escape(hint)}"></div>'
        f'<ul id="{list_id}" class="gw-offers" role="listbox" aria-label="{name}" hidden></ul></div>'
    )


def offers(options: Iterable[tuple[str, str, str]], note: str = "") -> str:
    """Return what is offered while typing: (what it adds, its name, what is known of it)."""
    lines = [f'<li class="gw-offer-note" role="presentation">{escape(note)}</li>'] if note else []
    lines += [
        f'<li role="option" aria-selected="false" data-value="{escape(value)}">'
        f"{escape(name)}<span>{escape(about)}</span></li>"
        for value, name, about in options
    ]
    return "".join(lines)


def invitation(offered: Sequence[Ready], say: Words = CHINESE) -> str:
    """Return what stands in place of a table when nothing is chosen."""
    cards = "".join(
        f'<button type="button" class="gw-ready" value="{escape(request(one.asked))}">'
        f"<b>{escape(one.title)}</b><span>{escape(one.about)}</span></button>"
        for one in offered
    )
    head = (
        say("选一项指标，看各地区、各年份的数值；每一格都能打开原文。也可以从这里开始：")
        if cards
        else say("这个资料库里还没有可以比较的数值。请换一个资料库，或先加入规划文件。")
    )
    return f'<p class="gw-invite">{head}</p><div class="gw-readies">{cards}</div>'


def request(asked: Asked) -> str:
    """Return ``asked`` as a page sends it."""
    return json.dumps(asdict(asked) | {"years": [str(y) for y in asked.years]}, ensure_ascii=False)


def link(asked: Asked, say: Words = CHINESE) -> str:
    """Return a button that opens ``asked`` in the comparison, from wherever it stands."""
    return (
        f'<button type="button" class="gw-to-comparison" value="{escape(request(asked))}">'
        f"{say('在对照表中打开')}</button>"
    )


def table(board: Board, say: Words = CHINESE) -> str:
    """Return the table of ``board`` with its notes, conflicts, chart and files."""
    laid = grid(board, say)
    notes = "".join(f"<li>{escape(note)}</li>" for note in remarks(board, say))
    buttons = "".join(
        f'<button type="button" class="gw-file" value="{kind}" '
        f'aria-label="{say("下载 {kind} 文件", kind=kind)}">{kind}</button>'
        for kind in FILES
        if kind != "png" or board.cells
    )
    told = say("{count} 个数值，点数值看原文", count=len(board.cells))
    return (
        f'<div class="gw-board-head"><span>{told}</span>'
        f'<span class="gw-files">{say("下载")} {buttons}</span></div>'
        f"{_disputes(board, say)}{_matrix(board, laid, say)}"
        f"{f'<ul class=gw-notes>{notes}</ul>' if notes else ''}{_chart(board, say)}"
    )


def _matrix(board: Board, laid: Grid, say: Words) -> str:
    heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in laid.columns)
    bodies = "".join(_block(board, laid, block, say) for block in laid.blocks)
    return (
        f'<div class="gw-matrix gw-scope" role="region" tabindex="0" '
        f'aria-label="{say("对照表，可左右滚动")}"><table><thead><tr>'
        f'<th scope="col">{laid.corner}</th>{heads}</tr></thead>{bodies}</table></div>'
    )


def _block(board: Board, laid: Grid, block: Block, say: Words) -> str:
    others = [name for name in block.table.names() if name != block.table.name]
    also = f"<small>{escape(say('含：'))}{escape(say('、').join(others))}</small>" if others else ""
    head = (
        f'<tr class="gw-of"><th colspan="{len(laid.columns) + 1}" scope="rowgroup">'
        f"<span>{escape(heading(block.table, say))}{also}</span></th></tr>"
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(row.label)}</th>'
        f"{''.join(_place(board, block.table, row, at, say) for at in range(len(row.places)))}</tr>"
        for row in block.rows
    )
    return f"<tbody>{head}{rows}</tbody>"


def _place(board: Board, of: Table, row: Row, at: int, say: Words) -> str:
    cells = row.places[at]
    if not cells:
        words = say("无该地区文件") if row.unheld[at] else say("未载明")
        return f'<td class="gw-empty">{words}</td>'
    several = len({cell.citation.document_id for cell in cells}) > 1
    return f"<td>{''.join(_figure(board, of, cell, several, say) for cell in cells)}</td>"


def _figure(board: Board, of: Table, cell: Cell, several: bool, say: Words) -> str:
    """One figure: its value as written, what it is, and where from when there are several."""
    document = board.documents[cell.citation.document_id]
    lines = [kind_words(cell, say)]
    if cell.indicator.period:
        lines.append(when(cell, say))
    if cell.indicator.name != of.name:
        lines.append(say("原文作“{name}”", name=cell.indicator.name))
    disputed = name_of(cell) in board.disputed
    warning = f'<em class="gw-warn">{say("有不同数值")}</em>' if disputed else ""
    source = f"<span>{escape(document.title)}</span>" if several else ""
    label = (
        f'<b class="gw-is-{cell.indicator.kind}">{escape(cell.value)}</b>'
        f"<span>{escape(say(' · ').join(lines))}</span>{source}{warning}"
    )
    return opener("gw-figure", place_of(cell.citation), reference(cell.citation, document), label)


def _disputes(board: Board, say: Words) -> str:
    """The figures that do not agree, each with its document."""
    rows = []
    for of, cells in board.disputes:
        first = cells[0]
        head = say(
            "{region} {when} {name}（{kind}）",
            region=first.region.name,
            when=when(first, say),
            name=of.name,
            kind=say(KINDS[first.indicator.kind]),
        )
        sides = "".join(
            opener(
                "gw-side",
                place_of(cell.citation),
                reference(cell.citation, board.documents[cell.citation.document_id]),
                f"<b>{escape(cell.value)}</b> {escape(cell.citation.title)}",
            )
            for cell in cells
        )
        rows.append(f"<li>{escape(head)}<div>{sides}</div></li>")
    if not rows:
        return ""
    title = say("{count} 处有不同数值", count=len(rows))
    return (
        f'<details class="gw-disputes gw-scope" {"open" if len(rows) < 4 else ""}>'
        f"<summary>{title}</summary><ul>{''.join(rows)}</ul></details>"
    )


def _chart(board: Board, say: Words) -> str:
    """The chart in several widths; the page shows the one that fits."""
    widths = (("wide", WIDE), ("middle", MIDDLE), ("narrow", NARROW))
    drawn = [(name, svg(board, width, say)) for name, width in widths]
    if not drawn[0][1]:
        return ""
    sizes = "".join(f'<div class="gw-chart-{name}">{made}</div>' for name, made in drawn)
    return f'<figure class="gw-chart">{sizes}</figure>'
