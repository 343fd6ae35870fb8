"""The findings of a checked draft as HTML. Pure; every text is escaped here."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from index import Document
from qa.drafts import FLAGGED, WORDS, Checked, Checking, Finding
from qa.models import Citation
from qa.present.parts import opener, place_of, section_line
from qa.words import CHINESE, Words

# Characters of the paragraph shown on either side of a claim.
AROUND = 50
# Said of each verdict besides the word, so that none is told by colour alone.
_SIGNS = {"supported": "✓", "unsupported": "?"}


def checking(step: Checking, say: Words = CHINESE) -> str:
    """Return how far a check has come."""
    told = say("已核对 {done} / {total} 处表述", done=step.done, total=step.total)
    flagged = sum(finding.flagged for finding in step.checked.findings)
    if flagged:
        told += say("，其中 {count} 处要看", count=flagged)
    return progress(step.done, step.total, told, say("核对进度"))


def progress(done: int, total: int, told: str, name: str) -> str:
    """Return a bar of ``done`` of ``total`` with what is ``told`` below it."""
    return (
        f'<div class="gw-progress"><progress max="{max(total, 1)}" value="{done}" '
        f'aria-label="{escape(name)}"></progress><p role="status">{escape(told)}</p></div>'
    )


def findings(
    checked: Checked, documents: Mapping[str, Document], name: str, say: Words = CHINESE
) -> str:
    """Return the findings in the order of the draft, under their counts.

    Args:
        checked: the draft with its findings.
        documents: of the index that it was checked against.
        name: of the draft.
        say: the language of what stands around the texts.
    """
    if not checked.findings:
        none = say("没有找到可以核对的表述：报告里没有数值、年份、引文，也没有说到规划内容。")
        return f'<div class="gw-report"><p class="gw-quiet">{none}</p></div>'
    rows = "".join(_row(n, f, checked, documents, say) for n, f in enumerate(checked.findings, 1))
    return (
        f'<div class="gw-report gw-scope" data-shown="all">'
        f"{_summary(checked, name, say)}{_kinds(checked, say)}"
        f'<ol class="gw-findings">{rows}</ol>'
        f'<p class="gw-quiet">{say("意见、过渡句等无法用文件核对的话不列出。")}</p></div>'
    )


def _summary(checked: Checked, name: str, say: Words) -> str:
    flagged = sum(finding.flagged for finding in checked.findings)
    told = say(
        "可核对的表述 {count} 处：有依据 {right} 处，要看 {flagged} 处。",
        count=len(checked.findings), right=checked.count("supported"), flagged=flagged,
    )  # fmt: skip
    return f'<p class="gw-summary"><b>{escape(name)}</b> {told}</p>'


def _kinds(checked: Checked, say: Words) -> str:
    """Buttons that show one kind only; a script of the page sees to it."""
    flagged = sum(finding.flagged for finding in checked.findings)
    offered = [("all", say("全部"), len(checked.findings))]
    if flagged:
        offered.append(("flagged", say("要看的"), flagged))
    offered += [(v, say(word), checked.count(v)) for v, word in WORDS.items() if checked.count(v)]
    buttons = "".join(
        f'<button type="button" class="gw-kind" value="{kind}" '
        f'aria-pressed="{str(kind == "all").lower()}">{word} <span>{count}</span></button>'
        for kind, word, count in offered
    )
    return f'<div class="gw-kinds" role="group" aria-label="{say("按结果筛选")}">{buttons}</div>'


def _row(
    number: int, finding: Finding, checked: Checked, documents: Mapping[str, Document], say: Words
) -> str:
    verdict = finding.verdict
    flag = "gw-flagged" if verdict in FLAGGED else ""
    word = f"{_SIGNS.get(verdict, '!')} {say(WORDS[verdict])}"
    parts = [
        f'<p class="gw-verdict"><span class="gw-sign">{word}</span>'
        f'<span class="gw-quiet">{say("第 {number} 处", number=number)}</span></p>',
        f'<p class="gw-claim">{_in_place(finding, checked)}</p>',
        *_told(finding, say),
        *(_source(citation, documents, say) for citation in finding.citations),
    ]
    return f'<li class="gw-finding {flag}" data-kind="{verdict}">{"".join(parts)}</li>'


def _in_place(finding: Finding, checked: Checked) -> str:
    """The claim, marked, in what its paragraph says around it."""
    claim, block = finding.claim, checked.blocks[finding.claim.block]
    start, end = max(0, claim.start - AROUND), min(len(block.text), claim.end + AROUND)
    before, after = block.text[start : claim.start], block.text[claim.end : end]
    lead = f"{block.lead.replace(',', ' › ')}：" if block.lead else ""
    cut = ("…" if start else "", "…" if end < len(block.text) else "")
    return (
        f"{escape(lead + cut[0] + before)}<mark>{escape(block.text[claim.start : claim.end])}</mark>"
        f"{escape(after + cut[1])}"
    )


def _told(finding: Finding, say: Words) -> Iterator[str]:
    if finding.diff:
        shown = f"{say('与原文对照')}{say('（删去的是报告多出的，添上的是原文有的）')}"
        yield f'<p class="gw-quiet gw-small">{shown}</p><p class="gw-diff">{diff(finding.diff, say)}</p>'
    elif finding.said and finding.right:
        yield (
            f'<dl class="gw-right"><div><dt>{say("报告")}</dt><dd>{escape(finding.said)}</dd></div>'
            f"<div><dt>{say('原文')}</dt><dd><b>{escape(finding.right)}</b></dd></div></dl>"
        )
    elif finding.note:
        yield f'<p class="gw-note">{escape(say(finding.note))}</p>'


def diff(pieces: Sequence[tuple[str, str]], say: Words = CHINESE) -> str:
    """Return a quotation with what differs from its source: deleted and inserted."""
    made = []
    for kind, text in pieces:
        if kind == "=":
            made.append(escape(text))
            continue
        tag, word = ("del", say("删")) if kind == "-" else ("ins", say("增"))
        made.append(
            f'<{tag}><span class="gw-hidden">〔{word}：</span>{escape(text)}'
            f'<span class="gw-hidden">〕</span></{tag}>'
        )
    return "".join(made)


def _source(citation: Citation, documents: Mapping[str, Document], say: Words) -> str:
    title = documents[citation.document_id].title
    label = f'{escape(title)}<span class="gw-path">{escape(section_line(citation.section))}</span>'
    button = opener("gw-place", place_of(citation), say("打开原文"), label)
    return f'{button}<p class="gw-excerpt">{escape(" ".join(citation.quote.split()))}</p>'
