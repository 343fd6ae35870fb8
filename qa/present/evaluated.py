"""An evaluation as HTML: figures by type, a comparison, failures to open. Pure."""

import json
from collections.abc import Iterator, Sequence
from html import escape

from qa.evaluation.compare import METRICS, Comparison
from qa.evaluation.configured import Evaluating
from qa.evaluation.failures import Failure, failures
from qa.evaluation.report import NAMES, unreachable
from qa.evaluation.results import ANSWERED, ASK, Evaluation
from qa.evaluation.statistics import Difference, Interval
from qa.present.findings import progress
from qa.questionnaire import Labelled
from qa.words import CHINESE, Words

COLUMNS = (
    "recall@5", "mrr@10", "ndcg@10",
    "value_accuracy", "citation_recall", "abstention_recall", "answered_share",
)  # fmt: skip
# Failures and changes shown at most; lines of a long message.
SHOWN = 200
LINES = 20
_TYPES = {
    "value": "数值", "value_other": "其他数值", "paraphrase": "口语说法", "list": "列举",
    "metadata": "文件信息", "structure": "章节", "measures": "举措", "definition": "定义",
    "followup": "追问", "traditional": "繁体", "typo": "错别字", "english": "英文",
    "unanswerable": "文件没有写", "comparison": "比较",
    "难度：easy": "难度：易", "难度：medium": "难度：中", "难度：hard": "难度：难",
}  # fmt: skip


def evaluating(step: Evaluating, say: Words = CHINESE) -> str:
    """Return how far an evaluation has come."""
    told = say("已评测 {done} / {total} 题", done=step.done, total=step.total)
    return progress(step.done, step.total, told, say("评测进度"))


def chosen(label: str, name: str) -> str:
    """Return which set is chosen."""
    return f'<p class="gw-set"><b>{escape(label)}</b> {escape(name)}</p>'


def long_problem(message: str) -> str:
    """Return a failure of many lines, as many of them as one can read."""
    lines = message.split("\n")
    kept = lines[: LINES + 1]
    if len(lines) > len(kept):
        kept.append(f"  ……另有 {len(lines) - len(kept)} 处")
    rows = "".join(f"<p>{escape(line.strip())}</p>" for line in kept)
    return f'<div class="gw-answer gw-problem gw-many" role="alert">{rows}</div>'


def evaluated(
    found: Evaluation, title: str, comparison: Comparison | None = None, say: Words = CHINESE
) -> str:
    """Return the figures of ``found``; of a comparison, ``found`` is the later one (甲)."""
    parts = [
        _summary(found, title, say),
        *_notices(found, say),
        _heading(say("各类问题")),
        _figures(found, say),
        *([_heading(say("甲与乙逐题比较")), *_comparison(comparison, say)] if comparison else []),
        *_failures(list(failures(found)), say),
    ]
    return f'<div class="gw-evaluation">{"".join(parts)}</div>'


def _heading(text: str) -> str:
    return f"<h3>{escape(text)}</h3>"


def _summary(found: Evaluation, title: str, say: Words) -> str:
    silent = sum(not question.answerable for question in found.questions)
    told = say(
        "{count} 题，其中文件没有写的 {silent} 题。", count=len(found.questions), silent=silent
    )
    return f'<p class="gw-summary"><b>{escape(title)}</b> {told}</p>'


def _notices(found: Evaluation, say: Words) -> Iterator[str]:
    """What these questions cannot tell, and why."""
    told = []
    if not any(question.answerable for question in found.questions):
        told.append(say("这套题里没有文件写有答案的问题，检索和引文的指标无法计算。"))
    if len(found.questions) < 2:
        told.append(say("只有一题，区间和检验说明不了什么。"))
    missed = unreachable(found)
    if missed:
        told.append(
            say("{count} 题的引文没有一个段落完整包含，计为未命中：", count=len(missed))
            + "、".join(missed[:LINES])
        )
    yield from (f'<p class="gw-notice">{escape(text)}</p>' for text in told)


def _name(metric: str, say: Words) -> str:
    return say(NAMES.get(metric, metric))


def _figures(found: Evaluation, say: Words) -> str:
    heads = "".join(f'<th scope="col">{escape(_name(metric, say))}</th>' for metric in COLUMNS)
    rows = "".join(
        f'<tr><th scope="row">{escape(_slice(name, say))}</th><td>{len(questions)}</td>'
        + "".join(_cell(_measured(found, metric, questions), say) for metric in COLUMNS)
        + "</tr>"
        for name, questions in found.slices().items()
    )
    return _table(
        f'<tr><th scope="col">{say("问题")}</th><th scope="col">{say("题数")}</th>{heads}</tr>',
        rows,
        say("各类问题的指标"),
    ) + _small(say("小字是 95% 区间（自助法，按问题重抽）。这一类没有可算的题时，写明无法计算。"))


def _slice(name: str, say: Words) -> str:
    return say(_TYPES.get(name, name)) if name else say("全部")


def _measured(found: Evaluation, metric: str, questions: Sequence[Labelled]) -> Interval | None:
    if metric in ANSWERED:
        return found.answer_interval(metric, questions)
    return found.interval(ASK, metric, questions)


def _cell(found: Interval | None, say: Words) -> str:
    if found is None:
        return f'<td class="gw-quiet gw-small">{say("无法计算")}</td>'
    # Resampling the same figure shows no doubt, although there is some.
    known = found.low < found.high
    span = f"{found.low:.2f}–{found.high:.2f}" if known else say("区间无法估计")
    return f"<td>{found.value:.3f}<small>{span}</small></td>"


def _table(head: str, rows: str, name: str) -> str:
    return (
        f'<div class="gw-table" tabindex="0" role="region" aria-label="{escape(name)}">'
        f"<table><thead>{head}</thead><tbody>{rows}</tbody></table></div>"
    )


def _small(text: str) -> str:
    return f'<p class="gw-quiet gw-small">{escape(text)}</p>'


def _comparison(found: Comparison, say: Words) -> Iterator[str]:
    heads = (
        "指标", "题数", "差（甲减乙）", "甲优 / 乙优", "p", "校正后 p", "可测的最小差", "结论",
    )  # fmt: skip
    head = "".join(f'<th scope="col">{say(text)}</th>' for text in heads)
    rows = "".join(_test(test, say) for test in found.differences)
    if rows:
        yield _table(f"<tr>{head}</tr>", rows, say("甲与乙的差和检验"))
        yield _small(
            say("配对随机化检验，双侧；p 按 Holm 法校正。可测的最小差：这套题有八成把握测出的差。")
        )
    left = [metric for metric in METRICS if metric not in {t.metric for t in found.differences}]
    if left:
        names = "、".join(_name(metric, say) for metric in left)
        yield _small(say("可比的题不足两题，无法检验：") + names)
    for metric in METRICS:
        own = [change for change in found.changes if change.metric == metric]
        if not own:
            continue
        title = say("{name}有变化的 {count} 题", name=_name(metric, say), count=len(own))
        items = "".join(
            f"<li>{_asked(c.question, say)}"
            f'<p class="gw-quiet gw-small">{say("乙")} {c.before:.3f} → {say("甲")} {c.after:.3f} '
            f"{say('（甲较好）') if c.after > c.before else say('（乙较好）')}</p></li>"
            for c in own[:SHOWN]
        )
        yield (
            f"<details><summary>{escape(title)}</summary>"
            f'<ul class="gw-failures">{items}</ul></details>'
        )


def _test(test: Difference, say: Words) -> str:
    if test.holm < 0.05:
        verdict = say("甲较好") if test.delta.value > 0 else say("乙较好")
    else:
        verdict = say("分不出")
    smallest = say("无法计算") if test.detectable is None else f"{test.detectable:.3f}"
    return (
        f'<tr><th scope="row">{escape(_name(test.metric, say))}</th><td>{test.questions}</td>'
        f"<td>{test.delta.value:+.3f}<small>{test.delta.low:+.2f} {say('至')} {test.delta.high:+.2f}</small></td>"
        f"<td>{test.better} / {test.worse}</td><td>{test.p:.4f}</td><td>{test.holm:.4f}</td>"
        f"<td>{smallest}</td><td>{verdict}</td></tr>"
    )


def _failures(found: Sequence[Failure], say: Words) -> Iterator[str]:
    if not found:
        yield _heading(say("未答好的问题"))
        yield f"<p>{say('没有：每一题都答对了，或该拒答的拒答了。')}</p>"
        return
    yield _heading(say("未答好的问题（{count}）", count=len(found)))
    items = "".join(_failure(one, say) for one in found[:SHOWN])
    yield f'<ul class="gw-failures">{items}</ul>'
    if len(found) > SHOWN:
        yield _small(say("只列出前 {count} 题，其余见下载的报告。", count=SHOWN))


def _failure(one: Failure, say: Words) -> str:
    marks = "".join(f"<span>{escape(say(mark))}</span>" for mark in one.marks)
    lines = []
    if one.question.answer:
        lines.append((say("应为"), one.question.answer))
    if one.answer:
        lines.append((say("回答"), " ".join(one.answer.text.split())))
    shown = "".join(
        f'<p class="gw-excerpt gw-small"><b>{name}</b> {escape(text)}</p>' for name, text in lines
    )
    return f'<li>{_asked(one.question, say)}<p class="gw-marks">{marks}</p>{shown}</li>'


def _asked(question: Labelled, say: Words) -> str:
    """The question with a button that asks it in the chat, after what was asked before it."""
    before = "".join(f"{escape(text)} → " for text in question.history)
    history = escape(json.dumps(list(question.history), ensure_ascii=False))
    name = say("在问答中打开：{question}", question=question.question)
    return (
        f'<p class="gw-question"><span><span class="gw-quiet">{escape(question.id)}</span> '
        f'<span class="gw-quiet">{before}</span>{escape(question.question)}</span>'
        f'<button type="button" class="gw-ask" value="{escape(question.question)}" '
        f'data-history="{history}" aria-label="{escape(name)}">{say("打开")}</button></p>'
    )
