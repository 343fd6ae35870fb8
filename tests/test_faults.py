import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qa import library

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "faults.py"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_no_fault_loses_or_tears_an_index(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    small = [path for path in sorted(library.SEEDS.glob("*.txt")) if path.stat().st_size < 50_000]
    for path in small:
        shutil.copy(path, sources)
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(sources), "--points", "12", "--seed", "3", "--json"],
        capture_output=True,
        text=True,
        cwd=library.SEEDS.parent,
        env={**os.environ, "PYTHONPATH": str(library.SEEDS.parent)},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["faults"] == []
    found = told["found"]
    assert found["killed at a random operation"] + found["killed at a random moment"] == 12
    assert found["killed at a random operation"] >= 6
    # Each operation was killed, and most before they came into use: the old index was left.
    states = {key: count for key, count in found.items() if key.endswith((": old", ": none"))}
    assert sum(states.values()) >= 6
    assert found["run again after the kill, same bytes"] == 12
    assert found["no file may grow on, and told so"] >= 3
    assert found["read-only folder"] == 3
    assert found["read-only folder, opened"] == 1
    assert found["second writer"] == found["first writer goes on"] == 6
    assert found["openings beside a writer"] >= 3
    assert sum(count for key, count in found.items() if key.startswith("flipped")) >= 18
