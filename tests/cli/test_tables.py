"""What stands in a list: columns that are known, statuses that can be, and what is said of one that has nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Issuant, Vendors
from tests.cli.terminal import on_terminal

HEAD = ["ID", "NAME", "STATUS", "ROLE", "CREATED", "EXPIRES", "LAST", "USED", "HINT"]


@pytest.mark.parametrize("options", [[], ["--everyone"]], ids=["ones-own", "everyones"])
def test_a_column_that_has_nothing_is_left_out(options: list[str], script: Path, vendors: Vendors) -> None:
    """A role stands in the table of the provider that tells one."""
    vendors.fireblocks.add_user(role="VIEWER", name="some")
    told = on_terminal(script, "keys", "fireblocks").lines
    assert told[0].split() == HEAD
    assert {line.split()[3] for line in told[1:]} == {"VIEWER", "ADMIN"}
    untold = on_terminal(script, "keys", "fireworks", *options).lines
    assert untold[0].split() == HEAD[:3] + ["OWNER"] * bool(options) + HEAD[4:]
    assert len(untold) > 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param(["keys", "galileo"], "issuant: galileo has no keys.", id="keys"),
        pytest.param(["keys", "galileo", "--status", "active"], "issuant: galileo has no such keys.", id="narrowed"),
        pytest.param(["secret", "list", "fireworks"], "issuant: fireworks has no secrets.", id="secrets"),
        pytest.param(["approvals", "fireblocks"], "issuant: fireblocks has no approvals.", id="approvals"),
    ],
)
def test_an_empty_list_is_said_to_be_one(line: list[str], said: str, script: Path, vendors: Vendors) -> None:
    """On a terminal; "such" ones are missing only where not all were asked for."""
    shown = on_terminal(script, *line)
    assert (shown.code, shown.lines) == (0, [said])


@pytest.mark.parametrize("word", ["pending_activation", "pending-activation"])
def test_a_status_may_be_written_with_a_hyphen(word: str, issuant: Issuant, vendors: Vendors) -> None:
    """It means the same."""
    waiting = vendors.fireblocks.add_user(role="SIGNER", name="waits")
    ended = issuant("keys", "fireblocks", "--status", word)
    assert [line.split("\t")[0] for line in ended.out.splitlines()] == [waiting.id]


@pytest.mark.parametrize(
    ("name", "status"),
    [
        pytest.param("galileo", "pending-approval", id="no-approval"),
        pytest.param("fireworks", "pending_activation", id="no-activation"),
        pytest.param("fireblocks", "expired", id="no-expiry"),
    ],
)
def test_a_status_that_no_key_of_a_provider_has_is_refused(
    name: str, status: str, issuant: Issuant, vendors: Vendors
) -> None:
    """An empty list would read as if there were none at the moment; nothing is sent."""
    ended = issuant("keys", name, "--status", status)
    assert (ended.code, ended.out) == (2, "")
    assert f"no key there is ever {status.replace('-', '_')}" in ended.err
    assert not vendors.requests
