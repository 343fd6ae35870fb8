"""Ways to search and answer that an evaluation may compare."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index import InputError
from qa.engine import Engine
from qa.evaluate import SYSTEMS, Systems, evaluating
from qa.evaluation.results import Evaluation
from qa.models import Filters
from qa.questionnaire import Labelled
from qa.retrieve import LEGS

# Weights to choose from, by name; of the first the engine's own.
PRESETS: Mapping[str, Mapping[str, float]] = {
    "三路合并（现用权重）": {},
    "只用词语匹配（BM25）": {"bm25": 1.0},
    "只用语义相近（向量）": {"dense": 1.0},
    "只用逐词语义": {"late": 1.0},
    "词语匹配加向量": {"bm25": 0.5, "dense": 0.5},
}
# Of the configuration compared with, its own ranking is enough.
_OWN: Systems = {"hybrid": None}


@dataclass(frozen=True, slots=True)
class Configuration:
    """How questions are searched and answered; the defaults are the engine's own way.

    ``weights`` of the legs, empty for the engine's; ``candidates`` of each leg, 0 for the engine's.
    ``rerank`` applies the learned scorer, ``expand`` the thesaurus, ``lift`` searches all regions
    whatever the question names.
    """

    weights: Mapping[str, float]
    candidates: int = 0
    rerank: bool = True
    expand: bool = True
    lift: bool = False

    def __post_init__(self) -> None:
        unknown = sorted(set(self.weights) - set(LEGS))
        if unknown:
            raise InputError(f"没有“{'、'.join(unknown)}”这一路。可用：{'、'.join(LEGS)}。")
        if any(not 0.0 <= weight <= 1.0 for weight in self.weights.values()):
            raise InputError("各路权重应在 0 到 1 之间。")
        if self.weights and not any(self.weights.values()):
            raise InputError("三路的权重都是 0，什么也检索不到。请至少留一路。")
        if self.candidates and not 10 <= self.candidates <= 1000:
            raise InputError(f"候选段落数应在 10 到 1000 之间，实际为 {self.candidates}。")

    def engine(self, engine: Engine) -> Engine:
        """Return ``engine`` with these options."""
        own = engine.options
        options = replace(
            own,
            weights={leg: w for leg, w in self.weights.items() if w} or own.weights,
            candidates=self.candidates or own.candidates,
            rerank=self.rerank and own.rerank,
            expansion=own.expansion if self.expand else 0.0,
        )
        return engine if options == own else replace(engine, options=options)


@dataclass(frozen=True, slots=True)
class Evaluating:
    """An evaluation under way: questions ``done`` of ``total``; at last one for each way."""

    done: int
    total: int
    found: tuple[Evaluation, ...] = ()


def evaluating_all(
    engine: Engine, questions: Sequence[Labelled], ways: Sequence[Configuration]
) -> Iterator[Evaluating]:
    """Evaluate ``questions`` in each of ``ways``; whoever stops listening ends the work.

    Raises:
        InputError: labels that do not fit the index.
    """
    total = len(questions) * len(ways)
    done = 0
    found: list[Evaluation] = []
    for at, way in enumerate(ways):
        filters = Filters(lift_regions=way.lift)
        systems = _OWN if at else SYSTEMS
        for step in evaluating(way.engine(engine), questions, filters, systems):
            if step is None:
                yield Evaluating(done, total)
                done += 1
            else:
                found.append(step)
    yield Evaluating(total, total, tuple(found))
