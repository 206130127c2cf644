"""Two sinks that are in each other's way are told from two that are not, however they are written."""

from __future__ import annotations

from pathlib import Path

import pytest
from issuant.sinks import share_a_place


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that relative paths begin in, with a link to a file in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "key")
    return tmp_path


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("file:key", "file:{}/key", id="relative-and-absolute"),
        pytest.param("file:key", "file:./sub/../key", id="by-a-detour"),
        pytest.param("file:key", "file:link", id="by-a-link"),
        pytest.param("file:key", "env:key#A", id="a-file-and-a-line-of-it"),
        pytest.param("env:link#A", "env:key#A", id="one-line-by-a-link"),
        pytest.param("keyring:a/b", "keyring:a/b", id="one-password"),
        pytest.param("fireworks:acme/ci#A", "fireworks:acme/ci#B", id="one-secret-by-two-names"),
        pytest.param("exec:true x", "exec:true x", id="one-command"),
    ],
)
def test_sinks_that_are_one_place_are_told(here: Path, one: str, other: str) -> None:
    """Whichever is named first."""
    one, other = one.format(here), other.format(here)
    assert share_a_place(one, other)
    assert share_a_place(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("file:key", "file:key2", id="two-files"),
        pytest.param("env:key#A", "env:key#B", id="two-lines-of-a-file"),
        pytest.param("keyring:a/b", "keyring:a/c", id="two-passwords"),
        pytest.param("fireworks:acme/ci#A", "fireworks:acme/cd#A", id="two-secrets"),
        pytest.param("exec:true x", "exec:true y", id="two-commands"),
        pytest.param("keyring:a/b", "file:a/b", id="two-kinds"),
        pytest.param("fireworks:acme/ci#A", "fireworks:other/ci#A", id="two-accounts"),
        pytest.param("exec:tee key", "exec:--chdir=/ tee key", id="one-command-in-two-folders"),
    ],
)
def test_sinks_that_are_apart_are_left_alone(here: Path, one: str, other: str) -> None:
    """Whichever is named first."""
    assert not share_a_place(one, other)
    assert not share_a_place(other, one)
