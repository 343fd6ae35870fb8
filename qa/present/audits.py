"""What an audit of an index found, in plain words. Pure."""

from collections import Counter
from collections.abc import Iterator
from html import escape

import index as below
from index import Audit, DocumentAudit, Index
from qa.words import CHINESE, Words

_LEFT = {"contents": "目录", "chrome": "页码、页眉或网页栏目"}
_DAMAGE = {
    "year": "年份缺失", "figure": "数字缺失", "mojibake": "乱码", "gloss": "拼音注音", "marks": "标点重复",
}  # fmt: skip
# Headings without text that are named; groups of paragraphs that are quoted.
_NAMED, _QUOTED = 5, 8


def told(index: Index, name: str, say: Words = CHINESE) -> str:
    """Return what became of the text of the document ``name`` of ``index``."""
    return account(below.account(index, name), say)


def audited(index: Index, say: Words = CHINESE) -> str:
    """Return the account of all of ``index``; it takes a while, see :func:`index.audit`."""
    titles = {name: document.title for name, document in index.documents.items()}
    return audit(below.audit(index), titles, say)


def account(found: DocumentAudit, say: Words = CHINESE, *, whole: bool = False) -> str:
    """Return what became of the text of one document; ``whole``: repetitions were looked for."""
    lines = "".join(f"<li>{line}</li>" for line in _lines(found, say, whole=whole))
    return f'<ul class="gw-account">{lines}</ul>'


def _lines(one: DocumentAudit, say: Words, *, whole: bool) -> Iterator[str]:
    indexed = say(
        "全文 {all} 字（不计空白），其中 {indexed} 字可以查到。",
        all=f"{one.characters:,}", indexed=f"{one.indexed:,}",
    )  # fmt: skip
    left = say("、").join(
        say("{kind} {count} 字", kind=say(_LEFT.get(kind, kind)), count=f"{count:,}")
        for kind, count in one.left_out.items()
    )
    yield indexed + (say("没有收入的：{left}。", left=left) if left else "")
    if one.unaccounted:
        yield _bad(say("有 {count} 字去向不明。", count=f"{one.unaccounted:,}"))
    else:
        yield say("每个字都有去向。")
    if one.round_trips == one.passages:
        yield say("{count} 个段落，每段都能一字不差地回到原文。", count=one.passages)
    else:
        yield _bad(say("有 {count} 个段落不能回到原文。", count=one.passages - one.round_trips))
    if one.too_long or one.too_short:
        yield say(
            "偏长的段落 {long} 个，偏短的 {short} 个。", long=one.too_long, short=one.too_short
        )
    if one.orphans:
        names = "、".join(one.orphans[:_NAMED]) + ("……" if len(one.orphans) > _NAMED else "")
        told = say("下面没有正文的标题 {count} 个：{names}", count=len(one.orphans), names=names)
        yield escape(told)
    damage = "、".join(
        say("{kind} {count} 处", kind=say(_DAMAGE[kind]), count=count)
        for kind, count in one.damage.items()
        if count
    )
    yield say("文字疑有损伤：{damage}。", damage=damage) if damage else say("没有发现文字损伤。")
    if whole:
        yield say(
            "与本文件别处几乎重复的自然段 {within} 个，与其他文件重复的 {across} 个。",
            within=one.duplicates_within, across=one.duplicates_across,
        )  # fmt: skip


def _bad(text: str) -> str:
    return f'<b class="gw-bad">{text}</b>'


def audit(found: Audit, titles: dict[str, str], say: Words = CHINESE) -> str:
    """Return the account of a whole library, and the paragraphs that repeat most."""
    rows = found.documents
    left: Counter[str] = Counter()
    damage: Counter[str] = Counter()
    for one in rows:
        left.update(one.left_out)
        damage.update(one.damage)
    everything = DocumentAudit(
        document_id="",
        characters=sum(one.characters for one in rows),
        indexed=sum(one.indexed for one in rows),
        left_out={kind: left[kind] for kind in ("contents", "chrome") if left[kind]},
        unaccounted=sum(one.unaccounted for one in rows),
        overlapping=sum(one.overlapping for one in rows),
        orphans=(),
        passages=sum(one.passages for one in rows),
        too_long=sum(one.too_long for one in rows),
        too_short=sum(one.too_short for one in rows),
        round_trips=sum(one.round_trips for one in rows),
        duplicates_within=sum(one.duplicates_within for one in rows),
        duplicates_across=sum(one.duplicates_across for one in rows),
        damage={kind: damage[kind] for kind in _DAMAGE if damage[kind]},  # type: ignore[misc]
        told=(),
    )
    return account(everything, say, whole=True) + _repeated(found, titles, say)


def _repeated(found: Audit, titles: dict[str, str], say: Words) -> str:
    groups = sorted(found.duplicates, key=len, reverse=True)
    if not groups:
        return ""
    items = []
    for group in groups[:_QUOTED]:
        first = group[0]
        shown = first.search[:60] + ("……" if len(first.search) > 60 else "")
        names = list(dict.fromkeys(titles[p.document_id] for p in group))
        where = "、".join(names[:3]) + ("……" if len(names) > 3 else "")
        told = say("{count} 处：{words}（{where}）", count=len(group), words=shown, where=where)
        items.append(f"<li>{escape(told)}</li>")
    head = say("几乎重复的自然段共 {count} 组，最多的有：", count=len(groups))
    return f"<p>{head}</p><ul>{''.join(items)}</ul>"
