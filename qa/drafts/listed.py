"""Findings as a list of their own: a workbook or Markdown, in the order of the draft."""

import io
import re
from collections.abc import Iterator, Mapping

from index import Document
from qa.drafts.nouns import Checked, Finding
from qa.drafts.written import WORDS, compared
from qa.export import references

HEADS = (
    "序号",
    "结果",
    "报告中的表述",
    "报告所写",
    "原文为",
    "说明",
    "对照",
    "来源",
    "章节",
    "原文",
)
_WIDTHS = (6, 12, 48, 14, 24, 32, 40, 40, 32, 60)
# What a workbook cannot hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CELL = 32_767


def rows(checked: Checked, documents: Mapping[str, Document]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each finding, under ``HEADS``; several sources are lines of one cell."""
    entries: dict[str, str] = {}
    for number, finding in enumerate(checked.findings, 1):
        for citation in finding.citations:
            document = documents[citation.document_id]
            if document.id not in entries:
                entries[document.id] = references([document])[0].split(" ", 1)[1]
        yield (
            str(number),
            WORDS[finding.verdict],
            " ".join(finding.claim.text.split()),
            finding.said,
            finding.right,
            finding.note,
            compared(finding),
            "\n".join(entries[c.document_id] for c in finding.citations),
            "\n".join(" › ".join(c.section) for c in finding.citations),
            "\n".join(" ".join(c.quote.split()) for c in finding.citations),
        )


def as_xlsx(checked: Checked, documents: Mapping[str, Document]) -> bytes:
    """Return the list as a workbook; every cell is text, none a formula."""
    import openpyxl
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "核对清单"
    for at, row in enumerate([HEADS, *rows(checked, documents)], 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(at, column)
            if kept := _CONTROL.sub("", text)[:_CELL]:
                cell.value, cell.data_type = kept, "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=at == 1)
    for column, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_markdown(checked: Checked, documents: Mapping[str, Document], title: str) -> bytes:
    """Return the list as Markdown: the counts, then each finding with its source."""
    counts = "，".join(
        f"{word} {checked.count(v)} 处" for v, word in WORDS.items() if checked.count(v)
    )
    lines = [f"# 核对清单：{_plain(title)}", "", counts or "没有可核对的表述。", ""]
    made = zip(checked.findings, rows(checked, documents), strict=True)
    for finding, row in made:
        lines += [*_listed(finding, row), ""]
    return "\n".join(lines).encode()


def _listed(finding: Finding, row: tuple[str, ...]) -> Iterator[str]:
    number, word, claim, _, _, note, diff, sources, sections, quotes = row
    yield f"{number}. **{word}**：{_plain(claim)}"
    told = [note, f"对照：{diff}" if diff else ""]
    yield from (f"   - {_plain(text)}" for text in told if text)
    if finding.citations:
        places = (cell.split("\n") for cell in (sources, sections, quotes))
        for source, section, quote in zip(*places, strict=True):
            yield f"   - {_plain(' '.join(filter(None, (source, section))))}"
            yield f"     > {_plain(quote)}"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", text)
