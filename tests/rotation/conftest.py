"""A journal in a folder of its own, by a clock that stands still, and a place to rotate keys in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from issuant.auth import fireblocks
from issuant.rotation.journal import Journal

from tests.rotation.lives import NOW
from tests.rotation.scenes import Scene
from tests.rotation.stand import Stand


@pytest.fixture(autouse=True)
def _no_state_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the tests away from the journal and the sealing key of whoever runs them."""
    monkeypatch.setenv("ISSUANT_STATE", str(tmp_path / "users"))
    monkeypatch.delenv("ISSUANT_JOURNAL_KEY", raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the journal, which does not exist yet."""
    return tmp_path / "state"


@pytest.fixture
def journal(folder: Path) -> Iterator[Journal]:
    """A new journal."""
    with Journal(folder, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def stand_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Stand]:
    """Make a stand at a provider, with a kind of place."""

    def make(provider: str, place: str = "file") -> Stand:
        stand = Stand(Scene(provider=provider, place=place), tmp_path / "stand")
        for name, value in stand.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(fireblocks, "make_key_pair", stand.make_key_pair)
        return stand

    return make
