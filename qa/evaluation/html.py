"""The report as one HTML file: no network, no other files; all text is escaped by jinja2."""

from collections import Counter
from pathlib import Path
from typing import Any

from qa.evaluation import plots
from qa.evaluation.compare import METRICS as COMPARED
from qa.evaluation.compare import Comparison
from qa.evaluation.failures import marks
from qa.evaluation.report import COLUMNS, NAMES, figure, significance, span, unreachable
from qa.evaluation.results import ANSWERED, Evaluation, area, risk_coverage
from qa.evaluation.statistics import Difference
from qa.questionnaire import Labelled

TEMPLATE = Path(__file__).parent.parent / "data" / "evaluation.html"
# Fewer changes than this are told by their table alone.
_DRAWN = 8
# Metrics shown as tiles on top; those of answers where there are answers.
_TILES = (
    "recall@5",
    "mrr@10",
    "value_accuracy",
    "citation_recall",
    "abstention_recall",
    "answered_share",
)


def report(evaluation: Evaluation, title: str, comparison: Comparison | None = None) -> str:
    """Return the whole report.

    Args:
        evaluation: the figures.
        title: of the set of questions.
        comparison: with an earlier evaluation, if there is one.
    """
    from jinja2 import Environment

    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    system = plots.main_system(evaluation)
    found = significance(evaluation)
    return template.render(
        title=title,
        system=system,
        count=len(evaluation.questions),
        unanswerable=sum(not evaluation.ranked[system].get(q.id) for q in evaluation.questions),
        tiles=_tiles(evaluation, system),
        plots=_plots(evaluation, found),
        columns=COLUMNS,
        retrieval=_retrieval(evaluation),
        tests=[_test(test) for test in found],
        answer_columns=[NAMES[name] for name in ANSWERED],
        answers=_answers(evaluation) if evaluation.answered else [],
        area=figure(area(risk_coverage(evaluation)), 4),
        missed=unreachable(evaluation),
        comparison=_comparison(comparison) if comparison else None,
        questions=[_question(evaluation, system, q) for q in evaluation.questions],
        types=list(dict.fromkeys(q.type for q in evaluation.questions if q.type)),
    )


def _name(metric: str) -> str:
    return NAMES.get(metric, metric)


def _tiles(evaluation: Evaluation, system: str) -> list[dict[str, str]]:
    tiles = []
    for metric in _TILES:
        if metric in ANSWERED:
            found = evaluation.answer_interval(metric)
        else:
            found = evaluation.interval(system, metric)
        if found is not None:
            tiles.append(
                {"name": _name(metric), "value": f"{found.value:.3f}", "span": span(found)}
            )
    return tiles


def _plots(evaluation: Evaluation, found: list[Difference]) -> dict[str, str]:
    return {
        "recall": plots.recall_by_depth(evaluation),
        "slices": plots.by_slice(evaluation),
        "risk": plots.risk(evaluation),
        "gaps": plots.gaps(found, _name),
    }


def _retrieval(evaluation: Evaluation) -> list[dict[str, Any]]:
    rows = []
    for name, questions in evaluation.slices().items():
        for system in evaluation.systems:
            means = evaluation.summary(system, questions)
            if means["n"]:
                cells = [figure(means[column]) for column in COLUMNS]
                rows.append(
                    {"slice": name or "全部", "system": system, "n": means["n"], "cells": cells}
                )
    return rows


def _answers(evaluation: Evaluation) -> list[dict[str, Any]]:
    rows = []
    for name, questions in evaluation.slices().items():
        found = evaluation.answers(questions)
        cells = [figure(found[key]) for key in ANSWERED]
        rows.append({"slice": name or "全部", "n": found["n"], "cells": cells})
    spans = [span(evaluation.answer_interval(key)) for key in ANSWERED]
    return [rows[0], {"slice": "95% 区间", "n": "", "cells": spans}, *rows[1:]]


def _test(test: Difference) -> dict[str, Any]:
    return {
        "pair": f"{test.first} − {test.second}",
        "metric": _name(test.metric),
        "n": test.questions,
        "delta": f"{test.delta.value:+.3f}",
        "span": f"{test.delta.low:+.3f}~{test.delta.high:+.3f}",
        "better": test.better,
        "worse": test.worse,
        "p": figure(test.p, 4),
        "holm": figure(test.holm, 4),
        "sure": test.holm < 0.05,
        "detectable": figure(test.detectable),
    }


def _comparison(found: Comparison) -> dict[str, Any]:
    counts = Counter(change.metric for change in found.changes)
    metrics = [metric for metric in COMPARED if counts[metric]]
    return {
        "tests": [_test(test) for test in found.differences],
        "gaps": plots.gaps(found.differences, _name),
        "metrics": [
            {
                "name": _name(metric),
                "plot": ""
                if counts[metric] < _DRAWN
                else plots.changed(found, metric, _name(metric)),
                "rows": [
                    {
                        "id": c.question.id,
                        "question": c.question.question,
                        "before": figure(c.before),
                        "after": figure(c.after),
                        "worse": c.after < c.before,
                    }
                    for c in found.changes
                    if c.metric == metric
                ],
            }
            for metric in metrics
        ],
        "only_before": list(found.only_before),
        "only_after": list(found.only_after),
    }


def _question(evaluation: Evaluation, system: str, question: Labelled) -> dict[str, Any]:
    run = evaluation.runs[system].get(question.id, {})
    ranked = sorted(run, key=lambda name: -run[name])
    judged = evaluation.qrels.get(question.id, {})
    figures = evaluation.ranked[system].get(question.id)
    place = next((at for at, name in enumerate(ranked, 1) if judged.get(name, 0) > 0), None)
    answer = evaluation.answered.get(question.id)
    return {
        "label": question,
        "place": place if figures else None,
        "answerable": figures is not None,
        "figures": {m: figure(figures[m]) for m in ("recall@5", "mrr@10", "ndcg@10")}
        if figures
        else {},
        "marks": marks(question, figures, answer),
        "answer": answer,
        "confidence": figure(answer.confidence, 2) if answer else "",
        "passages": [
            {
                "name": name,
                "relevant": judged.get(name, 0) > 0,
                "text": evaluation.texts.get(name, ""),
            }
            for name in ranked[:3]
        ],
    }
