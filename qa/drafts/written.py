"""Findings → footnotes, a reference list and a list of what to look at, set into the draft."""

import re
from collections.abc import Iterator, Mapping, Sequence

from index import Document
from qa.drafts.nouns import Appendix, Checked, Draft, Finding, Mark, Verdict
from qa.export import references
from qa.models import Citation

WORDS: Mapping[Verdict, str] = {
    "supported": "有依据",
    "figure": "数值不符",
    "year": "年份不符",
    "region": "地区不符",
    "quotation": "引文不符",
    "unsupported": "未找到依据",
}


def annotate(draft: Draft, checked: Checked, documents: Mapping[str, Document]) -> bytes:
    """Return the draft with a footnote for each finding, its references, and what to look at.

    Args:
        draft: as it was read.
        checked: its findings.
        documents: of the index that it was checked against.
    """
    cited = _cited(checked, documents)
    entries = references(cited)
    numbers = {document.id: at for at, document in enumerate(cited)}
    marks = [
        Mark(run[-1].claim.block, run[-1].claim.end, _note(run, entries, numbers), run[-1].flagged)
        for run in _runs(checked.findings)
    ]
    to_do = [
        f"{at}. {line}"
        for at, line in enumerate((_line(f) for f in checked.findings if f.flagged), 1)
    ]
    appendices = [Appendix("参考文献", tuple(entries)), Appendix("核对清单", tuple(to_do))]
    return draft.written(marks, appendices)


def _cited(checked: Checked, documents: Mapping[str, Document]) -> list[Document]:
    """The documents cited, in order of first use."""
    ids = dict.fromkeys(c.document_id for f in checked.findings for c in f.citations)
    return [documents[name] for name in ids]


def _runs(findings: Sequence[Finding]) -> Iterator[list[Finding]]:
    """Neighbours that rest on the same sentence share one footnote, at the last of them."""
    run: list[Finding] = []
    for finding in findings:
        joined = (
            run
            and not finding.flagged
            and not run[-1].flagged
            and run[-1].citations == finding.citations
            and run[-1].claim.block == finding.claim.block
        )
        if run and not joined:
            yield run
            run = []
        run.append(finding)
    if run:
        yield run


def _note(run: Sequence[Finding], entries: Sequence[str], numbers: Mapping[str, int]) -> str:
    finding = run[-1]
    sources = " ".join(_source(citation, entries, numbers) for citation in finding.citations)
    if not finding.flagged:
        return sources
    told = f"【核对：{WORDS[finding.verdict]}】{finding.note}"
    return f"{told}{_against(finding)}{sources}"


def _source(citation: Citation, entries: Sequence[str], numbers: Mapping[str, int]) -> str:
    """The reference, the place in the plan and the words themselves."""
    entry = entries[numbers[citation.document_id]].split(" ", 1)[1]
    place = f"{' › '.join(citation.section)}：" if citation.section else ""
    quote = re.sub(r"\s+", " ", citation.quote).strip()
    return f"{entry} {place}“{quote}”"


def compared(finding: Finding) -> str:
    """The quotation with what differs: 〔删：…〕 only in the draft, 〔增：…〕 only in the source."""
    if not finding.diff:
        return ""
    words = {"-": "〔删：{}〕", "+": "〔增：{}〕", "=": "{}"}
    return "".join(words[kind].format(text) for kind, text in finding.diff)


def _line(finding: Finding) -> str:
    told = f"〔{WORDS[finding.verdict]}〕“{' '.join(finding.claim.text.split())}”：{finding.note}"
    titles = "、".join(f"见《{c.title}》{' › '.join(c.section)}" for c in finding.citations)
    return f"{told}{_against(finding)}{f'（{titles}）' if titles else ''}"


def _against(finding: Finding) -> str:
    diff = compared(finding)
    return f"对照：{diff}。" if diff else ""


def finding_data(finding: Finding) -> dict[str, object]:
    """What a program may read of a finding; places count characters of the block's text."""
    claim = finding.claim
    return {
        "block": claim.block,
        "start": claim.start,
        "end": claim.end,
        "text": claim.text,
        "verdict": finding.verdict,
        "said": finding.said,
        "right": finding.right,
        "note": finding.note,
        "diff": [list(piece) for piece in finding.diff],
        "citations": [
            {
                "file": citation.document_id,
                "section": list(citation.section),
                "start": citation.span.start,
                "end": citation.span.end,
                "quote": citation.quote,
            }
            for citation in finding.citations
        ],
    }


def summary(checked: Checked) -> str:
    """What was found, for the terminal: the counts, then each flagged claim."""
    counts = "，".join(
        f"{word} {checked.count(v)} 处" for v, word in WORDS.items() if checked.count(v)
    )
    lines = [f"可核对的表述 {len(checked.findings)} 处" + (f"：{counts}" if counts else "")]
    lines += [f"  {_line(finding)}" for finding in checked.findings if finding.flagged]
    return "\n".join(lines)
