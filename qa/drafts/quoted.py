"""Quotations and titles of a draft: verbatim in a source, altered, or nowhere."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from index import Span, normalise
from qa.cite import cited, section_path
from qa.drafts.nouns import Claim, Finding, Said
from qa.drafts.sources import Candidate, Sources, unmarked
from qa.models import Citation

# Least share of characters in common, in order, of an altered quotation and its source.
ALTERED = 0.4
# Words in quotation marks that are shorter are a term rather than a quotation.
TERM = 6
_ELLIPSIS = re.compile(r"…+|\.{3,}|⋯+")
_AROUND = 12
# So much less alike is a stretch on another region than the one spoken of.
_ELSEWHERE = 0.15
_MARKS = re.compile(r"[“”‘’\"'\s]")


@dataclass(frozen=True)
class Quoted:
    """Looks quotations up in the documents near a claim."""

    sources: Sources

    def finding(self, claim: Claim, candidates: Sequence[Candidate]) -> Finding | None:
        """Return what becomes of the quotations; None when there is none to be judged."""
        verdict: Finding | None = None
        for quote in claim.quotes:
            found = self._verbatim(quote, claim, candidates)
            if found is None:
                altered = self._altered(quote, claim, candidates)
                if altered or len(unmarked(quote.text)) >= TERM:
                    return altered or Finding(
                        claim, "quotation", note="在索引的文件中没有找到这段引文。"
                    )
            elif verdict is None:
                verdict = Finding(claim, "supported", (found,))
        return verdict

    def title(self, claim: Claim, candidates: Sequence[Candidate]) -> Finding | None:
        """A title that is almost that of a document: another period, another word."""
        index = self.sources.engine.index
        for title in claim.titles:
            told = unmarked(normalise(title).text)
            for document in index.catalogue.values():
                own = unmarked(normalise(document.title).text)
                known = own.split("(")[0]
                if (
                    told == own
                    or told in self.sources.text(document.id)
                    or not told.startswith(known[:4])
                ):
                    continue
                period = re.search(r"\d{4}.\d{4}", told)
                theirs = re.search(r"\d{4}.\d{4}", own)
                base = re.sub(r"\(.*", "", told)
                if period and theirs and base in own and period.group() != theirs.group():
                    name = re.sub(r"\).*", ")", own)
                    whole = index.documents[document.id]
                    span = Span(0, min(len(whole.text), 40))
                    citation = cited(whole, (), span)
                    return Finding(
                        claim,
                        "year",
                        (citation,),
                        f"《{name}》",
                        note=f"文件名称中的年份不符，应为《{name}》。",
                    )
        return None

    def _verbatim(
        self, quote: Said, claim: Claim, candidates: Sequence[Candidate]
    ) -> Citation | None:
        """The place where the quotation stands, in the regions of the claim first."""
        parts = [unmarked(normalise(part).text) for part in _ELLIPSIS.split(quote.text)]
        parts = [part.strip("。;,") for part in parts if part.strip("。;,")]
        if not parts:
            return None
        for candidate in _preferred(claim, candidates):
            if parts[0] in unmarked(candidate.source.search) and self._in_order(
                parts, candidate.source.document_id
            ):
                return self.sources.citation(candidate)
        for document_id in self._documents(claim, candidates):
            if self._in_order(parts, document_id):
                return self._place(document_id, parts[0])
        return None

    def _documents(self, claim: Claim, candidates: Sequence[Candidate]) -> list[str]:
        preferred = _preferred(claim, candidates)
        return list(dict.fromkeys(c.source.document_id for c in preferred))

    def _in_order(self, parts: Sequence[str], document_id: str) -> bool:
        text, at = unmarked(self.sources.text(document_id)), 0
        for part in parts:
            at = text.find(part, at) + len(part)
            if at < len(part):
                return False
        return True

    def _place(self, document_id: str, part: str) -> Citation | None:
        """Where ``part`` stands in the document, quotation marks left aside."""
        index = self.sources.engine.index
        document = index.documents[document_id]
        search = normalise(document.text)
        kept = [at for at, character in enumerate(search.text) if not _MARKS.match(character)]
        start = "".join(search.text[at] for at in kept).find(part)
        if start < 0:
            return None
        span = search.original(Span(kept[start], kept[start + len(part) - 1] + 1))
        path = section_path(index.outlines[document_id].sections, span)
        return cited(document, path, span)

    def _altered(
        self, quote: Said, claim: Claim, candidates: Sequence[Candidate]
    ) -> Finding | None:
        """The stretch most like the quotation, with the differences."""
        said = normalise(quote.text).text.strip("。;,")
        best: tuple[float, str, Candidate] | None = None
        for candidate in _preferred(claim, candidates)[:40]:
            for stretch in _stretches(candidate.source.search, said):
                ratio = SequenceMatcher(None, said, stretch, autojunk=False).ratio()
                ratio -= 0.0 if _is_on(candidate, claim) else _ELSEWHERE
                if best is None or ratio > best[0]:
                    best = (ratio, stretch, candidate)
        if best is None or best[0] < ALTERED:
            return None
        ratio, stretch, candidate = best
        diff = tuple(differences(said, stretch))
        return Finding(
            claim, "quotation", (self.sources.citation(candidate),), stretch, diff,
            note=f"引文与原文不一致，原文为“{stretch}”。",
        )  # fmt: skip


def _preferred(claim: Claim, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates, those on the regions of the claim first; the order else is kept."""
    return sorted(candidates, key=lambda c: not _is_on(c, claim))


def _is_on(candidate: Candidate, claim: Claim) -> bool:
    return all(region in candidate.source.regions for region in claim.regions)


def _stretches(search: str, said: str) -> Iterator[str]:
    """The stretches of a sentence that may be the quotation: between marks, about as long."""
    edges = [0, *(m.end() for m in re.finditer(r"[,;:。、“”()]", search)), len(search)]
    low, high = len(said) * 0.5, len(said) * 1.7
    for first, start in enumerate(edges):
        for end in edges[first + 1 :]:
            piece = search[start:end].strip(",;:。、“”()")
            if low <= len(piece) <= high:
                yield piece
            if end - start > high + _AROUND:
                break


def differences(said: str, there: str) -> Iterator[tuple[str, str]]:
    """Yield ("=", text), ("-", only said) and ("+", only there) from one to the other."""
    matcher = SequenceMatcher(None, said, there, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield "=", said[a:b]
            continue
        if b > a:
            yield "-", said[a:b]
        if d > c:
            yield "+", there[c:d]
