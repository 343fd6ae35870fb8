"""One file for each kind of answer; the first that can, answers."""

from qa.answer import comparison, figure, metadata, outline, passage
from qa.answer.base import Answerer
from qa.models import Question

ANSWERERS: tuple[Answerer, ...] = (
    outline.answer,
    metadata.answer,
    comparison.answer,
    figure.answer,
    passage.answer,
)


def answerers(question: Question) -> tuple[Answerer, ...]:
    """Who is asked, in order; passages alone where the user insists on passages."""
    wants_passages = question.insisted and question.intent == "passage"
    return (passage.answer,) if wants_passages else ANSWERERS
