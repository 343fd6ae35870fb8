"""--fail-under: figures that an evaluation must reach, for continuous integration. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from index import GuiwenError, InputError
from qa.evaluation.results import ANSWERED, ASK, Evaluation
from qa.metrics import RANKED


class BelowError(GuiwenError):
    """A figure is below what was demanded."""

    exit_code = 7


@dataclass(frozen=True, slots=True)
class Demand:
    """``system`` is empty for a figure of the answers."""

    system: str
    metric: str
    least: float

    @property
    def name(self) -> str:
        """As it may be typed."""
        return f"{self.system}/{self.metric}" if self.system else self.metric


def parse(text: str, systems: Sequence[str]) -> Demand:
    """Read ``METRIC=VALUE`` or ``SYSTEM/METRIC=VALUE``; the system is ``ask`` unless given.

    Raises:
        InputError: unknown metric or system, or no share as the value.
    """
    name, sign, value = text.partition("=")
    system, slash, metric = name.strip().rpartition("/")
    if not sign:
        raise InputError(f"--fail-under 应写作 指标=数值，例如 recall@5=0.9，实际为“{text}”。")
    if metric not in RANKED and metric not in ANSWERED:
        known = "、".join((*RANKED, *ANSWERED))
        raise InputError(f"--fail-under 不认识指标“{metric}”。可用：{known}。")
    if metric in ANSWERED and slash:
        raise InputError(f"--fail-under：指标“{metric}”是回答的指标，前面不写系统名。")
    if metric in RANKED:
        system = system or (ASK if ASK in systems else systems[0])
        if system not in systems:
            raise InputError(f"--fail-under 不认识“{system}”。可用：{'、'.join(systems)}。")
    try:
        least = float(value.strip().removesuffix("%")) / (100 if value.strip().endswith("%") else 1)
    except ValueError:
        least = -1.0
    if not 0.0 <= least <= 1.0:
        raise InputError(f"--fail-under 的数值应在 0 到 1 之间（或百分数），实际为“{value}”。")
    return Demand(system, metric, least)


def check(evaluation: Evaluation, demands: Sequence[Demand]) -> None:
    """See that every demand is met.

    Raises:
        BelowError: names each figure that is below its demand, or could not be measured.
    """
    wrong = []
    everything = list(evaluation.questions)
    for demand in demands:
        figures = (
            evaluation.summary(demand.system, everything)
            if demand.system
            else evaluation.answers(everything)
        )
        value = figures[demand.metric]
        if value is None:
            wrong.append(f"{demand.name} 没有可计算的问题，应不低于 {demand.least:g}")
        elif value < demand.least:
            wrong.append(f"{demand.name} 为 {value:.4f}，应不低于 {demand.least:g}")
    if wrong:
        raise BelowError("评测未达到要求：" + "；".join(wrong) + "。")
