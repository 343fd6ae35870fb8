"""Blocks of a draft → claims: what can be checked, and what it is about. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index import Region, Span, ancestors, normalise
from qa.answer.figures_told import meant
from qa.drafts.nouns import Block, Claim, Said
from qa.drafts.wording import (
    BREAK,
    FIVE,
    GIVING,
    GUARDED,
    LEANING,
    NAMING,
    ORDER,
    QUOTATION,
    QUOTE,
    RANKED,
    SENTENCE,
    TITLE,
    VALUED,
    YARDSTICK,
    has_matter,
    is_opinion,
    is_told,
    says,
    times,
    unmeasured,
)
from qa.named import mentions


def claims(blocks: Sequence[Block], corpus: tuple[Region, ...]) -> list[Claim]:
    """Return the checkable claims of ``blocks`` in reading order.

    A clause without figure, quotation or title counts when it is no opinion; what the sources must
    know of has ``told``. Regions carry on from a heading and from sentence to sentence.
    """
    found: list[Claim] = []
    title = _title_regions(blocks, corpus)
    held = title
    for number, block in enumerate(blocks):
        if block.kind == "heading":
            named = _regions(normalise(block.text).text, corpus)
            held = named or (title if number else held)
            continue
        start, before = held, ""
        for sentence in _sentences(block.text):
            made, held, before = _of_sentence((number, block), sentence, (held, before), corpus)
            found += made
            # What stands behind a semicolon may leave out what stands before it.
            before = before if sentence.of(block.text).rstrip().endswith(("；", ";")) else ""
        if block.kind == "cell":
            held = start
    return found


def _title_regions(blocks: Sequence[Block], corpus: tuple[Region, ...]) -> tuple[Region, ...]:
    """The regions of the title, else of the first line that names one."""
    for block in blocks[:4]:
        named = _regions(normalise(block.text).text, corpus)
        if named:
            return named
    return ()


def _of_sentence(
    place: tuple[int, Block],
    sentence: Span,
    carried_over: tuple[tuple[Region, ...], str],
    corpus: tuple[Region, ...],
) -> tuple[list[Claim], tuple[Region, ...], str]:
    """The claims of one sentence of a numbered block, and the regions and matter spoken of last."""
    number, block = place
    held, before = carried_over
    found: list[Claim] = []
    whole = normalise(sentence.of(block.text)).text
    carried: frozenset[str] = frozenset()
    titled = ""
    for clause in _clauses(block.text, sentence):
        made = _claim(number, block, clause, corpus)
        if before and LEANING.search(unmeasured(made)):
            made = led_by(made, before)
        else:
            made = replace(made, before=before)
        before = unmeasured(made) or before
        # A plan that is named in an opening clause tells of what region the rest is.
        named = made.regions
        made = replace(made, regions=named or held, explicit=bool(named), carried=carried)
        carried = made.times or carried
        held = named or held
        titled = titled or "".join(made.titles)
        if _checkable(made, whole, block):
            said = bool(titled) or is_told(made, whole, block)
            found.append(replace(made, told=said and not VALUED.search(made.search)))
    return found, held, before


def _claim(number: int, block: Block, clause: Span, corpus: tuple[Region, ...]) -> Claim:
    text = clause.of(block.text)
    said = ORDER.sub("", normalise(text).text.strip("。;,:!? "))
    lead = normalise(block.lead).text
    search = f"{lead},{said}" if lead else said
    quotes = tuple(
        Said(clause.start + match.start() + 1, clause.start + match.end() - 1, match.group()[1:-1])
        for match in QUOTE.finditer(text)
        if not FIVE.fullmatch(match.group()[1:-1])
    )
    titles = tuple(m.group(1) + (m.group(2) or "") for m in TITLE.finditer(said))
    plain = re.sub(
        r"《[^《》]*》(?:\([^()]*\))?|[\u4e00-\u9fff]{1,6}[〔\[]\d{4}[〕\]]\d+号",
        lambda m: "口" * len(m.group()),
        search,
    )
    plain = QUOTE.sub(
        lambda m: (
            m.group() if FIVE.search(m.group()) and len(m.group()) < 8 else "口" * len(m.group())
        ),
        plain,
    )
    # 四川 and 三亚 hold no number.
    for start, end, _ in mentions(search, corpus):
        plain = plain[:start] + "口" * (end - start) + plain[end:]
    figures = tuple(
        figure
        for figure in meant(plain)
        if not figure.is_year
        and not isinstance(figure.value, str)
        and not NAMING.match(plain, figure.end)
    )
    return Claim(
        number, clause.start, clause.end, text, search,
        regions=_regions(search, corpus), times=times(plain), figures=figures,
        quotes=quotes, titles=titles,
    )  # fmt: skip


def _regions(search: str, corpus: tuple[Region, ...]) -> tuple[Region, ...]:
    """The regions named; of 山东省济南市 the inner one only."""
    search = QUOTE.sub(lambda match: "口" * len(match.group()), search)
    named = [
        one
        for one in mentions(search, corpus)
        if not YARDSTICK.search(search[: one[0]])
        and not RANKED.match(search, one[1])
        and not GIVING.match(search, one[0])
    ]
    kept = [
        region
        for at, (_, end, region) in enumerate(named)
        if not (
            at + 1 < len(named)
            and named[at + 1][0] == end
            and region in ancestors(named[at + 1][2])
        )
    ]
    return tuple(dict.fromkeys(kept))


def led_by(claim: Claim, before: str) -> Claim:
    """The claim after what it leans on."""
    by = len(before) + 1
    figures = tuple(replace(f, start=f.start + by, end=f.end + by) for f in claim.figures)
    return replace(claim, search=f"{before},{claim.search}", figures=figures, before="")


def _checkable(claim: Claim, sentence: str, block: Block) -> bool:
    """Whether the sources can be asked about it: it says something, and is no opinion."""
    if block.kind == "cell":
        return bool(claim.figures)
    if any(len(quote.text) >= QUOTATION for quote in claim.quotes):
        return True
    return not is_opinion(claim, sentence) and has_matter(claim)


def _sentences(text: str) -> Iterator[Span]:
    """The sentences of a block; none ends inside quotation marks or brackets."""
    yield from _split(text, Span(0, len(text)), SENTENCE)


def _clauses(text: str, sentence: Span) -> list[Span]:
    """The clauses of a sentence, without the marks around them; a mere frame goes with the next."""
    found: list[Span] = []
    start: int | None = None
    for piece in _split(text, sentence, BREAK):
        start = piece.start if start is None else start
        if says(normalise(piece.of(text)).text):
            found.append(_trimmed(text, Span(start, piece.end)))
            start = None
    if start is not None and found:
        # What is left over belongs to the last clause, but adds nothing to mark.
        return found
    return found


def _trimmed(text: str, span: Span) -> Span:
    piece = span.of(text)
    left = len(piece) - len(piece.lstrip(" \t，,、；;：:。"))
    right = len(piece.rstrip(" \t，,；;：:。！？!?"))
    return Span(span.start + left, span.start + max(left, right))


def _split(text: str, within: Span, mark: re.Pattern[str]) -> Iterator[Span]:
    guarded = [m.span() for m in GUARDED.finditer(text, within.start, within.end)]
    start = within.start
    for match in mark.finditer(text, within.start, within.end):
        if any(a <= match.start() < b for a, b in guarded):
            continue
        if text[start : match.end()].strip():
            yield Span(start, match.end())
        start = match.end()
    if text[start : within.end].strip():
        yield Span(start, within.end)
