"""Fit the trees of ``qa/rerank.py`` on questions about plans.

    python notebooks/train_reranker.py --plans DIR --questions FILE --folds DIR --out qa/data

``--plans`` holds the documents, ``--questions`` lines of {doc, start, end, lay, expert, short},
``--folds`` the encoders 0, 1, 2 …, of which number k was trained without the questions on documents
of fold k (sha256 of the document's path modulo the number of folds). Every question is searched
with the encoder that has not seen it, so that its cosines are honest. Figures are cross-validated
by document; the trees that are written are fitted on all questions.
"""

import argparse
import hashlib
import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import BuildOptions, build
from qa import Engine, Filters
from qa.fuse import scaled
from qa.rerank import FEATURES, features, load

KINDS = ("lay", "expert", "short")
DEPTH = 5


@dataclass
class Group:
    """One question's candidates."""

    document: str
    kind: str
    matrix: NDArray[np.float32]
    fused: NDArray[np.float32]
    relevant: NDArray[np.int8]
    reachable: bool


def main() -> None:
    """Fit, report and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("plans", "questions", "folds", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=900, help="labelled passages for each fold")
    parser.add_argument("--trees", type=int, default=120)
    options = parser.parse_args()
    groups = list(_groups(options))
    print(f"{len(groups)} questions")
    _cross_validate(groups, options.trees)
    model = _fit(groups, options.trees)
    raw = _export(model)
    load(raw)
    options.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(raw, separators=(",", ":"))
    (options.out / "reranker.json").write_text(text + "\n", encoding="utf-8")
    gains = model.feature_importance("gain")
    for name, gain in sorted(zip(FEATURES, gains, strict=True), key=lambda p: -p[1]):
        print(f"{name:18s}{gain / gains.sum():.3f}")


def fold_of(document: str, folds: int) -> int:
    """The fold of a document by the checksum of its path."""
    return int(hashlib.sha256(document.encode()).hexdigest(), 16) % folds


def _groups(options: argparse.Namespace) -> Iterator[Group]:
    rows = [json.loads(line) for line in options.questions.read_text("utf-8").splitlines()]
    encoders = sorted(path for path in options.folds.iterdir() if path.is_dir())
    for number, encoder in enumerate(encoders):
        own = [row for row in rows if fold_of(row["doc"], len(encoders)) == number]
        random.Random(number).shuffle(own)
        with tempfile.TemporaryDirectory() as folder:
            made = BuildOptions(encoder=str(encoder), strict=False)
            build([options.plans], Path(folder), made)
            engine = Engine.open(Path(folder))
            for row in own[: options.passages]:
                for kind in KINDS:
                    group = _group(engine, row, kind)
                    if group is not None:
                        yield group
        print(f"fold {number}: {encoder.name} done", flush=True)


def _group(engine: Engine, row: dict[str, str], kind: str) -> Group | None:
    question = engine.parse(row[kind])
    scope = engine.scope(question, Filters())
    rows, found = engine.retriever.candidates(question, scope, scope.rows)
    wanted = _relevant(engine, row)
    relevant = np.isin(rows, list(wanted)).astype(np.int8)
    reachable = bool(relevant.any())
    return Group(row["doc"], kind, features(found), found.fused, relevant, reachable)


def _relevant(engine: Engine, row: dict[str, str]) -> set[int]:
    """Chunks that hold at least half of the labelled stretch, or lie almost wholly in it."""
    name = row["doc"].removeprefix("plans/")
    start, end = int(row["start"]), int(row["end"])
    found = set()
    for number in engine.index.document_rows[name]:
        span = engine.index.chunks[int(number)].span
        shared = min(span.end, end) - max(span.start, start)
        if shared >= 0.5 * (end - start) or (shared > 0 and shared >= 0.9 * len(span)):
            found.add(int(number))
    return found


def _fit(groups: list[Group], trees: int):  # noqa: ANN202 - lightgbm has no types
    import lightgbm

    used = [group for group in groups if group.reachable]
    data = lightgbm.Dataset(
        np.concatenate([group.matrix for group in used]),
        label=np.concatenate([group.relevant for group in used]),
        group=[len(group.matrix) for group in used],
        feature_name=list(FEATURES),
    )
    parameters = {
        "objective": "lambdarank",
        "lambdarank_truncation_level": 10,
        "num_leaves": 15,
        "max_depth": DEPTH,
        "learning_rate": 0.08,
        "min_data_in_leaf": 200,
        "feature_fraction": 0.8,
        "lambda_l2": 5.0,
        "verbosity": -1,
        "seed": 1,
        "deterministic": True,
        "num_threads": 2,
    }
    return lightgbm.train(parameters, data, num_boost_round=trees)


def _cross_validate(groups: list[Group], trees: int, parts: int = 5) -> None:
    total: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
    for part in range(parts):
        inside = [g for g in groups if fold_of(g.document + "#cv", parts) != part]
        held = [g for g in groups if fold_of(g.document + "#cv", parts) == part]
        model = _fit(inside, trees)
        for group in held:
            for name, scores in (("convex", group.fused), ("trees", model.predict(group.matrix))):
                total.setdefault((group.kind, name), []).append(_figures(scores, group.relevant))
    for (kind, name), rows in sorted(total.items()):
        means = np.mean(rows, axis=0)
        print(f"{kind:8s}{name:8s} R@1 {means[0]:.3f}  R@5 {means[1]:.3f}  MRR {means[2]:.3f}")


def _figures(scores: NDArray[np.float32], relevant: NDArray[np.int8]) -> tuple[float, float, float]:
    order = np.argsort(-scaled(np.asarray(scores, dtype=np.float32)), kind="stable")[:10]
    hits = np.flatnonzero(relevant[order])
    if not len(hits):
        return 0.0, 0.0, 0.0
    return float(hits[0] == 0), float(hits[0] < 5), 1.0 / (1 + float(hits[0]))


def _export(model) -> dict[str, object]:  # noqa: ANN001
    trees = [_flatten(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]]
    return {"features": list(FEATURES), "depth": DEPTH, "trees": trees}


def _flatten(root: dict[str, object]) -> dict[str, list[float]]:
    out: dict[str, list[float]] = {
        k: [] for k in ("feature", "threshold", "left", "right", "value")
    }

    def add(node: dict[str, object]) -> int:
        place = len(out["feature"])
        leaf = "leaf_value" in node
        out["feature"].append(0 if leaf else node["split_feature"])  # type: ignore[arg-type]
        out["threshold"].append(0.0 if leaf else float(f"{node['threshold']:.6g}"))
        out["value"].append(float(f"{node['leaf_value']:.5g}") if leaf else 0.0)
        out["left"].append(place)
        out["right"].append(place)
        if not leaf:
            out["left"][place] = add(node["left_child"])  # type: ignore[arg-type]
            out["right"][place] = add(node["right_child"])  # type: ignore[arg-type]
        return place

    add(root)
    return out


if __name__ == "__main__":
    main()
