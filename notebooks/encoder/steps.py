"""The four steps in order, each kept in the work folder."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from encoder.bags import Floats, encode_texts
from encoder.contrast import Phase, train
from encoder.corpora import TRANSLATIONS, Entry, Pair, read_pairs, read_thesaurus
from encoder.domain import DomainData, domain_sources
from encoder.english import FRAMES, REGIONS
from encoder.general import general_sources
from encoder.initial import initial_vectors
from encoder.options import Options
from encoder.plans import Chunk, in_fold, read_plans, read_questions
from encoder.save import save_model
from encoder.sharing import shared_parts
from encoder.sources import Source
from encoder.text import Normaliser
from encoder.vocabulary import train_tokenizer

# The corpora whose queries are plain text worth reading, too.
_ASKED = ("cmrc2018_train", "drcd_train_dev", "dureader_checklist", "medical_qa")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """What to read, where to write, and which fold of the plans to leave out of the domain step."""

    data: Path
    out: Path
    work: Path
    thesaurus: Path
    holdout: tuple[int, int] | None = None

    def sees(self, document: str) -> bool:
        """Tell whether the domain step may read a document."""
        return self.holdout is None or not in_fold(document, *self.holdout)


def run(job: Job, options: Options) -> None:
    """Do every step that the work folder does not hold yet, and write the model."""
    torch.set_num_threads(options.threads)
    job.work.mkdir(parents=True, exist_ok=True)
    normalise = Normaliser()
    pairs = read_pairs(job.data / "corpora", normalise)
    chunks = read_plans(job.data, normalise)
    thesaurus = read_thesaurus(job.thesaurus, normalise)
    texts = plain_texts(pairs, chunks)
    tokenizer = _tokenizer(job, texts, english_texts(pairs, thesaurus), options)
    vectors = _initial(job, texts, tokenizer, options)
    general = general_sources(pairs, tokenizer, options)
    parts = shared_parts(tokenizer)
    first = _general(job, vectors, parts, general, options)
    domain = DomainData(
        [q for q in read_questions(job.data, normalise) if job.sees(q.chunk.document)],
        [chunk for chunk in chunks if job.sees(chunk.document)],
        thesaurus,
        pairs[TRANSLATIONS],
    )
    logger.info("domain: %d questions, %d chunks", len(domain.questions), len(domain.chunks))
    sources = domain_sources(domain, general, tokenizer, options)
    phase = Phase(options.domain_steps, options.domain_rate)
    last = train(first, parts, sources, phase, options)
    # A little of what the general step learned makes good what the domain's forgot.
    kept = options.general_kept
    save_model(job.out, tokenizer, (1 - kept) * last + kept * first)
    logger.info("written: %s", job.out)


def english_texts(pairs: Mapping[str, Sequence[Pair]], thesaurus: Sequence[Entry]) -> list[str]:
    """Collect the English from which the Latin vocabulary is made."""
    reports = [pair.query for pair in pairs[TRANSLATIONS]]
    return [*reports, *(name for entry in thesaurus for name in entry.en), *REGIONS, *FRAMES]


def plain_texts(pairs: Mapping[str, Sequence[Pair]], chunks: Sequence[Chunk]) -> list[str]:
    """Collect every passage, question and plan once; a report's sentence with its translation."""
    texts = [pair.passage for found in pairs.values() for pair in found]
    texts += [pair.query for name in _ASKED for pair in pairs[name]]
    texts += [f"{pair.query} {pair.passage}" for pair in pairs[TRANSLATIONS]]
    return list(dict.fromkeys([*texts, *(chunk.text for chunk in chunks)]))


def _tokenizer(
    job: Job, texts: Sequence[str], english: Sequence[str], options: Options
) -> Tokenizer:
    path = job.work / "tokenizer.json"
    if not path.exists():
        logger.info("tokenizer")
        train_tokenizer(texts, english, options).save(str(path), pretty=False)
    return Tokenizer.from_file(str(path))


def _initial(job: Job, texts: Sequence[str], tokenizer: Tokenizer, options: Options) -> Floats:
    path = job.work / "word2vec.npy"
    if not path.exists():
        logger.info("word2vec")
        bags = encode_texts(tokenizer, texts)
        np.save(path, initial_vectors(bags, tokenizer.get_vocab_size(), options))
    vectors: Floats = np.load(path)
    return vectors


def _general(
    job: Job, vectors: Floats, parts: torch.Tensor, sources: Sequence[Source], options: Options
) -> Floats:
    path = job.work / "general.npy"
    if not path.exists():
        logger.info("general training")
        phase = Phase(options.general_steps, options.general_rate)
        np.save(path, train(vectors, parts, sources, phase, options))
    general: Floats = np.load(path)
    return general
