"""Comparisons and conflicts as the commands print them: text for people, data for programs. Pure."""

from collections.abc import Sequence
from typing import Any

from qa.compare import Cell, Conflict, ranked
from qa.comparison.board import Board, name_of, remarks
from qa.comparison.grid import Grid, Row, grid
from qa.comparison.wording import KINDS, heading, when, year_words
from qa.report import quoted_from, table_row
from qa.words import CHINESE, Words

_KIND = {"target": "", "baseline": "（现状）"}
_CONFLICTS = {"same": "同一地区、年份，数值不同：", "nested": "下级与上级地区数值并列："}


def board_text(board: Board) -> str:
    """The matrix, its notes, the order of each column, and the sources."""
    laid = grid(board)
    sources: list[Cell] = []
    lines: list[str] = []
    for block in laid.blocks:
        lines += [heading(block.table), table_row("", *laid.columns)]
        lines += [_line(row, laid, sources) for row in block.rows]
        for year in board.years:
            order = ranked(block.table, year)
            if year is not None and len(order) > 1:
                names = " ＞ ".join(cell.region.name for cell in order)
                lines.append(f"计算：{year_words(year)} {names}（按所列数值）")
        lines.append("")
    lines = lines[:-1]
    lines += [f"注意：{note}" for note in remarks(board)]
    lines += dispute_lines(board)
    lines += ["", "来源："]
    for number, cell in enumerate(sources, 1):
        lines += quoted_from(cell.citation, number)
    return "\n".join(lines)


def _line(row: Row, laid: Grid, sources: list[Cell]) -> str:
    """A row of a matrix; its cells are added to ``sources``, which number them."""
    shown = []
    for place, unheld in zip(row.places, row.unheld, strict=True):
        sources += [cell for cell in place if cell not in sources]
        marks = [f"{c.value}{_KIND[c.indicator.kind]}[{sources.index(c) + 1}]" for c in place]
        shown.append(" / ".join(marks) or ("无该地区文件" if unheld else "未载明"))
    return table_row(row.label, *shown)


def cell_data(cell: Cell) -> dict[str, Any]:
    """One figure with its citation, for programs."""
    indicator, citation = cell.indicator, cell.citation
    return {
        "region": cell.region.name,
        "year": cell.year,
        "period": list(indicator.period) if indicator.period else None,
        "name": indicator.name,
        "value": indicator.value,
        "unit": indicator.unit,
        "bound": indicator.bound,
        "kind": indicator.kind,
        "binding": indicator.binding,
        "text": cell.value,
        "file": citation.document_id,
        "start": indicator.span.start,
        "end": indicator.span.end,
        "sentence": {"start": citation.span.start, "end": citation.span.end},
        "quote": citation.quote,
        "section": list(citation.section),
    }


def board_data(board: Board) -> dict[str, Any]:
    """The matrix for programs; a region and year without a cell is not given."""
    return {
        "names": [table.name for table in board.tables],
        "regions": [region.name for region in board.regions],
        "years": list(board.years),
        "cells": [
            {
                "indicator": table.name,
                **cell_data(cell),
                "disputed": name_of(cell) in board.disputed,
            }
            for table in board.tables
            for cell in table.cells
        ],
        "notes": remarks(board),
        "conflicts": conflicts_data(board.conflicts),
    }


def dispute_lines(board: Board, say: Words = CHINESE) -> list[str]:
    """The figures that do not agree, a place of the table on a line, with the documents."""
    return [
        say(
            "不一致：{region} {when} {name}（{kind}）：{values}",
            region=cells[0].region.name,
            when=when(cells[0], say),
            name=table.name,
            kind=say(KINDS[cells[0].indicator.kind]),
            values=say("；").join(f"{cell.value}（《{cell.citation.title}》）" for cell in cells),
        )
        for table, cells in board.disputes
    ]


def conflicts_data(found: Sequence[Conflict]) -> list[dict[str, Any]]:
    """Figures that do not agree, for programs."""
    return [
        {"kind": one.kind, "first": cell_data(one.first), "second": cell_data(one.second)}
        for one in found
    ]


def conflicts_text(found: Sequence[Conflict]) -> str:
    """Figures that do not agree, a pair at a time."""
    if not found:
        return "没有发现不一致的数值。"
    lines = []
    for conflict in found:
        lines.append(_CONFLICTS[conflict.kind])
        for cell in (conflict.first, conflict.second):
            i = cell.indicator
            head = f"{cell.region.name} {cell.year}年 {i.name}{_KIND[i.kind]} {cell.value}"
            lines.append(f"    {head}（{i.document_id}，第 {i.span.start}–{i.span.end} 字）")
    return "\n".join(lines)
