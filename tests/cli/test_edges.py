"""What a shell user meets at the edges: misspelt words, short values, streams that are closed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from issuant.cli.root import run

from tests.cli.conftest import Issuant, Vendors
from tests.mocks.signing import csr_of, rsa_key


def test_a_misspelt_provider_is_refused_with_the_known_ones(issuant: Issuant, vendors: Vendors) -> None:
    """Before anything else of the line is looked at."""
    ended = issuant("issue", "firework", "--name", "k", "--show")
    assert ended.code == 2
    assert "fireblocks, fireworks, galileo" in ended.err


@pytest.mark.parametrize("options", [[], ["--show"]], ids=["alone", "show"])
def test_a_certificate_request_of_ones_own_leaves_no_value_to_keep(
    options: list[str], issuant: Issuant, vendors: Vendors, tmp_path: Path
) -> None:
    """Neither a sink nor --show is asked for."""
    (tmp_path / "own.csr").write_text(csr_of(rsa_key()), encoding="ascii")
    ended = issuant("issue", "fireblocks", "--name", "k", "--role", "viewer", "--csr", "own.csr", "--json", *options)
    assert ended.code == 3, ended.err
    assert json.loads(ended.out)["outcome"] == "pending_approval"
    assert "value" not in json.loads(ended.out)
    assert len(vendors.fireblocks.approvals) == 1


@pytest.mark.parametrize("value", ["v", "secret", "PASS", "accounts", "mock-account"])
def test_a_value_that_is_a_word_of_the_reply_is_stored(value: str, issuant: Issuant, vendors: Vendors) -> None:
    """A reply that has the word in its names repeats no secret."""
    ended = issuant("secret", "put", "fireworks", "k4", "--key-name", "DB_PASS", stdin=value.encode())
    assert ended.code == 0, ended.err
    assert [kept.value for kept in vendors.fireworks.secrets.values()] == [value]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(["secret", "put", "fireworks", "k", "--key-name", "K"], id="secret-put"),
        pytest.param(["issue", "galileo", "--name", "k", "--show", "--value-from", "-"], id="value-from"),
    ],
)
def test_a_standard_input_that_is_closed_is_an_empty_one(
    line: list[str], vendors: Vendors, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As under some daemons: refused, nothing sent, no traceback."""
    monkeypatch.setattr(sys, "stdin", None)
    assert run(line) == 2
    assert "empty" in capsys.readouterr().err
    assert not vendors.requests


@pytest.mark.parametrize(
    ("expires", "said"),
    [
        pytest.param("2030-01-31", "has no time of day or no timezone", id="a-day"),
        pytest.param("tomorrow", "is neither a lifetime nor a time", id="a-word"),
        pytest.param("0d", "--expires:", id="nothing"),
    ],
)
def test_a_bad_expiry_is_told_in_the_words_of_the_command(
    expires: str, said: str, issuant: Issuant, vendors: Vendors
) -> None:
    """By the option's name, and nothing is sent."""
    ended = issuant("issue", "galileo", "--name", "k", "--show", "--expires", expires)
    assert ended.code == 2
    assert said in ended.err
    assert not vendors.requests
