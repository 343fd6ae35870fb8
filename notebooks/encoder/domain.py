"""Step 4's sources: thesaurus, written questions and plans, with general batches among them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from tokenizers import Tokenizer

from encoder.bags import Bools
from encoder.corpora import Entry, Pair
from encoder.english import region_of
from encoder.options import DOMAIN, GENERAL_SHARE_OF_DOMAIN, Options
from encoder.pairs import (
    english_pairs,
    heading_pairs,
    question_pairs,
    report_pairs,
    sentence_pairs,
    thesaurus_pairs,
)
from encoder.plans import Chunk, Question, apart
from encoder.sources import Source, make_source

_IN_ENGLISH, _WITH_REGION = 0.3, 0.5


@dataclass(frozen=True)
class DomainData:
    """What the domain step reads, already cut down to what this run may see."""

    questions: Sequence[Question]
    chunks: Sequence[Chunk]
    thesaurus: Sequence[Entry]
    translations: Sequence[Pair]


def domain_sources(
    data: DomainData, general: Sequence[Source], tokenizer: Tokenizer, options: Options
) -> list[Source]:
    """Tokenize the domain pairs and keep a share of general batches among them."""
    questions, chunks, thesaurus = data.questions, data.chunks, data.thesaurus
    made = {
        "thesaurus": thesaurus_pairs(thesaurus),
        "thesaurus_english": english_pairs(thesaurus, options),
        "plan_headings": heading_pairs(chunks),
        "plan_sentences": sentence_pairs(chunks, thesaurus, options),
        "plan_english": report_pairs(data.translations, chunks),
        "questions_lay": question_pairs(questions, ("lay", "short"), options),
        "questions_expert": question_pairs(questions, ("expert",), options),
    }
    # Other chunks are negatives of a question, unless they hold its passage under another cut.
    pool = [chunk.titled for chunk in apart(chunks, questions)]
    sources = [
        make_source(name, DOMAIN[name], pairs, tokenizer, pool if DOMAIN[name].extra else ())
        for name, pairs in made.items()
        if pairs
    ]
    terms = term_passages(thesaurus, chunks, tokenizer, options)
    return [*sources, *([terms] if terms else []), *_share(general)]


def term_passages(
    entries: Sequence[Entry], chunks: Sequence[Chunk], tokenizer: Tokenizer, options: Options
) -> Source | None:
    """Pair wordings with chunks that hold the official term; no such chunk is ever a negative.

    None where no chunk holds a term.
    """
    right = holding(entries, chunks)
    pairs, groups = term_pairs(entries, chunks, right, options)
    if not pairs:
        return None
    name, pool = "thesaurus_passages", [chunk.titled for chunk in chunks]
    source = make_source(name, DOMAIN[name], pairs, tokenizer, pool)
    # Passages are numbered as make_source does: those asked for first, then the pool.
    passages = dict.fromkeys([*(pair.passage for pair in pairs), *pool])
    column = {text: number for number, text in enumerate(passages)}
    by_passage = np.zeros((len(entries), len(column)), dtype=np.bool_)
    by_passage[:, [column[text] for text in pool]] |= right
    return replace(source, group_of=np.array(groups, dtype=np.int64), right=by_passage)


def holding(entries: Sequence[Entry], chunks: Sequence[Chunk]) -> Bools:
    """Tell which chunks hold a name of which entry, shape ``(entries, chunks)``."""
    found = np.zeros((len(entries), len(chunks)), dtype=np.bool_)
    for number, entry in enumerate(entries):
        names = entry.names
        found[number] = [any(name in chunk.text for name in names) for chunk in chunks]
    return found


def term_pairs(
    entries: Sequence[Entry], chunks: Sequence[Chunk], right: Bools, options: Options
) -> tuple[list[Pair], list[int]]:
    """Pair lay and English wordings, some with the region, with chunks that hold the term.

    ``right`` is what :func:`holding` found. Returns the pairs and the number of each one's entry.
    """
    generator = np.random.default_rng(options.seed)
    pairs: list[Pair] = []
    groups: list[int] = []
    for group, entry in enumerate(entries):
        chinese = (*entry.questions, *entry.lay)
        holders = generator.permutation(np.flatnonzero(right[group]))
        for number in holders[: options.chunks_a_term]:
            chunk = chunks[int(number)]
            in_english = bool(entry.en) and generator.random() < _IN_ENGLISH
            wordings = entry.en if in_english else chinese
            if not wordings:
                continue
            with_region = generator.random() < _WITH_REGION
            place = region_of(chunk.title)[int(in_english)] if with_region else ""
            wording = wordings[int(generator.integers(len(wordings)))]
            pairs.append(Pair(f"{place} {wording}".strip(), chunk.titled))
            groups.append(group)
    return pairs, groups


def _share(general: Sequence[Source]) -> list[Source]:
    """Scale the weights of the general sources to their share of the domain step."""
    total = sum(source.draw.weight for source in general)
    weights = [GENERAL_SHARE_OF_DOMAIN * source.draw.weight / total for source in general]
    return [
        replace(source, draw=replace(source.draw, weight=weight))
        for source, weight in zip(general, weights, strict=True)
    ]
