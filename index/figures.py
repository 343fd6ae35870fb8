"""One sentence of search text → its figures, each value with the name of what it is of."""

import re
from dataclasses import dataclass, replace

from index import figure_names
from index.figure_names import Change, Reading
from index.figure_values import Quantity, quantities, share_bounds

_BREAK = re.compile(r"[,;:。!?()]")
_QUOTE = re.compile(r"“[^”]*”|《[^》]*》")
_HIDDEN = re.compile(r"“[^”]*”|\([^()]*\)")
_JOINT = re.compile(r"(?:[、,]|和|及|以及|与|、和)?")
_FROM = re.compile(
    r"(?P<subject>.*?)[由从自](?:20\d\d年的?|上年的?|去年的?|“?十.五”?(?:期?末|初)的?)?"
    r"(?P<what>[^,、\d]{0,6})$"
)
_AGAINST_LEVEL = re.compile(r"(?:较|比|与)[^,、]{1,12}的")
_TO = re.compile(r"[\u4e00-\u9fff]{0,4}?(?:到|至|为)(?:20\d\d年(?:末|底)?的?)?")
_DONE_TO = r"新(?:增|获|建|设|入选|认定|培育|引进|签约)|净增"
_SHARES = frozenset({"%", "‰"})


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity with its name, before the time is known.

    ``flow`` tells things done over a period from a level at its end; ``already`` what the text
    says is so by now; ``origin`` the level that something rose or fell from.
    """

    quantity: Quantity
    name: str
    surface: str
    change: Change
    flow: bool
    already: bool = False
    origin: bool = False


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, its values, and where its clauses end."""

    text: str
    values: list[Quantity]
    breaks: list[int]

    def gap(self, index: int) -> str:
        """What stands between a value and the one before it."""
        start = self.values[index - 1].end if index else 0
        return self.text[start : self.values[index].start]

    def lead(self, index: int) -> str:
        """The words of the clause before a value, back to the value before it."""
        end = self.values[index].start
        start = max((at + 1 for at in self.breaks if at < end), default=0)
        if not index or self.values[index - 1].end <= start:
            return self.text[start:end]
        gap = self.gap(index)
        opening = re.match(r"(?:、|以及|和|及|与|并|且)+", gap)
        cut = opening or re.search(r"、|以及|[和及与]", gap)
        return gap[cut.end() :] if cut else gap

    def trail(self, index: int) -> str:
        """The words of the clause after a value, up to the next mark or value."""
        start = self.values[index].end
        end = min((at for at in self.breaks if at >= start), default=len(self.text))
        if index + 1 < len(self.values):
            end = min(end, self.values[index + 1].start)
        trail = self.text[start:end]
        hidden = _HIDDEN.sub(lambda match: "口" * len(match.group()), trail)
        return trail[: len(hidden.split("、")[0])]

    def leads_on(self, index: int) -> bool:
        """Whether a value is what something rises or falls from to the next."""
        return index + 1 < len(self.values) and _TO.match(self.gap(index + 1)) is not None

    def run(self, index: int) -> list[Quantity]:
        """The values that follow one another with nothing but 、 or 和 between them."""
        end = index + 1
        while end < len(self.values) and _JOINT.fullmatch(self.gap(end)):
            end += 1
        return self.values[index:end]


def figures(text: str) -> list[Figure]:
    """Return the figures of one sentence of search text, in order."""
    values = quantities(text)
    sentence = _Sentence(text, values, _breaks(text, values))
    found: list[Figure] = []
    index = 0
    while index < len(values):
        named = _named(sentence, index, found)
        found += named
        index += max(1, len({figure.quantity.start for figure in named}))
    return found


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


def _named(sentence: _Sentence, index: int, found: list[Figure]) -> list[Figure]:
    """Name a value, or the run of values that a coordinated subject shares."""
    run = sentence.run(index)
    reading = figure_names.read_lead(sentence.lead(index), run[0].unit)
    subject = figure_names.clean(reading.subject)
    names: list[str] = []
    if len(run) > 1:
        names = figure_names.split(subject, len(run))
        if not subject and "分别" in reading.how and len(found) >= len(run):
            names = [figure.surface for figure in found[-len(run) :]]
        run = share_bounds(run) if names else run
    elif reading.shared:
        names = figure_names.split(subject, None)
        run = run * len(names)
    if names:
        pairs = zip(run, names, strict=True)
        return [_figure(value, name + reading.suffix, name, reading) for value, name in pairs]
    one = _single(sentence, index, found[-1] if found else None)
    return [one] if one else []


def _figure(quantity: Quantity, name: str, surface: str, reading: Reading) -> Figure:
    change = reading.change
    rate = re.search(r"(?:增速|增幅|涨幅|降幅)$", name) and quantity.unit in _SHARES
    if quantity.written != "plain" or (rate and not change):
        change = "growth"
    elif "新增" in name and "就业" not in name:
        change = "difference"
    flow = figure_names.is_flow(name, reading.raw)
    return Figure(quantity, name, surface, change, flow, already=reading.how.startswith("已"))


def _single(sentence: _Sentence, index: int, previous: Figure | None) -> Figure | None:
    """Name one value by the words around it; None if nothing says what it is of."""
    quantity, lead = sentence.values[index], sentence.lead(index)
    if previous and _AGAINST_LEVEL.fullmatch(lead):
        return replace(previous, quantity=quantity, change="", origin=True)
    if previous and previous.origin and _TO.fullmatch(lead):
        return replace(previous, quantity=quantity, origin=False, flow=False)
    origin = _FROM.match(lead) if sentence.leads_on(index) else None
    if origin:
        lead = origin["subject"] + origin["what"]
    elif quantity.unit == "%" and re.match(r"的?(?:增长|增速)$", sentence.trail(index)):
        lead += "增长"
    reading = figure_names.read_lead(lead, quantity.unit)
    subject, surface = _subject(sentence, index, reading, previous)
    if not subject:
        return None
    suffix = "增速" if quantity.written == "zero" else reading.suffix
    suffix = "" if subject.endswith(suffix) else suffix
    figure = _figure(quantity, subject + suffix, surface, reading)
    # A value given again of the same thing is counted as the first one was.
    flow = previous.flow if previous and not reading.subject and not suffix else figure.flow
    return replace(figure, flow=flow, origin=origin is not None)


def _subject(
    sentence: _Sentence, index: int, reading: Reading, previous: Figure | None
) -> tuple[str, str]:
    """Return (name, the words that give it) of the thing that a value is of; "" if none does."""
    after = _subject_after(sentence, index, reading, previous)
    if after:
        return after
    subject = figure_names.clean(reading.subject)
    base = _base(sentence.values[index], reading, subject, previous)
    if subject == "投资" and "完成投资" in reading.raw:
        return f"{base}完成投资", "完成投资"
    if base and figure_names.is_generic(subject):
        whole = subject in {"总量", "经济总量", "总数"}
        return (base, base) if whole else (base + subject, subject)
    if subject:
        return _with_verb(sentence, index, subject, previous), subject
    named = base or _earlier(sentence.text, sentence.values[index].start)
    return named, named


def _subject_after(
    sentence: _Sentence, index: int, reading: Reading, previous: Figure | None
) -> tuple[str, str] | None:
    """The same from the words after a value: 3个医院专科联盟, 80%以上的家庭具备千兆接入能力."""
    unit, trail = sentence.values[index].unit, sentence.trail(index)
    subject = figure_names.clean(reading.subject)
    if unit in _SHARES and not reading.suffix and len(subject) < 2:
        if previous and re.match(r"用于|投向|来自|投入", trail):
            return f"{previous.surface}{trail}占比", previous.surface
        share = figure_names.proportion(trail)
        return (share, trail) if share else None
    if unit in _SHARES | {"个百分点", "倍", ""}:
        return None
    noun = figure_names.noun_after(trail, alone=not subject)
    if noun and trail.startswith("的") and figure_names.is_generic(subject):
        # 总规模超500亿元的基金: what is measured stands after its measure.
        return noun + subject, noun
    if not noun or noun.endswith("人口"):
        return (noun, noun) if noun else None
    return _with_verb(sentence, index, subject + noun, previous), noun


def _base(quantity: Quantity, reading: Reading, subject: str, previous: Figure | None) -> str:
    """What a value without a subject of its own goes on from."""
    if previous is None:
        return ""
    if not subject and quantity.unit == "个百分点" and previous.change == "growth":
        # 增长7.7%,高于全国1.8个百分点: it is the growth that is higher.
        return previous.name
    if re.search(r"累计|总[量数]", reading.raw):
        return re.sub(r"^[新净]增(?:各类)?", "", previous.surface)
    return previous.surface


def _with_verb(sentence: _Sentence, index: int, subject: str, previous: Figure | None) -> str:
    """新增海外仓23个、网点16个: the verb holds for the second too."""
    gap = sentence.gap(index)
    if previous is None or not (gap.startswith("、") or gap.endswith("、")):
        return subject
    verb = re.match(_DONE_TO, previous.name)
    own = re.match(r"新|净|[建改引招培]", subject)
    return verb.group() + subject if verb and not own else subject


def _earlier(text: str, before: int) -> str:
    """The subject of an earlier clause: 人均预期寿命,到2025年达到79岁."""
    for clause in reversed(re.split(r"[,;:]", text[:before])[:-1]):
        subject = figure_names.clean(clause)
        if 2 <= len(subject) <= 24:
            return subject
    return ""
