"""Rankings from elsewhere, scored by judgements of passages or documents. Pure."""

from collections.abc import Mapping

from index import InputError
from qa.evaluation.results import Evaluation
from qa.metrics import Judgements, Run, judged_metrics
from qa.questionnaire import Labelled


def judged_evaluation(
    qrels: Judgements, runs: Mapping[str, Run], texts: Mapping[str, str] | None = None
) -> Evaluation:
    """Score ``runs`` for the questions of ``qrels`` that have something relevant.

    A question that a run does not answer counts as missed.

    Args:
        qrels: grades, of which those above 0 are relevant.
        runs: system → question → passage → score.
        texts: the questions' wording, where it is known.

    Raises:
        InputError: nothing is relevant, or a run has none of the questions.
    """
    judged = {name: row for name, row in qrels.items() if any(grade > 0 for grade in row.values())}
    if not judged:
        raise InputError("qrels 中没有一个问题有相关（大于 0）的段落，无法计算。")
    for system, run in runs.items():
        if not judged.keys() & run.keys():
            raise InputError(f"“{system}”与 qrels 没有共同的问题。请检查问题编号。")
    return Evaluation(
        questions=[Labelled(name, (texts or {}).get(name, name)) for name in judged],
        ranked={system: judged_metrics(judged, run) for system, run in runs.items()},
        runs=runs,
        qrels=judged,
    )


def left_out(qrels: Judgements, runs: Mapping[str, Run]) -> list[str]:
    """What is not scored or counts as missed, in Chinese, so that nothing is dropped in silence."""
    judged = {name for name, row in qrels.items() if any(grade > 0 for grade in row.values())}
    told = []
    if len(judged) < len(qrels):
        told.append(f"qrels 中 {len(qrels) - len(judged)} 个问题没有相关段落，不计分。")
    for system, run in runs.items():
        extra, missed = run.keys() - qrels.keys(), judged - run.keys()
        if extra:
            told.append(f"“{system}”有 {len(extra)} 个问题不在 qrels 中，不计分。")
        if missed:
            told.append(f"“{system}”没有返回 {len(missed)} 个问题的结果，计为未命中。")
    return told
