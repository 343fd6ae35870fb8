"""Two evaluations of the same questions, question by question. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from index import InputError
from qa.evaluation.results import ASK, Evaluation
from qa.evaluation.statistics import Difference, differences
from qa.questionnaire import Labelled

RANKS = ("recall@5", "mrr@10", "ndcg@10")
# Of answers: the value right; evidence covered, none by a refusal; silent just where it should be.
VALUE, COVER, SILENCE = "value_accuracy", "citation_recall", "silence_right"
METRICS = (*RANKS, VALUE, COVER, SILENCE)


@dataclass(frozen=True, slots=True)
class Change:
    """One question whose figure differs: before and after."""

    question: Labelled
    metric: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one evaluation to a later one.

    ``only_before`` and ``only_after`` are questions without a counterpart, left out of all figures.
    """

    differences: Sequence[Difference]
    changes: Sequence[Change]
    only_before: Sequence[str]
    only_after: Sequence[str]


def compare(before: Evaluation, after: Evaluation, system: str = ASK) -> Comparison:
    """Compare ``after`` with ``before`` by the rankings of ``system`` and by the answers.

    Raises:
        InputError: no question in common, or a system that one of them lacks.
    """
    for name, one in (("先前", before), ("现在", after)):
        if system not in one.ranked:
            raise InputError(f"{name}的评测没有“{system}”。已有：{'、'.join(one.systems)}。")
    old, new = _asked(before), _asked(after)
    shared = [q for q in after.questions if q.id in old and old[q.id] == new[q.id]]
    if not shared:
        raise InputError("两次评测没有相同的问题（按 id 和问题文字比较），无法比较。")
    ids = [q.id for q in shared]
    tables = {"now": _figures(after, system, ids), "then": _figures(before, system, ids)}
    changes = [
        Change(question, metric, tables["then"][question.id][metric], figure)
        for question in shared
        for metric, figure in tables["now"][question.id].items()
        if tables["then"][question.id].get(metric, figure) != figure
    ]
    return Comparison(
        differences=differences(tables, [("now", "then")], METRICS),
        changes=sorted(changes, key=lambda c: (METRICS.index(c.metric), c.after - c.before)),
        only_before=[name for name in old if name not in ids],
        only_after=[name for name in new if name not in ids],
    )


def _asked(evaluation: Evaluation) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {q.id: (q.question, q.history) for q in evaluation.questions}


def _figures(
    evaluation: Evaluation, system: str, names: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Question → metric → figure, for the metrics that the question has."""
    answerable = evaluation.ranked[system]
    found: dict[str, dict[str, float]] = {}
    for name in names:
        ranked = answerable.get(name, {})
        row = {metric: ranked[metric] for metric in RANKS if metric in ranked}
        answer = evaluation.answered.get(name)
        if answer is not None:
            row[SILENCE] = float(answer.abstained != bool(ranked))
            if answer.value is not None:
                row[VALUE] = float(answer.value)
            if ranked:
                row[COVER] = answer.covered or 0.0
        found[name] = row
    return found
