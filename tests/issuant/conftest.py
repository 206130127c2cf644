"""No test sees the credentials, the home or the state folder of whoever runs it; and none need wait."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from issuant.providers import find_provider, provider_names


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for provider in map(find_provider, provider_names()):
        for name in provider.variables:
            monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@pytest.fixture
def sleeps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What a sync connection waits between its calls, in seconds. The time passes at once."""
    found: list[float] = []

    def sleep(seconds: float) -> None:
        found.append(seconds)

    clock = SimpleNamespace(sleep=sleep, monotonic=lambda: 1000.0 + sum(found))
    monkeypatch.setattr("issuant.transport.time", clock)
    return found
