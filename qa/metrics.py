"""Figures of retrieval and of answers. Rankings are scored by ir-measures; pure otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

CUTS = (1, 3, 5, 10)

# question id → passage id → relevance or score
Judgements = Mapping[str, Mapping[str, int]]
Run = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One question's figures, each 0 to 1."""

    recall: Mapping[int, float]
    reciprocal_rank: float
    ndcg: float


def rank_metrics(groups: Mapping[str, Sequence[frozenset[str]]], run: Run) -> dict[str, Ranked]:
    """Score a run for the questions in ``groups``.

    Args:
        groups: for each question, the relevant passages of each group of evidence.
        run: scores of the retrieved passages.

    Returns:
        recall@k: the share of groups with a passage in the first k (Success@k of each group).
        MRR@10 and nDCG@10: of the passages relevant to any group.
    """
    import ir_measures
    from ir_measures import RR, Success, nDCG

    per_group: dict[str, dict[str, int]] = {}
    group_run: dict[str, Mapping[str, float]] = {}
    judged: dict[str, dict[str, int]] = {}
    for name, sets in groups.items():
        judged[name] = dict.fromkeys(sorted(set().union(*sets)), 1)
        for number, relevant in enumerate(sets):
            per_group[f"{name}\t{number}"] = dict.fromkeys(sorted(relevant), 1)
            group_run[f"{name}\t{number}"] = run.get(name, {})
    recall: dict[str, dict[int, list[float]]] = {n: {k: [] for k in CUTS} for n in groups}
    cuts = {Success @ k: k for k in CUTS}
    for metric in ir_measures.iter_calc(list(cuts), per_group, group_run):
        recall[metric.query_id.split("\t")[0]][cuts[metric.measure]].append(metric.value)
    single = {name: {"RR": 0.0, "nDCG": 0.0} for name in groups}
    for metric in ir_measures.iter_calc([RR @ 10, nDCG @ 10], judged, run):
        single[metric.query_id][str(metric.measure).split("@")[0]] = metric.value
    return {
        name: Ranked(
            {k: sum(recall[name][k]) / len(sets) for k in CUTS},
            single[name]["RR"],
            single[name]["nDCG"],
        )
        for name, sets in groups.items()
    }


def paired_p(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Two-sided p of a paired permutation test of the mean difference.

    Returns None where nothing can be tested: fewer than two pairs.
    """
    differences = np.asarray(first, dtype=float) - np.asarray(second, dtype=float)
    if len(differences) < 2:
        return None
    if not differences.any():
        return 1.0
    from scipy.stats import permutation_test

    result = permutation_test(
        (differences,),
        np.mean,
        permutation_type="samples",
        n_resamples=9999,
        rng=np.random.default_rng(20260101),
        vectorized=True,
    )
    return float(result.pvalue)


def mean(values: Sequence[float]) -> float | None:
    """The mean; None of nothing."""
    return float(np.mean(values)) if len(values) else None
