"""An evaluation for a terminal and for programs. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from qa.evaluation.compare import METRICS as COMPARED
from qa.evaluation.compare import Comparison
from qa.evaluation.results import ANSWERED, ASK, Evaluation, area, risk_coverage
from qa.evaluation.statistics import Difference, Interval, differences
from qa.metrics import RANKED
from qa.report import table_row

COLUMNS = (
    "recall@1",
    "recall@3",
    "recall@5",
    "recall@10",
    "success@5",
    "mrr@10",
    "ndcg@10",
    "map@10",
)
NAMES: Mapping[str, str] = {
    "value_accuracy": "数值正确",
    "citation_recall": "引文召回",
    "citation_precision": "引文精确",
    "citation_validity": "引文逐字",
    "verbatim_share": "原文比例",
    "abstention_precision": "拒答精确",
    "abstention_recall": "拒答召回",
    "answered_share": "应答率",
    "silence_right": "该答则答",
}
TESTED = ("recall@5", "mrr@10", "ndcg@10")


def significance(evaluation: Evaluation) -> list[Difference]:
    """The fusion against each leg; of other systems, the first against each other one."""
    systems = [system for system in evaluation.systems if system != ASK]
    lead = "hybrid" if "hybrid" in systems else next(iter(evaluation.systems), "")
    pairs = [(lead, other) for other in (systems or evaluation.systems) if other != lead]
    return differences(evaluation.ranked, pairs, TESTED)


def unreachable(evaluation: Evaluation) -> list[str]:
    """Questions for which no passage holds a quote whole, so that no ranking can find it."""
    return [name for name, judged in evaluation.qrels.items() if not any(judged.values())]


def evaluation_data(evaluation: Evaluation) -> dict[str, Any]:
    """All figures of an evaluation: means by slice, intervals, tests, risk and coverage."""
    slices = evaluation.slices()
    points = risk_coverage(evaluation)
    return {
        "questions": len(evaluation.questions),
        "unreachable": unreachable(evaluation),
        "retrieval": {
            system: {
                name or "all": evaluation.summary(system, rows) for name, rows in slices.items()
            }
            for system in evaluation.systems
        },
        "intervals": {
            **{
                system: {m: _interval(evaluation.interval(system, m)) for m in RANKED}
                for system in evaluation.systems
            },
            "answers": {name: _interval(evaluation.answer_interval(name)) for name in ANSWERED},
        },
        "answers": {name or "all": evaluation.answers(rows) for name, rows in slices.items()}
        if evaluation.answered
        else {},
        "risk_coverage": {"area": area(points), "points": [asdict(point) for point in points]},
        "significance": [asdict(test) for test in significance(evaluation)],
    }


def _interval(found: Interval | None) -> list[float] | None:
    return None if found is None else [found.low, found.high]


def evaluation_text(evaluation: Evaluation) -> str:
    """The same as tables."""
    lines = ["检索（可回答的问题）", table_row("", "n", *COLUMNS)]
    for name, questions in evaluation.slices().items():
        for system in evaluation.systems:
            found = evaluation.summary(system, questions)
            if found["n"]:
                cells = (figure(found[column]) for column in COLUMNS)
                lines.append(table_row(f"{name or '全部'} {system}", str(found["n"]), *cells))
    lines += ["", "95% 区间（自助法，按问题重抽）", table_row("", "", *COLUMNS)]
    for system in evaluation.systems:
        cells = (span(evaluation.interval(system, column)) for column in COLUMNS)
        lines.append(table_row(system, "", *cells))
    missed = unreachable(evaluation)
    if missed:
        lines.append(f"{len(missed)} 题的引文没有一个段落完整包含，计为未命中：{'、'.join(missed)}")
    lines += [
        "",
        "两两比较（配对随机化检验，双侧；Holm 校正）",
        *_tests_text(significance(evaluation)),
    ]
    if evaluation.answered:
        lines += ["", *_answers_text(evaluation)]
    return "\n".join(lines)


def _answers_text(evaluation: Evaluation) -> list[str]:
    names = [NAMES[name] for name in ANSWERED]
    lines = ["回答", table_row("", "n", *names)]
    for name, questions in evaluation.slices().items():
        found = evaluation.answers(questions)
        cells = (figure(found[key]) for key in ANSWERED)
        lines.append(table_row(name or "全部", str(found["n"]), *cells))
    spans = (span(evaluation.answer_interval(key)) for key in ANSWERED)
    lines.append(table_row("95% 区间", "", *spans))
    points = risk_coverage(evaluation)
    if points:
        lines += [
            "",
            "只答最有把握的问题时的错误（风险—覆盖）",
            table_row("", "占全部问题", "错误"),
        ]
        for share in (0.25, 0.5, 0.75, 1.0):
            point = next(p for p in points if p.coverage >= share * points[-1].coverage - 1e-9)
            lines.append(table_row("", figure(point.coverage), figure(point.risk)))
        lines.append(table_row("曲线下面积", "", figure(area(points), 4)))
    return lines


def _tests_text(found: Sequence[Difference]) -> list[str]:
    if not found:
        return ["（题数不足，无法检验）"]
    lines = [
        table_row("", "指标", "题数", "差", "95% 区间", "优/劣", "p", "校正后 p", "可测最小差")
    ]
    lines += [
        table_row(
            f"{test.first} − {test.second}",
            NAMES.get(test.metric, test.metric),
            str(test.questions),
            f"{test.delta.value:+.3f}",
            f"{test.delta.low:+.3f}~{test.delta.high:+.3f}",
            f"{test.better}/{test.worse}",
            figure(test.p, 4),
            figure(test.holm, 4),
            figure(test.detectable),
        )
        for test in found
    ]
    return lines


def comparison_data(found: Comparison) -> dict[str, Any]:
    """Two evaluations compared, for programs."""
    return {
        "differences": [asdict(test) for test in found.differences],
        "changes": [
            {
                "id": change.question.id,
                "question": change.question.question,
                "metric": change.metric,
                "before": change.before,
                "after": change.after,
            }
            for change in found.changes
        ],
        "only_before": list(found.only_before),
        "only_after": list(found.only_after),
    }


def comparison_text(found: Comparison) -> str:
    """Two evaluations compared: the tests, and each question that changed."""
    lines = ["与先前的评测比较（now 为本次，then 为先前）", *_tests_text(found.differences)]
    for told, names in (("仅先前有", found.only_before), ("仅本次有", found.only_after)):
        if names:
            lines.append(f"{told}、未参与比较的问题 {len(names)} 个：{'、'.join(names)}")
    for metric in COMPARED:
        own = [change for change in found.changes if change.metric == metric]
        if own:
            lines += ["", f"{NAMES.get(metric, metric)} 有变化的问题 {len(own)} 个："]
            lines += [
                f"  {figure(c.before)} → {figure(c.after)}  {c.question.id}  {c.question.question}"
                for c in own
            ]
    return "\n".join(lines)


def figure(value: float | None, digits: int = 3) -> str:
    """A figure as it is shown; a dash for none."""
    return "—" if value is None else f"{value:.{digits}f}"


def span(found: Interval | None) -> str:
    """An interval as it is shown."""
    return "—" if found is None else f"{found.low:.3f}~{found.high:.3f}"
