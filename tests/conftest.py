"""Fixtures: one index of the seeds, built once; small documents; golden files behind a flag."""

import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import settings

from index import BuildReport, Document, Index, build, static
from qa import Engine, library

# Nothing is stored between runs and the same examples are tried every time.
settings.register_profile("guiwen", deadline=None, derandomize=True, database=None)
settings.load_profile("guiwen")

LICHENG = "000_29c0b1cf7bd9b281.txt"
LINYI = "001_e2e8f9ee6a7932bc.txt"
JINAN = "002_42cd662d68b88e93.txt"
SHANDONG = "003_d7dcaaf4876adf17.txt"
QINGDAO = "004_c9e7e69d06b0c481.txt"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regenerate", action="store_true", help="write tests/golden/ anew")


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the caches, the environment or the network of the user."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("TOKENIZERS_PARALLELISM", "false")
        patch.delenv("GUIWEN_INDEX", raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def weights_once() -> Iterator[None]:
    """Read the weights of each model folder once, not at every opening of an index."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(static, "_read", cache(static._read))
        yield


@pytest.fixture(scope="session")
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with tests/golden/NAME, or write it there under --regenerate."""

    def compare(name: str, found: str) -> None:
        path = Path(__file__).parent / "golden" / name
        if request.config.getoption("--regenerate"):
            path.write_text(found, encoding="utf-8", newline="\n")
        assert found == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(scope="session")
def seeds_report(tmp_path_factory: pytest.TempPathFactory) -> BuildReport:
    return build([library.SEEDS], tmp_path_factory.mktemp("seeds") / "index")


@pytest.fixture(scope="session")
def seeds_folder(seeds_report: BuildReport) -> Path:
    """The index of the seeds; not to be written to, see ``copied_index``."""
    return seeds_report.folder


@pytest.fixture(scope="session")
def engine(seeds_folder: Path) -> Engine:
    return Engine.open(seeds_folder)


@pytest.fixture(scope="session")
def seeds_index(engine: Engine) -> Index:
    return engine.index


@pytest.fixture(scope="session")
def serving() -> Callable[..., Any]:
    """Serve an application on a free port of this machine: ``with serving(app) as address``."""
    import uvicorn

    @contextmanager
    def serve(app: Any) -> Iterator[str]:
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
            thread = Thread(target=server.run, kwargs={"sockets": [bound]})
            thread.start()
            while not server.started:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
            server.should_exit = True
            thread.join(30)

    return serve


@pytest.fixture
def calls(engine: Engine) -> Iterator[Callable[..., Any]]:
    """Start an application within the process: ``calls(keys=…, libraries=…, rate=…)``.

    Returns a client of it; the seeds are its only library unless others are given as folders.
    """
    from fastapi.testclient import TestClient

    from qa import Living
    from qa.server.app import create_app
    from qa.server.keys import read_keys
    from qa.server.libraries import Library
    from qa.server.settings import Settings

    with ExitStack() as stack:

        def start(
            keys: str = "", libraries: dict[str, Path] | None = None, **settings: Any
        ) -> TestClient:
            held = {
                name: Library(name, Living(Engine.open(folder)), folder)
                for name, folder in (libraries or {}).items()
            } or {"seeds": Library("seeds", Living(engine))}
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("GUIWEN_KEYS", keys)
                read = read_keys(None, held)
            app = create_app(held, read, Settings(**{"threads": 2, **settings}))
            return stack.enter_context(TestClient(app, base_url="http://localhost"))

        yield start


@pytest.fixture
def copied_index(seeds_folder: Path, tmp_path: Path) -> Path:
    """A copy of the index of the seeds that a test may damage."""
    return Path(shutil.copytree(seeds_folder, tmp_path / "copy"))


@pytest.fixture
def source(tmp_path: Path) -> Callable[..., Path]:
    """Make a folder of text files: ``source({"a.txt": "…"}, "name")``."""

    def make(files: dict[str, str | bytes], name: str = "sources") -> Path:
        folder = tmp_path / name
        for file, content in files.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return make


@pytest.fixture
def document() -> Callable[..., Document]:
    """Make a document of a text."""

    def make(text: str, **fields: object) -> Document:
        given = {"id": "a.txt", "title": "甲市规划", "sha256": "0" * 64, **fields}
        return Document(text=text, **given)  # type: ignore[arg-type]

    return make
