"""What deploy/ holds, tried without a container engine: its commands are run, its files are read."""

import importlib.util
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from qa import cli
from tests import milvus_servers

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
HOME = "/var/lib/guiwen"

slow = pytest.mark.skipif(
    not os.environ.get("GUIWEN_SLOW"), reason="takes half a minute: GUIWEN_SLOW=1 runs it"
)
needs_serve = pytest.mark.skipif(
    importlib.util.find_spec("qa.serving") is None or not importlib.util.find_spec("fastapi"),
    reason="needs guiwen[serve]",
)


def _instructions(text: str) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile, with what follows each."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    found = [line.partition(" ") for line in joined.splitlines()]
    return [(name.upper(), rest.strip()) for name, _, rest in found]


INSTRUCTIONS = _instructions((DEPLOY / "Dockerfile").read_text(encoding="utf-8"))


def _all(name: str) -> list[str]:
    return [rest for found, rest in INSTRUCTIONS if found == name]


def test_only_instructions_that_there_are() -> None:
    assert {name for name, _ in INSTRUCTIONS} <= {
        "FROM", "ENV", "RUN", "ARG", "WORKDIR", "COPY", "USER", "EXPOSE", "STOPSIGNAL",
        "HEALTHCHECK", "ENTRYPOINT", "CMD",
    }  # fmt: skip
    assert INSTRUCTIONS[0][0] == "FROM"
    # Whoever runs in it is nobody else's root.
    assert INSTRUCTIONS.index(("USER", "guiwen")) < INSTRUCTIONS.index(("ENTRYPOINT", '["guiwen"]'))


def test_all_that_is_shipped_is_copied_and_not_ignored() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = {package.split(".")[0] for package in project["tool"]["setuptools"]["packages"]}
    shipped |= {f"{name}.py" for name in project["tool"]["setuptools"]["py-modules"]}
    shipped |= {"pyproject.toml", project["project"]["readme"]}
    shipped |= set(project["project"]["license-files"])
    copied = {
        source
        for rest in _all("COPY")
        if not rest.startswith("--from")
        for source in rest.split()[:-1]
    }
    assert copied == shipped
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignore
    assert {line[1:] for line in ignore if line.startswith("!")} == copied


def test_the_extras_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (extras,) = [rest.partition("=")[2] for rest in _all("ARG") if rest.startswith("EXTRAS=")]
    known = set(project["project"]["optional-dependencies"])
    assert set(extras.split(",")) - {"serve"} <= known
    assert importlib.util.find_spec("qa.serving") is None or "serve" in known


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the RUN lines of the image make, in a folder that stands for its file system.

    The environment sees the packages that are installed here, so that pip finds all requirements
    met and installs ours alone; nothing is downloaded.
    """
    if not importlib.util.find_spec("setuptools") or not importlib.util.find_spec("torch"):
        pytest.skip("needs setuptools and torch to install offline")
    system = tmp_path_factory.mktemp("image")
    source = system / "src"
    source.mkdir()
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    for rest in _all("COPY"):
        for name in [] if rest.startswith("--from") else rest.split()[:-1]:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, source / name, ignore=ignored)
            else:
                shutil.copy(ROOT / name, source / name)
    for line in _all("RUN"):
        _run_line(line, system)
    return system


def _run_line(line: str, system: Path) -> None:
    if line.startswith(("apt-get", "useradd")):
        return  # see test_the_system_of_the_image
    line = line.replace("/opt/guiwen", f"{system}/opt/guiwen")
    extras = "milvus,ray,llm" if importlib.util.find_spec("pymilvus") else "llm"
    done = subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=system / "src",
        env=_environment(system) | {"EXTRAS": extras, "TORCH_INDEX": "file:///nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{line}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    made = list(system.glob("opt/guiwen/lib/python*/site-packages"))
    if line.startswith("python -m venv"):
        for old in made[0].glob("setuptools*"):
            shutil.rmtree(old)  # an environment's own is too old to build with
        (made[0] / "here.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")


def _environment(system: Path) -> dict[str, str]:
    home = system / "home"
    home.mkdir(exist_ok=True)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "GUIWEN", "PIP"))}
    path = f"{system}/opt/guiwen/bin:{Path(sys.executable).parent}:{os.environ['PATH']}"
    return kept | {
        "PATH": path, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"),
        "HF_HUB_OFFLINE": "1", "PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }  # fmt: skip


@slow
def test_the_lines_of_the_image_install_what_answers(installed: Path) -> None:
    # The last RUN line asked a question; here is what it said, and whose code it was.
    (line,) = [rest for rest in _all("RUN") if rest.startswith("guiwen ask")]
    done = subprocess.run(
        shlex.split(line),
        cwd=installed / "home",
        env=_environment(installed),
        capture_output=True,
        text=True,
        check=False,
        executable=str(installed / "opt" / "guiwen" / "bin" / "guiwen"),
    )
    assert done.returncode == 0, done.stderr
    assert "78.5%" in json.loads(done.stdout)["answer"]
    assert (installed / "home" / "cache" / "guiwen" / "seeds-index" / "CURRENT").is_file()
    (package,) = installed.glob("opt/guiwen/lib/python*/site-packages/qa/cli.py")
    assert package.read_bytes() == (ROOT / "qa" / "cli.py").read_bytes()


@pytest.mark.skipif(not shutil.which("apt-get"), reason="needs apt-get")
def test_the_system_of_the_image(tmp_path: Path) -> None:
    (packages,) = [rest for rest in _all("RUN") if rest.startswith("apt-get")]
    names = re.search(r"--no-install-recommends ([a-z0-9.+ -]+?) &&", packages)
    assert names
    found = subprocess.run(
        ["apt-get", "install", "--simulate", "--no-install-recommends", *names[1].split()],
        capture_output=True,
        text=True,
        check=False,
    )
    if "Unable to locate" in found.stderr:
        pytest.skip("apt has no lists of packages here")
    assert found.returncode == 0, found.stderr
    (user,) = [rest for rest in _all("RUN") if rest.startswith("useradd")]
    (tmp_path / "etc").mkdir()
    for name in ("passwd", "group", "shadow", "gshadow"):
        (tmp_path / "etc" / name).touch()
    (tmp_path / "var" / "lib").mkdir(parents=True)
    if os.getuid() != 0 or not shutil.which("useradd"):
        pytest.skip("only root adds users")
    subprocess.run(
        shlex.split(user.replace("useradd", f"useradd --prefix {tmp_path}", 1)), check=True
    )
    assert "guiwen:x:10001:" in (tmp_path / "etc" / "passwd").read_text()
    assert (tmp_path / "var" / "lib" / "guiwen").is_dir()


@pytest.fixture
def port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _served(command: list[str], port: int, health: list[str], **named: Any) -> None:
    """Run ``command`` until its health check passes, then stop it as a container is stopped."""
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, **named)
    try:
        ends = time.monotonic() + 120
        while subprocess.run(health, capture_output=True, check=False).returncode:
            assert process.poll() is None, process.stderr and process.stderr.read()
            assert time.monotonic() < ends
            time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0
    finally:
        process.kill()
        process.communicate()


@slow
@needs_serve
def test_the_command_of_the_image_serves_and_is_healthy(installed: Path, port: int) -> None:
    (entry,), (command,), (check,) = map(_all, ("ENTRYPOINT", "CMD", "HEALTHCHECK"))
    words = [*json.loads(entry), *json.loads(command)]
    words = [str(port) if word == "8000" else word for word in words]
    health = [word.replace(":8000", f":{port}") for word in json.loads(check.partition("CMD ")[2])]
    environment = _environment(installed) | {"GUIWEN_KEYS": "a-key-of-sixteen-or-more"}
    binary = str(installed / "opt" / "guiwen" / "bin" / "guiwen")
    health[0] = str(installed / "opt" / "guiwen" / "bin" / "python")
    _served([binary, *words[1:]], port, health, env=environment, cwd=installed / "home")


def _compose(name: str) -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))
    return loaded


COMPOSED = ["compose.yaml", "compose.milvus.yaml"]


@pytest.mark.parametrize("name", COMPOSED)
def test_compose_names_only_what_it_defines(name: str) -> None:
    compose = _compose(name)
    services = compose["services"]
    volumes = {v.split(":")[0] for s in services.values() for v in s.get("volumes", [])}
    assert {v for v in volumes if not v.startswith(".")} == set(compose["volumes"])
    assert all(set(s.get("depends_on", {})) <= set(services) for s in services.values())
    for service in services.values():
        for other, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            # The image of the app brings its own check.
            assert "healthcheck" in services[other]
    # Nothing is open to others than this machine.
    ports = [port for s in services.values() for port in s.get("ports", [])]
    assert ports == ["127.0.0.1:8000:8000"]
    context = DEPLOY / services["app"]["build"]["context"]
    assert (context / services["app"]["build"]["dockerfile"]).is_file()


def _indexing(name: str) -> list[str]:
    command = _compose(name)["services"]["index"]["command"]
    assert command[0] == "index"
    return [str(word) for word in command]


def test_the_index_of_compose_is_made(tmp_path: Path) -> None:
    words = [
        word.replace(HOME, str(tmp_path)).replace("/plans", str(ROOT / "seeds"))
        for word in _indexing("compose.yaml")
    ]
    assert cli.main(words) == 0
    assert (tmp_path / "index" / "CURRENT").is_file()


@slow
@pytest.mark.skipif(
    not importlib.util.find_spec("pymilvus") or not importlib.util.find_spec("ray"),
    reason="needs guiwen[milvus,ray]",
)
def test_the_index_of_compose_is_made_in_milvus(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if reason := milvus_servers.missing("lite2"):
        pytest.skip(reason)
    with milvus_servers.running("lite2", tmp_path / "data") as server:
        words = _indexing("compose.milvus.yaml")
        words = [str(ROOT / "seeds") if word == "/plans" else word for word in words]
        words = [word.replace("milvus://milvus:19530", server.address) for word in words]
        done = subprocess.run(
            [sys.executable, "-m", "qa.cli", *words],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        served = [str(w) for w in _compose("compose.milvus.yaml")["services"]["app"]["command"]]
        where = served[served.index("--index") + 1].replace("milvus://milvus:19530", server.address)
        assert cli.main(["ask", "济南2025年城镇化率目标", "--index", where]) == 0
        assert "78.5%" in capsys.readouterr().out


@needs_serve
@pytest.mark.parametrize("name", COMPOSED)
def test_the_server_of_compose_is_a_command(name: str) -> None:
    words = [str(word) for word in _compose(name)["services"]["app"]["command"]]
    parsed = cli._parser().parse_args(words)
    assert (parsed.host, parsed.port) == ("0.0.0.0", 8000)
    indexed = _indexing(name)
    assert words[words.index("--index") + 1] == indexed[indexed.index("-o") + 1].partition("?")[0]


UNIT = DEPLOY / "guiwen.service"


def _unit() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit with a program that is there."""
    text = UNIT.read_text(encoding="utf-8")
    path = tmp_path / UNIT.name
    path.write_text(text.replace("/opt/guiwen/bin/guiwen", sys.executable), encoding="utf-8")
    return path


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_the_unit_is_one_that_systemd_knows(unit: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if UNIT.name in line]
    assert (done.returncode, complaints) == (0, [])


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_the_unit_is_closed_to_all_that_it_does_not_need(unit: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    level = re.search(r"exposure level for guiwen.service: ([0-9.]+)", done.stdout)
    if not level:
        pytest.skip("this systemd does not judge units that are not installed")
    assert float(level[1]) <= 2.0


@needs_serve
def test_the_unit_starts_a_command() -> None:
    (start,) = _unit()["ExecStart"]
    words = shlex.split(start.replace("${CREDENTIALS_DIRECTORY}", "/run/credentials"))
    assert words[0] == "/opt/guiwen/bin/guiwen"
    parsed = cli._parser().parse_args(words[1:])
    assert parsed.host == "127.0.0.1"
    assert parsed.grace < int(_unit()["TimeoutStopSec"][0])
