"""What the examples of the pages find when they run: the variables of every provider, and README's built client."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from issuant import mocks
from issuant.mocks.loopback import serve
from issuant.providers import find_provider, provider_names

from tests.docs.pages import README, ROOT
from tests.docs.running import run

BUILD = re.compile(r"^    \.venv/bin/python (scripts/specs\.py build .*)$", re.MULTILINE)


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
    """The folder in which README's command builds its package."""
    folder = tmp_path_factory.mktemp("built")
    (line,) = BUILD.findall(README.read_text("utf-8"))
    script, *words = shlex.split(line)
    words = [str(ROOT / word) if (ROOT / word).is_file() else word for word in words]
    done = run([sys.executable, str(ROOT / script), *words], dict(os.environ), folder)
    assert done.returncode == 0, done.stderr
    return folder / "clients"
