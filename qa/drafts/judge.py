"""A claim and the sentences near it → what the sources say to it.

A sentence bears a claim out when it is alike enough, on the same region, for the same time, states
the same figures of the same things, and does not say the opposite. What misses only one of these
names the error; the thresholds were set on ``benchmarks/reports/dev``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from index import bigrams, normalise
from qa.answer.borne_out import clauses
from qa.answer.figures_told import Figure, figures
from qa.drafts.claims import led_by
from qa.drafts.nouns import Claim, Finding
from qa.drafts.quoted import Quoted
from qa.drafts.rights import Rights, unit_alike
from qa.drafts.sources import Candidate, Sources
from qa.drafts.wording import bare, times, unmeasured
from qa.matter import OPPOSITES, contradicts

# Least likeness of a sentence that bears a claim out: one that holds its figures may be said in
# fewer of the same words.
TOLD = 0.56
HELD = 0.42
# Least likeness of a sentence that gives another figure, year or region for the same thing.
SAME = 0.5
# Fewer characters than this name no indicator.
_NAMED = 4
# A sentence that gives no time bears a claim out unless one that gives another is so much closer.
_CLEARLY = 0.1
# Characters before a number that say what it is of.
_BEFORE = 12
# So much less alike a sentence on the region spoken of may be than the same figure elsewhere.
_CARRIED = 0.2
# What is this close to a carried region's sentence is rather the sentence meant.
_NEARLY = 0.08
_DENIAL = re.compile(
    "不得|不能|不准|不可|不再|不予|不必|无需|无须|禁止|严禁|没有|尚未|停止|取消|关停|撤销"
)
_PAIRS = (
    ("扩大|拉大", "缩小"),
    ("提高|提升|上升", "降低|下降"),
    ("高于|高出?(?=\\d)", "低于|低(?=\\d)"),
    ("增加|新增|增长", "减少|削减|压减|降低|下降"),
    *OPPOSITES,
)
_FIVE_YEARS = {"十三五": "2020", "十四五": "2025", "十五五": "2030"}


@dataclass(frozen=True)
class Fit:
    """A candidate and in what it agrees with a claim."""

    candidate: Candidate
    region: bool
    time: bool
    missing: tuple[Figure, ...]
    opposed: bool

    @property
    def score(self) -> float:
        """Likeness, 0 to 1."""
        return self.candidate.score


@dataclass(frozen=True)
class Judge:
    """Judges the claims of one draft against one index."""

    sources: Sources

    @cached_property
    def _rights(self) -> Rights:
        return Rights(self.sources.engine.index)

    @cached_property
    def _quoted(self) -> Quoted:
        return Quoted(self.sources)

    def finding(self, claim: Claim) -> Finding | None:
        """Return what the sources say to ``claim``; None when it is not theirs to know."""
        found = self._finding(claim)
        if not (found and claim.figures and claim.before):
            return found
        # What is left out may stand in the clause before.
        if found.verdict == "unsupported":
            return self._finding(led_by(claim, claim.before)) or found
        if found.verdict == "figure" and not self._is_own(claim, found):
            again = self._finding(led_by(claim, claim.before))
            return again if again and self._is_own(claim, again) else found
        return found

    def _is_own(self, claim: Claim, found: Finding) -> bool:
        """Whether what was found is cited from a document on the regions spoken of."""
        regions = self.sources.engine.retriever.regions
        about = [regions.about(region) for region in claim.regions]
        cited = {citation.document_id for citation in found.citations}
        return all(any(name in ids for name in cited) for ids in about)

    def _finding(self, claim: Claim) -> Finding | None:
        candidates = self.sources.candidates(claim)
        title = self._quoted.title(claim, candidates)
        if title:
            return title
        quoted = self._quoted.finding(claim, candidates)
        if quoted and quoted.flagged:
            return quoted
        fits = [self._fit(claim, candidate) for candidate in candidates]
        if quoted:
            return self._of_quoted(claim, quoted, fits)
        return self._judged(claim, fits)

    def _fit(self, claim: Claim, candidate: Candidate) -> Fit:
        on = all(self.sources.is_on(candidate, region) for region in claim.regions)
        missing = tuple(f for f in claim.figures if not self._states(claim, candidate, f))
        return Fit(candidate, on, _timely(claim, candidate), missing, _opposed(claim, candidate))

    def _judged(self, claim: Claim, fits: Sequence[Fit]) -> Finding | None:
        right = [f for f in fits if not f.missing and not f.opposed and f.score >= _least(claim, f)]
        # A claim that leaves out what it is of is held to its region all the more.
        loose = not claim.explicit and len(unmeasured(claim)) >= _NAMED
        borne = [f for f in right if f.time and (f.region or loose)]
        if borne:
            # A region that is only carried over decides among those that bear the claim out.
            best = max(borne, key=lambda fit: (fit.region, fit.score))
            otherwise = self._otherwise_dated(claim, best, fits) or self._own_figure(
                claim, best, fits
            )
            return otherwise or Finding(
                claim, "supported", (self.sources.citation(best.candidate),)
            )
        same = [f for f in fits if f.score >= SAME and not f.opposed]
        # As close as any sentence that says otherwise: the claim is only worded more freely.
        top = max((f.score for f in same), default=0.0)
        for fit in same:
            agrees = fit.time and (fit.region or loose) and not fit.missing
            if agrees and fit.score >= top - _NEARLY:
                return Finding(claim, "supported", (self.sources.citation(fit.candidate),))
        wrong = self._wrong(claim, same)
        if wrong:
            return wrong
        if claim.told:
            return Finding(claim, "unsupported", note="在索引的文件中没有找到依据。")
        return None

    def _otherwise_dated(self, claim: Claim, best: Fit, fits: Sequence[Fit]) -> Finding | None:
        """The date of a sentence that is clearly closer to a dated claim than undated ``best``."""
        if not claim.times or best.candidate.times:
            return None
        least = max(TOLD, best.score + _CLEARLY)
        for fit in fits:
            alike = fit.region and fit.score >= least and not (fit.missing or fit.opposed)
            if alike and not fit.time:
                return self._with(claim, "year", fit, _written_times(fit.candidate))
        return None

    def _own_figure(self, claim: Claim, best: Fit, fits: Sequence[Fit]) -> Finding | None:
        """Another figure for the same thing on the region spoken of, if ``best`` is on another."""
        if best.region or not claim.figures:
            return None
        least = max(SAME, best.score - _CARRIED)
        for fit in fits:
            if fit.region and fit.missing and fit.time and not fit.opposed and fit.score >= least:
                right = self._rights.figure(claim, fit.candidate, fit.missing[0])
                if right:
                    return self._with(claim, "figure", fit, right)
        return None

    def _wrong(self, claim: Claim, same: Sequence[Fit]) -> Finding | None:
        """The one thing that the most alike sentence says otherwise."""
        here = [fit for fit in same if fit.region or not claim.explicit]
        here.sort(key=lambda fit: (not fit.region, not fit.time))
        for fit in here:
            if not fit.missing and not fit.time:
                return self._with(claim, "year", fit, _written_times(fit.candidate))
        top = max((fit.score for fit in here), default=0.0)
        for fit in same:
            if not (fit.missing or fit.region) and fit.time and fit.score >= top - _NEARLY:
                return self._with(claim, "region", fit, self._rights.region(fit.candidate))
        for fit in here:
            if fit.missing:
                right = self._rights.figure(claim, fit.candidate, fit.missing[0])
                if right:
                    return self._with(claim, "figure", fit, right)
        for fit in same:
            if not fit.missing and not fit.region:
                return self._with(claim, "region", fit, self._rights.region(fit.candidate))
        return None

    def _of_quoted(self, claim: Claim, quoted: Finding, fits: Sequence[Fit]) -> Finding:
        """A verbatim quotation: what is left to check is of what region, when and how much."""
        spans = {(c.document_id, c.span) for c in quoted.citations}
        own = [
            f for f in fits if (f.candidate.source.document_id, f.candidate.source.span) in spans
        ]
        if not own:
            return quoted
        fit = own[0]
        if claim.explicit and not fit.region:
            return self._with(claim, "region", fit, self._rights.region(fit.candidate))
        if not fit.time:
            return self._with(claim, "year", fit, _written_times(fit.candidate))
        if fit.missing:
            other = self._judged(claim, fits)
            return other if other else quoted
        return quoted

    def _with(self, claim: Claim, verdict: str, fit: Fit, right: str) -> Finding:
        citation = self.sources.citation(fit.candidate)
        told = {"figure": "数值与原文不符", "year": "年份与原文不符", "region": "地区与原文不符"}
        said = _said(claim, verdict, fit)
        parts = [told[verdict], f"报告为{said}" if said else "", f"原文为{right}" if right else ""]
        note = "，".join(part for part in parts if part) + "。"
        return Finding(claim, verdict, (citation,), right, note=note, said=said)  # type: ignore[arg-type]

    def _states(self, claim: Claim, candidate: Candidate, figure: Figure) -> bool:
        """Whether the sentence states ``figure``, and of what the claim says."""
        source = candidate.source
        told = [own for own in source.figures if _same(own, figure)]
        if not told:
            return False
        known = [
            indicator
            for indicator in self._rights.ledger(candidate)
            if indicator.value == figure.value and indicator.span
        ]
        names = [normalise(indicator.name).text for indicator in known]
        if len(unmeasured(claim)) < _NAMED:
            # 到2035年达到75%: what it is of is left out, so that it cannot be misnamed.
            return True
        if not names or any(self._is_named(name, claim) for name in names):
            return True
        there = [own for own in figures(source.search) if _same(own, figure)]
        return any(_around(claim.search, figure, source.search, own) for own in there)

    def _is_named(self, name: str, claim: Claim) -> bool:
        said = claim.search
        if contradicts(said, name):
            return False
        pairs = set(bigrams(name))
        share = len(pairs & set(bigrams(said))) / len(pairs) if pairs else 1.0
        return share >= 0.4 or float(self.sources.engine.index.likeness(name, [said])[1][0]) >= 0.5


def _said(claim: Claim, verdict: str, fit: Fit) -> str:
    """What the claim has in the place of what is right, as it writes it."""
    if verdict == "figure":
        figure = fit.missing[0]
        return claim.search[figure.start : figure.end].strip()
    if verdict == "region":
        return "、".join(region.name for region in claim.regions)
    return _dated(claim.times or claim.carried)


def _around(said: str, figure: Figure, search: str, own: Figure) -> bool:
    """Whether the words right before a number are the same, where one number has them to itself."""
    start = max((c.start for c in clauses(search) if c.start <= own.start), default=0)
    if "分别" in search[start : own.start]:
        return False
    mine, theirs = (
        bigrams(re.split(r"[,;:。、]|\d", text[max(0, at - _BEFORE) : at])[-1])
        for text, at in ((said, figure.start), (search, own.start))
    )
    shared = set(mine) & set(theirs)
    return bool(shared) and 2 * len(shared) >= min(len(set(mine)), len(set(theirs)))


def _same(own: Figure, told: Figure) -> bool:
    return (
        own.value == told.value
        and unit_alike(own.unit, told.unit)
        and (not told.bound or told.bound == own.bound)
    )


def _least(claim: Claim, fit: Fit) -> float:
    """What a sentence must reach: less where it holds the figures or the very span of years."""
    spans = {time for time in claim.times if "-" in time}
    held = claim.figures or (spans and spans <= times(fit.candidate.source.search))
    return HELD if held else TOLD


def _timely(claim: Claim, candidate: Candidate) -> bool:
    """Whether the sentence may be of the time that the claim gives; it may give none."""
    told = claim.times or (claim.carried if claim.figures else frozenset())
    spans = {time for time in times(candidate.source.search) if "-" in time}
    for time in told:
        if "-" in time and spans:
            if time not in spans:
                return False
        elif candidate.times and not _among(time, candidate.times):
            return False
    return True


def _among(time: str, given: frozenset[str]) -> bool:
    """Whether ``time`` is given: what is to be done in 十四五 is done by 2025."""
    return (
        time in given
        or _FIVE_YEARS.get(time) in given
        or any(_FIVE_YEARS.get(other) == time for other in given)
    )


def _written_times(candidate: Candidate) -> str:
    return _dated(candidate.times)


def _dated(found: frozenset[str]) -> str:
    return "、".join(f"“{t}”时期" if t in _FIVE_YEARS else f"{t}年" for t in sorted(found))


def _opposed(claim: Claim, candidate: Candidate) -> bool:
    """Whether the clause most like the claim takes the other side of it."""
    search = candidate.source.search
    said = set(bigrams(bare(claim)))
    parts = [c.of(search) for c in clauses(search)]
    there = max(parts, key=lambda part: len(set(bigrams(part)) & said))
    if bool(_DENIAL.search(claim.search)) != bool(_DENIAL.search(there)):
        return True
    for pair in _PAIRS:
        sides, others = ([bool(re.search(w, text)) for w in pair] for text in (claim.search, there))
        if sides != others and sum(sides) == sum(others) == 1:
            return True
    return False
