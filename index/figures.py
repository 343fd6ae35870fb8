"""One sentence of search text → its figures, each value with the name of what it is of."""

import re
from dataclasses import replace

from index import figure_names, figure_subject
from index.figure_lists import split
from index.figure_names import Reading
from index.figure_quantity import Quantity, share_bounds
from index.figure_sentence import TO, Figure, Sentence, read_sentence
from index.figure_view import SHARES, view

_YEAR = r"(?:(?:19|20)\d\d年的?|上年的?|去年的?|“?十.五”?(?:期?末|初)的?)?"
_FROM = re.compile(rf"(?P<subject>.*?)[由从自]{_YEAR}(?P<what>[^,、\d]{{0,6}})$")
_ALL_FROM = re.compile(rf"(?P<subject>.*?)分别[由从自]{_YEAR}$")
_AGAINST_LEVEL = re.compile(r"(?:较|比|与)[^,、]{1,12}的")


def figures(text: str) -> list[Figure]:
    """Return the figures of one sentence of search text, in order."""
    sentence = read_sentence(text)
    found: list[Figure] = []
    index = 0
    while index < len(sentence.values):
        named = _named(sentence, index, found)
        found += named
        index += max(1, len({figure.quantity.start for figure in named}))
    return found


def _named(sentence: Sentence, index: int, found: list[Figure]) -> list[Figure]:
    """Name a value, or the run of values that a coordinated subject shares."""
    several = _risen(sentence, index, found) or _listed(sentence, index, found)
    if several:
        return several
    one = _single(sentence, index, found[-1] if found else None)
    return [one] if one else []


def _listed(sentence: Sentence, index: int, found: list[Figure]) -> list[Figure]:
    """A和B分别达到1%和2%, A和B均达3%: a name for each; [] if the subject is not such a list."""
    lead, unit = sentence.lead(index), sentence.values[index].unit
    reading = figure_names.read_lead(lead, unit)
    subject = figure_names.clean(reading.subject)
    for close in (False, True):
        run = sentence.run(index, close=close)
        if len(run) == 1:
            break
        names = split(subject, len(run))
        before = found[-len(run) :]
        again = "分别" in reading.how or len({figure.opens for figure in before} - {-1}) == 1
        if not subject and again and len(before) == len(run) and all(one.opens for one in before):
            names = [figure.surface for figure in before]
        if names:
            return _several(share_bounds(run), names, reading)
    own = "各" in reading.how and re.match(r"[\u4e00-\u9fff]{2}", sentence.trail(index))
    if len(sentence.run(index, close=True)) == 1 and reading.shared and not own:
        names = split(subject, None)
        return _several([sentence.values[index]] * len(names), names, reading)
    return []


def _several(run: list[Quantity], names: list[str], reading: Reading) -> list[Figure]:
    figures = [
        _figure(value, name + reading.suffix, name, reading)
        for value, name in zip(run, names, strict=True)
    ]
    return [replace(figure, opens=run[0].start) for figure in figures]


def _risen(sentence: Sentence, index: int, found: list[Figure]) -> list[Figure]:
    """分别从2020年的1元、2元提高到2025年的3元、4元: two levels for each name."""
    run = sentence.run(index, close=True)
    lead = sentence.lead(index)
    if len(run) > 1 and (origin := _ALL_FROM.match(lead)):
        reading = figure_names.read_lead(origin["subject"], run[0].unit)
        names = split(figure_names.clean(reading.subject), len(run))
        return [replace(one, origin=True) for one in _several(run, names, reading)] if names else []
    before = found[-len(run) :]
    levels = len(before) == len(run) > 1 and all(figure.origin for figure in before)
    if not (levels and TO.fullmatch(sentence.gap(index))):
        return []
    return [
        replace(figure, quantity=value, origin=False, flow=False, opens=run[0].start)
        for figure, value in zip(before, run, strict=True)
    ]


def _figure(quantity: Quantity, name: str, surface: str, reading: Reading) -> Figure:
    change = reading.change
    rate = re.search(r"(?:增速|增幅|涨幅|降幅)$", name) and quantity.unit in SHARES
    if quantity.written != "plain" or (rate and not change):
        change = "growth"
    elif not change and "新增" in name and "就业" not in name and quantity.unit not in SHARES:
        change = "difference"
    flow = figure_names.is_flow(name, reading.raw)
    return Figure(quantity, name, surface, change, flow, already=reading.how.startswith("已"))


def _single(sentence: Sentence, index: int, previous: Figure | None) -> Figure | None:
    """Name one value by the words around it; None if nothing says what it is of."""
    quantity, lead = sentence.values[index], sentence.lead(index)
    if previous and _AGAINST_LEVEL.fullmatch(lead):
        return replace(previous, quantity=quantity, change="", origin=True)
    if previous and previous.origin and TO.fullmatch(lead):
        return replace(previous, quantity=quantity, origin=False, flow=False)
    origin = _FROM.match(lead) if sentence.leads_on(index) else None
    if origin:
        lead = origin["subject"] + origin["what"]
    elif quantity.unit == "%" and re.match(r"的?(?:增长|增速)$", sentence.trail(index)):
        lead += "增长"
    reading = figure_names.read_lead(lead, quantity.unit)
    subject, surface = figure_subject.subject(view(sentence, index, reading, previous))
    if not subject:
        return None
    suffix = "增速" if quantity.written == "zero" else reading.suffix
    suffix = "" if subject.endswith(suffix) else suffix
    figure = _figure(quantity, subject + suffix, surface, reading)
    # A value given again of the same thing is counted as the first one was.
    flow = previous.flow if previous and not reading.subject and not suffix else figure.flow
    return replace(figure, flow=flow, origin=origin is not None)
