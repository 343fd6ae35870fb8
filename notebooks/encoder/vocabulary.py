"""Step 1, the tokenizer: Chinese, Latin and number pieces that never compete."""

import collections
import math
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import sentencepiece
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from encoder.english import FORCED_WORDS
from encoder.options import Options
from encoder.text import HAN, LATIN, NUMBER

Pieces = list[tuple[str, float]]

# What a token never reaches across: a run of Latin, a number, a run of Chinese.
_UNITS = r"[a-z0-9]*[a-z][a-z0-9]*|\d+(?:\.\d+)?%?|\p{Han}+"
_FORCED_HAN = (
    "十一五", "十二五", "十三五", "十四五", "十五五", "十六五", "二〇二五", "二〇三五",
)  # fmt: skip
# The log-probability of a forced piece: that of a frequent word, so that it is not split.
_FORCED_SCORE = -9.0
# A character that is no piece yet becomes one when it occurs this often.
_RARE = 5
_LONGEST_HAN, _LONGEST_LATIN = 6, 16


def train_tokenizer(texts: Sequence[str], english: Sequence[str], options: Options) -> Tokenizer:
    """Train the joint Unigram tokenizer; ids 0 and 1 are padding and unknown.

    ``texts`` is all plain text, of which a sample trains the pieces; ``english`` counts twice for
    the Latin ones.
    """
    sample = sample_text(texts, options.tokenizer_characters, options.seed)
    pieces = [
        *han_pieces(texts, sample, options.han_pieces),
        *latin_pieces(english, sample, options),
        *number_pieces(texts, options.number_pieces),
    ]
    vocabulary: dict[str, float] = {"[PAD]": 0.0, "[UNK]": 0.0}
    for piece, score in pieces:
        vocabulary.setdefault(piece, score)
    tokenizer = Tokenizer(models.Unigram(list(vocabulary.items()), unk_id=1, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(_UNITS), "removed", invert=True)
    tokenizer.add_special_tokens(["[PAD]", "[UNK]"])
    return tokenizer


def sample_text(texts: Sequence[str], characters: int, seed: int) -> list[str]:
    """Draw texts at random, in lower case, until a number of characters is reached."""
    order = np.random.default_rng(seed).permutation(len(texts))
    taken, length = [], 0
    for index in order:
        taken.append(texts[index].lower())
        length += len(texts[index])
        if length >= characters:
            break
    return taken


def unigram_pieces(units: Iterable[str], size: int, longest: int) -> Pieces:
    """Train a Unigram vocabulary of ``size`` on units that no piece reaches across.

    Returns pieces of at most ``longest`` characters with their log-probabilities, the same in every
    run: sentencepiece's trainer, unlike that of tokenizers, does not depend on hash seeds.
    """
    counts = collections.Counter(units)
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "units.tsv"
        lines = (f"{unit}\t{count}\n" for unit, count in sorted(counts.items()))
        table.write_text("".join(lines), encoding="utf-8")
        sentencepiece.SentencePieceTrainer.train(
            input=str(table),
            input_format="tsv",
            model_prefix=str(Path(folder) / "pieces"),
            vocab_size=size,
            max_sentencepiece_length=longest,
            character_coverage=1.0,
            normalization_rule_name="identity",
            add_dummy_prefix=False,
            split_by_unicode_script=False,
            split_by_number=False,
            bos_id=-1,
            eos_id=-1,
            hard_vocab_limit=False,
            num_threads=1,
            minloglevel=2,
        )
        model = sentencepiece.SentencePieceProcessor(model_file=f"{folder}/pieces.model")
    pieces = [(model.id_to_piece(n), model.get_score(n)) for n in range(model.get_piece_size())]
    return [(piece, score) for n, (piece, score) in enumerate(pieces) if n != model.unk_id()]


def han_pieces(texts: Sequence[str], sample: Sequence[str], size: int) -> Pieces:
    """Train Chinese pieces on the sample; add forced ones and the characters of all texts."""
    pieces = unigram_pieces(
        (run for text in sample for run in HAN.findall(text)), size, _LONGEST_HAN
    )
    present = {piece for piece, _ in pieces}
    pieces += [(piece, _FORCED_SCORE) for piece in _FORCED_HAN if piece not in present]
    counts = collections.Counter(
        char for text in texts for run in HAN.findall(text) for char in run
    )
    floor = min(score for _, score in pieces) - 1.0
    return pieces + [
        (char, floor) for char, count in counts.items() if count >= _RARE and char not in present
    ]


def latin_pieces(english: Sequence[str], sample: Sequence[str], options: Options) -> Pieces:
    """Train Latin pieces and add the frequent English words whole."""
    lowered = [text.lower() for text in english]
    units = (word for text in [*lowered, *lowered, *sample] for word in LATIN.findall(text))
    pieces = dict(unigram_pieces(units, options.latin_pieces, _LONGEST_LATIN))
    counts = collections.Counter(word for text in lowered for word in LATIN.findall(text))
    counts.update(dict.fromkeys(FORCED_WORDS, 2))
    total = sum(counts.values())
    frequent = counts.most_common(options.latin_words)
    words = {word: math.log(count / total) for word, count in frequent if count > 1}
    # Digits are for the numbers alone.
    return [(piece, score) for piece, score in (pieces | words).items() if not piece.isdigit()]


def number_pieces(texts: Sequence[str], size: int) -> Pieces:
    """Take the frequent numbers whole, and the digits of which all others are made."""
    counts = collections.Counter(found for text in texts for found in NUMBER.findall(text))
    kept = {str(value): 1 for value in range(101)}
    kept |= {str(year): 2 for year in range(1949, 2061)}
    kept |= {f"{tenths / 10:.1f}%": 1 for tenths in range(1, 1_000)}
    kept |= dict.fromkeys("0123456789.%", 1)
    for number, count in counts.most_common(size):
        kept[number] = max(kept.get(number, 0), count)
    total = sum(kept.values())
    return [(number, math.log(count / total)) for number, count in kept.items()]
