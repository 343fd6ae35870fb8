"""One file for each kind of answer; the first that can, answers."""

from qa.answer import metadata, outline, passage
from qa.answer.base import Answerer

ANSWERERS: tuple[Answerer, ...] = (outline.answer, metadata.answer, passage.answer)
