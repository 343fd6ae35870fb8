import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import index
import qa

ROOT = Path(__file__).parent.parent
HEAVY = [
    "torch", "faiss", "gradio", "jieba", "sentence_transformers", "bm25s", "rank_bm25", "model2vec",
    "opencc", "transformers", "ir_measures", "lightgbm", "scipy", "pypinyin", "platformdirs",
    "datasketch", "sklearn", "matplotlib", "jinja2", "pymilvus", "grpc", "ray",
    "pypdfium2", "docx", "openpyxl", "lxml", "trafilatura", "markdown_it", "rapidocr_onnxruntime",
    "PIL",
    "fastapi", "starlette", "pydantic", "uvicorn", "mcp", "prometheus_client", "limits", "anyio",
]  # fmt: skip
APP = ROOT / "app.py"


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively"
            yield node.lineno, node.module or ""


def _modules(package: str) -> list[Path]:
    found = sorted((ROOT / package).rglob("*.py"))
    assert found
    return found


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", _modules("index"), ids=_name)
def test_index_knows_no_upper_room(path: Path) -> None:
    for line, name in _imports(path):
        assert name.split(".")[0] not in {"qa", "web", "app", "gradio", "seeds"}, f"{path}:{line}"


@pytest.mark.parametrize("path", _modules("qa"), ids=_name)
def test_qa_comes_in_by_the_door_of_index_and_loads_no_engine_of_it(path: Path) -> None:
    for line, name in _imports(path):
        where = f"{path}:{line} imports {name}"
        assert not name.startswith("index."), where
        assert name.split(".")[0] not in {"gradio", "web", "faiss", "jieba", "torch"}, where
        if name == "app":
            assert _name(path) == "qa/cli.py", where


@pytest.mark.parametrize("path", [APP, *_modules("web")], ids=_name)
def test_the_front_end_imports_qa_and_gradio_only(path: Path) -> None:
    allowed = {"qa", "gradio", "web"} | sys.stdlib_module_names
    for line, name in _imports(path):
        assert name.split(".")[0] in allowed, f"{path}:{line} imports {name}"


@pytest.mark.parametrize("package", ["index", "qa", "qa.cli"])
def test_importing_a_package_loads_nothing_heavy(package: str) -> None:
    code = f"import sys, {package}; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""


@pytest.mark.parametrize("module", [index, qa])
def test_the_door_lists_all_that_it_shows_in_order(module: object) -> None:
    listed: list[str] = module.__all__  # type: ignore[attr-defined]
    assert len(set(listed)) == len(listed)
    # ruff's order: CONSTANTS, Classes, functions.
    assert listed == sorted(listed, key=lambda n: (not n.isupper(), not n[0].isupper(), n))
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    # What type checkers are told is what is loaded when it is asked for.
    (told,) = (node for node in tree.body if isinstance(node, ast.If))
    shown = {
        alias.asname or alias.name: (node.module, alias.name)
        for node in told.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert shown.keys() == set(listed)
    for name, (home, called) in shown.items():
        assert getattr(module, name) is getattr(import_module(str(home)), called)
    assert all(hasattr(module, name) for name in listed)


def test_the_door_shows_functions_also_after_the_modules_of_their_names_are_loaded() -> None:
    for name in ("audit", "build", "normalise", "terms", "update"):
        assert import_module(f"index.{name}") is sys.modules[f"index.{name}"]
        assert callable(getattr(index, name))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        index.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_a_help_text_loads_neither_arrays_nor_readers() -> None:
    code = "import sys, qa.cli; qa.cli._parser(); print({'numpy', 'index.read'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "set()"


def test_the_modules_of_index_form_no_cycle() -> None:
    graph: dict[str, set[str]] = {}
    for path in _modules("index"):
        module = _name(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        needs = graph.setdefault(module, set())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                needs |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    done: set[str] = set()
    while len(done) < len(graph):
        # A module of a package may name its siblings by way of the package.
        free = {
            name
            for name, needs in graph.items()
            if name not in done
            and all(n in done or name.startswith(n) for n in needs & graph.keys())
        }
        assert free, f"a cycle among {sorted(graph.keys() - done)}"
        done |= free
