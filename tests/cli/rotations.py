"""Credentials that the tests of rotation begin with, and what of them is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from issuant import AuthenticationError, GalileoAccount, Secret, connect
from issuant.auth import fireblocks

from tests.cli.conftest import Ended, Issuant, Vendors


def issue_nightly(issuant: Issuant, *options: str) -> dict[str, Any]:
    """Issue a key of Galileo as `nightly`, its value in .env, and return what is told of it."""
    ended = issuant("issue", "galileo", "--name", "eval", "--as", "nightly", "--to", "env:.env#KEY", "--json", *options)
    assert ended.code == 0, ended.err
    return told(ended)


def told(ended: Ended) -> dict[str, Any]:
    """Return the one line of JSON that a command has printed."""
    (line,) = ended.out.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def lines(ended: Ended) -> list[dict[str, Any]]:
    """Return the lines of JSON that a command has printed."""
    return [json.loads(line) for line in ended.out.splitlines()]


def adopt_another(issuant: Issuant, vendors: Vendors, path: Path) -> tuple[str, str]:
    """Let there be a key that was made elsewhere, its value in `path`, adopt it, and return its id and value."""
    key, value = vendors.galileo.add_key(user_id=vendors.galileo.user_id, description="made by hand")
    path.write_text(value, "utf-8")
    ended = issuant("adopt", "galileo", key.id, "--as", "adopted", "--from", f"file:{path}")
    assert ended.code == 0, ended.err
    return key.id, value


def is_accepted(value: str) -> bool:
    """Tell whether Galileo accepts a value."""
    with connect(GalileoAccount(api_key=Secret(value))) as galileo:
        try:
            galileo.whoami()
        except AuthenticationError:
            return False
    return True


def small_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let key pairs be made fast: how large they are is another test's question."""
    monkeypatch.setattr(fireblocks, "KEY_BITS", 2048)


def value_in(path: Path, name: str = "KEY") -> str:
    """Return the value of a variable in an env file."""
    (found,) = [line.partition("=")[2] for line in path.read_text("utf-8").splitlines() if line.startswith(f"{name}=")]
    return found
