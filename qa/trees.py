"""Regression trees, all evaluated at once with numpy. Pure.

After QuickScorer (Lucchese et al., 2015): a test that fails rules the leaves on its left out, and of
the leaves that no failed test rules out the leftmost is the one. Which tests of a feature fail
follows from the feature's place among their thresholds, so what they rule out is made ready for
every place: one look-up a feature instead of a walk down each tree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.fuse import Scores

_LEAVES = 16
_Masks = NDArray[np.uint16]
_Raw = Mapping[str, Sequence[float]]


def _lowest() -> NDArray[np.uint8]:
    """The place of the lowest bit set in each number of 16 bits."""
    found = np.zeros(1 << _LEAVES, dtype=np.uint8)
    for place in reversed(range(_LEAVES)):
        found[1 << place :: 2 << place] = place
    return found


_LOWEST = _lowest()


@dataclass(frozen=True)
class Trees:
    """``thresholds`` and ``left`` by feature; ``value`` is ``(trees, leaves)``.

    ``thresholds[f]`` holds those of all tests of feature ``f``, ascending; ``left[f]``, of shape
    ``(tests + 1, trees)``, the leaves of each tree, a bit each, that are left when so many of the
    tests, from the first, have failed.
    """

    thresholds: Mapping[int, NDArray[np.float32]]
    left: Mapping[int, _Masks]
    value: Scores

    def scores(self, matrix: NDArray[np.float32]) -> Scores:
        """Return the summed leaf values of each row of ``(passages, features)``."""
        count = len(self.value)
        open_ = np.full((len(matrix), count), (1 << _LEAVES) - 1, dtype=np.uint16)
        for feature, thresholds in self.thresholds.items():
            failed = thresholds.searchsorted(matrix[:, feature])
            np.bitwise_and(open_, self.left[feature].take(failed, axis=0), out=open_)
        leaves = _LOWEST.take(open_) + (np.arange(count) * _LEAVES)
        total: Scores = self.value.ravel().take(leaves).sum(axis=1, dtype=np.float32)
        return total


def load(trees: Sequence[_Raw]) -> Trees:
    """Make the trees of lists of nodes, a leaf being left and right of itself.

    Raises:
        ValueError: a tree of more than 16 leaves.
    """
    value = np.zeros((len(trees), _LEAVES), dtype=np.float32)
    tests: dict[int, list[tuple[float, int, int]]] = {}
    for number, raw in enumerate(trees):
        leaves = _leaves(raw, 0)
        if len(leaves) > _LEAVES:
            raise ValueError(f"expected trees of at most {_LEAVES} leaves, got {len(leaves)}")
        value[number, : len(leaves)] = [raw["value"][leaf] for leaf in leaves]
        for node, left in enumerate(raw["left"]):
            if left != node:
                ruled_out = sum(1 << leaves.index(leaf) for leaf in _leaves(raw, int(left)))
                test = (float(raw["threshold"][node]), number, ruled_out)
                tests.setdefault(int(raw["feature"][node]), []).append(test)
    masks: dict[int, _Masks] = {}
    thresholds: dict[int, NDArray[np.float32]] = {}
    for feature, own in sorted(tests.items()):
        own.sort()
        thresholds[feature] = np.array([test[0] for test in own], dtype=np.float32)
        left_open = np.full((len(own) + 1, len(trees)), (1 << _LEAVES) - 1, dtype=np.uint16)
        for place, (_, number, ruled_out) in enumerate(own, 1):
            left_open[place:, number] &= np.uint16(~ruled_out & 0xFFFF)
        masks[feature] = left_open
    return Trees(thresholds, masks, value)


def _leaves(raw: _Raw, node: int) -> list[int]:
    """The leaves below ``node``, from left to right."""
    left, right = int(raw["left"][node]), int(raw["right"][node])
    return [node] if left == node else _leaves(raw, left) + _leaves(raw, right)
