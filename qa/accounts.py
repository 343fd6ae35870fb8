"""The audit of an index as a Markdown table, and as data."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from index import Audit, DocumentAudit

_HEAD = (
    "文件", "字数", "入库", "未入库：目录", "未入库：页码网页", "不明", "入库或有原因",
    "段落", "可还原", "过长", "过短", "空标题", "重复：本文件", "重复：他文件", "损伤",
)  # fmt: skip
_DAMAGE = {
    "year": "年份缺失",
    "figure": "数字缺失",
    "mojibake": "乱码",
    "gloss": "拼音注音",
    "marks": "标点重复",
}
# So many groups of duplicates are shown as text; JSON has all.
_GROUPS = 10


def audit_text(audit: Audit) -> str:
    """A table with a row for each document and one for all, then what repeats most."""
    rows = [_row(document) for document in audit.documents]
    lines = [f"| {' | '.join(row)} |" for row in (_HEAD, ["---"] * len(_HEAD), *rows, _sum(audit))]
    furniture: Counter[str] = Counter()
    for document in audit.documents:
        furniture.update(document.furniture)
    if furniture:
        shown = "、".join(f"{reason} {count} 字" for reason, count in furniture.most_common())
        lines += ["", f"读取时与正文区分开、未入库的：{shown}。"]
    groups = sorted(audit.duplicates, key=len, reverse=True)
    if groups:
        lines += ["", f"近似重复的自然段共 {len(groups)} 组，最多的有："]
    for group in groups[:_GROUPS]:
        first = group[0]
        names = len({paragraph.document_id for paragraph in group})
        shown = first.search[:40] + ("…" if len(first.search) > 40 else "")
        place = f"{first.document_id}，字符 {first.span.start}–{first.span.end}"
        lines.append(f"- {len(group)} 处、{names} 份文件：{shown}（{place}）")
    return "\n".join(lines)


def _row(one: DocumentAudit) -> list[str]:
    left = one.left_out
    figures = (
        one.characters,
        one.indexed,
        left.get("contents", 0),
        left.get("chrome", 0),
        one.unaccounted,
        f"{one.accounted:.2%}",
        one.passages,
        _share(one.round_trips, one.passages),
        one.too_long,
        one.too_short,
        len(one.orphans),
        one.duplicates_within,
        one.duplicates_across,
    )
    return [one.document_id.replace("|", "｜"), *map(str, figures), _damage(one.damage)]


def _sum(audit: Audit) -> list[str]:
    """The row of all documents together."""
    rows = audit.documents
    left: Counter[str] = Counter()
    damage: Counter[str] = Counter()
    for one in rows:
        left.update(one.left_out)
        damage.update(one.damage)
    characters = sum(one.characters for one in rows)
    unaccounted = sum(one.unaccounted for one in rows)
    passages = sum(one.passages for one in rows)
    figures = (
        characters,
        sum(one.indexed for one in rows),
        left["contents"],
        left["chrome"],
        unaccounted,
        f"{1 - unaccounted / max(1, characters):.2%}",
        passages,
        _share(sum(one.round_trips for one in rows), passages),
        sum(one.too_long for one in rows),
        sum(one.too_short for one in rows),
        sum(len(one.orphans) for one in rows),
        sum(one.duplicates_within for one in rows),
        sum(one.duplicates_across for one in rows),
    )
    return [f"共 {len(rows)} 份", *map(str, figures), _damage(damage)]


def _share(part: int, whole: int) -> str:
    """Exactly 100% only if it is all."""
    if part == whole:
        return "100%"
    return f"{min(99.99, 100 * part / whole):.2f}%（{whole - part} 段不能）"


def _damage(found: Mapping[Any, int]) -> str:
    return "、".join(f"{name} {found[key]}" for key, name in _DAMAGE.items() if found.get(key))


def audit_data(audit: Audit) -> dict[str, Any]:
    """The same for programs, with all headings and all groups of duplicates."""
    return {
        "round_trips": audit.round_trips,
        "documents": [
            {
                "file": one.document_id,
                "characters": one.characters,
                "indexed": one.indexed,
                "left_out": dict(one.left_out),
                "furniture": dict(one.furniture),
                "unaccounted": one.unaccounted,
                "overlapping": one.overlapping,
                "accounted": round(one.accounted, 6),
                "content": round(one.content, 6),
                "passages": one.passages,
                "round_trips": one.round_trips,
                "too_long": one.too_long,
                "too_short": one.too_short,
                "orphans": list(one.orphans),
                "duplicates_within": one.duplicates_within,
                "duplicates_across": one.duplicates_across,
                "damage": dict(one.damage),
                "told": list(one.told),
            }
            for one in audit.documents
        ],
        "duplicates": [
            [
                {"file": p.document_id, "start": p.span.start, "end": p.span.end, "text": p.search}
                for p in group
            ]
            for group in audit.duplicates
        ],
    }
