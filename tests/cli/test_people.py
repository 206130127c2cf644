"""`issuant whoami` and `issuant users`: whom a credential speaks for, and whom keys can be issued for."""

from __future__ import annotations

import json

import pytest
from issuant.mocks import Fault
from issuant.providers import find_provider, provider_names

from tests.cli.conftest import Issuant, Vendors


@pytest.mark.parametrize("name", [name for name in provider_names() if find_provider(name).capabilities.tells_caller])
def test_a_credential_tells_whom_it_speaks_for(name: str, issuant: Issuant, vendors: Vendors) -> None:
    """In words and as one object; and whether the provider itself said so."""
    plain, as_json = issuant("whoami", name), issuant("whoami", name, "--json")
    assert (plain.code, plain.err, as_json.code, as_json.err) == (0, "", 0, "")
    found = json.loads(as_json.out)
    assert list(found) == ["provider", "id", "name", "email", "role", "account", "certain", "request_id"]
    assert found["id"] in plain.out
    assert found["certain"] is (name != "fireworks")
    assert "_not_a_key" not in plain.out + as_json.out


def test_users_are_listed_with_what_issuing_for_them_needs(issuant: Issuant, vendors: Vendors) -> None:
    """The id, and whether it is a service account."""
    plain, as_json = issuant("users", "fireworks"), issuant("users", "fireworks", "--json")
    rows = {row[0]: row for row in (line.split("\t") for line in plain.out.splitlines())}
    assert set(rows) == {"mock-user", "robot", "someone"}
    assert (rows["robot"][4], rows["someone"][4]) == ("yes", "no")
    assert {user["id"]: user["service_account"] for user in map(json.loads, as_json.out.splitlines())} == {
        "mock-user": False,
        "robot": True,
        "someone": False,
    }
    ended = issuant("issue", "fireworks", "--name", "k", "--user", "robot", "--show")
    assert ended.code == 0


@pytest.mark.parametrize("line", [["whoami", "galileo"], ["users", "fireworks"]], ids=["whoami", "users"])
def test_a_refusal_ends_with_1(line: list[str], issuant: Issuant, vendors: Vendors) -> None:
    """In one paragraph."""
    for simulator in vendors.simulators.values():
        simulator.faults.add(Fault.status(403))
    ended = issuant(*line)
    assert (ended.code, ended.out, ended.err.count("\n")) == (1, "", 1)


def test_a_provider_without_users_is_refused(issuant: Issuant, vendors: Vendors) -> None:
    """Nothing is sent."""
    ended = issuant("users", "galileo")
    assert (ended.code, ended.out) == (2, "")
    assert not vendors.requests
