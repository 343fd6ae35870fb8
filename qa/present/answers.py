"""Answers and passages as HTML for a chat. Pure; every text is escaped here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from index import Document
from qa.engine import NOT_FOUND
from qa.models import Answer, Filters, Passage, Statement
from qa.present.parts import copier, opener, place_of, quotation, reference, section_line, target
from qa.present.reading import reading
from qa.words import CHINESE, Words

# Characters of a question that are shown; nearest passages of a refusal.
ECHO = 300
NEAREST = 3

_LEGS = {"bm25": "词语匹配（BM25）", "dense": "语义相近（向量）", "late": "逐词语义"}

Documents = Mapping[str, Document]


def asked(text: str, say: Words = CHINESE) -> str:
    """Return the user's question as shown in the chat, cut when it is very long."""
    if not text.strip():
        return f'<div class="gw-asked gw-quiet">{say("（没有输入）")}</div>'
    shown = text if len(text) <= ECHO else text[:ECHO] + say("……（共 {count} 字）", count=len(text))
    return f'<div class="gw-asked">{escape(shown)}</div>'


def waiting(say: Words = CHINESE) -> str:
    """Return what stands in the chat until the first statement comes."""
    return f'<div class="gw-answer gw-quiet">{say("正在查找……")}</div>'


def problem(message: str) -> str:
    """Return a failure, told in plain words."""
    return f'<div class="gw-answer gw-problem"><p>{escape(message)}</p></div>'


def stream(
    answer: Answer, documents: Documents, filters: Filters | None = None, say: Words = CHINESE
) -> Iterator[str]:
    """Yield ``answer`` statement by statement; the last one is complete, with its evidence."""
    head = reading(answer.question, filters or Filters(), say)
    if answer.abstained:
        yield _answer(head, _refusal(answer, documents, say))
        return
    for shown in range(1, len(answer.statements)):
        yield _answer(head, _statements(answer, documents, answer.statements[:shown], say))
    yield _answer(
        head,
        _statements(answer, documents, answer.statements, say),
        _references(answer, documents, say),
        _folded(say("相关段落"), answer.passages, documents, say),
    )


def live(
    answers: Iterable[Answer],
    documents: Documents,
    filters: Filters | None = None,
    say: Words = CHINESE,
) -> Iterator[str]:
    """Yield a growing answer as HTML: the first statement by statement, each later one whole."""
    for number, answer in enumerate(answers):
        steps = list(stream(answer, documents, filters, say))
        yield from steps if number == 0 else steps[-1:]


def _answer(*parts: str) -> str:
    return f'<div class="gw-answer">{"".join(parts)}</div>'


def _statements(
    answer: Answer, documents: Documents, shown: Sequence[Statement], say: Words
) -> str:
    lines = [f'<p class="gw-said">{escape(answer.note)}</p>'] if answer.note else []
    for statement in shown:
        marks = "".join(
            opener(
                "gw-mark",
                place_of(answer.citations[at]),
                say("查看依据{number}：", number=at + 1)
                + reference(answer.citations[at], documents[answer.citations[at].document_id]),
                f"[{at + 1}]",
            )
            for at in statement.citations
        )
        kind = "gw-quoted" if statement.verbatim else "gw-said"
        lines.append(f'<p class="{kind}">{escape(statement.text)}{marks}</p>')
    return f'<div class="gw-statements">{"".join(lines)}</div>'


def _references(answer: Answer, documents: Documents, say: Words) -> str:
    rows, plain = [], []
    for number, citation in enumerate(answer.citations, 1):
        document = documents[citation.document_id]
        where = section_line((*citation.section, *filter(None, [citation.place])))
        label = (
            f'<span class="gw-no">[{number}]</span> {escape(document.title)}'
            f'<span class="gw-path">{escape(where)}</span>'
        )
        opens = say("查看依据{number}的原文", number=number)
        copies = say("复制依据{number}的引文和出处", number=number)
        rows.append(
            f"<li>{opener('gw-ref', place_of(citation), opens, label)}"
            f"{copier(quotation(citation, document), say('复制引文'), copies)}</li>"
        )
        plain.append(f"[{number}] {reference(citation, document)}")
    everything = "\n".join([answer.text, "", *plain])
    return (
        f'<div class="gw-label">{say("依据")}'
        f"{copier(everything, say('复制答案和出处'), say('复制全部答案和出处'))}</div>"
        f'<ol class="gw-refs">{"".join(rows)}</ol>'
    )


def _refusal(answer: Answer, documents: Documents, say: Words) -> str:
    nearest, rest = answer.passages[:NEAREST], answer.passages[NEAREST:]
    said = f'<p class="gw-none"><b>{say(NOT_FOUND)}</b>{escape(answer.reason)}</p>'
    if not nearest:
        return said
    return (
        f'{said}<div class="gw-label">{say("最接近的段落")}<i>{say("仅供查阅，不是答案")}</i></div>'
        f"{_passages(nearest, documents, say)}{_folded(say('其余段落'), rest, documents, say)}"
    )


def _folded(title: str, passages: Sequence[Passage], documents: Documents, say: Words) -> str:
    if not passages:
        return ""
    return (
        f'<details class="gw-more"><summary>{title}（{len(passages)}）</summary>'
        f"{_passages(passages, documents, say)}</details>"
    )


def _passages(passages: Sequence[Passage], documents: Documents, say: Words) -> str:
    rows = []
    for passage in passages:
        chunk, title = passage.chunk, documents[passage.chunk.document_id].title
        label = f'{escape(title)}<span class="gw-path">{escape(section_line(chunk.section))}</span>'
        place = target(chunk.document_id, chunk.span, passage.text)
        button = opener("gw-place", place, say("打开原文"), label)
        excerpt = f'<p class="gw-excerpt">{escape(passage.text.strip())}</p>'
        rows.append(f"<li>{button}{excerpt}{_scores(passage, say)}</li>")
    return f'<ul class="gw-passages">{"".join(rows)}</ul>'


def _scores(passage: Passage, say: Words) -> str:
    rows = "".join(
        f"<tr><th>{escape(say(_LEGS.get(leg, leg)))}</th><td>{score:.3f}</td></tr>"
        for leg, score in passage.legs.items()
    )
    summary = f"<summary>{say('综合得分')} {passage.score:.3f}</summary>"
    table = (
        f"<table><tbody>{rows}</tbody></table>"
        if rows
        else f"<p>{say('按章节或文件信息直接找到。')}</p>"
    )
    return f'<details class="gw-scores">{summary}{table}</details>'
