"""Real plans set by LibreOffice as PDF and as Word: outline and passages equal those of the text."""

import os
from pathlib import Path

import pytest

from benchmarks.office import SOFFICE, make, scan
from benchmarks.readers import LOOKS, SCANNED, compare, prepare, spared

PLANS = os.environ.get("GUIWEN_PLANS", "")
SETTINGS = {
    "sizes": "city_15th_fyp/北京市_第十五个五年规划纲要.txt",
    "one size": "national_plans/第十五个五年规划纲要_2026_clean.txt",
    "two columns": "city_15th_fyp/深圳市_第十五个五年规划纲要.txt",
    "no indent": "city_2026_work_reports/2026-guangzhou.txt",
    "small": "city_15th_fyp/合肥市_十五五规划建议.txt",
    "sans": "provincial_2026/广东省_2026_政府工作报告.txt",
    "unruled": "city_15th_fyp/广州市_第十五个五年规划纲要.txt",
    "sideways": "provincial_2026/四川省_2026_政府工作报告.txt",
}


def test_every_look_is_set() -> None:
    assert list(SETTINGS) == list(LOOKS)


@pytest.mark.skipif(not PLANS, reason="GUIWEN_PLANS names no folder with the documents")
@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice")
@pytest.mark.parametrize("look", SETTINGS)
def test_a_plan_reads_the_same_however_it_is_set(look: str, tmp_path: Path) -> None:
    made = prepare(Path(PLANS) / SETTINGS[look], 150)
    files = make(made.blocks, LOOKS[look], tmp_path, "plan")
    for kind, file in files.items():
        found = compare(made, file)
        assert found["outline"] == found["passages"] == found["paragraphs"] == 1, (kind, found)
        assert found["table"] == found["notes"] == 1, (kind, found)
        assert found["figures"] >= 0.98 <= found["rows"], (kind, found)
        assert found["false"] == 0, (kind, found)
    scanned = scan(files["pdf"], SCANNED, tmp_path / "scanned.pdf")
    assert spared(files["pdf"], scanned) == 1
