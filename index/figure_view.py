"""A value in its sentence with what is known when it is named."""

import re
from dataclasses import dataclass

from index import figure_names
from index.figure_names import Reading
from index.figure_quantity import Quantity
from index.figure_sentence import Figure, Sentence

SHARES = frozenset({"%", "‰"})


@dataclass(frozen=True, slots=True)
class View:
    """One value: the words before it taken apart, the subject they name, the figure before."""

    sentence: Sentence
    index: int
    reading: Reading
    named: str
    previous: Figure | None

    @property
    def quantity(self) -> Quantity:
        """The value itself."""
        return self.sentence.values[self.index]

    @property
    def next(self) -> Quantity | None:
        """The value after it, if any."""
        values = self.sentence.values
        return values[self.index + 1] if self.index + 1 < len(values) else None

    @property
    def trail(self) -> str:
        """The words after it; those after the next where two share them: 96户177人贫困人口."""
        trail = self.sentence.trail(self.index)
        if self.next is None:
            return trail
        if self.sentence.gap(self.index + 1) in {"", "、", "和"}:
            lead = self.sentence.lead(self.index)
            if self.next.unit not in SHARES and len(figure_names.clean(lead)) < 2:
                return self.sentence.trail(self.index + 1)
        level = re.match(r"([\u4e00-\u9fff]{1,3}级)[、和]?$", trail)
        if level:
            more = re.match(r"[\u4e00-\u9fff]{1,3}级(.+)", self.sentence.trail(self.index + 1))
            return level.group(1) + more.group(1) if more else trail
        return trail


def view(sentence: Sentence, index: int, reading: Reading, previous: Figure | None) -> View:
    """Look at the value of ``sentence`` at ``index``."""
    return View(sentence, index, reading, figure_names.clean(reading.subject), previous)
