"""Every example in the README runs against the mocks exactly as it stands, and type-checks strictly."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from issuant import mocks
from issuant.mocks.loopback import serve
from issuant.providers import find_provider, provider_names

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent

PROGRAMS = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
COMMANDS = re.findall(r"^    ((?:\.venv/bin/)?issuant .*)$", README, re.MULTILINE)
BUILDS = re.findall(r"^    \.venv/bin/python (scripts/specs\.py build .*)$", README, re.MULTILINE)

VALUES = re.compile(r"_TEST_|BEGIN (RSA )?PRIVATE KEY")


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables of every provider, pointed at fresh mocks."""
    keys = tmp_path / "mock-keys"
    keys.mkdir()
    read = {name for provider in provider_names() for name in find_provider(provider).variables}
    inherited = {name: value for name, value in os.environ.items() if name not in read}
    with ExitStack() as stack:
        for name in mocks.names():
            simulator = mocks.simulator(name)
            inherited |= simulator.env(stack.enter_context(serve(simulator)).base_url, keys)
        yield inherited


@pytest.fixture(scope="session")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the README's command builds its package."""
    folder = tmp_path_factory.mktemp("built")
    script, *words = shlex.split(BUILDS[0])
    words = [str(ROOT / word) if (ROOT / word).is_file() else word for word in words]
    done = _run([sys.executable, str(ROOT / script), *words], dict(os.environ), folder)
    assert done.returncode == 0, done.stderr
    return folder / "clients"


def _run(command: list[str], environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_the_readme_has_the_examples_this_file_looks_for() -> None:
    """A change of its markup does not leave the tests below with nothing to do."""
    assert len(PROGRAMS) == 6
    assert len(COMMANDS) == 2
    assert len(BUILDS) == 1
    assert "create_api_user.asyncio_detailed" in PROGRAMS[-2]
    assert "from galileo_client import" in PROGRAMS[-1]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: re.sub(r"\W+", "-", program[:40]))
def test_a_python_example_runs_as_it_stands_and_prints_no_value(
    program: str, environment: dict[str, str], tmp_path: Path, clients: Path
) -> None:
    """It ends well, and neither stream shows a value."""
    file = tmp_path / "example.py"
    file.write_text(program, encoding="utf-8")
    done = _run([sys.executable, "-W", "error", str(file)], {**environment, "PYTHONPATH": str(clients)}, tmp_path)
    assert done.returncode == 0, done.stderr
    for said in re.findall(r"^ *print\(.*  # (.*)$", program if program is PROGRAMS[-1] else "", re.MULTILINE):
        assert said in done.stdout
    assert not VALUES.search(done.stdout + done.stderr)


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_example_runs_as_it_stands(line: str, environment: dict[str, str], tmp_path: Path) -> None:
    """It ends well; a value is printed only where --show asks for it."""
    words = [str(BIN / "issuant") if word.endswith("issuant") else word for word in shlex.split(line)]
    done = _run(words, environment, tmp_path)
    assert done.returncode == 0, done.stderr
    assert bool(VALUES.search(done.stdout)) is ("--show" in words)


def test_the_examples_type_check_strictly(tmp_path: Path, clients: Path) -> None:
    """mypy --strict has nothing to say about any of them."""
    files = []
    for number, program in enumerate(PROGRAMS):
        files.append(tmp_path / f"example_{number}.py")
        files[-1].write_text(program, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull, *map(str, files)]
    done = _run(command, {**os.environ, "MYPYPATH": str(clients)}, tmp_path)
    assert done.returncode == 0, done.stdout
