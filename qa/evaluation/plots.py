"""Plots of an evaluation as inline SVG, by matplotlib; text stays text, in the reader's fonts."""

import io
import re
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from index import InputError
from qa.evaluation.compare import Comparison
from qa.evaluation.results import ASK, Evaluation, risk_coverage
from qa.evaluation.statistics import Difference
from qa.metrics import CUTS

# Okabe and Ito's colours, told apart by eyes that see few of them; markers differ too.
_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9")
_MARKERS = ("o", "s", "^", "D", "v", "P")
# Stands for the colour of the page's text, so that plots follow light and dark.
_INK = "#010203"
_WIDTH = 7.0
_SLICES = 24


def drawn(name: str, height: float, draw: Callable[[Any], None]) -> str:
    """Draw on one pair of axes and return the SVG element; the same figures give the same text."""
    try:
        import matplotlib
    except ImportError as error:
        raise InputError(
            '画图需要 matplotlib。请安装：pip install "guiwen[report]"，或不用 --html。'
        ) from error
    from matplotlib.figure import Figure

    style = {
        "svg.fonttype": "none",
        "svg.hashsalt": name,
        "font.family": ["sans-serif"],
        "font.size": 10,
        "text.color": _INK,
        "axes.edgecolor": _INK,
        "axes.labelcolor": _INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.6,
        "axes.axisbelow": True,
        "xtick.color": _INK,
        "ytick.color": _INK,
        "grid.color": _INK,
        "grid.alpha": 0.12,
        "legend.frameon": False,
    }
    with matplotlib.rc_context(style):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        axes = figure.add_subplot()
        axes.grid(True)
        draw(axes)
        buffer = io.StringIO()
        with warnings.catch_warnings():
            # matplotlib's own font lacks Chinese; the browser draws the text with one that does not.
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    return _inline(buffer.getvalue())


def _inline(svg: str) -> str:
    """The element alone, as wide as its place, in the page's fonts and ink."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' id="[A-Za-z]+\d?[A-Za-z]*_\d+"', "", svg)
    svg = re.sub(r'(<svg [^>]*?)width="[^"]*" ?', r"\1", svg, count=1)
    svg = re.sub(r'(<svg [^>]*?)height="[^"]*" ?', r'\1role="img" ', svg, count=1)
    svg = re.sub(r"(font(?:-family)?: )([^;\"]*?)'?sans-serif'?", r"\1\2sans-serif", svg)
    return svg.replace(_INK, "currentColor").strip()


def recall_by_depth(evaluation: Evaluation) -> str:
    """Recall within the first k passages, a line for each system, with intervals."""

    def draw(axes: Any) -> None:  # noqa: ANN401
        for at, system in enumerate(evaluation.systems):
            found = [evaluation.interval(system, f"recall@{k}") for k in CUTS]
            known = [(k, i) for k, i in zip(CUTS, found, strict=True) if i is not None]
            # Side by side, so that intervals do not hide each other.
            places = [CUTS.index(k) + (at - len(evaluation.systems) / 2) * 0.05 for k, _ in known]
            axes.errorbar(
                places,
                [i.value for _, i in known],
                yerr=[[i.value - i.low for _, i in known], [i.high - i.value for _, i in known]],
                label=system,
                color=_COLOURS[at % len(_COLOURS)],
                marker=_MARKERS[at % len(_MARKERS)],
                markersize=5,
                linewidth=1.6,
                elinewidth=1,
            )
        axes.set_xticks(range(len(CUTS)), [str(k) for k in CUTS])
        axes.set_xlabel("前 k 个段落")
        axes.set_ylabel("召回率 recall@k")
        axes.set_ylim(None, 1.01)
        axes.legend(loc="lower right")

    return drawn("recall", 3.4, draw)


def by_slice(evaluation: Evaluation, metric: str = "recall@5") -> str:
    """One metric for each type and difficulty: all systems, the last with its interval."""
    slices = {
        name or "全部": rows
        for name, rows in evaluation.slices().items()
        if any(q.id in evaluation.ranked[evaluation.systems[0]] for q in rows)
    }
    names = list(slices)[:_SLICES]

    def draw(axes: Any) -> None:  # noqa: ANN401
        for at, system in enumerate(evaluation.systems):
            found = [evaluation.interval(system, metric, slices[name]) for name in names]
            colour = _COLOURS[at % len(_COLOURS)]
            # Equal figures stand one above the other, not one behind the other.
            shift = (at - (len(evaluation.systems) - 1) / 2) * 0.17
            rows = [row + shift for row in range(len(names))]
            if system == evaluation.systems[-1]:
                axes.hlines(
                    rows,
                    [i.low if i else 0 for i in found],
                    [i.high if i else 0 for i in found],
                    color=colour,
                    linewidth=4,
                    alpha=0.35,
                )
            axes.scatter(
                [i.value if i else 0 for i in found],
                rows,
                label=system,
                color=colour,
                marker=_MARKERS[at % len(_MARKERS)],
                s=20,
                zorder=3,
            )
        labels = [f"{name}（{len(_ranked(evaluation, slices[name]))}）" for name in names]
        axes.set_yticks(range(len(names)), labels)
        axes.margins(y=0.02)
        axes.invert_yaxis()
        axes.set_xlim(-0.02, 1.02)
        axes.set_xlabel(metric)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(evaluation.systems))

    return drawn("slices", 1.2 + 0.36 * len(names), draw)


def _ranked(evaluation: Evaluation, questions: Sequence[Any]) -> list[str]:
    own = evaluation.ranked[evaluation.systems[0]]
    return [q.id for q in questions if q.id in own]


def risk(evaluation: Evaluation) -> str:
    """How wrong the answers are when only the surest questions are answered."""
    points = risk_coverage(evaluation)

    def draw(axes: Any) -> None:  # noqa: ANN401
        axes.plot(
            [p.coverage for p in points], [p.risk for p in points], color=_COLOURS[0], linewidth=1.8
        )
        axes.plot([points[-1].coverage], [points[-1].risk], "o", clip_on=False, color=_COLOURS[4])
        last = points[-1]
        axes.set_title(
            f"现在：回答 {last.coverage:.0%}，错误 {last.risk:.1%}", loc="right", fontsize=10
        )
        axes.set_xlim(0, 1.02)
        axes.set_ylim(0, max(0.05, *(p.risk for p in points)) * 1.25)
        axes.set_xlabel("作答的比例（依据最充分的在先）")
        axes.set_ylabel("所答的平均错误")

    return drawn("risk", 3.0, draw) if points else ""


def gaps(found: Sequence[Difference], names: Callable[[str], str]) -> str:
    """Each tested difference with its interval, on the band that these questions cannot resolve."""

    def draw(axes: Any) -> None:  # noqa: ANN401
        for at, test in enumerate(found):
            sure = test.holm < 0.05
            if test.detectable is not None:
                axes.barh(at, 2 * test.detectable, 0.7, -test.detectable, color=_INK, alpha=0.09)
            axes.hlines(at, test.delta.low, test.delta.high, color=_COLOURS[0], linewidth=2)
            axes.plot(
                [test.delta.value],
                [at],
                "o",
                color=_COLOURS[0],
                markerfacecolor=_COLOURS[0] if sure else "none",
            )
        axes.axvline(0, color=_INK, linewidth=0.8)
        labels = [f"{t.first} − {t.second}  {names(t.metric)}" for t in found]
        axes.set_yticks(range(len(found)), labels)
        axes.invert_yaxis()
        axes.set_xlabel("差（实心：Holm 校正后 p < 0.05；灰带：这套问题测不出的差）")

    return drawn("gaps", 0.9 + 0.32 * len(found), draw) if found else ""


def changed(found: Comparison, metric: str, name: str) -> str:
    """The change of each question that changed, the worst first."""
    own = [change.after - change.before for change in found.changes if change.metric == metric]

    def draw(axes: Any) -> None:  # noqa: ANN401
        colours = [_COLOURS[4] if gap < 0 else _COLOURS[2] for gap in own]
        axes.bar(range(len(own)), own, 0.9, color=colours)
        axes.axhline(0, color=_INK, linewidth=0.8)
        axes.set_xlim(-1, max(len(own), 24))
        axes.set_xticks([])
        axes.set_xlabel(f"有变化的 {len(own)} 题")
        axes.set_ylabel(f"{name} 的变化")

    return drawn("changed", 2.4, draw) if own else ""


def main_system(evaluation: Evaluation) -> str:
    """The system that a report speaks of: the answers' passages, else the last."""
    return ASK if ASK in evaluation.ranked else evaluation.systems[-1]
