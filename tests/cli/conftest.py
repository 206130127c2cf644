"""The command run in this process, against simulators on loopback, with their variables set."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from issuant import mocks
from issuant.cli.root import run
from issuant.mocks import Simulator
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.galileo import GalileoSimulator
from issuant.mocks.loopback import serve
from issuant.mocks.messages import Request
from issuant.providers import find_provider, provider_names

VARIABLES = frozenset(name for provider in provider_names() for name in find_provider(provider).variables)
OURS = frozenset({"ISSUANT_STATE", "ISSUANT_JOURNAL_KEY"})
PROXIES = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"})


@dataclass(frozen=True, kw_only=True)
class Vendors:
    """The simulators that the command reaches, by name, and the requests that reached them."""

    simulators: dict[str, Simulator]
    fireworks: FireworksSimulator
    fireblocks: FireblocksSimulator
    galileo: GalileoSimulator
    requests: list[Request] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a run of the command ended."""

    code: int
    out: str
    err: str


Issuant = Callable[..., Ended]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the credentials, the folder, the home and the state folder of whoever runs the tests out of them."""
    monkeypatch.chdir(tmp_path)
    for name in VARIABLES | OURS | PROXIES | {name.lower() for name in PROXIES}:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def vendors(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Vendors]:
    simulators = {name: mocks.simulator(name) for name in mocks.names()}
    fireworks, fireblocks, galileo = (simulators[name] for name in ("fireworks", "fireblocks", "galileo"))
    assert isinstance(fireworks, FireworksSimulator)
    assert isinstance(fireblocks, FireblocksSimulator)
    assert isinstance(galileo, GalileoSimulator)
    found = Vendors(simulators=simulators, fireworks=fireworks, fireblocks=fireblocks, galileo=galileo)

    def note(request: Request) -> bool:
        found.requests.append(request)
        return False

    (tmp_path / "mock").mkdir()
    with ExitStack() as stack:
        for simulator in simulators.values():
            # A fault that applies to no request sees every request.
            simulator.faults.add(mocks.Fault.empty(), when=note)
            base_url = stack.enter_context(serve(simulator)).base_url
            for name, value in simulator.env(base_url, tmp_path / "mock").items():
                monkeypatch.setenv(name, value)
        yield found


@pytest.fixture
def issuant(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Issuant:
    """Return a function that runs the command with some arguments and a standard input."""

    def call(*arguments: str, stdin: bytes = b"") -> Ended:
        capsys.readouterr()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = run(list(arguments))
        captured = capsys.readouterr()
        return Ended(code=code, out=captured.out, err=captured.err)

    return call


@pytest.fixture
def script() -> Path:
    """Return the console script that stands beside the interpreter."""
    found = Path(sys.executable).with_name("issuant")
    assert os.access(found, os.X_OK), f"{found} is not there: install the package first"
    return found


def break_sinks(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Let every write to `path` fail, and to no other file."""
    replace = os.replace

    def failing(source: Any, target: Any) -> None:
        if Path(target) == path:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", failing)
