"""Runs and judgements in the form of TREC, a line each. Pure."""

from collections.abc import Mapping


def qrels_lines(qrels: Mapping[str, Mapping[str, int]]) -> str:
    """Return ``question 0 passage relevance`` lines."""
    return "".join(
        f"{_word(question)} 0 {_word(passage)} {relevance}\n"
        for question, judged in qrels.items()
        for passage, relevance in judged.items()
    )


def run_lines(run: Mapping[str, Mapping[str, float]], name: str) -> str:
    """Return ``question Q0 passage rank score name`` lines, ranks from 1."""
    lines = []
    for question, scores in run.items():
        ranked = sorted(scores.items(), key=lambda pair: -pair[1])
        lines += [
            f"{_word(question)} Q0 {_word(passage)} {rank} {score:.6f} {name}\n"
            for rank, (passage, score) in enumerate(ranked, 1)
        ]
    return "".join(lines)


def _word(name: str) -> str:
    """TREC files are split at blanks: a blank in a file name is written as %20."""
    return name.replace("%", "%25").replace(" ", "%20")
