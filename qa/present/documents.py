"""The documents of a library as a table that sorts and filters, and each by itself. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from index import Document, Index, Span, particulars
from qa.present.parts import opener, target
from qa.words import CHINESE, Words

# Rows that are shown; of more, the filter chooses.
MOST = 500

_FORMATS = {
    "pdf": "PDF", "docx": "Word", "xlsx": "Excel", "csv": "CSV", "html": "网页", "markdown": "Markdown",
    "": "文本",
}  # fmt: skip
FIELDS = {
    "title": "标题", "region": "地区", "level": "层级", "period": "规划期", "issuer": "发文机关",
    "number": "文号", "issued": "日期",
}  # fmt: skip
_SURE = {
    "高": "高：文中单独写明", "中": "中：由标题或文中推出", "低": "低：推测，请核对", "人工": "人工填写",
    "": "文中没有",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """How the table is looked at: sorted by a column, and what its rows must hold."""

    column: str = "title"
    descending: bool = False
    wanted: str = ""

    def by(self, column: str) -> "View":
        """Sorted by ``column``; the other way round if it is so already."""
        again = column == self.column and not self.descending
        return replace(self, column=column, descending=again)


def file_format(document: Document) -> str:
    """Return what kind of file a document was read from, for people."""
    return _FORMATS.get(document.layout.format if document.layout else "", "文本")


def _period(document: Document) -> str:
    return "–".join(map(str, document.period)) if document.period else ""


_COLUMNS: Mapping[str, tuple[str, Callable[[Document, Index], Any]]] = {
    "title": ("标题", lambda d, _: d.title),
    "region": ("地区", lambda d, _: d.region),
    "level": ("层级", lambda d, _: d.level),
    "period": ("规划期", lambda d, _: _period(d)),
    "issuer": ("发文机关", lambda d, _: d.issuer),
    "number": ("文号", lambda d, _: d.number),
    "issued": ("日期", lambda d, _: d.issued),
    "format": ("格式", lambda d, _: file_format(d)),
    "characters": ("字数", lambda d, _: len(d.text)),
    "passages": ("段落", lambda d, i: len(i.document_rows[d.id])),
}
_NUMBERS = frozenset({"characters", "passages"})


def chosen(index: Index, view: View) -> list[Document]:
    """Return the documents that ``view`` shows, in its order; those without a value come last."""
    words = view.wanted.casefold().split()
    value = _COLUMNS[view.column if view.column in _COLUMNS else "title"][1]
    found = [one for one in index.documents.values() if all(w in _searched(one) for w in words)]
    found.sort(key=lambda one: one.id)
    found.sort(key=lambda one: value(one, index), reverse=view.descending)
    return sorted(found, key=lambda one: value(one, index) == "")


def _searched(document: Document) -> str:
    told = (
        document.id, document.title, document.region, document.level, _period(document),
        document.issuer, document.number, document.issued, file_format(document),
    )  # fmt: skip
    return " ".join(told).casefold()


def table(index: Index, view: View, say: Words = CHINESE) -> str:
    """Return the documents as a table; a title chooses its document, a head sorts."""
    found = chosen(index, view)
    heads = "".join(_head(key, name, view, say) for key, (name, _) in _COLUMNS.items())
    rows = "".join(_row(one, index, say) for one in found[:MOST])
    if not found:
        return f'<p class="gw-quiet gw-nothing">{escape(say("没有符合“{wanted}”的文件。请换一个词。", wanted=view.wanted))}</p>'
    more = ""
    if len(found) > MOST:
        more = say("另有 {count} 份没有列出，请用上面的筛选。", count=len(found) - MOST)
        more = f'<p class="gw-quiet">{more}</p>'
    return (
        f'<div class="gw-sheet" tabindex="0" role="region" aria-label="{say("文件列表")}">'
        f'<table class="gw-documents"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>{more}'
    )


def _head(key: str, name: str, view: View, say: Words) -> str:
    sorted_ = view.column == key
    order = ("descending" if view.descending else "ascending") if sorted_ else "none"
    return (
        f'<th scope="col" aria-sort="{order}" class="gw-of-{key}"><button type="button" class="gw-sort" '
        f'value="{key}">{say(name)}</button></th>'
    )


def _row(document: Document, index: Index, say: Words) -> str:
    cells = []
    for key, (name, value) in _COLUMNS.items():
        found = value(document, index)
        shown = f"{found:,}" if key in _NUMBERS else escape(say(str(found)))
        if key == "title":
            shown = (
                f'<button type="button" class="gw-choose" value="{escape(document.id)}">'
                f"{escape(document.title)}</button>"
                f'<span class="gw-of-file">{escape(document.id)}</span>'
            )
            cells.append(f'<th scope="row" class="gw-of-title">{shown}</th>')
            continue
        cells.append(f'<td class="gw-of-{key}" data-name="{say(name)}">{shown}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def summary(index: Index, say: Words = CHINESE) -> str:
    """Return how much the library holds, on a line."""
    characters = sum(len(one.text) for one in index.documents.values())
    told = say(
        "{documents} 份文件，{characters} 字，{passages} 个段落，{figures} 个数值",
        documents=len(index.documents), characters=f"{characters:,}",
        passages=f"{len(index.chunks):,}", figures=f"{len(index.indicators):,}",
    )  # fmt: skip
    return f'<p class="gw-quiet">{told}</p>'


def one(index: Index, name: str, say: Words = CHINESE) -> str:
    """Return what is known of the document ``name``, field by field, with how sure it is."""
    document = index.documents[name]
    rows = []
    for found in particulars(document):
        shown = escape(found.value) or f'<span class="gw-quiet">{say("未填")}</span>'
        where = ""
        if found.span is not None:
            place = target(name, found.span, found.span.of(document.text))
            where = opener("gw-told", place, say("打开文中写明之处"), say("看出处"))
        rows.append(
            f'<tr><th scope="row">{say(FIELDS[found.field])}</th><td>{shown}</td>'
            f'<td class="gw-sure" data-sure="{found.confidence}">{say(_SURE[found.confidence])} {where}</td></tr>'
        )
    begin = opener("gw-whole", target(name, Span(0, 0)), say("打开原文"), say("打开原文"))
    facts = " · ".join(
        (
            document.id,
            say(file_format(document)),
            say("{count} 字", count=f"{len(document.text):,}"),
            say("{count} 个段落", count=len(index.document_rows[name])),
        )
    )
    return (
        f'<div class="gw-scope gw-one"><h2>{escape(document.title)}</h2>'
        f'<p class="gw-quiet">{escape(facts)} {begin}</p>'
        f'<table class="gw-particulars"><caption>{say("元数据和把握")}</caption><tbody>{"".join(rows)}</tbody></table>'
        f"{_damage(document, say)}</div>"
    )


def _damage(document: Document, say: Words) -> str:
    if not document.damage:
        return ""
    notes = "".join(f"<li>{escape(note)}</li>" for note in document.damage)
    return f'<div class="gw-damage"><b>{say("原文状况")}</b><ul>{notes}</ul></div>'


def values(document: Document) -> tuple[str, ...]:
    """Return the metadata of ``document`` as text, in the order of ``FIELDS``, to be edited."""
    found = {one.field: one.value for one in particulars(document)}
    return tuple(found[field] for field in FIELDS)
