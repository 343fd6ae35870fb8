"""The numbers of the recipe: sizes, rates, and how often each kind of pair is drawn."""

from dataclasses import dataclass

SCALE = 20.0
# Lay wordings learn better from a softer contrast.
SOFT = 12.0


@dataclass(frozen=True)
class Options:
    """Every choice but the kinds of pairs; the defaults are those of the embedded encoder.

    Sizes of vocabularies are in pieces, ``tokenizer_characters`` in characters of text, the
    ``*_tokens`` in tokens of one text, rates are Adam's, the dropouts and chances lie in [0, 1].
    Negatives are mined when ``mine_after`` of the steps are done: the passages of ranks ``mined``,
    the first ones left out, since they often answer the question too.
    """

    seed: int = 7
    threads: int = 2
    dimension: int = 512
    han_pieces: int = 33_000
    latin_pieces: int = 3_000
    latin_words: int = 6_000
    number_pieces: int = 2_000
    tokenizer_characters: int = 7_000_000
    word2vec_epochs: int = 10
    word2vec_window: int = 6
    sif: float = 1e-3
    general_steps: int = 1_000
    general_rate: float = 0.01
    domain_steps: int = 1_300
    domain_rate: float = 0.003
    mine_after: float = 0.4
    mined: tuple[int, int] = (3, 40)
    shared_parts: float = 0.5
    general_kept: float = 0.15
    query_tokens: int = 64
    passage_tokens: int = 288
    query_dropout: float = 0.15
    passage_dropout: float = 0.5
    bare_chance: float = 0.4
    chunks_a_term: int = 12


@dataclass(frozen=True)
class Draw:
    """How pairs of one kind are drawn and scored.

    Attributes:
        weight: chance that a step takes this kind, relative to the other kinds.
        batch: queries in a step.
        scale: what cosines are multiplied by before the softmax.
        extra: passages drawn besides those of the queries, as negatives only.
        hard: mined passages drawn with each query, from :attr:`Options.mine_after` on.
    """

    weight: float
    batch: int = 1_024
    scale: float = SCALE
    extra: int = 0
    hard: int = 0


GENERAL = {
    "laws_headings": Draw(0.22),
    "chinaxiv_headings": Draw(0.18),
    "cmrc2018_train": Draw(0.14),
    "drcd_train_dev": Draw(0.09),
    "dureader_checklist": Draw(0.03),
    "csl_titles": Draw(0.05),
    "medical_qa": Draw(0.05),
    "gd_gov_service_items": Draw(0.01),
    "gaokao": Draw(0.01),
    "gov_reports_en_zh": Draw(0.10),
    "neighbours": Draw(0.20),
}

DOMAIN = {
    "thesaurus": Draw(0.14, scale=SOFT),
    "thesaurus_english": Draw(0.06),
    "plan_headings": Draw(0.05, batch=512),
    "plan_sentences": Draw(0.06, batch=512),
    "plan_english": Draw(0.04, batch=512),
    "questions_lay": Draw(0.27, batch=512, scale=SOFT, extra=768, hard=2),
    "questions_expert": Draw(0.11, batch=512, extra=1_024),
    "thesaurus_passages": Draw(0.10, batch=512, scale=SOFT, extra=1_024),
}

# Without general batches among them, the domain's make the encoder forget the rest.
GENERAL_SHARE_OF_DOMAIN = 0.27
