"""All figures of an evaluation, question by question, and their means. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from qa.evaluation.statistics import Interval, ratio_interval
from qa.metrics import RANKED, Figures, Judgements, Run, mean
from qa.questionnaire import Labelled

ASK = "ask"


@dataclass(frozen=True, slots=True)
class Answered:
    """How one answer compares with its label.

    ``value`` is None where no value is known; ``covered`` is the share of evidence groups that a
    citation covers, None for a refusal or an unanswerable question. Of the ``citations``,
    ``relevant`` hold evidence and ``verbatim`` stand in their document; of the characters ``said``,
    ``quoted`` stand in a citation. ``confidence`` is how well the passages bear on the question, 0
    to 1; ``text`` the answer or the reason of the refusal.
    """

    abstained: bool
    value: bool | None
    covered: float | None
    citations: int
    verbatim: int
    relevant: int = 0
    said: int = 0
    quoted: int = 0
    confidence: float = 0.0
    kind: str = ""
    text: str = ""

    @property
    def loss(self) -> float:
        """How wrong an answer that was given is, 0 to 1: its value, else its evidence."""
        if self.value is not None:
            return float(not self.value)
        return 1.0 - (self.covered or 0.0)


# What each figure is of a question and its answer: a part and a whole, summed over the questions.
_Share = Callable[[Labelled, Answered], tuple[float, float]]
ANSWERED: Mapping[str, _Share] = {
    "value_accuracy": lambda _q, a: (float(a.value or 0), float(a.value is not None)),
    "citation_recall": lambda _q, a: (a.covered or 0.0, float(a.covered is not None)),
    "citation_precision": lambda q, a: (a.relevant, a.citations) if q.answerable else (0, 0),
    "citation_validity": lambda _q, a: (a.verbatim, a.citations),
    "verbatim_share": lambda _q, a: (a.quoted, a.said),
    "abstention_precision": lambda q, a: (float(a.abstained and not q.answerable), a.abstained),
    "abstention_recall": lambda q, a: (float(a.abstained and not q.answerable), not q.answerable),
    "answered_share": lambda q, a: (float(q.answerable and not a.abstained), q.answerable),
}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of each system for each question.

    ``ranked``: system → question → metric. ``runs``: system → question → passage → score.
    ``answered`` is empty where only rankings were scored. ``texts`` holds the passages to show.
    """

    questions: Sequence[Labelled]
    ranked: Mapping[str, Mapping[str, Figures]]
    runs: Mapping[str, Run]
    qrels: Judgements
    answered: Mapping[str, Answered] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def systems(self) -> list[str]:
        """The systems scored, in their order."""
        return list(self.ranked)

    def slices(self) -> dict[str, list[Labelled]]:
        """All questions under ``""``, then those of each type and of each difficulty.

        The names are the type's, and ``难度：…``; a set of one type has no slice for it.
        """
        found = {"": list(self.questions)}
        for prefix, name in (("", "type"), ("难度：", "difficulty")):
            kinds = list(dict.fromkeys(getattr(q, name) for q in self.questions))
            if len(kinds) > 1:
                for kind in kinds:
                    rows = [q for q in self.questions if getattr(q, name) == kind]
                    found[f"{prefix}{kind or '未注明'}"] = rows
        return found

    def summary(self, system: str, questions: Sequence[Labelled]) -> dict[str, float | None]:
        """``n`` and the mean of each metric over the questions that can be ranked."""
        own = self.ranked[system]
        rows = [own[q.id] for q in questions if q.id in own]
        means = {metric: mean([row[metric] for row in rows]) for metric in RANKED}
        return {"n": len(rows), **means}

    def interval(
        self, system: str, metric: str, questions: Sequence[Labelled] | None = None
    ) -> Interval | None:
        """The mean of one metric with its bootstrap interval."""
        own = self.ranked[system]
        asked = self.questions if questions is None else questions
        values = [own[q.id][metric] for q in asked if q.id in own]
        return ratio_interval(values, [1.0] * len(values))

    def answers(self, questions: Sequence[Labelled]) -> dict[str, float | None]:
        """``n`` and each figure of the answers to ``questions``."""
        found: dict[str, float | None] = {"n": len(questions)}
        for name in ANSWERED:
            parts, wholes = self._shares(name, questions)
            found[name] = sum(parts) / sum(wholes) if sum(wholes) else None
        return found

    def answer_interval(
        self, name: str, questions: Sequence[Labelled] | None = None
    ) -> Interval | None:
        """One figure of the answers with its bootstrap interval."""
        return ratio_interval(
            *self._shares(name, self.questions if questions is None else questions)
        )

    def _shares(self, name: str, questions: Sequence[Labelled]) -> tuple[list[float], list[float]]:
        share = ANSWERED[name]
        pairs = [share(q, self.answered[q.id]) for q in questions if q.id in self.answered]
        return [float(part) for part, _ in pairs], [float(whole) for _, whole in pairs]


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """Answering only the surest questions: their share of all, and how wrong those answers are."""

    coverage: float
    risk: float
    confidence: float


def risk_coverage(evaluation: Evaluation) -> list[RiskPoint]:
    """The risk of the answers given, the surest first; the last point is the engine as it is.

    An answer to what the documents do not say is wholly wrong. Questions of equal confidence come
    in one point.
    """
    given = [a for a in evaluation.answered.values() if not a.abstained]
    given.sort(key=lambda a: -a.confidence)
    points: list[RiskPoint] = []
    lost = 0.0
    for place, answer in enumerate(given, 1):
        lost += answer.loss
        last = place == len(given) or given[place].confidence != answer.confidence
        if last:
            share = place / len(evaluation.answered)
            points.append(RiskPoint(share, lost / place, answer.confidence))
    return points


def area(points: Sequence[RiskPoint]) -> float | None:
    """The mean risk over the coverages reached, by trapezia; None of nothing."""
    if not points:
        return None
    total, before = 0.0, RiskPoint(0.0, points[0].risk, 1.0)
    for point in points:
        total += (point.coverage - before.coverage) * (point.risk + before.risk) / 2
        before = point
    return total / points[-1].coverage
