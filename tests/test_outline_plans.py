"""Golden outlines of real documents, which are not in the repository: see golden/plans/README.md."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import outlines

PLANS = os.environ.get("GUIWEN_PLANS", "")
NAMES = sorted(outlines.sources())


def test_the_golden_lists_are_in_order_and_of_known_kinds() -> None:
    assert len(NAMES) >= 12
    halves = [outlines.sources()[name]["half"] for name in NAMES]
    assert min(halves.count("development"), halves.count("held-out")) >= 6
    for name in NAMES:
        offsets = [heading.offset for heading in outlines.golden(name)]
        assert offsets == sorted(set(offsets))


@pytest.mark.skipif(not PLANS, reason="GUIWEN_PLANS names no folder with the documents")
@pytest.mark.parametrize("name", NAMES)
def test_headings_of_a_real_document(name: str) -> None:
    source = outlines.sources()[name]
    text = outlines.read(Path(PLANS), name)
    found = outlines.score(text, outlines.golden(name), source["stretch"])
    assert found.recall >= 0.9, found.missing
    assert found.precision >= 0.9, found.extra
    assert found.depth >= 0.9 * found.found, found.misplaced
