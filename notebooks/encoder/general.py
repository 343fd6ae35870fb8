"""Step 3's sources: the general pairs, and sentences beside their neighbours."""

from collections.abc import Mapping, Sequence

from tokenizers import Tokenizer

from encoder.corpora import Pair
from encoder.options import GENERAL, Options
from encoder.pairs import neighbour_pairs
from encoder.sources import Source, make_source

# Passages long enough for several sentences: of encyclopedia and web, of papers and doctors.
_WIKI = ("cmrc2018_train", "drcd_train_dev", "dureader_checklist")
_PAPERS = ("chinaxiv_headings", "medical_qa", "csl_titles")


def general_sources(
    pairs: Mapping[str, Sequence[Pair]], tokenizer: Tokenizer, options: Options
) -> list[Source]:
    """Tokenize the general pairs, and a sentence against its neighbours out of their passages."""
    wiki = [pair.passage for name in _WIKI for pair in pairs[name]]
    papers = [pair.passage for name in _PAPERS for pair in pairs[name]]
    beside = [
        *neighbour_pairs(wiki, 20_000, 6, options.seed),
        *neighbour_pairs(papers, 50_000, 1, options.seed),
    ]
    kinds = [*((name, found) for name, found in pairs.items() if found), ("neighbours", beside)]
    return [make_source(name, GENERAL[name], found, tokenizer) for name, found in kinds]
