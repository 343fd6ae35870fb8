"""The notebooks run from top to bottom on the seeds, and are committed with small outputs."""

from pathlib import Path

import pytest

nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")
pytest.importorskip("ipykernel", reason="ipykernel is not installed")
pytest.importorskip("matplotlib", reason="matplotlib is not installed")
pytest.importorskip("gensim", reason="gensim is not installed")

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SMALL = "40"
# How many pictures each draws.
DRAWINGS = {"01_tour": 0, "02_evaluation": 2, "03_targets": 1, "04_training": 1}


def test_all_are_there() -> None:
    assert [path.stem for path in NOTEBOOKS] == list(DRAWINGS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_small_whole_and_name_no_place_of_this_machine(path: Path) -> None:
    notebook = nbformat.read(path, 4)
    nbformat.validate(notebook)
    assert path.stat().st_size < 200_000
    for cell in notebook.cells:
        if cell.cell_type == "code":
            kinds = {output.output_type for output in cell.outputs}
            assert "error" not in kinds
            assert not any(output.get("name") == "stderr" for output in cell.outputs)
    assert str(Path.home()) + "/" not in path.read_text(encoding="utf-8")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_runs(path: Path, seeds_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIWEN_INDEX", str(seeds_folder))
    monkeypatch.setenv("GUIWEN_NOTEBOOK_EVERY", SMALL)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = nbformat.read(path, 4)
    place = {"metadata": {"path": str(path.parent)}}
    nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3", resources=place).execute()
    drawn = [
        output.data["image/svg+xml"]
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "display_data" or output.output_type == "execute_result"
        if "image/svg+xml" in output.data
    ]
    assert len(drawn) == DRAWINGS[path.stem]
    assert all("".join(svg).startswith("<svg") for svg in drawn)
