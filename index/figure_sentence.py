"""A sentence of search text with its values, and the words around each of them."""

import re
from dataclasses import dataclass

from index.figure_names import Change
from index.figure_quantity import Quantity
from index.figure_values import quantities

_BREAK = re.compile(r"[,;:。!?()]")
_QUOTE = re.compile(r"“[^”]*”|《[^》]*》")
_HIDDEN = re.compile(r"“[^”]*”|\([^()]*\)")
_JOINT = re.compile(r"(?:[、,]|和|及|以及|与|、和)?")
_CLOSE_JOINT = re.compile(r"、?(?:和|及|以及|与)?")
TO = re.compile(r"[\u4e00-\u9fff]{0,4}?(?:到|至|为)(?:(?:19|20)\d\d年(?:末|底)?的?)?")


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity with its name, before the time is known.

    ``flow`` tells things done over a period from a level at its end; ``already`` what the text
    says is so by now; ``origin`` the level that something rose or fell from; ``opens`` where the
    list begins that the value is one of: a year that stands there holds for all of it.
    """

    quantity: Quantity
    name: str
    surface: str
    change: Change
    flow: bool
    already: bool = False
    origin: bool = False
    opens: int = -1


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, its values, and where its clauses end.

    ``runs`` and ``close_runs`` tell for each value where the values end that follow on it with
    only 、 or 和 between them: with a comma too, and without.
    """

    text: str
    values: list[Quantity]
    breaks: list[int]
    runs: list[int]
    close_runs: list[int]

    def gap(self, index: int) -> str:
        """What stands between a value and the one before it."""
        return _gap(self.text, self.values, index)

    def lead(self, index: int) -> str:
        """The words of the clause before a value, back to the value before it."""
        end = self.values[index].start
        start = max((at + 1 for at in self.breaks if at < end), default=0)
        if not index or self.values[index - 1].end <= start:
            return self.text[start:end]
        gap = self.gap(index)
        if re.search(r"(?:和|以及|(?<![惠涉普])及|(?<!参)与|、)$", gap):
            return ""
        opening = re.match(r"(?:、|以及|和|及|与|并|且)+", gap)
        cut = opening or re.search(r"、|以及|和(?![美谐])|[及与]", gap)
        rest = gap[cut.end() :] if cut else gap
        # 100个国家及地区的200个港口: what is left of a cut is no subject.
        return "" if cut and not opening and rest.endswith("的") else rest

    def clause_after(self, index: int) -> str:
        """The words of the clause after a value, with the values in them."""
        start = self.values[index].end
        end = min((at for at in self.breaks if at >= start), default=len(self.text))
        return self.text[start:end]

    def trail(self, index: int) -> str:
        """The words of the clause after a value, up to the next mark or value.

        A first word of a few characters keeps its fellows: 20个国考、省考断面.
        """
        clause = self.clause_after(index)
        trail = clause
        if index + 1 < len(self.values):
            trail = trail[: max(0, self.values[index + 1].start - self.values[index].end)]
        hidden = _HIDDEN.sub(lambda match: "口" * len(match.group()), trail)
        first, mark, rest = hidden.partition("、")
        if (
            mark
            and first
            and not re.search(r"\d|^(?:规模|总量|数量|产值|占|同比|居|均)", rest)
            and (trail == clause or "等" in rest)
            and re.match(r"[^、,]{2,12}$|[^,]{2,24}等[^,]{2,}", rest)
        ):
            whole = first + mark + rest
            if len(first) <= 4 or re.search(r"(?<![高中初平同])等[^、级]{2,}", rest):
                return trail[: len(whole)]
        return trail[: len(first)]

    def leads_on(self, index: int) -> bool:
        """Whether a value is what something rises or falls from to the next."""
        return index + 1 < len(self.values) and TO.match(self.gap(index + 1)) is not None

    def run(self, index: int, *, close: bool = False) -> list[Quantity]:
        """The values that follow one another with only 、 or 和 between them, or a comma too."""
        return self.values[index : (self.close_runs if close else self.runs)[index]]


def read_sentence(text: str) -> Sentence:
    """Find the values of ``text`` and where its clauses end."""
    values = quantities(text)
    runs, close = _runs(text, values, _JOINT), _runs(text, values, _CLOSE_JOINT)
    return Sentence(text, values, _breaks(text, values), runs, close)


def _gap(text: str, values: list[Quantity], index: int) -> str:
    start = values[index - 1].end if index else 0
    return text[start : values[index].start]


def _runs(text: str, values: list[Quantity], joint: re.Pattern[str]) -> list[int]:
    ends = list(range(1, len(values) + 1))
    for index in range(len(values) - 1, 0, -1):
        if joint.fullmatch(_gap(text, values, index)):
            ends[index - 1] = ends[index]
    return ends


def _breaks(text: str, values: list[Quantity]) -> list[int]:
    """Where clauses end: marks outside quotation marks and outside brackets without figures."""
    hidden = [match.span() for match in _QUOTE.finditer(text)]
    for match in re.finditer(r"\([^()]*\)", text):
        if not any(match.start() < value.start < match.end() for value in values):
            hidden.append(match.span())
    return [
        match.start()
        for match in _BREAK.finditer(text)
        if not any(start <= match.start() < end for start, end in hidden)
    ]
