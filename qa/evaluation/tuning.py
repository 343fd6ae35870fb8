"""Weights, passage lengths and candidates by cross-validation, and what the choice is truly worth.

The best setting on the questions that chose it flatters itself. So the choice is made anew on the
training part of each fold and scored on the rest, which it has not seen: the mean of these scores
is what to expect of "choose the best by these questions" on new ones. Questions that rest on the
same evidence never stand on both sides.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from index import InputError
from qa.engine import Engine
from qa.evaluate import passage_name, relevant
from qa.evaluation.statistics import Interval, interval, paired_p
from qa.fuse import convex
from qa.metrics import DEPTH, rank_metrics
from qa.models import Filters, Passage
from qa.questionnaire import Labelled
from qa.retrieve import LEGS, Retriever

_SEED = 20260101

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Setting:
    """One way to retrieve: weights of the legs, candidates of each, longest passage in characters."""

    weights: tuple[float, ...]
    candidates: int
    chunk: int

    @property
    def name(self) -> str:
        """As it is shown."""
        legs = " ".join(f"{leg} {w:g}" for leg, w in zip(LEGS, self.weights, strict=True))
        return f"{legs}，候选 {self.candidates}，段落 {self.chunk} 字"


@dataclass(frozen=True, slots=True)
class Fold:
    """What was chosen on the training questions of one fold, and its figures in and out of them."""

    chosen: Setting
    questions: int
    inside: float
    outside: float


@dataclass(frozen=True, slots=True)
class Tuned:
    """The outcome. ``honest`` is the nested estimate, ``flattering`` the best on all questions.

    ``p``: paired test of the nested choice against the present setting, on the same questions.
    ``worth`` says whether to change: better by the nested estimate, and p < 0.05.
    """

    metric: str
    questions: int
    settings: int
    best: Setting
    flattering: float
    honest: Interval
    present: Setting
    present_score: Interval
    p: float | None
    folds: Sequence[Fold]

    @property
    def worth(self) -> bool:
        """Whether the change holds on questions that did not choose it."""
        return self.p is not None and self.p < 0.05 and self.honest.value > self.present_score.value


def simplex(step: float = 0.1) -> list[tuple[float, ...]]:
    """All weights of three legs in steps, none without a share, that sum to 1."""
    parts = round(1 / step)
    return [
        (round(a * step, 4), round(b * step, 4), round((parts - a - b) * step, 4))
        for a in range(1, parts - 1)
        for b in range(1, parts - a)
    ]


def scores(
    engine: Engine,
    questions: Sequence[Labelled],
    settings: Sequence[Setting],
    metric: str,
    progress: Progress = lambda _d, _t: None,
) -> Floats:
    """The metric of each answerable question under each setting of one index.

    Returns:
        Shape ``(questions, settings)``. The legs are scored once for each number of candidates.
    """
    out = np.zeros((len(questions), len(settings)))
    for row, question in enumerate(questions):
        progress(row, len(questions))
        rankings = _rankings(engine, question, settings)
        shown = {passage_name(p): p for ranking in rankings for p in ranking}
        groups = [relevant(engine, group, shown) for group in question.groups]
        runs = {
            str(at): {passage_name(p): float(DEPTH - i) for i, p in enumerate(ranking)}
            for at, ranking in enumerate(rankings)
        }
        found = rank_metrics(dict.fromkeys(runs, groups), runs)
        out[row] = [found[str(at)][metric] for at in range(len(settings))]
    progress(len(questions), len(questions))
    return out


def _rankings(
    engine: Engine, question: Labelled, settings: Sequence[Setting]
) -> list[list[Passage]]:
    parsed = engine.parse(question.question, question.history)
    scope = engine.scope(parsed, Filters())
    turns: list[list[list[int]]] = [[] for _ in settings]
    for count in dict.fromkeys(setting.candidates for setting in settings):
        retriever = Retriever(engine.retriever.regions, replace(engine.options, candidates=count))
        for group in scope.groups:
            rows, found = retriever.candidates(parsed, scope, group)
            for at, setting in enumerate(settings):
                if setting.candidates == count:
                    weighed = dict(zip(LEGS, setting.weights, strict=True))
                    fused = replace(found, fused=convex(found.legs, weighed))
                    order = np.argsort(-retriever.scores(parsed, rows, fused), kind="stable")
                    turns[at].append([int(row) for row in rows[order[:DEPTH]]])
    chunks = engine.index.chunks
    return [
        [Passage(chunks[row], "", 0.0) for row in _in_turns(groups)[:DEPTH]] for groups in turns
    ]


def _in_turns(groups: Sequence[Sequence[int]]) -> list[int]:
    """Each region has its turn, as in :meth:`qa.retrieve.Retriever.within`."""
    taken = dict.fromkeys(row for place in zip_longest(*groups) for row in place)
    return [row for row in taken if row is not None]


def evidence_groups(questions: Sequence[Labelled]) -> list[int]:
    """A number for each question; those that share evidence, in chains, share the number."""
    number = list(range(len(questions)))
    holders: dict[tuple[str, str], int] = {}

    def root(at: int) -> int:
        while number[at] != at:
            at = number[at]
        return at

    for at, question in enumerate(questions):
        for evidence in (e for group in question.groups for e in group):
            first = holders.setdefault((evidence.doc, evidence.quote), at)
            number[root(at)] = root(first)
    return [root(at) for at in range(len(questions))]


def folds(questions: Sequence[Labelled], count: int) -> list[NDArray[np.int64]]:
    """The test questions of each fold: types spread evenly, shared evidence kept together.

    Raises:
        InputError: fewer groups of questions than folds.
    """
    import warnings

    from sklearn.model_selection import StratifiedGroupKFold

    groups = evidence_groups(questions)
    if len(set(groups)) < count:
        raise InputError(
            f"{len(questions)} 个可回答的问题只有 {len(set(groups))} 组不同的依据，不能分成 {count} 折。"
            "请增加问题，或用 --folds 减少折数。"
        )
    sizes = Counter(question.type for question in questions)
    # Types too small for the folds are spread as one; the others each.
    kinds = [q.type if sizes[q.type] >= count else "" for q in questions]
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=_SEED)
    with warnings.catch_warnings():
        # Of small types that even together have fewer questions than folds.
        warnings.simplefilter("ignore", UserWarning)
        pairs = list(splitter.split(groups, kinds, groups))
    return [np.asarray(test, dtype=np.int64) for _, test in pairs if len(test)]


def choose(
    table: Floats,
    settings: Sequence[Setting],
    present: Setting,
    parts: Sequence[NDArray[np.int64]],
    metric: str,
) -> Tuned:
    """Choose the best column of ``table``, and estimate by nested folds what that is worth.

    Args:
        table: the metric, shape ``(questions, settings)``.
        settings: of the columns; ties go to the present one, then to the earlier.
        present: the setting in use, one of ``settings``.
        parts: the test questions of each fold.
        metric: its name.
    """
    now = settings.index(present)
    outside = np.zeros(len(table))
    told = []
    for test in parts:
        train = np.setdiff1d(np.arange(len(table)), test)
        at = _best(table[train], now)
        outside[test] = table[test, at]
        told.append(
            Fold(
                settings[at],
                len(test),
                float(table[train, at].mean()),
                float(table[test, at].mean()),
            )
        )
    best = _best(table, now)
    honest, present_score = interval(outside.tolist()), interval(table[:, now].tolist())
    if honest is None or present_score is None:
        raise InputError("没有可回答的问题，无法调参。")
    return Tuned(
        metric=metric,
        questions=len(table),
        settings=len(settings),
        best=settings[best],
        flattering=float(table[:, best].mean()),
        honest=honest,
        present=present,
        present_score=present_score,
        p=paired_p(outside.tolist(), table[:, now].tolist()),
        folds=told,
    )


def _best(table: Floats, now: int) -> int:
    means = table.mean(axis=0)
    return now if means[now] >= means.max() - 1e-12 else int(means.argmax())


def text(found: Tuned) -> str:
    """The outcome for a terminal."""
    gap = found.flattering - found.honest.value
    counts = Counter(fold.chosen.name for fold in found.folds)
    lines = [
        f"{found.questions} 个可回答的问题，{found.settings} 种设置，{len(found.folds)} 折（同一依据的问题不分开）",
        f"现在的设置        {found.metric} {_span(found.present_score)}    {found.present.name}",
        f"选出的设置，如实  {found.metric} {_span(found.honest)}    每折在其余问题上选、在本折上算",
        f"选出的设置，自评  {found.metric} {found.flattering:.3f}    在选它的问题上算，偏高 {gap:+.3f}",
        f"全部问题选出      {found.best.name}",
        f"如实与现在之差的 p：{'—' if found.p is None else f'{found.p:.4f}'}",
        "各折选出：" + "；".join(f"{name}（{count} 折）" for name, count in counts.most_common()),
        "建议：改用选出的设置。" if found.worth else "建议：不改。差别在没见过的问题上不成立。",
    ]
    return "\n".join(lines)


def _span(found: Interval) -> str:
    return f"{found.value:.3f}（{found.low:.3f}~{found.high:.3f}）"


def data(found: Tuned) -> Mapping[str, object]:
    """The outcome for programs."""
    from dataclasses import asdict

    return {**asdict(found), "worth": found.worth}
