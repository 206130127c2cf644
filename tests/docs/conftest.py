"""What the examples of the pages find when they run: the variables of every provider, and README's built client.

At the providers there is what others have made, under the names that the pages use: an example that takes a name for an
id fails, or touches what is not its own.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from issuant import mocks
from issuant.mocks import Simulator
from issuant.mocks.fireblocks import FireblocksSimulator
from issuant.mocks.fireblocks_approvals import Wish
from issuant.mocks.fireworks import FireworksSimulator
from issuant.mocks.galileo import GalileoSimulator
from issuant.mocks.loopback import serve
from issuant.providers import find_provider, provider_names

from tests.docs.pages import README, ROOT
from tests.docs.running import run

BUILD = re.compile(r"^    \.venv/bin/python (scripts/specs\.py build .*)$", re.MULTILINE)


@pytest.fixture
def simulators() -> dict[str, Simulator]:
    """A fresh simulator of every provider."""
    return {name: mocks.simulator(name) for name in mocks.names()}


@pytest.fixture
def lost(simulators: dict[str, Simulator]) -> Callable[[], list[str]]:
    """Let others have keys, and a request that waits; return what tells which of these are gone since."""
    fireworks, fireblocks, galileo = (simulators[name] for name in ("fireworks", "fireblocks", "galileo"))
    assert isinstance(fireworks, FireworksSimulator)
    assert isinstance(fireblocks, FireblocksSimulator)
    assert isinstance(galileo, GalileoSimulator)
    fireworks.add_key(fireworks.user_id, display_name="nightly")
    galileo.add_key(user_id=galileo.user_id, description="nightly-eval")
    admin = fireblocks.users[fireblocks.api_key]
    for name in ("settlement", "reporting", "treasury"):
        wish = Wish(name=name, role="SIGNER", public_key=admin.public_key)
        fireblocks.approvals.ask(wish, request_id=f"of-another-{name}", initiator=admin.id)

    def there() -> set[str]:
        waiting = (each for each, approval in fireblocks.approvals.items() if approval.state == "pending")
        return {*fireworks.keys, *galileo.keys, *waiting}

    before = there()
    return lambda: sorted(before - there())


@pytest.fixture
def environment(
    tmp_path: Path, simulators: dict[str, Simulator], lost: Callable[[], list[str]]
) -> Iterator[dict[str, str]]:
    """The variables of every provider, pointed at mocks that hold what others have made."""
    keys = tmp_path / "mock-keys"
    keys.mkdir()
    read = {name for provider in provider_names() for name in find_provider(provider).variables}
    read |= {"ISSUANT_STATE", "ISSUANT_JOURNAL_KEY"}
    inherited = {name: value for name, value in os.environ.items() if name not in read}
    inherited["XDG_STATE_HOME"] = str(tmp_path / "state")
    with ExitStack() as stack:
        for simulator in simulators.values():
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
