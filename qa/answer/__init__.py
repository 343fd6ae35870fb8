"""One file for each kind of answer; the first that can, answers."""

from qa.answer import comparison, figure, metadata, outline, passage
from qa.answer.base import Answerer

ANSWERERS: tuple[Answerer, ...] = (
    outline.answer,
    metadata.answer,
    comparison.answer,
    figure.answer,
    passage.answer,
)
