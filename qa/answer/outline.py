"""Structure: how many chapters, what a chapter holds, which chapter treats a matter."""

import re
from collections.abc import Sequence

from index import Section, Span, normalise, sentences, words
from qa.answer.base import Draft, Evidence
from qa.cite import Claim, Quote
from qa.models import Question
from qa.numbering import ordinal

_UNITS = {"章": "章", "篇": "篇", "节": "节", "部分": "部分", "板块": "板块", "大部分": "部分"}
_ASKED = re.compile(
    r"第\(?([一二三四五六七八九十]+|\d+)\)?(?:个)?(章|篇|节|部分|板块|条|项|方面|点)"
)
_INNER = {"条", "项", "方面", "点"}
_LAST = re.compile(r"最后一?(章|篇|节|部分)")
_HOW_MANY = re.compile(
    r"(?:[几多]少?|哪[几些]|how many)\s*(?:个|大)*(?:小)?(章|篇|节|部分|板块|chapters?|sections?|parts?)"
    r"|([章节])数",
    re.I,
)
_WHICH = re.compile(
    r"(?:哪一?个?|在?第几|which)\s*(章|篇|节|部分|chapter|section|part)(?!数)", re.I
)
_ENGLISH = {"chapter": "章", "section": "节", "part": "部分"}
_EN_ORDINAL = re.compile(r"(chapter|section|part)\s*(\d+)", re.I)
_LABEL = re.compile(
    r"第([一二三四五六七八九十百]+|\d+)(章|篇|节|部分)|([一二三四五六七八九十]+)、|\(([一二三四五六七八九十]+)\)"
)
_NUMBER = r"[一二三四五六七八九十\d]+"
# Words of a structure question that are not the matter asked about.
_FRAME = re.compile(
    r"规划|计划|方案|文件|报告|内容|标题|名字|叫什么|讲|属于|放在|位于|写在|这块|分别|是|在|的|里|中|哪|第|几|一|个|章|节|篇|部分"
)


def answer(evidence: Evidence) -> Draft | None:
    """Answer a structure question from the outline; None if it is not one, or has no outline."""
    question = evidence.question
    if question.intent != "outline" or not evidence.passages:
        return None
    found: list[Claim] = []
    for document_id in evidence.documents()[: max(1, len(question.regions))]:
        found += _claims(evidence, document_id)
    if found:
        return Draft("outline", tuple(found))
    asked = _HOW_MANY.search(question.search) or re.search(r"第[^第]{1,3}[章节篇]", question.search)
    if asked and len(question.regions) < 2:
        title = evidence.index.documents[evidence.documents()[0]].title
        return Draft("outline", (), f"《{title}》的文本没有载明所问的章节。")
    return None


def _claims(evidence: Evidence, document_id: str) -> list[Claim]:
    search = _EN_ORDINAL.sub(
        lambda m: f"第{m.group(2)}{_ENGLISH[m.group(1).lower()]}", evidence.question.search
    )
    stated = _stated(evidence, document_id, search)
    if stated:
        return stated
    sections = evidence.outline(document_id).sections
    found = _asked(sections, search)
    if found:
        return _contents_of(evidence, document_id, found, search)
    if _WHICH.search(search):
        return _which(evidence, document_id, search)
    units = [_unit(m.group(m.lastindex or 1)) for m in _HOW_MANY.finditer(search)]
    return [c for unit in dict.fromkeys(units) for c in _count(evidence, document_id, unit)]


def _unit(word: str) -> str:
    return _ENGLISH.get(word.lower().rstrip("s"), word)


def _stated(evidence: Evidence, document_id: str, search: str) -> list[Claim]:
    """The text itself may say how many chapters the plan has, or what one holds."""
    asked, last, which = (p.search(search) for p in (_ASKED, _LAST, _WHICH))
    many = None if which else _HOW_MANY.search(search)
    unit = next((_unit(m.group(m.lastindex or 1)) for m in (many, last, which) if m), "")
    unit = unit or (asked.group(2) if asked else "")
    pattern = rf"(?:共|分为?|设)[^。;]{{0,4}}{_NUMBER}个?大?{unit}"
    if many is None:
        if unit and _tops(evidence.outline(document_id).sections, unit):
            return []
        pattern = rf"第{asked.group(1)}{unit}" if asked else rf"第{_NUMBER}{unit}(?:至|是|为)"
    elif asked is not None:
        return []
    text = evidence.index.documents[document_id].text
    for part in evidence.outline(document_id).parts:
        if part.kind != "body":
            continue
        for span in sentences(text, evidence.outline(document_id), part.span):
            if re.search(pattern, normalise(span.of(text)).text):
                return [Claim(span.of(text), (evidence.quote(document_id, span),))]
    return []


def _count(evidence: Evidence, document_id: str, unit: str) -> list[Claim]:
    """All sections of the unit; 节 of a plan in chapters are what stands directly below these."""
    sections = evidence.outline(document_id).sections
    tops = _tops(sections, unit)
    chapters = _tops(sections, "章")
    if unit == "节" and chapters and tops == chapters:
        tops = []
    if unit == "节" and chapters and not any(_is_unit(s, "节") for s in sections):
        tops = [below for chapter in chapters for below in _children(sections, chapter)]
    return _listing(evidence, document_id, tops, f"共{len(tops)}{unit}")


def _is_unit(section: Section, unit: str) -> bool:
    match = _LABEL.match(section.title)
    return match is not None and match.group(2) == unit


def _tops(sections: Sequence[Section], unit: str) -> list[Section]:
    """The outermost sections of the unit asked about: chapters, or what stands for them."""
    numbered = [section for section in sections if _is_unit(section, unit)]
    if numbered or unit in {"章", "篇"}:
        return numbered
    level = min((s.level for s in sections), default=0)
    tops = [section for section in sections if section.level == level]
    labels = [_LABEL.match(section.title) for section in tops]
    if any(match and match.group(4) for match in labels):
        # (一) (二) of a speech are its points; what it calls parts or blocks is told in its text.
        return []
    return [s for s, match in zip(tops, labels, strict=True) if match] or tops


def _asked(sections: Sequence[Section], search: str) -> Section | None:
    """The section that 第五章, 第六章第二节 or 最后一章 names."""
    found: Section | None = None
    for match in _ASKED.finditer(search):
        unit = match.group(2)
        if found is None and unit in _INNER:
            found = _listed(sections, search, ordinal(match.group(1)))
            continue
        pool = _children(sections, found) if found else _tops(sections, unit)
        number = ordinal(match.group(1))
        found = next((s for s in pool if _number(s) == number), None)
        if found is None:
            return None
    last = _LAST.search(search)
    if found is None and last:
        tops = _tops(sections, last.group(1))
        found = tops[-1] if tops else None
    return found


def _listed(sections: Sequence[Section], search: str, number: int) -> Section | None:
    """The item of that number below the section whose title the question shares most with."""
    pieces = {search[i : i + 2] for i in range(len(search) - 1)}
    best: tuple[float, Section] | None = None
    for section in sections:
        item = next((s for s in _children(sections, section) if _number(s) == number), None)
        if item is None:
            continue
        title = normalise(section.title).text
        share = sum(title[i : i + 2] in pieces for i in range(len(title) - 1)) / len(title)
        # Of equals the later: what is to be done stands after what was done.
        if best is None or share >= best[0]:
            best = share, item
    return best[1] if best else None


def _number(section: Section) -> int:
    match = _LABEL.match(section.title)
    if match is None:
        return 0
    return ordinal((match.group(1) or match.group(3) or match.group(4)).replace("百", ""))


def _children(sections: Sequence[Section], parent: Section) -> list[Section]:
    return [s for s in sections if s.level == parent.level + 1 and s.path[:-1] == parent.path
            and parent.span.covers(s.span)]  # fmt: skip


def _contents_of(
    evidence: Evidence, document_id: str, section: Section, search: str
) -> list[Claim]:
    """The section's own heading, then those directly below it unless only the title is asked."""
    title_only = bool(re.search(r"标题|名[字称]|叫什么|title", search)) and not re.search(
        r"几[节条章]|包括|有哪|下面|分别", search
    )
    below = [] if title_only else _children(evidence.outline(document_id).sections, section)
    lead = "" if title_only or not below else f"共{len(below)}节"
    return _listing(evidence, document_id, [section, *below], lead)


def _listing(
    evidence: Evidence, document_id: str, sections: Sequence[Section], lead: str
) -> list[Claim]:
    if not sections:
        return []
    text = evidence.index.documents[document_id].text
    claims = [Claim(lead + "：", (), verbatim=False)] if lead else []
    block = _contents_block(evidence, document_id, sections)
    for section in sections:
        own = evidence.quote(document_id, section.heading)
        quotes = (block,) if block else (own,)
        claims.append(Claim(section.heading.of(text).strip(), quotes))
    if block and len(sections) == 1:
        first = claims[-1]
        claims[-1] = Claim(first.text, (evidence.quote(document_id, sections[0].heading),))
    return claims


def _contents_block(
    evidence: Evidence, document_id: str, sections: Sequence[Section]
) -> Quote | None:
    """One stretch of the contents list that holds all of ``sections``."""
    text = evidence.index.documents[document_id].text
    parts = [p for p in evidence.outline(document_id).parts if p.kind == "contents"]
    wanted = [_flat(section.heading.of(text)) for section in sections]
    lines = [(_flat(part.span.of(text)), part.span) for part in parts]
    places = [
        next((i for i, (line, _) in enumerate(lines) if line.startswith(want)), None)
        for want in wanted
    ]
    if not places or any(place is None for place in places):
        return None
    found = [place for place in places if place is not None]
    # 一、 stands under every chapter: the lines must follow the first, in order.
    first = found[0]
    ordered = [first]
    for want in wanted[1:]:
        following = (i for i in range(ordered[-1] + 1, len(lines)) if lines[i][0].startswith(want))
        at = next(following, None)
        if at is None:
            return None
        ordered.append(at)
    span = Span(lines[first][1].start, lines[ordered[-1]][1].end)
    return Quote(document_id, span, ("目录",))


def _flat(text: str) -> str:
    return re.sub(r"\s|。$", "", normalise(text).text)


def _which(evidence: Evidence, document_id: str, search: str) -> list[Claim]:
    """The chapter whose headings share most with the matter asked about, else where it is told."""
    sections = evidence.outline(document_id).sections
    unit = _unit(_WHICH.search(search).group(1))  # type: ignore[union-attr]
    tops = _tops(sections, unit)
    if not tops:
        return []
    matter = _matter(evidence.question, search)
    scored = [(_overlap(matter, section, sections), -i, section) for i, section in enumerate(tops)]
    best, _, chosen = max(scored, key=lambda row: row[:2])
    if best == 0:
        top = next(p for p in evidence.passages if p.chunk.document_id == document_id)
        inside = [s for s in tops if s.span.covers(top.chunk.span)]
        if not inside:
            return []
        chosen = inside[0]
    inner = max(_children(sections, chosen), key=lambda s: _overlap(matter, s, ()), default=chosen)
    shown = [chosen]
    if "节" in search and inner is not chosen and _overlap(matter, inner, ()) > 0:
        shown.append(inner)
    return _listing(evidence, document_id, shown, "")


def _matter(question: Question, search: str) -> set[str]:
    for region in question.regions:
        search = search.replace(region.name, "").replace(region.short, "")
    flat = _FRAME.sub(" ", search)
    return {flat[i : i + 2] for i in range(len(flat) - 1) if " " not in flat[i : i + 2]} | {
        word for word in words(flat) if len(word) > 2
    }


def _overlap(matter: set[str], section: Section, sections: Sequence[Section]) -> float:
    title = normalise(section.title).text
    own = sum(piece in title for piece in matter)
    below = [normalise(s.title).text for s in sections if s is not section
             and section.span.covers(s.span)]  # fmt: skip
    inner = max((sum(piece in line for piece in matter) for line in below), default=0)
    return own + 0.5 * inner
