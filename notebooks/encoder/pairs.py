"""Query and passage in text, made of what was read: one function for each kind of pair."""

import re
from collections.abc import Iterable, Sequence

import numpy as np

from encoder.corpora import Entry, Pair
from encoder.english import FRAMES, REGIONS, region_of
from encoder.options import Options
from encoder.plans import Chunk, Question
from encoder.text import sentences

# Shorter sentences, in characters, say too little to find their passage.
_SHORTEST_SENTENCE = 8
# A translation is found by its first characters, and taken only if it has a few more.
_HEAD, _SHORTEST_TRANSLATION = 14, 16


def neighbour_pairs(texts: Iterable[str], count: int, each: int, seed: int) -> list[Pair]:
    """Pair up to ``each`` sentences of ``count`` texts with the rest of their text."""
    generator = np.random.default_rng(seed)
    pool = list(dict.fromkeys(texts))
    pairs: list[Pair] = []
    for index in generator.permutation(len(pool))[:count]:
        parts = sentences(pool[index], _SHORTEST_SENTENCE)
        if len(parts) >= 3:
            chosen = generator.permutation(len(parts))[:each]
            pairs += [Pair(parts[at], _without(parts, at)) for at in chosen]
    return pairs


def thesaurus_pairs(entries: Iterable[Entry]) -> list[Pair]:
    """Pair every lay wording, variant and lay question with the official term and its variants."""
    pairs = []
    for entry in entries:
        whole = " ".join(entry.names)
        for wording in [*entry.lay, *entry.questions]:
            pairs.append(Pair(wording, whole, entry.term))
            pairs += [Pair(wording, name, entry.term) for name in entry.names[:2]]
        pairs += [Pair(name, entry.term, entry.term) for name in entry.official]
    return pairs


def english_pairs(entries: Iterable[Entry], options: Options) -> list[Pair]:
    """Pair English names, bare and in plain questions, with the official wording."""
    generator = np.random.default_rng(options.seed)
    regions = list(REGIONS.items())
    pairs = [Pair(name, region, region) for name, region in regions for _ in range(4)]
    for entry in entries:
        whole = " ".join(entry.names)
        for name in entry.en:
            pairs += [Pair(name, variant, entry.term) for variant in entry.names]
            for frame in generator.choice(np.array(FRAMES), 2, replace=False):
                place, region = regions[int(generator.integers(len(regions)))]
                asked = str(frame).format(name)
                pairs.append(Pair(asked, whole, entry.term))
                pairs.append(Pair(f"{asked} {place}", f"{region} {entry.term}"))
    return pairs


def question_pairs(
    questions: Iterable[Question], wordings: Sequence[str], options: Options
) -> list[Pair]:
    """Pair wordings (of ``lay``, ``expert``, ``short``) with their chunk under its title.

    A share of them is paired with the bare chunk as well.
    """
    generator = np.random.default_rng(options.seed)
    pairs = []
    for question in questions:
        chunk = question.chunk
        for wording in (getattr(question, name) for name in wordings):
            pairs.append(Pair(wording, chunk.titled, chunk.text))
            if generator.random() < options.bare_chance:
                pairs.append(Pair(wording, chunk.text, chunk.text))
    return pairs


def heading_pairs(chunks: Iterable[Chunk]) -> list[Pair]:
    """Pair title and heading with the text under them."""
    return [Pair(f"{chunk.title} {chunk.heading}", chunk.text) for chunk in chunks if chunk.heading]


def sentence_pairs(
    chunks: Iterable[Chunk], entries: Iterable[Entry], options: Options
) -> list[Pair]:
    """Pair a sentence of a chunk, official terms put into lay words, with the chunk without it."""
    generator = np.random.default_rng(options.seed)
    lay = {entry.term: entry.lay for entry in entries if entry.lay and len(entry.term) > 2}
    terms = re.compile("|".join(sorted(map(re.escape, lay), key=len, reverse=True)))

    def in_lay_words(found: re.Match[str]) -> str:
        return str(generator.choice(np.array(lay[found.group()])))

    pairs = []
    for chunk in chunks:
        parts = sentences(chunk.text, _SHORTEST_SENTENCE)
        if len(parts) < 2:
            continue
        at = int(generator.integers(len(parts)))
        query = f"{region_of(chunk.title)[0]} {terms.sub(in_lay_words, parts[at])}"
        pairs.append(Pair(query, f"{chunk.title} · {chunk.heading}\n{_without(parts, at)}"))
    return pairs


def report_pairs(translations: Iterable[Pair], chunks: Iterable[Chunk]) -> list[Pair]:
    """Pair an English sentence with the chunk that holds its translation."""
    where: dict[str, Chunk] = {}
    for chunk in chunks:
        for begin in range(max(1, len(chunk.text) - _HEAD)):
            where.setdefault(chunk.text[begin : begin + _HEAD], chunk)
    return [
        Pair(pair.query, where[pair.passage[:_HEAD]].titled)
        for pair in translations
        if len(pair.passage) >= _SHORTEST_TRANSLATION and pair.passage[:_HEAD] in where
    ]


def _without(parts: list[str], at: int) -> str:
    return "".join(parts[:at] + parts[at + 1 :])
