"""What went wrong with the questions of an evaluation. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from qa.evaluation.results import ASK, Answered, Evaluation
from qa.questionnaire import Labelled


@dataclass(frozen=True, slots=True)
class Failure:
    """A question, what went wrong with it, and what was answered."""

    question: Labelled
    marks: tuple[str, ...]
    answer: Answered | None


def failures(evaluation: Evaluation, system: str = ASK) -> Iterator[Failure]:
    """Yield the questions with which something went wrong, in the order of the set."""
    for question in evaluation.questions:
        figures = evaluation.ranked[system].get(question.id)
        answer = evaluation.answered.get(question.id)
        found = marks(question, figures, answer)
        if found:
            yield Failure(question, tuple(found), answer)


def marks(
    question: Labelled, figures: Mapping[str, float] | None, answer: Answered | None
) -> list[str]:
    """What went wrong with one question; empty when nothing did."""
    found = []
    if figures is not None and figures["recall@5"] < 1:
        found.append("前五未全中")
    if answer is None:
        return found
    if figures is None:
        return [] if answer.abstained else ["该拒未拒"]
    if answer.abstained:
        found.append("该答未答")
    elif answer.value is False:
        found.append("数值有误")
    if not answer.abstained and (answer.covered or 0.0) < 1:
        found.append("引文不全")
    return found
