"""Figures of rankings, question by question, by ir-measures. Pure."""

from collections.abc import Mapping, Sequence

import numpy as np

CUTS = (1, 3, 5, 10)
DEPTH = 10
RANKED = (
    *(f"recall@{k}" for k in CUTS),
    *(f"success@{k}" for k in CUTS),
    "mrr@10",
    "ndcg@10",
    "map@10",
)

# question id → passage id → relevance or score
Judgements = Mapping[str, Mapping[str, int]]
Run = Mapping[str, Mapping[str, float]]
# metric → 0 to 1
Figures = Mapping[str, float]


def rank_metrics(groups: Mapping[str, Sequence[frozenset[str]]], run: Run) -> dict[str, Figures]:
    """Score a run for the questions in ``groups``.

    Args:
        groups: for each question, the relevant passages of each group of evidence.
        run: scores of the retrieved passages.

    Returns:
        For each question the metrics in ``RANKED``. recall@k: the share of groups with a passage in
        the first k. success@k: whether a passage of any group is in the first k. MRR@10, nDCG@10
        and MAP@10: of the passages relevant to any group.
    """
    judged = {n: dict.fromkeys(sorted(set().union(*sets)), 1) for n, sets in groups.items()}
    found: dict[str, dict[str, float]] = {
        name: dict(figures) for name, figures in judged_metrics(judged, run).items()
    }
    for name, shares in _group_recall(groups, run).items():
        found[name] |= shares
    return {name: {metric: figures[metric] for metric in RANKED} for name, figures in found.items()}


def judged_metrics(judged: Judgements, run: Run) -> dict[str, Figures]:
    """Score a run by judgements of passages, which may be graded, for the questions judged.

    Here recall@k is the share of the relevant passages in the first k.
    """
    import ir_measures
    from ir_measures import AP, RR, R, Success, nDCG

    measures = {
        **{R @ k: f"recall@{k}" for k in CUTS},
        **{Success @ k: f"success@{k}" for k in CUTS},
        RR @ 10: "mrr@10",
        nDCG @ 10: "ndcg@10",
        AP @ 10: "map@10",
    }
    found = {name: dict.fromkeys(RANKED, 0.0) for name in judged}
    for metric in ir_measures.iter_calc(list(measures), _mutable(judged), _mutable(run)):
        found[metric.query_id][measures[metric.measure]] = metric.value
    return {name: dict(figures) for name, figures in found.items()}


def _mutable(rows: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    return {name: dict(row) for name, row in rows.items()}


def _group_recall(
    groups: Mapping[str, Sequence[frozenset[str]]], run: Run
) -> dict[str, dict[str, float]]:
    """recall@k as the mean over the groups of Success@k."""
    import ir_measures
    from ir_measures import Success

    keys = {f"{n}\t{i}": (n, sets[i]) for n, sets in groups.items() for i in range(len(sets))}
    qrels = {key: dict.fromkeys(sorted(relevant), 1) for key, (_, relevant) in keys.items()}
    ranked = {key: dict(run.get(name, {})) for key, (name, _) in keys.items()}
    shares = {name: {f"recall@{k}": 0.0 for k in CUTS} for name in groups}
    cuts = {Success @ k: f"recall@{k}" for k in CUTS}
    for metric in ir_measures.iter_calc(list(cuts), qrels, ranked):
        name = keys[metric.query_id][0]
        shares[name][cuts[metric.measure]] += metric.value / len(groups[name])
    return shares


def mean(values: Sequence[float]) -> float | None:
    """The mean; None of nothing."""
    return float(np.mean(values)) if len(values) else None
