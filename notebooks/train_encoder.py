"""Train the embedded static encoder: one vector a token, summed and normalised.

    python notebooks/train_encoder.py --data DIR --out DIR [--work DIR] [--holdout-fold K/N]

``--data`` holds ``corpora/NAME.jsonl.gz`` (lines of {q, p}; {en, zh} for gov_reports_en_zh; the
names are those of ``GENERAL`` in ``encoder/options.py``), ``plans/**/*.txt``, and
``questions/passage_questions.jsonl`` (lines of {doc, start, end, heading, lay, expert, short}).
The thesaurus is the one that the index uses, unless another is named.

A tokenizer, word2vec, contrastive training on general pairs, then on the domain: well under an hour
on two cores, ten minutes of it where ``--work`` holds the steps before the domain's. A step found
there is taken as it is, so name a new folder for other data, another thesaurus or another seed.
Folds share one: ``--holdout-fold`` leaves plans, and the questions on them, out of the domain step
only. The result is a folder that the index, sentence-transformers and model2vec read.

Besides the project's own dependencies it needs the extra ``train`` (``pip install ".[train]"``).
"""

import argparse
import logging
from pathlib import Path

from encoder.options import Options
from encoder.steps import Job, run

THESAURUS = Path(__file__).parent.parent / "index" / "data" / "thesaurus.jsonl"


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="what to read")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="model to write")
    parser.add_argument(
        "--work", type=Path, metavar="DIR", help="steps kept for later runs (default: OUT.work)"
    )
    parser.add_argument(
        "--thesaurus", type=Path, default=THESAURUS, metavar="FILE", help="default: the index's"
    )
    parser.add_argument(
        "--holdout-fold", type=fold, metavar="K/N", help="leave out fold K of N of the plans"
    )
    parser.add_argument("--seed", type=int, default=Options.seed)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("gensim").setLevel(logging.WARNING)
    job = Job(
        data=arguments.data,
        out=arguments.out,
        work=arguments.work or arguments.out.with_name(arguments.out.name + ".work"),
        thesaurus=arguments.thesaurus,
        holdout=arguments.holdout_fold,
    )
    run(job, Options(seed=arguments.seed))


def fold(text: str) -> tuple[int, int]:
    """Read ``K/N``."""
    number, count = map(int, text.split("/"))
    if not 0 <= number < count:
        raise argparse.ArgumentTypeError(f"expected K/N with 0 <= K < N, got {text}")
    return number, count


if __name__ == "__main__":
    main()
