"""`issuant whoami`, `users`, `user` and `addresses`: whom a credential speaks for, and whom keys can be issued for."""

from __future__ import annotations

import json
import re

import pytest
from issuant.mocks import Fault
from issuant.providers import find_provider, provider_names

from tests.cli.conftest import Issuant, Vendors
from tests.issuant.providers.documents import operations


@pytest.mark.parametrize("name", [name for name in provider_names() if find_provider(name).capabilities.tells_caller])
def test_a_credential_tells_whom_it_speaks_for(name: str, issuant: Issuant, vendors: Vendors) -> None:
    """In words and as one object; and whether the provider itself said so."""
    plain, as_json = issuant("whoami", name), issuant("whoami", name, "--json")
    assert (plain.code, plain.err, as_json.code, as_json.err) == (0, "", 0, "")
    found = json.loads(as_json.out)
    assert list(found) == ["provider", "id", "name", "email", "role", "account", "certain", "request_id"]
    assert found["id"] in plain.out
    assert found["certain"] is (name != "fireworks")
    said = "yes" if found["certain"] else "no: it is set up so, the provider does not tell"
    assert re.search(rf"^certain +{said}$", plain.out, re.MULTILINE)
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


CREATE = ("user", "create", "fireworks", "night-bot", "--role", "user")


def test_every_field_of_a_user_can_be_given(issuant: Issuant, vendors: Vendors) -> None:
    """Then a key can be issued for it; the account tells what was made."""
    line = (*CREATE, "--service-account", "--name", "Night", "--email", "night@example.com")
    ended = issuant(*line, "--account", vendors.fireworks.account_id, "--json")
    assert (ended.code, ended.err) == (0, "")
    made = json.loads(ended.out)
    assert (made["outcome"], made["id"], made["role"], made["service_account"]) == (
        "created",
        "night-bot",
        "user",
        True,
    )
    (request,) = vendors.requests
    operation = operations("issuant_fireworks")["CreateUser"]
    sent = json.loads(request.body)
    assert request.query == "userId=night-bot"
    assert (sent["displayName"], sent["email"]) == ("Night", "night@example.com")
    assert request.path == operation.path.format(account_id=vendors.fireworks.account_id)
    assert issuant("issue", "fireworks", "--name", "k", "--user", "night-bot", "--show").code == 0


def test_a_user_is_shown_by_its_id(issuant: Issuant, vendors: Vendors) -> None:
    """In words and as one object; one that is not there ends with 1."""
    assert "service_account  yes\n" in issuant(*CREATE, "--service-account").out
    plain, as_json = (
        issuant("user", "get", "fireworks", "night-bot"),
        issuant("user", "get", "fireworks", "robot", "--json"),
    )
    assert "id               night-bot\n" in plain.out
    assert json.loads(as_json.out)["id"] == "robot"
    gone = issuant("user", "get", "fireworks", "nobody")
    assert (gone.code, gone.out) == (1, "")
    assert gone.err.startswith("issuant: fireworks user get: ")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        pytest.param(Fault.status(403), 1, id="refused"),
        pytest.param(Fault.drop_after(), 4, id="lost"),
        pytest.param(Fault.body(b'{"name": "accounts/mock-account/users/night-bot", "createTime": 12}'), 5, id="odd"),
    ],
)
def test_an_error_says_whether_a_user_was_made(fault: Fault, code: int, issuant: Issuant, vendors: Vendors) -> None:
    """And, where that is not clear, the command that tells."""
    vendors.fireworks.faults.clear()
    vendors.fireworks.faults.add(fault)
    ended = issuant(*CREATE, "--retries", "1")
    assert (ended.code, ended.out) == (code, "")
    assert ended.err.startswith("issuant: fireworks user create: ")
    if code == 5:
        assert "`issuant user get fireworks ID`" in ended.err


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param(["user", "create", "fireworks", "Robo", "--role", "user"], "ID: ", id="bad-id"),
        pytest.param(["user", "create", "fireworks", "robo", "--role", "boss"], "--role: it is unknown", id="bad-role"),
        pytest.param(["user", "create", "fireworks", "robo"], "--role", id="no-role"),
        pytest.param([*CREATE, "--email", " "], "--email: ", id="bad-email"),
        pytest.param(["user", "get", "galileo", "x"], "users can be neither listed nor created", id="no-users"),
        pytest.param(["addresses", "galileo", "x"], "Galileo has no pairing tokens", id="no-addresses"),
        pytest.param(["addresses", "fireblocks", "a/b"], "USER: it holds a slash", id="no-user"),
    ],
)
def test_a_wrong_call_sends_nothing(line: list[str], words: str, issuant: Issuant, vendors: Vendors) -> None:
    """In the words of the command."""
    ended = issuant(*line)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert not vendors.requests


def test_addresses_are_listed_one_a_line(issuant: Issuant, vendors: Vendors) -> None:
    """Or as one object; where there are none, standard error says so."""
    (user,) = vendors.fireblocks.users
    none = issuant("addresses", "fireblocks", user)
    assert (none.code, none.out) == (0, "")
    assert none.err == "issuant: fireblocks lists no addresses of this user.\n"
    some = vendors.fireblocks.add_user(name="some", role="VIEWER", whitelisted_ips=["10.0.0.1", "2001:db8::1"])
    user = some.id
    plain, as_json = issuant("addresses", "fireblocks", user), issuant("addresses", "fireblocks", user, "--json")
    assert (plain.code, plain.out, plain.err) == (0, "10.0.0.1\n2001:db8::1\n", "")
    found = json.loads(as_json.out)
    assert list(found) == ["provider", "user_id", "addresses", "request_id"]
    assert (found["user_id"], found["addresses"]) == (user, ["10.0.0.1", "2001:db8::1"])
    assert issuant("addresses", "fireblocks", user[::-1]).code == 1


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
